"""The jurors of the sheet `Oral`: who sat for each candidate, and what each one's sheet comes to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from engine.model import Kind, Outcome
from engine.model.forms import ABSENT
from engine.model.marks import POINTS_INPUT
from engine.model.tables import EXCLUDED
from engine.outputs.parts import oral_of, oral_rule
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.frame import Book
from engine.outputs.workbook.people import Spot
from engine.outputs.workbook.places import ORAL

INCOMPLETE, TO_MEND = "incomplète", "à corriger"


class Jury:
    """Seats are counted from 0; a candidate's jurors of the roster come first, then anyone else who was heard."""

    def __init__(self, book: Book, marks: pd.DataFrame) -> None:
        self._book = book
        self._codes = [item.code for item in oral_rule(book.referential).items]
        self._unreadable = _unreadable(marks)
        self._names = {outcome.candidate.id: self._of(rank, outcome) for rank, outcome in enumerate(book.outcomes)}
        self._ranks = {outcome.candidate.id: rank for rank, outcome in enumerate(book.outcomes)}
        self.seats = max([1, *map(len, self._names.values())])
        self.full = lru_cache(maxsize=1)(self._full)  # asked again for each column of a candidate's row

    def _of(self, rank: int, outcome: Outcome) -> list[str]:
        candidate = outcome.candidate
        heard = [*self._book.sources.points(rank), *self._unreadable[candidate.id]]
        return list(dict.fromkeys([*candidate.jurors, *sorted(heard)]))

    def name(self, outcome: Outcome, seat: int) -> str | None:
        """The identifier of the juror in this seat."""
        names = self._names[outcome.candidate.id]
        return names[seat] if seat < len(names) else None

    def total(self, outcome: Outcome, seat: int) -> Value:
        """The total of a complete sheet, the word for any other, nothing for one that was not started."""
        juror = self.name(outcome, seat)
        if juror in self._unreadable[outcome.candidate.id]:
            return TO_MEND
        if juror is not None and juror in oral_of(outcome).totals:
            return oral_of(outcome).totals[juror]
        rows = self._rows(self._ranks[outcome.candidate.id], juror)
        if not rows:
            return None
        return ABSENT if self._book.sources.all_absent(rows.values()) else INCOMPLETE

    def total_formula(self, spot: Spot, seat: int) -> str:
        """The same from the points in `Détail`; none where some of them could not be read."""
        juror = self.name(spot.outcome, seat)
        rows = self._rows(spot.rank, juror)
        if not rows or juror in self._unreadable[spot.outcome.candidate.id]:
            return ""
        points = self._book.detail.cells((min(rows.values()), max(rows.values())))
        words = f'IF(COUNTIF({points},"{ABSENT}")=COUNTA({points}),"{ABSENT}","{INCOMPLETE}")'
        return f'IF(COUNT({points})={len(self._codes)},SUM({points}),IF(COUNTA({points})=0,"",{words}))'

    def mean_formula(self, spot: Spot, first: str, last: str) -> str:
        """The mean, over the complete sheets, of what they give from one criterion to another."""
        seats, cells, totals = self.full(spot.rank), self._book.detail.cells, spot.run(*self.totals)
        given = (f"IF(ISNUMBER({total}),SUM({cells((rows[first], rows[last]))}),0)" for total, rows in seats)
        return f'IF(COUNT({totals})=0,"",({"+".join(given)})/COUNT({totals}))' if seats else ""

    @property
    def totals(self) -> tuple[str, str]:
        """The keys of the first and of the last column of totals."""
        return "total juré 0", f"total juré {self.seats - 1}"

    def _full(self, rank: int) -> list[tuple[str, Mapping[str, int]]]:
        """A candidate's jurors whose sheet is, or can become by a change of its marks alone, complete: the cell of its
        total, the rows of its points."""
        found, outcome = [], self._book.outcomes[rank]
        for seat in range(self.seats):
            juror = self.name(outcome, seat)
            rows = self._rows(rank, juror)
            if len(rows) == len(self._codes) and juror not in self._unreadable[outcome.candidate.id]:
                found.append((self._book.places[ORAL].here(f"total juré {seat}", rank), rows))
        return found

    def _rows(self, rank: int, juror: str | None) -> Mapping[str, int]:
        return self._book.sources.points(rank).get(juror, {}) if juror else {}


def _unreadable(marks: pd.DataFrame) -> Mapping[str, list[str]]:
    """By candidate, the jurors whose sheet holds points that could not be read, or is refused as a whole."""
    found: dict[str, list[str]] = defaultdict(list)
    excluded = marks[(marks["kind"] == Kind.ORAL) & (marks["input"] == POINTS_INPUT) & (marks["state"] == EXCLUDED)]
    pairs = zip(excluded["candidate"].astype(object), excluded["evaluator"].astype(object), strict=True)
    for candidate, juror in dict.fromkeys(pairs):
        found[candidate].append(juror)
    return found
