"""The days of the jury: who sits where and when, and the slots that each candidate may be given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.model.texts import bare

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
class Passage:
    """When one candidate is to be heard, whatever the planning; ``room``: where, if two rooms start then."""

    start: datetime
    room: str = ""


@dataclass(frozen=True, kw_only=True)
class Slot:
    """The time of one candidate in a sitting; ``start`` and ``end`` are local to the session."""

    start: datetime
    end: datetime
    room: str
    jurors: tuple[str, ...]

    def answers(self, passage: Passage) -> bool:
        """Whether it is the one that somebody wrote."""
        return self.start == passage.start and (not passage.room or bare(self.room) == bare(passage.room))

    @property
    def key(self) -> tuple[datetime, str]:
        """The key of a slot, its start and its room: a room holds one candidate at a time."""
        return self.start, self.room.casefold()


def in_room(room: str) -> str:
    """``salle B12`` for a room called so, or « Salle B12 » in the roster."""
    return room if bare(room).startswith("salle") else f"salle {room}"


def slots(sittings: Iterable[Sitting], minutes: int) -> tuple[Slot, ...]:
    """Every slot of these sittings, each ``minutes`` long: by start, then in the order of the sittings."""
    found = [slot for sitting in sittings for slot in _slots(sitting, timedelta(minutes=minutes))]
    return tuple(sorted(found, key=lambda slot: slot.start))


def _slots(sitting: Sitting, length: timedelta) -> Iterator[Slot]:
    """The slots of one sitting, one after the other; one that would meet a break starts at its end."""

    def on_the_day(hour: time) -> datetime:
        return datetime.combine(sitting.day, hour)

    start, last = on_the_day(sitting.start), on_the_day(sitting.end)
    breaks = sorted((on_the_day(begin), on_the_day(end)) for begin, end in sitting.breaks)
    while start + length <= last:
        met = next((end for begin, end in breaks if start < end and begin < start + length), None)
        if met is not None:
            start = met
            continue
        yield Slot(start=start, end=start + length, room=sitting.room, jurors=sitting.jurors)
        start += length
