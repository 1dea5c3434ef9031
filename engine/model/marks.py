"""A mark: one value read from one input cell, with where it was read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

VALUE = "value"  # `value` holds what was read
MISSING = "missing"  # the cell is blank
EXCLUDED = "excluded"  # a blocking anomaly: the item is pending
# A declared state (ABS, NE, DISP) is its own word, with the value None.

Place = tuple[str, str, str]
"""Which mark of a sheet: candidate, input, code."""


class Mark(NamedTuple):
    """One row of the marks table (:data:`engine.model.tables.MARKS`)."""

    file: str
    """Path below ``retours/``, with ``/``."""
    sheet: str
    """Name of the sheet in that file."""
    cell: str
    """Address, such as ``H12``; ``""`` where the input stands nowhere."""
    kind: str
    """Word of :class:`engine.model.Kind`."""
    candidate: str
    """Identifier as the roster writes it; ``""`` for a single input of NOTES or VALIDATION."""
    evaluator: str
    """Identifier as the roster writes it; ``""`` for NOTES."""
    input: str
    """Name of the input: ``niveau``, ``points``, ``UE1``..."""
    code: str
    """Code of the row (``2.10``), the heading in NOTES and VALIDATION, ``""`` for a single input."""
    raw: str
    """What the cell holds, as text."""
    value: Decimal | str | date | None
    state: str
    """:data:`VALUE`, :data:`MISSING`, :data:`EXCLUDED` or a declared state."""

    @property
    def place(self) -> Place:
        """Which mark of a sheet: candidate, input, code."""
        return self.candidate, self.input, self.code

    @property
    def held(self) -> object:
        """The value; where there is none, the state that says why."""
        return self.value if self.value is not None else self.state
