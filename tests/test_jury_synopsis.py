"""What a juror reads before the grand oral, beside the sheets to fill: the candidate's levels, and nothing to type."""

import openpyxl

from engine.commands.templates import issue
from engine.model import Kind
from tests import cohorts


def test_jurors_who_have_not_answered_read_the_levels_beside(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    cohort.filled(Kind.GRILLE).save("grille.xlsx")
    answered = cohort.filled(Kind.ORAL, "C02", "J01").save("oral.xlsx")
    before = cohort.issued(Kind.ORAL, "C02", "J01").read_bytes()
    cohort.issued(Kind.DELIBERATION)  # which writes the sheets for the jury
    book = openpyxl.load_workbook(cohort.issued(Kind.ORAL))
    assert book.sheetnames == ["Grand oral", "Compétences transversales", "Synthèse", "Mode d'emploi"]
    sheet = book["Synthèse"]
    assert sheet.protection.sheet
    assert all(cell.protection.locked for line in sheet.iter_rows() for cell in line)
    texts = {cell.value for line in sheet.iter_rows() for cell in line}
    assert {"1.1", 5, "Validé"} <= texts
    assert not any("CGCo/" in str(text) for text in texts)
    assert cohort.issued(Kind.ORAL, "C02", "J01").read_bytes() == before
    assert answered.exists()


def test_it_goes_and_comes_back_without_a_word(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    cohort.issued(Kind.DELIBERATION)
    assert [each.path.name for each in issue(cohort.path).written] == []
    cohort.filled(Kind.ORAL).save()
    results = cohort.consolidate()
    assert results.states == {"retour.xlsx": "Accepté"}
    assert not results.anomalies("S01", "S05")
