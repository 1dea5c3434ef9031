"""Sheets turned upside down: what was typed is found by code and heading, or said to be lost; never mistaken."""

from __future__ import annotations

from copy import copy

import openpyxl
import pytest

from engine.model import Kind
from engine.model.texts import fold
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
from tests.readings import (
    BLOCKING,
    GRILLE,
    NOTES,
    ORAL,
    TRANSVERSALE,
    TRAVAUX,
    WARNING,
    anomalies,
    excluded,
    read,
    typed,
)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("lieux") / "cohorte")


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
