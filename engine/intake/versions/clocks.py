"""When a version was made, as far as its two clocks can tell: its workbook's own date, and that of its files.

Neither is a plain instant. Excel writes UTC; LibreOffice writes the local time, with a ``Z`` or without, and of most
programs nobody knows: what they write may be any zone's time. Copying a folder dates its files in the order of their
names, some milliseconds apart, and some disks count by two seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from engine.model.returns import UTC_PROGRAMS

_AHEAD, _BEHIND = timedelta(hours=14), timedelta(hours=12)
"""The zones of the world: a centre, an expert or a server may be anywhere, overseas departments included."""

GRAIN = 2_000_000_000  # ns: within it the dates of files say nothing

_ORIGIN = datetime(1970, 1, 1)


class Order(IntEnum):
    """How one date stands to another."""

    BEFORE = -1
    UNKNOWN = 0
    AFTER = 1


@dataclass(frozen=True)
class Clocks:
    """``saved``: the workbook's own date as written (no zone), by ``program``; ``files``: the date (ns) of each file
    that holds these very bytes, at least one."""

    saved: datetime | None
    program: str
    files: Sequence[int]

    @property
    def rank(self) -> tuple[float, int]:
        """A key that sorts versions roughly, the latest last; it decides nothing."""
        return (_seconds(self.saved - _ORIGIN) if self.saved else 0.0, max(self.files))

    def follows(self, other: Clocks) -> bool:
        """Whether this version certainly comes after the other.

        Bytes that were there before the other version, and came again after it, were sent again to stand.
        """
        files = _compared_files(max(self.files), max(other.files))
        if self.saved is None and other.saved is None:
            return files is Order.AFTER
        own = self._own_order(other)
        if own is Order.AFTER:
            return files is not Order.BEFORE
        sent_again = files is Order.AFTER and _compared_files(min(self.files), min(other.files)) is Order.BEFORE
        return own is Order.BEFORE and sent_again

    def _own_order(self, other: Clocks) -> Order:
        if self.saved is None or other.saved is None:
            return Order.UNKNOWN
        if self.program and self.program.casefold() == other.program.casefold():
            return Order((self.saved > other.saved) - (self.saved < other.saved))
        start, end = _interval(self.saved, self.program)
        other_start, other_end = _interval(other.saved, other.program)
        return Order((start > other_end) - (end < other_start))


def _interval(saved: datetime, program: str) -> tuple[float, float]:
    """The earliest and the latest instant that a workbook's own date may mean, in seconds since 1970, UTC."""
    written = saved - _ORIGIN
    if program.casefold() in UTC_PROGRAMS:
        return _seconds(written), _seconds(written)
    return _seconds(written - _AHEAD), _seconds(written + _BEHIND)


def _seconds(duration: timedelta) -> float:
    return duration.total_seconds()


def _compared_files(one: int, other: int) -> Order:
    if abs(one - other) < GRAIN:
        return Order.UNKNOWN
    return Order.AFTER if one > other else Order.BEFORE
