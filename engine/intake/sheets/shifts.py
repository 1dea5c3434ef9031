"""Input cells that are no longer on the row of their code, as the names given to them tell.

Spreadsheets take a defined name along with its cell. A row or column that is inserted, deleted or moved whole takes
code, texts and input together: every name still points to its own code's row. When cells alone are inserted, deleted,
cut or dragged, the names tell which values went with them, and to which rows.

A sort leaves names where they were. Whether the values were sorted with the codes and the texts, or only the codes and
the texts, leaves the very same file: nothing in it tells, so neither is believed.

Some programs move rows and leave the names behind. Their names are *stale*, and say nothing; it shows, because then
everything else in the sheet is still in line (:func:`_stale`), and the names alone are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from engine.intake.readers.grid import Grid, Place, address
from engine.intake.sheets import sides
from engine.intake.sheets.agreement import Doubt, listed
from engine.intake.sheets.frame import Break, breaks
from engine.intake.sheets.headings import Table
from engine.intake.sheets.locate import Codes, find_single, table_rows, text_of
from engine.model.forms import IDENTITIES, Form, Input
from engine.model.texts import fold
from engine.model.values import Tell, shown, trim


@dataclass(frozen=True, kw_only=True)
class Shift(Doubt):
    """The same for the cells of one input that moved."""

    entry: Input


def shifts(grid: Grid, form: Form, table: Table, codes: Codes) -> Iterator[Shift]:
    """The cells that moved, input by input; none where names are missing (some programs drop them) or stale."""
    if form.by_candidate_rows:
        broken = [_of_list(entry, each) for each in breaks(grid, form, table, codes) for entry in each.entries]
        told = {shift.entry for shift in broken}
        yield from broken
        yield from (shift for shift in _pushed_down(grid, form, table, codes) if shift.entry not in told)
        return
    moved = [column for column in _displaced(grid, form, table, codes) if column.holds_something]
    left = [column.steps for column in moved if column.stale]
    yield from (column.shift() for column in moved if column.steps not in left)


def any_displaced(grid: Grid, form: Form, table: Table, codes: Codes) -> bool:
    """Whether some names point elsewhere than their codes and headings say, whatever their cells hold."""
    return bool(_displaced(grid, form, table, codes))


def _displaced(grid: Grid, form: Form, table: Table, codes: Codes) -> list[_Column]:
    columns = (_Column(grid, form, table, codes, entry) for entry in form.inputs if entry.heading in table.columns)
    return [column for column in columns if column.displaced]


def _of_list(entry: Input, broken: Break) -> Shift:
    return Shift(codes=broken.codes, cause=broken.cause, remedy=broken.remedy, cells=(broken.where,), entry=entry)


def _pushed_down(grid: Grid, form: Form, table: Table, codes: Codes) -> Iterator[Shift]:
    """Of a list, whose cells have no names: the columns of which a value stands right under the last person, as a cell
    inserted above pushes it there; in doubt is what stands from the first blank cell on, which may be that one."""
    if not codes.rows:
        return
    under = max(codes.rows.values()) + 1
    if text_of(grid, (under, table.code_column)) or sides.is_beside(grid, table, form, under):
        return
    for entry in (each for each in form.inputs if each.heading in table.columns):
        column = table.columns[entry.heading]
        blank = min((row for row in codes.rows.values() if not text_of(grid, (row, column))), default=under)
        if text_of(grid, (under, column)) and blank < under:
            where = address((blank, column))
            yield Shift(
                codes=frozenset(code for code, row in codes.rows.items() if row >= blank),
                cause=f"une cellule a sans doute été insérée en {where}, colonne « {entry.heading} » : une valeur se "
                f"trouve en {address((under, column))}, sous la dernière ligne",
                remedy=f"Supprimez la cellule insérée {where} (« Décaler les cellules vers le haut »), ou remettez "
                "chaque valeur sur sa ligne.",
                cells=((blank, column),),
                entry=entry,
            )


class _Column:
    """The column of one input: the cells that its codes and its heading say, and those its names say."""

    def __init__(self, grid: Grid, form: Form, table: Table, codes: Codes, entry: Input) -> None:
        self.grid, self.form, self.table, self.entry = grid, form, table, entry
        self.column = table.columns[entry.heading]
        self.rows = {code: row for code, row in codes.rows.items() if code in form.row_by_code}
        found = {code: grid.names.get(form.defined_name(entry, code).lower()) for code in form.row_by_code}
        self.named = {code: place for code, place in found.items() if place is not None}
        self.displaced = frozenset(
            code for code, row in self.rows.items() if code in self.named and self.named[code] != (row, self.column)
        )

    @property
    def holds_something(self) -> bool:
        """Whether something was typed beside a code, or where a name points."""
        places = ((row, self.column) for row in self.rows.values())
        return any(map(self._typed, (*places, *self.named.values())))

    @cached_property
    def steps(self) -> Mapping[str, int]:
        """By code, how many rows the cell is away."""
        return {code: self.named[code][0] - row for code, row in self.rows.items() if code in self.named}

    @property
    def lost(self) -> frozenset[str]:
        """The codes whose cell was deleted, and that still stand."""
        absent = [code for code in self.rows if code not in self.named]
        return frozenset(code for code in absent if self.grid.lost_name(f'{self.form.defined_name(self.entry, code)}"'))

    # ------------------------------------------------------------------------------- names left behind

    @property
    def stale(self) -> bool:
        """Whether the sheet was moved by a program that leaves names behind."""
        if all(place[1] != self.column for place in self.named.values()):
            return self._whole_column_moved()
        stand = not self.lost and self._in_issued_order()
        return stand and self._in_line() and (self._filled_unnamed() or self._boxes_left())

    def _whole_column_moved(self) -> bool:
        """Whether the values are under their heading, where no name points; else it is the heading that moved."""
        if any(self._typed((row, self.column)) for row in self.rows.values()):
            return True
        return not any(map(self._typed, self.named.values()))

    def _in_issued_order(self) -> bool:
        """Whether names stand as they were issued, one below the other: those left behind did not move at all."""
        rows = [self.named[code][0] for code in self.form.row_by_code if code in self.named]
        return all(above < below for above, below in pairwise(rows))

    def _in_line(self) -> bool:
        """Whether values stand beside codes only, the sheet's own formulas beside none, and closing labels in a row."""
        coded = set(self.rows.values())
        places = [(row, self.column) for row in table_rows(self.grid, self.table, self.form) if row not in coded]
        if any(self._typed(place) and not self._heads(place) for place in places):
            return False
        if any(Tell.FORMULA in self.grid.tell((row, self.column)) for row in coded):
            return False
        return len(self._closing_rows()) < 2

    def _heads(self, place: Place) -> bool:
        """Whether the heading is written there again, as above a page."""
        return fold(shown(self.grid.value(place))) == fold(self.entry.heading)

    def _closing_rows(self) -> set[int]:
        """The rows of the boxes that were issued side by side: date and signature."""
        return {box[0] for entry, box in self._boxes() if entry.name in ("date", "signature")}

    def _filled_unnamed(self) -> bool:
        """Whether something was typed beside a code where no name points."""
        named = set(self.grid.names.values())
        places = ((row, self.column) for row in self.rows.values())
        return any(place not in named and self._typed(place) for place in places)

    def _boxes_left(self) -> bool:
        """Whether the boxes below the table left their names behind by as many rows as the last code did."""
        last = max(self.displaced, key=self.rows.__getitem__)
        step = self.rows[last] - self.named[last][0]
        names = self.grid.names
        steps = [
            box[0] - names[name][0]
            for entry, box in self._boxes()
            if (name := self.form.defined_name(entry).lower()) in names
        ]
        return step != 0 and len(steps) > 1 and set(steps) == {step}

    def _boxes(self) -> Iterator[tuple[Input, Place]]:
        for entry in self.form.singles:
            box = None if entry.name in IDENTITIES else find_single(self.grid, self.form, entry, self.table)
            if box is not None:
                yield entry, box

    def _typed(self, place: Place) -> bool:
        return Tell.FORMULA not in self.grid.tell(place) and bool(trim(shown(self.grid.value(place))))

    # ------------------------------------------------------------------------------------- what is said

    def shift(self) -> Shift:
        """The rows in doubt: those whose cell is elsewhere, was deleted, or holds the cell of another."""
        here = {(row, self.column): code for code, row in self.rows.items()}
        taken = {here[place] for code, place in self.named.items() if here.get(place, code) != code}
        codes = self.displaced | taken | self.lost
        where, cause, remedy = self._told()
        lines = "ligne" if len(codes) == 1 else "lignes"
        rows = listed(self.form, codes)
        what = f"{cause} : {lines} {rows}, colonne « {self.entry.heading} »"
        return Shift(codes=frozenset(codes), cause=what, remedy=remedy, cells=(where,), entry=self.entry)

    def _told(self) -> tuple[Place, str, str]:
        """Where it begins, what most likely happened, and how to mend it."""
        steps = {self.named[code][0] - self.rows[code] for code in self.displaced}
        sideways = {self.named[code][1] - self.column for code in self.displaced}
        again = "ou reportez les valeurs dans une fiche d'origine."
        if steps == {0} and len(sideways) == 1:
            return self._sideways(min(sideways), again)
        if min(steps) > 0 and sideways == {0} and not self.lost:
            where = self._inserted()
            return (
                where,
                f"une cellule a sans doute été insérée en {address(where)}, qui a poussé la suite vers le bas",
                f"Supprimez la cellule insérée {address(where)} (« Décaler les cellules vers le haut »), {again}",
            )
        first = min((*self.displaced, *self.lost), key=self.rows.__getitem__)
        where = (self.rows[first], self.column)
        if max(steps) < 0 and sideways == {0}:
            return (
                where,
                f"une cellule a sans doute été supprimée en {address(where)}, et la suite est remontée",
                f"Insérez une cellule en {address(where)} (« Décaler les cellules vers le bas »), {again}",
            )
        return (
            where,
            "des cases ont sans doute été coupées et collées, ou des lignes triées, et rien ne dit si les valeurs ont "
            "suivi leurs codes",
            f"Annulez le tri ou le déplacement, {again}",
        )

    def _sideways(self, step: int, again: str) -> tuple[Place, str, str]:
        row = min(self.rows[code] for code in self.displaced)
        whole = len(self.displaced) == len(self.named)
        where = (self.table.heading_row if whole else row, self.column)
        if whole:
            return where, "le titre de la colonne a été déplacé", f"Remettez le titre au-dessus de ses cases, {again}"
        what, way = ("insérée", "droite") if step > 0 else ("supprimée", "gauche")
        undo = "Supprimez la cellule insérée dans" if step > 0 else "Insérez une cellule dans"
        return (
            where,
            f"une cellule a sans doute été {what} sur la ligne {row + 1}, qui a déplacé la suite vers la {way}",
            f"{undo} la ligne {row + 1} à gauche de {address((row, self.column + step))}, {again}",
        )

    def _inserted(self) -> Place:
        """The inserted cell: the first one below the last code in place that holds neither a name nor a formula."""
        first = min(self.rows[code] for code in self.displaced)
        before = [row for code, row in self.rows.items() if row < first and code not in self.displaced]
        named = set(self.grid.names.values())
        places = [(row, self.column) for row in range(max(before, default=self.table.heading_row) + 1, first + 1)]
        free = (place for place in places if place not in named and Tell.FORMULA not in self.grid.tell(place))
        return next(free, places[-1])
