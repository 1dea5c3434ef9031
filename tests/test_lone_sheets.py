"""A sheet of ours that lost its reference, beside good ones: it is told, and those of nobody are left alone."""

from __future__ import annotations

import pytest

from engine.model import GUIDE, SYNTHESIS
from engine.model.anomalies import Gravity
from engine.model.texts import fold
from engine.workspace import seals
from tests.cohorts import Book, find, row_of
from tests.readings import GRILLE, NOTES, ORAL, TRANSVERSALE, TRAVAUX, anomalies, read, reference_cell, typed

BLOCKING, WARNING = Gravity.BLOCKING, Gravity.WARNING
PAIRS = [(GRILLE, TRAVAUX), (TRAVAUX, GRILLE), (ORAL, TRANSVERSALE), (TRANSVERSALE, ORAL)]


def lost(report):
    """What S01 tells of: (sheet, gravity)."""
    return [(each.sheet, each.gravity) for each in anomalies(report, "S01")]


def without_names(book: Book) -> None:
    for name in list(book.workbook.defined_names):
        del book.workbook.defined_names[name]


@pytest.mark.parametrize(("kind", "beside"), PAIRS)
@pytest.mark.parametrize("named", [True, False], ids=["with names", "without names"])
def test_a_filled_sheet_whose_reference_was_erased_is_told(cohort, kind, beside, named):
    book = cohort.filled(kind)
    reference_cell(book, kind).value = None
    if not named:
        without_names(book)
    report = read(cohort, book.save())
    assert lost(report) == [(kind.record.title, BLOCKING)]
    (told,) = anomalies(report)
    assert (told.candidate, told.evaluator) == ("007", book.cohort.evaluator(kind, "007"))
    assert kind.record.title in told.message
    assert "reportez" in told.remedy
    assert "Retirez" in told.remedy
    assert {kind for kind, *_ in typed(report)} == {beside}


@pytest.mark.parametrize("rest", ["CGCo/2024-03-15/ORAL/007", "CGCo/2024-03-15/GRAND ORAL/007/J01/K7M4-9QXT", "CGCo/…"])
def test_a_reference_half_erased_is_quoted(cohort, rest):
    book = cohort.filled(ORAL)
    reference_cell(book, ORAL).value = rest
    report = read(cohort, book.save())
    assert lost(report) == [("Grand oral", BLOCKING)]
    assert f"abîmée (« {rest} »)" in anomalies(report, "S01")[0].message


def test_a_reference_pushed_down_is_named_where_it_stands(cohort):
    book = cohort.filled(ORAL)
    cell = reference_cell(book, ORAL)
    book.sheet(ORAL)["A16"], cell.value = cell.value, None
    report = read(cohort, book.save())
    assert lost(report) == [("Grand oral", BLOCKING)]
    assert "en A16" in anomalies(report, "S01")[0].message


@pytest.mark.parametrize("state", ["visible", "hidden", "veryHidden"])
def test_a_copy_of_the_tab_that_lost_its_reference_is_told_hidden_or_not(cohort, state):
    book = cohort.filled(ORAL)
    copy = book.workbook.copy_worksheet(book.sheet(ORAL))
    copy.title, copy.sheet_state = "Grand oral (2)", state
    find(copy, str(reference_cell(book, ORAL).value)).value = None
    report = read(cohort, book.save())
    assert lost(report) == [("Grand oral (2)", BLOCKING)]
    assert {kind for kind, *_ in typed(report)} == {ORAL, TRANSVERSALE}


def test_a_sheet_without_headings_is_told_by_the_names_of_its_cells(cohort):
    book = cohort.filled(ORAL)
    reference_cell(book, ORAL).value = None
    sheet = book.sheet(ORAL)
    for cell in sheet[find(sheet, "Code").row]:
        cell.value = None
    assert lost(read(cohort, book.save())) == [("Grand oral", BLOCKING)]


def test_a_sheet_without_headings_nor_names_is_told_by_its_tab(cohort):
    book = cohort.filled(ORAL)
    reference_cell(book, ORAL).value = None
    without_names(book)
    sheet = book.sheet(ORAL)
    sheet.delete_rows(find(sheet, "Code").row)
    assert lost(read(cohort, book.save())) == [("Grand oral", WARNING)]


@pytest.mark.parametrize("kind", [GRILLE, ORAL, TRANSVERSALE])
def test_one_in_which_nothing_was_typed_warns(cohort, kind):
    book = cohort.book(kind)
    reference_cell(book, kind).value = None
    book.fill(next(other for other in book.kinds if other is not kind))
    assert lost(read(cohort, book.save())) == [(kind.record.title, WARNING)]


def test_a_list_of_marks_beside_a_good_one_is_told(cohort):
    book = cohort.filled(NOTES)
    copy = book.workbook.copy_worksheet(book.sheet(NOTES))
    copy.title = "Brouillon"
    next(cell for line in copy.iter_rows(max_row=15) for cell in line if seals.parse(str(cell.value))).value = None
    assert lost(read(cohort, book.save())) == [("Brouillon", BLOCKING)]


def own_notes(book: Book) -> None:
    sheet = book.workbook.create_sheet("Mes remarques")
    sheet.append(["Identifiant", "Nom", "Téléphone"])
    sheet.append(["007", "Lefèvre", "01 23 45 67 89"])
    sheet.append(["1.1", "à revoir", 4])


def a_synthesis(book: Book) -> None:
    """What goes out to a juror to be read only: codes, levels, minima."""
    grid, sheet = book.cohort.filled(GRILLE).sheet(GRILLE), book.workbook.create_sheet(SYNTHESIS)
    for row in range(find(grid, "Code").row, row_of(grid, "1.5") + 1):
        sheet.append([cell.value for cell in grid[row]])


def a_copy_of_the_synthesis(book: Book) -> None:
    a_synthesis(book)
    book.workbook[SYNTHESIS].title = f"{SYNTHESIS} (2)"


def a_calculation(book: Book) -> None:
    sheet = book.workbook.create_sheet("Feuil1")
    sheet.append(["Code", "Points"])
    sheet.append(["total", 52])


@pytest.mark.parametrize("more", [lambda _: None, own_notes, a_synthesis, a_copy_of_the_synthesis, a_calculation])
def test_sheets_that_ask_for_nothing_are_left_alone(cohort, more):
    book = cohort.filled(ORAL)
    more(book)
    assert GUIDE in book.workbook.sheetnames
    report = read(cohort, book.save())
    assert anomalies(report) == []
    assert len(report.sheets) == 2


def test_what_was_typed_in_an_issued_sheet_is_told_even_under_the_name_of_one_to_read(cohort):
    book = cohort.filled(ORAL)
    reference_cell(book, ORAL).value = None
    book.sheet(ORAL).title = SYNTHESIS
    for name in book.workbook.defined_names.values():
        name.attr_text = name.attr_text.replace("'Grand oral'", SYNTHESIS)
    assert lost(read(cohort, book.save())) == [(SYNTHESIS, BLOCKING)]


@pytest.mark.parametrize("state", ["visible", "hidden"])
def test_a_copy_that_kept_its_reference_and_says_something_else_is_named_by_its_tab(cohort, state):
    book = cohort.filled(ORAL)
    copy = book.workbook.copy_worksheet(book.sheet(ORAL))
    copy.title, copy.sheet_state = "Grand oral (2)", state
    copy[book.cell(ORAL, "points", "O01").coordinate].value = 0
    book.save()
    results = cohort.consolidate()
    rows = results.anomalies("I06")
    assert [row["Feuille"] for row in rows] == ["Grand oral", "Grand oral (2)"]
    for row in rows:
        assert row["Gravité"] == BLOCKING
        assert fold("(onglets « Grand oral » et « Grand oral (2) »)") in fold(row["Message"])
        assert "Supprimez du classeur l’onglet en trop" in row["Correction"]
    assert results.value("007", "points", "O01") is None
