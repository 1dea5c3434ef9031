"""What stands between the header block and the headings: whose columns they are, or what their codes mean."""

from __future__ import annotations

import math
from itertools import groupby

from engine.model import wording
from engine.office import metrics, styles
from engine.templates.canvas import Canvas
from engine.templates.layout import MOST_FROZEN

_TITLE_SIZE, _FAMILY_SIZE = 7, 8
_HEADINGS = 27  # points: the row of codes under the titles
_WIDE = 84  # pixels: a column where a title need not be turned


def draw(canvas: Canvas) -> None:
    """Draw the captions of the sheets that have some."""
    if canvas.layout.in_captions:
        _people(canvas)
    elif canvas.layout.captions:
        _who_fills(canvas)


def _who_fills(canvas: Canvas) -> None:
    """« par le candidat » over the candidate's columns, « par vous » over the others."""
    row = canvas.grid.heading - 1
    for text, group in groupby(canvas.form.inputs, key=lambda entry: wording.filler(canvas.form, entry)):
        columns = [canvas.grid.columns[entry.heading] for entry in group]
        _across(canvas, row, columns, text)
    canvas.height(row, 18)


def _people(canvas: Canvas) -> None:
    """The families of the codes, and the title of each code turned a quarter, over NOTES and VALIDATION."""
    titles, families = canvas.referential.column_titles, wording.families(canvas.referential)
    tops = canvas.grid.heading - 2
    canvas.taller(tops, 18)
    for family, group in groupby(canvas.form.inputs, key=lambda entry: families.get(entry.heading, "")):
        columns = [canvas.grid.columns[entry.heading] for entry in group]
        _across(canvas, tops, columns, family)
    tallest, above = 21.0, sum(canvas.heights[row] for row in range(tops + 1))
    for entry in canvas.form.inputs:
        title = styles.printed(titles.get(entry.heading, ""))
        column = canvas.grid.columns[entry.heading]
        width = canvas.layout.widths[column]
        canvas.exact(canvas.grid.heading - 1, column, title, "flat" if width >= _WIDE else "turned")
        tallest = max(tallest, _flat_height(title, width) if width >= _WIDE else _turned_height(title, width))
    canvas.taller(canvas.grid.heading - 1, min(tallest, MOST_FROZEN - _HEADINGS - above))  # a longer title is cut


def _flat_height(title: str, width: int) -> float:
    return metrics.row_height(metrics.wrap(title, width, _TITLE_SIZE), _TITLE_SIZE)


def _turned_height(title: str, width: int) -> float:
    """The points a turned title needs, on as many lines as its column is wide enough for."""
    lines = max(1, int((width - 6) / (metrics.LINE_HEIGHTS[_TITLE_SIZE] / 0.75)))
    length = 40
    while metrics.wrap(title, length, _TITLE_SIZE) > lines:
        length += 4
    return math.ceil(length) * 0.75 + 6


def _across(canvas: Canvas, row: int, columns: list[int], text: str) -> None:
    """Centre a text over neighbouring columns without merging them; over one that is too narrow, on several lines."""
    line = {"bottom": 1, "bottom_color": styles.EDGE} if text and canvas.form.by_candidate_rows else {}
    width = canvas.layout.widths[columns[0]]
    folded = len(columns) == 1 and metrics.text_width(text, _FAMILY_SIZE, bold=True) > width
    look = {"align": "center", "text_wrap": True, "font_size": _TITLE_SIZE} if folded else {}
    canvas.text(row, columns[0], text, "family", **line, **look)
    canvas.fill(row, columns[1:], "family", **line)
    if folded:
        lines = metrics.wrap(text, width, _TITLE_SIZE, bold=True)
        canvas.taller(row, metrics.row_height(lines, _TITLE_SIZE))
