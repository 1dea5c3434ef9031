"""Cells that were inserted or deleted in a list of people, whose cells have no names: the frame of the table tells.

A list is issued within a frame: under its last line runs a row that looks like no other, and nothing is dressed beside
its last column. Whole rows and columns that are inserted, deleted or sorted leave the frame whole. Cells that are
inserted or deleted push or pull what is under or beside them along, the frame too: it is broken there. What was
pasted, cleared or repainted breaks no frame: only a piece of it that stands elsewhere tells.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from engine.intake.readers.grid import Dress, Grid, Place, address
from engine.intake.sheets.agreement import listed
from engine.intake.sheets.headings import Table
from engine.intake.sheets.locate import Codes, text_of
from engine.model.forms import Form, Input, Nature
from engine.model.tables import VALUE
from engine.model.values import and_list, normalise

_FAR = 60  # rows under the last person where the frame is looked for: an unassigned list has blank lines there
_NAMED = 4
_AGAIN = "ou reportez les valeurs dans une fiche d'origine."


@dataclass(frozen=True)
class Break:
    """Where a frame is broken: what is in doubt (``codes``, ``entries``), why, how to mend it, the cell that tells."""

    codes: frozenset[str]
    entries: tuple[Input, ...]
    cause: str
    remedy: str
    where: Place


def breaks(grid: Grid, form: Form, table: Table, codes: Codes) -> Iterator[Break]:
    """Each break of the frame of a list."""
    if codes.rows:
        frame = _Frame(grid, form, table, codes)
        yield from frame.columns()
        yield from frame.lines()


def bare(grid: Grid, form: Form, table: Table, codes: Codes) -> list[Place]:
    """The blank boxes of a list that look like no box any more, where all the others do: a cell that is cut leaves such
    a hole behind, and so does one that is cleared with its look."""
    return _Frame(grid, form, table, codes).bare() if len(codes.rows) > 1 else []


class _Frame:
    """The table of a list, and how what is around it is dressed."""

    def __init__(self, grid: Grid, form: Form, table: Table, codes: Codes) -> None:
        self.grid, self.form, self.table = grid, form, table
        self.rows = dict(codes.rows)
        self.last = max(self.rows.values())
        self.boxes = {entry: table.columns[entry.heading] for entry in form.inputs if entry.heading in table.columns}

    @cached_property
    def dress(self) -> Dress:
        return self.grid.dress

    # --------------------------------------------------------------------------- cells of some columns

    def columns(self) -> Iterator[Break]:
        """The columns whose cells went up or down beside the identifiers, those that went together at once."""
        foot = self._foot
        if foot is None:
            return
        together: dict[int, list[Input]] = {}
        for entry, column in self.boxes.items():
            step = self._step(foot, column)
            if step and self._holds_something(column):
                together.setdefault(step, []).append(entry)
        for step, entries in together.items():
            if len(entries) == len(self.boxes) > 1:
                yield self._parted(foot, step, entries)
            else:
                yield self._pulled_up(foot, step, entries) if step < 0 else self._pushed_down(foot, step, entries)

    @cached_property
    def _foot(self) -> int | None:
        """The row of the frame under the last person, as the columns that name people show it."""
        labels = [label.heading for label in self.form.lasting_labels if label.heading in self.table.columns]
        named = [self.table.code_column, *(self.table.columns[heading] for heading in labels)]
        inside = self.dress.style((self.last, self.table.code_column))
        for row in range(self.last + 1, self.last + _FAR) if len(named) > 1 else ():
            styles = {self.dress.style((row, column)) for column in named}
            if len(styles) == 1 and not styles & {"", inside}:
                return row
        return None

    def _step(self, foot: int, column: int) -> int:
        """By how many rows the frame went down (up: less than 0) in a column; 0 where it did not, or is gone."""
        style = self.dress.style((foot, self.table.code_column))
        found = [
            row - foot
            for row in range(self.table.heading_row + 1, foot + _FAR)
            if self.dress.style((row, column)) == style
        ]
        return 0 if len(found) != 1 else found[0]

    def _holds_something(self, column: int) -> bool:
        return any(text_of(self.grid, (row, column)) for row in range(self.table.heading_row + 1, self.last + _FAR))

    def _parted(self, foot: int, step: int, entries: list[Input]) -> Break:
        cause = (
            "des cellules ont sans doute été insérées ou supprimées sans le reste de leur ligne : les valeurs ne sont "
            "plus en face des noms avec lesquels la fiche a été envoyée"
        )
        remedy = f"Annulez l'insertion ou la suppression, {_AGAIN}"
        where = (foot + min(step, step - 1), self.boxes[entries[0]])
        return Break(frozenset(self.rows), tuple(entries), cause, remedy, where)

    def _pulled_up(self, foot: int, step: int, entries: list[Input]) -> Break:
        where = (foot + step, self.boxes[entries[0]])
        what = _one(-step, "une cellule a", "cellules ont")
        cause = (
            f"{what} sans doute été supprimée{'s' * (step < -1)} dans {_columns(entries)}, et la suite est remontée en "
            f"face d'autres personnes : {address(where)} n'est plus une case du tableau"
        )
        remedy = "Insérez des cellules là où il en manque (« Décaler les cellules vers le bas »), "
        return Break(frozenset(self.rows), tuple(entries), cause, remedy + _AGAIN, where)

    def _pushed_down(self, foot: int, step: int, entries: list[Input]) -> Break:
        where = (foot + step - 1, self.boxes[entries[0]])
        what = _one(step, "une cellule a", "cellules ont")
        cause = (
            f"{what} sans doute été insérée{'s' * (step > 1)} dans {_columns(entries)}, et la suite est descendue en "
            f"face d'autres personnes, jusqu'en {address(where)}"
        )
        remedy = "Supprimez les cellules insérées (« Décaler les cellules vers le haut »), "
        return Break(frozenset(self.rows), tuple(entries), cause, remedy + _AGAIN, where)

    def bare(self) -> list[Place]:
        """The blank boxes without any look; none where the rest of the table was repainted or pasted, or where the
        program dresses no blank cell (it would show in the frame)."""
        foot, found = self._foot, []
        for column in self.boxes.values() if foot is not None else ():
            styles = {row: self._style(row, column) for row in self.rows.values()}
            holes = [row for row, style in styles.items() if not style and not text_of(self.grid, (row, column))]
            if len(set(styles.values()) - {""}) != 1 or len(holes) != list(styles.values()).count(""):
                return []
            found += [(row, column) for row in holes]
        return found

    # ----------------------------------------------------------------------------- cells of some lines

    def lines(self) -> Iterator[Break]:
        """The lines whose cells went left or right under the headings, those that went the same way at once."""
        if not self.boxes:
            return
        edge = max(self.boxes.values())
        sound = self._sound_row(edge)
        codes = list(self.rows)
        if sound is not None:
            right = [code for code in codes if self._went_right(self.rows[code], sound, edge)]
            left = [code for code in codes if self._came_left(self.rows[code], sound, edge)]
        else:
            right = codes if self._all_went_right(edge) else []
            left = codes if self._all_came_left(edge) else []
        if right:
            yield self._moved(
                right, edge + 1, "insérée", "est allée à droite sous d'autres titres, jusqu'en {}", "Supprimez"
            )
        if left:
            told = "est venue à gauche sous d'autres titres : {} n'est plus une case du tableau"
            yield self._moved(left, edge, "supprimée", told, "Insérez")

    def _sound_row(self, edge: int) -> int | None:
        """A row whose last cell is dressed as that of most rows that end where the headings do."""
        whole = {row: self._style(row, edge) for row in self.rows.values() if self._ends_at(row, edge)}
        styles = list(whole.values())
        return max(whole, key=lambda row: styles.count(whole[row]), default=None)

    def _ends_at(self, row: int, edge: int) -> bool:
        """Whether nothing is dressed beside the last cell of a row, and the cell is."""
        return self._style(row, edge + 1) == self._style(row, edge + 2) != self._style(row, edge)

    def _went_right(self, row: int, sound: int, edge: int) -> bool:
        return self._style(row, edge + 1) == self._style(sound, edge) or (
            self._holds_answer(row, edge + 1) and not self._holds_answer(sound, edge + 1)
        )

    def _holds_answer(self, row: int, column: int) -> bool:
        """Whether an answer to the last input stands beside it, in a row where another one is missing."""
        last = next(entry for entry, at in self.boxes.items() if at == column - 1)
        answers = last.domain.nature is Nature.YES_NO and not text_of(self.grid, (self.table.heading_row, column))
        beside = normalise(self.grid.value((row, column)), last.domain, self.grid.tell((row, column)), ())
        blank = any(not text_of(self.grid, (row, at)) for at in self.boxes.values())
        return answers and beside.state == VALUE and blank

    def _came_left(self, row: int, sound: int, edge: int) -> bool:
        """Whether a row ends a cell earlier, where what may be typed, or how its cells look, came along."""
        if self._style(row, edge) != self._style(sound, edge + 1) or text_of(self.grid, (row, edge)):
            return False
        own, last = self.dress.rule((sound, edge - 1)), self.dress.rule((sound, edge))
        is_rule_moved = last not in ("", own) and self.dress.rule((row, edge - 1)) == last
        return is_rule_moved or self._looks_come_left(row, sound, edge)

    def _looks_come_left(self, row: int, sound: int, edge: int) -> bool:
        """Whether the cells of a row look as those to their right do in a sound one, from the last that differs on."""
        columns = range(self.table.code_column + 1, edge)
        turns = [at for at in columns if self._style(sound, at) != self._style(sound, at + 1)]
        if not turns:
            return False
        rest = range(turns[-1], edge)
        return all(self._style(row, at) == self._style(sound, at + 1) for at in rest)

    def _all_went_right(self, edge: int) -> bool:
        """Whether every row ends a cell later than the headings do."""
        heading = self.table.heading_row
        if text_of(self.grid, (heading, edge + 1)) or not self._ends_at(heading, edge):
            return False
        return all(
            self._ends_at(row, edge + 1)
            and (self.dress.rule((row, edge + 1)) or self._style(row, edge + 1) == self._style(row, edge))
            for row in self.rows.values()
        )

    def _all_came_left(self, edge: int) -> bool:
        """Whether every row ends a cell earlier than the headings and the row under the table do.

        A program that leaves blank cells undressed would show in that row, and what was pasted spans more columns.
        """
        foot, rows = self._foot, self.rows.values()
        if foot is None or self._style(foot, edge) != self._style(foot, self.table.code_column):
            return False
        earlier = all(self._ends_at(row, edge - 1) and not text_of(self.grid, (row, edge)) for row in rows)
        return earlier and any(text_of(self.grid, (row, edge - 1)) for row in rows)

    def _moved(self, codes: list[str], column: int, what: str, how: str, undo: str) -> Break:
        where = (self.rows[codes[0]], column)
        lines = "la ligne" if len(codes) == 1 else "les lignes"
        cause = f"une cellule a sans doute été {what} sur {lines} {listed(self.form, codes)}, et la suite "
        way = "gauche" if undo == "Supprimez" else "droite"
        remedy = f"{undo} la cellule en cause (« Décaler les cellules vers la {way} »), {_AGAIN}"
        return Break(frozenset(codes), tuple(self.boxes), cause + how.format(address(where)), remedy, where)

    def _style(self, row: int, column: int) -> str:
        return self.dress.style((row, column))


def _one(count: int, one: str, many: str) -> str:
    return one if count == 1 else f"{count} {many}"


def _columns(entries: list[Input]) -> str:
    listed = [f"« {entry.heading} »" for entry in entries]
    more = [f"{len(listed) - _NAMED} autres"] if len(listed) > _NAMED + 1 else listed[_NAMED:]
    return ("la colonne " if len(listed) == 1 else "les colonnes ") + and_list(listed[:_NAMED] + more)
