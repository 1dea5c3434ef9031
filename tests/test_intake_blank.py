"""Signatures, and unassigned sheets whose identifiers were typed by hand."""

from __future__ import annotations

import pytest

from engine.model.texts import fold
from tests import cohorts
from tests.readings import (
    BLOCKING,
    GRILLE,
    INFO,
    NOTES,
    ORAL,
    TRANSVERSALE,
    TRAVAUX,
    VALIDATION,
    WARNING,
    reference_cell,
    told,
)

# ----------------------------------------------------------------------------------------- signatures


@pytest.mark.parametrize("written", [str, str.lower, lambda text: text.replace("-", " ")])
def test_a_personal_code_signs_and_is_never_shown(signed, written):
    book = signed.book(ORAL)
    for kind in book.kinds:
        book.fill(kind, signature=written(signed.code("J01")))
    book.save()
    signed.book(NOTES).fill(NOTES, signature=signed.code("S01")).save("notes.xlsx")
    results = signed.consolidate()
    assert results.codes == set()
    assert results.value("007", "points", "O01", "J01") == 1
    assert results.value("007", "EN", "EN") == 20
    shown = {str(value) for rows in results.sheets.values() for row in rows for value in row.values()}
    assert not {text for text in shown if written(signed.code("J01")) in text or signed.code("S01") in text}


@pytest.mark.parametrize("signature", [None, "Nadia Osmani", "J02"])
def test_a_sheet_without_the_personal_code_it_needs_is_refused(signed, signature):
    wrong = signed.code("J02") if signature == "J02" else signature
    book = signed.book(ORAL)
    book.fill(ORAL, signature=wrong).fill(TRANSVERSALE, signature=signed.code("J01"))
    book.put(ORAL, "points", "O01", "mal")
    book.save()
    results = signed.consolidate()
    assert told(results.anomaly("I07"))[:5] == (BLOCKING, "007", "J01", "retour.xlsx", "Grand oral")
    assert results.anomaly("V03")["Feuille"] == "Grand oral"  # told at once, not after the next return
    assert results.value("007", "points", "O02", "J01") is None
    assert results.summary("007")["Transversales"] == 15
    assert results.states == {"retour.xlsx": "Accepté avec réserves"}
    assert signed.code("J02") not in str(results.sheets)


def test_an_unsigned_sheet_is_a_mere_information_where_signatures_are_not_required(cohort):
    book = cohort.filled(ORAL)
    cell = book.put(ORAL, "signature", "", None)
    book.save()
    results = cohort.consolidate()
    assert told(results.anomaly("I07"))[:6] == (INFO, "007", "J01", "retour.xlsx", "Grand oral", cell.coordinate)
    assert results.states == {"retour.xlsx": "Accepté"}


# ----------------------------------------------------------------------------------- unassigned sheets


def test_an_unassigned_sheet_is_read_with_a_warning(cohort):
    book = cohort.blank(GRILLE).fill(GRILLE).identify(GRILLE, " c02 ", "t01")
    cell = reference_cell(book, GRILLE)
    book.save()
    results = cohort.consolidate()
    row = results.anomaly("I08")
    assert told(row) == (WARNING, "C02", "T01", "retour.xlsx", "Grille de compétences", cell.coordinate, cell.value)
    assert results.codes == {"I08"}  # its companion, left as it was, is not spoken of
    assert results.level("C02", "1.1") == 5
    assert ("T01", "C02", "GRILLE") not in results.missing()
    assert ("T01", "C02", "TRAVAUX") in results.missing()
    assert results.states == {"retour.xlsx": "Accepté avec réserves"}


def test_an_unassigned_sheet_is_not_taken_where_signatures_are_required(signed):
    signed.blank(ORAL).fill(ORAL, signature=signed.code("J01")).identify(ORAL, "007", "J01").save()
    results = signed.consolidate()
    assert (results.anomaly("I08")["Gravité"], results.anomaly("I08")["Candidat"]) == (BLOCKING, "007")
    assert results.states == {"retour.xlsx": "Refusé"}
    assert results.summary("007")["Oral état"] == "En attente"


@pytest.mark.parametrize(
    ("candidate", "evaluator", "expected", "shown", "said"),
    [
        ("C99", "J01", "I01", "C99", "« C99 » n'est celui d'aucun candidat"),
        (7, "J01", "I01", "7", "« 7 »"),
        (None, "J01", "I01", "", "(candidat) n'a pas été saisi"),
        ("007", "T01", "I02", "T01", "n'est pas affecté"),
        ("007", "Osmani", "I02", "Osmani", "« Osmani »"),
        ("007", None, "I02", "", "(évaluateur) n'a pas été saisi"),
    ],
)
def test_typed_identifiers_are_checked_where_they_were_typed(cohort, candidate, evaluator, expected, shown, said):
    book = cohort.blank(ORAL).fill(ORAL).identify(ORAL, candidate, evaluator)
    cell = book.cell(ORAL, "candidat" if expected == "I01" else "evaluateur")
    book.save()
    results = cohort.consolidate()
    row = results.anomaly(expected)
    assert (row["Gravité"], row["Feuille"], row["Cellule"], row["Valeur"]) == (
        BLOCKING,
        "Grand oral",
        cell.coordinate,
        shown,
    )
    assert fold(said) in fold(row["Message"])
    unknown = row["Valeur"] != "T01"  # who is known is not assigned
    told = fold("Tapez-le dans cette case" if not shown else "Corrigez-le dans cette case, ou inscrivez")
    assert (told in fold(row["Correction"])) is unknown
    assert results.states == {"retour.xlsx": "Refusé"}


@pytest.mark.parametrize(("typed", "told_of"), [(7, True), ("7", False), ("007", False)])
def test_a_number_that_may_be_two_identifiers_is_nobody_s(cohort, typed, told_of):
    twins = cohort.enrol(lambda table: table.replace("C02", "7  "))
    twins.blank(ORAL).fill(ORAL).identify(ORAL, typed, "J01").save("oral.xlsx")
    notes = twins.blank(NOTES)
    first = cohorts.find(notes.sheet(NOTES), "Identifiant").row + 1
    notes.sheet(NOTES).cell(first, 1).value = typed
    notes.sheet(NOTES).cell(first, cohorts.column_of(notes.sheet(NOTES), "EN")).value = 13
    notes.save("notes.xlsx")
    results = twins.consolidate()
    told_in = {row["Fichier"] for row in results.anomalies("I01")}
    assert told_in == ({"oral.xlsx", "notes.xlsx"} if told_of else set())
    for row in results.anomalies("I01"):
        assert fold("Le nombre 7 peut être l'identifiant 007 ou 7") in fold(row["Message"])
        assert "au format Texte" in row["Correction"]
    marks = {who: results.summary(who)["EN"] for who in ("007", "7")}
    assert marks == {who: 13 if who == typed else "" for who in marks}
    assert (("J01", "7", "ORAL") in results.missing()) == (typed != "7")


def test_a_companion_filled_without_identifiers_is_told(cohort):
    book = cohort.blank(GRILLE).fill(GRILLE).identify(GRILLE, "C02", "T01").fill(TRAVAUX)
    book.save()
    results = cohort.consolidate()
    assert {(row["Code"], row["Feuille"]) for row in results.anomalies("I01", "I02")} == {
        ("I01", "Travaux évalués"),
        ("I02", "Travaux évalués"),
    }
    assert results.level("C02", "1.1") == 5


def test_a_blank_workbook_sent_back_as_it_was_is_told(cohort):
    cohort.blank(ORAL).save()
    results = cohort.consolidate()
    assert told(results.anomaly("I08"))[:5] == (WARNING, "", "", "retour.xlsx", "")
    assert results.codes == {"I08"}


def test_the_cohort_s_marks_sent_back_empty_tell_what_is_missing_and_are_not_called_unassigned(cohort):
    cohort.book(NOTES).save()
    assert "I08" not in cohort.consolidate().codes


def test_unassigned_notes_list_whom_they_want(cohort):
    book = cohort.blank(NOTES)
    sheet = book.sheet(NOTES)
    first = cohorts.find(sheet, "Identifiant").row + 1
    for row, identifier in enumerate(("c03", "C98", "007"), first):
        sheet.cell(row, 1).value = identifier
        sheet.cell(row, cohorts.column_of(sheet, "EN")).value = 13
    book.save()
    results = cohort.consolidate()
    assert [results.summary(candidate)["EN"] for candidate in ("007", "C02", "C03")] == [13, "", 13]
    row = results.anomaly("I01")
    assert (row["Candidat"], row["Cellule"], row["Valeur"]) == ("C98", f"A{first + 1}", "C98")
    assert results.anomalies("S03") == []
    assert ("", "", "NOTES") not in results.missing()


@pytest.mark.parametrize("blank", [True, False])
def test_marks_on_a_row_without_identifier_are_told(cohort, blank):
    book = cohort.blank(NOTES) if blank else cohort.filled(NOTES)
    sheet = book.sheet(NOTES)
    row = next(row for row in range(cohorts.find(sheet, "Identifiant").row + 1, 99) if not sheet.cell(row, 1).value)
    cell = sheet.cell(row, cohorts.column_of(sheet, "EN"))
    cell.value = 15
    book.save()
    results = cohort.consolidate()
    assert told(results.anomaly("I01")) == (BLOCKING, "", "", "retour.xlsx", "Notes", cell.coordinate, "15")


def test_unassigned_validation_is_read(cohort):
    book = cohort.blank(VALIDATION).identify(VALIDATION, None, "R02")
    sheet = book.sheet(VALIDATION)
    row = cohorts.find(sheet, "Identifiant").row + 1
    sheet.cell(row, 1).value = "C02"
    sheet.cell(row, cohorts.column_of(sheet, "DP1")).value = "oui"
    book.save()
    results = cohort.consolidate()
    assert results.value("C02", "DP1", "DP1", "R02") == "Oui"
    assert ("R02", "", "VALIDATION") not in results.missing()
