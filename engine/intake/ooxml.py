"""What an .xlsx says beyond its values: formulas, errors, percent formats, merged cells, defined names, dates.

Read straight from the bytes the guard holds, by patterns that fit what Excel, LibreOffice and Google write. A part
written otherwise (a namespace prefix, cells without an address) is read by the slower, general
:func:`_look_slowly`, so that nothing is taken for ordinary just because it could not be seen.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from xml.etree import ElementTree

from engine.intake.grid import Area, Place, place
from engine.intake.guard import MAX_CELLS, Package, RefusedError
from engine.values import Tell

Looks = tuple[dict[Place, Tell], tuple[Area, ...]]
"""The tells of a sheet and its merged areas."""

_NAME = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$?([A-Z]{1,3})\$?(\d{1,7})")
_ADDRESS = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_AT = re.compile(rb' r="([A-Z]{1,3})(\d{1,7})"')
_CELL = re.compile(_AT.pattern + rb"[^>/]*(/?)>")  # a cell that is only formatted ends there, and holds nothing
_FORMULA = re.compile(rb"<c ([^>]*)>\s*<f[ >/]")
_ERROR = re.compile(rb'<c ([^>]*\bt="e"[^>]*)>')
_MERGE = re.compile(rb'<mergeCell [^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


def look(package: Package) -> dict[str, Looks]:
    """By sheet name, what a plain reading hides. Raises :class:`RefusedError` F01 or F05."""
    members = package.members
    percent = _percent_styles(members.get("xl/styles.xml", b""))
    parts = _parts(members["xl/workbook.xml"], members.get("xl/_rels/workbook.xml.rels", b""))
    found = {}
    for name, part in parts.items():
        content = members.get(part)
        if content is None:
            raise RefusedError("F01", f"La feuille « {name} » manque dans le classeur.")
        found[name] = _look(name, content, percent)
    return found


def saved(package: Package) -> datetime | None:
    """When the workbook says it was last saved (UTC, no zone)."""
    match = re.search(rb"<dcterms:modified[^>]*>([^<]+)<", package.members.get("docProps/core.xml", b""))
    return moment(match[1].decode("ascii", "replace")) if match else None


def moment(text: str) -> datetime | None:
    """An ISO date and time, in UTC when it tells its zone, without any."""
    try:
        when = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return when.astimezone(UTC).replace(tzinfo=None) if when.tzinfo else when


def names(package: Package) -> dict[str, dict[str, Place]]:
    """By sheet name, the defined names that point at one of its cells."""
    found: dict[str, dict[str, Place]] = {}
    for element in _tree(package.members["xl/workbook.xml"]).iter():
        if _local(element.tag) != "definedName":
            continue
        match = _NAME.fullmatch((element.text or "").strip())
        if match:
            sheet = (match[1] or match[2]).replace("''", "'")
            found.setdefault(sheet, {})[element.get("name", "").lower()] = place(match[3], match[4])
    return found


# ------------------------------------------------------------------------------------- parts and styles


def _tree(content: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise RefusedError("F01", "La structure du classeur est endommagée.") from fault


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


@lru_cache(maxsize=32)  # returns made from the same workbook often share such parts
def _parts(workbook: bytes, relations: bytes) -> dict[str, str]:
    """By worksheet's name, the member that holds it; charts and macro sheets hold no cells."""
    targets = {
        element.get("Id", ""): element.get("Target", "")
        for element in _tree(relations)
        if element.get("Type", "").endswith("/worksheet")
    }
    found = {}
    for element in _tree(workbook).iter():
        if _local(element.tag) == "sheet":
            target = targets.get(next((v for k, v in element.attrib.items() if k.endswith("}id")), ""))
            if target:
                base = "" if target.startswith("/") else "xl"
                found[element.get("name", "")] = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
    return found


@lru_cache(maxsize=32)
def _percent_styles(styles: bytes) -> frozenset[int]:
    """The indexes of the cell formats that show a percentage."""
    if b"%" not in styles and b'numFmtId="9"' not in styles and b'numFmtId="10"' not in styles:
        return frozenset()
    tree = _tree(styles)
    percents = {9, 10}
    formats = next((element for element in tree if _local(element.tag) == "cellXfs"), ())
    for element in tree.iter():
        if _local(element.tag) == "numFmt" and _is_percent(element.get("formatCode", "")):
            percents.add(int(element.get("numFmtId", "0")))
    return frozenset(rank for rank, style in enumerate(formats) if int(style.get("numFmtId", "0")) in percents)


def _is_percent(code: str) -> bool:
    return "%" in re.sub(r'"[^"]*"|\\.', "", code)


# ---------------------------------------------------------------------------------------- one sheet


def _look(name: str, content: bytes, percent: frozenset[int]) -> Looks:
    cells = _CELL.findall(content)
    if not _is_plain(content, len(cells)):
        return _look_slowly(name, content, percent)
    _check_extent(name, _extent(cells))
    tells: dict[Place, Tell] = {}
    for pattern, tell in ((_FORMULA, Tell.FORMULA), (_ERROR, Tell.ERROR)):
        for match in pattern.finditer(content):
            _add(tells, match[1], tell)
    if percent:
        styles = "|".join(map(str, sorted(percent))).encode()
        for match in re.finditer(rb'<c ([^>]*\bs="(?:' + styles + rb')"[^>]*)>', content):
            _add(tells, match[1], Tell.PERCENT)
    merged = tuple(
        (place(first.decode(), top.decode()), place(last.decode(), bottom.decode()))
        for first, top, last, bottom in _MERGE.findall(content)
    )
    return tells, merged


def _is_plain(content: bytes, addresses: int) -> bool:
    """Whether the sheet is written as usual: no prefix, each cell with its address, attributes as ``name="value"``."""
    unusual = b"<worksheet" not in content[:2000] or b"='" in content or b' = "' in content or b"<![CDATA" in content
    return not unusual and content.count(b"<c ") + content.count(b"<c>") == addresses


def _extent(cells: Iterable[tuple[bytes, bytes, bytes]]) -> tuple[int, int]:
    """The rows and columns of the smallest rectangle from A1 that holds every value."""
    held = [(letters, digits) for letters, digits, end in cells if not end] or [(b"A", b"1")]
    columns, rows = ({*each} for each in zip(*held, strict=True))
    return max(map(int, rows)), max(place(letters.decode(), "1")[1] for letters in columns) + 1


def _check_extent(name: str, extent: tuple[int, int]) -> None:
    """Refuse a sheet whose values span a rectangle that no form needs: a parser would allocate all of it."""
    rows, columns = extent
    if rows * columns > MAX_CELLS:
        raise RefusedError("F05", f"La feuille « {name} » s'étend sur {rows} lignes et {columns} colonnes.")


def _add(tells: dict[Place, Tell], attributes: bytes, tell: Tell) -> None:
    match = _AT.search(b" " + attributes)
    if match:
        where = place(match[1].decode(), match[2].decode())
        tells[where] = tells[where] | tell if where in tells else tell


def _look_slowly(name: str, content: bytes, percent: frozenset[int]) -> Looks:
    """The same by a real parser, for sheets written in an unusual way."""
    tells: dict[Place, Tell] = {}
    merged: list[Area] = []
    rows = columns = 1
    row = column = -1
    for element in _tree(content).iter():
        tag = _local(element.tag)
        if tag == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif tag == "c":
            match = _ADDRESS.fullmatch(element.get("r", ""))
            row, column = place(match[1], match[2]) if match else (row, column + 1)
            tell = _tell_of(element, percent)
            if tell:
                tells[row, column] = tell
            if len(element):
                rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif tag == "mergeCell":
            ends = [_ADDRESS.fullmatch(end) for end in element.get("ref", "").split(":")]
            if len(ends) == 2 and all(ends):
                merged.append((place(*ends[0].groups()), place(*ends[1].groups())))
    _check_extent(name, (rows, columns))
    return tells, tuple(merged)


def _tell_of(element: ElementTree.Element, percent: frozenset[int]) -> Tell:
    tell = Tell.NONE
    if any(_local(child.tag) == "f" for child in element):
        tell |= Tell.FORMULA
    if element.get("t") == "e":
        tell |= Tell.ERROR
    if int(element.get("s", "0")) in percent:
        tell |= Tell.PERCENT
    return tell
