"""What every part of a referential is made of: its types, the keys of its file, its scales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
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


@dataclass(frozen=True, kw_only=True)
class Scale:
    """A scale of values: its bounds, its step (``None``: any decimal) and the wording of some of its values."""

    minimum: Decimal
    maximum: Decimal
    step: Decimal | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every value of a scale that has a step, smallest first (empty without a step)."""
        if self.step is None:
            return ()
        count = int((self.maximum - self.minimum) / self.step)
        return tuple(self.minimum + self.step * index for index in range(count + 1))


@dataclass(frozen=True, kw_only=True)
class Scales:
    """The scales in use: levels of competence, levels of assessed works, marks (usually out of 20)."""

    level: Scale
    work: Scale | None = None
    mark: Scale | None = None
