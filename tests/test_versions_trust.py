"""A version replaces another only when what vouches for it is worth as much."""

from __future__ import annotations

import pytest

from engine.model import Kind
from engine.workspace import seals
from tests import cohorts
from tests.cohorts import find
from tests.readings import BLOCKING, GRILLE, INFO, NOTES, ORAL, TRAVAUX, VALIDATION, WARNING, reference_cell
from tests.test_versions import JUNE, level, save, travaux
from tests.test_versions_parts import said


@pytest.mark.parametrize("day", [0, 1, 2])
def test_a_reference_without_its_seal_never_replaces_a_sealed_sheet(cohort, day):
    save(travaux(cohort, RA1=3), "a.xlsx", 1)
    book = travaux(cohort, RA1=5)
    cell = reference_cell(book, TRAVAUX)
    cell.value = cell.value.rpartition("/")[0] + "/-"
    save(book, "b.xlsx", day)
    results = cohort.consolidate()
    assert level(results) == 3
    assert results.anomaly("I03")["Gravité"] == (INFO if day == 0 else BLOCKING)


@pytest.mark.parametrize(("day", "gravity"), [(0, INFO), (1, BLOCKING), (2, BLOCKING)])
def test_an_unsigned_sheet_never_replaces_a_signed_one(tmp_path, day, gravity):
    cohort = cohorts.make(tmp_path / "cohorte", signature=True)
    code = seals.personal_code(seals.read_key(cohort.path), "J01")
    first, second = cohort.book(ORAL).fill(ORAL, signature=code), cohort.book(ORAL).fill(ORAL, signature="")
    second.put(ORAL, "points", "O01", 0)
    save(first, "a.xlsx", 1)
    save(second, "b.xlsx", day)
    results = cohort.consolidate()
    assert results.value("007", "points", "O01", "J01") == 1
    assert results.anomaly("I07")["Gravité"] == gravity
    assert ("J01", "007", "ORAL") not in results.missing()


# --------------------------------------------------------------------------- a sheet that cannot be used


def forged(book, kind):
    """The same workbook, the seal of a sheet spoiled."""
    cell = reference_cell(book, kind)
    cell.value = cell.value[:-1] + ("2" if cell.value[-1] != "2" else "3")
    return book


def rated(cohort, level):
    """A tutor's workbook where every competence is at this level; nothing typed where it is ``None``."""
    book = cohort.book(GRILLE)
    for row in book.form(GRILLE).rows:
        book.put(GRILLE, "niveau", row.code, level)
    return book


@pytest.mark.parametrize("kind", [ORAL, Kind.SYNTHESE])
def test_a_reason_alone_mends_no_refused_sheet(cohort, kind):
    def reasoned(name, day):
        book = cohort.book(kind)
        book.put(kind, "motif", "", "Rien à redire")
        save(book, name, day)

    save(forged(cohort.filled(kind), kind), "refusée.xlsx", 1)
    reasoned("motif.xlsx", 2)
    assert cohort.consolidate().anomaly("I03")["Gravité"] == BLOCKING
    save(cohort.filled(kind), "renvoyée.xlsx", 3)
    results = cohort.consolidate()
    assert (results.anomaly("I03")["Gravité"], results.report.blocking) == (INFO, 0)


def test_a_date_alone_mends_no_refused_sheet(cohort):
    """What the refused one says would be forgotten, and the trainer's levels decide alone."""
    save(forged(rated(cohort, 1), GRILLE), "refusée.xlsx", 1)
    dated = rated(cohort, None)
    dated.put(GRILLE, "date", "", JUNE.date())
    save(dated, "datée.xlsx", 2)
    save(cohort.filled(GRILLE, "007", "F01"), "formateur.xlsx", 1)
    results = cohort.consolidate()
    assert results.anomaly("I03")["Gravité"] == BLOCKING
    assert results.summary("007")["B1 état"] == "En attente"
    save(rated(cohort, 5), "renvoyée.xlsx", 3)
    results = cohort.consolidate()
    assert results.anomaly("I03")["Gravité"] == INFO
    assert results.summary("007")["B1 état"] == "Validé"


def test_a_sealed_sheet_that_only_bears_a_date_outdoes_no_blank_one(cohort):
    dated = cohort.book(GRILLE)
    dated.put(TRAVAUX, "date", "", JUNE.date())
    save(dated, "datée.xlsx", 1)
    blank = cohort.blank(TRAVAUX).identify(TRAVAUX, "007", "T01")
    blank.put(TRAVAUX, "niveau", "RA1", 3)
    save(blank, "vierge.xlsx", 2)
    results = cohort.consolidate()
    assert (level(results), results.anomaly("I08")["Gravité"]) == (3, WARNING)


@pytest.mark.parametrize(("kind", "code", "old", "new"), [(NOTES, "EN", 8, 14), (VALIDATION, "RA1", "Oui", "Non")])
def test_a_cell_corrected_on_a_refused_sheet_waits_for_a_later_one_that_says_something_of_it(
    cohort, kind, code, old, new
):
    """A colleague's later sheet about somebody else does not bring the value before the correction back."""

    def typed(person, value):
        book = cohort.book(kind)
        book.put(kind, code, "", value, person)
        return book

    save(typed("007", old), "a.xlsx", 1)
    save(typed("C03", old), "b.xlsx", 1, 1)
    save(forged(typed("007", new), kind), "refusée.xlsx", 2)
    save(typed("C02", old), "collègue.xlsx", 3)
    results = cohort.consolidate()
    assert [results.value(person, code, code) for person in ("007", "C02", "C03")] == [None, old, old]
    assert (results.anomaly("I03")["Gravité"], results.states["refusée.xlsx"]) == (BLOCKING, "Refusé")
    told = results.anomaly("I06")
    assert (told["Gravité"], told["Fichier"]) == (BLOCKING, "refusée.xlsx")
    assert f"« a.xlsx » : 007, {code} ({old})" in said(told)
    assert told["Cellule"] == typed("007", new).cell(kind, code, "", "007").coordinate
    save(typed("007", new), "renvoyée.xlsx", 4)
    results = cohort.consolidate()
    assert [results.value(person, code, code) for person in ("007", "C02", "C03")] == [new, old, old]
    assert (results.anomaly("I03")["Gravité"], results.report.blocking) == (INFO, 0)


def test_an_unsigned_sheet_of_marks_is_mended_cell_by_cell(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte", signature=True)
    code = seals.personal_code(seals.read_key(cohort.path), "S01")

    def typed(person, signature, name, day):
        book = cohort.book(NOTES)
        book.put(NOTES, "EN", "", 14, person)
        book.put(NOTES, "signature", "", signature)
        save(book, name, day)

    typed("007", "", "non signée.xlsx", 1)
    typed("C02", code, "collègue.xlsx", 2)
    assert cohort.consolidate().anomaly("I07")["Gravité"] == BLOCKING
    typed("007", code, "signée.xlsx", 3)
    assert cohort.consolidate().anomaly("I07")["Gravité"] == INFO


def test_what_cannot_be_found_on_a_refused_sheet_may_have_changed_any_cell(cohort):
    def marks(person, value, name, day):
        book = cohort.book(NOTES)
        book.put(NOTES, "EN", "", value, person)
        return save(book, name, day)

    marks("007", 8, "a.xlsx", 1)
    book = cohort.book(NOTES)
    find(book.sheet(NOTES), "Identifiant").value = "N°"
    save(book, "sans tableau.xlsx", 2)
    marks("C02", 13, "b.xlsx", 3)
    results = cohort.consolidate()
    assert [results.value(person, "EN", "EN") for person in ("007", "C02")] == [None, 13]
    assert results.anomaly("S03")["Gravité"] == BLOCKING
    marks("007", 8, "c.xlsx", 4)
    results = cohort.consolidate()
    assert [results.value(person, "EN", "EN") for person in ("007", "C02")] == [8, 13]
    assert results.anomaly("S03")["Gravité"] == INFO


def test_a_blank_sheet_that_cannot_be_used_keeps_no_cell_back(cohort):
    book = cohort.book(NOTES)
    book.put(NOTES, "EN", "", 8, "007")
    save(book, "a.xlsx", 1)
    save(forged(cohort.book(NOTES), NOTES), "vide.xlsx", 2)
    book.put(NOTES, "EN", "", None, "007")
    book.put(NOTES, "EN", "", 13, "C02")
    save(book, "b.xlsx", 3)
    results = cohort.consolidate()
    assert [results.value(person, "EN", "EN") for person in ("007", "C02")] == [8, 13]


def test_a_blank_sheet_of_marks_is_told_beside_that_of_the_cohort(cohort):
    """It is nobody's own."""
    issued = cohort.book(NOTES)
    issued.put(NOTES, "EN", "", 12, "007")
    save(issued, "a.xlsx", 1)
    issued.put(NOTES, "EN", "", 15, "007")
    cell = reference_cell(issued, NOTES)
    cell.value = cell.value.rpartition("/")[0] + "/-"
    save(issued, "b.xlsx", 2)
    message = said(cohort.consolidate().anomaly("I08"))
    assert "une fiche scellée de la cohorte est là (« a.xlsx »)" in message
