"""Whose sheet it is: references, seals, the roster, names."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

import pytest

from engine import referential
from engine.commands.check import check
from engine.commands.init import initialise
from engine.commands.templates import issue
from engine.intake.context import Context
from engine.intake.files import read_file
from engine.model.texts import fold
from engine.workspace import seals
from engine.workspace.seals import Reference
from tests import cohorts
from tests.readings import BLOCKING, GRILLE, NOTES, ORAL, TRANSVERSALE, VALIDATION, WARNING, reference_cell, told

# ------------------------------------------------------------------------------------------ references


def test_a_workbook_without_any_reference_is_refused(cohort):
    book = cohort.filled(GRILLE)
    for kind in book.kinds:
        reference_cell(book, kind).value = None
    book.save()
    results = cohort.consolidate()
    assert told(results.anomaly("S01")) == (BLOCKING, "", "", "retour.xlsx", "", "", "")
    assert results.states == {"retour.xlsx": "Refusé"}
    assert results.sheets["Détail"] == []


def test_a_sheet_without_reference_does_not_spoil_its_neighbour(cohort):
    book = cohort.filled(GRILLE)
    reference_cell(book, GRILLE).value = None
    book.save()
    results = cohort.consolidate()
    assert results.states == {"retour.xlsx": "Accepté avec réserves"}
    assert told(results.anomaly("S01"))[:5] == (BLOCKING, "007", "T01", "retour.xlsx", "Grille de compétences")
    assert results.value("007", "niveau", "RA1", "T01") == 5
    assert ("T01", "007", "GRILLE") in results.missing()


def test_a_reference_stands_anywhere_in_the_first_rows(cohort):
    book = cohort.filled(ORAL)
    cell = reference_cell(book, ORAL)
    book.sheet(ORAL)["A10"], cell.value = f"  {cell.value}\N{NO-BREAK SPACE}", None
    book.save()
    results = cohort.consolidate()
    assert results.codes == set()
    assert results.value("007", "points", "O01", "J01") == 1


def test_a_reference_below_the_first_rows_is_none(cohort):
    book = cohort.filled(NOTES)
    book.sheet(NOTES).insert_rows(1, 15)
    book.save()
    assert cohort.consolidate().anomaly("S01")["Fichier"] == "retour.xlsx"


def test_a_sheet_with_two_references_is_nobodys_and_both_wait(cohort):
    book, other = cohort.filled(ORAL), cohort.filled(ORAL, "C02")
    cell, foreign = reference_cell(book, ORAL), reference_cell(other, ORAL).value
    book.sheet(ORAL)["A1"] = foreign
    for day, version in enumerate((other.save("C02.xlsx"), book.save()), 1):
        cohorts.date(version, datetime(2025, 6, day), datetime(2025, 6, day))
    for candidate in ("007", "C02"):
        cohort.filled(ORAL, candidate, "J02").save(f"{candidate} J02.xlsx")
    results = cohort.consolidate()
    rows = {row["Candidat"]: row for row in results.anomalies("S01")}
    assert told(rows["007"])[:6] == (BLOCKING, "007", "J01", "retour.xlsx", "Grand oral", cell.coordinate)
    assert told(rows["C02"])[1:] == ("C02", "J01", "retour.xlsx", "Grand oral", "A1", foreign)
    assert [results.summary(candidate)["Oral état"] for candidate in ("007", "C02")] == ["En attente"] * 2
    assert results.states["retour.xlsx"] == "Accepté avec réserves"  # its other sheet counts


@pytest.mark.parametrize(
    ("title", "version", "said"),
    [("CGCo", "2021-01-01", "de la version 2021-01-01"), ("Autre", "2024-03-15", "autre certification (« Autre »)")],
)
def test_a_sheet_of_another_referential_is_refused(cohort, title, version, said):
    book = cohort.filled(GRILLE)
    bare = Reference(title, version, GRILLE, "007", "T01")
    sealed = f"{bare.unsealed}/{seals.seal(seals.read_key(cohort.path), bare)}"
    cell = reference_cell(book, GRILLE)
    cell.value = sealed
    book.save()
    cohort.filled(GRILLE, "007", "F01").save("formateur.xlsx")
    results = cohort.consolidate()
    row = results.anomaly("S02")
    assert told(row) == (BLOCKING, "007", "T01", "retour.xlsx", "Grille de compétences", cell.coordinate, sealed)
    assert fold(said) in fold(row["Message"])
    assert results.level("007", "1.1") == ""  # whoever else rated it
    assert results.value("007", "niveau", "RA1", "T01") == 5
    assert results.states["retour.xlsx"] == "Accepté avec réserves"


def test_a_kind_of_sheet_the_referential_leaves_out_is_refused(cohort):
    minimal = referential.load(str(Path(__file__).parent / "data" / "referentiel_minimal.toml"), base=Path())
    book = cohort.blank(ORAL)
    reference_cell(book, TRANSVERSALE).value = None
    reference_cell(book, ORAL).value = f"{minimal.stamp}/ORAL/-/-/-"
    report = read_file(book.save(), "retour.xlsx", Context(minimal))
    assert [(each.code, each.blocking) for sheet in report.sheets for each in sheet.anomalies] == [("S02", True)]


# ---------------------------------------------------------------------------------------------- seals


@pytest.mark.parametrize("seal", ["AAAA-BBBB", "-"])
def test_a_seal_that_is_not_ours_refuses_its_sheet_only(cohort, seal):
    book = cohort.filled(ORAL)
    cell = reference_cell(book, ORAL)
    cell.value = cell.value.rpartition("/")[0] + f"/{seal}"
    book.save()
    cohort.filled(ORAL, "007", "J02").save("J02.xlsx")
    results = cohort.consolidate()
    row = results.anomaly("I03")
    assert told(row) == (BLOCKING, "007", "J01", "retour.xlsx", "Grand oral", cell.coordinate, cell.value)
    assert cell.value in row["Message"]
    assert results.summary("007")["Oral état"] == "En attente"
    assert results.summary("007")["Transversales"] == 15
    assert results.states == {"retour.xlsx": "Accepté avec réserves", "J02.xlsx": "Accepté"}


def test_a_reference_changed_to_somebody_else_breaks_its_seal(cohort):
    book = cohort.filled(GRILLE)
    cell = reference_cell(book, GRILLE)
    cell.value = cell.value.replace("/007/", "/C02/")
    book.save()
    results = cohort.consolidate()
    assert results.anomaly("I03")["Candidat"] == "C02"
    assert results.level("C02", "1.1") == ""


def test_a_workbook_of_another_cohort_is_refused(cohort, tmp_path):
    other = cohorts.make(tmp_path / "autre")
    (other.path / ".cohorte" / "cle").unlink()
    initialise(other.path, cohorts.CGCO)  # another key
    issue(other.path)
    cohort.drop(other.filled(ORAL).save(), "autre.xlsx")
    results = cohort.consolidate()
    assert {row["Feuille"] for row in results.anomalies("I03")} == {"Grand oral", "Compétences transversales"}
    assert results.states == {"autre.xlsx": "Refusé"}


# --------------------------------------------------------------------------------------------- roster


def test_a_candidate_who_is_not_in_the_roster_is_told(cohort):
    book = cohort.filled(GRILLE, "C02")
    cell = reference_cell(book, GRILLE)
    book.save()
    cohort.enrol(lambda table: table.replace("C02 ", "C99 "))
    notes = cohort.filled(NOTES)
    place = cohorts.find(notes.sheet(NOTES), "C02").coordinate
    notes.save("notes.xlsx")
    results = cohort.consolidate()
    row = results.anomaly("I01", Feuille="Grille de compétences")
    assert told(row)[:6] == (BLOCKING, "C02", "T01", "retour.xlsx", "Grille de compétences", cell.coordinate)
    assert "« C02 »" in row["Message"].replace("\u202f", " ")
    assert results.states["retour.xlsx"] == "Refusé"
    unknown = results.anomaly("I01", Feuille="Notes")
    assert told(unknown)[:6] == (BLOCKING, "C02", "", "notes.xlsx", "Notes", place)
    assert results.value("007", "EN", "EN") == 20
    gone = results.anomaly("S03", Feuille="Notes")
    assert (gone["Candidat"], gone["Valeur"], gone["Gravité"]) == ("C99", "C99", BLOCKING)
    assert "inscrit depuis l’envoi" in gone["Correction"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda table: table.replace("T01 ", "T09 "), "« T01 » n'est celui d'aucun évaluateur"),
        (
            lambda table: table.replace("Éloïse | T01 ", "Éloïse | T02 "),
            "BENALI Karim (T01) n'est pas affecté à LEFÈVRE Éloïse (007)",
        ),
    ],
)
def test_an_evaluator_who_may_not_fill_a_sheet_is_told_and_its_items_wait(cohort, change, said):
    cohort.filled(GRILLE).save()
    cohort.filled(GRILLE, "007", "F01").save("formateur.xlsx")
    cohort.enrol(change)
    results = cohort.consolidate()
    row = results.anomaly("I02", Feuille="Grille de compétences")
    assert told(row)[:5] == (BLOCKING, "007", "T01", "retour.xlsx", "Grille de compétences")
    assert fold(said) in fold(row["Message"])
    assert results.states == {"retour.xlsx": "Refusé", "formateur.xlsx": "Accepté"}
    assert results.level("007", "1.1") == ""
    assert results.value("007", "niveau", "1.1", "F01") == 5


def test_somebody_who_is_no_longer_referent_may_not_validate(cohort):
    cohort.filled(VALIDATION).save()
    cohort.enrol(lambda table: table.replace("Paul   | Référent", "Paul   | Secrétariat"))
    row = cohort.consolidate().anomaly("I02")
    assert (row["Évaluateur"], "Référent" in row["Message"]) == ("R01", True)


# ---------------------------------------------------------------------------------------------- names


def test_a_part_of_the_name_is_told_and_the_sheet_read(cohort):
    book = cohort.filled(ORAL)
    candidate = cohorts.find(book.sheet(ORAL), "LEFÈVRE Éloïse (007)")
    candidate.value = "ROCHE Éloïse (007)"
    juror = next(cell for cell in book.sheet(TRANSVERSALE)["B"] if str(cell.value).startswith("OSMANI Nadia"))
    juror.value = "Osmani"
    book.save()
    results = cohort.consolidate()
    rows = {row["Feuille"]: row for row in results.anomalies("I04")}
    people = (WARNING, "007", "J01", "retour.xlsx")
    assert told(rows["Grand oral"]) == (*people, "Grand oral", candidate.coordinate, "ROCHE Éloïse (007)")
    assert told(rows["Compétences transversales"])[5:] == (juror.coordinate, "Osmani")
    assert results.value("007", "points", "O01", "J01") == 1
    assert results.states == {"retour.xlsx": "Accepté avec réserves"}


def test_another_name_on_a_row_is_told(cohort):
    book = cohort.filled(NOTES)
    sheet = book.sheet(NOTES)
    cell = sheet.cell(cohorts.row_of(sheet, "C02"), cohorts.column_of(sheet, "Nom"))
    cell.value = "Tran"
    book.save()
    results = cohort.consolidate()
    assert told(results.anomaly("I04")) == (WARNING, "C02", "", "retour.xlsx", "Notes", cell.coordinate, "Tran Bao")
    assert results.summary("C02")["EN"] == 20


def test_the_same_name_is_recognised_however_it_is_written(tmp_path):
    """Decomposed accents (macOS), first name first, capitals, spaces; a name that holds brackets."""
    cohort = cohorts.make(tmp_path / "tous", stayed=True)
    book = cohort.filled(ORAL, "007", "J02")
    cohorts.find(book.sheet(ORAL), "LEFÈVRE Éloïse (007)").value = unicodedata.normalize("NFD", "éloïse  Lefèvre")
    assert any("PETIT (ROUX) Jules" in str(cell.value) for cell in book.sheet(ORAL)["B"])
    book.save(unicodedata.normalize("NFD", "LEFÈVRE Éloïse Grand oral (1).xlsx"))
    notes = cohort.filled(NOTES)
    notes.sheet(NOTES).cell(cohorts.row_of(notes.sheet(NOTES), "C04"), 2).value = "N’GUESSAN"
    notes.save("notes.xlsx")
    assert cohort.consolidate().codes == set()


def test_homonyms_are_told_apart_by_their_identifiers(cohort):
    cohort.filled(GRILLE, "C02").put(GRILLE, "niveau", "1.1", 2).parent.parent.save(cohort.returns / "a.xlsx")
    cohort.filled(GRILLE, "C03").put(GRILLE, "niveau", "1.1", 4).parent.parent.save(cohort.returns / "b.xlsx")
    results = cohort.consolidate()
    assert [results.level(candidate, "1.1") for candidate in ("C02", "C03")] == [2, 4]
    assert results.codes == set()


# ---------------------------------------------------------------------------------------- without a cohort


def test_a_workbook_checked_alone_is_judged_by_its_form_only(cohort, tmp_path):
    """Outside any cohort nobody can say who is who; the cells can be read all the same."""
    book = cohort.filled(ORAL)
    book.put(ORAL, "points", "O01", 9)
    notes = cohort.filled(NOTES)
    notes.put(NOTES, "EN", "", "mal", "C02")
    alone = [
        book.save("oral.xlsx").rename(tmp_path / "oral.xlsx"),
        notes.save("notes.xlsx").rename(tmp_path / "notes.xlsx"),
    ]
    report = check(alone)
    found = {(each.code, each.file, each.candidate) for each in report.anomalies}
    assert found == {("V01", "oral.xlsx", "007"), ("V03", "notes.xlsx", "C02")}


def test_a_workbook_checked_in_its_cohort_is_judged_by_the_roster(cohort):
    path = cohort.filled(ORAL).save("oral.xlsx")
    assert check([path]).anomalies == []
    cohort.enrol(lambda table: table.replace("J01;J02", "J02"))
    assert {each.code for each in check([path]).anomalies} == {"I02"}
