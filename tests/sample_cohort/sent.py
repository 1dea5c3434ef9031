"""A workbook as it was sent: where things stand in it, for people who point at a cell rather than at a name."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet


class Sent:
    """A generated workbook, read only."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _book(self) -> openpyxl.Workbook:
        return openpyxl.load_workbook(self.path)

    def cell(self, sheet: str, code: str, heading: str) -> str:
        """The address where the row of a code meets the column of a heading."""
        found = self._book[sheet]
        return f"{_holding(found, heading).column_letter}{_holding(found, code).row}"

    def row(self, sheet: str, code: str) -> int:
        """The number of the row of a code."""
        return _holding(self._book[sheet], code).row

    def beside(self, sheet: str, label: str) -> str:
        """The address of the cell on the right of a label."""
        return _holding(self._book[sheet], label).offset(column=1).coordinate

    def reference(self, sheet: str) -> tuple[str, str]:
        """The address of the sheet's reference, and the reference itself."""
        cells = (cell for row in self._book[sheet].iter_rows(max_row=15) for cell in row)
        found = next(cell for cell in cells if str(cell.value).count("/") == 5)
        return found.coordinate, found.value


def _holding(sheet: Worksheet, text: str):
    return next(cell for row in sheet.iter_rows() for cell in row if cell.value == text)
