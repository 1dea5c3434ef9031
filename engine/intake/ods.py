"""What an .ods says beyond its values: formulas, errors, percentages, merged cells, defined names, date.

OpenDocument repeats cells and rows by a count, so that 16 KB can stand for 90 million cells: what the counts expand
to is measured here, before any parser allocates it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from xml.etree import ElementTree

from engine.intake.grid import Area, Place, place
from engine.intake.guard import MAX_CELLS, Package, RefusedError
from engine.intake.ooxml import Looks, moment
from engine.values import Tell

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_TARGET = re.compile(r"\$?(?:'((?:[^']|'')+)'|([^'.]+))\.\$?([A-Z]{1,3})\$?(\d{1,7})(?::.*)?")
_ROOM = 1_048_576  # rows, and far more than the columns, of any grid


def tree(package: Package) -> ElementTree.Element:
    """The document's content. Raises :class:`RefusedError` F01 when it is not XML."""
    try:
        return ElementTree.fromstring(package.members["content.xml"])
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise RefusedError("F01", "Le contenu du classeur est endommagé.") from fault


def look(content: ElementTree.Element) -> dict[str, Looks]:
    """By sheet name, what a plain reading hides. Raises :class:`RefusedError` F01 or F05."""
    return {table.get(f"{_TABLE}name", ""): _look(table) for table in content.iter(f"{_TABLE}table")}


def saved(package: Package) -> datetime | None:
    """When the workbook says it was last saved (no zone)."""
    match = re.search(rb"<dc:date>([^<]+)<", package.members.get("meta.xml", b""))
    return moment(match[1].decode("ascii", "replace")) if match else None


def names(content: ElementTree.Element) -> dict[str, dict[str, Place]]:
    """By sheet name, the defined names that point at one of its cells."""
    found: dict[str, dict[str, Place]] = {}
    for element in content.iter(f"{_TABLE}named-range"):
        match = _TARGET.fullmatch(element.get(f"{_TABLE}cell-range-address", ""))
        if match:
            sheet = (match[1] or match[2]).replace("''", "'")
            found.setdefault(sheet, {})[element.get(f"{_TABLE}name", "").lower()] = place(match[3], match[4])
    return found


def _look(table: ElementTree.Element) -> Looks:
    tells: dict[Place, Tell] = {}
    merged: list[Area] = []
    rows = columns = cells = 0
    for row, repeat, line in _rows(table):
        for column, width, cell in _cells(line):
            area = _merged(cell, row, column)
            if area:
                merged.append(area)
            if not _holds_something(cell):
                continue
            rows, columns, cells = max(rows, row + repeat), max(columns, column + width), cells + repeat * width
            if max(cells, rows * columns) > MAX_CELLS:
                name = table.get(f"{_TABLE}name", "")
                raise RefusedError("F05", f"La feuille « {name} » s'étend sur {rows} lignes et {columns} colonnes.")
            tell = _tell_of(cell)
            if tell:
                tells |= {(row + down, column + right): tell for down in range(repeat) for right in range(width)}
    return tells, tuple(merged)


def _rows(table: ElementTree.Element) -> Iterator[tuple[int, int, ElementTree.Element]]:
    """Each row element with its index and how many times it stands."""
    index = 0
    for line in table.iter(f"{_TABLE}table-row"):
        repeat = _count(line, "number-rows-repeated")
        yield index, repeat, line
        index += repeat


def _cells(line: ElementTree.Element) -> Iterator[tuple[int, int, ElementTree.Element]]:
    index = 0
    for cell in line:
        if cell.tag in _CELLS:
            width = _count(cell, "number-columns-repeated")
            yield index, width, cell
            index += width


def _count(element: ElementTree.Element, name: str) -> int:
    try:
        return min(max(int(element.get(f"{_TABLE}{name}", "1")), 1), _ROOM)
    except ValueError as fault:
        raise RefusedError("F01", "Le contenu du classeur est endommagé.") from fault


def _holds_something(cell: ElementTree.Element) -> bool:
    return len(cell) > 0 or f"{_OFFICE}value-type" in cell.attrib or f"{_TABLE}formula" in cell.attrib


def _tell_of(cell: ElementTree.Element) -> Tell:
    tell = Tell.NONE
    if f"{_TABLE}formula" in cell.attrib:
        tell |= Tell.FORMULA
    if cell.get(f"{_CALC}value-type") == "error":
        tell |= Tell.ERROR
    if cell.get(f"{_OFFICE}value-type") == "percentage":
        tell |= Tell.PERCENT
    return tell


def _merged(cell: ElementTree.Element, row: int, column: int) -> Area | None:
    down, right = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
    return ((row, column), (row + down - 1, column + right - 1)) if down * right > 1 else None
