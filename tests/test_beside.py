"""Lines that people add to a list and that are nobody's, and pictures that stand for a signature."""

from __future__ import annotations

import re

import pytest
from openpyxl.styles import Font

from tests import cohorts
from tests.cohorts import column_of, rewrite, row_of
from tests.readings import BLOCKING, GRILLE, INFO, NOTES, ORAL, VALIDATION, WARNING, anomalies, read, typed


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("lignes") / "cohorte", stayed=True)


def with_line(cohort, text, heading, content):
    """The marks, a line of ``content`` under the last person, called so under a heading."""
    book = cohort.filled(NOTES)
    sheet = book.sheet(NOTES)
    row = row_of(sheet, "C04") + 1
    sheet.cell(row, column_of(sheet, heading)).value = text
    for entry in ("UE1", "UE2", "EN"):
        sheet.cell(row, column_of(sheet, entry)).value = content
    return read(cohort, book.save())


@pytest.mark.parametrize(
    "text", ["Moyenne", "Moy. générale", "Maxi", "Nb présents", "Note moyenne", "Notes maximales", "Taux"]
)
@pytest.mark.parametrize(("content", "gravity"), [("=AVERAGE(D9:D12)", INFO), (12.5, WARNING)])
@pytest.mark.parametrize("heading", ["Identifiant", "Nom"])
def test_a_calculation_under_the_last_person_blocks_nothing(cohort, text, content, gravity, heading):
    report = with_line(cohort, text, heading, content)
    told = [str(each.gravity) for each in anomalies(report, "I01")]
    assert told in ([gravity], [])
    assert told == [gravity] or content != 12.5
    assert {candidate for _, candidate, *_ in typed(report) if candidate} == {"007", "C02", "C03", "C04"}


@pytest.mark.parametrize(("surname", "gravity"), [("Moyenne", WARNING), ("Coefficient", WARNING), ("Max", BLOCKING)])
def test_a_calculation_named_in_two_cells_is_nobodys(cohort, surname, gravity):
    """« Moyenne » under the surnames and « promo » beside it; a surname that is only like a word is somebody's."""
    book = cohort.filled(NOTES)
    sheet = book.sheet(NOTES)
    row = row_of(sheet, "C04") + 1
    sheet.cell(row, column_of(sheet, "Nom")).value = surname
    sheet.cell(row, column_of(sheet, "Prénom")).value = "Promo"
    sheet.cell(row, column_of(sheet, "UE1")).value = 12.5
    told = anomalies(read(cohort, book.save()), "I01")
    assert [str(each.gravity) for each in told] == [gravity]


@pytest.mark.parametrize(
    ("kind", "heading", "value"), [(NOTES, "UE1", 12.5), (VALIDATION, "RA1", "Oui")], ids=["notes", "validation"]
)
@pytest.mark.parametrize(("surname", "gravity"), [("Durand", BLOCKING), ("Moyenne", WARNING)])
def test_a_line_below_the_signature_is_told(cohort, kind, heading, value, surname, gravity):
    """Where the list ends close above, somebody enrolled late is written under the boxes that close the sheet."""
    book = cohort.filled(kind)
    sheet = book.sheet(kind)
    row = sheet.max_row + 2
    sheet.cell(row, column_of(sheet, "Nom")).value = surname
    cell = sheet.cell(row, column_of(sheet, heading))
    cell.value = value
    told = anomalies(read(cohort, book.save()), "I01")
    assert [(str(each.gravity), each.cell) for each in told] == [(gravity, cell.coordinate)]


@pytest.mark.parametrize("heading", ["RA1", "REC"])
def test_the_boxes_that_close_a_sheet_are_no_line(cohort, heading):
    """Columns were moved, and a box stands under the marks."""
    book = cohort.filled(VALIDATION)
    sheet = book.sheet(VALIDATION)
    label = cohorts.find(sheet, "Date")
    box, column = label.offset(row=1), column_of(sheet, heading)
    sheet.cell(label.row, column).value, sheet.cell(box.row, column).value = label.value, box.value
    label.value = box.value = None
    assert anomalies(read(cohort, book.save()), "I01") == []


@pytest.mark.parametrize(("kind", "text"), [(NOTES, "C02"), (GRILLE, "1.1")])
def test_a_struck_line_that_counts_is_told(cohort, kind, text):
    book = cohort.filled(kind)
    cell = cohorts.find(book.sheet(kind), text)
    cell.font = Font(strike=True)
    told = anomalies(read(cohort, book.save()), "V12")
    assert [(str(each.gravity), each.cell) for each in told] == [(WARNING, cell.coordinate)]
    assert text in told[0].message


def test_a_struck_label_is_said_to_be_so(cohort):
    book = cohort.filled(GRILLE)
    code = cohorts.find(book.sheet(GRILLE), "1.1")
    label = book.sheet(GRILLE).cell(code.row, code.column + 1)
    label.font = Font(strike=True)
    told = anomalies(read(cohort, book.save()), "S05")
    assert "est barré" in told[0].message
    assert "au lieu de" not in told[0].message


@pytest.mark.parametrize("text", ["Classe", "Promotion 2025"])
def test_a_line_of_all_blocks_nothing(cohort, text):
    told = anomalies(with_line(cohort, text, "Identifiant", "=AVERAGE(D9:D12)"), "I01")
    assert [str(each.gravity) for each in told] == [INFO]


@pytest.mark.parametrize("text", ["Martin", "Noté Jean", "Notre-Dame"])
def test_a_line_of_marks_that_may_be_somebodys_blocks(cohort, text):
    told = anomalies(with_line(cohort, text, "Nom", 12.5), "I01")
    assert [str(each.gravity) for each in told] == [BLOCKING]


def test_a_picture_that_wps_places_in_the_box_signs(cohort):
    book = cohort.filled(ORAL)
    path, cell = book.save(), book.cell(ORAL, "signature").coordinate.encode()
    picture = rb'<c r="%s"\1 t="str"><f>_xlfn.DISPIMG("ID_0A",1)</f><v>=DISPIMG("ID_0A",1)</v></c>' % cell
    sheet = re.compile(rb'<c r="%s"( s="\d+")?[^>]*>.*?</c>' % cell)
    rewrite(path, {"xl/worksheets/sheet1.xml": lambda part: sheet.sub(picture, part)})
    report = read(cohort, path)
    assert typed(report)[ORAL, "007", "signature", ""] == "(image)"
    assert anomalies(report) == []
