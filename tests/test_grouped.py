"""Two sheets filled at once, while both were selected."""

from __future__ import annotations

import pytest

from tests import cohorts
from tests.readings import BLOCKING, GRILLE, ORAL, TRANSVERSALE, WARNING, anomalies, excluded, read


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("groupe") / "cohorte")


def filled(cohort, selected, *, alike=15, level=None):
    """The juror's workbook, both tabs selected or not, the first levels being what the oral holds at their address."""
    book = cohort.filled(ORAL)
    for rank, row in enumerate(book.form(ORAL).rows):
        book.put(ORAL, "points", row.code, level or (1, 0.5, 0)[rank % 3])
    for sheet in book.workbook:
        sheet.sheet_view.tabSelected = sheet.title in ("Grand oral", "Compétences transversales") and selected
    same = []
    for row in book.form(TRANSVERSALE).rows:
        cell = book.cell(TRANSVERSALE, "niveau", row.code)
        value = book.sheet(ORAL)[cell.coordinate].value
        if isinstance(value, int | float) and len(same) < alike:
            cell.value = value
            same.append(row.code)
        else:
            cell.value = 4
    return book, same


def test_levels_typed_into_both_sheets_wait_in_both(cohort):
    book, same = filled(cohort, selected=True)
    report = read(cohort, book.save())
    found = [each for each in anomalies(report, "V03") if each.blocking]
    assert {each.sheet for each in found} == {"Grand oral", "Compétences transversales"}
    assert all("sélectionnées ensemble" in each.message for each in found)
    assert set(same) <= set(excluded(report))
    assert len(excluded(report, "points")) == len(same)


def test_a_few_that_are_alike_are_a_warning(cohort):
    book, _ = filled(cohort, selected=True, alike=3)
    report = read(cohort, book.save())
    assert {str(each.gravity) for each in anomalies(report, "V03")} == {WARNING}
    assert excluded(report, "points") == []


@pytest.mark.parametrize(("selected", "alike"), [(True, 0), (True, 2), (False, 0), (False, 5), (False, 11)])
def test_sheets_that_differ_say_nothing(cohort, selected, alike):
    book, _ = filled(cohort, selected=selected, alike=alike)
    assert anomalies(read(cohort, book.save()), "V03") == []


@pytest.mark.parametrize("mended", [0, 1])
def test_sheets_parted_before_saving_wait_too(cohort, mended):
    """LibreOffice, Gnumeric and whoever clicks on another tab keep no selection; the likeness of two scales tells."""
    book, same = filled(cohort, selected=False, alike=13 - mended)
    report = read(cohort, book.save())
    found = anomalies(report, "V03")
    assert {str(each.gravity) for each in found} == {BLOCKING}
    assert all("retapez celles" in each.remedy for each in found)
    assert set(same) <= set(excluded(report))
    assert len(same) >= 8


def test_the_same_levels_of_two_people_are_told_and_read(cohort):
    """One evaluator may give them: two grids brought together in one workbook."""
    book, other = cohort.filled(GRILLE, candidate="007"), cohort.filled(GRILLE, candidate="C02")
    for rank, row in enumerate(book.form(GRILLE).rows):
        for each in (book, other):
            each.put(GRILLE, "niveau", row.code, (1, 2, 3)[rank % 3])
    sheet = book.workbook.create_sheet("Grille (2)")
    for line in other.sheet(GRILLE).iter_rows():
        for cell in line:
            sheet[cell.coordinate] = cell.value
    report = read(cohort, book.save())
    assert {str(each.gravity) for each in anomalies(report, "V03")} == {WARNING}
    assert {each.candidate for each in anomalies(report, "V03")} == {"007", "C02"}
    assert excluded(report) == []


def test_the_same_level_everywhere_is_no_sign(cohort):
    book, _ = filled(cohort, selected=False, level=1)
    assert [each for each in anomalies(read(cohort, book.save()), "V03") if str(each.gravity) == BLOCKING] == []
    assert anomalies(read(cohort, book.save()), "V03") == []
