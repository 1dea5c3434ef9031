"""The certifier's workbook: a first page that says what to look at, then a sheet per table."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from xlsxwriter.utility import xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.office import metrics
from engine.office.styles import (
    ACCENT,
    BRICK,
    Styles,
    new_workbook,
    printed,
    set_page,
    write_number,
    write_text,
)
from engine.outputs.nation.tables import ALERT, Column, Look, Nation, Table, Value, figure

_MARGINS_MM = (10, 10, 12, 13)
_WIDTHS = {Look.TEXT: 120, Look.LONG: 260, Look.ALERT: 84}
_NARROW = 70
_FORMATS = {
    Look.WHOLE: {"num_format": "0"},
    Look.SHARE: {"num_format": "0.0%"},
    Look.FIGURE: {"num_format": "0.00"},
    Look.SMALL: {"num_format": "[<0.0001]0.0E+00;0.0000"},
}
_HEADING_HEIGHT = 40.0
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
    for place, column in enumerate(table.columns):
        sheet.set_column_pixels(place, place, _width(table, place))
        write_text(sheet, 0, place, column.heading, styles("heading"))  # as other programs look it up
        if column.meaning:
            sheet.write_comment(0, place, printed(column.meaning), {"x_scale": 2, "author": "cohorte"})
    for row, values in enumerate(table.rows, start=1):
        for place, (column, value) in enumerate(zip(table.columns, values, strict=True)):
            _write_value(sheet, styles, row, place, column, value)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def _width(table: Table, place: int) -> int:
    column = table.columns[place]
    widest = max((metrics.text_width(row[place], 9) for row in table.rows if isinstance(row[place], str)), default=0)
    least = max(_WIDTHS.get(column.look, _NARROW), int(metrics.text_width(column.heading, 8, bold=True) * 0.7) + 24)
    return min(360, max(least if column.look is not Look.LONG else 120, int(widest) + 16))


def _write_value(sheet: Worksheet, styles: Styles, row: int, place: int, column: Column, value: Value) -> None:
    if isinstance(value, int | float):
        style = styles("body", "hairline", "right", **_FORMATS[column.look])
        write_number(sheet, row, place, value, style)
    elif value == ALERT:
        write_text(sheet, row, place, value, styles("body", "failed", "hairline"))
    else:
        write_text(sheet, row, place, value or "", styles("body", "hairline"))


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
        *_raised(nation),
        "",
        "Une alerte demande à être regardée, pour harmoniser ; aucune décision n'en dépend.",
    ):
        write_text(sheet, row, 0, printed(line), styles("body"))
        row += 1
    centres = nation.tables[0]
    if 0 < len(centres.rows) <= _MOST_IN_CHART:
        _chart(book, sheet, centres, row + 1)


def _bad(what: str, count: int) -> bool:
    return count > 0 and what in ("Livraisons refusées", "Alertes")


def _raised(nation: Nation) -> list[str]:
    """A sentence for each alert."""
    lines = []
    for table in nation.tables[:2]:
        names = [column.heading for column in table.columns]
        for row in table.rows:
            if ALERT in row:
                said = dict(zip(names, row, strict=True))
                lines.append(_sentence(table.name, said))
    return lines


def _sentence(table: str, said: dict[str, Value]) -> str:
    where = f"{said['Centre']}, {said['Session']}"
    if table == "Centres":
        return f"{where} : {said['ADMIS']} ADMIS, probabilité {_told(Look.SMALL, said['p'])}."
    mean, z = (_told(Look.FIGURE, said[column]) for column in ("Moyenne", "z"))
    return f"{where}, juré {said['Juré']} : moyenne {mean}, z = {z}."


def _told(look: Look, value: Value) -> str:
    return figure(look, value) if isinstance(value, int | float) else ""


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
            "gap": 40,
        }
    )
    chart.set_title({"name": "Taux d’admission par cohorte", "name_font": {"size": 11, "color": ACCENT}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%", "major_gridlines": {"visible": True}})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 640, "height": 120 + 18 * last})
    sheet.insert_chart(row, 0, chart, {"object_position": 3})
