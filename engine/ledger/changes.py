"""What moved between two runs, mark by mark."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine import model
from engine.ledger.night import mark_text
from engine.ledger.past import Past, SheetRow
from engine.model.assignments import SheetKey
from engine.model.marks import Worth, closes, storable, worth
from engine.model.readings import differences
from engine.model.returns import SheetReport, SheetStatus
from engine.model.tables import EXCLUDED, MISSING


@dataclass(frozen=True)
class Mark:
    """One mark that counts, with where it was read. ``value`` is exact and in full, ``None`` where there is none."""

    kind: str
    candidate: str
    evaluator: str
    input: str
    code: str
    raw: str
    value: str | None
    state: str
    file: str
    sheet: str
    cell: str

    @property
    def place(self) -> tuple[str, str, str]:
        """Which mark of its sheet."""
        return self.candidate.casefold(), self.input, self.code

    @property
    def present(self) -> bool:
        """Whether it holds a value or a declared state, rather than something that could not be taken."""
        return self.raw != "" and self.state not in (EXCLUDED, MISSING)

    @property
    def worth(self) -> Worth:
        """Its state and its value as text; ``None`` where it holds nothing."""
        return worth(self.raw, self.value, self.state)


@dataclass(frozen=True)
class Change:
    """A mark that is ``new`` (``before``: what could not be taken, or ``None``), ``gone`` (``after`` likewise) or
    ``changed``."""

    before: Mark | None
    after: Mark | None

    @property
    def nature(self) -> str:
        """``new``, ``gone`` or ``changed``."""
        if not (self.before and self.before.present):
            return "new"
        return "changed" if self.after and self.after.present else "gone"

    @property
    def now(self) -> Mark:
        """The mark as it is, or as it was when it is gone."""
        mark = self.after or self.before
        if mark is None:
            raise ValueError("a change has a mark before or after")
        return mark


def changes(past: Past, sheets: Iterable[SheetReport], since: int | None = None) -> list[Change]:
    """What tonight's sheets change to the marks of a run (the baseline, unless ``since`` names another)."""
    current, earlier = _by_key(sheets), _by_key(past.sheets(since))
    found: list[Change] = []
    for key in sorted(current.keys() | earlier.keys()):
        now, then = current.get(key, []), earlier.get(key, [])
        if {(sheet.fingerprint, sheet.left_out) for sheet in now} == {(row.fingerprint, row.left_out) for row in then}:
            continue
        pairs = differences(_by_place(_earlier(past, then)), _by_place(_current(now)))
        found += [Change(*pair) for pair in pairs if any(mark and mark.present for mark in pair)]
    return found


def _by_key(sheets: Iterable[Any]) -> dict[SheetKey, list[Any]]:
    """The versions that count of each sheet: several may, each for a part."""
    found: dict[SheetKey, list[Any]] = defaultdict(list)
    for sheet in sheets:
        if sheet.status is SheetStatus.RECEIVED:
            found[sheet.key].append(sheet)
    return found


def _earlier(past: Past, rows: Iterable[SheetRow]) -> Iterator[Mark]:
    for row in rows:
        for each in past.counted(row):
            yield Mark(row.kind, each.candidate, row.evaluator, each.input, each.code, each.raw, each.value, each.state,
                       row.path, row.sheet, each.cell)  # fmt: skip


def _current(sheets: Iterable[SheetReport]) -> Iterator[Mark]:
    return (_mark(mark) for sheet in sheets for mark in sheet.marks)


def _mark(mark: model.Mark) -> Mark:
    candidate, entry, code, raw, value, state = mark_text(mark)
    who, where = storable(mark.evaluator), (storable(mark.file), storable(mark.sheet), mark.cell)
    return Mark(mark.kind, candidate, who, entry, code, raw, value, state, *where)


def _by_place(marks: Iterable[Mark]) -> dict[tuple[str, str, str], Mark]:
    return {mark.place: mark for mark in marks if not closes(mark.input, mark.code)}
