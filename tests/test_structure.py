"""Grids turned over at random: rows and columns inserted, deleted, reordered, copied, headings and codes rewritten.

Whatever was done, a value is kept only under the code of its own row and the heading of its own column, and what can
no longer be found is told of. The grid is that of a real return; each cell carries its tell along.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.intake.context import Context
from engine.intake.readers import workbook
from engine.intake.readers.grid import Grid
from engine.intake.safety import guard
from engine.intake.sheets.sheet import read_sheets
from engine.model import Kind
from engine.model.anomalies import Gravity
from engine.model.tables import EXCLUDED, MISSING
from engine.model.texts import fold
from engine.model.values import Tell, normalise, shown, trim
from tests.spoil.case import Desk

GRILLE, ORAL, NOTES = Kind.GRILLE, Kind.ORAL, Kind.NOTES
HEADINGS = ["Niveau", "NIVEAU ", "Code", "Points", "EN", "", "Note", "Identifiant"]
CODES = ["1.1", " 2.10", "2.1", 2.1, 1.1, "O01", "o02", "C02", "c03", "007", 7.0, "", "9.9", "1.1 bis"]
PLACE = st.integers(0, 60)
MOVES = st.one_of(
    st.tuples(st.just("insert row"), PLACE),
    st.tuples(st.just("swap rows"), PLACE, PLACE),
    st.tuples(st.just("insert column"), PLACE),
    st.tuples(st.just("swap columns"), PLACE, PLACE),
)
STEP = MOVES | st.one_of(
    st.tuples(st.just("delete row"), PLACE),
    st.tuples(st.just("copy row"), PLACE, PLACE),
    st.tuples(st.just("delete column"), PLACE),
    st.tuples(st.just("copy column"), PLACE, PLACE),
    st.tuples(st.just("rewrite heading"), PLACE, st.sampled_from(HEADINGS)),
    st.tuples(st.just("rewrite code"), PLACE, st.sampled_from(CODES)),
)
BLANK = ("", Tell.NONE)


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return Desk(tmp_path_factory.mktemp("grilles") / "cohorte")


@pytest.fixture(scope="module")
def context(desk):
    return Context(desk.cohort.referential, desk.cohort.roster, desk.key)


@pytest.fixture(scope="module")
def grids(desk):
    """The first sheet of a return of each kind, without its defined names: labels must do."""
    books = {kind: workbook.read(guard.open_package(desk.bytes(kind))) for kind in (GRILLE, ORAL, NOTES)}
    return {kind: replace(book.grids[0], merged=(), find_names=dict) for kind, book in books.items()}


def turned(grid: Grid, steps) -> Grid:
    """The grid after these steps; places beyond its edges come back from the other side."""
    lines = [
        [(value, grid.tell((row, column))) for column, value in enumerate(line)] for row, line in enumerate(grid.rows)
    ]
    for name, *places in steps:
        STEPS[name](lines, *places)
    tells = {(row, column): tell for row, line in enumerate(lines) for column, (_, tell) in enumerate(line) if tell}
    return Grid(grid.name, [[value for value, _ in line] for line in lines], tells)


def insert_row(lines, at):
    lines.insert(at % (len(lines) + 1), [BLANK] * width(lines))


def delete_row(lines, at):
    if len(lines) > 1:
        del lines[at % len(lines)]


def swap_rows(lines, first, second):
    first, second = first % len(lines), second % len(lines)
    lines[first], lines[second] = lines[second], lines[first]


def copy_row(lines, source, at):
    lines.insert(at % (len(lines) + 1), list(lines[source % len(lines)]))


def insert_column(lines, at):
    place = at % (width(lines) + 1)
    for line in lines:
        line.insert(place, BLANK)


def delete_column(lines, at):
    place = at % width(lines)
    for line in lines if width(lines) > 1 else ():
        del line[place]


def swap_columns(lines, first, second):
    first, second = first % width(lines), second % width(lines)
    for line in lines:
        line[first], line[second] = line[second], line[first]


def copy_column(lines, source, at):
    source, at = source % width(lines), at % (width(lines) + 1)
    for line in lines:
        line.insert(at, line[source])


def rewrite_heading(lines, at, text):
    row = next((row for row, line in enumerate(lines) if any(value in ("Code", "Identifiant") for value, _ in line)), 0)
    lines[row][at % width(lines)] = (text, Tell.NONE)


def rewrite_code(lines, at, code):
    lines[at % len(lines)][0] = (code, Tell.NONE)


def width(lines):
    return len(lines[0])


STEPS = {
    "insert row": insert_row,
    "delete row": delete_row,
    "swap rows": swap_rows,
    "copy row": copy_row,
    "insert column": insert_column,
    "delete column": delete_column,
    "swap columns": swap_columns,
    "copy column": copy_column,
    "rewrite heading": rewrite_heading,
    "rewrite code": rewrite_code,
}


def marks(sheets):
    """What was read: (candidate, input, code) -> mark, blanks and what is held back left out."""
    rows = [mark for sheet in sheets for mark in sheet.marks]
    return {mark.place: mark for mark in rows if mark.state not in (MISSING, EXCLUDED)}


def value(mark):
    return mark.held


def cell(grid, address):
    letters = address.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(address[len(letters) :]) - 1, column - 1


def is_code(found, code):
    """Whether a cell shows a code: its text, or the number that can be no other."""
    return fold(trim(shown(found))).replace(",", ".") == fold(code).rstrip("0" if isinstance(found, float) else "")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from([GRILLE, ORAL, NOTES]), steps=st.lists(STEP, max_size=8))
def test_a_value_is_kept_only_where_code_and_heading_meet(grids, context, kind, steps):
    grid = turned(grids[kind], steps)
    sheets = read_sheets(grid, context, "retour.xlsx")
    form = context.form(kind, candidate_columns=True)
    headings = {entry.name: entry.heading for entry in form.inputs}
    for (candidate, entry, code), mark in marks(sheets).items():
        if entry not in headings or not mark.cell:
            continue
        row, column = cell(grid, mark.cell)
        assert any(is_code(found, candidate if kind is NOTES else code) for found in grid.rows[row])
        above = [fold(shown(line[column])) for line in grid.rows[:row]]
        assert fold(headings[entry]) in above
        domain = next(each for each in form.inputs if each.name == entry).domain
        assert kind is ORAL or normalise(grid.rows[row][column], domain, grid.tell((row, column))).value == mark.value


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from([GRILLE, ORAL, NOTES]), steps=st.lists(STEP, max_size=6))
def test_what_decides_and_is_lost_is_told(grids, context, kind, steps):
    before = marks(read_sheets(grids[kind], context, "retour.xlsx"))
    sheets = read_sheets(turned(grids[kind], steps), context, "retour.xlsx")
    after = marks(sheets)
    form = context.form(kind, candidate_columns=True)
    deciding = {entry.name for entry in (*form.inputs, *form.singles) if entry.decides}
    lost = {place for place in before if place[1] in deciding and place not in after}
    told = [each for sheet in sheets for each in sheet.anomalies if each.gravity is not Gravity.INFO]
    assert not lost or told or not sheets  # a sheet without a reference is none: the workbook is told of


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from([GRILLE, ORAL, NOTES]), steps=st.lists(MOVES, max_size=6))
def test_what_is_only_moved_is_never_another_value(grids, context, kind, steps):
    """Where the heading row or a label was moved away from its table, values may be lost; none may change."""
    before = marks(read_sheets(grids[kind], context, "retour.xlsx"))
    after = marks(read_sheets(turned(grids[kind], steps), context, "retour.xlsx"))
    table = {entry.name for entry in context.form(kind, candidate_columns=True).inputs}
    moved = {place: value(mark) for place, mark in after.items() if place[1] in table | {"rapport"}}
    assert moved == {place: value(before[place]) for place in moved}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from([GRILLE, ORAL, NOTES]), data=st.data())
def test_rows_and_columns_of_a_table_in_any_order_read_the_same(grids, context, kind, data):
    """The rows that bear a code change places among themselves, and so do the columns."""
    grid = grids[kind]
    form = context.form(kind, candidate_columns=True)
    coded = [row for row, line in enumerate(grid.rows) if line[0] in form.row_by_code]
    order = dict(zip(coded, data.draw(st.permutations(coded)), strict=True))
    columns = list(range(len(grid.rows[0])))
    if kind is NOTES:  # the other sheets have labels whose boxes stand in the columns of the table
        columns = [0, *data.draw(st.permutations(columns[1:]))]
    lines = [grid.rows[order.get(row, row)] for row in range(len(grid.rows))]
    again = Grid(grid.name, [[line[column] for column in columns] for line in lines], {})
    table = {entry.name for entry in form.inputs}
    first, second = (
        {place: value(mark) for place, mark in marks(read_sheets(each, context, "x")).items() if place[1] in table}
        for each in (Grid(grid.name, grid.rows, {}), again)
    )
    assert first == second
