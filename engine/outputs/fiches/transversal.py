"""The transversal competences: a table on the left, and beside it the radar against the mean of the cohort."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from xlsxwriter.chart import Chart

from engine.model import Decision, Outcome, TransversalItem
from engine.office.styles import ACCENT, FAINT, FONT, HAIRLINE, SOFT, printed
from engine.outputs.fiches.competences import state_of, write_level, write_minimum
from engine.outputs.fiches.looks import STATES, alone, signed
from engine.outputs.fiches.page import Box, Page, Row
from engine.outputs.fiches.side import heading
from engine.outputs.parts import transversal_of, transversal_rule

ENOUGH = 5
"""Fewer people than that, and their mean would tell the levels of one of them to the others."""
_LEAST = 3  # axes of a radar
_RADAR = 225  # points
_LABEL = 26  # signs a label may have before codes are shown instead
_CENT = Decimal("0.01")


def transversal_means(outcomes: Iterable[Outcome]) -> dict[str, Decimal]:
    """The cohort's mean level by code, for the items that enough people have; those who left do not count."""
    known: dict[str, list[Decimal]] = defaultdict(list)
    for outcome in outcomes:
        for code, level in outcome.transversal_levels.items():
            if level.value is not None and outcome.decision is not Decision.LEFT:
                known[code].append(level.value)
    return {
        code: (sum(values, Decimal(0)) / len(values)).quantize(_CENT, ROUND_HALF_UP)
        for code, values in known.items()
        if len(values) >= ENOUGH
    }


def write_transversal(page: Page) -> None:
    """Write the table, and the radar when there is enough to draw; nothing when the referential has none."""
    if page.referential.transversal is None or page.outcome.transversal is None:
        return
    page.add(9)
    rows = list(_rows(page))
    radar = Box(_RADAR, lambda first, last: _insert_radar(page, first, last))
    title = "Face à la moyenne de la cohorte" if page.shared.means else "Profil"
    page.stack(rows, [heading(page, title), radar] if _has_radar(page) else [])


def _rows(page: Page) -> Iterator[Row]:
    yield Row(16.5, lambda row: _write_heading(page, row))
    yield _count(page)
    for item in transversal_rule(page.referential).items:
        yield _item(page, item)


def _write_heading(page: Page, row: int) -> None:
    layout = page.layout
    page.put(row, layout.code, "Compétences transversales", "heading", text_wrap=False)
    page.put(row, layout.title, None, "heading")
    mean = "Cohorte" if page.shared.means else ""
    page.sheet.merge_range(row, layout.strip, row, layout.minimum - 1, mean, page.styles("heading", "center"))
    page.put(row, layout.minimum, "Mini", "heading", "center")
    page.put(row, layout.level, "Niveau", "heading", "center")
    page.put(row, layout.state, None, "heading")


def _count(page: Page) -> Row:
    layout, found = page.layout, transversal_of(page.outcome)

    def write(row: int) -> None:
        look = {"font_color": ACCENT, "bottom": 1, "bottom_color": ACCENT}
        page.put(row, layout.code, "Démontrées", "strong", text_wrap=False, **look)
        page.put(row, layout.title, None, **look)
        state = {"font_size": 9, **look, **STATES[found.state]}
        for column in range(layout.strip + 1, layout.minimum):
            page.put(row, column, None, **look)
        page.put(row, layout.strip, str(found.state), **state | {"num_format": signed(found.state)})
        page.put(row, layout.minimum, found.required, "strong", "center", **look)
        page.put(row, layout.level, found.demonstrated, "strong", "center", num_format=f'0"/{found.total}"', **look)
        page.put(row, layout.state, str(found.state), "center", **state | {"num_format": alone(found.state)})

    return Row(18, write)


def _item(page: Page, item: TransversalItem) -> Row:
    layout, level = page.layout, page.outcome.transversal_levels[item.code]
    title, mean = printed(item.title), page.shared.means.get(item.code)

    def write(row: int) -> None:
        page.put(row, layout.code, item.code, "code", "text", "hairline")
        page.put(row, layout.title, title, "small", "wrap", "hairline")
        look = page.styles("figure", "hairline", num_format="0.00")
        page.sheet.merge_range(row, layout.strip, row, layout.minimum - 1, "", look)
        page.put(row, layout.strip, mean, "figure", "hairline", num_format="0.00")
        write_minimum(page, row, level)
        asked = not page.outcome.only_blocs
        write_level(page, row, layout.level, level, asked=asked)
        state = state_of(level, asked=asked)
        page.put(row, layout.state, str(state), "center", "hairline", **STATES[state], num_format=alone(state))

    return Row(page.fitted(title, layout.title, 8), write)


# ------------------------------------------------------------------------------------------------- radar


def _has_radar(page: Page) -> bool:
    levels = page.outcome.transversal_levels.values()
    if page.referential.scales.level.letters:
        return False  # letters are in an order, and at no distance from one another
    return len(levels) >= _LEAST and any(level.value is not None for level in levels)


def _insert_radar(page: Page, first: int, last: int) -> None:
    """Draw the radar at the right of the table, whose count stands in row ``first``."""
    chart = page.workbook.add_chart({"type": "radar"})
    layout, items = page.layout, transversal_rule(page.referential).items
    if page.shared.means:
        means = [page.shared.means.get(item.code) for item in items]
        dashes = {"line": {"color": FAINT, "width": 1.5, "dash_type": "dash"}}
        chart.add_series(_series(page, first + 1, layout.strip, "Moyenne de la cohorte", means) | dashes)
    mine = [page.outcome.transversal_levels[item.code].value for item in items]
    look = {
        "line": {"color": ACCENT, "width": 2.25},
        "marker": {"type": "circle", "size": 5, "fill": {"color": ACCENT}, "border": {"color": ACCENT}},
    }
    chart.add_series(_series(page, first + 1, layout.level, "Niveau retenu", mine) | look)
    _dress(page, chart)
    width = layout.width(layout.right, layout.last)
    chart.set_size({"width": width, "height": round(page.height(first, last) * 4 / 3)})
    told = {"object_position": 1, "description": printed("Compétences transversales, face à la moyenne de la cohorte")}
    page.sheet.insert_chart(first, layout.right, chart, told)


def _series(page: Page, row: int, column: int, name: str, values: list[Decimal | None]) -> dict[str, Any]:
    items = transversal_rule(page.referential).items
    sheet, last = page.sheet.get_name(), row + len(items) - 1
    titled = all(len(item.title) <= _LABEL for item in items)
    labels = page.layout.title if titled else page.layout.code
    return {
        "name": name,
        "categories": [sheet, row, labels, last, labels],
        "categories_data": [printed(item.title) if titled else item.code for item in items],
        "values": [sheet, row, column, last, column],
        "values_data": [None if value is None else float(value) for value in values],
    }


def _dress(page: Page, chart: Chart) -> None:
    scale = page.referential.scales.level
    font = {"name": FONT, "size": 8, "color": SOFT}
    line = {"color": HAIRLINE, "width": 0.75}
    chart.set_x_axis({"num_font": font, "line": line})
    bounds = {"min": float(min(scale.minimum, Decimal(0))), "max": float(scale.maximum), "major_unit": 1}
    grid = {"major_gridlines": {"visible": True, "line": line}, "label_position": "none", "line": {"none": True}}
    chart.set_y_axis(bounds | grid)
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_plotarea({"layout": {"x": 0.2, "y": 0.1, "width": 0.6, "height": 0.7}})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.show_blanks_as("gap")
