"""The sheet `Détail`: every mark that has a value, with where it was read. By far the longest one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pandas as pd

from engine.errors import EngineError
from engine.results.bulk import LongTable, Styles, ending, row_elements
from engine.results.column import Column
from engine.results.frame import Book
from engine.results.grid import Table
from engine.tables import EXCLUDED, MISSING, VALUE

_HEADINGS = {
    "candidate": ("Candidat", 76),
    "kind": ("Nature", 112),
    "input": ("Saisie", 80),
    "code": ("Code", 60),
    "evaluator": ("Évaluateur", 86),
    "raw": ("Valeur lue", 150),
    "value": ("Valeur retenue", 112),
    "file": ("Fichier", 330),
    "sheet": ("Feuille", 150),
    "cell": ("Cellule", 66),
}
"""Heading and width in pixels, by column of the table of marks."""
_NOTE = "Chaque valeur retenue, avec le fichier, la feuille et la cellule où elle a été lue."
_CAPACITY = 1_048_576 - 10  # rows of a sheet, less its title block


def with_value(marks: pd.DataFrame) -> pd.DataFrame:
    """The marks the sheet lists. Raises :class:`EngineError` when they are more than a sheet can hold."""
    chosen = marks[~marks["state"].isin([MISSING, EXCLUDED])]
    if len(chosen) > _CAPACITY:
        raise EngineError(
            f"{len(chosen)} valeurs ont été lues : une feuille de calcul ne peut pas les contenir toutes."
        )
    return chosen


def write_detail(book: Book, chosen: pd.DataFrame) -> LongTable:
    """Frame the sheet; its rows, marks in the order they were read, are laid once the workbook is written."""
    number = len(chosen)
    columns = [
        Column(
            heading=heading,
            width=width,
            style=("note", "bold", "left_aligned") if name == "value" else ("note", "text"),
        )
        for name, (heading, width) in _HEADINGS.items()
    ]
    count = f"{number:,}".replace(",", "\u202f")
    lines = (((count, "strong"), (" valeurs" if number > 1 else " valeur", "caption")), ((_NOTE, "caption"),))
    table = Table(book, "Détail", columns, lines=lines, frozen=1)
    first = table.first
    for look in ((), ("date",)):
        table.add([None] * len(columns), {list(_HEADINGS).index("value"): look})
    table.close(last=first + number - 1)
    member = f"xl/worksheets/sheet{book.workbook.worksheets().index(table.sheet) + 1}.xml"
    return LongTable(
        member, range(first + 1, first + 3), first + number, lambda styles: _rows(chosen, first + 1, styles)
    )


def _rows(chosen: pd.DataFrame, first: int, styles: list[Styles]) -> Iterator[str]:
    plain, dated = styles
    columns = [
        _values(chosen, plain[index], dated[index]) if name == "value" else _texts(chosen[name], plain[index])
        for index, name in enumerate(_HEADINGS)
    ]
    return row_elements(first, columns)


def _texts(column: pd.Series, style: int) -> Iterator[str]:
    """A column of words, each distinct one rendered once."""
    words = column.astype("category").cat
    endings = [ending(str(word), style) for word in words.categories]
    return (endings[code] if code >= 0 else ending("", style) for code in words.codes)


def _values(chosen: pd.DataFrame, plain: int, dated: int) -> Iterator[str]:
    """`Valeur retenue`: a number, a date or a text; a declared state is its own word."""
    numbers: dict[Decimal, str] = {}
    for value, state in zip(chosen["value"], chosen["state"].astype(object), strict=True):
        kept = value if state == VALUE else state
        if isinstance(kept, Decimal):
            found = numbers.get(kept)
            if found is None:
                found = numbers[kept] = ending(kept, plain)
            yield found
        elif isinstance(kept, date):
            yield ending(kept, dated)
        else:
            yield ending(str(kept), plain)
