"""Native charts in our palette: readable in grey, without gridlines, each figure written on its bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from engine.model import Decision, State
from engine.office.styles import ACCENT, BRICK, EDGE, FONT, HAIRLINE, INK, SOFT, WHITE, printed

_LINE = {"color": EDGE, "width": 0.75}
FILLS: Mapping[str, Mapping[str, Any]] = {
    Decision.ADMITTED: {"fill": {"color": ACCENT}},
    Decision.PARTIAL: {"fill": {"color": "#8FB2C2"}},
    Decision.REFUSED: {"fill": {"color": BRICK}},
    Decision.PENDING: {"fill": {"color": HAIRLINE}},
    Decision.LEFT: {"fill": {"color": WHITE}, "border": _LINE},
    State.VALIDATED: {"fill": {"color": ACCENT}},
    State.FAILED: {
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": BRICK, "bg_color": WHITE},
        "border": {"color": BRICK, "width": 0.75},
    },
    State.PENDING: {"fill": {"color": "#E3E7EA"}, "border": _LINE},
    State.NOT_PRESENTED: {"fill": {"color": WHITE}, "border": _LINE},
}
"""How the bar of each word is filled: tint, hatching or outline, so that no two look alike in grey."""


class Block:
    """A written table that charts read: where its categories and its series of figures stand."""

    def __init__(self, sheet: str, first_row: int, categories: Sequence[str]) -> None:
        self._sheet, self._first, self._categories = sheet, first_row, list(categories)

    def series(self, column: int, name: str, figures: Sequence[float], **look: Any) -> dict[str, Any]:
        """One series: its cells, and the figures themselves for viewers that do not recompute charts."""
        last = self._first + len(self._categories) - 1
        return {
            "name": name,
            "categories": [self._sheet, self._first, 0, last, 0],
            "values": [self._sheet, self._first, column, last, column],
            "categories_data": self._categories,
            "values_data": list(figures),
            "gap": 40,
            **look,
        }


def _font(size: float, color: str, *, bold: bool = False) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": color, "bold": bold}


def labels(color: str = INK, position: str | None = None) -> dict[str, Any]:
    """The figure of each bar; none is written for an empty bar."""
    found = {"value": True, "num_format": "0;;", "font": _font(8, color, bold=True)}
    return found | ({"position": position} if position else {})


def decisions_chart(
    workbook: Workbook, block: Block, others: Mapping[Decision, int], provisional: Mapping[Decision, int]
) -> Chart:
    """One bar per decision, its provisional part outlined at its end."""
    chart = workbook.add_chart({"type": "bar", "subtype": "stacked"})
    points = [dict(FILLS[decision]) for decision in others]
    bright = (Decision.ADMITTED, Decision.REFUSED)
    fonts = [{"font": _font(8, WHITE if decision in bright else INK, bold=True)} for decision in others]
    look = {"points": points, "data_labels": labels() | {"custom": fonts}, **FILLS[Decision.ADMITTED]}  # in the legend
    chart.add_series(block.series(4, "Autres", list(others.values()), **look))
    chart.add_series(
        block.series(3, "Provisoires", list(provisional.values()), data_labels=labels(), **FILLS[State.PENDING])
    )
    _dress(chart, "Décisions, en nombre de candidats")
    _bar_axes(chart)
    if not any(provisional.values()):
        chart.set_legend({"none": True})
    return chart


def stacked_chart(workbook: Workbook, block: Block, title: str, figures: Mapping[State, Sequence[int]]) -> Chart:
    """One column per condition, its candidates by state."""
    chart = workbook.add_chart({"type": "column", "subtype": "stacked"})
    for column, (state, numbers) in enumerate(figures.items(), start=1):
        color = WHITE if state is State.VALIDATED else INK
        chart.add_series(block.series(column, state.value, numbers, data_labels=labels(color), **FILLS[state]))
    _dress(chart, title)
    _column_axes(chart)
    return chart


def distribution_chart(workbook: Workbook, block: Block, title: str, figures: Mapping[str, Sequence[int]]) -> Chart:
    """Candidates by bracket of points; those under the bar are hatched."""
    chart = workbook.add_chart({"type": "column", "subtype": "stacked"})
    looks = ((INK, {"pattern": FILLS[State.FAILED]["pattern"]}), (WHITE, FILLS[State.VALIDATED]))
    for column, ((name, numbers), (color, look)) in enumerate(zip(figures.items(), looks, strict=True), start=1):
        chart.add_series(block.series(column, name, numbers, data_labels=labels(color), **look))
    _dress(chart, title)
    _column_axes(chart)
    return chart


def share_chart(workbook: Workbook, block: Block, title: str, figures: Mapping[str, Sequence[Decimal | None]]) -> Chart:
    """One bar per row, out of 100 %, from the fourth column."""
    chart = workbook.add_chart({"type": "bar"})
    ((name, shares),) = figures.items()
    shown = [0 if number is None else float(number) for number in shares]
    look = {"data_labels": labels(position="outside_end") | {"num_format": "0 %"}, **FILLS[State.VALIDATED]}
    chart.add_series(block.series(3, name, shown, **look))
    _dress(chart, printed(title))
    _bar_axes(chart, maximum=1.1)
    chart.set_legend({"none": True})
    return chart


def pairs_chart(workbook: Workbook, block: Block, title: str, figures: Mapping[str, Sequence[Decimal]]) -> Chart:
    """Two bars per row, one solid and one outlined, in the order of the columns from the third on."""
    chart = workbook.add_chart({"type": "bar"})
    looks = (FILLS[State.VALIDATED], FILLS[State.PENDING])
    for column, ((name, numbers), look) in enumerate(zip(figures.items(), looks, strict=True), start=2):
        shown = [float(number) for number in numbers]
        font = labels(position="outside_end") | {"num_format": "0.0"}
        chart.add_series(block.series(column, name, shown, data_labels=font, **look) | {"overlap": 0})
    _dress(chart, printed(title))
    _bar_axes(chart)
    return chart


def _bar_axes(chart: Chart, **bounds: float) -> None:
    """Categories from the top down; no scale, for each bar bears its figure."""
    chart.set_y_axis(
        {"reverse": True, "num_font": _font(8, SOFT), "line": {"color": HAIRLINE}, "major_tick_mark": "none"}
    )
    hidden = {"visible": False, "major_gridlines": {"visible": False}, "min": 0}
    chart.set_x_axis(hidden | ({"max": bounds["maximum"]} if bounds else {}))


def _dress(chart: Chart, title: str) -> None:
    chart.set_title({"name": title, "name_font": _font(10, ACCENT, bold=True), "overlay": False})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_legend({"position": "bottom", "font": _font(8, SOFT)})


def _column_axes(chart: Chart) -> None:
    chart.set_x_axis({"num_font": _font(8, SOFT), "line": {"color": HAIRLINE}, "major_tick_mark": "none"})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0})
