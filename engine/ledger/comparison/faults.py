"""Anomalies told apart by what they are about: a reworded message or a moved file leaves them the same.

Two rounds: first those that stand at the same place and hold the same value, then those about the same thing, be it
in a newer version of the sheet, in another cell of its row, or with another wrong value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace

from engine.model.anomalies import About, Anomaly, Gravity
from engine.model.changes import Change
from engine.model.snapshot import Snapshot

Key = Callable[[Anomaly], Hashable]


def compare_faults(before: Snapshot, after: Snapshot, moved: Mapping[str, str]) -> Iterator[Change[Anomaly]]:
    """The anomalies that appeared, were mended, or became more or less serious; ``moved``: new names by old ones.

    What merely informs needs nobody: it counts as mended.
    """
    was = [replace(each, file=moved.get(each.file, each.file)) for each in _serious(before)]
    same, was, now = _paired(was, list(_serious(after)), _exactly)
    now += (each for each in after.anomalies if each.entry.tells_change and each.blocking)
    if was and now:
        alike, was, now = _paired(was, now, _Subject(after, {}), _Subject(before, moved))
        same += alike
    yield from (Change(None, each) for each in now)
    yield from (Change(one, other) for one, other in same if one.gravity != other.gravity)
    yield from (Change(each, None) for each in was)


def _serious(snapshot: Snapshot) -> Iterator[Anomaly]:
    return (each for each in snapshot.anomalies if each.gravity != Gravity.INFO and not each.entry.tells_change)


def _paired(
    was: list[Anomaly], now: list[Anomaly], key: Key, key_before: Key | None = None
) -> tuple[list[tuple[Anomaly, Anomaly]], list[Anomaly], list[Anomaly]]:
    """Those of the same key, one to one; those left before; those left now. Orders are kept."""
    waiting: dict[Hashable, list[Anomaly]] = defaultdict(list)
    for anomaly in was:
        waiting[(key_before or key)(anomaly)].append(anomaly)
    pairs, new = [], []
    for anomaly in now:
        alike = waiting.get(key(anomaly))
        if alike:
            pairs.append((alike.pop(0), anomaly))
        else:
            new.append(anomaly)
    left = {id(anomaly) for each in waiting.values() for anomaly in each}
    return pairs, [anomaly for anomaly in was if id(anomaly) in left], new


def _exactly(anomaly: Anomaly) -> Hashable:
    return (*_whom(anomaly), anomaly.file, anomaly.sheet, anomaly.cell, anomaly.value)


def _whom(anomaly: Anomaly) -> tuple[str, str, str]:
    return anomaly.code, anomaly.candidate.casefold(), anomaly.evaluator.casefold()


class _Subject:
    """What an anomaly of a run is about: the mark its cell holds, else its cell, its sheet, its file, or an item."""

    def __init__(self, snapshot: Snapshot, moved: Mapping[str, str]) -> None:
        self._marks: dict[tuple[str, str, str], tuple[str, ...]] = {}
        self._kinds: dict[tuple[str, str], str] = {}
        for marks in snapshot.marks.values():
            for mark in marks:
                file = moved.get(mark.file, mark.file)
                self._kinds[file, mark.sheet] = mark.kind
                self._marks[file, mark.sheet, mark.cell] = mark.key

    def __call__(self, anomaly: Anomaly) -> Hashable:
        return (*_whom(anomaly), *self._place(anomaly))

    def _place(self, anomaly: Anomaly) -> tuple[Hashable, ...]:
        file, sheet, cell, about = anomaly.file, anomaly.sheet, anomaly.cell, anomaly.entry.about
        if not file:
            return ("item", "" if about is About.CASE else anomaly.value)
        if about is About.SHEET:
            return ("sheet", self._kind(anomaly))
        if about is About.ROW:
            return ("row", self._kind(anomaly), anomaly.value)
        return ("mark", self._marks.get((file, sheet, cell), (file, sheet, cell)))

    def _kind(self, anomaly: Anomaly) -> Hashable:
        """The kind of a sheet whose people are known; else the very sheet of the very file."""
        place = (anomaly.file, anomaly.sheet)
        return self._kinds.get(place, anomaly.sheet if anomaly.candidate or anomaly.evaluator else place)
