"""A mark: one value read from one input cell, with where it was read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

VALUE = "value"  # `value` holds what was read
MISSING = "missing"  # the cell is blank
EXCLUDED = "excluded"  # a blocking anomaly: the item is pending
LABEL = "label"  # no input: a locked cell as it stood on the day of issue, in `value` alone
# A declared state (ABS, NE, DISP) is its own word, with the value None.

UNTYPED = (MISSING, LABEL)
"""The states of cells in which nobody typed anything."""

LEVEL_INPUT, POINTS_INPUT, REPORT_INPUT, SIGNATURE_INPUT = "niveau", "points", "rapport", "signature"
"""The names of the inputs that stages look for: a level of an item, points of the oral, the activity report, and what
signs a sheet."""

Place = tuple[str, str, str]
"""Which mark of a sheet: candidate, input, code."""

Value = Decimal | str | date | None
"""What a mark holds, once read; ``None`` where its state says why."""

Worth = tuple[str, str] | None
"""What a mark is worth: its state, and its value as text; ``None`` where it holds nothing."""

_CLOSING = frozenset({("date", ""), (SIGNATURE_INPUT, "")})


def closes(entry: str, code: str) -> bool:
    """Whether an input only says when a sheet was closed, and by whom: new in each version."""
    return (entry, code) in _CLOSING


def worth(raw: str, value: Value, state: str) -> Worth:
    """The worth of a mark, in one way only: 4 and 4.0 are the same. ``value``: as read, or as :func:`as_text`."""
    if state == MISSING or (state == EXCLUDED and raw == ""):
        return None
    return state, (as_text(value) or "") if state == VALUE else ""


def as_text(value: Value) -> str | None:
    """A value as text, a number in full and in one way only, a day as ISO writes it."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return None if value is None else value.isoformat()


def storable(text: str) -> str:
    """A text that can be kept; names of files may hold bytes that are no text."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()


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
    value: Value
    state: str
    """:data:`VALUE`, :data:`MISSING`, :data:`EXCLUDED`, :data:`LABEL` or a declared state."""

    @property
    def place(self) -> Place:
        """Which mark of a sheet: candidate, input, code."""
        return self.candidate, self.input, self.code

    @property
    def worth(self) -> Worth:
        """Its state and its value as text; ``None`` where it holds nothing."""
        return worth(self.raw, self.value, self.state)

    @property
    def held(self) -> object:
        """The value; where there is none, the state that says why."""
        return self.value if self.value is not None else self.state
