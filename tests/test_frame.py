"""Cells inserted or deleted in a list of people, whose cells have no names: what they pushed or pulled along tells.

A list that was merely filled, pasted into, cleared, sorted or completed is never accused.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from engine.model import Kind
from engine.model.tables import EXCLUDED, LABEL, VALUE
from tests import cohorts
from tests.cohorts import find
from tests.readings import BLOCKING, NOTES, VALIDATION, anomalies, read

PEOPLE = 4


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("cadre") / "cohorte", stayed=True)


@dataclass(frozen=True)
class People:
    """A list: its sheet, its first and its last line, the columns of its first and of its last input."""

    sheet: Worksheet
    first: int
    last: int
    left: int
    right: int

    def moved(self, top: int, left: int, bottom: int, right: int, down: int = 0, across: int = 0) -> None:
        """Cells that go with what they hold and how they look, as a program moves them."""
        columns = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
        self.sheet.move_range(columns, rows=down, cols=across)


def report(cohort, kind, change):
    book = cohort.filled(kind)
    sheet, form = book.sheet(kind), book.form(kind)
    heading = find(sheet, form.code_heading).row
    columns = [find(sheet, entry.heading).column for entry in form.inputs]
    change(People(sheet, heading + 1, heading + PEOPLE, min(columns), max(columns)))
    return read(cohort, book.save())


def waiting(found):
    return {(mark.candidate, mark.code) for sheet in found.sheets for mark in sheet.marks if mark.state == EXCLUDED}


def pull_up(at, first, last):
    at.moved(at.first + 2, first, at.last + 3, last, down=-1)


def push_down(at, first, last):
    at.moved(at.first + 1, first, at.last + 3, last, down=1)


SHIFTS = {
    "a cell deleted": (lambda at: pull_up(at, at.left, at.left), 1, "supprimée dans la colonne"),
    "a cell inserted": (lambda at: push_down(at, at.left, at.left), 1, "insérée dans la colonne"),
    "two columns pulled up": (lambda at: pull_up(at, at.left, at.left + 1), 2, "supprimée dans les colonnes"),
    "the last column pulled up": (lambda at: pull_up(at, at.right, at.right), 1, "supprimée dans la colonne"),
    "the boxes of a line deleted": (lambda at: pull_up(at, at.left, at.right), None, "plus en face des noms"),
    "the names of a line deleted": (lambda at: pull_up(at, 1, at.left - 1), None, "plus en face des noms"),
    "the names pushed down": (lambda at: push_down(at, 1, at.left - 1), None, "plus en face des noms"),
}


@pytest.mark.parametrize("kind", [NOTES, VALIDATION, Kind.DELIBERATION])
@pytest.mark.parametrize("gesture", SHIFTS)
def test_cells_that_went_to_other_people_are_told_and_wait(cohort, kind, gesture):
    change, columns, words = SHIFTS[gesture]
    found = report(cohort, kind, change)
    (told,) = anomalies(found, "I04")
    assert (str(told.gravity), words in told.message) == (BLOCKING, True)
    expected = columns or len(
        {mark.code for sheet in found.sheets for mark in sheet.marks if mark.candidate and mark.state != LABEL}
    )
    waits = {code for _, code in waiting(found)}
    assert len(waits) == expected
    assert [mark for sheet in found.sheets for mark in sheet.marks if mark.code in waits and mark.state == VALUE] == []


@pytest.mark.parametrize("kind", [NOTES, VALIDATION])
@pytest.mark.parametrize("lines", [1, PEOPLE])
def test_a_cell_inserted_in_lines_leaves_the_others_alone(cohort, kind, lines):
    found = report(cohort, kind, lambda at: at.moved(at.first, at.left, at.first + lines - 1, at.right, across=1))
    (told,) = anomalies(found, "I04")
    assert (str(told.gravity), "insérée sur l" in told.message) == (BLOCKING, True)
    assert len({candidate for candidate, _ in waiting(found)}) == lines


@pytest.mark.parametrize("before", [1, 2, 3])
def test_the_look_of_a_line_of_decisions_tells_that_it_came_left(cohort, before):
    """A cell deleted before or at the decision: what lands may read as nothing, and the rules would stand."""

    def change(at):
        start = at.left + 2 - before
        for row in range(at.first, at.last + 1):
            at.sheet.cell(row, at.left + 1, None).value = None  # no bloc: nothing that lands is misread
            at.sheet.cell(row, at.right).value = None
        at.moved(at.first + 1, start, at.first + 1, at.right, across=-1)

    found = report(cohort, Kind.DELIBERATION, change)
    (told,) = anomalies(found, "I04")
    assert (str(told.gravity), "supprimée sur la ligne" in told.message) == (BLOCKING, True)
    assert len({candidate for candidate, _ in waiting(found)}) == 1


def pasted(at, rows, columns):
    """Values pasted from a plain workbook, with its look."""
    for row in rows:
        for column in columns:
            cell = at.sheet.cell(row, column)
            cell._style = at.sheet.cell(300, 60)._style


def cleared(at, row, column):
    pasted(at, [row], [column])
    at.sheet.cell(row, column).value = None


def averages(at):
    """A column of averages beside, dressed as the last one."""
    for row in range(at.first - 1, at.last + 1):
        at.sheet.cell(row, at.right + 1, "Moyenne" if row < at.first else 12.5)
        at.sheet.cell(row, at.right + 1)._style = at.sheet.cell(row, at.right)._style


def without_its_name(at):
    """A column added without a heading, in another look."""
    for row in range(at.first, at.last + 1):
        at.sheet.cell(row, at.right + 1, 12.5).font = Font(bold=True)


def shape_copied(at):
    """The row under the table, pasted over a blank box."""
    at.sheet.cell(at.last, at.left).value = None
    at.sheet.cell(at.last, at.left)._style = at.sheet.cell(at.last + 1, at.left)._style


def missing(found):
    (told,) = anomalies(found, "V09")
    return told.message


def test_a_mark_that_was_cut_is_named_among_the_missing(cohort):
    """Pasted beside somebody else, it reads as any other there: only the hole that it left tells."""

    def cut(at):
        at.moved(at.first, at.left + 1, at.first, at.left + 1, down=2)

    found = report(cohort, NOTES, cut)
    assert "La case E9 a perdu l'aspect d'une case à remplir" in missing(found)
    assert "collé en face de quelqu'un d'autre" in missing(found)
    assert waiting(found) == set()


@pytest.mark.parametrize("change", [
    lambda at: setattr(at.sheet.cell(at.first, at.left), "value", None),
    lambda at: (pasted(at, range(at.first, at.last + 1), [at.left]), cleared(at, at.first, at.left)),
    lambda at: [pasted(at, [row], range(at.left, at.right + 1)) for row in (at.first, at.last)]
    + [cleared(at, at.first, at.left)],
])  # fmt: skip
def test_a_blank_mark_is_not_told_cut(cohort, change):
    assert "aspect" not in missing(report(cohort, NOTES, change))


HARMLESS = {
    "nothing": lambda _at: None,
    "a column pasted": lambda at: pasted(at, range(at.first, at.last + 1), [at.left]),
    "all pasted": lambda at: pasted(at, range(at.first, at.last + 1), range(at.left, at.right + 1)),
    "a column pasted too far": lambda at: pasted(at, range(at.first, at.last + 2), [at.left]),
    "the last line pasted": lambda at: pasted(at, [at.last], range(at.left, at.right + 1)),
    "the last box cleared": lambda at: cleared(at, at.last, at.right),
    "the last box of a column cleared": lambda at: cleared(at, at.last, at.left),
    "the last column cleared": lambda at: [cleared(at, row, at.right) for row in range(at.first, at.last)],
    "averages beside": averages,
    "a column without a heading": without_its_name,
    "a shape copied": shape_copied,
    "an average under": lambda at: at.sheet.cell(at.last + 1, at.left, "=AVERAGE(D9:D12)"),
    "a remark beside": lambda at: at.sheet.cell(at.first, at.right + 1, "absent le 3 juin"),
}


@pytest.mark.parametrize("kind", [NOTES, VALIDATION, Kind.DELIBERATION])
@pytest.mark.parametrize("gesture", HARMLESS)
def test_a_list_that_was_merely_filled_is_not_accused(cohort, kind, gesture):
    found = report(cohort, kind, HARMLESS[gesture])
    assert anomalies(found, "I04") == []
    assert waiting(found) == set()
