"""An .ods: its sheets, what a plain reading of them hides, its defined names and date, and what calamine is given.

OpenDocument repeats cells and rows by a count, so that 16 KB can stand for 90 million cells: what the counts expand
to is measured here, before any parser allocates it. What each cell holds is compared with what calamine reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from itertools import product
from xml.etree import ElementTree

from engine.intake.readers import dates
from engine.intake.readers.grid import Area, Dress, Place, area, place
from engine.intake.readers.look import AUTHOR, Attached, Held, Look, spread_formulas
from engine.intake.readers.ods.held import damaged, held, is_logical, paragraphs
from engine.intake.readers.ods.looks import Looks, rules
from engine.intake.safety.archive import pack
from engine.intake.safety.bounds import MAX_TAGS, MAX_WRITTEN, Room, check_merged, check_tags
from engine.intake.safety.guard import Package
from engine.intake.safety.refusal import RefusedError
from engine.model.values import Tell

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_AUTHOR = "{http://purl.org/dc/elements/1.1/}creator"
_COVERED = f"{_TABLE}covered-table-cell"
_ERROR_SHOWN = re.compile(r"#|err\s*:", re.IGNORECASE)  # OpenOffice stores a zero where it shows an error
_ERROR_SAID = re.compile(r"#[^\W\d][\w/]*\s?[!?]?")  # Gnumeric stores the words of an error
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_TARGET = re.compile(r"\$?(?:'((?:[^']|'')+)'|([^'.]+))\.\$?([A-Z]{1,3})\$?(\d{1,7})(?::.*)?")
_BETWEEN = re.compile(rb">\s+</?(?:[^<>\s/:]+:)?(?:covered-)?(?:table|p\b|body|spreadsheet|annotation)")
_REPEATED = 64  # rows or columns of a repeated cell, of those that only tell how it is dressed
_ROOM = 1_048_576  # rows, and far more than the columns, of any grid
_SAVED = re.compile(rb"<(?:[^<>\s/:]+:)?date\b[^<>]*>([^<]+)<")
_CREATED = re.compile(rb"<(?:[^<>\s/:]+:)?creation-date\b[^<>]*>([^<]+)<")
_GENERATOR = re.compile(rb"<(?:[^<>\s/:]+:)?generator\b[^<>]*>([^<]+)<")
_MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = b'<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'


for _prefix, _space in (("office", _OFFICE), ("table", _TABLE), ("text", _TEXT), ("calcext", _CALC)):
    ElementTree.register_namespace(_prefix, _space.strip("{}"))  # the parser knows elements by these prefixes


class Document:
    """The workbook of a package whose kind is ``ods``."""

    def __init__(self, package: Package, room: Room) -> None:
        self._members = package.members
        self._room = room
        self.damaged: dict[str, RefusedError] = {}
        self.selected: frozenset[str] = frozenset()  # this format tells of one sheet alone
        self.since_1904 = False  # it writes days in full
        content = self._members["content.xml"]
        check_tags("content.xml", content, MAX_WRITTEN)
        try:
            self._content = ElementTree.fromstring(content)
        except (ElementTree.ParseError, ValueError, LookupError) as fault:
            raise damaged() from fault
        tables = self._content.findall(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table")
        self._tables = {table.get(f"{_TABLE}name", ""): table for table in tables}
        if len(self._tables) < len(tables):
            raise damaged()

    @property
    def saved(self) -> datetime | None:
        """When the workbook says it was last saved, as it writes it."""
        properties = self._members.get("meta.xml", b"")
        return dates.last_saved(_SAVED.search(properties), _CREATED.search(properties))

    @property
    def program(self) -> str:
        """The program that says it wrote the workbook, ``""`` when none does."""
        return dates.program(_GENERATOR.search(self._members.get("meta.xml", b"")))

    @cached_property
    def names(self) -> dict[str, dict[str, Place]]:
        """By sheet name, the defined names that point at one of its cells."""
        found: dict[str, dict[str, Place]] = {}
        for element in self._content.iter(f"{_TABLE}named-range"):
            match = _TARGET.fullmatch(element.get(f"{_TABLE}cell-range-address", ""))
            if match:
                sheet = (match[1] or match[2]).replace("''", "'")
                found.setdefault(sheet, {})[element.get(f"{_TABLE}name", "").lower()] = place(match[3], match[4])
        return found

    @cached_property
    def looks(self) -> dict[str, Look]:
        """By sheet name, what a plain reading hides. Raises :class:`RefusedError` F01 or F05."""
        return {name: _Sheet(name, table, self._room, self._styles).look() for name, table in self._tables.items()}

    @cached_property
    def _styles(self) -> Looks:
        styles = self._members.get("styles.xml", b"")
        check_tags("styles.xml", styles, MAX_TAGS)
        try:
            shared = [ElementTree.fromstring(styles)] if styles else []
        except (ElementTree.ParseError, ValueError, LookupError) as fault:
            raise damaged() from fault
        return Looks(*shared, self._content)

    def attached(self, name: str) -> Attached:
        """The comments and pictures of a sheet."""
        return Attached(dict(_notes(self._tables[name])), tuple(_pictures(self._tables[name])))

    def dress(self, name: str) -> Dress:
        """How the cells of a sheet are dressed."""
        return Dress.of_cells(_dressed(self._tables[name]))

    @cached_property
    def hidden(self) -> frozenset[str]:
        """The tables whose tab does not show."""
        tables = self._tables.items()
        return frozenset(name for name, each in tables if self._styles.hides(each.get(f"{_TABLE}style-name", "")))

    def archive(self) -> bytes:
        """The content alone, for the parser."""
        parts = {"mimetype": _MIMETYPE, "META-INF/manifest.xml": _MANIFEST}
        return pack(parts | {"content.xml": self._unspaced()})

    def _unspaced(self) -> bytes:
        """The content without what stands between elements to indent them, where the parser would stop reading."""
        content = self._members["content.xml"]
        if not _BETWEEN.search(content):
            return content
        for element in self._content.iter():
            if not element.tag.startswith(_TEXT):  # in a text, blanks are text
                element.text = _unless_blank(element.text)
                for child in element:
                    child.tail = _unless_blank(child.tail)
        unspaced: bytes = ElementTree.tostring(self._content, encoding="utf-8")
        return unspaced

    def archive_of_known_errors(self) -> bytes:
        """The same: any error value of this format is known to the parser."""
        return self.archive()


class _Sheet:
    """The closer look at one table."""

    def __init__(self, name: str, table: ElementTree.Element, room: Room, styles: Looks) -> None:
        self.name, self.table, self.room, self.styles = name, table, room, styles
        self.codes: dict[Place, str] = {}
        self.rules = list(rules(table, styles))
        self.tells: dict[Place, Tell] = {}
        self.merged: list[Area] = []
        self.spread: list[Area] = []
        self.held: dict[Place, Held] = {}
        self.rows = self.columns = 0

    def look(self) -> Look:
        beneath = list(_column_styles(self.table))
        for row, repeat, line in _rows(self.table):
            default = line.get(f"{_TABLE}default-cell-style-name", "")
            for column, width, cell in _cells(line):
                together = _area(cell, "", row, column)
                if together:
                    self.merged.append(together)
                matrix = _area(cell, "matrix-", row, column)
                if matrix:
                    self.spread.append(matrix)
                if _holds_something(cell):
                    style = cell.get(f"{_TABLE}style-name", "") or default or _style_at(beneath, column)
                    self._take(cell, style, (row, column), (repeat, width))
        check_merged(self.name, len(self.merged))
        self.room.extend(self.name, self.rows, self.columns)
        spread_formulas(self.name, self.spread, self.tells, self.room)
        return Look(self.tells, tuple(self.merged), self.held, self.codes, tuple(self.rules))

    def _take(self, cell: ElementTree.Element, style: str, where: Place, times: tuple[int, int]) -> None:
        """A cell that stands ``times`` rows and columns; nothing is made of it before it is known to fit."""
        (row, column), (down, right) = where, times
        self.rows, self.columns = max(self.rows, row + down), max(self.columns, column + right)
        self.room.check(self.name, self.rows, self.columns)
        self.room.write(self.name, down * right)
        face = self.styles.of_cell(style)
        value, tell = held(cell), _tell_of(cell) | face.tell | self.styles.runs(cell).tell(face)
        if not face.code and is_logical(cell, value, tell):
            value = Held(value.value, means=bool(value.value))
        if isinstance(value.value, str):
            self.room.fill(self.name, down * right * len(value.value))
        places = [(row + below, column + beside) for below in range(down) for beside in range(right)]
        if tell:
            self.tells |= dict.fromkeys(places, tell)
        if value.value != "":
            self.held |= dict.fromkeys(places, value)
            self.codes |= dict.fromkeys(places, face.code) if face.code else {}
            self.rules += [((each, each), rule) for rule in self.styles.conditional(style) for each in places]


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


def _column_styles(table: ElementTree.Element) -> Iterator[tuple[int, str]]:
    """Where each run of columns ends, and the style of the cells there that have none of their own."""
    end = 0
    for column in table.iter(f"{_TABLE}table-column"):
        end += _count(column, "number-columns-repeated")
        yield end, column.get(f"{_TABLE}default-cell-style-name", "")


def _style_at(columns: list[tuple[int, str]], column: int) -> str:
    return next((style for end, style in columns if column < end), "")


def _dressed(table: ElementTree.Element) -> Iterator[tuple[Place, str, str]]:
    """The cells with their style and their rule; of those that are repeated without end, the first."""
    beneath = list(_column_styles(table))
    for row, down, line in _rows(table):
        default = line.get(f"{_TABLE}default-cell-style-name", "")
        for column, right, cell in _cells(line):
            rule = cell.get(f"{_TABLE}content-validation-name", "")
            own = cell.get(f"{_TABLE}style-name", "") or default
            below, beside = range(row, row + min(down, _REPEATED)), range(column, column + min(right, _REPEATED))
            for where in product(below, beside):
                yield where, own or _style_at(beneath, where[1]), rule


def _notes(table: ElementTree.Element) -> Iterator[tuple[Place, str]]:
    """The comments that people wrote, by cell."""
    for row, _, line in _rows(table):
        for column, _, cell in _cells(line):
            for note in cell.findall(f"{_OFFICE}annotation"):
                if note.findtext(_AUTHOR, "") != AUTHOR:
                    yield (row, column), "\n".join("".join(each.itertext()) for each in note.findall(f"{_TEXT}p"))


def _pictures(table: ElementTree.Element) -> Iterator[Area]:
    """Where pictures lie: anchored to a cell, down to the cell where they end."""
    for row, _, line in _rows(table):
        for column, _, cell in _cells(line):
            for frame in cell.iter(f"{_DRAW}frame"):
                if frame.find(f"{_DRAW}image") is not None:
                    end = _TARGET.fullmatch(frame.get(f"{_TABLE}end-cell-address", ""))
                    yield area((row, column), place(end[3], end[4]) if end else (row, column))


def _count(element: ElementTree.Element, name: str) -> int:
    try:
        return min(max(int(element.get(f"{_TABLE}{name}", "1")), 1), _ROOM)
    except ValueError as fault:
        raise damaged() from fault


def _unless_blank(text: str | None) -> str | None:
    return text if text and text.strip() else None


def _holds_something(cell: ElementTree.Element) -> bool:
    return len(cell) > 0 or f"{_OFFICE}value-type" in cell.attrib or f"{_TABLE}formula" in cell.attrib


def _tell_of(cell: ElementTree.Element) -> Tell:
    tell = Tell.NONE
    if f"{_TABLE}formula" in cell.attrib:
        tell |= Tell.FORMULA
    kind = cell.get(f"{_OFFICE}value-type")
    stored = kind == "float" and _ERROR_SHOWN.match(paragraphs(cell))
    said = kind == "string" and tell and _ERROR_SAID.fullmatch(paragraphs(cell).strip())
    if cell.get(f"{_CALC}value-type") == "error" or stored or said:
        tell |= Tell.ERROR
    if kind == "percentage":
        tell |= Tell.PERCENT
    if cell.tag == _COVERED or _area(cell, "", 0, 0):  # a repeated one stands in more places than its area tells
        tell |= Tell.MERGED
    return tell


def _area(cell: ElementTree.Element, which: str, row: int, column: int) -> Area | None:
    """The cells merged with one, or (``matrix-``) those that its formula fills; ``None`` for itself alone."""
    down, right = (_count(cell, f"number-{which}{lines}-spanned") for lines in ("rows", "columns"))
    return ((row, column), (row + down - 1, column + right - 1)) if down * right > 1 else None
