"""Two readings of one sheet, and what differs between them: what "changed" means, wherever it is told.

A mark changed when its value did, or its state: blank, declared (ABS, NE, DISP), or holding something that could not be
taken. The same value typed in other words (``4`` and ``« 4,0 »``), in another cell or in another file is no change, nor
is one content that cannot be taken instead of another. What only closes a sheet is no mark.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Protocol, TypeVar

from engine.model.marks import Worth


class Weighed(Protocol):
    """A mark, in whatever shape a stage keeps it."""

    @property
    def worth(self) -> Worth:
        """Its state and its value as text; ``None`` where it holds nothing."""
        ...


M = TypeVar("M", bound=Weighed)
P = TypeVar("P", bound=Hashable)


def differ(before: Weighed | None, after: Weighed | None) -> bool:
    """Whether a mark changed; ``None``: it is not there."""
    return (before and before.worth) != (after and after.worth)


def differences(before: Mapping[P, M], after: Mapping[P, M]) -> Iterator[tuple[M | None, M | None]]:
    """Each mark that changed, by its place: (before, after), in the order of the sheet as it is, then what only the
    earlier one held."""
    for place in [*after, *(place for place in before if place not in after)]:
        old, new = before.get(place), after.get(place)
        if differ(old, new):
            yield old, new
