"""What the closer look at a sheet finds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from engine.intake.readers.faces import Face
from engine.intake.readers.grid import Area, Place, places, size
from engine.intake.safety.bounds import Room
from engine.model.values import Raw, Tell

AUTHOR = "cohorte"
"""Who signs the notes of the program's own sheets."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a cell holds, by another reading than the parser's, which may make a date of it where it is ``dated``;
    ``means``: what people see it is, where the parser is left with how it is written (``PT36H``, a 1 for true)."""

    value: Raw
    dated: bool = False
    means: Raw = None

    def agrees(self, read: Raw) -> bool:
        """Whether the parser understood the same."""
        if isinstance(read, date | time | timedelta):
            return self.dated
        if type(read) is not type(self.value):
            return False
        if isinstance(read, str) and isinstance(self.value, str):
            return "".join(read.split()) == "".join(self.value.split())
        return read == self.value


@dataclass(frozen=True)
class Look:
    """One sheet: the tells of its cells, its merged areas and, unless a parser cannot mistake it, what each cell
    holds that is not blank. ``codes`` are the number formats out of the ordinary, ``rules`` the looks that areas may
    take by a condition."""

    tells: Mapping[Place, Tell]
    merged: tuple[Area, ...]
    held: Mapping[Place, Held] | None = None
    codes: Mapping[Place, str] = field(default_factory=dict)
    rules: tuple[tuple[Area, Face], ...] = ()

    def confirms(self, rows: list[list[Raw]]) -> bool:
        """Whether the values a parser read are those, where they are."""
        if self.held is None:
            return True
        filled = {
            (row, column): value
            for row, line in enumerate(rows)
            for column, value in enumerate(line)
            if not _is_blank(value)
        }
        held = {place: each for place, each in self.held.items() if not _is_blank(each.value)}
        return filled.keys() == held.keys() and all(held[place].agrees(filled[place]) for place in filled)

    def restore(self, rows: list[list[Raw]]) -> None:
        """Put back, in values it confirms, what a parser leaves out: the blanks of texts (``1 2`` is not ``12``), and
        what a value means."""
        for (row, column), held in (self.held or {}).items():
            if _is_blank(held.value) or type(rows[row][column]) is not type(held.value):
                continue
            if held.means is not None:
                rows[row][column] = held.means
            elif isinstance(held.value, str):
                rows[row][column] = held.value


def _is_blank(value: Raw) -> bool:
    """Whether there is nothing, or spaces that readers keep or not."""
    return isinstance(value, str) and not value.strip()


class Attached(NamedTuple):
    """By cell, the comments that people wrote; where pictures lie."""

    notes: Mapping[Place, str] = MappingProxyType({})
    pictures: tuple[Area, ...] = ()


def spread_formulas(sheet: str, areas: Iterable[Area], tells: dict[Place, Tell], room: Room) -> None:
    """Tell of a formula in each cell that one fills: only the first of them holds it. Raises ``RefusedError`` F05."""
    for area in areas:
        room.write(sheet, size(area))
        for place in places(area):
            tells[place] = tells.get(place, Tell.NONE) | Tell.FORMULA
