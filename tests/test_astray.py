"""Answers typed beside their boxes, where nothing is read: told, and the blank box beside which one stands waits."""

from __future__ import annotations

import pytest

from tests import cohorts
from tests.cohorts import column_of, row_of
from tests.readings import BLOCKING, GRILLE, NOTES, ORAL, WARNING, anomalies, excluded, read, typed


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("cote") / "cohorte", stayed=True)


def beside(book, kind, entry, code, value, *, by=1):
    """Type a value some columns away from a box."""
    box = book.cell(kind, entry, code)
    book.sheet(kind).cell(box.row, box.column + by).value = value


def told(report):
    return [(str(each.gravity), each.cell) for each in anomalies(report, "V03")]


@pytest.mark.parametrize("by", [1, 2])
@pytest.mark.parametrize("value", [3, "3", "NE", "3/5"])
def test_levels_typed_beside_their_blank_boxes_wait(cohort, value, by):
    book = cohort.filled(GRILLE)
    for code in ("1.1", "1.2"):
        book.put(GRILLE, "niveau", code, None)
        beside(book, GRILLE, "niveau", code, value, by=by)
    report = read(cohort, book.save())
    column = "HI"[by - 1]
    rows = [book.cell(GRILLE, "niveau", code).row for code in ("1.1", "1.2")]
    assert told(report) == [(BLOCKING, "; ".join(f"{column}{row}" for row in rows))]
    assert excluded(report) == ["1.1", "1.2"]
    assert not anomalies(report, "V09")


@pytest.mark.parametrize("value", [2, "plutôt 2", "NE", "2 ou 3"])
def test_another_answer_beside_is_told_and_the_box_counts(cohort, value):
    book = cohort.filled(GRILLE)
    book.put(GRILLE, "niveau", "1.1", 4)
    beside(book, GRILLE, "niveau", "1.1", value)
    report = read(cohort, book.save())
    assert [gravity for gravity, _ in told(report)] == [WARNING]
    assert typed(report)[GRILLE, "007", "niveau", "1.1"] == 4


@pytest.mark.parametrize("value", [4, "4", "vu le 12/05", "très bien", "=1+1", 12, 0.5])
def test_what_is_no_other_answer_says_nothing(cohort, value):
    book = cohort.filled(GRILLE)
    book.put(GRILLE, "niveau", "1.1", 4)
    beside(book, GRILLE, "niveau", "1.1", value)
    assert told(read(cohort, book.save())) == []


@pytest.mark.parametrize(("kind", "heading"), [(GRILLE, "Niveau"), (NOTES, "EN")])
def test_the_reference_moved_beside_a_row_is_no_answer_typed_there(cohort, kind, heading):
    book = cohort.filled(kind)
    sheet = book.sheet(kind)
    (place,) = (cell for line in sheet.iter_rows(max_row=15) for cell in line if str(cell.value).startswith("CGCo/"))
    row = next(row for row in range(1, 16) if heading in [cell.value for cell in sheet[row]]) + 2
    sheet.cell(row, sheet.max_column + 2).value, place.value = place.value, None
    report = read(cohort, book.save())
    assert [sheet.kind for sheet in report.sheets][:1] == [kind]
    assert anomalies(report, "V03") == []


def test_a_remark_beside_a_blank_box_leaves_it_blank(cohort):
    book = cohort.filled(GRILLE)
    book.put(GRILLE, "niveau", "1.1", None)
    beside(book, GRILLE, "niveau", "1.1", "non observé")
    report = read(cohort, book.save())
    assert told(report) == []
    assert excluded(report) == []


@pytest.mark.parametrize(
    ("title", "mark", "expected"),
    [
        ("UE1 rattrapage", 8, [WARNING]),
        ("", 8, [WARNING]),
        ("UE1 rattrapage", None, [BLOCKING]),
        ("Moyenne", 8, []),
        ("Rang", None, []),
    ],
)
def test_a_column_that_somebody_added_is_told(cohort, title, mark, expected):
    book = cohort.filled(NOTES)
    sheet = book.sheet(NOTES)
    at = column_of(sheet, "UE1")
    sheet.insert_cols(at + 1)
    heading, row = row_of(sheet, "C02") - 1, row_of(sheet, "C02")
    while sheet.cell(heading, at).value != "UE1":
        heading -= 1
    sheet.cell(heading, at + 1).value = title or None
    sheet.cell(row, at).value, sheet.cell(row, at + 1).value = mark, 13
    report = read(cohort, book.save())
    assert [gravity for gravity, _ in told(report)] == expected
    assert ((NOTES, "C02", "UE1", "UE1") in typed(report)) is (mark is not None or expected == [BLOCKING])


def test_points_beside_a_blank_box_leave_the_oral_waiting(cohort):
    book = cohort.filled(ORAL)
    book.put(ORAL, "points", "O01", None)
    beside(book, ORAL, "points", "O01", 1)
    report = read(cohort, book.save())
    assert [gravity for gravity, _ in told(report)] == [BLOCKING]
    assert excluded(report, "points") == ["O01"]


@pytest.mark.parametrize(("title", "expected"), [("Identifiant", []), ("UE1", [WARNING])])
def test_what_was_added_before_the_boxes_holds_none_back(cohort, title, expected):
    """Lines numbered before their codes, groups between the names and the marks, that are still to come."""
    book = cohort.filled(NOTES)
    sheet = book.sheet(NOTES)
    at, rows = column_of(sheet, title), [row_of(sheet, code) for code in ("C02", "C03")]
    sheet.insert_cols(at)
    for number, row in enumerate(rows, start=1):
        sheet.cell(row, at).value, sheet.cell(row, column_of(sheet, "UE1")).value = number, None
    report = read(cohort, book.save())
    assert [gravity for gravity, _ in told(report)] == expected
    assert anomalies(report, "V09")
