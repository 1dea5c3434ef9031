"""What every part of a referential is made of: its types, the keys of its file, its scales."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, Strict


def _exact(number: Any) -> Any:
    """An int or a Decimal of the TOML file as a Decimal; anything else is left for the type check to refuse."""
    if isinstance(number, int) and not isinstance(number, bool):
        return Decimal(number)
    if isinstance(number, Decimal):
        return number
    raise ValueError("number expected")


# Bounded, so that arithmetic on any valid number stays exact and cheap.
Number = Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=12, decimal_places=6)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Text = Annotated[str, Strict()]
Day = Annotated[date, Strict()]
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


class Part:
    """Base of every part of a referential: a key of the file that no field has is an error."""

    __pydantic_config__ = ConfigDict(extra="forbid", alias_generator=toml_key)


@dataclass(frozen=True, kw_only=True)
class Scale(Part):
    """A scale of values: its bounds, its step (``None``: any decimal) and the wording of some of its values."""

    minimum: Number
    maximum: Number
    step: Number | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every value of a scale that has a step, smallest first (empty without a step)."""
        if self.step is None:
            return ()
        count = int((self.maximum - self.minimum) / self.step)
        return tuple(self.minimum + self.step * index for index in range(count + 1))


@dataclass(frozen=True, kw_only=True)
class Scales(Part):
    """The scales in use: levels of competence, levels of assessed works, marks (usually out of 20)."""

    level: Scale
    work: Scale | None = None
    mark: Scale | None = None
