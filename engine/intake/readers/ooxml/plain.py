"""A sheet of an .xlsx written as spreadsheet programs write it: what a plain reading hides, found by patterns.

The patterns are a grammar of the whole list of cells: each cell must match one of the few ways in which Excel,
LibreOffice, Google and the usual libraries write it, and nothing but rows may stand around them, so that no other
reading of it is possible; so too for the texts that cells share. Anything else (comments, prefixes, cells without an
address, attributes in another order, elements left open...) is for ``odd.py``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import compress
from xml.parsers import expat

from engine.intake.readers.faces import PLAIN, Face, Faces, Runs
from engine.intake.readers.grid import Area, Place, area, place
from engine.intake.readers.look import Look
from engine.intake.safety.bounds import Room, check_merged
from engine.model.values import Tell

_ADDRESS = rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"'
_FORMULA = rb"(?:<f(?: [^<>&]*)?(?:/>|>[^<]*</f>))?"
_SPREADING = re.compile(rb"<f [^<>]*(?:array|dataTable)")  # a formula that may fill more cells than its own
_PICTURE = re.compile(rb"\((?:(?<=IMAGE\()|(?<=DISPIMG\())", re.IGNORECASE)  # what starts with a sign is soon found
_NUMBER = rb"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_CELL = re.compile(
    _ADDRESS
    + rb'(?: s="([0-9]{1,9})")?(?:(?: t="n")?( ?/>|></c>)'  # one that is only formatted ends there, and holds nothing
    rb'| t="s">' + _FORMULA + rb"<v>([0-9]{1,9})</v></c>"
    rb'|(?: t="n")?>' + _FORMULA + rb"(?:<v>(?:" + _NUMBER + rb")?</v>|<v ?/>)?</c>"
    rb'| t="str">' + _FORMULA + rb"(?:<v>[^<]*</v>|<v ?/>)?</c>"
    rb'| t="b">' + _FORMULA + rb"<v>[01]</v></c>"
    rb'| t="(e)">' + _FORMULA + rb"(?:<v>[^<]*</v>)?</c>"
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?>[^<]*</t></is></c>)'
)
_ROWS = re.compile(rb"(?:\s*<row(?: [^<>]*)?(?:/>|>\s*</row>))*+\s*")
_TEXT = rb'(?:<t xml:space="preserve">[^<]*</t>|<t>(?!\s)[^<]*(?<!\s)</t>|<t ?/>)'
_RUN = rb"<r>(?:<rPr>(?:<[^<>]*/>)*</rPr>)?" + _TEXT + rb"</r>"
_STRINGS = re.compile(
    rb"\s*(?:<\?xml [^<>]*\?>)?\s*<sst(?: [^<>]*)?(?:/>|>"
    rb"(?:\s*(?:<si>(?:" + _TEXT + rb"|(?:" + _RUN + rb")*)(?:<phoneticPr [^<>]*/>)?</si>|<si ?/>))*+\s*</sst>)\s*"
)
_ANY_LIST = re.compile(rb"sheetData[\s/>]")
_FORMULAS = re.compile(_ADDRESS + rb"[^>]*><f[ />]")
_MERGE = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})" ?/>')
_ANY_MERGE = re.compile(rb"mergeCell[\s/>]")
_OPEN, _CLOSE = b"<sheetData>", b"</sheetData>"


def look(name: str, content: bytes, faces: Faces, runs: Mapping[int, Runs], room: Room) -> Look | None:
    """The look at a sheet, ``None`` when it is not written as usual. Raises :class:`RefusedError` F05.

    ``runs``: those of the shared texts that are struck, raised or lowered.
    """
    parts = _split(content)
    if parts is None or 0 in faces.cells:  # a cell without a style has the first one
        return None
    written, tail = parts
    if _SPREADING.search(written) or _PICTURE.search(written):
        return None
    room.write(name, written.count(b"<c"))
    cells = _Cells(written)
    if not _ROWS.fullmatch(cells.between) or not cells.in_order:
        return None
    merges = _MERGE.findall(tail)
    if len(merges) != len(_ANY_MERGE.findall(tail)):
        return None
    check_merged(name, len(merges))
    room.extend(name, *cells.extent)
    looks = {cells.place(rank): faces.of(style) for rank, style in cells.styled(faces)}
    codes = {where: face.code for where, face in looks.items() if face.code}
    return Look(_tells(written, cells, looks, runs), tuple(map(_area, merges)), codes=codes)


def has_plain_strings(content: bytes) -> bool:
    """Whether the texts that cells share, if any, can be read in one way only."""
    return not content or _STRINGS.fullmatch(content) is not None


def _split(content: bytes) -> tuple[bytes, bytes] | None:
    """The list of cells and what follows it; ``None`` where something may stand in the way of reading them."""
    start, end = content.find(_OPEN), content.find(_CLOSE)
    if start < 0 or end < 0 or len(_ANY_LIST.findall(content)) != 2 or b"<!" in content[:start]:
        return None
    if not is_sound(content[: start + len(_OPEN)] + content[end:]):
        return None
    return content[start + len(_OPEN) : end], content[end:]


def is_sound(content: bytes) -> bool:
    """Whether it is XML that any parser takes."""
    try:
        expat.ParserCreate().Parse(content, True)
    except expat.ExpatError:
        return False
    return True


def _tells(written: bytes, cells: _Cells, looks: Mapping[Place, Face], runs: Mapping[int, Runs]) -> dict[Place, Tell]:
    tells: dict[Place, Tell] = {}
    for where, tell in _told(written, cells, looks, runs):
        tells[where] = tells.get(where, Tell.NONE) | tell
    return tells


def _told(
    written: bytes, cells: _Cells, looks: Mapping[Place, Face], runs: Mapping[int, Runs]
) -> Iterator[tuple[Place, Tell]]:
    for letters, digits in _FORMULAS.findall(written) if b"<f" in written else ():
        yield place(letters.decode(), digits.decode()), Tell.FORMULA
    yield from ((cells.place(rank), Tell.ERROR) for rank in cells.errors())
    yield from ((where, face.tell) for where, face in looks.items() if face.tell)
    for rank, text in cells.shown(runs):
        yield cells.place(rank), runs[text].tell(looks.get(cells.place(rank), PLAIN))


class _Cells:
    """The cells as they are written, column by column, and what stands ``between`` them. A cell has a column and a row;
    it may have a style, be only formatted (``blank``), show a shared text by its rank, or be an error."""

    def __init__(self, written: bytes) -> None:
        pieces = _CELL.split(written)
        self.between = b"".join(pieces[:: _CELL.groups + 1])
        self._letters, self._digits, self._styles, self._blank, self._texts, self._errors = (
            pieces[group :: _CELL.groups + 1] for group in range(1, _CELL.groups + 1)
        )
        self._rows = list(map(int, self._digits))

    @property
    def in_order(self) -> bool:
        """Whether rows follow one another, and no cell stands twice."""
        places = zip(self._letters, self._rows, strict=True)
        return self._rows == sorted(self._rows) and len(set(places)) == len(self._rows)

    @property
    def extent(self) -> tuple[int, int]:
        """The rows and columns of the smallest rectangle from A1 that holds every value."""
        held = [not blank for blank in self._blank]
        columns = set(compress(self._letters, held)) or {b"A"}
        return max(compress(self._rows, held), default=1), max(map(_column, columns)) + 1

    def place(self, rank: int) -> Place:
        """Where a cell stands."""
        return self._rows[rank] - 1, _column(self._letters[rank])

    def errors(self) -> list[int]:
        """The cells that show an error."""
        return [rank for rank, _ in _among(self._errors, {b"e": 0})]

    def styled(self, faces: Faces) -> Iterator[tuple[int, int]]:
        """The cells whose style is out of the ordinary, and that style."""
        return _numbered(self._styles, faces.cells)

    def shown(self, texts: Collection[int]) -> Iterator[tuple[int, int]]:
        """The cells that show one of these shared texts, and which one."""
        return _numbered(self._texts, texts)


def _numbered(written: Sequence[bytes], wanted: Collection[int]) -> Iterator[tuple[int, int]]:
    """The cells in which one of these numbers is written, and which one."""
    told = {each: int(each) for each in set(written) if each} if wanted else {}
    return _among(written, {each: number for each, number in told.items() if number in wanted})


def _among(written: Sequence[bytes], wanted: Mapping[bytes, int]) -> Iterator[tuple[int, int]]:
    """The cells in which one of these is written, and what it stands for; in most sheets there are none."""
    if wanted.keys().isdisjoint(written):
        return
    for rank, each in enumerate(written):
        if each in wanted:
            yield rank, wanted[each]


@cache
def _column(letters: bytes) -> int:
    """The number of a column, from 0, by its letters: three at most."""
    return place(letters.decode(), "1")[1]


def _area(merge: tuple[bytes, bytes, bytes, bytes]) -> Area:
    first, top, last, bottom = (part.decode() for part in merge)
    return area(place(first, top), place(last, bottom))
