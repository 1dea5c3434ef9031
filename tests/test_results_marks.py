"""The sheets that show what decisions rest on, and the rules."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from engine.assessment.decide import decide
from engine.model.tables import EXCLUDED, MARKS, table
from tests.results import certification, heading_row, headings, mark, person, rows, session, sheets, workbook, written

GREY = "FFEEF0F2"


@pytest.fixture(scope="module")
def opened():
    return openpyxl.load_workbook(workbook(), data_only=True)


def test_every_competence_has_its_column():
    codes = [competence.code for competence in certification().competences]
    assert "2.10" in codes
    assert headings(workbook(), "Compétences") == ["Identifiant", "Nom", "Prénom", *codes]


def test_every_item_has_its_column():
    cgco = certification()
    expected = {
        "Transversales": [item.code for item in cgco.transversal.items],
        "Oral": [item.code for item in cgco.oral.items],
        "Notes": [*(unit.code for unit in cgco.units), "EN", *(exam.code for exam in cgco.exams), "Plagiat vérifié"],
        "Validation": [part.code for part in cgco.works + cgco.documents],
    }
    for name, codes in expected.items():
        found = headings(workbook(), name)
        assert [heading for heading in found if heading in codes] == codes
        assert len(set(found)) == len(found)


def test_levels_are_coloured_against_the_minimum_above_them(opened):
    sheet = opened["Compétences"]
    row = range_boundaries(sheet.auto_filter.ref)[1]
    rules = {str(place.sqref): place.rules[0].formula[0] for place in sheet.conditional_formatting}
    for cell, competence in zip(sheet[row][3:], certification().competences, strict=True):
        here, above = f"{cell.column_letter}{row + 1}", f"{cell.column_letter}${row - 1}"
        assert sheet[above.replace("$", "")].value == competence.minimum
        assert rules[f"{here}:{cell.column_letter}{row + 14}"] == f"AND(ISNUMBER({here}),{here}<{above})"


def test_missing_and_excluded_levels_are_empty_and_grey(opened):
    row = person(workbook(), "C004", "Compétences")
    assert [row[code] for code in ("2.1", "2.6", "2.7")] == [2.5, "", ""]
    sheet = opened["Compétences"]
    columns = {cell.value: cell.column - 1 for cell in sheet[range_boundaries(sheet.auto_filter.ref)[1]]}
    line = next(line for line in sheet.iter_rows() if line[0].value == "C004")
    fills = [line[columns[code]].fill.fgColor.rgb for code in ("2.1", "2.6", "2.7")]
    assert [fill == GREY for fill in fills] == [False, True, True]


def test_the_domains_of_the_transversal_competences_add_up():
    domains = [domain.title for domain in certification().transversal.domains]
    for row in rows(workbook(), "Transversales"):
        if row["Identifiant"] != "C013":
            assert sum(row[domain] for domain in domains) == row["Total"]
    assert person(workbook(), "C010", "Transversales")["État"] == "Non validé"


def test_the_oral_shows_means_sections_and_each_total():
    row = person(workbook(), "C001", "Oral")
    outcome = next(outcome for outcome in session()["outcomes"] if outcome.candidate.id == "C001")
    assert row["Total"] == float(outcome.oral.value) == sum(row[part.title] for part in certification().oral.sections)
    assert row["O01"] == float(outcome.oral.items["O01"])
    assert [row[name] for name in ("Fiches complètes", "Total 1", "Total 2")] == [2.0, 43.0, 46.0]
    assert [row[name] for name in ("Juré 1", "Juré 2")] == ["J01", "J02"]


def test_a_juror_without_a_complete_sheet_has_a_word_for_total():
    assert [person(workbook(), "C008", "Oral")[name] for name in ("Total 1", "Total 2")] == ["ABS", "ABS"]
    assert [person(workbook(), "C011", "Oral")[name] for name in ("Total 1", "Total 2")] == ["incomplète", 36.0]
    assert [person(workbook(), "C004", "Oral")["Total 2"], person(workbook(), "C004", "Oral")["Juré 2"]] == ["", "J02"]


def test_points_that_cannot_be_read_leave_a_sheet_to_be_mended(tmp_path):
    points = [
        mark(Decimal(1), kind="ORAL", entry="points", code="O01", evaluator="J02"),
        mark(None, EXCLUDED, kind="ORAL", entry="points", code="O02", evaluator="J02", raw="½"),
    ]
    marks = table(MARKS, points)
    outcomes = decide(marks, session()["roster"], certification(), {})
    row = person(written(tmp_path, marks=marks, outcomes=outcomes), "C001", "Oral")
    assert [row[name] for name in ("Total 1", "Total 2", "Total", "État")] == ["", "à corriger", "", "En attente"]


def test_an_oral_without_complete_sheet_is_empty():
    row = person(workbook(), "C008", "Oral")
    assert (row["O01"], row["Total"], row["État"], row["Fiches complètes"]) == ("", "", "Non validé", 0.0)


def test_notes_are_numbers_or_declared_words():
    assert person(workbook(), "C003", "Notes")["UE3"] == 9.5
    assert person(workbook(), "C008", "Notes")["UE4"] == "ABS"
    assert person(workbook(), "C007", "Notes")["UE2"] == ""
    assert person(workbook(), "C008", "Notes")["Plagiat vérifié"] == "Non"


@pytest.mark.parametrize("answers", [("Oui", "Non"), ("Non", "Oui")])
def test_no_prevails_when_two_referents_differ(tmp_path, answers):
    both = [mark(answer, kind="VALIDATION", entry="RA1", code="RA1", evaluator=answer) for answer in answers]
    assert person(written(tmp_path, marks=table(MARKS, both)), "C001", "Validation")["RA1"] == "Non"


# ------------------------------------------------------------------------------------- rules


def test_the_rules_used_are_told():
    found = rows(workbook(), "Référentiel")
    assert found[0]["Intitulé"] == "2024-03-15"
    bars = {row["Code"]: row["Seuil"] for row in found}
    assert [bars[code] for code in ("B2", "2.10", "EN", "UE7")] == [6, 3, 12, 10]
    assert next(row["Seuil"] for row in found if row["Partie"] == "Grand oral") == 36


def test_the_word_over_the_minima_stands_over_people_and_over_no_mark():
    name = str(Path(__file__).parents[1] / "docs" / "exemples" / "bts.toml")
    line = sheets(workbook(name))["Notes"][heading_row(workbook(name), "Notes") - 1]
    assert line.index("Seuil") == 2  # the first marks have no floor
    assert line[3] == ""
    assert "≥ 7" in line


def test_a_part_of_the_oral_too_narrow_for_its_title_is_named_by_its_first_words():
    name = str(Path(__file__).parents[1] / "docs" / "exemples" / "cycles.toml")
    line = sheets(workbook(name))["Oral"][heading_row(workbook(name), "Oral") - 2]
    assert "Présentation…" in line
    assert not any("intervention" in str(text) for text in line)
