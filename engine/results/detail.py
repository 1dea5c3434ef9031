"""The sheet `Détail`: every mark that has a value, with where it was read. By far the longest one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import chain

import pandas as pd

from engine.results.bulk import LongTable, Styles, ending, row_elements
from engine.results.column import Column
from engine.results.frame import Book, Line, Live
from engine.results.grid import Table, first_row
from engine.results.places import DETAIL, Marks
from engine.tables import VALUE

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
_AT_ONCE = 10_000  # rows whose codes are Python's own numbers at one time
_NUMBER = Column(heading="N°", width=60, style=("fine", "right"))
_NOTE = (
    "Chaque valeur retenue, avec le fichier, la feuille et la cellule où elle a été lue. "
    "Les autres feuilles la reprennent ici même : filtrez, mais ne triez pas."
)


def _columns() -> list[Column]:
    """Those of the table of marks, then the number that tells whether a row stands where it was written."""
    look = {"value": ("note", "bold", "left_aligned")}
    found = [
        Column(heading=heading, width=width, style=look.get(name, ("note", "text")))
        for name, (heading, width) in _HEADINGS.items()
    ]
    return [*found, _NUMBER]


def _lines(book: Book) -> tuple[Line, ...]:
    number = len(book.sources.marks)

    def formula() -> str:
        count = f"COUNTA({book.detail.here((0, max(number, 1) - 1))})"
        grouped = f'IF({count}<1000,{count},INT({count}/1000)&"\u202f"&RIGHT({count},3))'
        return f'{grouped}&IF({count}>1," valeurs"," valeur")'

    counted = f"{number:,}".replace(",", "\u202f") + (" valeurs" if number > 1 else " valeur")
    return (Live(counted, formula), ((_NOTE, "caption"),))


def place_detail(book: Book) -> None:
    """Let the formulas of every sheet know where the marks will stand."""
    columns = _columns()
    value = list(_HEADINGS).index("value")
    book.detail = Marks(DETAIL, value, len(columns) - 1, first_row(book, columns, _lines(book)))


def write_detail(book: Book) -> LongTable:
    """Frame the sheet; its rows, marks in the order of :class:`Sources`, are laid once the workbook is written."""
    chosen, columns = book.sources.marks, _columns()
    table = Table(book, DETAIL, columns, lines=_lines(book), frozen=1)
    first = table.first
    for look in ((), ("date",)):
        table.add([None] * len(columns), {list(_HEADINGS).index("value"): look})
    table.close(last=first + len(chosen) - 1)
    member = f"xl/worksheets/sheet{book.workbook.worksheets().index(table.sheet) + 1}.xml"
    return LongTable(
        member, range(first + 1, first + 3), first + len(chosen), lambda styles: _rows(chosen, first + 1, styles)
    )


def _rows(chosen: pd.DataFrame, first: int, styles: list[Styles]) -> Iterator[str]:
    plain, dated = styles
    columns = [
        _values(chosen, plain[index], dated[index]) if name == "value" else _texts(chosen[name], plain[index])
        for index, name in enumerate(_HEADINGS)
    ]
    numbers = (ending(rank, plain[-1]) for rank in range(1, len(chosen) + 1))
    return row_elements(first, [*columns, numbers])


def _texts(column: pd.Series, style: int) -> Iterator[str]:
    """A column of words, each distinct one rendered once; code -1, a blank, is the last of them."""
    words = column.astype("category").cat
    endings = [*(ending(str(word), style) for word in words.categories), ending("", style)]
    codes = words.codes.to_numpy()
    blocks = (codes[start : start + _AT_ONCE].tolist() for start in range(0, len(codes), _AT_ONCE))
    return map(endings.__getitem__, chain.from_iterable(blocks))


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
