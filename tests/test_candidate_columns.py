"""The columns of the grid that its candidate fills: whose they are, where they are expected, what they prove."""

from datetime import datetime

import pytest

from engine.model import Kind
from tests import cohorts
from tests.cohorts import column_of

GRILLE, TRAVAUX = Kind.GRILLE, Kind.TRAVAUX
SELF_ASSESSED = {"Auto-évaluation", "Preuve", "Expérience"}


def test_a_grid_that_only_its_candidate_filled_has_not_come_back(cohort):
    cohort.book(GRILLE).put(GRILLE, "auto", "1.1", 4).parent.parent.save(cohort.returns / "auto.xlsx")
    results = cohort.consolidate()
    assert ("T01", "007", "GRILLE") in results.missing()
    assert results.summary("007")["Provisoire"] == "Oui"
    assert results.value("007", "auto", "1.1") == 4


def test_a_copy_that_only_the_candidate_filled_replaces_nothing(cohort):
    cohort.filled(GRILLE).save("a.xlsx")
    late = cohort.book(GRILLE)
    late.put(GRILLE, "auto", "1.1", 4)
    late.save("b.xlsx")
    results = cohort.consolidate()
    assert results.level("007", "1.1") == 5
    assert results.anomalies("I06") == []


def test_an_evaluator_who_begins_anew_loses_nothing_of_the_candidate(cohort):
    first = cohort.book(GRILLE)
    for code in ("RA1", "RA2", "RA3"):
        first.put(TRAVAUX, "apport", code, "J'ai appris")
    first.put(GRILLE, "auto", "1.1", 4)
    cohorts.date(first.save("a.xlsx"), None, datetime(2025, 6, 1))
    anew = cohort.book(GRILLE).fill(GRILLE)
    anew.put(TRAVAUX, "niveau", "RA1", 5)
    cohorts.date(anew.save("b.xlsx"), None, datetime(2025, 6, 2))
    results = cohort.consolidate()
    assert results.anomalies("I06") == []
    assert results.value("007", "auto", "1.1") == 4
    assert results.value("007", "apport", "RA2") == "J'ai appris"
    assert results.value("007", "niveau", "RA1") == 5


def test_works_of_which_only_the_candidate_wrote_have_not_come_back(cohort):
    book = cohort.book(GRILLE).fill(GRILLE)
    book.put(TRAVAUX, "apport", "RA1", "J'ai appris")
    book.save("a.xlsx")
    results = cohort.consolidate()
    assert ("T01", "007", "TRAVAUX") in results.missing()
    assert results.value("007", "apport", "RA1") == "J'ai appris"


@pytest.mark.parametrize(("kind", "entry", "code"), [(TRAVAUX, "apport", "RA1"), (GRILLE, "auto", "1.1")])
def test_the_share_of_a_candidate_under_another_name_is_told_and_not_retained(cohort, kind, entry, code):
    book = cohort.book(GRILLE)
    name = next(cell for cell in book.sheet(kind)["B"] if str(cell.value).startswith("LEFÈVRE Éloïse"))
    name.value = "NGUYEN Bao (C02)"
    book.put(kind, entry, code, 4 if entry == "auto" else "J'ai appris")
    book.save()
    results = cohort.consolidate()
    assert results.anomaly("I04")["Gravité"] == "bloquante"
    assert results.value("007", entry, code) is None


def test_a_sheet_issued_without_these_columns_is_not_asked_for_them_later(cohort):
    cohort.filled(GRILLE, evaluator="F01").save("formateur.xlsx")
    cohort = cohort.enrol(lambda table: table.replace("| Éloïse | T01    |", "| Éloïse |        |"))
    assert cohort.consolidate().anomalies("S03") == []


def test_these_columns_gone_from_the_sheet_that_had_them_are_told(cohort):
    book = cohort.filled(GRILLE)
    sheet = book.sheet(GRILLE)
    for heading in SELF_ASSESSED:
        sheet.delete_cols(column_of(sheet, heading))
    book.save("sans.xlsx")
    told = cohort.consolidate().anomalies("S03")
    assert {row["Valeur"] for row in told} == SELF_ASSESSED
    assert {row["Gravité"] for row in told} == {"avertissement"}


@pytest.mark.parametrize("heading", ["Code", "Compétence", "Éléments de preuve", "Niveau"])
def test_whatever_column_is_deleted_the_sheet_still_says_whose_it_is(cohort, heading):
    book = cohort.filled(GRILLE)
    sheet = book.sheet(GRILLE)
    sheet.delete_cols(column_of(sheet, heading))
    book.save("sans.xlsx")
    results = cohort.consolidate()
    assert {row["Candidat"] for row in results.anomalies("S03")} == {"007"}
    assert results.anomalies("S01") == []
    assert results.level("007", "1.1") == ("" if heading in ("Code", "Niveau") else 5)
