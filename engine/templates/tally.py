"""What is filled in a sheet that goes out, counted as its formulas will count it once opened.

Only what inputs take is ever filled in beforehand, so that nothing here is wrong or off the scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.model.contents import EMPTY, Contents, Value
from engine.model.forms import ABSENT, Domain, Form, Row
from engine.model.forms.form import Shown
from engine.model.forms.jury import COMPUTED
from engine.model.marks import LEVEL_INPUT


@dataclass(frozen=True)
class Tally:
    """The counts of one sheet; ``rows`` are some of its rows, all of them by default."""

    form: Form
    contents: Contents = EMPTY

    def value(self, name: str, code: str = "") -> Value | None:
        """The value of one input."""
        found = self.contents.cells.get((name, code))
        return found.value if found else None

    def filled(self, name: str, rows: Sequence[Row] | None = None) -> int:
        """How many cells of a column hold something."""
        return len(self._values(name, rows))

    def everywhere(self) -> int:
        """How many cells of the table hold something."""
        return sum(self.filled(entry.name) for entry in self.form.inputs)

    def numbers(self, name: str, rows: Sequence[Row] | None = None) -> list[Decimal]:
        """The numbers of a column."""
        return [value for value in self._values(name, rows) if isinstance(value, Decimal)]

    def known(self, rows: Sequence[Row] | None = None) -> int:
        """How many levels are typed: numbers, or letters."""
        return sum(self._is_level(value) for value in self._values(LEVEL_INPUT, rows))

    def absences(self, name: str) -> int:
        """How many cells of a column say that the candidate was absent."""
        return self._values(name, None).count(ABSENT)

    def reaching(self, name: str, rows: Sequence[Row] | None = None) -> int:
        """How many numbers of a column are at least the minimum of their row."""
        pairs = ((self.value(name, row.code), row.minimum) for row in self._rows(rows))
        return sum(self._reaches(value, minimum) for value, minimum in pairs)

    def levels(self, rows: Sequence[Row]) -> list[bool]:
        """Of each row that has a level, typed or else computed on the day of issue: whether it reaches its minimum."""
        reached = []
        for row in rows:
            typed, computed = self.value(LEVEL_INPUT, row.code), row.labels.get(COMPUTED)
            level = typed if self._is_level(typed) else computed
            if self._is_level(level):
                reached.append(self._reaches(level, row.minimum))
        return reached

    def mandatory(self, rows: Sequence[Row]) -> list[bool | None]:
        """Whether each mandatory row reaches its minimum, ``None`` where its level is not known."""
        asked = [row for row in rows if row.mandatory]
        return [next(iter(self.levels([row])), None) for row in asked]

    def _is_level(self, value: object) -> bool:
        """Whether it is a number or a letter of the scale; a declared state is none."""
        return isinstance(value, Decimal) or value in self._level.choices

    def _reaches(self, value: object, minimum: Shown) -> bool:
        return isinstance(value, Decimal | str) and self._is_level(value) and self._level.reaches(value, minimum)

    @property
    def _level(self) -> Domain:
        return next(entry.domain for entry in self.form.inputs if entry.name == LEVEL_INPUT)

    def _values(self, name: str, rows: Sequence[Row] | None) -> list[Value]:
        values = (self.value(name, row.code) for row in self._rows(rows) if row.code)
        return [value for value in values if value is not None]

    def _rows(self, rows: Sequence[Row] | None) -> Sequence[Row]:
        return self.form.rows if rows is None else rows
