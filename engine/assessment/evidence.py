"""What the checks look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from engine.model import Candidate, Kind, Outcome, Referential, Roster
from engine.model.forms import ABSENT
from engine.model.tables import UNTYPED, VALUE
from engine.model.unfolding import rows


@dataclass(frozen=True)
class Evidence:
    """What the checks look at: the marks that count (of :class:`engine.model.Mark`) and what was decided from them."""

    marks: pd.DataFrame
    outcomes: tuple[Outcome, ...]
    roster: Roster
    referential: Referential

    def chosen(self, kind: Kind, entry: str | None = None) -> pd.Series[bool]:
        """Which marks of a kind of sheet have a value; of one input, when it is named."""
        chosen = (self.marks["kind"] == kind) & (self.marks["state"] == VALUE)
        return chosen if entry is None else chosen & (self.marks["input"] == entry)

    def values(self, kind: Kind, entry: str | None = None) -> Iterator[Any]:
        """The same marks, as rows."""
        return rows(self.marks, self.chosen(kind, entry))

    def absent(self, candidate: str) -> list[str]:
        """The jurors who say that a candidate did not come, by their identifiers."""
        told = self.marks[(self.marks["kind"] == Kind.ORAL) & (self.marks["state"] == ABSENT)]
        return list(dict.fromkeys(told.loc[told["candidate"] == candidate, "evaluator"]))

    @cached_property
    def started(self) -> frozenset[tuple[str, str]]:
        """The kinds of sheet of which something came about a candidate: (kind, identifier)."""
        kinds, people = (pd.Categorical(self.marks[name], copy=False) for name in ("kind", "candidate"))
        filled = ~self.marks["state"].isin(UNTYPED).to_numpy()
        there = np.zeros((len(kinds.categories), len(people.categories)), dtype=bool)
        there[kinds.codes[filled], people.codes[filled]] = True
        found = np.argwhere(there).tolist()
        return frozenset((kinds.categories[kind], people.categories[person]) for kind, person in found)

    def untouched(self, candidate: Candidate, kind: Kind, people: int = 1) -> bool:
        """Whether nothing came of a kind of sheet that enough people are to fill: that it is awaited says it all."""
        owed = {each for role in kind.record.filled_by for each in candidate.assigned(role)}
        return len(owed) >= people and (kind, candidate.id) not in self.started

    @cached_property
    def staying(self) -> frozenset[str]:
        """The identifiers of the candidates who have not left."""
        return frozenset(outcome.candidate.id for outcome in self.present)

    @property
    def present(self) -> Iterator[Outcome]:
        """The outcomes of those who have not left."""
        return (outcome for outcome in self.outcomes if not outcome.candidate.dropped_out)
