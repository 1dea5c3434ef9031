"""A level drawn as a strip of cells, one per step of the scale, the minimum marked between two of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from engine.model import Referential

_FEWEST, _MOST, _DEFAULT = 3, 12, 10  # segments


@dataclass(frozen=True)
class Strip:
    """``segments`` cells from ``start`` to ``end``; every minimum of the referential falls between two of them, unless
    no number of cells allows it."""

    start: Decimal
    end: Decimal
    segments: int

    def shares(self, level: Decimal | None) -> list[Decimal]:
        """How much of each cell is filled, from 0 to 1."""
        if level is None:
            return [Decimal(0)] * self.segments
        reached = (level - self.start) * self.segments / (self.end - self.start)
        return [min(max(reached - index, Decimal(0)), Decimal(1)) for index in range(self.segments)]

    def mark(self, minimum: Decimal) -> int | None:
        """The cell whose right edge is this minimum, if any."""
        place = (minimum - self.start) * self.segments / (self.end - self.start)
        return int(place) - 1 if place == place.to_integral_value() and place >= 1 else None

    def heading(self, index: int) -> Decimal | None:
        """The level a cell reaches, when it is a whole one."""
        level = self.start + (self.end - self.start) * (index + 1) / self.segments
        return level if level == level.to_integral_value() else None


def strip_for(referential: Referential) -> Strip:
    """The strip that suits the scale of the levels and the minima of the competences."""
    scale = referential.scales.level
    start = scale.minimum if scale.step is None else max(Decimal(0), scale.minimum - scale.step)
    if scale.letters:
        count = len(scale.ladder)
        return Strip(start, scale.maximum, count if count >= _FEWEST else 2 * count)
    minima = {competence.minimum - start for competence in referential.competences}
    return Strip(start, scale.maximum, _segments(scale.maximum - start, minima))


def _segments(span: Decimal, minima: Iterable[Decimal]) -> int:
    known = list(minima)
    for number in range(_FEWEST, _MOST + 1):
        if all((minimum * number) % span == 0 for minimum in known):
            return number
    return _DEFAULT
