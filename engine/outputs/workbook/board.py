"""A sheet of small tables one under the other, each with its chart on the right: how `Statistiques` is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from engine.office.styles import printed
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.charts import Block
from engine.outputs.workbook.frame import Book, write_live, write_value
from engine.outputs.workbook.places import STATISTICS, SUMMARY

WIDTHS = (176, 66, 74, 74, 62, 16, 115, 115, 115, 115)  # pixels: five columns of figures, then room for the charts
_CHART_COLUMN = 6
_ROW = 17.25  # points
_PERCENT = frozenset({"Part", "Taux"})
_DECIMAL = frozenset({"Moyenne", "La sienne", "Des autres", "Écart"})


@dataclass(frozen=True)
class Cell:
    """A figure, and the formula that gives it."""

    value: Value
    formula: str


def column_of(book: Book, key: str, sheet: str = SUMMARY) -> str:
    """A column of a sheet, from the first candidate to the last."""
    return f"{sheet}!{book.places[sheet].column(key)}"


class Board:
    """The sheet being filled; ``row`` is the next free one, from 0."""

    def __init__(self, book: Book, sheet: Worksheet, row: int) -> None:
        self.book, self.sheet, self.row = book, sheet, row
        self._breaks: list[int] = []

    def section(self, title: str, note: str, *, new_page: bool = False) -> None:
        """A title over the tables that follow, with how to read them; on a new page of paper, if asked."""
        if new_page:
            self._breaks.append(self.row)
            self.sheet.set_h_pagebreaks(self._breaks)
        self.sheet.set_row(self.row, 21)
        write_value(self.sheet, self.row, 0, printed(title), self.book.styles("section"))
        self.sheet.set_row(self.row + 1, 15)
        write_value(self.sheet, self.row + 1, 0, printed(note), self.book.styles("caption"))
        self.row += 2

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[Value | Cell]]) -> Block:
        """Write one table; returns what its chart reads."""
        top = self.row
        self.sheet.set_row(self.row, _ROW)
        for index, heading in enumerate(headings):
            look = self.book.styles("heading", "left_aligned" if index == 0 else "right", text_wrap=False)
            write_value(self.sheet, self.row, index, heading, look)
        for row in rows:
            self.row += 1
            self.sheet.set_row(self.row, _ROW)
            for index, value in enumerate(row):
                self._write(index, headings[index], value)
        self.row += 1
        return Block(STATISTICS, top + 1, [str(row[0]) for row in rows])

    def _write(self, index: int, heading: str, value: Value | Cell) -> None:
        number = {"num_format": "0 %"} if heading in _PERCENT else {"num_format": "0.00"} if heading in _DECIMAL else {}
        look = self.book.styles("body", "hairline", "text" if index == 0 else "right", **number)
        if isinstance(value, Cell):
            write_live(self.sheet, (self.row, index), value.formula, value.value, look)
        else:
            write_value(self.sheet, self.row, index, value, look)

    def chart(self, chart: Chart, top: int, rows: int) -> None:
        """Insert a chart ``rows`` rows tall beside the table that starts at ``top``; the next one goes below both."""
        chart.set_size({"width": sum(WIDTHS[_CHART_COLUMN:]), "height": round(rows * _ROW * 4 / 3)})
        self.sheet.insert_chart(top, _CHART_COLUMN, chart, {"object_position": 2})
        below = max(self.row, top + rows) + 1
        while self.row < below:
            self.sheet.set_row(self.row, _ROW)
            self.row += 1
