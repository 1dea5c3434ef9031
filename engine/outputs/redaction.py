"""A shared workbook without what it says of one candidate: their rows are emptied, and their own sheets; all else stays
as it came, byte for byte.

The package is never written anew by a library, which would lose what the library does not know: the XML of the rows to
empty is cut out of its part.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.parsers import expat
from xml.sax.saxutils import escape

from python_calamine import CalamineError, CalamineWorkbook

from engine.model import Decision
from engine.model.deliberation import listed
from engine.model.faults import ZIP_DAMAGE
from engine.model.forms import DECLARED
from engine.model.texts import fold

HEADINGS = frozenset({"identifiant", "candidat"})
"""Headings of a column that tells whom each row of a shared sheet is about."""

Rows = Mapping[str, Collection[int]]
"""By name of sheet, the rows to empty, the first one being 0."""

Unwanted = Callable[[int, Mapping[str, str]], bool]
"""Whether an element is to be emptied, by its rank and its attributes."""

_Typed = tuple[str, int, str]
"""A sheet, a column of it, and the text of a cell there."""

_TELLING = 4  # signs: a shorter text names nobody
_OFFERED = frozenset(map(fold, (*Decision, *DECLARED)))  # words that the sheets say may be typed


class CannotRedactError(Exception):
    """What a workbook says of somebody cannot be taken out of it."""


def rows_about(content: bytes, identifier: str, shared: Collection[str]) -> Rows:
    """The rows about a candidate in the sheets ``shared``: those that hold the identifier below a heading."""
    found = {name: list(rows_about_in(lines, identifier)) for name, lines in _sheets(content, shared)}
    return {name: rows for name, rows in found.items() if rows}


def rows_about_in(lines: Sequence[Sequence[object]], identifier: str) -> Iterator[int]:
    """The same in the lines of one sheet."""
    columns: set[int] = set()
    who = identifier.casefold()
    for row, line in enumerate(lines):
        if any(_shown(line[column]) == who for column in columns):
            yield row
        columns |= {column for column, cell in enumerate(line) if isinstance(cell, str) and fold(cell) in HEADINGS}


def _shown(cell: object) -> str:
    """An identifier as it is compared; spreadsheets make numbers of digits."""
    return (f"{cell:.0f}" if isinstance(cell, float) and cell.is_integer() else str(cell)).strip().casefold()


def _sheets(content: bytes, wanted: Collection[str] | None = None) -> Iterator[tuple[str, Sequence[Sequence[object]]]]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in book.sheet_names:
            if wanted is None or name in wanted:
                yield name, book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except CalamineError:
        return


def redact(content: bytes, identifier: str, shared: Collection[str], own: Collection[str] = ()) -> bytes:
    """The workbook without the rows about a candidate in the sheets ``shared``, nor anything of the sheets ``own``; the
    same bytes for the same workbook. Raises :class:`CannotRedactError` when something of the person would stay."""
    lines = dict(_sheets(content))
    rows = {**rows_about(content, identifier, shared), **{name: range(len(lines.get(name, ()))) for name in own}}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {each.filename: archive.read(each) for each in archive.infolist() if not each.is_dir()}
        changed = _without_in_ods(parts, rows) if "content.xml" in parts else _without_in_xlsx(parts, rows)
    except (*ZIP_DAMAGE, ElementTree.ParseError, expat.ExpatError, LookupError) as fault:
        raise CannotRedactError(str(fault)) from fault
    packed = _packed(changed)
    if rows_about(packed, identifier, shared) or _leaks(changed, lines, rows):
        raise CannotRedactError("something of the person would stay")
    return packed


def _packed(parts: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            kept = zipfile.ZipInfo(name)  # dated 1980: the same workbook gives the same bytes
            kept.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(kept, content)
    return target.getvalue()


def _leaks(parts: Mapping[str, bytes], lines: Mapping[str, Sequence[Sequence[object]]], rows: Rows) -> bool:
    """Whether a text that stood only in what was emptied is left somewhere: a comment, a drawing, a property."""
    gone: set[_Typed] = set()
    kept: set[_Typed] = set()
    for name, sheet in lines.items():
        for row, line in enumerate(sheet):
            typed = ((name, column, cell) for column, cell in enumerate(line) if isinstance(cell, str))
            (gone if row in rows.get(name, ()) else kept).update(typed)
    harmless = {text for *_, text in kept} | set(_naming_nobody(gone, kept))
    told = {text for *_, text in gone} - harmless
    texts = [escape(text).encode() for text in told if len(text.strip()) >= _TELLING]
    return any(text in part for part in parts.values() for text in texts)


def _naming_nobody(gone: Collection[_Typed], kept: Collection[_Typed]) -> Iterator[str]:
    """The texts of a row that say nothing of its person, wherever they are left: a word that the sheets offer, and
    codes that others have too (``B1; B2`` is within ``B1; B2; B3``)."""
    others = {(name, column, code) for name, column, text in kept for code in listed(text)}
    codes = {code for *_, code in others}
    for name, column, text in gone:
        own = listed(text)
        shared = codes.issuperset(own) if len(own) > 1 else (name, column, text.strip()) in others
        if shared or fold(text) in _OFFERED:
            yield text


# ----------------------------------------------------------------------------------------------- xlsx

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


def _without_in_xlsx(parts: dict[str, bytes], rows: Rows) -> dict[str, bytes]:
    changed = dict(parts)
    for name, part in _worksheets(parts).items():
        emptied = rows.get(name, ())
        if emptied:
            changed[part] = _emptied(parts[part], "row", _among(emptied))
            for note in _notes(parts, part):
                changed[note] = _emptied(parts[note], "comment", _in_rows(emptied))
                changed[note] = _emptied(changed[note], "threadedComment", _in_rows(emptied))
    used = {index for part in _worksheets(parts).values() for index in _texts_used(changed[part])}
    for name in parts:
        if name.endswith("sharedStrings.xml"):
            changed[name] = _emptied(parts[name], "si", lambda index, _: index not in used, instead=b"<{}t/>")
    return changed


def _worksheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The part of each sheet, by its name."""
    book = next(name for name in parts if name.endswith("workbook.xml"))
    targets = {each.get("Id"): target for each, target in _relations(parts, book)}
    tree = ElementTree.fromstring(parts[book])
    sheets = [each for each in tree.iter() if each.tag.endswith("}sheet")]
    return {each.get("name", ""): targets[each.get(_RELATION) or each.get(_STRICT)] for each in sheets}


def _notes(parts: Mapping[str, bytes], sheet: str) -> list[str]:
    return [target for each, target in _relations(parts, sheet) if each.get("Type", "").lower().endswith("comments")
            or each.get("Type", "").endswith("threadedComment")]  # fmt: skip


def _relations(parts: Mapping[str, bytes], source: str) -> list[tuple[ElementTree.Element, str]]:
    folder, name = posixpath.split(source)
    relations = parts.get(posixpath.join(folder, "_rels", f"{name}.rels"), b"<none/>")
    return [(each, posixpath.normpath(posixpath.join("/", folder, each.get("Target", "")))[1:])
            for each in ElementTree.fromstring(relations)]  # fmt: skip


def _among(rows: Collection[int]) -> Unwanted:
    return lambda index, _: index in rows


def _in_rows(rows: Collection[int]) -> Unwanted:
    return lambda _, attributes: int(re.sub(r"\D", "", attributes.get("ref", "")) or 0) - 1 in rows


def _texts_used(sheet: bytes) -> Iterator[int]:
    """The shared texts that the cells of a sheet point to."""
    for cell in ElementTree.fromstring(sheet).iter():
        if cell.tag.endswith("}c") and cell.get("t") == "s":
            yield from (int(value.text) for value in cell if value.tag.endswith("}v") and value.text)


# ------------------------------------------------------------------------------------------------ ods


def _without_in_ods(parts: dict[str, bytes], rows: Rows) -> dict[str, bytes]:
    content = parts["content.xml"]
    for name, emptied in rows.items():
        content = _emptied(content, "table-row", _among(emptied), inside=name, instead=b"<{}table-cell/>")
    pictures = (name for name in parts if name.startswith("Thumbnails/"))  # of the first sheet, as it was
    return {**parts, "content.xml": content, **dict.fromkeys(pictures, b"")}


# ------------------------------------------------------------------------------------------------ XML


@dataclass
class _Opened:
    """An element to empty that is being read; ``begin``: where its content does, in bytes."""

    tag: str
    prefix: str
    begin: int | None = None


def _emptied(
    xml: bytes,
    element: str,
    unwanted: Unwanted,
    *,
    inside: str = "",
    instead: bytes = b"",
) -> bytes:
    """A part with the content of some elements cut out, or replaced by ``instead``, ``{}`` being their prefix.

    ``unwanted`` is told the rank of the element and its attributes: a ``r`` attribute is the rank, from 1, and
    ``number-rows-repeated`` makes one element several. ``inside``: only within the table of this name.
    """
    cuts: list[tuple[int, int, bytes]] = []
    opened: list[_Opened] = []
    rank, table = 0, ""
    parser = expat.ParserCreate()

    def started(tag: str, attributes: dict[str, str]) -> None:
        nonlocal rank, table
        prefix, _, name = tag.rpartition(":")
        text("")  # the first child of what is open
        plain = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if name == "table" and "name" in plain:
            rank, table = 0, plain["name"]
        if name != element:
            return
        rank = int(plain["r"]) - 1 if name == "row" and "r" in plain else rank
        if table == inside and unwanted(rank, plain):
            opened.append(_Opened(tag, prefix))
        rank += int(plain.get("number-rows-repeated", 1))

    def ended(tag: str) -> None:
        if opened and opened[-1].tag == tag:
            cut = opened.pop()
            if cut.begin is not None:
                cuts.append((cut.begin, parser.CurrentByteIndex, f"{cut.prefix}:".encode() if cut.prefix else b""))

    def text(_: str) -> None:
        if opened and opened[-1].begin is None:
            opened[-1].begin = parser.CurrentByteIndex

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = started, ended, text
    parser.Parse(xml, True)
    for begin, end, prefix in reversed(cuts):
        xml = xml[:begin] + instead.replace(b"{}", prefix) + xml[end:]
    return xml
