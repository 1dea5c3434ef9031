"""What the closer look at a sheet finds, and how much of a parser's memory a workbook may claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from engine.intake.faces import Face
from engine.intake.grid import Area, Place, places, size
from engine.intake.refusal import RefusedError
from engine.model.values import Raw, Tell

MAX_CELLS = 1_000_000  # rows x columns of the smallest rectangles from A1 that hold every value, all sheets together
MAX_WRITTEN = 120_000  # cells that stand in the file, all sheets together
MAX_STRINGS = 400_000  # tags of the shared texts, some four each
MAX_TAGS = 150_000  # tags of a part that describes: styles, names, relationships
MAX_MERGED = 2_000  # merged areas of one sheet
MAX_TEXT = 50_000_000  # bytes of the texts of the cells, a shared one counted for each cell that shows it


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


class Room:
    """What the sheets of one workbook claim together: a parser would allocate all of it.

    ``most_written``: cells that may stand in the file.
    """

    def __init__(self, most_written: int = MAX_WRITTEN) -> None:
        self._most_written = most_written
        self._cells = self._written = self._text = 0

    def extend(self, sheet: str, rows: int, columns: int) -> None:
        """Claim a rectangle. Raises :class:`RefusedError` F05, as the other claims do."""
        self.check(sheet, rows, columns)
        self._cells += rows * columns

    def check(self, sheet: str, rows: int, columns: int) -> None:
        """Claim a rectangle that may still grow."""
        if self._cells + rows * columns > MAX_CELLS:
            raise RefusedError("F05", f"La feuille « {sheet} » s'étend sur {rows} lignes et {columns} colonnes.")

    def write(self, sheet: str, cells: int) -> None:
        """Claim cells that stand in the file, blank ones too."""
        self._written += cells
        if self._written > self._most_written:
            bound = self._most_written
            raise RefusedError("F05", f"La feuille « {sheet} » contient {cells} cellules, la limite est {bound}.")

    def fill(self, sheet: str, text: int) -> None:
        """Claim the texts of cells, in bytes."""
        self._text += text
        if self._text > MAX_TEXT:
            raise RefusedError("F05", f"Les textes de la feuille « {sheet} » pèsent {self._text // 1_000_000} Mo.")


def check_tags(part: str, content: bytes, bound: int) -> None:
    """Raise :class:`RefusedError` F05 for a part of so many tags that a parser would take far more than its size."""
    tags = content.count(b"<")
    if tags > bound:
        raise RefusedError("F05", f"« {part} » contient {tags} balises, la limite est {bound}.")


def check_merged(sheet: str, count: int) -> None:
    """Raise :class:`RefusedError` F05 where far too many areas are merged."""
    if count > MAX_MERGED:
        raise RefusedError("F05", f"La feuille « {sheet} » contient {count} fusions, la limite est {MAX_MERGED}.")


def spread_formulas(sheet: str, areas: Iterable[Area], tells: dict[Place, Tell], room: Room) -> None:
    """Tell of a formula in each cell that one fills: only the first of them holds it. Raises ``RefusedError`` F05."""
    for area in areas:
        room.write(sheet, size(area))
        for place in places(area):
            tells[place] = tells.get(place, Tell.NONE) | Tell.FORMULA
