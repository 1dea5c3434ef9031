"""How the cells of a sheet are dressed: the style that each one bears, and the rule for what may be typed in it.

A program that inserts or deletes cells takes both along, as it takes values: they tell what moved where cells have no
names. Styles and rules are opaque here: they are only ever compared within one sheet.
"""

from __future__ import annotations

from engine.intake.readers.grid import Area, Dress, Place
from engine.intake.readers.ooxml import odd
from engine.intake.readers.ooxml.conditions import areas


def of_sheet(content: bytes) -> Dress:
    """The dress of a sheet, from its part, which was looked at before."""
    sheet = odd.parse(content, _Sheet())
    return Dress(sheet.styles, tuple(sheet.rules))


class _Sheet(odd.Target):
    """The styles of the cells, and where each validation applies."""

    def __init__(self) -> None:
        super().__init__()
        self.styles: dict[Place, str] = {}
        self.rules: list[tuple[Area, str]] = []
        self._rank = self._row = self._column = 0

    def opened(self, path: list[str], attributes: dict[str, str]) -> None:
        if path[-1] == "row":
            self._row, self._column = odd.number(attributes.get("r", str(self._row + 1))), 0
        elif path[-1] == "c":
            where = odd.cell(attributes["r"]) if "r" in attributes else (self._row - 1, self._column)
            self._column = where[1] + 1
            if attributes.get("s", "0") != "0":
                self.styles[where] = attributes["s"]
        elif path[-1] == "dataValidation":
            self._rank += 1
            self._apply(attributes.get("sqref", ""))

    def data(self, text: str) -> None:
        if self.path[-1] == "sqref" and "dataValidation" in self.path:
            self._apply(text)

    def _apply(self, written: str) -> None:
        self.rules += [(each, str(self._rank)) for each in areas(written)]
