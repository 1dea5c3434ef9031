"""The header block: reference, title and counter, people, the panel with the scale."""

from __future__ import annotations

import math
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from engine.model import wording
from engine.model.forms import Input
from engine.office import metrics, styles
from engine.templates import help, inputs, rules, states
from engine.templates.canvas import Canvas, wrap_rich
from engine.templates.layout import CERTIFICATION, FIRST_LINE, GAP, REFERENCE, RULE, TITLE

_COUNTER_WIDTH = 172  # pixels: « ▲ 1 à corriger, 26 à remplir »
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
    size = 16 if canvas.layout.in_captions else 20
    canvas.text(TITLE, 1, canvas.form.title, "title", font_size=size)
    canvas.height(TITLE, size + (5 if canvas.layout.in_captions else 7))
    _counter(canvas)
    _certification(canvas)
    canvas.fill(RULE, range(last + 1), "rule")
    canvas.height(RULE, 4.5)
    canvas.height(GAP, 2.25)


def _counter(canvas: Canvas) -> None:
    """The big counter, merged over enough columns; the states under it run on to their left."""
    last = canvas.layout.last
    column = canvas.layout.column_from_right(_COUNTER_WIDTH)
    address = xl_rowcol_to_cell(TITLE, column, row_abs=True, col_abs=True)
    live = help.header(canvas.tally, canvas.grid, canvas.referential, address)
    if column < last:
        canvas.sheet.merge_range(TITLE, column, TITLE, last, "", canvas.style("counter"))
    canvas.formula(TITLE, column, live.counter, "counter", font_size=16 if canvas.layout.in_captions else 20)
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
    for symbols, colour in (((states.DONE,), styles.ACCENT), ((help.WRONG, states.FAILED), styles.BRICK)):
        found = ",".join(f'ISNUMBER(SEARCH("{symbol}",{cells.first}))' for symbol in symbols)
        rules.show(canvas, cells, f"OR({found})", {"font_color": colour, "bold": True})


def _certification(canvas: Canvas) -> None:
    text = wording.certification(canvas.referential)
    _flow(canvas, CERTIFICATION, text, canvas.layout.last, (9, 8, 7), "caption")


def _flow(canvas: Canvas, row: int, text: str, end: int, sizes: tuple[float, ...], *names: str) -> None:
    """Write in B a text that runs on to column ``end``, clear of a state, in the largest of the sizes that fits.

    One that is too long for that wraps in B, on two lines if a size allows it: what stands above the table is always
    on the screen, and must leave room for it.
    """
    bold, width = "name" in names, canvas.layout.widths[1]
    beside_state = end == canvas.layout.last and row in (CERTIFICATION, FIRST_LINE + canvas.grid.lines - 1)
    room = canvas.layout.width(1, end) - (_COUNTER_WIDTH if beside_state else 6)
    for size in sizes:
        if metrics.text_width(text, size, bold=bold) <= room * _LINE_FILL:
            canvas.text(row, 1, text, *names, font_size=size)
            canvas.height(row, 15.75)
            return
    size = next((size for size in sizes[1:] if metrics.wrap(text, width, size, bold=bold) <= 2), sizes[-1])
    canvas.text(row, 1, text, *names, "wrap", font_size=size)
    canvas.height(row, max(15.75, metrics.row_height(metrics.wrap(text, width, size, bold=bold), size)))


# -------------------------------------------------------------------------------------- people and panel


def _lines(canvas: Canvas) -> None:
    singles = {single.label: single for single in canvas.form.singles}
    for row in range(FIRST_LINE, FIRST_LINE + canvas.grid.lines):
        canvas.height(row, 15.75)
    for row, (label, text) in enumerate(canvas.cover.lines, start=FIRST_LINE):
        if text is None:
            _identifier(canvas, row, singles[label])
        else:
            canvas.text(row, 0, label, "label", indent=1)
            free = canvas.layout.in_captions and row < FIRST_LINE + canvas.grid.lines - 1
            end = canvas.layout.last if free else canvas.layout.line_end
            _flow(canvas, row, text, end, (10, 9, 8, 7), "name")


def _identifier(canvas: Canvas, row: int, single: Input) -> None:
    canvas.text(row, 0, single.label, "label", "wrap", indent=1)
    inputs.single(canvas, single, row, 1, "name", align="left", indent=1)
    canvas.height(row, 27)


def _panel(canvas: Canvas) -> None:
    layout, grid = canvas.layout, canvas.grid
    first = layout.panel_column if layout.panel_beside else 1
    last = layout.line_end if layout.in_captions else layout.last
    room = (layout.width(first, last) - 10 - 9) * _PANEL_FILL
    size = 7 if layout.in_captions else 8
    lines = [piece for line in wording.panel(canvas.form, canvas.referential) for piece in wrap_rich(line, room, size)]
    needed = metrics.row_height(len(lines), size) + 3 * layout.panel_beside
    if layout.panel_beside:
        bottom = FIRST_LINE + grid.lines - 1
        _stretch(canvas, FIRST_LINE, bottom, needed)
    else:
        bottom = grid.panel
        canvas.height(grid.panel, needed)
        canvas.fill(grid.panel, [0], "panel")
    if not (layout.panel_beside or layout.in_captions):
        canvas.height(grid.panel - 1, 3)
    look = canvas.style("panel", indent=1) if layout.panel_beside else canvas.style("panel")
    canvas.sheet.merge_range(grid.panel, first, bottom, last, "", look)
    canvas.rich(grid.panel, first, lines, look, font_size=size, font_color=styles.SOFT)
    if not layout.in_captions:
        canvas.height(grid.heading - 1, 3)


def _stretch(canvas: Canvas, first: int, last: int, needed: float) -> None:
    """Make rows tall enough together for the panel beside them."""
    heights = canvas.heights
    total = sum(heights[row] for row in range(first, last + 1))
    if total < needed:
        more = math.ceil((needed - total) / (last - first + 1) / 0.75) * 0.75
        for row in range(first, last + 1):
            canvas.height(row, heights[row] + more)
