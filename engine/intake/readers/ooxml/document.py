"""An .xlsx: its sheets, what a plain reading of them hides, its defined names and date, and what calamine is given.

calamine is given a workbook of our own making, which holds the parts that were looked at and nothing else: were it to
follow other relationships than we did, it would read sheets that nobody has checked.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, lru_cache
from xml.etree import ElementTree

from engine.intake.readers import dates
from engine.intake.readers.grid import Dress, Place, place
from engine.intake.readers.look import Attached, Look
from engine.intake.readers.ooxml import attached, conditions, dress, odd, plain, styling
from engine.intake.readers.ooxml.odd import local
from engine.intake.safety import parts
from engine.intake.safety.archive import pack
from engine.intake.safety.bounds import MAX_STRINGS, MAX_TAGS, MAX_TEXT, Room, check_tags
from engine.intake.safety.guard import Package, check_text
from engine.intake.safety.refusal import RefusedError

_NAME = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})")
_POINTER = re.compile(rb' t="s"[^>]*>(?:<f[^>]*>(?:[^<]*</f>)?)?<v>(\d{1,9})<')
_DIMENSION = re.compile(rb"<(?:[^<>\s/:]+:)?dimension\b[^<>]*/>")
_LIST = re.compile(rb"""<(?:[^<>\s/:]+:)?sst\b(?:"[^"]*"|'[^']*'|[^<>"'])*>""")
_COUNTS = re.compile(rb"""\s(?:count|uniqueCount)\s*=\s*(?:"[^"]*"|'[^']*')""")
_ERROR_VALUE = re.compile(rb'(<c [^>]*t="e"[^>]*>(?:<f[^>]*>(?:[^<]*</f>)?)?<v>)[^<]*')

_MODIFIED = re.compile(rb"<(?:[^<>\s/:]+:)?modified\b[^<>]*>([^<]+)<")
_CREATED = re.compile(rb"<(?:[^<>\s/:]+:)?created\b[^<>]*>([^<]+)<")
_APPLICATION = re.compile(rb"<(?:[^<>\s/:]+:)?Application\b[^<>]*>([^<]+)<")

_SELECTED = re.compile(rb"""<(?:\w+:)?sheetView\b[^>]*\btabSelected\s*=\s*["'](?:1|true)["']""")
_VIEWS = 20_000  # bytes: how far into a sheet its views are looked for, which stand before its cells

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"


class Document:
    """The workbook of a package whose kind is ``xlsx``."""

    def __init__(self, package: Package, room: Room) -> None:
        self.members = package.members
        self.damaged: dict[str, RefusedError] = {}
        self._room = room
        self._workbook = self._part(package.main, MAX_TAGS)
        links = self._part(parts.links_part(package.main), MAX_TAGS)
        self._outline = _outline(self._workbook, links, posixpath.dirname(package.main))
        self._styles = self._part(self._outline.styles, MAX_TAGS)
        self._strings = self._part(self._outline.strings, MAX_STRINGS)

    def _part(self, part: str, bound: int) -> bytes:
        """A member that a parser takes whole, ``b""`` for none. Raises :class:`RefusedError` F05 beyond its bound."""
        content = self.members.get(part, b"")
        self._check(part, content)
        check_tags(part, content, bound)
        return content

    @staticmethod
    def _check(part: str, content: bytes) -> None:
        """Look at a part as the guard does; it looked at those whose name says that they are XML."""
        if not part.endswith((".xml", ".rels")):
            check_text(part, content)

    @property
    def saved(self) -> datetime | None:
        """When the workbook says it was last saved, as it writes it."""
        properties = self.members.get("docprops/core.xml", b"")
        return dates.last_saved(_MODIFIED.search(properties), _CREATED.search(properties))

    @property
    def program(self) -> str:
        """The program that says it wrote the workbook, ``""`` when none does."""
        return dates.program(_APPLICATION.search(self.members.get("docprops/app.xml", b"")))

    @property
    def names(self) -> dict[str, dict[str, Place]]:
        """By sheet name, the defined names that point at one of its cells."""
        return _names(self._workbook)

    @property
    def since_1904(self) -> bool:
        """Whether days are counted from 1904 on."""
        return self._outline.since_1904

    @cached_property
    def selected(self) -> frozenset[str]:
        """The sheets whose tab was selected when the workbook was saved: several, when they were filled together."""
        sheets = self._outline.sheets.items()
        return frozenset(
            name for name, part in sheets if part in self.members and _SELECTED.search(self.members[part], 0, _VIEWS)
        )

    @property
    def hidden(self) -> frozenset[str]:
        """The sheets whose tab does not show."""
        return self._outline.hidden

    # ----------------------------------------------------------------------------- the closer look

    @cached_property
    def looks(self) -> dict[str, Look]:
        """By sheet name, what a plain reading hides; the sheets in :attr:`damaged` left out.

        Raises :class:`RefusedError` F01 or F05.
        """
        looks = {}
        for name, part in self._outline.sheets.items():
            if part not in self.members:
                raise RefusedError("F01", f"La feuille « {name} » manque dans le classeur.")
            try:
                self._check(part, self.members[part])
                looks[name] = self._look(name, self.members[part])
            except RefusedError as refused:
                if not refused.entry.damage:
                    raise
                self.damaged[name] = RefusedError("F01", f"La feuille « {name} » ne se lit pas. {refused}")
        return looks

    def _look(self, name: str, content: bytes) -> Look:
        faces = styling.read(self._styles)
        runs = styling.shared_runs(self._strings, whole=faces.any_raised, usual=self._has_plain_strings)
        self._claim_texts(name, content)
        look = plain.look(name, content, faces, runs, self._room) if self._has_plain_strings else None
        look = look or odd.look(name, content, faces, odd.Shared(self._texts, runs), self._room)
        rules = conditions.rules(content, faces.rules)
        return replace(look, rules=rules) if rules else look

    @cached_property
    def _has_plain_strings(self) -> bool:
        return plain.has_plain_strings(self._strings)

    @cached_property
    def _texts(self) -> list[str]:
        return odd.shared_strings(self._strings) if self._strings else []

    def _claim_texts(self, name: str, content: bytes) -> None:
        """A parser copies a shared text into each cell that shows it."""
        if len(self._strings) * content.count(b"<c") <= MAX_TEXT:
            return
        sizes = [len(text) for text in self._texts]
        shown = Counter(_POINTER.findall(content))
        self._room.fill(name, sum(sizes[int(rank)] * count for rank, count in shown.items() if int(rank) < len(sizes)))

    def attached(self, name: str) -> Attached:
        """The comments and pictures of a sheet."""
        return attached.to_sheet(self._outline.sheets[name], self.members)

    def dress(self, name: str) -> Dress:
        """How the cells of a sheet are dressed."""
        return dress.of_sheet(self.members[self._outline.sheets[name]])

    # -------------------------------------------------------------------------------- for the parser

    def archive(self) -> bytes:
        """The sheets of :attr:`looks`, for the parser."""
        return self._pack([self.members[self._outline.sheets[name]] for name in self.looks])

    def archive_of_known_errors(self) -> bytes:
        """The same, every error value replaced by one that any parser knows."""
        sheets = (self.members[self._outline.sheets[name]] for name in self.looks)
        return self._pack([_ERROR_VALUE.sub(rb"\1#N/A", content) for content in sheets])

    def _pack(self, contents: list[bytes]) -> bytes:
        bare = (_DIMENSION.sub(b"", content, count=1) for content in contents)  # whatever extent a sheet claims
        sheets = {f"r{rank}": content for rank, content in enumerate(bare)}
        links = [(key, "worksheet", f"worksheets/{key}.xml") for key in sheets]
        members = {
            "_rels/.rels": _links([("r0", "officeDocument", "xl/workbook.xml")]),
            "xl/workbook.xml": self._contents(zip(sheets, self.looks, strict=True)),
            "xl/_rels/workbook.xml.rels": _links([*links, ("s", "sharedStrings", "sharedStrings.xml")]),
            **{f"xl/worksheets/{key}.xml": content for key, content in sheets.items()},
        }
        extras = {"xl/styles.xml": self._styles, "xl/sharedStrings.xml": _LIST.sub(_without_counts, self._strings)}
        return pack(members | {name: content for name, content in extras.items() if content})

    def _contents(self, sheets: Iterable[tuple[str, str]]) -> bytes:
        """The workbook's own part; ``sheets``: relationship and name of each one."""
        listed = "".join(
            f'<sheet name="{_escaped(name)}" sheetId="{rank}" r:id="{key}"/>'
            for rank, (key, name) in enumerate(sheets, start=1)
        )
        return (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            f'<workbookPr date1904="{self._outline.since_1904:d}"/><sheets>{listed}</sheets></workbook>'
        ).encode()


@dataclass(frozen=True)
class _Outline:
    """Which members hold what: ``sheets`` by name (charts and macro sheets hold no cells), the ``hidden`` ones; from
    when days count."""

    sheets: dict[str, str]
    styles: str
    strings: str
    since_1904: bool
    hidden: frozenset[str]


@lru_cache(maxsize=8)  # returns made from the same workbook often share such parts
def _outline(workbook: bytes, relations: bytes, folder: str) -> _Outline:
    targets = _targets(relations, folder)
    sheets: dict[str, str] = {}
    since_1904, hidden = False, set[str]()
    for element in _parsed(workbook).iter():
        tag = local(element.tag)
        if tag == "workbookPr":
            since_1904 = element.get("date1904") in ("1", "true")
        elif tag == "sheet":
            key = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            kind, part = targets.get(key, ("", ""))
            if kind == "worksheet":
                name = element.get("name", "")
                if name in sheets or part in sheets.values():
                    raise odd.damaged()
                sheets[name] = part
                hidden |= {name} if element.get("state", "visible") != "visible" else set()
    named = dict(targets.values())
    return _Outline(sheets, named.get("styles", ""), named.get("sharedStrings", ""), since_1904, frozenset(hidden))


@lru_cache(maxsize=8)
def _names(workbook: bytes) -> dict[str, dict[str, Place]]:
    found: dict[str, dict[str, Place]] = {}
    for element in _parsed(workbook).iter():
        match = _NAME.fullmatch((element.text or "").strip()) if local(element.tag) == "definedName" else None
        if match:
            sheet = (match[1] or match[2]).replace("''", "'")
            found.setdefault(sheet, {})[element.get("name", "").lower()] = place(match[3], match[4])
    return found


def _targets(relations: bytes, folder: str) -> dict[str, tuple[str, str]]:
    """The relationships of a part in ``folder``: by identifier, the kind of what it points at, and the member."""
    try:
        found = parts.links(relations, folder)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise odd.damaged() from fault
    targets = {key: (kind, part) for key, kind, part in found}
    if len(targets) < len(found):
        raise odd.damaged()
    return targets


def _without_counts(start: re.Match[bytes]) -> bytes:
    """The start of the list of shared texts without the counts it claims, which a parser would make room for."""
    return _COUNTS.sub(b"", start[0])


def _parsed(content: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise odd.damaged() from fault


def _links(links: list[tuple[str, str, str]]) -> bytes:
    listed = "".join(
        f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{target}"/>' for key, kind, target in links
    )
    return f'<Relationships xmlns="{_RELATIONSHIPS}">{listed}</Relationships>'.encode()


def _escaped(text: str) -> str:
    """A text as an attribute holds it; ``xml.sax.saxutils`` would load half of the standard library for it."""
    return "".join(f"&#{ord(sign)};" if sign in '&<>"\n\r\t' else sign for sign in text)
