"""How a sheet is printed: one page wide; where it is long, a section's title never ends a page, and what closes the
sheet is never parted."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.office import styles
from engine.templates.canvas import Canvas

_USUAL_ROW = 12.75
"""Points of a row whose height nobody set."""

_TALL = 3
"""How many times its usual height a row is that may part a title from what follows."""

_SURE = 0.95
"""As much of a page as every program fills: rows are printed a little taller by some."""


def put_on_paper(canvas: Canvas, last: int) -> None:
    """Set the pages of a sheet that ends at row ``last``."""
    sheet, place = canvas.sheet, canvas.layout
    heights = [canvas.heights.get(row, _USUAL_ROW) for row in range(last + 1)]
    pages = place.pages_high(sum(heights))
    styles.set_page(
        sheet,
        landscape=place.landscape,
        margins_mm=place.margins,
        footer=(canvas.cover.footer, canvas.cover.reference),
        fit_height=pages,
    )
    sheet.repeat_rows(canvas.grid.heading)
    sheet.print_area(0, 0, last, place.edge)
    if pages == 0 and (canvas.form.by_candidate_rows or _stretched(canvas)):
        scale = int(place.scale * 100)
        sheet.set_print_scale(scale)  # no fitting to pages: Excel would then pass over the breaks
        room = place.room / (scale / 100) * _SURE
        sheet.set_h_pagebreaks(page_starts(heights, room, canvas.grid.heading, _bound(canvas, last)))


def _stretched(canvas: Canvas) -> bool:
    """Whether rows are much taller than usual: for a registered wording, or for what somebody wrote at length."""
    rows = range(canvas.grid.first, canvas.grid.last + 1)
    tall = any(canvas.heights.get(row, 0) > _TALL * canvas.layout.item_height for row in rows)
    return tall or any(row.statement for row in canvas.form.rows)


def _bound(canvas: Canvas, last: int) -> set[int]:
    """The rows that stay with the row below: the titles of sections, and from the last row of the table on all that
    closes the sheet, for a signature alone on its page signs nothing."""
    titles = {band.title for band in canvas.grid.bands if band.title is not None}
    return titles | set(range(canvas.grid.last, last))


def page_starts(heights: Sequence[float], room: float, heading: int, bound: Collection[int]) -> list[int]:
    """The rows that begin a page, but the first; ``heading``: the one that is repeated above each of them, ``bound``:
    those that stay with the row below."""
    starts, used = [], 0.0
    for row, height in enumerate(heights):
        end = row
        while end in bound and end + 1 < len(heights):
            end += 1
        if used + sum(heights[row : end + 1]) > room and row > heading + 1 and row - 1 not in bound:
            starts.append(row)
            used = heights[heading]
        used += height
    return starts
