"""Workbooks of the program that come back among the returns, and are none: told for what they are."""

from __future__ import annotations

import shutil

import openpyxl

from engine.intake.sheets import ours
from engine.model import Kind
from engine.model.texts import fold


def test_the_roster_and_the_results_are_told_for_what_they_are(cohort):
    cohort.consolidate()
    cohort.drop(cohort.path / "cohorte.xlsx", "registre (copie).xlsx")
    cohort.drop(cohort.path / "resultats" / "resultats.xlsx", "résultats annotés.xlsx")
    told = {row["Fichier"]: row for row in cohort.consolidate().anomalies("S01")}
    assert {name: fold(row["Message"]) for name, row in told.items()} == {
        "registre (copie).xlsx": fold(ours.ROSTER.said),
        "résultats annotés.xlsx": fold(ours.RESULTS.said),
    }
    assert {row["Gravité"] for row in told.values()} == {"bloquante"}


def test_a_sheet_that_bears_a_reference_makes_a_return_of_it(cohort):
    """Somebody may well put the sheets they filled beside their copy of the roster."""
    book = cohort.filled(Kind.GRILLE)
    for title in ours.ROSTER.sheets:
        book.workbook.create_sheet(title)
    book.save()
    results = cohort.consolidate()
    assert results.codes == set()
    assert results.value("007", "niveau", "1.1")


def test_any_other_workbook_is_told_as_before(cohort, tmp_path):
    openpyxl.Workbook().save(tmp_path / "vide.xlsx")
    shutil.copyfile(tmp_path / "vide.xlsx", cohort.returns / "vide.xlsx")
    assert "référence" in cohort.consolidate().anomaly("S01")["Message"]
