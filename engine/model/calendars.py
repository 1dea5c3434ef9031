"""What people were told of the days of the jury: each slot, and what became of it since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar

from engine.model.admission import Seat
from engine.model.sittings import Slot

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Told:
    """One slot that somebody was told of: ``sequence`` counts how often it changed, the last time at ``since``."""

    start: datetime
    end: datetime
    room: str
    since: datetime
    sequence: int = 0
    cancelled: bool = False

    def holds(self, slot: Slot) -> bool:
        """Whether it stands as it was told."""
        return not self.cancelled and (self.start, self.end, self.room) == (slot.start, slot.end, slot.room)


Calendar = Mapping[str, Told]
"""What one person, or everybody, was told, by candidate."""


def follow(before: Calendar, slots: Mapping[str, Slot], now: datetime) -> dict[str, Told]:
    """What is to be told from now on: what did not change stays as it was told, what is gone is cancelled."""
    after = {candidate: _gone(told, now) for candidate, told in before.items() if candidate not in slots}
    for candidate, slot in slots.items():
        told = before.get(candidate)
        if told is not None and told.holds(slot):
            after[candidate] = told
            continue
        sequence = 0 if told is None else told.sequence + 1
        after[candidate] = Told(start=slot.start, end=slot.end, room=slot.room, since=now, sequence=sequence)
    return after


def as_told(slots: Mapping[str, T], before: Iterable[str]) -> dict[str, T]:
    """The same by the identifiers that were told ``before``, however the roster spells them by now."""
    known = {identifier.casefold(): identifier for identifier in before}
    return {known.get(identifier.casefold(), identifier): each for identifier, each in slots.items()}


def _gone(told: Told, now: datetime) -> Told:
    return told if told.cancelled else replace(told, cancelled=True, sequence=told.sequence + 1, since=now)


@dataclass(frozen=True, kw_only=True)
class Published:
    """Everything that was told: to the candidates, and to each juror; ``standings``: the word beside each slot of the
    planning, by candidate."""

    candidates: Calendar = field(default_factory=dict)
    jurors: Mapping[str, Calendar] = field(default_factory=dict)
    standings: Mapping[str, str] = field(default_factory=dict)

    @property
    def seats(self) -> dict[str, Seat]:
        """The slot of each candidate who has one, by identifier without case."""
        return {
            candidate.casefold(): Seat(start=told.start, room=told.room)
            for candidate, told in self.candidates.items()
            if not told.cancelled
        }

    def without(self, candidate: str) -> Published:
        """The same, somebody left out of it."""
        jurors = {juror: _without(calendar, candidate) for juror, calendar in self.jurors.items()}
        standings = {name: word for name, word in self.standings.items() if name.casefold() != candidate.casefold()}
        return Published(candidates=_without(self.candidates, candidate), jurors=jurors, standings=standings)


def _without(calendar: Calendar, candidate: str) -> dict[str, Told]:
    return {name: told for name, told in calendar.items() if name.casefold() != candidate.casefold()}
