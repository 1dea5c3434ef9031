"""Cells inserted, deleted, dragged or sorted as spreadsheets do it: names follow their cells, but for a sort."""

from __future__ import annotations

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from engine.model import Kind
from tests.cohorts import Book

Place = tuple[int, int]
"""Row and column, from 1."""


def move(book: Book, kind: Kind, moves: dict[Place, Place]) -> None:
    """Move cells, all at once, with the names given to them; a name whose cell is covered or deleted is lost."""
    sheet = book.sheet(kind)
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    held = {place: sheet.cell(*place).value for place in moves}
    for place in moves:
        sheet.cell(*place).value = None
    for place, target in moves.items():
        sheet.cell(*target).value = held[place]
    covered = {*moves.values()} - {*moves}
    for name in book.workbook.defined_names.values():
        ((title, address),) = name.destinations
        cell = sheet[address.replace("$", "")]
        place = cell.row, cell.column
        if title != sheet.title:
            continue
        if place in moves:
            row, column = moves[place]
            name.attr_text = f"'{title}'!${get_column_letter(column)}${row}"
        elif place in covered:
            name.attr_text = f"'{title}'!#REF!"


def insert(book: Book, kind: Kind, row: int, columns: range, count: int = 1) -> None:
    """Insert blank cells at a row, what stands below going down."""
    last = book.sheet(kind).max_row
    move(book, kind, {(each, column): (each + count, column) for each in range(row, last + 1) for column in columns})


def delete(book: Book, kind: Kind, row: int, columns: range) -> None:
    """Delete cells of a row, what stands below going up."""
    last = book.sheet(kind).max_row
    move(book, kind, {(each, column): (each - 1, column) for each in range(row + 1, last + 1) for column in columns})


def sort(sheet: Worksheet, rows: list[int], columns: range, order: list[int]) -> None:
    """Put what these rows hold in another order, within these columns; names stay where they are."""
    held = [[sheet.cell(row, column).value for column in columns] for row in rows]
    for row, rank in zip(rows, order, strict=True):
        for column, value in zip(columns, held[rank], strict=True):
            sheet.cell(row, column).value = value
