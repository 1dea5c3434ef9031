"""Sittings cut into slots of one candidate each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from engine.model.sittings import Sitting, Slot


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
