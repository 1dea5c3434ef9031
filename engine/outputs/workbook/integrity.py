"""Whether `Détail` still says what was read: formulas that notice rows, values or scales that a person has disturbed.

A row is bound to its place by two columns that are sorted with it or without it: its number, and a landmark that says
that number and whose mark it is. Values may be typed over, to see what would follow; the same values elsewhere are a
sort. Only operators run over several cells: a program may not unfold what a function is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from math import fsum

import numpy as np
from numpy.typing import NDArray

from engine.model import Kind, Referential, forms
from engine.model.errors import present
from engine.model.forms import ABSENT, EXEMPT, NOT_ASSESSED, Domain, Nature
from engine.model.marks import LEVEL_INPUT, POINTS_INPUT
from engine.model.tables import VALUE
from engine.outputs.workbook.cells import serial
from engine.outputs.workbook.places import Marks
from engine.outputs.workbook.sources import Rows, Span

Kept = Decimal | date | str
"""A value as `Valeur retenue` holds it; a declared state is its own word."""

IDENTITY = ("candidate", "kind", "input", "code", "evaluator")
"""The columns that say whose mark it is."""
BETWEEN = "|"
"""What parts them in a landmark: ``12|C01|GRILLE|niveau|1.1|T01``."""

_WORDS = ("Oui", "Non", ABSENT, EXEMPT, NOT_ASSESSED)
"""The words that may weigh in a decision."""
_NEAR = "0.001"  # less than what two different marks are apart
_MOST_VALUES = 24  # of a scale: a longer one is checked at its bounds alone


def kept(rows: Rows) -> Iterator[Kept]:
    """What stands for each of these marks under `Valeur retenue`."""
    words = [None if word == VALUE else str(word) for word in rows.words("state")]
    states = map(words.__getitem__, rows.each_code("state"))
    return (value if word is None else word for value, word in zip(rows.each("value"), states, strict=True))


def rows_in_place(marks: Marks, span: Span) -> str:
    """A condition: these rows stand one under the other, each with its own number and its own landmark."""
    numbers, first, last = marks.cells(span, "number"), *span
    told = f'&"{BETWEEN}"&'.join(marks.cells(span, name) for name in ("number", *IDENTITY))
    parts = [f"{marks.cell(first, 'number')}={first + 1}"]
    parts.append(f"SUMPRODUCT(--({told}<>{marks.cells(span, 'landmark')}))=0")
    if last > first:
        before, after = marks.cells((first, last - 1), "number"), marks.cells((first + 1, last), "number")
        parts.append(f"SUMPRODUCT(--({after}-{before}<>1))=0")
    else:
        parts.append(f"COUNT({numbers})=1")
    return ",".join(parts)


# ------------------------------------------------------------------------------------------------ values


_RULING = ("decision", "blocs")
_LONGEST_WORD, _MOST_RULINGS = 100, 24  # a formula has 8,192 signs at most

_NO_WORD = -1
"""In the place of a rank among the words."""


class Fingerprint:
    """What the values of `Détail` come to, row by row and all together: any sort of them shows."""

    def __init__(self, rows: Rows, letters: Sequence[str] = (), ruled: Sequence[str] = ()) -> None:
        """``letters``: those of the scale of the levels; words weigh by the alphabet then, as a sort ranges them.
        ``ruled``: what a jury decided, as :func:`rulings` gives it."""
        typed = (*_WORDS, *ruled)
        self._known = sorted((*typed, *letters), key=str.casefold) if letters else typed
        self._ranks = {word.casefold(): rank for rank, word in enumerate(self._known, start=1)}  # as formulas compare
        self._rows = rows

    def _numbers(self, rows: Rows) -> Iterator[float]:
        """What these values weigh as numbers."""
        return (0.0 if isinstance(value, str) else _worth(value) for value in kept(rows))

    def _words(self, rows: Rows) -> Iterator[int]:
        """The rank of each among the words that weigh: from 1, 0 for another word."""
        return (self._ranks.get(value.casefold(), 0) if isinstance(value, str) else _NO_WORD for value in kept(rows))

    def unchanged(self, marks: Marks, span: Span) -> str:
        """A condition: the values of these rows, each weighed by its place, come to what they came to.

        Numbers in another order weigh otherwise: of all orders, that of a sort weighs most or least.
        """
        first, last = span
        rows = self._rows.part(first, last + 1)
        weights = (number + max(rank, 0) for number, rank in zip(self._numbers(rows), self._words(rows), strict=True))
        weight = float(np.arange(1, len(rows) + 1) @ np.fromiter(weights, float, len(rows)))
        place = f"({marks.cells(span, 'number')}-{first})"
        values = marks.cells(span)
        words = "+".join(f'{rank}*({values}="{word}")' for rank, word in enumerate(self._known, start=1))
        return f"ABS(SUMPRODUCT({place},{values})+SUMPRODUCT({place}*({words}))-{weight!r})<{_NEAR}"

    def same_altogether(self, marks: Marks) -> str:
        """A condition: the values of the whole sheet are those that were read, wherever they stand."""
        sheets = marks.everything()
        total, ranks = fsum(self._numbers(self._rows)), Counter(self._words(self._rows))
        words = [
            f"{'+'.join(f'COUNTIF({values},{chr(34)}{word}{chr(34)})' for values in sheets)}={ranks[rank]}"
            for rank, word in enumerate(self._known, start=1)
        ]
        values = ",".join(sheets)
        same = f"ABS(SUM({values})-{total!r})<{_NEAR}"
        return f"AND({same},COUNT({values})={ranks[_NO_WORD]},{','.join(words)})"


def rulings(rows: Rows) -> list[str]:
    """What a jury decided: words and lists of blocs, as far as a formula has room for them."""
    kinds, inputs = (_among(rows, name, words) for name, words in (("kind", (Kind.DELIBERATION,)), ("input", _RULING)))
    found: list[int] = np.flatnonzero(kinds & inputs).tolist()
    told = {str(value) for row in found for value in kept(rows.part(row, row + 1))}
    known = sorted(told - {*_WORDS}, key=lambda word: (word.casefold(), word))
    return [word for word in known if len(word) < _LONGEST_WORD][:_MOST_RULINGS]


def _among(rows: Rows, name: str, words: Collection[str]) -> NDArray[np.bool_]:
    """Which rows have one of these words in a column."""
    chosen = [place for place, word in enumerate(rows.words(name)) if word in words]
    return np.isin(rows.codes(name), chosen)


def _worth(value: Decimal | date) -> float:
    return serial(value) if isinstance(value, date) else float(value)


# ------------------------------------------------------------------------------------------------ scales


def maxima(referential: Referential) -> dict[str, Decimal]:
    """The points each criterion of the oral is worth, by code."""
    return {item.code: item.points for item in referential.oral.items} if referential.oral else {}


Group = tuple[tuple[Mapping[str, str], Domain], ...]
"""Some inputs: what stands in the columns of their rows, and what their cells take."""


def scales(referential: Referential) -> dict[str, Group]:
    """The inputs that a decision rests on, by what they hold."""
    grid, oral, notes = (forms.build(referential, kind) for kind in (Kind.GRILLE, Kind.ORAL, Kind.NOTES))
    levels = next(entry.domain for entry in present(grid).inputs if entry.name == LEVEL_INPUT)
    found: dict[str, Group] = {"Niveaux": (({"input": f'="{LEVEL_INPUT}"', "kind": f'<>"{Kind.TRAVAUX}"'}, levels),)}
    if oral:
        widest = max((row.domains[POINTS_INPUT] for row in oral.rows), key=lambda domain: domain.maximum)
        answers = tuple(({"input": f'="{one.name}"'}, one.domain) for one in oral.singles if one.decides)
        found["Oral"] = (({"input": f'="{POINTS_INPUT}"'}, widest), *answers)
    marks = [entry.domain for entry in notes.inputs if entry.decides] if notes else []
    if marks:
        found["Notes"] = (({"kind": f'="{Kind.NOTES}"', "code": f'<>"{forms.PLAGIARISM}"'}, marks[0]),)
    return found


def in_scale(marks: Marks, span: Span, group: Group) -> str:
    """A condition: every value of these rows is one that its cell takes, as far as these inputs go."""
    return f"{'+'.join(_strangers(marks, span, *inputs) for inputs in group)}=0"


def _strangers(marks: Marks, span: Span, where: Mapping[str, str], domain: Domain) -> str:
    """How many of the values of some inputs their domain does not take; an empty cell is a missing value."""
    values = marks.cells(span)
    chosen = "*".join(f"({marks.cells(span, column)}{test})" for column, test in where.items())
    excused = "".join(f'*({values}<>"{state}")' for state in sorted(domain.states))
    takes = _takes(values, domain)
    if where.get("input") == f'="{POINTS_INPUT}"':
        takes = f"({values}<={marks.cells(span, 'maximum')})*{takes}"
    return f'SUMPRODUCT({chosen}*({values}<>""){excused}*(1-{takes}))'


def _takes(values: str, domain: Domain) -> str:
    """1 for a value of a domain; a text is greater than any number."""
    if domain.nature is Nature.YES_NO:
        return f'(({values}="Oui")+({values}="Non"))'
    if domain.nature is Nature.LETTER:
        return f"({'+'.join(f'({values}={chr(34)}{letter}{chr(34)})' for letter in domain.choices)})"
    listed = domain.values
    if 0 < len(listed) <= _MOST_VALUES:
        return f"({'+'.join(f'({values}={value.normalize():f})' for value in listed)})"
    return f"({values}>={domain.minimum:f})*({values}<={domain.maximum:f})"
