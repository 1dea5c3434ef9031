"""What one run knew: the returns and their bytes, the marks that counted, the decisions, the anomalies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from engine.model import Decision, Outcome
from engine.model.anomalies import Anomaly
from engine.model.assignments import SheetKey
from engine.model.expected import FileState
from engine.model.marks import Worth, as_text, closes, storable, worth
from engine.model.tables import EXCLUDED, UNTYPED, VALUE

WITHHELD = "(écartée)"
"""What is shown of a mark that a refused sheet holds back: nothing was read of it."""


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

    @property
    def holds_returns(self) -> bool:
        """Whether it is a message or an archive of returns: they are told, each under its own name and state."""
        return not self.kind and self.state in (FileState.ACCEPTED, FileState.WITH_RESERVES)


class Mark(NamedTuple):
    """One mark that counted: what a person reads of it, where it was read; ``told``: its value in one way only."""

    kind: str
    candidate: str
    evaluator: str
    input: str
    code: str
    shown: str
    file: str = ""
    sheet: str = ""
    cell: str = ""
    told: str = ""
    state: str = VALUE

    @property
    def worth(self) -> Worth:
        """Its state and its value as text; ``None`` where it holds nothing."""
        raw = "" if self.shown == WITHHELD else self.shown
        return worth(raw, self.told or self.shown, self.state)

    @property
    def key(self) -> tuple[str, ...]:
        """Which mark it is, wherever it stands."""
        return (self.kind, self.candidate.casefold(), self.evaluator.casefold(), self.input, self.code)

    @classmethod
    def of(cls, row: tuple[Any, ...]) -> Mark | None:
        """The mark of a row of :data:`.tables.MARKS`; ``None`` for a blank, and for what only closes a sheet."""
        file, sheet, cell, kind, candidate, evaluator, entry, code, raw, value, state = row
        where = (storable(file), storable(sheet), cell)
        return cls.read((str(kind), candidate, evaluator, entry, code), storable(raw), as_text(value), state, where)

    @classmethod
    def read(
        cls, what: tuple[str, str, str, str, str], raw: str, value: str | None, state: str, where: tuple[str, str, str]
    ) -> Mark | None:
        """The same from texts: ``value`` as :func:`as_text` gives it, ``where``: file, sheet, cell."""
        *_, entry, code = what
        if state in UNTYPED or closes(entry, code):
            return None
        if state == EXCLUDED:
            return cls(*what, f"« {raw} » {WITHHELD}" if raw else WITHHELD, *where, state=state)
        if state != VALUE:
            return cls(*what, str(state), *where, state=state)
        return cls(*what, raw or value or "", *where, told=value or "")


class Decided(NamedTuple):
    """What was decided for a candidate, and the blocs acquired."""

    candidate: str
    decision: Decision
    provisional: bool = False
    acquired: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """``PARTIEL (B1, B3), provisoire``; nothing is credited to whoever has left."""
        credited = self.acquired and self.decision is not Decision.LEFT
        blocs = f" ({', '.join(self.acquired)})" if credited else ""
        return f"{self.decision}{blocs}{', provisoire' if self.provisional else ''}"

    @classmethod
    def of(cls, outcome: Outcome) -> Decided:
        """The decision of an outcome, as a snapshot keeps it."""
        return cls(outcome.candidate.id, outcome.decision, outcome.provisional, outcome.acquired)


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
    """The marks of a sheet, from its rows of :data:`engine.model.tables.MARKS`."""
    return tuple(mark for mark in map(Mark.of, rows) if mark is not None)
