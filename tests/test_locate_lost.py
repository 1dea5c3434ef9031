"""What was lost from a sheet, or is doubtful, is said and waits; its neighbours are read."""

from __future__ import annotations

import pytest

from engine.model.tables import EXCLUDED
from tests import cohorts
from tests.cohorts import find
from tests.readings import (
    BLOCKING,
    GRILLE,
    NOTES,
    ORAL,
    TRANSVERSALE,
    TRAVAUX,
    VALIDATION,
    WARNING,
    anomalies,
    broken,
    excluded,
    read,
    typed,
)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("pertes") / "cohorte")


def test_without_its_headings_a_sheet_is_refused_and_waits(cohort):
    report = broken(cohort, GRILLE, lambda sheet, heading: sheet.delete_rows(heading))
    (lost,) = anomalies(report, "S03")
    assert (str(lost.gravity), lost.candidate, lost.evaluator, lost.sheet) == (
        BLOCKING,
        "007",
        "T01",
        "Grille de compétences",
    )
    assert len(excluded(report)) == 27
    assert {mark.input for sheet in report.sheets if sheet.kind is TRAVAUX for mark in sheet.marks} > {
        "niveau",
        "sujet",
    }


def test_two_columns_of_codes_are_no_table(cohort):
    def double(sheet, heading):
        sheet.cell(heading, sheet.max_column + 1).value = "Code"

    (lost,) = anomalies(broken(cohort, ORAL, double), "S03")
    assert (str(lost.gravity), "« Code »" in lost.message, "deux fois" in lost.message) == (BLOCKING, True, True)


@pytest.mark.parametrize(
    ("kind", "heading", "gravity", "lost"),
    [
        (GRILLE, "Niveau", BLOCKING, 27),
        (GRILLE, "Compétence", WARNING, 0),
        (GRILLE, "Expérience", WARNING, 0),
        (TRANSVERSALE, "Niveau", BLOCKING, 15),
        (TRANSVERSALE, "Mini", WARNING, 0),
        (ORAL, "Points", BLOCKING, 27),
        (TRAVAUX, "Niveau", WARNING, 11),
        (NOTES, "EN", BLOCKING, 3),
        (NOTES, "CC1", WARNING, 3),
        (VALIDATION, "RA1", WARNING, 3),
    ],
)
@pytest.mark.parametrize("how", ["renamed", "twice", "deleted"])
def test_a_column_that_is_gone_is_told_and_what_decides_waits(cohort, kind, heading, gravity, lost, how):
    def change(sheet, row):
        column = next(cell.column for cell in sheet[row] if cell.value == heading)
        if how == "renamed":
            sheet.cell(row, column).value = f"{heading} (provisoire)"
        elif how == "twice":
            sheet.cell(row, sheet.max_column + 1).value = heading
        else:
            sheet["A5"] = next(cell.value for cell in sheet[1] if cell.value)  # the reference stands in that column
            sheet.delete_cols(column)

    report = broken(cohort, kind, change)
    (told,) = [each for each in anomalies(report, "S03") if each.value == heading]
    entry = {"Niveau": "niveau", "Points": "points"}.get(heading, heading)
    held = [
        mark
        for sheet in report.sheets
        if sheet.kind is kind
        for mark in sheet.marks
        if mark.input == entry and mark.state == EXCLUDED
    ]
    assert (str(told.gravity), len(held)) == (gravity, lost)
    assert f"« {heading} »" in told.message
    assert ("en attente" in told.message) == (gravity == BLOCKING)
    assert len(told.cell.split("; ") if told.cell else []) == {"renamed": 1, "twice": 2, "deleted": 0}[how]
    assert ("les titres des colonnes" in told.remedy) is (how != "deleted")


@pytest.mark.parametrize(("kind", "code"), [(NOTES, "I01"), (GRILLE, "S04")])
def test_rows_without_end_are_told_of_together(cohort, kind, code):
    def crowd(sheet, heading):
        sheet.insert_rows(heading + 1, 250)
        for row in range(heading + 1, heading + 251):
            sheet.cell(row, 1).value = f"X{row}"

    told = anomalies(broken(cohort, kind, crowd), code)
    assert len(told) == 201
    (rest,) = [each for each in told if ":" in each.cell]
    assert rest.message == "Et 50 autres lignes de même : elles ne sont pas lues."


@pytest.mark.parametrize(
    ("kind", "code", "gravity"),
    [
        (GRILLE, "2.10", BLOCKING),
        (ORAL, "O14", BLOCKING),
        (TRAVAUX, "RA2", WARNING),
        (NOTES, "C02", BLOCKING),
        (VALIDATION, "C02", WARNING),
    ],
)
def test_a_row_that_is_gone_is_told_and_its_neighbours_read(cohort, kind, code, gravity):
    report = broken(cohort, kind, lambda sheet, _: sheet.delete_rows(cohorts.row_of(sheet, code)))
    (told,) = anomalies(report, "S03")
    assert (str(told.gravity), told.value) == (gravity, code)
    assert told.candidate == (code if kind in (NOTES, VALIDATION) else "007")
    held = {
        mark.candidate if kind in (NOTES, VALIDATION) else mark.code
        for sheet in report.sheets
        for mark in sheet.marks
        if mark.state == EXCLUDED
    }
    assert held == {code}


def test_a_sheet_that_does_not_list_somebody_who_left_lacks_nothing(cohort):
    report = read(cohort, cohort.filled(NOTES).save())
    assert cohort.roster.candidate("C04").dropped_out
    assert anomalies(report, "S03") == []
    assert {mark.candidate for sheet in report.sheets for mark in sheet.marks} >= {"C02", "C03"}
    assert "C04" not in {mark.candidate for sheet in report.sheets for mark in sheet.marks}


def test_a_bloc_title_may_go(cohort):
    report = broken(cohort, GRILLE, lambda sheet, heading: sheet.delete_rows(heading + 1))
    assert anomalies(report) == []
    assert len(typed(report)) > 27


# ----------------------------------------------------------------------------------------------- codes


def set_code(old, new):
    def change(sheet, heading):
        sheet.cell(cohorts.row_of(sheet, old), 1).value = new

    return change


def test_a_code_turned_into_a_number_is_never_taken_for_another(cohort):
    """2.10 stored as a number is 2.1: it may be either."""
    report = broken(cohort, GRILLE, set_code("2.10", 2.1))
    (unknown,) = anomalies(report, "S04")
    assert (str(unknown.gravity), unknown.value) == (BLOCKING, "2,1")
    assert [each.value for each in anomalies(report, "S03")] == ["2.10"]
    assert excluded(report) == ["2.10"]
    assert typed(report)[GRILLE, "007", "niveau", "2.1"] == 5


def test_a_code_turned_into_a_number_that_can_only_be_its_own_is_read(cohort):
    book = cohort.filled(GRILLE)
    cell = book.sheet(GRILLE).cell(cohorts.row_of(book.sheet(GRILLE), "1.1"), 1)
    cell.value = 1.1
    book.put(GRILLE, "niveau", "1.1", 2)
    report = read(cohort, book.save())
    (told,) = anomalies(report)
    assert (told.code, str(told.gravity), told.cell, "« 1.1 »" in told.message) == (
        "S05",
        WARNING,
        cell.coordinate,
        True,
    )
    assert typed(report)[GRILLE, "007", "niveau", "1.1"] == 2


def test_every_code_turned_into_a_number_leaves_the_doubtful_ones_out(cohort):
    def change(sheet, heading):
        for row in range(heading + 1, sheet.max_row + 1):
            if sheet.cell(row, 1).value:
                sheet.cell(row, 1).value = float(sheet.cell(row, 1).value)

    report = broken(cohort, GRILLE, change)
    assert excluded(report) == ["2.1", "2.10"]
    assert len(anomalies(report, "S04")) == 2
    (told,) = anomalies(report, "S05")
    assert len(told.cell.split("; ")) == 25
    assert "25 codes sont devenus des nombres" in told.message


def test_a_code_that_stands_beside_as_text_settles_which_one_a_number_was(cohort):
    """2.1 as a number may be `2.10`, unless `2.10` is there."""
    report = broken(cohort, GRILLE, set_code("2.1", 2.1))
    (told,) = anomalies(report)
    assert (told.code, str(told.gravity), "« 2.1 »" in told.message) == ("S05", WARNING, True)
    assert excluded(report) == []
    assert typed(report)[GRILLE, "007", "niveau", "2.1"] == 5


def test_a_code_that_stands_twice_names_neither_row(cohort):
    book = cohort.filled(GRILLE)
    sheet = book.sheet(GRILLE)
    first, second = (cohorts.row_of(sheet, code) for code in ("1.1", "1.2"))
    sheet.cell(second, 1).value = "1.1"
    book.put(GRILLE, "niveau", "1.1", 2)
    report = read(cohort, book.save())
    (twice,) = anomalies(report, "S04")
    assert (str(twice.gravity), twice.cell, twice.value) == (BLOCKING, f"A{first}; A{second}", "1.1")
    assert [each.value for each in anomalies(report, "S03")] == ["1.2"]
    assert sorted(excluded(report)) == ["1.1", "1.2"]


def test_a_person_who_stands_twice_in_the_marks_waits(cohort):
    report = broken(cohort, NOTES, set_code("C03", "c02"))
    assert [(each.code, each.candidate) for each in anomalies(report)] == [("S04", "C02"), ("S03", "C03")]
    assert "colonne des identifiants" in anomalies(report, "S04")[0].remedy
    held = {mark.candidate for sheet in report.sheets for mark in sheet.marks if mark.state == EXCLUDED}
    assert held == {"C02", "C03"}


@pytest.mark.parametrize(("new", "shown"), [("1.1 bis", "1.1 bis"), ("9.9", "9.9"), (12, "12"), ("UE1", "UE1")])
def test_a_code_that_is_not_of_the_sheet_is_told(cohort, new, shown):
    report = broken(cohort, GRILLE, set_code("1.1", new))
    (unknown,) = anomalies(report, "S04")
    assert (str(unknown.gravity), unknown.value, f"« {shown} »" in unknown.message) == (BLOCKING, shown, True)
    assert excluded(report) == ["1.1"]


def test_a_code_that_is_wiped_out_loses_its_row(cohort):
    report = broken(cohort, GRILLE, set_code("1.1", None))
    (told,) = anomalies(report)
    assert (told.code, told.value, told.cell) == ("S03", "1.1", "A12")
    assert told.remedy.startswith("Retapez le code 1.1 dans cette case")


@pytest.mark.parametrize("named", [True, False], ids=["names left behind", "names lost"])
def test_an_answer_deleted_with_the_column_of_points_is_not_told_as_missing_in_its_old_cell(cohort, named):
    book = cohort.filled(ORAL)
    sheet = book.sheet(ORAL)
    sheet.delete_cols(find(sheet, "Points").column)
    if not named:
        for name in [name for name in book.workbook.defined_names if name.startswith("oral_")]:
            del book.workbook.defined_names[name]
    report = read(cohort, book.save())
    assert not [each for each in anomalies(report, "V09") if each.sheet == "Grand oral"]
    gone = [each.value for each in anomalies(report, "S03") if each.gravity == BLOCKING]
    assert gone == ["Points", "Rapport d'activité conforme"]
    (answer,) = (mark for sheet in report.sheets for mark in sheet.marks if mark.input == "rapport")
    assert (answer.state, answer.cell) == (EXCLUDED, "")
