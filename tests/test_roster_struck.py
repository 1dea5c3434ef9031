"""What the roster shows and what it holds: struck lines, raised signs, number formats."""

from __future__ import annotations

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font

from tests.rosters import book, places, problems, read, saved

STRUCK = Font(strike=True)


def test_a_line_struck_through_is_told_once_with_its_cells(tmp_path):
    made = book()
    for cell in made["Candidats"][3]:
        cell.font = STRUCK
    assert problems(made, tmp_path) == [
        "Candidats!A3 : texte barré (A3, B3, C3, F3, G3, H3, J3) ; supprimez la ligne si elle ne vaut plus, sinon "
        "enlevez le format barré."
    ]


@pytest.mark.parametrize(
    ("sheet", "cell"),
    [("Session", "B2"), ("Session", "A3"), ("Candidats", "F2"), ("Candidats", "G1"), ("Évaluateurs", "A7")],
)
def test_a_single_struck_cell_is_told(tmp_path, sheet, cell):
    made = book()
    made[sheet][cell].font = STRUCK
    assert places(problems(made, tmp_path)) == [f"{sheet}!{cell}"]


def test_a_part_of_a_text_struck_is_told(tmp_path):
    made = book()
    made["Candidats"]["F2"] = CellRichText("T01", TextBlock(InlineFont(strike=True), ";T02"))
    assert "Candidats!F2" in places(problems(made, tmp_path))


def test_a_line_struck_by_a_condition_is_told(tmp_path):
    made = book()
    made["Candidats"].conditional_formatting.add("A2:J9", FormulaRule(['$J2="abandon"'], font=STRUCK))
    assert "Candidats!A3" in places(problems(made, tmp_path))


def test_struck_blanks_examples_and_unknown_columns_are_left_alone(tmp_path):
    made = book()
    sheet = made["Candidats"]
    sheet["A4"], sheet["L2"] = "(exemple) 007", "une note"
    for cell in ("A4", "B4", "L2", "D3", "A9"):
        sheet[cell].font = STRUCK
    assert len(read(saved(made, tmp_path)).candidates) == 2


@pytest.mark.parametrize("way", ["superscript", "subscript"])
def test_raised_or_lowered_signs_are_refused_where_they_would_be_read(tmp_path, way):
    made = book()
    raised = InlineFont(vertAlign=way)
    made["Candidats"]["G2"] = CellRichText("F0", TextBlock(raised, "1"))
    made["Session"]["B2"] = CellRichText("Lyon 1", TextBlock(raised, "er"))
    assert places(problems(made, tmp_path)) == ["Candidats!G2"]


@pytest.mark.parametrize(
    ("number", "code", "refused"),
    [(7, "000", False), (7, "0", False), (1234, "# ##0", False), (7, '"C"00', True), (7, "General", False)],
)
def test_a_number_that_shows_other_digits_than_it_holds_is_no_identifier(tmp_path, number, code, refused):
    made = book()
    made["Candidats"]["A3"] = number
    made["Candidats"]["A3"].number_format = code
    if refused:
        assert places(problems(made, tmp_path)) == ["Candidats!A3"]
    else:
        assert read(saved(made, tmp_path)).candidates[1].id == str(number)
