"""Two snapshots to what changed between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from engine.ledger.comparison.faults import compare_faults
from engine.ledger.comparison.files import compare_files, renamed
from engine.model.changes import Change, Evolution
from engine.model.readings import differences
from engine.model.snapshot import Decided, Mark, Snapshot


def compare(before: Snapshot | None, after: Snapshot) -> Evolution:
    """The changes between two snapshots; with nothing ``before``, an evolution that says so and lists none.

    What merely stands elsewhere (a renamed file, a moved row, a reworded message) is no change of a mark or an anomaly.
    """
    if before is None:
        return Evolution(since=None)
    files = compare_files(before.files, after.files)
    return Evolution(
        since=before.origin,
        files=files,
        marks=tuple(_marks(before, after)),
        decisions=tuple(_decisions(before.decisions, after.decisions)),
        anomalies=tuple(compare_faults(before, after, renamed(files))),
        notes=tuple(f"{rule} (auparavant : {before.rules[name]})" for name, rule in _other_rules(before, after)),
    )


def _other_rules(before: Snapshot, after: Snapshot) -> Iterator[tuple[str, str]]:
    return ((name, rule) for name, rule in after.rules.items() if before.rules.get(name, rule) != rule)


def _decisions(before: Iterable[Decided], after: Iterable[Decided]) -> Iterator[Change[Decided]]:
    old = {decided.candidate.casefold(): decided for decided in before}
    for decided in after:
        was = old.pop(decided.candidate.casefold(), None)
        if was is None or was[1:] != decided[1:]:
            yield Change(was, decided)
    yield from (Change(was, None) for was in old.values())


def _marks(before: Snapshot, after: Snapshot) -> list[Change[Mark]]:
    """Marks that differ, by candidate; what holds nothing on either side is no mark."""
    found = []
    for key in before.marks.keys() | after.marks.keys():
        was, now = before.marks.get(key, ()), after.marks.get(key, ())
        if was != now:
            old, new = ({mark.key: mark for mark in marks} for marks in (was, now))
            found += [Change(*pair) for pair in differences(old, new)]
    return sorted(found, key=lambda change: _order(change.thing))


def _order(mark: Mark) -> tuple[tuple[int | str, ...], ...]:
    """Candidate by candidate, sheet by sheet, codes as people count (``2.9`` before ``2.10``)."""
    return tuple(_counted(part) for part in (mark.candidate, mark.kind, mark.evaluator, mark.code, mark.input))


def _counted(text: str) -> tuple[int | str, ...]:
    parts = re.split(r"([0-9]+)", text.casefold())
    return tuple(chain.from_iterable(((int(part), "") if rank % 2 else (0, part)) for rank, part in enumerate(parts)))
