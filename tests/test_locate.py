"""Sheets turned upside down: what was typed is found by code and heading, or said to be lost; never mistaken."""

from __future__ import annotations

from copy import copy

import openpyxl
import pytest

from engine import seals
from engine.intake.context import Context
from engine.intake.files import read_file
from engine.model import Kind
from engine.tables import EXCLUDED
from engine.texts import fold
from tests import cohorts
from tests.libreoffice import (
    CopySheet,
    DeleteRows,
    DeleteSheet,
    ImportSheet,
    InsertColumns,
    InsertRows,
    MoveSheet,
    Office,
    RenameSheet,
    Type,
)

BLOCKING, WARNING, INFO = "bloquante", "avertissement", "info"
GRILLE, TRAVAUX, ORAL, TRANSVERSALE = Kind.GRILLE, Kind.TRAVAUX, Kind.ORAL, Kind.TRANSVERSALE
NOTES, VALIDATION = Kind.NOTES, Kind.VALIDATION


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("lieux") / "cohorte")


def read(cohort, path):
    """What the reader of returns reports of one workbook."""
    return read_file(path, path.name, Context(cohort.referential, cohort.roster, seals.read_key(cohort.path)))


def typed(report):
    """Everything that was read: (kind, candidate, input, code) -> value or state."""
    return {(sheet.kind, *place): value for sheet in report.sheets for place, (_, value) in sheet.content().items()}


def excluded(report, entry="niveau"):
    """The codes whose input is held back."""
    return [mark[7] for sheet in report.sheets for mark in sheet.marks if mark[6] == entry and mark[10] == EXCLUDED]


def anomalies(report, *codes):
    found = [*report.anomalies, *(each for sheet in report.sheets for each in sheet.anomalies)]
    return [each for each in found if not codes or each.code in codes]


def filled(cohort, kind):
    """A workbook whose every input holds something of its own, that of the first kind alone left to its sheet."""
    book = cohort.filled(kind)
    form = book.form(kind)
    for rank, row in enumerate(form.rows):
        for entry in form.inputs:
            values = form.domain(entry, row).values
            if values and not form.by_candidate_rows:
                book.put(kind, entry.name, row.code, values[rank % len(values)])
    if kind is NOTES:
        book.put(kind, "UE1", "", 7.25, "007")
    if kind is ORAL:
        book.put(kind, "motif", "", "Pages manquantes")
    return book


@pytest.fixture(scope="module")
def originals(cohort):
    """What the untouched workbooks hold, by kind."""
    return {kind: typed(read(cohort, filled(cohort, kind).save("original.xlsx"))) for kind in Kind}


# ------------------------------------------------------------------------------------ what changes nothing


def insert_rows(book, sheet, heading):
    last = max(cell.row for cell in sheet["A"] if cell.value)
    for before, count in ((last + 2, 2), (last, 1), (heading + 2, 3), (heading, 2), (1, 4)):
        sheet.insert_rows(before, count)


def delete_blank_rows(book, sheet, heading):
    for area in list(sheet.merged_cells.ranges):  # which openpyxl would leave where they were
        sheet.unmerge_cells(str(area))
    for row in range(heading - 1, 1, -1):
        if all(cell.value is None for cell in sheet[row]):
            sheet.delete_rows(row)


def insert_columns(book, sheet, heading):
    for before in (sheet.max_column, 4, 2, 1):
        sheet.insert_cols(before)


def reverse_rows(book, sheet, heading):
    last = max(cell.row for cell in sheet["A"] if cell.value)
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=heading + 1, max_row=last)]
    for row, line in enumerate(reversed(lines), heading + 1):
        for column, value in enumerate(line, 1):
            sheet.cell(row, column).value = value


def move_last_column_first(book, sheet, heading):
    last = sheet.max_column
    sheet.insert_cols(1)
    for row in range(heading, sheet.max_row + 1):
        if sheet.cell(row, last + 1).value is not None and sheet.cell(row, last + 1).data_type != "f":
            sheet.cell(row, 1).value, sheet.cell(row, last + 1).value = sheet.cell(row, last + 1).value, None


def rename(book, sheet, heading):
    sheet.title = "Feuil1 (2) été"
    book.workbook.move_sheet(sheet, 2)


def forget_names(book, sheet, heading):
    """As an export of an online spreadsheet: no names, no protection."""
    for name in list(book.workbook.defined_names):
        del book.workbook.defined_names[name]
    for each in book.workbook:
        each.protection.sheet = False


def retype_headings(book, sheet, heading):
    for cell in sheet[heading]:
        if cell.value:
            cell.value = f" {cell.value.upper()} "
    for row in range(heading + 1, sheet.max_row + 1):
        if sheet.cell(row, 1).value:
            sheet.cell(row, 1).value += "\N{NO-BREAK SPACE}"


def put_into_another_workbook(book, sheet, heading):
    other = openpyxl.Workbook()
    target = other.active
    for line in sheet.iter_rows():
        for cell in line:
            made = target.cell(cell.row + 3, cell.column + 1, cell.value)
            made.number_format = copy(cell.number_format)
    book.workbook = other


CHANGES = [insert_rows, delete_blank_rows, insert_columns, reverse_rows, rename, forget_names, retype_headings]
CHANGES += [put_into_another_workbook]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
@pytest.mark.parametrize("kind", Kind)
def test_a_sheet_turned_over_reads_the_same(cohort, originals, kind, change):
    book = filled(cohort, kind)
    sheet = book.sheet(kind)
    change(book, sheet, cohorts.find(sheet, book.form(kind).code_heading).row)
    report = read(cohort, book.save())
    expected = originals[kind]
    if change is put_into_another_workbook:
        expected = {place: value for place, value in expected.items() if place[0] is kind}
    assert typed(report) == expected
    assert anomalies(report) == []


def test_columns_in_another_order_read_the_same(cohort, originals):
    book = filled(cohort, TRAVAUX)
    sheet = book.sheet(TRAVAUX)
    move_last_column_first(book, sheet, cohorts.find(sheet, "Code").row)
    assert typed(read(cohort, book.save())) == originals[TRAVAUX]


def test_identifiers_of_a_blank_sheet_are_found_through_inserted_rows_and_columns(cohort):
    book = cohort.blank(GRILLE).fill(GRILLE).identify(GRILLE, "C02", "T01")
    sheet = book.sheet(GRILLE)
    sheet.insert_cols(2)
    sheet.insert_rows(7)
    report = read(cohort, book.save())
    assert [(each.candidate, each.evaluator) for each in report.sheets if each.kind is GRILLE] == [("C02", "T01")]


# --------------------------------------------------------------------------------------------- copies


def test_a_sheet_copied_in_its_workbook_counts_once(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(ORAL)
    book.workbook.copy_worksheet(book.sheet(ORAL))
    book.save()
    results = cohort.consolidate()
    assert results.value("007", "points", "O08", "J01") == 5
    assert results.states == {"retour.xlsx": "Accepté"}
    assert results.codes == set()


def test_copies_that_differ_in_one_workbook_count_for_nothing(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(ORAL)
    copied = book.workbook.copy_worksheet(book.sheet(ORAL))
    copied[book.cell(ORAL, "points", "O08").coordinate] = 1
    book.save()
    results = cohort.consolidate()
    assert {row["Feuille"] for row in results.anomalies("I06")} == {"Grand oral", copied.title}
    assert {row["Gravité"] for row in results.anomalies("I06")} == {BLOCKING}
    assert results.value("007", "points", "O08", "J01") is None
    assert results.summary("007")["Oral état"] == "En attente"
    assert results.summary("007")["Transversales"] == 15


# --------------------------------------------------------------------------------- what is lost is said


def break_sheet(cohort, kind, change):
    """The report of a filled workbook, one of its sheets changed by `change(sheet, heading row)`."""
    book = cohort.filled(kind)
    sheet = book.sheet(kind)
    change(sheet, cohorts.find(sheet, book.form(kind).code_heading).row)
    return read(cohort, book.save())


def test_without_its_headings_a_sheet_is_refused_and_waits(cohort):
    report = break_sheet(cohort, GRILLE, lambda sheet, heading: sheet.delete_rows(heading))
    (lost,) = anomalies(report, "S03")
    assert (str(lost.gravity), lost.candidate, lost.evaluator, lost.sheet) == (
        BLOCKING,
        "007",
        "T01",
        "Grille de compétences",
    )
    assert len(excluded(report)) == 27
    assert {mark[6] for sheet in report.sheets if sheet.kind is TRAVAUX for mark in sheet.marks} > {"niveau", "sujet"}


def test_two_columns_of_codes_are_no_table(cohort):
    def double(sheet, heading):
        sheet.cell(heading, sheet.max_column + 1).value = "Code"

    (lost,) = anomalies(break_sheet(cohort, ORAL, double), "S03")
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
        (NOTES, "EN", BLOCKING, 4),
        (NOTES, "CC1", WARNING, 4),
        (VALIDATION, "RA1", WARNING, 4),
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

    report = break_sheet(cohort, kind, change)
    (told,) = [each for each in anomalies(report, "S03") if each.value == heading]
    entry = {"Niveau": "niveau", "Points": "points"}.get(heading, heading)
    held = [
        mark
        for sheet in report.sheets
        if sheet.kind is kind
        for mark in sheet.marks
        if mark[6] == entry and mark[10] == EXCLUDED
    ]
    assert (str(told.gravity), len(held)) == (gravity, lost)
    assert f"« {heading} »" in told.message
    assert ("en attente" in told.message) == (gravity == BLOCKING)


@pytest.mark.parametrize(
    ("kind", "code", "gravity"),
    [
        (GRILLE, "2.10", BLOCKING),
        (ORAL, "O14", BLOCKING),
        (TRAVAUX, "RA2", WARNING),
        (NOTES, "C02", BLOCKING),
        (NOTES, "C04", WARNING),  # who left
        (VALIDATION, "C02", WARNING),
    ],
)
def test_a_row_that_is_gone_is_told_and_its_neighbours_read(cohort, kind, code, gravity):
    report = break_sheet(cohort, kind, lambda sheet, _: sheet.delete_rows(cohorts.row_of(sheet, code)))
    (told,) = anomalies(report, "S03")
    assert (str(told.gravity), told.value) == (gravity, code)
    assert told.candidate == (code if kind in (NOTES, VALIDATION) else "007")
    held = {
        mark[4] if kind in (NOTES, VALIDATION) else mark[7]
        for sheet in report.sheets
        for mark in sheet.marks
        if mark[10] == EXCLUDED
    }
    assert held == {code}


def test_a_bloc_title_may_go(cohort):
    report = break_sheet(cohort, GRILLE, lambda sheet, heading: sheet.delete_rows(heading + 1))
    assert anomalies(report) == []
    assert len(typed(report)) > 27


# ----------------------------------------------------------------------------------------------- codes


def set_code(old, new):
    def change(sheet, heading):
        sheet.cell(cohorts.row_of(sheet, old), 1).value = new

    return change


def test_a_code_turned_into_a_number_is_never_taken_for_another(cohort):
    """2.10 stored as a number is 2.1: it may be either."""
    report = break_sheet(cohort, GRILLE, set_code("2.10", 2.1))
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

    report = break_sheet(cohort, GRILLE, change)
    assert excluded(report) == ["2.1", "2.10"]
    assert len(anomalies(report, "S04")) == 2
    assert len(anomalies(report, "S05")) == 25


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
    report = break_sheet(cohort, NOTES, set_code("C03", "c02"))
    assert [(each.code, each.candidate) for each in anomalies(report)] == [("S04", "C02"), ("S03", "C03")]
    held = {mark[4] for sheet in report.sheets for mark in sheet.marks if mark[10] == EXCLUDED}
    assert held == {"C02", "C03"}


@pytest.mark.parametrize(("new", "shown"), [("1.1 bis", "1.1 bis"), ("9.9", "9.9"), (12, "12"), ("UE1", "UE1")])
def test_a_code_that_is_not_of_the_sheet_is_told(cohort, new, shown):
    report = break_sheet(cohort, GRILLE, set_code("1.1", new))
    (unknown,) = anomalies(report, "S04")
    assert (str(unknown.gravity), unknown.value, f"« {shown} »" in unknown.message) == (BLOCKING, shown, True)
    assert excluded(report) == ["1.1"]


def test_a_code_that_is_wiped_out_loses_its_row(cohort):
    report = break_sheet(cohort, GRILLE, set_code("1.1", None))
    assert [(each.code, each.value) for each in anomalies(report)] == [("S03", "1.1")]


# ---------------------------------------------------------------------------------------- single inputs


def test_a_row_between_a_label_and_its_box_does_not_part_them(cohort, originals):
    book = filled(cohort, ORAL)
    sheet = book.sheet(ORAL)
    for label in ("Motif, si le rapport n’est pas conforme", "Date"):
        sheet.insert_rows(cohorts.find(sheet, label).row + 1)
    assert typed(read(cohort, book.save())) == originals[ORAL]


@pytest.mark.parametrize(("entry", "label"), [("rapport", "Rapport d’activité conforme"), ("date", "Date")])
def test_a_label_that_is_gone_leaves_the_defined_name(cohort, originals, entry, label):
    book = filled(cohort, ORAL)
    cohorts.find(book.sheet(ORAL), label).value = "???"
    assert typed(read(cohort, book.save())) == originals[ORAL]


@pytest.mark.parametrize(
    ("entry", "label", "gravity"),
    [
        ("rapport", "Rapport d’activité conforme", BLOCKING),
        ("date", "Date", WARNING),
        ("motif", "Motif, si le rapport n’est pas conforme", WARNING),
    ],
)
def test_a_box_that_cannot_be_found_is_told(cohort, entry, label, gravity):
    book = cohort.filled(ORAL)
    cohorts.find(book.sheet(ORAL), label).value = None
    del book.workbook.defined_names[f"oral_{entry}"]
    report = read(cohort, book.save())
    (lost,) = [each for each in anomalies(report, "S03") if each.sheet == "Grand oral"]
    assert (str(lost.gravity), fold(lost.value)) == (gravity, fold(label))
    assert excluded(report, entry) == ([""] if gravity == BLOCKING else [])


# ------------------------------------------------------------------------------- by a real program


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_real_program_inserts_renames_and_moves(cohort, originals, office: Office, suffix):
    source = filled(cohort, ORAL).save("oral.xlsx")
    target = cohort.returns / f"oral modifié{suffix}"
    oral = "Grand oral"
    office.edit(
        source,
        target,
        [
            InsertRows(oral, before=48, count=2),
            InsertRows(oral, before=30, count=2),
            InsertRows(oral, before=9, count=3),
            InsertColumns(oral, before="D"),
            InsertColumns(oral, before="A", count=2),
            RenameSheet(oral, "Jury de juin"),
            MoveSheet("Jury de juin"),
        ],
    )
    report = read(cohort, target)
    assert typed(report) == originals[ORAL]
    assert anomalies(report) == []


@pytest.mark.libreoffice
@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_a_real_program_deletes_and_copies(cohort, office: Office, suffix):
    source, other = cohort.filled(ORAL).save("oral.xlsx"), cohort.filled(GRILLE).save("grille.xlsx")
    target = cohort.returns / f"oral copié{suffix}"
    oral = "Grand oral"
    office.edit(
        source,
        target,
        [
            DeleteRows(oral, first=14),
            CopySheet(oral, "Copie"),
            Type("D12", "0,5", sheet="Copie"),
            DeleteSheet(oral),
            ImportSheet(other, "Grille de compétences", position=0),
            DeleteSheet("Mode d'emploi"),
        ],
    )
    report = read(cohort, target)
    assert {(sheet.kind, sheet.candidate, sheet.evaluator) for sheet in report.sheets} == {
        (GRILLE, "007", "T01"),
        (ORAL, "007", "J01"),
        (TRANSVERSALE, "007", "J01"),
    }
    assert [each.value for each in anomalies(report, "S03")] == ["O02"]
    assert len(typed(report)) > 27 * 2 + 15
