"""What stands in the input cells of a sheet that goes out with something in it: values, and what is to be mended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = Decimal | str | date
"""A number, a text (a declared state is its word) or a day."""


@dataclass(frozen=True)
class Filled:
    """One input cell: its ``value`` (``None``: blank) and a ``note`` saying what is to be mended, ``""`` for none."""

    value: Value | None = None
    note: str = ""


@dataclass(frozen=True)
class Contents:
    """One sheet. ``cells``: what stands in its inputs, by (name of input, code of the row or ``""``).

    ``advice``: what its reader has to mend, in words. ``held``: the blocs that its candidate holds already.
    ``issued``: what its locked cells show as of the day of issue, by code of the row and heading.
    """

    cells: Mapping[tuple[str, str], Filled]
    advice: tuple[str, ...] = ()
    held: frozenset[str] = frozenset()
    issued: Mapping[tuple[str, str], Decimal | str] = field(default_factory=dict)

    @property
    def faulty(self) -> bool:
        """Whether something is to be mended."""
        return bool(self.advice)


EMPTY = Contents({})
