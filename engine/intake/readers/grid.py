"""A sheet as it was found: values in a rectangle, what a plain reading hides, and the names given to cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import product
from types import MappingProxyType
from typing import NamedTuple

from engine.intake.safety.refusal import RefusedError
from engine.model.texts import address as address
from engine.model.values import DAYS_TO_1904, Raw, Tell

Place = tuple[int, int]
"""Row and column of a cell, both from 0."""

Area = tuple[Place, Place]
"""The first and the last cell of a rectangle."""


class Dress(NamedTuple):
    """How cells are dressed (see :mod:`.ooxml.dress`): by cell, its style; by area, its rule.

    ``""`` for a cell that has none, or of which nothing is known.
    """

    styles: Mapping[Place, str] = MappingProxyType({})
    rules: tuple[tuple[Area, str], ...] = ()

    @classmethod
    def of_cells(cls, cells: Iterable[tuple[Place, str, str]]) -> Dress:
        """From cells, the style and the rule of each."""
        styles, rules = {}, []
        for where, style, rule in cells:
            if style:
                styles[where] = style
            if rule:
                rules.append(((where, where), rule))
        return cls(styles, tuple(rules))

    def style(self, where: Place) -> str:
        """The style of a cell."""
        return self.styles.get(where, "")

    def rule(self, where: Place) -> str:
        """The rule of a cell."""
        return next((rule for area, rule in self.rules if covers(area, where)), "")


@dataclass(frozen=True)
class Grid:
    """One sheet. ``rows`` starts at A1; ``tells`` holds only cells that are out of the ordinary; ``merged`` the
    merged rectangles; ``find_names`` gives the :attr:`names`; ``lost_name`` tells whether the
    cells of a name that starts so were deleted; ``secrets`` what must be shown nowhere, where ``rows`` hold something
    else; ``displays`` what cells may show by number formats out of the ordinary; ``notes`` the comments of cells;
    ``pictures`` where pictures lie over them; ``selected``: whether its tab was, when the workbook was saved;
    ``hidden``: whether its tab does not show;
    ``since_1904``: whether its days are counted from then; ``find_dress`` gives the :attr:`dress`.
    """

    name: str
    rows: list[list[Raw]]
    tells: Mapping[Place, Tell] = field(default_factory=dict)
    merged: tuple[Area, ...] = ()
    find_names: Callable[[], Mapping[str, Place]] = dict
    lost_name: Callable[[str], bool] = lambda _: False
    secrets: Mapping[Place, str] = field(default_factory=dict)
    displays: Mapping[Place, tuple[str, ...]] = field(default_factory=dict)
    notes: Mapping[Place, str] = field(default_factory=dict)
    pictures: tuple[Area, ...] = ()
    selected: bool = False
    hidden: bool = False
    since_1904: bool = False
    find_dress: Callable[[], Dress] = Dress

    @cached_property
    def dress(self) -> Dress:
        """How its cells are dressed."""
        return self.find_dress()

    @cached_property
    def names(self) -> Mapping[str, Place]:
        """The defined names (lower case), and the cell of this sheet each one points at."""
        return self.find_names()

    @cached_property
    def texts(self) -> list[list[tuple[int, str]]]:
        """By row, the cells that hold a text, each by its column: most cells of a sheet are blank, and most passes over
        it look for a text."""
        return [
            [(column, value) for column, value in enumerate(line) if value and isinstance(value, str)]
            for line in self.rows
        ]

    def issued_with(self, name: str) -> bool:
        """Whether the sheet had cells of a name that starts so, be they deleted since."""
        start = name.lower()
        return any(known.startswith(start) for known in self.names) or self.lost_name(name)

    def value(self, place: Place) -> Raw:
        """The value of a cell, ``""`` outside the rectangle."""
        row, column = place
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return ""

    def since_1900(self, raw: Raw) -> Raw:
        """A bare number of days as most workbooks count them, whatever this one does."""
        if self.since_1904 and isinstance(raw, int | float) and not isinstance(raw, bool):
            return raw + DAYS_TO_1904
        return raw

    def tell(self, place: Place) -> Tell:
        """What a plain reading of the cell hides."""
        tell = self.tells.get(place, Tell.NONE)
        row, column = place
        for (top, left), (bottom, right) in self.merged:
            if top <= row <= bottom and left <= column <= right:
                return tell | Tell.MERGED
        return tell


@dataclass(frozen=True)
class Book:
    """A workbook: its sheets, when it says it was last saved (as written, no zone) and by which program, if it does,
    and by name, what is wrong with the sheets that could not be read."""

    grids: list[Grid]
    saved: datetime | None
    program: str = ""
    macros: bool = False
    damaged: Mapping[str, RefusedError] = field(default_factory=dict)


def place(letters: str, digits: str) -> Place:
    """``("H", "12")`` is ``(11, 7)``."""
    column = 0
    for letter in letters.upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(digits) - 1, column - 1


def area(one: Place, other: Place) -> Area:
    """The rectangle between two opposite corners."""
    tops, lefts = zip(one, other, strict=True)
    return (min(tops), min(lefts)), (max(tops), max(lefts))


def covers(area: Area, place: Place) -> bool:
    """Whether a cell is one of a rectangle."""
    (top, left), (bottom, right) = area
    return top <= place[0] <= bottom and left <= place[1] <= right


def size(area: Area) -> int:
    """How many cells a rectangle has."""
    (top, left), (bottom, right) = area
    return (bottom + 1 - top) * (right + 1 - left)


def places(area: Area) -> Iterator[Place]:
    """The cells of a rectangle."""
    (top, left), (bottom, right) = area
    return product(range(top, bottom + 1), range(left, right + 1))
