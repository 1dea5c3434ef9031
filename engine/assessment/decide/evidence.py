"""The marks that decisions rest on, candidate by candidate."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from engine.model import Kind, Scale
from engine.model.marks import LEVEL_INPUT, POINTS_INPUT, REPORT_INPUT
from engine.model.tables import EXCLUDED, MISSING
from engine.model.unfolding import ByCandidate


@dataclass(frozen=True, slots=True)
class Cell:
    """One mark: its state, its value (a number, or Oui/Non), whether a cell holds it, and whose it is."""

    state: str = MISSING
    value: Decimal | str | None = None
    located: bool = False
    evaluator: str = ""

    @property
    def number(self) -> Decimal:
        """Its value, where a number was asked for and given."""
        if not isinstance(self.value, Decimal):
            raise TypeError(f"{self.value!r} is no number.")
        return self.value


@dataclass
class Evidence:
    """What evaluators said of one candidate. ``oral``: juror -> criterion -> cell; ``commission``: the levels that it
    set; the rest by code."""

    competences: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    transversal: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    oral: dict[str, dict[str, Cell]] = field(default_factory=lambda: defaultdict(dict))
    report: list[Cell] = field(default_factory=list)
    notes: dict[str, Cell] = field(default_factory=dict)
    commission: dict[str, Cell] = field(default_factory=dict)


def _keep(cells: dict[str, Cell], code: str, cell: Cell) -> None:
    """One cell per code, whatever the order of the files: where versions of a sheet compete, the doubt stays."""
    cells[code] = max(cells.get(code, cell), cell, key=lambda one: (one.state == EXCLUDED, one.located))


_Gather = Callable[[Evidence, str, Cell], None]

_ANY = ""
_GATHERERS: Mapping[Kind, Mapping[str, _Gather]] = {
    Kind.GRILLE: {LEVEL_INPUT: lambda evidence, code, cell: evidence.competences[code].append(cell)},
    Kind.TRANSVERSALE: {LEVEL_INPUT: lambda evidence, code, cell: evidence.transversal[code].append(cell)},
    Kind.ORAL: {
        POINTS_INPUT: lambda evidence, code, cell: _keep(evidence.oral[cell.evaluator], code, cell),
        REPORT_INPUT: lambda evidence, _, cell: evidence.report.append(cell),
    },
    Kind.NOTES: {_ANY: lambda evidence, code, cell: _keep(evidence.notes, code, cell)},
    Kind.SYNTHESE: {LEVEL_INPUT: lambda evidence, code, cell: _keep(evidence.commission, code, cell)},
    Kind.DELIBERATION: {},  # it is no evidence: it overrules what follows from it (:mod:`engine.assessment.jury`)
}
"""Where each deciding input goes, by kind then by input."""

_COLUMNS = ("evaluator", "input", "code", "state", "value", "cell")


class Gathered:
    """The evidence of each candidate, gathered from the table of :data:`engine.model.tables.MARKS` when it is asked
    for: that of a large cohort would take more memory than its marks."""

    def __init__(self, marks: pd.DataFrame, scale: Scale | None = None) -> None:
        """``scale``: that of the levels, whose letters are gathered as the numbers that they stand for.

        Raises ``LookupError`` for marks of a kind of sheet that decides and that nothing here gathers: none is dropped.
        """
        self._ranks = {letter: scale.rank(letter) for letter in scale.ladder} if scale else {}
        self._cells = _Cells()
        decisive = {str(kind): _GATHERERS[kind] for kind in map(Kind, marks["kind"].unique()) if kind.record.decides}
        self._marks = {word: ByCandidate(marks, _asked(marks, word, decisive[word]), _COLUMNS) for word in decisive}
        self._inputs = decisive

    def of(self, candidate: str) -> Evidence:
        """That of one candidate, by identifier; nothing where nobody said anything."""
        found = Evidence()
        for word, inputs in self._inputs.items():
            for evaluator, entry, code, state, value, address in self._marks[word].of(candidate):
                keep = inputs[entry if entry in inputs else _ANY]
                level = self._ranks.get(value, value) if entry == LEVEL_INPUT else value
                keep(found, code, self._cells.cell(state, level, bool(address), evaluator))
        return found


def _asked(marks: pd.DataFrame, word: str, inputs: Collection[str]) -> pd.Series[bool]:
    """Which rows hold one of these inputs of a kind of sheet."""
    chosen = marks["kind"] == word
    return chosen if _ANY in inputs else chosen & marks["input"].isin(list(inputs))


class _Cells(dict[tuple[object, ...], Cell]):
    """One cell for all marks that say the same: a large cohort has millions of marks, which say few things."""

    def cell(self, state: str, value: Decimal | str | None, located: bool, evaluator: str) -> Cell:
        """That of these. Values are told apart as objects: 4 and 4.0 are equal, and each is to be shown as it was."""
        key = (state, id(value), located, evaluator)
        return self.get(key) or self.setdefault(key, Cell(state, value, located, evaluator))
