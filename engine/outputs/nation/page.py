"""The certifier's view as one page: no script, nothing fetched, readable on a phone and on paper."""

from __future__ import annotations

from html import escape

from engine.model.texts import counted
from engine.office.styles import ACCENT, BRICK, HAIRLINE, INK, printed
from engine.outputs.nation.tables import ALERT, NUMBERS, Look, Nation, Table, Value, figure

_MOST_ROWS = 2_000  # of one table on the page; the workbook has them all

_RIGHT = ' class="n"'
_BAR = 420  # pixels of the longest, where there is room for it

_STYLE = f"""
body {{ font: 15px/1.45 Arial, sans-serif; color: {INK}; margin: 24px auto; max-width: 1400px; padding: 0 12px; }}
h1, h2 {{ color: {ACCENT}; }} .wide {{ overflow-x: auto; }}
table {{ border-collapse: collapse; font-size: 13px; }}
th {{ text-align: left; background: {ACCENT}; color: #fff; padding: 5px 6px; }} th.n {{ text-align: right; }}
td {{ border-bottom: 1px solid {HAIRLINE}; padding: 4px 6px; }} td.n {{ text-align: right; white-space: nowrap; }}
td.alert {{ color: {BRICK}; font-weight: bold; }} td.alert, td.band {{ white-space: nowrap; }}
i {{ display: inline-block; height: 13px; vertical-align: middle; }} td.bars {{ width: {_BAR}px; font-size: 0; }}
i.usual {{ background: {ACCENT}; }} i.far {{ background: {BRICK}; }} p i {{ width: 13px; }}
@page {{ size: A4 landscape; }}
@media print {{
body {{ margin: 0; font-size: 11px; }} .wide {{ overflow: visible; }}
table {{ font-size: 10px; }} th, td {{ padding: 2px 4px; }}
}}
"""


def page(nation: Nation, title: str) -> str:
    """The page, as HTML; people's names are never markup."""
    counts = (
        counted(nation.cohorts, "cohorte"),
        counted(nation.candidates, "candidat"),
        counted(nation.refused, "livraison refusée", "livraisons refusées"),
        counted(nation.alerts, "alerte"),
    )
    raised = "".join(f"<li>{escape(printed(sentence))}</li>" for sentence in nation.raised)
    tables = "".join(_table(table) for table in nation.tables)
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body><h1>{escape(title)}</h1>"
        f"<p>{', '.join(counts)}.</p>{f'<ul>{raised}</ul>' if raised else ''}"
        f"<p>{printed('Une alerte demande à être regardée ; aucune décision n’en dépend.')}</p>"
        f"{_spread(nation)}{tables}</body></html>\n"
    )


def _spread(nation: Nation) -> str:
    """How many cohorts have each rate of admission, as bars."""
    most = max((band.usual + band.alerts for band in nation.bands), default=0) or 1
    rows = "".join(
        f'<tr><td class="band">{band.label}</td><td class="n">{band.usual + band.alerts or ""}</td>'
        f'<td class="bars">{_bar("far", band.alerts / most)}{_bar("usual", band.usual / most)}</td></tr>'
        for band in nation.bands
    )
    return (
        '<h2>Cohortes par taux d’admission</h2><p><i class="far"></i> à regarder</p>'
        f"<table><tbody>{rows}</tbody></table>"
    )


def _bar(look: str, share: float) -> str:
    return f'<i class="{look}" style="width:{share:.1%}"></i>' if share else ""


def _table(table: Table) -> str:
    head = "".join(
        f'<th scope="col"{_RIGHT if column.look in NUMBERS else ""}'
        f' title="{escape(printed(column.meaning))}">{escape(printed(column.heading))}</th>'
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
