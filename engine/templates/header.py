"""The header block: reference, title and counter, people, the panel with the scale."""

from __future__ import annotations

import math
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from engine.model import wording
from engine.model.forms import Input
from engine.office import metrics, styles
from engine.templates import help, inputs, rules
from engine.templates.canvas import Canvas, wrap_rich
from engine.templates.layout import CERTIFICATION, FIRST_LINE, GAP, REFERENCE, RULE, TITLE

_COUNTER_WIDTH = 172  # pixels: « ▲ 1 à corriger, 26 à remplir »
_PANEL_SIZE = 8
_LINE_FILL, _PANEL_FILL = 0.95, 0.88  # of a line: LibreOffice's screen draws text wider than its pages


def draw(canvas: Canvas) -> None:
    """Draw everything above the table."""
    _title(canvas)
    _lines(canvas)
    _panel(canvas)


def _title(canvas: Canvas) -> None:
    last = canvas.layout.last
    canvas.exact(REFERENCE, canvas.layout.edge, canvas.cover.reference, "reference", "text")
    canvas.height(REFERENCE, 12)
    canvas.text(TITLE, 1, canvas.form.title, "title")
    canvas.height(TITLE, 29.25)
    _counter(canvas)
    _certification(canvas)
    canvas.fill(RULE, range(last + 1), "rule")
    canvas.height(RULE, 4.5)
    canvas.height(GAP, 6)


def _counter(canvas: Canvas) -> None:
    """The big counter, merged over enough columns; the states under it run on to their left."""
    last = canvas.layout.last
    column = canvas.layout.column_from_right(_COUNTER_WIDTH)
    address = xl_rowcol_to_cell(TITLE, column, row_abs=True, col_abs=True)
    live = help.header(canvas.tally, canvas.grid, canvas.referential, address)
    if column < last:
        canvas.sheet.merge_range(TITLE, column, TITLE, last, "", canvas.style("counter"))
    canvas.formula(TITLE, column, live.counter, "counter")
    state(canvas, CERTIFICATION, live.state)
    if live.remark:
        state(canvas, FIRST_LINE + canvas.grid.lines - 1, live.remark)


def state(canvas: Canvas, row: int, formula: help.Formula, *names: str, **properties: Any) -> None:
    """Write a state in the last column, to be coloured with the others."""
    canvas.formula(row, canvas.layout.last, formula, "state", *names, **properties)
    canvas.states.append(row)


def colour_states(canvas: Canvas) -> None:
    """Give every state the colour of the symbol it shows."""
    cells = rules.Cells.of(canvas.layout.last, sorted(canvas.states))
    for symbols, colour in (((help.DONE,), styles.ACCENT), ((help.WRONG, help.FAILED), styles.BRICK)):
        found = ",".join(f'ISNUMBER(SEARCH("{symbol}",{cells.first}))' for symbol in symbols)
        rules.show(canvas, cells, f"OR({found})", {"font_color": colour, "bold": True})


def _certification(canvas: Canvas) -> None:
    text = wording.certification(canvas.referential)
    canvas.height(CERTIFICATION, _flow(canvas, CERTIFICATION, text, canvas.layout.last, 9, "caption"))


def _flow(canvas: Canvas, row: int, text: str, end: int, size: float, *names: str) -> float:
    """Write in B a text that runs on to column ``end``, clear of a state, or wraps in B when it is too long for that.

    Returns the height it needs, in points.
    """
    bold = size > 9
    room = canvas.layout.width(1, end) - (_COUNTER_WIDTH if end == canvas.layout.last else 6)
    if metrics.text_width(text, size, bold=bold) <= room * _LINE_FILL:
        canvas.text(row, 1, text, *names)
        return 15.75
    canvas.text(row, 1, text, *names, "wrap")
    return metrics.row_height(metrics.wrap(text, canvas.layout.widths[1], size, bold=bold), size)


# -------------------------------------------------------------------------------------- people and panel


def _lines(canvas: Canvas) -> None:
    end = canvas.layout.panel_column - 1 if canvas.layout.panel_beside else canvas.layout.last
    singles = {single.label: single for single in canvas.form.singles}
    for row in range(FIRST_LINE, FIRST_LINE + canvas.grid.lines):
        canvas.height(row, 15.75)
    for row, (label, text) in enumerate(canvas.cover.lines, start=FIRST_LINE):
        if text is None:
            _identifier(canvas, row, singles[label])
        else:
            canvas.text(row, 0, label, "label", indent=1)
            canvas.height(row, _flow(canvas, row, text, end, 10, "name"))


def _identifier(canvas: Canvas, row: int, single: Input) -> None:
    canvas.text(row, 0, single.label, "label", "wrap", indent=1)
    inputs.single(canvas, single, row, 1, "name", align="left", indent=1)
    canvas.height(row, 27)


def _panel(canvas: Canvas) -> None:
    layout, grid = canvas.layout, canvas.grid
    first = layout.panel_column if layout.panel_beside else 1
    room = (layout.width(first, layout.last) - 10 - 9) * _PANEL_FILL
    lines = [
        piece for line in wording.panel(canvas.form, canvas.referential) for piece in wrap_rich(line, room, _PANEL_SIZE)
    ]
    needed = metrics.row_height(len(lines), _PANEL_SIZE) + 3
    if layout.panel_beside:
        bottom = FIRST_LINE + grid.lines - 1
        _stretch(canvas, FIRST_LINE, bottom, needed)
    else:
        bottom = grid.panel
        canvas.height(grid.panel - 1, 6)
        canvas.height(grid.panel, needed)
        canvas.fill(grid.panel, [0], "panel")
    look = canvas.style("panel", indent=1) if layout.panel_beside else canvas.style("panel")
    canvas.sheet.merge_range(grid.panel, first, bottom, layout.last, "", look)
    canvas.rich(grid.panel, first, lines, look, font_size=_PANEL_SIZE, font_color=styles.SOFT)
    canvas.height(grid.heading - 1, 6)


def _stretch(canvas: Canvas, first: int, last: int, needed: float) -> None:
    """Make rows tall enough together for the panel beside them."""
    heights = canvas.heights
    total = sum(heights[row] for row in range(first, last + 1))
    if total < needed:
        more = math.ceil((needed - total) / (last - first + 1) / 0.75) * 0.75
        for row in range(first, last + 1):
            canvas.height(row, heights[row] + more)
