"""The certifier's workbook: a first page that says what to look at, then a sheet per table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from xlsxwriter.utility import xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.office import metrics
from engine.office.styles import (
    ACCENT,
    BRICK,
    HAIRLINE,
    Styles,
    new_workbook,
    printed,
    set_page,
    write_number,
    write_text,
)
from engine.outputs.nation.tables import ALERT, NUMBERS, Column, Look, Nation, Table, Value

_MARGINS_MM = (10, 10, 12, 13)
_WIDTHS = {Look.TEXT: 64, Look.LONG: 120, Look.ALERT: 84}
_NARROW, _WIDEST, _WIDEST_LONG = 52, 240, 500  # pixels: a digest stands on one line
_FORMATS = {
    Look.WHOLE: {"num_format": "0"},
    Look.SHARE: {"num_format": "0.0%"},
    Look.FIGURE: {"num_format": "0.00"},
    Look.SMALL: {"num_format": "[<0.0001]0.0E+00;0.0000"},
}
_HEADING_HEIGHT = 40.0
_CHART_WIDTH = 640
_MOST_IN_CHART = 60  # cohorts beyond which bars are too thin to be read


def write(target: Path, nation: Nation, title: str, made_at: datetime) -> None:
    """Write the workbook; equal arguments give equal bytes."""
    book = new_workbook(target, title=title, made_at=made_at)
    styles = Styles(book)
    home = book.add_worksheet("Accueil")
    for table in nation.tables:
        _write_table(book, styles, table)
    _write_home(book, home, styles, nation, title)
    book.close()


def _write_table(book: Workbook, styles: Styles, table: Table) -> None:
    sheet = book.add_worksheet(table.name)
    set_page(sheet, landscape=True, margins_mm=_MARGINS_MM, footer=("Vue nationale", table.name))
    sheet.hide_gridlines(2)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_row(0, _HEADING_HEIGHT)
    widths = [_width(table, place) for place in range(len(table.columns))]
    for place, column in enumerate(table.columns):
        sheet.set_column_pixels(place, place, widths[place])
        write_text(sheet, 0, place, column.heading, styles("heading", **_side(column)))  # as other programs look it up
        if column.meaning:
            sheet.write_comment(0, place, printed(column.meaning), {"x_scale": 2, "author": "cohorte"})
    for row, values in enumerate(table.rows, start=1):
        texts = ((each, width) for each, width in zip(values, widths, strict=True) if isinstance(each, str))
        lines = max((metrics.wrap(text, width, 9) for text, width in texts), default=1)
        if lines > 1:
            sheet.set_row(row, metrics.row_height(lines, 9))
        _write_row(sheet, styles, row, table.columns, values)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _side(column: Column) -> dict[str, str]:
    """The side of its column that a heading keeps to: apart from the number before it, or else both read as one."""
    return {"align": "right" if column.look in NUMBERS else "center" if column.look is Look.ALERT else "left"}


def _width(table: Table, place: int) -> int:
    column = table.columns[place]
    widest = max((metrics.text_width(row[place], 9) for row in table.rows if isinstance(row[place], str)), default=0)
    words = max(metrics.text_width(word, 8, bold=True) for word in column.heading.split())
    heading = max(words, metrics.text_width(column.heading, 8, bold=True) / 2) + 24  # two lines, a button to filter
    return min(
        _WIDEST_LONG if column.look is Look.LONG else _WIDEST,
        max(_WIDTHS.get(column.look, _NARROW), int(heading), int(widest / 0.92) + 16),
    )


def _write_row(sheet: Worksheet, styles: Styles, row: int, columns: Sequence[Column], values: Sequence[Value]) -> None:
    for place, (column, value) in enumerate(zip(columns, values, strict=True)):
        if isinstance(value, int | float):
            style = styles("body", "hairline", "right", **_FORMATS[column.look])
            write_number(sheet, row, place, value, style)
        elif value == ALERT:
            write_text(sheet, row, place, value, styles("body", "failed", "hairline", **_side(column)))
        else:
            write_text(sheet, row, place, value or "", styles("body", "wrap", "hairline"))


def _write_home(book: Workbook, sheet: Worksheet, styles: Styles, nation: Nation, title: str) -> None:
    set_page(sheet, landscape=False, margins_mm=_MARGINS_MM, footer=("Vue nationale", "Accueil"))
    sheet.hide_gridlines(2)
    sheet.set_column_pixels(0, 0, 260)
    sheet.set_column_pixels(1, 3, 130)
    sheet.set_row(0, 32)
    write_text(sheet, 0, 0, title, styles("title"))
    figures = (
        ("Cohortes", nation.cohorts, "Centres"),
        ("Candidats", nation.candidates, "Centres"),
        ("Livraisons refusées", nation.refused, "Livraisons"),
        ("Alertes", nation.alerts, "Centres"),
    )
    for row, (what, count, where) in enumerate(figures, start=2):
        sheet.set_row(row, 22)
        write_text(sheet, row, 0, printed(what), styles("body", "bold", "hairline"))
        write_number(
            sheet, row, 1, count, styles("bold", "hairline", "right", font_color=BRICK if _bad(what, count) else ACCENT)
        )
        sheet.write_url(row, 2, f"internal:'{where}'!A1", styles("body", "link", "hairline"), where)
    row = 7
    for line in (
        *nation.raised,
        "",
        "Une alerte demande à être regardée, pour harmoniser ; aucune décision n'en dépend.",
    ):
        write_text(sheet, row, 0, printed(line), styles("body"))
        row += 1
    row = _write_bands(book, sheet, styles, nation, row + 1)
    centres = nation.tables[0]
    if 0 < len(centres.rows) <= _MOST_IN_CHART:
        sheet.set_h_pagebreaks([row])  # it would be cut
        _chart(book, sheet, centres, row)


def _bad(what: str, count: int) -> bool:
    return count > 0 and what in ("Livraisons refusées", "Alertes")


def _write_bands(book: Workbook, sheet: Worksheet, styles: Styles, nation: Nation, row: int) -> int:
    """How rates are spread, whatever the number of cohorts: a small table and its drawing; the row that follows."""
    for place, heading in enumerate(("Taux d'admission", "Cohortes", "À regarder")):
        write_text(sheet, row, place, printed(heading), styles("heading", **({"align": "right"} if place else {})))
    for rank, band in enumerate(nation.bands, row + 1):
        write_text(sheet, rank, 0, band.label, styles("body", "hairline"))
        for place, count in enumerate((band.usual + band.alerts, band.alerts), start=1):
            write_number(sheet, rank, place, count, styles("body", "hairline", "right", num_format="0;;"))
    last = row + len(nation.bands)
    chart = book.add_chart({"type": "column"})
    for place, colour, name in ((1, ACCENT, "Cohortes"), (2, BRICK, "dont à regarder")):
        chart.add_series(
            {
                "name": name,
                "categories": f"='Accueil'!{xl_range(row + 1, 0, last, 0)}",
                "values": f"='Accueil'!{xl_range(row + 1, place, last, place)}",
                "fill": {"color": colour},
                "gap": 30,
                "overlap": 100,  # those to look at stand in front of all of them
            }
        )
    chart.set_title({"name": "Cohortes par taux d’admission", "name_font": {"size": 11, "color": ACCENT}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"min": 0, "num_format": "0", "major_gridlines": {"visible": True, "line": {"color": HAIRLINE}}})
    chart.set_size({"width": _CHART_WIDTH, "height": 260})
    sheet.insert_chart(last + 2, 0, chart, {"object_position": 3})
    return last + 18


def _chart(book: Workbook, sheet: Worksheet, centres: Table, row: int) -> None:
    rate = next(place for place, column in enumerate(centres.columns) if column.heading == "Taux d'admission")
    last = len(centres.rows)
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Taux d’admission",
            "categories": f"='Centres'!{xl_range(1, 0, last, 0)}",
            "values": f"='Centres'!{xl_range(1, rate, last, rate)}",
            "fill": {"color": ACCENT},
            "points": [{"fill": {"color": BRICK}} if ALERT in row else None for row in centres.rows],
            "gap": 40,
        }
    )
    chart.set_title({"name": "Taux d’admission par cohorte", "name_font": {"size": 11, "color": ACCENT}})
    chart.set_legend({"none": True})
    chart.set_x_axis(
        {"min": 0, "max": 1, "num_format": "0%", "major_gridlines": {"visible": True, "line": {"color": HAIRLINE}}}
    )
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": _CHART_WIDTH, "height": 120 + 18 * last})
    sheet.insert_chart(row, 0, chart, {"object_position": 3})
