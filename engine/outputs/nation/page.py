"""The certifier's view as one page: no script, nothing fetched, readable on a phone and on paper."""

from __future__ import annotations

from html import escape

from engine.office.styles import ACCENT, BRICK, HAIRLINE, INK, printed
from engine.outputs.nation.tables import ALERT, Look, Nation, Table, Value, figure

_MOST_ROWS = 2_000  # of one table on the page; the workbook has them all

_STYLE = f"""
body {{ font: 15px/1.45 Arial, sans-serif; color: {INK}; margin: 24px auto; max-width: 1280px; padding: 0 12px; }}
h1, h2 {{ color: {ACCENT}; }} .wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 13px; }}
th {{ text-align: left; background: {ACCENT}; color: #fff; padding: 5px 8px; }}
td {{ border-bottom: 1px solid {HAIRLINE}; padding: 4px 8px; }} td.n {{ text-align: right; }}
td.alert {{ color: {BRICK}; font-weight: bold; }}
"""


def page(nation: Nation, title: str) -> str:
    """The page, as HTML; people's names are never markup."""
    figures = (
        f"{nation.cohorts} cohortes, {nation.candidates} candidats, {nation.refused} livraisons refusées, "
        f"{nation.alerts} alertes."
    )
    tables = "".join(_table(table) for table in nation.tables)
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>{figures}</p><p>{printed('Une alerte demande à être regardée ; aucune décision n’en dépend.')}</p>"
        f"{tables}</body></html>\n"
    )


def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col" title="{escape(printed(column.meaning))}">{escape(printed(column.heading))}</th>'
        for column in table.columns
    )
    body = "".join(f"<tr>{''.join(_cells(table, row))}</tr>" for row in table.rows[:_MOST_ROWS])
    more = len(table.rows) - _MOST_ROWS
    rest = f"<p>Et {more} autres lignes, dans le classeur.</p>" if more > 0 else ""
    return (
        f"<h2>{escape(table.name)}</h2>"
        f'<div class="wide" tabindex="0" role="region" aria-label="{escape(table.name)}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>{rest}"
    )


def _cells(table: Table, row: tuple[Value, ...]) -> list[str]:
    return [_cell(column.look, value) for column, value in zip(table.columns, row, strict=True)]


def _cell(look: Look, value: Value) -> str:
    if isinstance(value, int | float):
        return f'<td class="n">{figure(look, value)}</td>'
    if value == ALERT:
        return f'<td class="alert">{escape(value)}</td>'
    return f"<td>{escape(value or '')}</td>"
