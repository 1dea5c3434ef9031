"""Where each mark stands in the sheet `Détail`: what the formulas of the other sheets refer to.

The marks are put in the order of the candidates, then so that what is read together stands together: the levels of
one competence side by side whoever gave them, a juror's points in a row, the answers to one question side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from engine import forms
from engine.errors import EngineError
from engine.forms import ABSENT
from engine.model import Kind, Outcome, Referential, Roster
from engine.tables import EXCLUDED, MISSING

_CAPACITY = 1_048_576 - 10  # rows of a sheet, less its title block
_KINDS = {kind: rank for rank, kind in enumerate(Kind)}

Span = tuple[int, int]
"""First and last row of marks that follow each other, counted from the first mark (0)."""


def with_value(marks: pd.DataFrame) -> pd.DataFrame:
    """The marks `Détail` lists. Raises :class:`EngineError` when they are more than a sheet can hold."""
    chosen = marks[~marks["state"].isin([MISSING, EXCLUDED])]
    if len(chosen) > _CAPACITY:
        raise EngineError(
            f"{len(chosen)} valeurs ont été lues : une feuille de calcul ne peut pas les contenir toutes."
        )
    return chosen


class Sources:
    """The marks that have a value, in the order of `Détail` (``marks``), and the rows of those a figure rests on.

    A candidate is named by its rank among ``outcomes``, which is its rank in every sheet.
    """

    def __init__(
        self, marks: pd.DataFrame, outcomes: Sequence[Outcome], roster: Roster, referential: Referential
    ) -> None:
        chosen = with_value(marks)
        codes, inputs = _form_order(referential)
        keys = {
            "candidate": _ranks(chosen["candidate"], [outcome.candidate.id for outcome in outcomes]),
            "kind": _ranks(chosen["kind"], list(Kind)),
            "code": _ranks(chosen["code"], codes),
            "input": _ranks(chosen["input"], inputs),
            "evaluator": _ranks(chosen["evaluator"], [person.id for person in roster.evaluators]),
        }
        order = _order(keys, single=(chosen["code"] == "").to_numpy())
        self.marks = chosen.iloc[order]
        self._absent = (self.marks["state"] == ABSENT).to_numpy()
        self._words = [_words(self.marks[name]) for name in ("code", "input", "evaluator")]
        place = (keys["candidate"].astype(np.int64) * len(_KINDS) + keys["kind"])[order]
        self._starts = np.searchsorted(place, np.arange(len(outcomes) * len(_KINDS) + 1))
        self.spans = lru_cache(maxsize=4)(self._spans)  # asked again for each column of a candidate's row
        self.points = lru_cache(maxsize=4)(self._points)

    def block(self, candidate: int) -> Span | None:
        """Every mark of a candidate."""
        return self._span(candidate * len(_KINDS), (candidate + 1) * len(_KINDS))

    def _spans(self, candidate: int, kind: Kind, entry: str = "") -> Mapping[str, Span]:
        """By code, the marks of one input (by default of any) in the sheets of a kind, whoever gave them."""
        found: dict[str, Span] = {}
        for row, code, name, _ in self._rows(candidate, kind):
            if entry in ("", name):
                found[code] = (found.get(code, (row,))[0], row)
        return found

    def _points(self, candidate: int) -> Mapping[str, Mapping[str, int]]:
        """By juror then by code, the row of each of the oral's points or declared absences."""
        found: dict[str, dict[str, int]] = {}
        for row, code, name, juror in self._rows(candidate, Kind.ORAL):
            if name == "points":
                found.setdefault(juror, {})[code] = row
        return found

    def all_absent(self, rows: Iterable[int]) -> bool:
        """Whether all these marks are `ABS`."""
        return all(self._absent[row] for row in rows)

    def _rows(self, candidate: int, kind: Kind) -> Iterable[tuple[int, str, str, str]]:
        """(row, code, input, evaluator) of a candidate's marks in the sheets of a kind."""
        place = candidate * len(_KINDS) + _KINDS[kind]
        first, last = self._starts[place], self._starts[place + 1]
        columns = ([words[code] for code in codes[first:last]] for words, codes in self._words)
        return zip(range(first, last), *columns, strict=True)

    def _span(self, first: int, after: int) -> Span | None:
        start, end = int(self._starts[first]), int(self._starts[after])
        return (start, end - 1) if end > start else None


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


def _words(column: pd.Series) -> tuple[list[str], np.ndarray]:
    """A column of few distinct words, as these words and the place of each row's one among them."""
    found = column.astype("category").cat
    return [str(word) for word in found.categories], found.codes.to_numpy()


def _ranks(column: pd.Series, order: Iterable[str]) -> np.ndarray:
    """The rank of each word of a column in a known order; words out of it come last, in alphabetical order."""
    words, codes = _words(column)
    known = {word: rank for rank, word in enumerate(order)}
    known |= {word: len(known) + rank for rank, word in enumerate(sorted(set(words) - set(known)))}
    return np.array([known[word] for word in words], dtype=np.int32)[codes]


def _order(keys: Mapping[str, np.ndarray], single: np.ndarray) -> np.ndarray:
    """By candidate and kind; then by code, input and evaluator, but for points, whose juror comes first.

    Single inputs (no code) follow, by input and evaluator. Marks that are alike keep the order they were read in.
    """
    by_juror = (keys["kind"] == _KINDS[Kind.ORAL]) & ~single
    first = np.where(by_juror, keys["evaluator"], keys["code"])
    second = np.where(by_juror, keys["code"], keys["input"])
    third = np.where(by_juror, keys["input"], keys["evaluator"])
    return np.lexsort((third, second, first, single, keys["kind"], keys["candidate"]))
