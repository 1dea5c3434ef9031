"""A sheet of an .xlsx written as spreadsheet programs write it: what a plain reading hides, found by patterns.

The patterns are a grammar of the whole list of cells: each cell must match one of the few ways in which Excel,
LibreOffice, Google and the usual libraries write it, and nothing but rows may stand around them, so that no other
reading of it is possible; so too for the texts that cells share. Anything else (comments, prefixes, cells without an
address, attributes in another order, elements left open...) is for ``odd.py``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from engine.intake.faces import Faces, Runs
from engine.intake.grid import Area, Place, area, place
from engine.intake.look import Look, Room, check_merged
from engine.model.values import Tell

_ADDRESS = rb'<c r="([A-Z]{1,3})([1-9][0-9]{0,6})"'
_FORMULA = rb"(?:<f(?: [^<>&]*)?(?:/>|>[^<]*</f>))?"
_SPREADING = re.compile(rb"<f [^<>]*(?:array|dataTable)")  # a formula that may fill more cells than its own
_PICTURE = re.compile(rb"(?:IMAGE|DISPIMG)\(", re.IGNORECASE)
_NUMBER = rb"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?"
_CELL = re.compile(
    _ADDRESS
    + rb'(?: s="[0-9]{1,9}")?(?:(?: t="n")?( ?/>|></c>)'  # a cell that is only formatted ends there, and holds nothing
    rb'| t="s">' + _FORMULA + rb"<v>[0-9]{1,9}</v></c>"
    rb'|(?: t="n")?>' + _FORMULA + rb"(?:<v>(?:" + _NUMBER + rb")?</v>|<v ?/>)?</c>"
    rb'| t="str">' + _FORMULA + rb"(?:<v>[^<]*</v>|<v ?/>)?</c>"
    rb'| t="b">' + _FORMULA + rb"<v>[01]</v></c>"
    rb'| t="e">' + _FORMULA + rb"(?:<v>[^<]*</v>)?</c>"
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
_ERRORS = re.compile(_ADDRESS + rb'[^>]* t="e"')
_STYLES = re.compile(_ADDRESS + rb' s="([0-9]+)"')
_SHARED = re.compile(_ADDRESS + rb'(?: s="([0-9]+)")? t="s">' + _FORMULA + rb"<v>([0-9]+)<")
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
    cells = _CELL.findall(written)
    rows = [int(digits) for _, digits, _ in cells]
    if not _ROWS.fullmatch(_CELL.sub(b"", written)) or rows != sorted(rows) or _has_twice(cells):
        return None
    merges = _MERGE.findall(tail)
    if len(merges) != len(_ANY_MERGE.findall(tail)):
        return None
    check_merged(name, len(merges))
    room.extend(name, *_extent(cells))
    codes = {place: faces.of(style).code for place, style in _styled(written, faces) if faces.of(style).code}
    return Look(_tells(written, faces, runs), tuple(map(_area, merges)), codes=codes)


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


def _has_twice(cells: list[tuple[bytes, bytes, bytes]]) -> bool:
    return len({(letters, digits) for letters, digits, _ in cells}) < len(cells)


def _extent(cells: list[tuple[bytes, bytes, bytes]]) -> tuple[int, int]:
    """The rows and columns of the smallest rectangle from A1 that holds every value."""
    held = [(letters, digits) for letters, digits, blank in cells if not blank] or [(b"A", b"1")]
    columns, rows = ({*each} for each in zip(*held, strict=True))
    return max(map(int, rows)), max(place(letters.decode(), "1")[1] for letters in columns) + 1


def _tells(written: bytes, faces: Faces, runs: Mapping[int, Runs]) -> dict[Place, Tell]:
    tells: dict[Place, Tell] = {}
    for where, tell in _told(written, faces, runs):
        tells[where] = tells.get(where, Tell.NONE) | tell
    return tells


def _told(written: bytes, faces: Faces, runs: Mapping[int, Runs]) -> Iterator[tuple[Place, Tell]]:
    for pattern, tell in ((_FORMULAS, Tell.FORMULA), (_ERRORS, Tell.ERROR)):
        for letters, digits in pattern.findall(written):
            yield place(letters.decode(), digits.decode()), tell
    for where, style in _styled(written, faces):
        if faces.of(style).tell:
            yield where, faces.of(style).tell
    for letters, digits, style, rank in _SHARED.findall(written) if runs else ():
        if int(rank) in runs:
            yield place(letters.decode(), digits.decode()), runs[int(rank)].tell(faces.of(int(style or b"0")))


def _styled(written: bytes, faces: Faces) -> list[tuple[Place, int]]:
    """The cells whose style is out of the ordinary, and that style."""
    found = _STYLES.findall(written) if faces.cells else ()
    return [
        (place(letters.decode(), digits.decode()), int(style))
        for letters, digits, style in found
        if int(style) in faces.cells
    ]


def _area(merge: tuple[bytes, bytes, bytes, bytes]) -> Area:
    first, top, last, bottom = (part.decode() for part in merge)
    return area(place(first, top), place(last, bottom))
