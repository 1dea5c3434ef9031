"""The first line of a table's title block: how many rows it has, of which kinds, by formulas over its own cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from xlsxwriter.utility import xl_col_to_name

from engine.outputs.workbook.column import Column
from engine.outputs.workbook.frame import Frame, Line, Live
from engine.outputs.workbook.grid import first_row

_BETWEEN = "      "
_JOINED = f'&"{_BETWEEN}"&'


@dataclass(frozen=True)
class Rows:
    """One kind of rows: what a cell holds in each (any text: ``*``), and what they are called, one and several."""

    word: str
    one: str
    several: str


@dataclass(frozen=True)
class Tally:
    """What is counted: the ``words`` of the column under ``heading``, by kinds of rows; ``none``: what is said of a
    table without rows."""

    heading: str
    words: Sequence[str]
    kinds: Sequence[Rows]
    none: str


def tallied(book: Frame, columns: Sequence[Column], tally: Tally, *others: Line) -> tuple[Line, ...]:
    """The lines of a title block, the first one with these counts; kinds that no row has are left out."""
    words, none = tally.words, tally.none
    letter = xl_col_to_name([column.heading for column in columns].index(tally.heading))
    found = Counter(words)
    counts = [(len(words) if kind.word == "*" else found[kind.word], kind) for kind in tally.kinds]
    present = [(number, kind) for number, kind in counts if number]
    told = [f"{number} {kind.several if number > 1 else kind.one}" for number, kind in present]

    def formula() -> str:
        first = first_row(book, columns, lines)
        cells = f"${letter}${first + 1}:${letter}${first + max(len(words), 1)}"
        parts = [_counted(cells, kind) for _, kind in present]
        return (
            f'IF(COUNTA({cells})=0,"{none}",{_JOINED.join(parts)})' if parts else f'IF(COUNTA({cells})=0,"{none}","")'
        )

    lines: tuple[Line, ...] = (Live(_BETWEEN.join(told) or none, formula), *others)
    return lines


def _counted(cells: str, kind: Rows) -> str:
    number = f"COUNTA({cells})" if kind.word == "*" else f'COUNTIF({cells},"{kind.word}")'
    same = kind.one == kind.several
    return f'{number}&" {kind.one}"' if same else f'{number}&IF({number}>1," {kind.several}"," {kind.one}")'


def provisional_told(number: int) -> str:
    """How many of what was just counted are provisional, in words; nothing when none is."""
    return f", dont {number} provisoire{'s' if number > 1 else ''}" if number else ""


def provisional_words(number: str) -> str:
    """The same as a formula, from that of the number."""
    return f'IF({number}=0,"",", dont "&{number}&IF({number}>1," provisoires"," provisoire"))'
