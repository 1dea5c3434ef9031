"""Codes, texts and names that disagree: the rows they leave in doubt wait, and one message says what happened."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.intake.sheets.agreement import displaced
from engine.model.tables import EXCLUDED, VALUE
from tests import cohorts, moving
from tests.readings import BLOCKING, GRILLE, NOTES, ORAL, TRANSVERSALE, VALIDATION, WARNING, anomalies, excluded, read

ENTRY = {GRILLE: "niveau", TRANSVERSALE: "niveau", ORAL: "points"}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("accord") / "cohorte", stayed=True)


def varied(cohort, kind):
    """A filled workbook whose values differ from row to row."""
    book = cohort.filled(kind)
    for rank, row in enumerate(book.form(kind).rows):
        values = book.form(kind).domain(book.form(kind).inputs[-1], row).values
        book.put(kind, ENTRY[kind], row.code, values[rank % len(values)])
    return book


def rows_of(book, kind, codes):
    return [cohorts.row_of(book.sheet(kind), code) for code in codes]


def blocking(report):
    """The only blocking anomaly."""
    (found,) = [each for each in anomalies(report) if each.blocking]
    return found


def kept(report, kind):
    return {
        mark.code: mark.value
        for sheet in report.sheets
        if sheet.kind is kind
        for mark in sheet.marks
        if mark.input == ENTRY[kind] and mark.state == VALUE
    }


# ------------------------------------------------------------------------------------------ labels


@pytest.mark.parametrize(
    ("kind", "codes", "columns"),
    [
        (GRILLE, ("1.3", "1.4", "1.5"), range(2, 8)),  # all but the codes
        (GRILLE, ("1.3", "1.4", "1.5"), range(2, 4)),
        (GRILLE, ("1.3", "1.4", "1.5"), range(3, 8)),  # from the evidence on
        (GRILLE, ("1.3", "1.4", "1.5"), range(1, 2)),  # the codes alone
        (ORAL, ("O05", "O06", "O07"), range(2, 5)),
        (TRANSVERSALE, ("T03", "T04", "T05"), range(2, 5)),
    ],
)
def test_rows_sorted_in_part_wait(cohort, kind, codes, columns):
    book = varied(cohort, kind)
    moving.sort(book.sheet(kind), rows_of(book, kind, codes), columns, [2, 0, 1])
    report = read(cohort, book.save())
    told = blocking(report)
    assert (told.code, str(told.gravity), told.candidate) == ("S05", BLOCKING, "007")
    assert "triées" in told.message
    assert set(codes) <= set(excluded(report, ENTRY[kind]))
    assert all(code in told.message for code in codes)


def test_minima_that_travelled_with_the_levels_tell(cohort):
    """The minima and the levels sorted together, beside codes and texts that stayed."""
    book = varied(cohort, TRANSVERSALE)
    moving.sort(book.sheet(TRANSVERSALE), rows_of(book, TRANSVERSALE, ("T03", "T04", "T05")), range(3, 5), [1, 0, 2])
    report = read(cohort, book.save())
    assert blocking(report).code == "S05"
    assert {"T03", "T04", "T05"} <= set(excluded(report))


@pytest.mark.parametrize("direction", ["inserted", "deleted"])
def test_a_label_cell_inserted_or_deleted_names_where(cohort, direction):
    book = varied(cohort, GRILLE)
    row = cohorts.row_of(book.sheet(GRILLE), "1.3")
    (moving.insert if direction == "inserted" else moving.delete)(book, GRILLE, row, range(2, 3))
    report = read(cohort, book.save())
    told = blocking(report)
    assert {"1.4", "1.5", "2.2", "4.5"} <= set(excluded(report))
    assert {"1.1", "1.2"}.isdisjoint(excluded(report))
    if direction == "inserted":
        assert "insérée" in told.message or "sans leurs codes" in told.message


def test_an_edited_label_is_a_warning_and_the_level_read(cohort):
    book = varied(cohort, GRILLE)
    sheet = book.sheet(GRILLE)
    sheet.cell(cohorts.row_of(sheet, "1.3"), 2).value += " (vu en stage)"
    report = read(cohort, book.save())
    assert [(each.code, str(each.gravity)) for each in anomalies(report)] == [("S05", WARNING)]
    assert excluded(report) == []


def test_a_label_copied_onto_another_row_puts_that_row_in_doubt_alone(cohort):
    book = varied(cohort, GRILLE)
    sheet = book.sheet(GRILLE)
    first, second = rows_of(book, GRILLE, ("1.3", "2.4"))
    sheet.cell(second, 2).value = sheet.cell(first, 2).value
    report = read(cohort, book.save())
    assert excluded(report) == ["2.4"]
    assert blocking(report).cell == f"B{second}"


def test_rows_that_show_the_same_may_have_changed_places_unseen():
    issued = {"a": "x", "b": "y", "c": "z", "d": "y", "e": "w"}
    moved, doubted = displaced(issued, issued | {"a": "z", "c": "x"}, identifying=True)
    assert (moved, doubted) == ({"a", "c"}, {"a", "b", "c", "d"})


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"a": 3, "b": 2, "c": 3}, set()),
        ({"a": 2, "b": 3, "c": 3}, {"a", "b"}),  # exchanged
        ({"a": 2, "b": 2, "c": 3}, set()),  # edited
        ({"a": 2, "b": 2, "c": 2}, set()),
        ({"a": "", "b": 2, "c": 3}, set()),
    ],
)
def test_figures_tell_only_when_they_travelled(found, told):
    assert displaced({"a": 3, "b": 2, "c": 3}, found, identifying=False)[0] == told


# ------------------------------------------------------------------------------- cells that moved


def test_a_cell_inserted_among_the_levels_is_named(cohort):
    book = varied(cohort, GRILLE)
    cell = book.cell(GRILLE, "niveau", "2.3")
    moving.insert(book, GRILLE, cell.row, range(cell.column, cell.column + 1))
    report = read(cohort, book.save())
    told = blocking(report)
    assert (told.code, told.cell) == ("S05", cell.coordinate)
    assert f"insérée en {cell.coordinate}" in told.message
    assert f"Supprimez la cellule insérée {cell.coordinate}" in told.remedy
    assert excluded(report)[0] == "2.3"
    assert len(excluded(report)) == 27 - 7


def test_a_cell_inserted_above_a_formula_is_named(cohort):
    book = varied(cohort, GRILLE)
    cell = book.cell(GRILLE, "niveau", "1.5")
    moving.insert(book, GRILLE, cell.row + 1, range(cell.column, cell.column + 1))
    told = blocking(read(cohort, book.save()))
    assert f"insérée en {cell.offset(1).coordinate}" in told.message


@pytest.mark.parametrize("blank", [False, True])
def test_a_cell_deleted_among_the_last_levels_leaves_them_waiting(cohort, blank):
    book = varied(cohort, GRILLE)
    cell = book.cell(GRILLE, "niveau", "4.2")
    if blank:
        book.put(GRILLE, "niveau", "4.5", None)
    moving.delete(book, GRILLE, cell.row, range(cell.column, cell.column + 1))
    report = read(cohort, book.save())
    told = blocking(report)
    assert f"supprimée en {cell.coordinate}" in told.message
    assert excluded(report) == ["4.2", "4.3", "4.4", "4.5"]


@pytest.mark.parametrize("blank", [False, True])
@pytest.mark.parametrize("code", ["1.3", "4.2"])
def test_codes_and_texts_pushed_away_from_their_levels_wait(cohort, code, blank):
    book = varied(cohort, GRILLE)
    row = cohorts.row_of(book.sheet(GRILLE), code)
    if blank:
        book.put(GRILLE, "niveau", code, None)
    moving.insert(book, GRILLE, row, range(1, 4))
    report = read(cohort, book.save())
    assert code in excluded(report)
    assert {"4.3", "4.4", "4.5"} <= set(excluded(report))
    assert blocking(report).code == "S05"


def test_a_level_dragged_onto_another_row_puts_both_in_doubt(cohort):
    book = varied(cohort, GRILLE)
    one, other = (book.cell(GRILLE, "niveau", code) for code in ("1.3", "1.4"))
    moving.move(book, GRILLE, {(one.row, one.column): (other.row, other.column)})
    report = read(cohort, book.save())
    assert excluded(report) == ["1.3", "1.4"]
    assert "coupées" in blocking(report).message


def test_a_cell_inserted_to_the_left_pushes_a_level_out_of_its_column(cohort):
    book = varied(cohort, GRILLE)
    row, column = (cell := book.cell(GRILLE, "niveau", "1.3")).row, cell.column
    moving.move(book, GRILLE, {(row, each): (row, each + 1) for each in range(5, column + 1)})
    report = read(cohort, book.save())
    assert "1.3" in excluded(report)
    assert "droite" in blocking(report).message


def test_a_heading_pushed_off_its_column_does_not_empty_the_sheet(cohort):
    book = varied(cohort, TRANSVERSALE)
    sheet = book.sheet(TRANSVERSALE)
    heading = cohorts.find(sheet, "Niveau")
    heading.offset(0, 1).value, heading.value = "Niveau", None
    report = read(cohort, book.save())
    assert len(excluded(report)) == 15
    assert "titre" in blocking(report).message


def test_codes_and_texts_sorted_without_their_levels_wait(cohort):
    book = varied(cohort, GRILLE)
    codes = ("1.3", "1.4", "1.5")
    moving.sort(book.sheet(GRILLE), rows_of(book, GRILLE, codes), range(1, 4), [2, 0, 1])
    report = read(cohort, book.save())
    assert excluded(report) == list(codes)
    assert "triées" in blocking(report).message


def test_whole_rows_inserted_deleted_or_moved_with_their_names_change_nothing(cohort):
    book = varied(cohort, GRILLE)
    wanted = kept(read(cohort, book.save()), GRILLE)
    whole = range(1, 9)
    moving.insert(book, GRILLE, cohorts.row_of(book.sheet(GRILLE), "1.4"), whole, 2)
    one, other = rows_of(book, GRILLE, ("3.2", "3.4"))
    moving.move(
        book,
        GRILLE,
        {(one, c): (other, c) for c in whole} | {(other, c): (one, c) for c in whole},
    )
    report = read(cohort, book.save())
    assert anomalies(report) == []
    assert kept(report, GRILLE) == wanted


@pytest.mark.parametrize("code", ["1.1", "2.3", "4.2", "4.5"])
@pytest.mark.parametrize("filled", [1, 27])
def test_a_program_that_leaves_names_behind_is_read_by_codes(cohort, code, filled):
    book = varied(cohort, GRILLE)
    for row in book.form(GRILLE).rows[filled:]:
        book.put(GRILLE, "niveau", row.code, None)
    wanted = kept(read(cohort, book.save()), GRILLE)
    book.sheet(GRILLE).insert_rows(cohorts.row_of(book.sheet(GRILLE), code))
    report = read(cohort, book.save())
    assert [each for each in anomalies(report) if each.blocking] == []
    assert kept(report, GRILLE) == wanted


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    order=st.permutations(range(5)),
    first=st.integers(1, 4),
    last=st.integers(1, 7),
)
def test_no_sort_gives_a_level_to_another_row(cohort, order, first, last):
    """Whatever columns were sorted, but for the levels alone, of which nothing tells."""
    if first > last or first > 3:
        first = min(first, last, 3)
    book = varied(cohort, GRILLE)
    codes = ["1.1", "1.2", "1.3", "1.4", "1.5"]
    wanted = {code: book.cell(GRILLE, "niveau", code).value for code in codes}
    moving.sort(book.sheet(GRILLE), rows_of(book, GRILLE, codes), range(first, last + 1), list(order))
    report = read(cohort, book.save())
    found = kept(report, GRILLE)
    assert {code: found[code] for code in codes if code in found}.items() <= wanted.items()
    if not wanted.keys() <= found.keys():
        assert blocking(report).code == "S05"


# ------------------------------------------------------------------------- headings and their titles


@pytest.mark.parametrize("kind", [NOTES, VALIDATION])
def test_headings_pushed_under_the_titles_of_others_wait(cohort, kind):
    book = cohort.filled(kind)
    sheet = book.sheet(kind)
    first = book.form(kind).inputs[2].heading
    cell = cohorts.find(sheet, first)
    for column in range(sheet.max_column, cell.column - 1, -1):
        sheet.cell(cell.row, column + 1).value = sheet.cell(cell.row, column).value
    cell.value = None
    report = read(cohort, book.save())
    (told,) = anomalies(report, "S03")
    assert (str(told.gravity), first in told.message) == (BLOCKING, True)
    later = {entry.name for entry in book.form(kind).inputs[2:]}
    marks = [mark for sheet in report.sheets for mark in sheet.marks]
    assert {mark.input for mark in marks if mark.state == EXCLUDED} == later
    assert {mark.input for mark in marks if mark.state != EXCLUDED} >= {e.name for e in book.form(kind).inputs[:2]}


def test_columns_moved_with_their_titles_change_nothing(cohort):
    book = cohort.filled(NOTES)
    book.sheet(NOTES).insert_cols(6, 2)
    assert anomalies(read(cohort, book.save())) == []
