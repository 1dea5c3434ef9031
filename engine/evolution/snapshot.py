"""What one run knew: the returns and their bytes, the marks that counted, the decisions, the anomalies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from engine.anomalies import Anomaly
from engine.assignments import SheetKey
from engine.model import Outcome
from engine.tables import EXCLUDED, MISSING, VALUE
from engine.values import figure, shown

WITHHELD = "(écartée)"
"""What is shown of a mark that a refused sheet holds back: nothing was read of it."""

_CLOSING = frozenset({"date", "signature"})  # when a version was closed, and by whom: new in each one, and no mark


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Which run it was: its ``number`` in the cohort's memory, and when it was made (no zone)."""

    number: int
    made_at: datetime


class File(NamedTuple):
    """One return; ``digest`` is its SHA-256, ``""`` when it could not be read. Several words are parted by ``; ``."""

    path: str
    state: str
    kind: str = ""
    candidate: str = ""
    evaluator: str = ""
    digest: str = ""


class Mark(NamedTuple):
    """One mark that counted: what a person would read of it, and where it was read."""

    kind: str
    candidate: str
    evaluator: str
    input: str
    code: str
    shown: str
    file: str = ""
    sheet: str = ""
    cell: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        """Which mark it is, wherever it stands."""
        return (self.kind, self.candidate.casefold(), self.evaluator.casefold(), self.input, self.code)

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Mark | None:
        """The mark of a row of :data:`engine.tables.MARKS`; ``None`` for a blank, and for what only closes a sheet."""
        file, sheet, cell, kind, candidate, evaluator, entry, code, raw, value, state = row
        if state == MISSING or (entry in _CLOSING and not code):
            return None
        return cls(str(kind), candidate, evaluator, entry, code, _read(raw, value, state), file, sheet, cell)


def _read(raw: str, value: Any, state: str) -> str:
    """What a person would read of a mark: a number with its comma, a word, a day, or what was set aside."""
    if state == EXCLUDED:
        return f"« {raw} » {WITHHELD}" if raw else WITHHELD
    if state != VALUE:
        return str(state)
    return figure(value) if isinstance(value, Decimal) else shown(value)


class Decided(NamedTuple):
    """What was decided for a candidate, and the blocs acquired."""

    candidate: str
    decision: str
    provisional: bool = False
    acquired: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """``PARTIEL (B1, B3), provisoire``."""
        blocs = f" ({', '.join(self.acquired)})" if self.acquired else ""
        return f"{self.decision}{blocs}{', provisoire' if self.provisional else ''}"

    @classmethod
    def of(cls, outcome: Outcome) -> Decided:
        """What an outcome says of it."""
        return cls(outcome.candidate.id, str(outcome.decision), outcome.provisional, outcome.acquired)


Marks = Mapping[SheetKey, tuple[Mark, ...]]


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """What a run knew. ``marks``: by sheet that counted; two runs may both leave out a sheet known to be the same.

    ``rules``: the version of the program and that of the referential, in words, each under a name of its own.
    """

    origin: Origin
    files: tuple[File, ...] = ()
    marks: Marks = field(default_factory=dict)
    decisions: tuple[Decided, ...] = ()
    anomalies: tuple[Anomaly, ...] = ()
    rules: Mapping[str, str] = field(default_factory=dict)


def marks_seen(rows: Iterable[tuple[Any, ...]]) -> tuple[Mark, ...]:
    """The marks of a sheet, from its rows of :data:`engine.tables.MARKS`."""
    return tuple(mark for mark in map(Mark.of, rows) if mark is not None)
