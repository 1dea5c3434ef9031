"""Locked texts of an issued sheet, rewritten: told once for the sheet, with their cells; read all the same."""

from __future__ import annotations

import pytest
from openpyxl.comments import Comment

from engine.model import Kind
from tests import cohorts

GRILLE, TRAVAUX, TRANSVERSALE, ORAL, NOTES, VALIDATION, *_ = Kind
FILLED = {GRILLE: "007", TRAVAUX: "007", TRANSVERSALE: "007", ORAL: "007", NOTES: "", VALIDATION: ""}


def holding(sheet, text):
    """The first cell whose text holds this one."""
    return next(
        cell for line in sheet.iter_rows() for cell in line if isinstance(cell.value, str) and text in cell.value
    )


REWRITTEN = [
    (GRILLE, "Grille de compétences", "Grille d'auto-évaluation", "le titre"),
    (GRILLE, "Échelle", "1 = excellent ... 5 = insuffisant", "selon une autre échelle"),
    (GRILLE, "B1", "B2  Manager une équipe", "un titre de partie"),
    (GRILLE, "par le candidat", "par le jury", "l'en-tête"),
    (GRILLE, "Signature ou code personnel", "Visa", "la case signature"),
    (TRAVAUX, "Échelle", "0 = parfait", "selon une autre échelle"),
    (TRAVAUX, "Ce que ce travail", "par le jury", "l'en-tête"),
    (TRANSVERSALE, "Échelle", "", "selon une autre échelle"),
    (ORAL, "0 au barème", "De 0 à 20", "l'échelle"),
    (ORAL, "Oui ou Non", "Non si conforme", "la consigne"),
    (ORAL, "Rapport d", "Rapport d'activité refusé", "la case rapport"),
    (NOTES, "Notes de", "Notes sur 10", "selon une autre échelle"),
    (NOTES, "Unités d", "Examens", "UE1"),
    (VALIDATION, "pièce validée", "Oui : pièce refusée", "selon une autre échelle"),
]


@pytest.mark.parametrize(("kind", "text", "instead", "said"), REWRITTEN)
def test_a_text_that_was_rewritten_is_told_with_its_cell(cohort, kind, text, instead, said):
    book = cohort.filled(kind)
    cell = holding(book.sheet(kind), text)
    cell.value = instead or None
    book.save()
    results = cohort.consolidate()
    told = results.anomaly("S05")
    assert results.codes == {"S05"}
    assert (told["Gravité"], said in told["Message"].replace("’", "'")) == ("avertissement", True)
    assert not instead or cell.coordinate in told["Cellule"].split("; ")


def test_all_that_was_rewritten_in_a_sheet_is_one_row(cohort):
    book = cohort.filled(GRILLE)
    sheet = book.sheet(GRILLE)
    cells = [holding(sheet, text) for text in ("Grille de", "Échelle", "B1", "B2")]
    for cell in cells:
        cell.value = "autre chose"
    book.save()
    told = cohort.consolidate().anomaly("S05")
    assert {cell.coordinate for cell in cells} == set(told["Cellule"].split("; "))
    said = told["Message"].replace("’", "'")
    assert said.index("l'échelle") < said.index("le titre")


@pytest.mark.parametrize("kind", FILLED)
def test_blank_sheets_and_issued_ones_hold_what_is_compared(cohort, kind):
    cohort.filled(kind).save()
    assert "S05" not in cohort.consolidate().codes


@pytest.mark.parametrize(("left", "told"), [((), set()), (("par vous",), {"S05"})])
def test_works_went_out_without_captions_before(cohort, left, told):
    """A sheet without any is one of those; where one of them is left, the others were deleted."""
    book = cohort.filled(TRAVAUX)
    for text in {"par vous", "Ce que ce travail"} - set(left):
        holding(book.sheet(TRAVAUX), text).value = None
    book.save()
    assert cohort.consolidate().codes == told


@pytest.mark.parametrize(
    ("words", "value", "told"),
    [
        ("niveau 3", None, True),
        ("quatre", None, True),
        ("NE", None, True),
        ("plutôt 2", 4, True),
        ("vu avec lui, bravo", None, False),
        ("4, confirmé le 12/05", 4, False),
        ("entretien du 3/05 à 14h30", 4, False),
        ("3 / 5", 4, True),
    ],
)
def test_an_answer_in_a_comment_is_told_and_never_read(cohort, words, value, told):
    book = cohort.filled(GRILLE)
    cell = book.put(GRILLE, "niveau", "1.1", value)
    cell.comment = Comment(words, "T01")
    book.save()
    results = cohort.consolidate()
    assert ("V03" in results.codes) is told
    if told:
        row = results.anomaly("V03")
        assert (row["Gravité"], row["Cellule"], words in row["Message"]) == ("avertissement", cell.coordinate, True)
    if value is not None:
        assert results.value("007", "niveau", "1.1", "T01") == value


@pytest.mark.parametrize(
    ("line", "gravity"),
    [
        (("Moyenne", None, None, "=AVERAGE(D13:D15)"), "info"),
        (("Moyenne", None, None, 12.5), "avertissement"),
        ((None, "Écart-type", None, 2.5), "avertissement"),
        (("Fait à Lyon", None, None, None), "info"),
        (("C99", None, None, 12), "bloquante"),
        ((None, "Total", "Jean", 12), "bloquante"),
    ],
)
def test_a_line_under_the_last_candidate(cohort, line, gravity):
    book = cohort.filled(NOTES)
    sheet = book.sheet(NOTES)
    last = cohorts.row_of(sheet, "C03") + 1
    for column, value in enumerate(line, start=1):
        sheet.cell(last, column).value = value
    book.save()
    assert cohort.consolidate().anomaly("I01")["Gravité"] == gravity
