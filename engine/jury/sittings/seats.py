"""Who is heard in which slot: as many as can be, and the first of the roster earliest."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence

Options = Sequence[Sequence[int]]
"""For each candidate, in order, the slots that fit, earliest first."""


def seat(options: Options) -> tuple[int | None, ...]:
    """The slot of each candidate, ``None`` for those who get none.

    As many are seated as can be at all; among such seatings the first candidate has the earliest slot, then the second,
    and so on: having none comes after any.
    """
    seats = _Seats(options)
    for candidate in range(len(options)):
        seats.extend(candidate)
    for candidate in range(len(options)):
        seats.settle(candidate)
    return tuple(seats.slot_of.get(candidate) for candidate in range(len(options)))


class _Seats:
    """A seating in the making, always as large as it can be once everybody was tried; what is settled stays."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._settled: set[int] = set()  # slots
        self.slot_of: dict[int, int] = {}
        self._holder: dict[int, int] = {}

    def extend(self, candidate: int) -> bool:
        """Seat one more candidate, others moving if need be, each to a slot that fits; whether it could be done."""
        came_from: dict[int, int] = {}  # slot -> who wants it
        waiting = deque([candidate])
        while waiting:
            wanting = waiting.popleft()
            for slot in self._options[wanting]:
                if slot in came_from or slot in self._settled:
                    continue
                came_from[slot] = wanting
                if slot not in self._holder:
                    self._shift(slot, came_from)
                    return True
                waiting.append(self._holder[slot])
        return False

    def _shift(self, free: int, came_from: Mapping[int, int]) -> None:
        """Along the way that led to a free slot, give each the slot they wanted."""
        slot: int | None = free
        while slot is not None:
            candidate = came_from[slot]
            left = self.slot_of.get(candidate)
            self.slot_of[candidate], self._holder[slot] = slot, candidate
            slot = left

    def settle(self, candidate: int) -> None:
        """Give a candidate, for good, the earliest slot with which as many are seated."""
        for slot in self._options[candidate]:
            if slot not in self._settled and (self.slot_of.get(candidate) == slot or self._take(candidate, slot)):
                self._settled.add(slot)
                return

    def _take(self, candidate: int, slot: int) -> bool:
        """Give a slot to a candidate if no fewer are seated then; whether it was done."""
        before = dict(self.slot_of), dict(self._holder)
        seated, loser, left = len(self.slot_of), self._holder.get(slot), self.slot_of.pop(candidate, None)
        if left is not None:
            del self._holder[left]
        if loser is not None:
            del self.slot_of[loser]
        self.slot_of[candidate], self._holder[slot] = slot, candidate
        self._settled.add(slot)
        done = len(self.slot_of) == seated or any(self.extend(other) for other in self._unseated())
        self._settled.discard(slot)
        if not done:
            self.slot_of, self._holder = before
        return done

    def _unseated(self) -> list[int]:
        return [candidate for candidate in range(len(self._options)) if candidate not in self.slot_of]
