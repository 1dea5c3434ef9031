"""A sheet whose header shows somebody else than its reference says: nothing of it counts, and a person is told."""

from __future__ import annotations

from datetime import datetime

import pytest

from engine.intake.sheets.naming import Likeness, header_likeness, likeness
from tests import cohorts
from tests.readings import BLOCKING, GRILLE, ORAL, TRANSVERSALE, WARNING, reference_cell


def retyped(cohort, shown, beginning="LEFÈVRE Éloïse", kind=ORAL):
    """The first candidate's sheet with another text where a name of its header stands."""
    book = cohort.filled(kind)
    cell = next(cell for cell in book.sheet(kind)["B"] if str(cell.value).startswith(beginning))
    cell.value = shown
    return book


@pytest.mark.parametrize(
    ("shown", "beginning"),
    [
        ("NGUYEN Bao (C02)", "LEFÈVRE"),
        ("LEFÈVRE Éloïse (C02)", "LEFÈVRE"),  # only the identifier was typed over
        ("NGUYEN Bao", "LEFÈVRE"),
        ("DURAND Paul (007)", "LEFÈVRE"),  # who had this identifier last year
        ("PETIT (ROUX) Jules (J02), juré", "OSMANI"),
        ("OSMANI Nadia (J02), jurée", "OSMANI"),
    ],
)
def test_somebody_else_in_the_header_leaves_the_whole_sheet_waiting(cohort, shown, beginning):
    retyped(cohort, shown, beginning).save()
    results = cohort.consolidate()
    row = results.anomaly("I04")
    assert (row["Gravité"], row["Candidat"], row["Feuille"], row["Valeur"]) == (BLOCKING, "007", "Grand oral", shown)
    assert results.value("007", "points", "O01", "J01") is None
    assert results.summary("007")["Oral état"] == "En attente"
    assert results.value("007", "niveau", "T01", "J01") is not None  # the sheet beside it
    assert {name for name in ("C02", "C03") if results.value(name, "points", "O01")} == set()


def test_the_genuine_reference_of_somebody_else_pasted_in_is_not_believed(cohort):
    book, other = cohort.filled(ORAL), cohort.book(ORAL, "C02")
    reference_cell(book, ORAL).value = reference_cell(other, ORAL).value
    book.save()
    results = cohort.consolidate()
    row = results.anomaly("I04")
    assert (row["Gravité"], row["Candidat"]) == (BLOCKING, "C02")
    assert results.value("C02", "points", "O01", "J01") is None


def beside_the_good_one(cohort, book, day):
    """What comes of a workbook saved that day under another name, beside the good one of the second."""
    for path, when in ((cohort.filled(ORAL).save("bon.xlsx"), 2), (book.save("enregistré sous.xlsx"), day)):
        stamp = datetime(2025, 6, when, 10)
        cohorts.date(path, stamp, stamp)
    return cohort.consolidate()


@pytest.mark.parametrize("day", [1, 3])
def test_a_sheet_retyped_for_somebody_else_never_replaces_the_good_one(cohort, day):
    """Whenever it was saved, the good one counts; the other still needs a person."""
    book = retyped(cohort, "NGUYEN Bao (C02)")
    book.put(ORAL, "points", "O01", 0)
    results = beside_the_good_one(cohort, book, day)
    assert results.value("007", "points", "O01", "J01") == 1
    assert results.value("C02", "points", "O01", "J01") is None
    assert day == 1 or results.anomaly("I04")["Gravité"] == BLOCKING


@pytest.mark.parametrize("day", [1, 3])
def test_nor_does_the_sheet_beside_it(cohort, day):
    """The juror took the workbook again for somebody else, and renamed one sheet of two."""
    book = retyped(cohort, "NGUYEN Bao (C02)")
    book.put(TRANSVERSALE, "niveau", "T01", 1)
    results = beside_the_good_one(cohort, book, day)
    assert results.value("007", "niveau", "T01", "J01") == 5
    told = [row for row in results.anomalies("I04") if row["Gravité"] == BLOCKING]
    assert {row["Feuille"] for row in told} == ({"Grand oral", "Compétences transversales"} if day == 3 else set())
    assert day == 1 or any("bon.xlsx" in row["Message"] for row in told)


def test_an_empty_sheet_is_nobodys_fault(cohort):
    book = cohort.book(GRILLE).fill(GRILLE)
    cohorts.find(book.sheet(cohorts.Kind.TRAVAUX), "LEFÈVRE Éloïse (007)").value = "NGUYEN Bao (C02)"
    book.save()
    assert not cohort.consolidate().anomalies("I04")


@pytest.mark.parametrize("shown", ["NGUYEN Bao (C02)", "LEFÈVRE Éloïse (007)"])
def test_a_name_is_compared_although_its_label_is_gone(cohort, shown):
    book = retyped(cohort, shown)
    cohorts.find(book.sheet(ORAL), "Candidat").value = None
    book.save()
    results = cohort.consolidate()
    row = results.anomaly("S05")
    assert (row["Gravité"], row["Feuille"]) == (WARNING, "Grand oral")
    assert "intitulé du nom du candidat (rien au lieu de" in row["Message"]
    stranger = shown.startswith("NGUYEN")
    assert [each["Gravité"] for each in results.anomalies("I04")] == [BLOCKING] * stranger
    assert (results.value("007", "points", "O01", "J01") is None) is stranger


@pytest.mark.parametrize(
    ("kind", "beginning", "whose"),
    [(GRILLE, "LEFÈVRE", "du candidat"), (GRILLE, "BENALI", "de l’évaluateur"), (ORAL, "OSMANI", "du juré")],
)
def test_a_name_that_was_deleted_is_told(cohort, kind, beginning, whose):
    """Also where sheets like it were read before."""
    cohort.filled(kind, "C02").save()
    retyped(cohort, None, beginning, kind).save()
    results = cohort.consolidate()
    row = results.anomaly("S05")
    assert (row["Gravité"], row["Candidat"], row["Cellule"][0]) == (WARNING, "007", "B")
    assert f"le nom {whose} (rien au lieu de" in row["Message"]
    assert not results.anomalies("I04")


def test_the_identifier_alone_is_no_stranger(cohort):
    retyped(cohort, "007").save()
    results = cohort.consolidate()
    assert results.anomaly("I04")["Gravité"] == WARNING
    assert results.value("007", "points", "O01", "J01") is not None


def test_a_homonym_shown_with_another_identifier_is_somebody_else(cohort):
    book = cohort.filled(TRANSVERSALE, "C02")
    cohorts.find(book.sheet(TRANSVERSALE), "NGUYEN Bao (C02)").value = "NGUYEN Bao (C03)"
    book.save()
    assert cohort.consolidate().anomaly("I04")["Gravité"] == BLOCKING


OTHERS = ["NGUYEN Bao", "DE LA TOUR Jean", "ROUX Léa"]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("LEFÈVRE Éloïse", Likeness.SAME),
        ("éloïse  lefèvre", Likeness.SAME),
        ("LEFEVRE Eloise", Likeness.PART),
        ("LEFÈVRE-ROUX Éloïse", Likeness.PART),
        ("LEFÈVRE", Likeness.PART),
        ("Mme Éloïse", Likeness.PART),
        ("", Likeness.PART),
        ("DUPONT Paul", Likeness.OTHER),
        ("ROUX Léa", Likeness.OTHER),
        ("Lea Roux", Likeness.OTHER),
        ("ROUX Léa Éloïse", Likeness.OTHER),
    ],
)
def test_what_a_name_says(shown, expected):
    assert likeness(shown, "LEFÈVRE Éloïse", OTHERS) is expected


def test_particles_and_titles_name_nobody():
    assert likeness("M. DE LA TOUR Jean", "M. DE LA RUE Paul", OTHERS) is Likeness.OTHER


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("PETIT (ROUX) Jules (J02), juré", Likeness.SAME),
        ("PETIT (ROUX) Jules", Likeness.SAME),
        ("PETIT (ROUX) Jules (J01)", Likeness.OTHER),
        ("PETIT Jules (absent)", Likeness.PART),
    ],
)
def test_brackets_hold_identifiers_roles_or_parts_of_names(shown, expected):
    people = [("J01", "OSMANI Nadia"), ("J02", "PETIT (ROUX) Jules")]
    assert header_likeness(shown, "PETIT (ROUX) Jules", "J02", people) is expected
