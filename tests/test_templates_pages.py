"""Sheets to fill on paper: what is long takes the room it needs, and what no page can hold is cut."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from engine import templates
from engine.model import Kind, Role, forms
from engine.office.metrics import text_width
from engine.templates.layout import layout
from tests.envois import (
    CANDIDATES,
    FOLDER,
    KEY,
    candidate,
    certification,
    opened,
    planned,
    with_candidates,
)
from tests.test_templates import of_kind

ROOT = Path(__file__).parents[1]


def test_a_footer_keeps_the_ampersand_of_a_name():
    roster = with_candidates(candidate("C1", "Roux & Fils", "Ana"))
    (each, *_) = templates.plan(planned()[0].path, roster, certification(), KEY)
    content = openpyxl.load_workbook(BytesIO(templates.render(each, roster, certification())))
    assert "ROUX && FILS Ana (C1)" in content.worksheets[0].oddFooter.left.text


LONG = "Responsable de projets commerciaux et de développement durable en économie sociale et solidaire"


def test_long_names_and_titles_make_taller_rows():
    first, *others = certification().blocs
    titled = replace(certification().certification, title=f"{LONG}, {LONG}")
    changed = replace(certification(), certification=titled, blocs=(replace(first, title=LONG), *others))
    roster = with_candidates(candidate("C1", "Roux", "Ana"))
    before, after = (trainers_grid(which, roster) for which in (certification(), changed))
    for row in (CERTIFICATION, before.heading_row + 1):
        assert after.sheet.row_dimensions[row].height > before.sheet.row_dimensions[row].height


CERTIFICATION = 3  # the row of that line


def trainers_grid(which, roster):
    each = next(each for each in templates.plan(FOLDER, roster, which, KEY) if each.role is Role.TRAINER)
    return opened(templates.render(each, roster, which), [forms.build(which, Kind.GRILLE)])[0]


def test_a_footer_too_long_for_excel_is_cut():
    roster = with_candidates(candidate("C1", LONG, LONG))
    left = trainers_grid(certification(), roster).sheet.oddFooter.left.text
    name, _, reference = left.partition("\n")
    assert name.endswith("…")
    assert "C1" not in name
    assert "/GRILLE/C1/" in reference


@pytest.mark.parametrize("kind", [Kind.NOTES, Kind.VALIDATION, Kind.DELIBERATION])
def test_two_of_one_name_are_told_apart_by_the_whole_of_their_identifiers(kind):
    twins = [candidate(f"PROMOTION-2025-LYON-{number:04}", "Nguyen", "Bao") for number in (1, 2)]
    short, long = (
        layout(forms.build(certification(), kind, candidates=people)).widths[0] for people in (CANDIDATES, twins)
    )
    assert short < text_width(twins[0].id, 8, bold=True) / 0.92 < long


@pytest.mark.parametrize("kind", [Kind.GRILLE, Kind.TRAVAUX])
def test_the_printed_sheet_leaves_room_to_sign_by_hand(kind):
    """Beside the box of whoever fills the sheet, where nothing can be typed."""
    sheet = of_kind(kind).sheet
    found = [cell for row in sheet.iter_rows() for cell in row if str(cell.value or "").endswith("sur le papier")]
    assert [cell.value.split()[2] for cell in found] == ["candidat,", "référent,"]
    for cell in found:
        box = cell.offset(row=1)
        assert (box.value, box.protection.locked) == (None, True)
        assert sheet.row_dimensions[box.row].height >= 40


def test_each_of_several_pieces_of_evidence_has_a_box_to_tick():
    sheet, ticks = of_kind(Kind.GRILLE), {}
    column = sheet.form.columns.index(next(each for each in sheet.form.labels if each.heading.startswith("Éléments")))
    for row in sheet.form.rows:
        shown = sheet.sheet.cell(sheet.rows[row.code], column + 1).value
        ticks[row.code] = (shown.count("□"), shown.count("\n") + 1)
    assert {code for code, found in ticks.items() if found != (0, 1)} == {"2.3", "2.5", "4.2"}
    assert all(found == (2, 2) for found in ticks.values() if found != (0, 1))


def test_what_the_jury_signs_is_told_within_the_page():
    content = templates.blank(certification())["Délibération.xlsx"]
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    (label,) = [cell for row in sheet.iter_rows() for cell in row if "qu’un projet" in str(cell.value)]
    assert sheet.cell(label.row, label.column + 1).value is None
    assert label.alignment.wrap_text
    assert sheet.row_dimensions[label.row].height > 20


def test_a_family_of_one_narrow_column_is_folded_over_it():
    content = templates.blank(certification(str(ROOT / "docs" / "exemples" / "bts.toml")))["Notes.xlsx"]
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    (family,) = [cell for row in sheet.iter_rows() for cell in row if cell.value == "Examens en cours de formation"]
    assert family.alignment.wrap_text
    assert family.alignment.horizontal == "center"
    assert sheet.row_dimensions[family.row].height > 20
