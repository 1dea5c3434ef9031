"""Sheets that differ from one read before by nothing but what was filled in: all that was found there stands again.

Where the table is, which rows its codes name, where each box is, whether the locked texts are as issued: it all rests
on the cells that nobody fills. A cohort has a few templates, and what they gave comes back a hundred times over, so it
is worked out once for each, and afterwards only compared, cell for cell.

What is filled in is what boxes, the reference, the two names of the header and the sheet's own formulas hold. It says
nothing of the rest as long as none of it reads as a word that something is looked for by, and box by box, blank or
not, the sheet is understood the same; anything else is read the long way, as every sheet where something is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

from engine.intake.readers.grid import Grid, Place
from engine.intake.sheets.agreement import doubt_of_labels
from engine.intake.sheets.headings import Table, find_table
from engine.intake.sheets.locate import Codes, caption, find_single, match_codes, missing_rows, shown_beside
from engine.intake.sheets.located import Located
from engine.intake.sheets.locked import Locked, labels
from engine.intake.sheets.recognise import CANDIDATE, EVALUATOR
from engine.intake.sheets.shifts import any_displaced
from engine.intake.sheets.structure import faults
from engine.model import Referential, wording
from engine.model.forms import IDENTITIES, Form, Input, Label
from engine.model.values import Raw, Tell, shown

_KEPT = 8
"""How many layouts of one kind of sheet are known at a time, those that came back last."""

_TRIED = 64
"""How many sheets of one kind are tried for a layout: where hardly two are alike, none would pay."""

_FILLED = "\N{BLACK SQUARE}"
"""Stands in a box to see what it being filled changes: no word that anything is looked for by."""


@dataclass(frozen=True)
class Layout:
    """What was found in a sheet where nothing is wrong but what is filled in: its ``table``, read as ``form``, the rows
    of its ``codes``, the place of each single input, by name."""

    form: Form
    table: Table
    codes: Codes
    singles: Mapping[str, Place | None]


class Layouts:
    """The layouts that came back, of sheets of one kind."""

    def __init__(self) -> None:
        self._known: list[tuple[_Blank, Layout]] = []
        self._tried = 0

    def recall(self, grid: Grid) -> Layout | None:
        """The layout of a sheet, where it is one of these."""
        for rank, (blank, layout) in enumerate(self._known):
            if blank.is_of(grid):
                self._known.insert(0, self._known.pop(rank))
                return layout
        return None

    def learn(self, sheet: Located) -> None:
        """Take the layout of a sheet in which all but what is filled in was found to be as issued."""
        if self._tried == _TRIED or sheet.identity.typed or sheet.form.by_candidate_rows:
            return
        self._tried += 1
        layout = _layout(sheet)
        boxes = _Boxes.of(sheet, layout) if layout else None
        if layout is None or boxes is None or not _holds(layout, sheet, boxes):
            return
        blank = _Blank.of(sheet, boxes)
        if blank.is_of(sheet.grid):
            self._known = [(blank, layout), *self._known[: _KEPT - 1]]


# ---------------------------------------------------------------------------------- what is filled in


@dataclass(frozen=True)
class _Boxes:
    """The cells that are filled in: ``typed`` by people or per sheet, ``computed`` by its formulas."""

    typed: frozenset[Place]
    computed: frozenset[Place]

    @classmethod
    def of(cls, sheet: Located, layout: Layout) -> _Boxes | None:
        """Those of a sheet; ``None`` where one of them stands among the codes."""
        form, table, rows = layout.form, layout.table, layout.codes.rows
        names = (shown_beside(sheet.grid, words, table.heading_row) for words in (CANDIDATE, EVALUATOR))
        typed = {sheet.identity.place, *(found[1] for found in names if found)}
        free: tuple[Input | Label, ...] = (*form.inputs, *(label for label in form.labels if label.as_of_issue))
        typed |= {(row, table.columns[column.heading]) for row in rows.values() for column in free}
        typed |= {place for place in layout.singles.values() if place is not None}
        locked = {(row, table.columns[label.heading]) for row in rows.values() for label in form.lasting_labels}
        computed = {place for place, tell in sheet.grid.tells.items() if Tell.FORMULA in tell} - locked - typed
        if locked & typed or any(column == table.code_column for _, column in (typed | computed)):
            return None
        return cls(frozenset(typed), frozenset(computed))

    def filled(self, grid: Grid, *, but: Set[Place] = frozenset(), instead: str = _FILLED) -> Grid:
        """The sheet with the same in each of them; nothing where they are left ``but``."""
        rows = [list(line) for line in grid.rows]
        for row, column in self.typed | self.computed:
            if row < len(rows) and column < len(rows[row]):
                rows[row][column] = "" if (row, column) in but else instead
        tells = {place: tell for place, tell in grid.tells.items() if place not in self.typed}
        return replace(grid, rows=rows, tells=tells)


@dataclass(frozen=True)
class _Blank:
    """A sheet without what is filled in, to be compared with others: its ``rows`` and the ``types`` of their values, by
    row the ``columns`` to be blanked, the tells but those of the cells ``typed``; ``words`` are those that something is
    looked for by. Which cells are merged matters to boxes only, and they are read anyway."""

    rows: list[list[Raw]]
    types: list[list[type]]
    columns: Mapping[int, tuple[int, ...]]
    typed: frozenset[Place]
    tells: Mapping[Place, Tell]
    names: Mapping[str, Place]
    words: frozenset[str]

    @classmethod
    def of(cls, sheet: Located, boxes: _Boxes) -> _Blank:
        """That of a sheet."""
        grid = boxes.filled(sheet.grid, instead="")
        columns: dict[int, tuple[int, ...]] = {}
        for row, column in sorted(boxes.typed | boxes.computed):
            if row < len(grid.rows) and column < len(grid.rows[row]):
                columns[row] = (*columns.get(row, ()), column)
        types = [list(map(type, line)) for line in grid.rows]
        told = {place: tell for place, tell in grid.tells.items() if tell}
        words = frozenset(_words(sheet.form, sheet.context.referential))
        return cls(grid.rows, types, columns, boxes.typed, told, dict(grid.names), words)

    def is_of(self, grid: Grid) -> bool:
        """Whether a sheet is this one, filled in: nothing else in it differs, nor may mean anything else."""
        if len(grid.rows) != len(self.rows) or not all(map(self._is_line, range(len(self.rows)), grid.rows)):
            return False
        told = {place: tell for place, tell in grid.tells.items() if tell and place not in self.typed}
        return told == self.tells and grid.names == self.names

    def _is_line(self, row: int, line: list[Raw]) -> bool:
        known, columns = self.rows[row], self.columns.get(row, ())
        if len(line) != len(known):
            return False
        if columns:
            line = line.copy()
        for column in columns:
            value = line[column]
            if value != "":
                if caption(shown(value)) in self.words:
                    return False
                line[column] = ""
        return line == known and list(map(type, line)) == self.types[row]  # TRUE equals 1, and is no 1


def _words(form: Form, referential: Referential) -> Iterator[str]:
    """The words that tables, boxes and captions are looked for by, in any variant of a form; a colon more or less."""
    for each in wording.variants(form, referential):
        yield from (caption(column.heading) for column in each.columns)
        yield from (caption(text) for entry in each.singles for text in entry.captions)
        yield from (caption(text) for _, text in wording.captions(each, referential))


# -------------------------------------------------------------------------------------- what is found


def _layout(sheet: Located) -> Layout | None:
    """The layout of a sheet where nothing is wrong, ``None`` for any other."""
    table = find_table(sheet.grid, sheet.form)
    if table is None or table != sheet.table or any(entry.name in IDENTITIES for entry in sheet.form.singles):
        return None
    codes = match_codes(table, sheet.form)
    if any(_wrong(sheet, codes)):
        return None
    singles = {entry.name: find_single(sheet.grid, sheet.form, entry, table) for entry in sheet.form.singles}
    return Layout(sheet.form, table, codes, singles)


def _wrong(sheet: Located, codes: Codes) -> Iterator[Any]:
    """Whatever is wrong with a sheet, its values aside."""
    grid, table, form = sheet.grid, sheet.table, sheet.form
    yield from (codes.twice, codes.unknown, codes.turned, missing_rows(form, codes), table.exchanged)
    yield from faults(sheet, codes)
    yield doubt_of_labels(grid, form, table, codes)
    yield any_displaced(grid, form, table, codes)
    yield from (change for row in form.rows for change in labels(grid, table, form, row, codes.rows[row.code]))
    yield from Locked(sheet, codes.rows).changes()


def _holds(layout: Layout, sheet: Located, boxes: _Boxes) -> bool:
    """Whether the same is found whatever is filled in: nothing, everything, everything but one box."""
    if any(_layout(replace(sheet, grid=grid)) != layout for grid in _extremes(sheet.grid, boxes)):
        return False
    return all(
        find_single(boxes.filled(sheet.grid, but={place}), layout.form, entry, layout.table) == place
        for entry in layout.form.singles
        if (place := layout.singles[entry.name]) is not None
    )


def _extremes(grid: Grid, boxes: _Boxes) -> Iterable[Grid]:
    return boxes.filled(grid, instead=""), boxes.filled(grid)
