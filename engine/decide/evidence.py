"""The marks that decisions rest on, candidate by candidate."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from engine.model import Kind
from engine.tables import EXCLUDED, MISSING


@dataclass(frozen=True, slots=True)
class Cell:
    """One mark: its state (see :mod:`engine.tables`), its value (a number, or Oui/Non), whether a cell holds it, and
    whose it is."""

    state: str = MISSING
    value: Decimal | str | None = None
    located: bool = False
    evaluator: str = ""


@dataclass
class Evidence:
    """What evaluators said of one candidate. ``oral``: juror -> criterion -> cell; the rest by code."""

    competences: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    transversal: dict[str, list[Cell]] = field(default_factory=lambda: defaultdict(list))
    oral: dict[str, dict[str, Cell]] = field(default_factory=lambda: defaultdict(dict))
    report: list[Cell] = field(default_factory=list)
    notes: dict[str, Cell] = field(default_factory=dict)


_COLUMNS = ["kind", "candidate", "evaluator", "input", "code", "state", "value", "cell"]
_ENTRIES = ["niveau", "points", "rapport"]


def gather(marks: pd.DataFrame) -> dict[str, Evidence]:
    """The evidence by candidate identifier."""
    found: dict[str, Evidence] = defaultdict(Evidence)
    deciding = marks[marks["input"].isin(_ENTRIES) | (marks["kind"] == Kind.NOTES)]
    columns = [deciding[name].astype(object) for name in _COLUMNS]
    for kind, candidate, evaluator, entry, code, state, value, address in zip(*columns, strict=True):
        evidence, cell = found[candidate], Cell(state, value, bool(address), evaluator)
        if kind == Kind.GRILLE and entry == "niveau":
            evidence.competences[code].append(cell)
        elif kind == Kind.TRANSVERSALE and entry == "niveau":
            evidence.transversal[code].append(cell)
        elif kind == Kind.ORAL and entry == "points":
            _keep(evidence.oral[evaluator], code, cell)
        elif kind == Kind.ORAL and entry == "rapport":
            evidence.report.append(cell)
        elif kind == Kind.NOTES:
            _keep(evidence.notes, code, cell)
    return dict(found)


def _keep(cells: dict[str, Cell], code: str, cell: Cell) -> None:
    """One cell per code, whatever the order of the files: where versions of a sheet compete, the doubt stays."""
    cells[code] = max(cells.get(code, cell), cell, key=lambda one: (one.state == EXCLUDED, one.located))
