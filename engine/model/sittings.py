"""The days of the jury: who sits where and when, and the slots that each candidate may be given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

Break = tuple[time, time]
"""When nobody is heard: from, to."""


@dataclass(frozen=True, kw_only=True)
class Sitting:
    """One room, one day, its jurors (identifiers): a row of the roster's sheet `Journées`."""

    day: date
    room: str
    start: time
    end: time
    jurors: tuple[str, ...]
    breaks: tuple[Break, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The time of one candidate in a sitting; ``start`` and ``end`` are local to the session."""

    start: datetime
    end: datetime
    room: str
    jurors: tuple[str, ...]

    @property
    def key(self) -> tuple[datetime, str]:
        """What tells a slot from any other: a room holds one candidate at a time."""
        return self.start, self.room.casefold()
