"""The sheet `Détail`: every mark that has a value, with where it was read. By far the longest one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from engine.errors import EngineError
from engine.results.column import Column
from engine.results.frame import Book
from engine.results.grid import Table
from engine.styles import safe_text
from engine.tables import EXCLUDED, MISSING, VALUE

_COLUMNS = ("candidate", "kind", "input", "code", "evaluator", "raw", "value", "file", "sheet", "cell")
_KEPT = _COLUMNS.index("value")
_ROWS = 1_048_576  # rows a sheet can hold
_CELL = ("note", "text")


def write_detail(book: Book, marks: pd.DataFrame) -> None:
    """Write the sheet, marks in the order they were read."""
    chosen = marks[~marks["state"].isin([MISSING, EXCLUDED])]
    number = len(chosen)
    count = (
        (f"{number:,}".replace(",", " "), "strong"),
        (f" valeur{'s' if number > 1 else ''} lue{'s' if number > 1 else ''}", "caption"),
    )
    columns = (
        Column(heading="Candidat", width=76, style=_CELL),
        Column(heading="Nature", width=112, style=_CELL),
        Column(heading="Saisie", width=80, style=_CELL),
        Column(heading="Code", width=60, style=_CELL),
        Column(heading="Évaluateur", width=86, style=_CELL),
        Column(heading="Valeur lue", width=150, style=_CELL),
        Column(heading="Valeur retenue", width=112, style=("note", "bold")),
        Column(heading="Fichier", width=330, style=_CELL),
        Column(heading="Feuille", width=150, style=_CELL),
        Column(heading="Cellule", width=66, style=_CELL),
    )
    table = Table(book, "Détail", columns, lines=(count, ((_NOTE, "caption"),)), frozen=1)
    if table.first + number > _ROWS:
        raise EngineError(
            f"La cohorte compte {number} valeurs : une feuille de calcul ne peut pas les contenir toutes."
        )
    _fill(table, chosen)
    table.close()


_NOTE = "Chaque valeur retenue, avec le fichier, la feuille et la cellule où elle a été lue."


def _fill(table: Table, chosen: pd.DataFrame) -> None:
    """Write the rows in one tight loop: there may be hundreds of thousands."""
    write_string, write_number = table.sheet.write_string, table.sheet.write_number
    write_blank, write_datetime = table.sheet.write_blank, table.sheet.write_datetime
    formats = [table.format(index) for index in range(len(_COLUMNS))]
    day = table.book.styles("body", "hairline", "note", "bold", "date", "left_aligned")
    number = table.book.styles("body", "hairline", "note", "bold", "left_aligned")
    columns = [_kept(chosen) if name == "value" else _texts(chosen[name]) for name in _COLUMNS]
    row = table.row
    for values in zip(*columns, strict=True):
        for index, value in enumerate(values):
            if isinstance(value, str):
                if value:
                    write_string(row, index, value, formats[index])
                else:
                    write_blank(row, index, None, formats[index])
            elif isinstance(value, date):
                write_datetime(row, index, value, day)
            else:
                write_number(row, index, value, number)
        row += 1
    table.row = row


def _texts(column: pd.Series) -> list[str]:
    """A column of words, each distinct one made safe once."""
    words = column.astype("category").cat
    safe = [safe_text(str(word)) for word in words.categories]
    return [safe[code] if code >= 0 else "" for code in words.codes]


def _kept(chosen: pd.DataFrame) -> list[Any]:
    """`Valeur retenue`: a number, a date or a text; a declared state is its own word."""
    states, values = chosen["state"].astype(object), chosen["value"]
    return [_plain(value) if state == VALUE else str(state) for value, state in zip(values, states, strict=True)]


def _plain(value: Any) -> float | date | str:
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, date) else safe_text(str(value))
