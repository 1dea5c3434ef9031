"""Where each mark stands in the sheet `Détail`: what the formulas of the other sheets refer to.

The marks are put in the order of the candidates, then so that what is read together stands together: the levels of
one competence side by side whoever gave them, a juror's points in a row, the answers to one question side by side.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.model import Kind, Outcome, Referential, Roster, forms
from engine.model.errors import EngineError
from engine.model.forms import ABSENT
from engine.model.marks import LEVEL_INPUT, POINTS_INPUT
from engine.model.tables import EXCLUDED, UNTYPED

CAPACITY = 1_048_576 - 16
"""Marks that a sheet can hold: its rows, less its title block."""
_AT_ONCE = 256  # rows read at one time: what is made of them should not leave the cache of the processor
_SORTED = 256  # people whose marks are sorted together
_KINDS = {kind: rank for rank, kind in enumerate(Kind)}

Span = tuple[int, int]
"""First and last row of marks that follow each other, counted from the first mark (0)."""
Places = NDArray[np.int32]


def with_value(marks: pd.DataFrame) -> Places:
    """The places of the marks `Détail` lists."""
    return np.flatnonzero(~marks["state"].isin([*UNTYPED, EXCLUDED]).to_numpy()).astype(np.int32)


class Rows:
    """Some rows of a table of marks, in an order: read some at a time, for a copy of them all would take memory."""

    def __init__(self, marks: pd.DataFrame, places: NDArray[np.integer[Any]]) -> None:
        self._marks, self._places = marks, places

    def __len__(self) -> int:
        return len(self._places)

    def part(self, start: int, end: int) -> Rows:
        """Those from ``start`` to before ``end``."""
        return Rows(self._marks, self._places[start:end])

    def words(self, name: str) -> list[object]:
        """The distinct words of a column, then what stands for a blank, whose code is -1."""
        return [*self._column(name).categories, ""]

    def codes(self, name: str) -> NDArray[np.integer[Any]]:
        """The place of each row's word among these."""
        return np.asarray(self._codes(name)[self._places])

    def blocks(self) -> Iterator[range]:
        """Rows to be read together, counted from 0."""
        everything = range(len(self))
        return (everything[start : start + _AT_ONCE] for start in everything[::_AT_ONCE])

    def codes_by_block(self, name: str) -> Iterator[NDArray[np.integer[Any]]]:
        """The place of each row's word, block by block."""
        codes = self._codes(name)
        return (codes[self._places[block.start : block.stop]] for block in self.blocks())

    def each_code(self, name: str) -> Iterator[int]:
        """The same, row by row."""
        return chain.from_iterable(codes.tolist() for codes in self.codes_by_block(name))

    def each(self, name: str) -> Iterator[Any]:
        """What a column holds, row by row."""
        column = self._marks[name].to_numpy(dtype=object)
        return chain.from_iterable(column[self._places[block.start : block.stop]].tolist() for block in self.blocks())

    def _codes(self, name: str) -> NDArray[np.integer[Any]]:
        return np.asarray(self._column(name).codes)

    def _column(self, name: str) -> pd.Categorical:
        """A column of words as it stands: a series of its codes would be a copy of them all."""
        return pd.Categorical(self._marks[name], copy=False)


class Sources:
    """The marks that have a value, in the order of `Détail` (``marks``), and the rows of those a figure rests on.

    A candidate is named by its rank among ``outcomes``, which is its rank in every sheet.
    """

    def __init__(
        self,
        marks: pd.DataFrame,
        outcomes: Sequence[Outcome],
        roster: Roster,
        referential: Referential,
        capacity: int = CAPACITY,
    ) -> None:
        chosen = with_value(marks)
        codes, inputs = _form_order(referential)
        orders: dict[str, Sequence[str]] = {
            "candidate": [outcome.candidate.id for outcome in outcomes],
            "kind": list(Kind),
            "code": codes,
            "input": inputs,
            "evaluator": [person.id for person in roster.evaluators],
        }
        keys = {name: _ranks(marks[name], order)[chosen] for name, order in orders.items()}
        order = _order(keys, single=(marks["code"] == "").to_numpy()[chosen])
        places = chosen[order]
        self.marks = Rows(marks, places)
        self._absent = (marks["state"] == ABSENT).to_numpy()[places]
        self._starts = _starts(keys, order, len(outcomes))
        self.parts = self._parted(capacity)
        found = _Found(self.marks, self._starts)
        self.spans = lru_cache(maxsize=4)(found.spans)  # asked again for each column of a candidate's row
        self.points = lru_cache(maxsize=4)(found.points)
        self.levels = lru_cache(maxsize=4)(found.levels)

    def _parted(self, capacity: int) -> list[Span]:
        """The marks of each sheet that it takes, start and end: those of a candidate are never parted."""
        heads = self._starts[:: len(_KINDS)]
        last, total = int(heads[-1]), len(self.marks)
        cuts = [*heads.tolist(), *range(last + 1, total)] if total > capacity else []
        parts, start = [], 0
        while total - start > capacity:
            end = cuts[bisect_right(cuts, start + capacity) - 1]
            if end <= start:
                raise EngineError("Un candidat a plus de valeurs qu'une feuille de calcul n'en contient.")
            parts.append((start, end))
            start = end
        return [*parts, (start, total)]

    def block(self, candidate: int) -> Span | None:
        """Every mark of a candidate."""
        return self._span(candidate * len(_KINDS), (candidate + 1) * len(_KINDS))

    def all_absent(self, rows: Iterable[int]) -> bool:
        """Whether all these marks are `ABS`."""
        return all(self._absent[row] for row in rows)

    def _span(self, first: int, after: int) -> Span | None:
        start, end = int(self._starts[first]), int(self._starts[after])
        return (start, end - 1) if end > start else None


class _Found:
    """Rows of the marks of a candidate, found by what they are of."""

    def __init__(self, marks: Rows, starts: NDArray[np.intp]) -> None:
        self._words = [(marks.words(name), marks.codes(name)) for name in ("code", "input", "evaluator")]
        self._starts = starts

    def spans(self, candidate: int, kind: Kind, entry: str = "") -> Mapping[str, Span]:
        """By code, the marks of one input (by default of any) in the sheets of a kind, whoever gave them."""
        found: dict[str, Span] = {}
        for row, code, name, _ in self._rows(candidate, kind):
            if entry in ("", name):
                found[code] = (found.get(code, (row,))[0], row)
        return found

    def points(self, candidate: int) -> Mapping[str, Mapping[str, int]]:
        """By juror then by code, the row of each of the oral's points or declared absences."""
        found: dict[str, dict[str, int]] = {}
        for row, code, name, juror in self._rows(candidate, Kind.ORAL):
            if name == POINTS_INPUT:
                found.setdefault(juror, {})[code] = row
        return found

    def levels(self, candidate: int) -> Mapping[str, Mapping[str, list[Span]]]:
        """By competence then by evaluator, identifiers case-folded, the rows of the levels of the grids."""
        found: dict[str, dict[str, list[Span]]] = {}
        for row, code, name, evaluator in self._rows(candidate, Kind.GRILLE):
            if name == LEVEL_INPUT:
                found.setdefault(code, {}).setdefault(evaluator.casefold(), []).append((row, row))
        return found

    def _rows(self, candidate: int, kind: Kind) -> Iterable[tuple[int, str, str, str]]:
        """(row, code, input, evaluator) of a candidate's marks in the sheets of a kind."""
        place = candidate * len(_KINDS) + _KINDS[kind]
        first, last = self._starts[place], self._starts[place + 1]
        columns = ([words[code] for code in codes[first:last]] for words, codes in self._words)
        return zip(range(first, last), *columns, strict=True)


def _form_order(referential: Referential) -> tuple[list[str], list[str]]:
    """Codes and inputs in the order of the forms."""
    codes: dict[str, None] = {}
    inputs: dict[str, None] = {}
    for kind in Kind:
        form = forms.build(referential, kind, candidate_columns=True)
        if form is not None:
            names = [entry.name for entry in (*form.inputs, *form.singles)]
            codes |= dict.fromkeys(names if form.by_candidate_rows else [row.code for row in form.rows])
            inputs |= dict.fromkeys(names)
    return list(codes), list(inputs)


def _words(column: pd.Series) -> tuple[list[str], NDArray[np.integer[Any]]]:
    """A column of few distinct words, as these words and the place of each row's one among them."""
    found = column.astype("category").cat
    return [str(word) for word in found.categories], found.codes.to_numpy()


def _ranks(column: pd.Series, order: Iterable[str]) -> NDArray[np.integer[Any]]:
    """The rank of each word of a column in a known order; words out of it come last, in alphabetical order."""
    words, codes = _words(column)
    known = {word: rank for rank, word in enumerate(order)}
    known |= {word: len(known) + rank for rank, word in enumerate(sorted(set(words) - set(known)))}
    ranks = np.array([known[word] for word in words], dtype=np.int32)
    return np.asarray(ranks.astype(np.min_scalar_type(len(known)))[codes])  # a table of marks is long


def _starts(keys: Mapping[str, NDArray[np.integer[Any]]], order: Places, people: int) -> NDArray[np.intp]:
    """Where the marks of each kind of each of so many people start in that order, and where those of the last end."""
    candidates, count = keys["candidate"], len(_KINDS)
    places = candidates.astype(np.min_scalar_type((int(candidates.max(initial=0)) + 1) * count))
    places *= count
    places += keys["kind"].astype(places.dtype)
    return np.searchsorted(places[order], np.arange(people * count + 1))


def _order(keys: Mapping[str, NDArray[np.integer[Any]]], single: NDArray[np.bool_]) -> Places:
    """By candidate and kind; then by code, input and evaluator, but for points, whose juror comes first.

    Single inputs (no code) follow, by input and evaluator. Marks that are alike keep the order they were read in.
    """
    people, parts = keys["candidate"], []
    last = int(people.max()) if len(people) else -1
    for first in range(0, last + 1, _SORTED):  # to sort them all at once takes memory
        some = np.flatnonzero((people >= first) & (people < first + _SORTED)).astype(np.int32)
        parts.append(some[_among_some({name: ranks[some] for name, ranks in keys.items()}, single[some])])
    return np.concatenate(parts) if parts else np.empty(0, np.int32)


def _among_some(keys: Mapping[str, NDArray[np.integer[Any]]], single: NDArray[np.bool_]) -> NDArray[np.integer[Any]]:
    """The same of some of the marks."""
    by_juror = (keys["kind"] == _KINDS[Kind.ORAL]) & ~single
    first = np.where(by_juror, keys["evaluator"], keys["code"])
    second = np.where(by_juror, keys["code"], keys["input"])
    third = np.where(by_juror, keys["input"], keys["evaluator"])
    return np.lexsort((third, second, first, single, keys["kind"], keys["candidate"]))
