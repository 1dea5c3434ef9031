"""The page being drawn: its columns, two blocks side by side, and rows that stand level in both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model import Outcome, Referential, Roster
from engine.office.metrics import row_height, text_width, wrap
from engine.office.styles import Styles, printed, safe_text, write_number, write_text
from engine.outputs.fiches.strip import Strip

Value = str | int | Decimal | None
Piece = tuple[str, str]
"""A piece of text, and the name of its style."""

MINIMUM_ROW = 15.0  # points
_CODE, _TITLE, _STRIP, _FIGURE, _STATE, _GUTTER = 32, 306, 80, 38, 18, 16  # pixels
_LONGEST_CODE = 140  # pixels
_RIGHT = (206, 53, 46, 68)  # pixels: « Barème », « Points », « ○ En attente » stand on a line


@dataclass(frozen=True)
class Shared:
    """What every page of a cohort needs to know; ``means``: level by transversal code, where it may be shown."""

    referential: Referential
    roster: Roster
    means: dict[str, Decimal]
    strip: Strip


class Layout:
    """Where the columns stand, from 0, and how wide they are, in pixels.

    On the left: code, title, a strip of cells that draws the level, minimum, level, state. On the right: title and
    three figures.
    """

    def __init__(self, shared: Shared) -> None:
        strip, code = shared.strip, _code_width(shared.referential)
        segment = round(_STRIP / strip.segments)
        left = [code, _CODE + _TITLE - code, *[segment] * strip.segments, _FIGURE, _FIGURE, _STATE]
        self.widths = (*left, _GUTTER, *_RIGHT)
        self.code, self.title, self.strip = 0, 1, 2
        self.minimum = 2 + strip.segments
        self.level, self.state, gutter = self.minimum + 1, self.minimum + 2, self.minimum + 3
        self.right = gutter + 1
        self.last = len(self.widths) - 1

    def width(self, first: int, last: int) -> int:
        """The width of a run of columns."""
        return sum(self.widths[first : last + 1])


def _code_width(referential: Referential) -> int:
    """The width that the codes of the left block take; longer ones leave titles less."""
    small = [*(each.code for each in referential.competences), *(exam.code for exam in referential.exams)]
    small += [item.code for item in referential.transversal.items] if referential.transversal else []
    widths = [text_width(bloc.code, 9, bold=True) for bloc in referential.blocs]
    widths += [text_width(code, 8, bold=True) for code in small]
    return max(_CODE, min(int(max(widths) / 0.92) + 6, _LONGEST_CODE))


@dataclass(frozen=True)
class Row:
    """One row of a block: the height it needs in points, and how it is written at a row of the sheet."""

    height: float
    write: Callable[[int], None]


@dataclass(frozen=True)
class Box:
    """What spans several rows of a block: the height it needs in points, and how it is written from row to row."""

    height: float
    write: Callable[[int, int], None]


class Page:
    """One sheet of the workbook, for one candidate; ``row`` is the next row to write."""

    def __init__(self, workbook: Workbook, sheet: Worksheet, styles: Styles, shared: Shared, outcome: Outcome) -> None:
        self.workbook, self.sheet, self.styles = workbook, sheet, styles
        self.shared, self.referential, self.outcome = shared, shared.referential, outcome
        self.layout = Layout(shared)
        self.row = 0
        self._heights: list[float] = []
        for index, width in enumerate(self.layout.widths):
            sheet.set_column_pixels(index, index, width)

    def put(self, row: int, column: int, value: Value, *styles: str, **properties: Any) -> None:
        """Write a value for what it is; nothing but a formatted blank for ``None``."""
        look = self.styles(*styles, **properties)
        if value is None:
            self.sheet.write_blank(row, column, None, look)
        elif isinstance(value, str):
            write_text(self.sheet, row, column, value, look)
        else:
            write_number(self.sheet, row, column, value, look)

    def spread(self, row: int, first: int, last: int, pieces: Iterable[Piece], *styles: str, **properties: Any) -> None:
        """Write pieces of text across a run of columns."""
        look = self.styles(*styles, **properties)
        self.sheet.merge_range(row, first, row, last, "", look)
        told = [(safe_text(printed(text)), style) for text, style in pieces if text]
        if len(told) > 1:
            flat = [part for text, style in told for part in (self.styles(*styles, style, **properties), text)]
            self.sheet.write_rich_string(row, first, *flat, look)
        elif told:
            write_text(self.sheet, row, first, told[0][0], self.styles(*styles, told[0][1], **properties))

    def fitted(self, text: str, column: int, size: float, *, last: int | None = None, bold: bool = False) -> float:
        """The height of a row that shows the whole of a text in a column, or in a run of columns."""
        width = self.layout.width(column, column if last is None else last)
        return max(MINIMUM_ROW, row_height(wrap(text, width, size, bold=bold), size) - 2.25)

    def add(self, height: float, write: Callable[[int], None] = lambda _: None) -> None:
        """Write the next row of the whole page."""
        self.sheet.set_row(self.row, height)
        self._heights.append(height)
        write(self.row)
        self.row += 1

    def stack(self, left: Sequence[Row], right: Sequence[Row | Box] = ()) -> None:
        """Write two blocks side by side: rows that stand level share the height of the taller one.

        A box takes as many rows as it needs; the last one reaches the end of the left block.
        """
        heights = [row.height for row in left]
        places: list[tuple[int, int]] = []
        for item in right:
            start = places[-1][1] + 1 if places else 0
            places.append((start, _end(item, heights, start, is_last=item is right[-1])))
        top = self.row
        for height in heights:
            self.add(height)
        for offset, row in enumerate(left):
            row.write(top + offset)
        for item, (start, end) in zip(right, places, strict=True):
            item.write(top + start, *([top + end] if isinstance(item, Box) else []))

    def height(self, first: int, last: int) -> float:
        """The height of a run of rows, in points."""
        return sum(self._heights[first : last + 1])


def _end(item: Row | Box, heights: list[float], start: int, *, is_last: bool) -> int:
    """The last row that an item of the right block takes; ``heights`` grow as it needs."""
    if isinstance(item, Row):
        heights[start:] = heights[start:] or [MINIMUM_ROW]
        heights[start] = max(heights[start], item.height)
        return start
    end = start
    while True:
        if end == len(heights):
            heights.append(MINIMUM_ROW)
        if sum(heights[start : end + 1]) >= item.height:
            return max(end, len(heights) - 1) if is_last else end
        end += 1
