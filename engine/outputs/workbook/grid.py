"""The one way every table is drawn: title block, headings, rows, filter, frozen panes, colours, page.

Workbooks are written with constant memory: rows come in order, and none is touched twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell

from engine.office.metrics import row_height, wrap
from engine.office.styles import FAINT, printed, safe_text, write_text
from engine.outputs.workbook.cells import Value, ending, followers, live_ending, row_cells
from engine.outputs.workbook.column import Column, heading_height, identified, is_wide, stretched
from engine.outputs.workbook.frame import (
    Frame,
    Line,
    block_height,
    block_points,
    finish_page,
    write_block,
    write_value,
)
from engine.outputs.workbook.links import MOST_LINKS
from engine.outputs.workbook.places import Place

_NONE: Mapping[int, Any] = MappingProxyType({})
_TALLEST = 409.5  # points: the tallest row Excel accepts


MOST_FROZEN = 192.0  # points: a third of a screen of 768 pixels
_GROUPS, _MINIMA = 17.25, 15.0  # points
_SCREEN = 1_300  # pixels: what most screens show of a sheet


def zoom(width: int) -> int:
    """The zoom, in percent, at which a sheet this wide fits in a screen, as long as it can be read."""
    return max(70, min(100, 100 * _SCREEN // width // 5 * 5))


def first_row(book: Frame, columns: Sequence[Column], lines: Sequence[Line]) -> int:
    """The row, from 0, under the headings of such a table, known before it is made."""
    headings = 1 + any(column.group for column in columns) + any(column.above is not None for column in columns)
    return block_height(book, lines, [column.width for column in _laid_out(book, columns)]) + headings


def _laid_out(book: Frame, columns: Sequence[Column]) -> tuple[Column, ...]:
    return stretched(identified(columns, book.identifier_width))


@dataclass(frozen=True)
class Shape:
    """How a table stands: columns kept in sight, the caption of its row of minima if it has one, and how tall a row is
    at least, in points."""

    frozen: int = 0
    above: str = ""
    row_minimum: float = 18.0


_USUAL = Shape()


class Table:
    """One sheet holding one table: made with its title block and headings, then filled row by row, then closed.

    ``row`` is the next row to write, ``first`` the first one under the headings (both from 0).
    """

    def __init__(
        self,
        book: Frame,
        name: str,
        columns: Sequence[Column],
        *,
        lines: Sequence[Line] = (),
        shape: Shape = _USUAL,
    ) -> None:
        self.book, self.name = book, name
        self.columns = _laid_out(book, columns)
        self.sheet = book.sheet(name)
        self._shape, self._links = shape, 1  # the link home
        self._wrapped = [
            (
                index,
                column.width,
                column.size,
                {"bold": column.styled("bold", False), "indent": column.styled("indent", 0)},
            )
            for index, column in enumerate(self.columns)
            if column.styled("text_wrap", False)
        ]
        self._numbers: dict[tuple[int, tuple[str, ...]], int] = {}
        self._followers = followers(len(self.columns))
        for index, column in enumerate(self.columns):
            self.sheet.set_column_pixels(index, index, column.width)
        self.row = write_block(book, self.sheet, name, lines, [column.width for column in self.columns])
        self._write_headings()

    def format(self, index: int, look: tuple[str, ...] = ()) -> Format:
        """The format of a cell of this column, with further style fragments."""
        column = self.columns[index]
        special = column.edge
        if column.number:
            special["num_format"] = column.styled("num_format", column.number, look)
        return self.book.styles("body", "hairline", *column.style, *look, **special)

    def add(
        self,
        values: Sequence[Value],
        looks: Mapping[int, tuple[str, ...]] = _NONE,
        formulas: Mapping[int, str] = _NONE,
        links: Mapping[int, str | None] = _NONE,
    ) -> None:
        """Write one row; ``looks`` adds style fragments to some of its cells, ``formulas`` what gives their values.

        ``links``: the addresses that some of its texts lead to (:mod:`.links`), if they have one.
        """
        self.sheet.begin(self.row, self._height(values))
        endings = []
        for index, (value, follower) in enumerate(zip(values, self._followers, strict=True)):
            look = looks.get(index, ())
            if index in formulas:
                endings.append(live_ending(formulas[index], value, self._number(index, look), follower))
                continue
            address = links.get(index) if isinstance(value, str) and value else None
            if address and self._links < MOST_LINKS:
                self._links += 1
                led = self.sheet.lead(self.row, index, address, safe_text(str(value)))
                look = (*look, "link") if led else look
            endings.append(ending(value, self._number(index, look), follower))
        self.sheet.lay(row_cells(str(self.row + 1), endings))
        self.row += 1

    def _number(self, index: int, look: tuple[str, ...]) -> int:
        """The number that a format has in the workbook, from its first cell on."""
        number = self._numbers.get((index, look))
        if number is None:
            number = self._numbers[index, look] = self.format(index, look)._get_xf_index()
        return number

    def close(self, last: int | None = None, printed_rows: int = 0) -> None:
        """Filter, frozen panes, conditional formats and page; ``last`` row when it is not the last one written.

        ``printed_rows``: print that many rows only, of a table too long for paper; 0 for all of them.
        """
        last = max(self.row if last is None else last + 1, self.first) - 1
        keys = [column.heading for column in self.columns]
        self.book.listed[self.name] = Place(self.name, keys, self.first, last + 1 - self.first)
        if 0 < printed_rows <= last - self.first:
            self.sheet.print_area(0, 0, self.first + printed_rows - 1, len(self.columns) - 1)
        self.sheet.set_zoom(zoom(sum(column.width for column in self.columns)))
        self.sheet.autofilter(self.first - 1, 0, last, len(self.columns) - 1)
        self.sheet.freeze_panes(self.first, self._shape.frozen)
        self.sheet.repeat_rows(self._head, self.first - 1)
        if last >= self.first:
            self._write_rules(last)
        finish_page(self.book, self.sheet, self.name, landscape=is_wide(self.columns))

    def _height(self, values: Sequence[Value]) -> float:
        height = self._shape.row_minimum
        for index, width, size, look in self._wrapped:
            value = values[index]
            if isinstance(value, str) and value:
                height = max(height, row_height(wrap(value, width, size, **look), size))
        return min(height, _TALLEST)

    # ---------------------------------------------------------------------------------------- headings

    def _write_headings(self) -> None:
        self._head, self._points = self.row, block_points(self.row)
        if any(column.group for column in self.columns):
            self._write_groups()
        self._above = self.row
        if any(column.above is not None for column in self.columns):
            self._write_minima(self._shape.above)
        height = min(heading_height(self.columns), MOST_FROZEN - self._points)
        self.sheet.set_row(self.row, height)
        crowded = any(column.rotated or column.tight for column in self.columns)
        for index, column in enumerate(self.columns):
            style = self._heading(column, "rule", **_placed(column, height, crowded=crowded))
            write_text(self.sheet, self.row, index, column.heading, style)
        self.row += 1
        self.first = self.row

    def _heading(self, column: Column, *names: str, **placed: Any) -> Format:
        return self.book.styles("pale_heading", *names, **{"text_wrap": False} | column.edge | placed)

    def _write_groups(self) -> None:
        self.sheet.set_row(self.row, _GROUPS)
        self._points += _GROUPS
        for index, column in enumerate(self.columns):
            again = index and not column.opens and column.group == self.columns[index - 1].group
            style = self._heading(column, **({"align": "center_across"} if column.group else {}))
            write_text(self.sheet, self.row, index, "" if again else printed(column.group), style)
        self.row += 1

    def _write_minima(self, caption: str) -> None:
        self.sheet.set_row(self.row, _MINIMA)
        self._points += _MINIMA
        first = next(index for index, column in enumerate(self.columns) if column.above is not None)
        captioned = min(first, self._shape.frozen or first) - 1  # over people, not over a mark that has no minimum
        for index, column in enumerate(self.columns):
            if index == captioned:
                style = self._heading(column, bold=False, align="right", indent=1, font_color=FAINT)
                write_text(self.sheet, self.row, index, caption, style)
            else:
                style = self._heading(column, bold=False, align="center")
                write_value(self.sheet, self.row, index, column.above, style)
        self.row += 1

    # ------------------------------------------------------------------------------------------ colours

    def _write_rules(self, last: int) -> None:
        for index, column in enumerate(self.columns):
            places = {
                "here": xl_rowcol_to_cell(self.first, index),
                "next": xl_rowcol_to_cell(self.first, index + 1),
                "above": xl_rowcol_to_cell(self._above, index, row_abs=True),
            }
            for rule in column.rules:
                criteria, look = "=" + rule.formula.format(**places), self.book.styles(**rule.look)
                options = {"type": "formula", "criteria": criteria, "format": look}
                self.sheet.conditional_format(self.first, index, last, index, options)


def _placed(column: Column, height: float, *, crowded: bool) -> dict[str, Any]:
    """Where a heading stands in its cell, ``height`` points tall: clear of the filter button, at the bottom right."""
    align = column.styled("align", "left")
    if column.rotated:
        folded = heading_height([column]) > height
        return {"rotation": 90, "valign": "top", "align": "center", "text_wrap": folded}
    if column.tight:
        return {"valign": "top", "align": align}
    indent = column.styled("indent", 0) if align == "left" else 0
    return {"valign": "bottom" if crowded else "vcenter", "align": align, "indent": indent}
