"""One sheet being drawn: where to write, in which style, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model import Referential
from engine.model.contents import EMPTY, Contents, Filled
from engine.model.forms import Form
from engine.office import metrics, styles
from engine.office.styles import Styles
from engine.templates.help import Formula
from engine.templates.layout import Grid, Layout
from engine.templates.tally import Tally

_BLANK = Filled()
_NOTE_WIDTH, _TALLEST_NOTE = 300, 400  # pixels
_TALLEST_ROW = 409  # points, in every spreadsheet program


@dataclass(frozen=True)
class Cover:
    """What the header block says besides the form: the reference, the lines (label, text) about people, the footer.

    A line whose text is ``None`` asks for an identifier: the single input of that label stands there. ``signed``: the
    sheet counts only with its evaluator's personal code.
    """

    reference: str
    lines: tuple[tuple[str, str | None], ...]
    footer: str
    signed: bool = False


@dataclass(frozen=True)
class Canvas:
    """A sheet, with all that drawing it takes. Rows and columns count from 0; ``names`` are fragments of styles.

    ``heights`` (points, by row) and ``states`` (rows whose last cell shows a state) fill up as the sheet is drawn.
    """

    book: Workbook
    sheet: Worksheet
    styles: Styles
    form: Form
    referential: Referential
    layout: Layout
    grid: Grid
    cover: Cover
    contents: Contents = EMPTY
    heights: dict[int, float] = field(default_factory=dict)
    states: list[int] = field(default_factory=list)

    @cached_property
    def tally(self) -> Tally:
        """The counts of what is filled in beforehand."""
        return Tally(self.form, self.contents)

    def filled(self, name: str, code: str = "") -> Filled:
        """The value that an input holds beforehand."""
        return self.contents.cells.get((name, code), _BLANK)

    def style(self, *names: str, **properties: object) -> Format:
        """The format that combines these fragments."""
        return self.styles(*names, **properties)

    def text(self, row: int, column: int, text: str, *names: str, **properties: object) -> None:
        """Write a printed label, with French typography."""
        styles.write_text(self.sheet, row, column, styles.printed(text), self.styles(*names, **properties))

    def exact(self, row: int, column: int, text: str, *names: str, **properties: object) -> None:
        """Write a word that is read back (heading, code, reference) or a person's name, untouched."""
        styles.write_text(self.sheet, row, column, text, self.styles(*names, **properties))

    def number(self, row: int, column: int, value: Decimal, *names: str, **properties: object) -> None:
        """Write a number."""
        styles.write_number(self.sheet, row, column, value, self.styles(*names, **properties))

    def formula(self, row: int, column: int, formula: Formula, *names: str, **properties: object) -> None:
        """Write a formula with its value and its number format."""
        style = self.styles(*names, num_format=formula.number_format, **properties)
        styles.write_formula(self.sheet, (row, column), f"={formula.text}", formula.value, style)

    def fill(self, row: int, columns: Iterable[int], *names: str, **properties: object) -> None:
        """Give empty cells of a row a style."""
        for column in columns:
            self.sheet.write_blank(row, column, None, self.styles(*names, **properties))

    def conditional(self, properties: Mapping[str, object]) -> Format:
        """The format of a conditional format: only what it changes."""
        return self.styles.bare(properties)

    def prompt(self, row: int, column: int, title: str, message: str) -> None:
        """Show a bubble when a cell is selected."""
        options = {"validate": "any", "input_title": title, "input_message": styles.printed(message)}
        self.sheet.data_validation(row, column, row, column, options)

    def note(self, row: int, column: int, text: str) -> None:
        """Attach a note to a cell, in a box tall enough for it."""
        lines = metrics.wrap(text, _NOTE_WIDTH, 9)
        box = {"width": _NOTE_WIDTH, "height": min(20 + 17 * lines, _TALLEST_NOTE)}
        look = {"author": "cohorte", "font_name": styles.FONT, "font_size": 9, "color": styles.BRICK_TINT}
        if self.sheet.write_comment(row, column, styles.safe_text(text), look | box) != 0:
            raise ValueError(f"cell {row},{column} of {self.sheet.get_name()} could not be given a note")

    def height(self, row: int, points: float) -> None:
        """Set a row's height."""
        self.heights[row] = points
        self.sheet.set_row(row, points)

    def taller(self, row: int, points: float) -> None:
        """Make a row at least so high, as far as a row can be."""
        if points > self.heights.get(row, 0):
            self.height(row, min(points, _TALLEST_ROW))

    def rich(self, row: int, column: int, lines: Iterable[str], cell_style: Format, **font: object) -> None:
        """Write lines whose ``**words**`` are bold accent."""
        parts: list[object] = []
        for part in rich_parts("\n".join(styles.printed(line) for line in lines)):
            bold = {"bold": True, "font_color": styles.ACCENT} if part.bold else {}
            parts += [self.styles(**(font | bold)), part.text]
        if len(parts) > 2:
            self.sheet.write_rich_string(row, column, *parts, cell_style)
        else:
            self.sheet.write_string(row, column, parts[1] if parts else "", cell_style)


@dataclass(frozen=True)
class Part:
    """A run of text, bold or not."""

    text: str
    bold: bool


def rich_parts(text: str) -> list[Part]:
    """The runs of a text where ``**`` opens and closes what is bold."""
    pieces = text.split("**")
    return [Part(piece, bold=index % 2 == 1) for index, piece in enumerate(pieces) if piece]


def wrap_rich(text: str, room: float, size: float) -> list[str]:
    """Cut a line of marked text into lines at most ``room`` pixels wide, at plain spaces; marks stay paired."""
    lines, line, used, bold = [], "", 0.0, False
    for word in re.findall(r"[^ ]+ *| +", text):
        width = 0.0
        for index, piece in enumerate(word.split("**")):
            width += metrics.text_width(styles.printed(piece), size, bold=bold ^ (index % 2 == 1))
        if line.strip() and used + width > room:
            lines.append(line.rstrip() + ("**" if bold else ""))
            line, used = ("**" if bold else ""), 0.0
        line, used = line + word, used + width
        bold ^= word.count("**") % 2 == 1
    return [*lines, line.rstrip()]
