"""What every part of a referential is made of: its types, the keys of its file, its scales."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from typing import Literal

Aggregate = Literal["mean", "median", "min", "max"]


TOML_KEYS = {
    "blocs": "bloc",
    "units": "ue",
    "unit_rule": "ue_rule",
    "deliverables": "deliverable",
    "exams": "exam",
    "works": "work",
    "documents": "document",
}
"""The fields whose key in the file has another name: ``[[bloc]]`` reads well there, ``blocs`` here."""


def toml_key(field_name: str) -> str:
    """The key of the TOML file that a field of the referential comes from."""
    return TOML_KEYS.get(field_name, field_name)


UNLESS = "unless"
"""Tells, of a field that the file must give, the key that stands for it: ``letters`` for the bounds of a scale."""


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A scale of values: its bounds, its step (``None``: any decimal) and the wording of some of its values.

    One of ``letters`` (``A > B > C > D``) has no bounds in the file. Here its values are the ranks of the letters,
    from 1 for the lowest, so that levels compare as any others; people type and read letters alone.
    """

    minimum: Decimal = field(metadata={UNLESS: "letters"})
    maximum: Decimal = field(metadata={UNLESS: "letters"})
    step: Decimal | None = None
    letters: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def ladder(self) -> tuple[str, ...]:
        """Its letters, the lowest first; empty for a scale of numbers."""
        return ladder(self.letters)

    def shown(self, value: Decimal) -> Decimal | str:
        """A value as people read it: a letter, or the number itself. Raises ``LookupError`` for the rank of none."""
        letters = self.ladder
        if not letters:
            return value
        if value != value.to_integral_value() or not 1 <= value <= len(letters):
            raise LookupError(f"{value} is the rank of no letter of {self.letters!r}")
        return letters[int(value) - 1]

    def rank(self, letter: str) -> Decimal:
        """The value that a letter stands for. Raises ``ValueError`` for one that the scale does not have."""
        return Decimal(self.ladder.index(letter) + 1)

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every value of a scale that has a step, smallest first (empty without a step)."""
        if self.step is None:
            return ()
        count = int((self.maximum - self.minimum) / self.step)
        return tuple(self.minimum + self.step * index for index in range(count + 1))


@lru_cache(maxsize=64)
def ladder(letters: str) -> tuple[str, ...]:
    """The letters of ``A > B > C > D``, or of ``D < C < B < A``, the lowest first; none of an empty text.

    What stands between the signs is given as it is written: whether it is a letter is checked with the file.
    """
    steps = [step.strip() for step in re.split("[<>]", letters)] if letters else []
    return tuple(steps if "<" in letters else reversed(steps))


@dataclass(frozen=True, kw_only=True)
class Scales:
    """The scales in use: levels of competence, levels of assessed works, marks (usually out of 20)."""

    level: Scale
    work: Scale | None = None
    mark: Scale | None = None
