"""The one way every results sheet is drawn: title block, headings, rows, filter, frozen panes, page.

Workbooks are written with constant memory: rows come in order, and none is touched twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.metrics import row_height, text_width, wrap
from engine.model import Outcome, Referential, Roster, Run
from engine.results.looks import Rule
from engine.styles import FAINT, HAIRLINE, STYLES, Styles, printed, safe_text, set_page, write_number, write_text

Value = str | int | Decimal | date | datetime | None
Line = Sequence[tuple[str, str]]
"""A line of the title block: pieces of text, each with the name of its style."""

_MINIMUM_WIDTH = 700  # pixels: the title block of the narrowest sheet
_BUTTON = 18  # points a filter button takes at the bottom of a rotated heading


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: exact ``heading``, ``width`` in pixels, ``style`` fragments and ``number`` format of its cells.

    ``group`` is printed above a run of columns and centred across it; ``above`` is the minimum shown over the heading;
    ``rotated`` headings stand upright in narrow columns; ``opens`` draws a hairline at the left of a group;
    ``stretch`` marks the column that takes the room a small table leaves; ``rules`` are its conditional formats.
    """

    heading: str
    width: int
    style: tuple[str, ...] = ()
    number: str = ""
    group: str = ""
    above: Decimal | str | None = None
    rotated: bool = False
    opens: bool = False
    stretch: bool = False
    rules: tuple[Rule, ...] = ()

    @property
    def size(self) -> float:
        """The font size of its cells, in points."""
        return _property(self.style, "font_size", 9)

    @property
    def wraps(self) -> bool:
        """Whether long text takes several lines."""
        return _property(self.style, "text_wrap", False)

    @property
    def bold(self) -> bool:
        """Whether its cells are bold."""
        return _property(self.style, "bold", False)


def _edge(column: Column) -> dict[str, Any]:
    return {"left": 1, "left_color": HAIRLINE} if column.opens else {}


def _property(names: tuple[str, ...], name: str, default):
    return next((STYLES[style][name] for style in reversed(names) if name in STYLES[style]), default)


def fitted(texts: Iterable[str], *, low: int, high: int, size: float = 9, bold: bool = False) -> int:
    """A width in pixels that holds these texts, within bounds."""
    widest = max((text_width(text, size, bold=bold) for text in texts), default=0.0)
    return min(max(low, round(widest / 0.92) + 14), high)


def first_fitting(texts: Sequence[str], width: int) -> str:
    """The first of these group names that fits in a width; the last one when none does."""
    return next((text for text in texts if text_width(text, 8, bold=True) < width - 6), texts[-1])


@dataclass(frozen=True)
class Book:
    """The workbook being written, and what every sheet of it needs to know."""

    workbook: Workbook
    styles: Styles
    referential: Referential
    roster: Roster
    run: Run
    outcomes: tuple[Outcome, ...]

    @property
    def version(self) -> str:
        """``référentiel du 15/03/2024``, or the version as written when it is not a date."""
        version = self.referential.certification.version
        try:
            return f"référentiel du {date.fromisoformat(version):%d/%m/%Y}"
        except ValueError:
            return f"référentiel, version {version}"

    @property
    def session(self) -> str:
        """``Session : Lyon, juin 2025``, as far as the roster says."""
        session = self.roster.session
        return ", ".join(part for part in (session.cohort, session.centre, session.session) if part)

    @property
    def captions(self) -> tuple[str, str]:
        """What stands at the right of the title block: the certification, then the session and the time."""
        certification = self.referential.certification
        made = f"Consolidé le {self.run.made_at:%d/%m/%Y} à {self.run.made_at:%H h %M}."
        return (
            f"{certification.title} ({certification.short_title}), {certification.code}, {self.version}",
            f"{self.session}. {made}" if self.session else made,
        )


class Table:
    """One sheet holding one table: made with its title block and headings, then filled row by row, then closed."""

    def __init__(
        self,
        book: Book,
        name: str,
        columns: Sequence[Column],
        *,
        lines: Sequence[Line] = (),
        frozen: int = 0,
        above: str = "",
        row_minimum: float = 17.25,
    ) -> None:
        """``frozen``: columns kept in sight; ``above``: caption of the row of minima, if there is one."""
        self.book, self.name = book, name
        self.columns = _stretched(columns)
        self.sheet: Worksheet = book.workbook.add_worksheet(name)
        self._row_minimum, self._frozen = row_minimum, frozen
        self._formats: dict[tuple[int, tuple[str, ...]], Format] = {}
        self.row = 0
        for index, column in enumerate(self.columns):
            self.sheet.set_column_pixels(index, index, column.width)
        self.row = write_block(book, self.sheet, name, lines, [column.width for column in self.columns])
        self._write_headings(above)

    def format(self, index: int, look: tuple[str, ...] = ()) -> Format:
        """The format of a cell of this column, with further style fragments."""
        key = (index, look)
        if key not in self._formats:
            column = self.columns[index]
            special = _edge(column)
            if column.number and not _property(look, "num_format", ""):
                special["num_format"] = column.number
            self._formats[key] = self.book.styles("body", "hairline", *column.style, *look, **special)
        return self._formats[key]

    def add(self, values: Sequence[Value], looks: Mapping[int, tuple[str, ...]] | None = None) -> None:
        """Write one row; ``looks`` adds style fragments to some of its cells."""
        self.sheet.set_row(self.row, self._height(values))
        for index, value in enumerate(values):
            write_value(self.sheet, self.row, index, value, self.format(index, (looks or {}).get(index, ())))
        self.row += 1

    def close(self) -> None:
        """Filter, frozen panes, conditional formats and page, once every row is there."""
        last = max(self.row - 1, self.first - 1)
        self.sheet.autofilter(self.first - 1, 0, last, len(self.columns) - 1)
        self.sheet.freeze_panes(self.first, self._frozen)
        self.sheet.repeat_rows(self._head, self.first - 1)
        if last >= self.first:
            self._write_rules(last)
        finish_page(self.book, self.sheet, self.name, landscape=sum(column.width for column in self.columns) > 720)

    def _height(self, values: Sequence[Value]) -> float:
        heights = [
            row_height(wrap(value, column.width, column.size, bold=column.bold), column.size)
            for column, value in zip(self.columns, values, strict=True)
            if column.wraps and isinstance(value, str)
        ]
        return min(max([self._row_minimum, *heights]), 409)

    def _write_headings(self, above: str) -> None:
        self._head = self.row
        if any(column.group for column in self.columns):
            self._write_groups()
        self._above = self.row
        if any(column.above is not None for column in self.columns):
            self._write_minima(above)
        rotated = [text_width(column.heading, 8, bold=True) * 0.75 for column in self.columns if column.rotated]
        self.sheet.set_row(self.row, max([21.0, *(round(width + _BUTTON + 8) for width in rotated)]))
        for index, column in enumerate(self.columns):
            turned = {"rotation": 90, "valign": "top", "align": "center", "text_wrap": False}
            placed = (
                turned if column.rotated else {"valign": "bottom", "align": _property(column.style, "align", "left")}
            )
            write_text(self.sheet, self.row, index, column.heading, self._heading(column, "rule", **placed))
        self.row += 1
        self.first = self.row

    def _heading(self, column: Column, *names: str, **placed) -> Format:
        return self.book.styles("pale_heading", *names, **_edge(column), **placed)

    def _write_groups(self) -> None:
        self.sheet.set_row(self.row, 17.25)
        for index, column in enumerate(self.columns):
            again = index and column.group and column.group == self.columns[index - 1].group and not column.opens
            across = {"align": "center_across"} if column.group else {}
            style = self._heading(column, text_wrap=False, **across)
            write_text(self.sheet, self.row, index, "" if again else printed(column.group), style)
        self.row += 1

    def _write_minima(self, caption: str) -> None:
        captioned = next(i for i, column in enumerate(self.columns) if column.above is not None) - 1
        for index, column in enumerate(self.columns):
            if index == captioned:
                style = self._heading(column, bold=False, align="right", text_wrap=False, font_color=FAINT)
                write_text(self.sheet, self.row, index, caption, style)
            else:
                style = self._heading(column, bold=False, align="center", text_wrap=False)
                write_value(self.sheet, self.row, index, column.above, style)
        self.row += 1

    def _write_rules(self, last: int) -> None:
        for index, column in enumerate(self.columns):
            places = {
                "here": xl_rowcol_to_cell(self.first, index),
                "next": xl_rowcol_to_cell(self.first, index + 1),
                "above": xl_rowcol_to_cell(self._above, index, row_abs=True),
            }
            for rule in column.rules:
                options = {
                    "type": "formula",
                    "criteria": "=" + rule.formula.format(**places),
                    "format": self.book.styles(**rule.look),
                }
                self.sheet.conditional_format(self.first, index, last, index, options)


def _stretched(columns: Sequence[Column]) -> tuple[Column, ...]:
    room = _MINIMUM_WIDTH - sum(column.width for column in columns)
    taker = next((column for column in columns if column.stretch), columns[-1])
    return tuple(
        replace(column, width=column.width + room) if room > 0 and column is taker else column for column in columns
    )


def write_value(sheet: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """Write a value for what it is; nothing but a formatted blank for ``None``."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        write_text(sheet, row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        write_number(sheet, row, column, value, style)


def write_block(book: Book, sheet: Worksheet, title: str, lines: Sequence[Line], widths: Sequence[int]) -> int:
    """Title, lines and captions, closed by an accent rule; returns the row that follows."""
    sheet.hide_gridlines(2)
    sheet.set_row(0, 31.5)
    write_text(sheet, 0, 0, title, book.styles("title"))
    row = 1
    for line, caption in _rows_of_block(lines, book.captions, sum(widths)):
        sheet.set_row(row, 15)
        _write_line(book, sheet, row, line)
        if caption:
            write_text(sheet, row, len(widths) - 1, printed(caption), book.styles("label", "right"))
        row += 1
    sheet.set_row(row, 6)
    for index in range(len(widths)):
        sheet.write_blank(row, index, None, book.styles("rule"))
    return row + 1


def _rows_of_block(lines: Sequence[Line], captions: Sequence[str], width: int) -> list[tuple[Line, str]]:
    """Captions stand at the right of the lines, or under them where the sheet is too narrow for both."""
    beside = list(zip_longest(lines, captions, fillvalue=""))
    if all(_line_width(line) + text_width(caption, 8) + 40 < width for line, caption in beside):
        return beside
    return [(line, "") for line in [*lines, *([(caption, "label")] for caption in captions)]]


def _line_width(line: Line) -> float:
    return sum(text_width(text, 9, bold=True) for text, _ in line)


def _write_line(book: Book, sheet: Worksheet, row: int, line: Line) -> None:
    pieces = [(safe_text(printed(text)), book.styles("caption", style)) for text, style in line if text]
    if len(pieces) > 1:
        flat = [part for text, style in pieces for part in (style, text)]
        sheet.write_rich_string(row, 0, *flat, book.styles("caption"))
    elif pieces:
        write_text(sheet, row, 0, *pieces[0])


def finish_page(book: Book, sheet: Worksheet, title: str, *, landscape: bool, fit_height: int = 0) -> None:
    """A4, one page wide, with the sheet's title and the session in the footer."""
    left = f"{title}, {book.session}" if book.session else title
    centre = f"{book.referential.certification.short_title}, {book.version}"
    margins = (7, 7, 10, 13) if landscape else (12, 12, 10, 13)
    set_page(sheet, landscape=landscape, margins_mm=margins, footer=(left, centre), fit_height=fit_height)
