"""What stays on a screen of 1366 × 768 while a table scrolls: a third of its height at most, in every sheet."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import groupby

import openpyxl
import pytest

from engine import templates
from engine.model import Candidate
from engine.model.admission import Admissibility, Admission
from engine.office import metrics
from engine.outputs.planning import planning_book
from engine.roster.blank import blank
from engine.templates import commission, personal_codes
from engine.workspace.cohort import Cohort, Folder
from tests import envois, results
from tests.envois import CANDIDATES, EVALUATORS, FOLDER, KEY, NAMES, ROSTER, SESSION, certification, planned

A_THIRD = 256  # pixels
NOTES_ROOM = 560  # pixels: what spreadsheet programs leave to the rows at 1366 × 768, or nearly
LONG = "N'Guessan-Lefebvre de la Rochefoucauld " * 2 + "Marie-Apolline Constance"
WIDE = "W" * 100


def frozen(sheet):
    """The height in pixels of the rows that never scroll away."""
    pane = sheet.sheet_view.pane
    split = int(pane.ySplit or 0) if pane else 0
    heights = (sheet.row_dimensions[row].height or 12.75 for row in range(1, split + 1))
    return sum(heights) / 0.75


def roster(name, everywhere=""):
    """The cohort under such names of people, and ``everywhere`` else such texts."""
    session = replace(SESSION, cohort=everywhere, centre=everywhere, session=everywhere) if everywhere else SESSION
    candidates = [replace(each, last_name=name, company=everywhere) for each in CANDIDATES]
    evaluators = [replace(each, last_name=name) for each in EVALUATORS]
    return replace(ROSTER, session=session, candidates=tuple(candidates), evaluators=tuple(evaluators))


def issued(certified, people):
    for each in [*planned(certified, people), *commission.plan(FOLDER, people, certification(certified), KEY)]:
        content = templates.render(each, people, certification(certified))
        yield from openpyxl.load_workbook(BytesIO(content)).worksheets


@pytest.mark.parametrize("name", ["Ba", LONG[:100], WIDE])
@pytest.mark.parametrize("certified", NAMES, ids=lambda path: path.rsplit("/")[-1])
def test_at_most_a_third_of_the_screen_is_frozen(certified, name):
    heights = {sheet.title: frozen(sheet) for sheet in issued(certified, roster(name, name))}
    assert {title: height for title, height in heights.items() if height > A_THIRD} == {}


@pytest.mark.parametrize("certified", NAMES, ids=lambda path: path.rsplit("/")[-1])
def test_the_headings_of_blank_sheets_stay_on_the_screen(certified):
    for content in templates.blank(certification(certified)).values():
        *sheets, _ = openpyxl.load_workbook(BytesIO(content)).worksheets
        assert all(0 < frozen(sheet) <= A_THIRD for sheet in sheets)


@pytest.mark.parametrize("name", ["Ba", LONG[:100]])
def test_the_headings_stay_on_the_screen_under_long_names(name):
    people = roster(name)
    assert all(frozen(sheet) for sheet in issued(NAMES[0], people) if sheet.title != "Mode d'emploi")


def test_fifteen_candidates_of_notes_are_on_the_screen_at_once():
    many = tuple(Candidate(id=f"C{rank:02}", last_name="Diallo", first_name="Awa") for rank in range(20))
    (notes,) = [sheet for sheet in issued(NAMES[0], replace(ROSTER, candidates=many)) if sheet.title == "Notes"]
    first = int(notes.sheet_view.pane.ySplit) + 1
    shown = sum(notes.row_dimensions[row].height for row in range(first, first + 15)) / 0.75
    assert frozen(notes) + shown <= NOTES_ROOM


def test_at_most_a_third_of_the_screen_is_frozen_in_any_other_workbook(tmp_path):
    certified, people = certification(), roster(LONG[:100])
    (tmp_path / "registre.xlsx").write_bytes(blank(certified))
    (tmp_path / "codes.xlsx").write_bytes(personal_codes.workbook(people, certified, KEY))
    books = [*tmp_path.iterdir(), results.workbook()]
    heights = {(path.name, sheet.title): frozen(sheet) for path in books for sheet in openpyxl.load_workbook(path)}
    assert {place: height for place, height in heights.items() if height > A_THIRD} == {}


def test_the_grid_and_the_works_are_seen_to_their_last_column():
    """LibreOffice draws columns an eighth wider than they are, between the numbers of the rows and its side bar."""
    wide = {
        sheet.title: sum(each.width * 7 * (each.max - each.min + 1) for each in sheet.column_dimensions.values()) * 1.12
        for sheet in issued(NAMES[0], ROSTER)
        if sheet.title in ("Grille de compétences", "Travaux évalués")
    }
    assert len(wide) == 2
    assert all(width <= 1366 - 37 - 62 for width in wide.values()), wide


def test_names_are_seen_whole_on_the_codes_and_in_the_planning():
    people, certified = roster(LONG[:100]), certification()
    codes = BytesIO(personal_codes.workbook(people, certified, KEY))
    told = [
        (Admission(candidate=each, admissibility=Admissibility.INCOMPLETE), "Dossier") for each in people.candidates
    ]
    planning = BytesIO(planning_book([], told, [], Cohort(Folder(FOLDER), people, certified)))
    for content in (codes, planning):
        book = openpyxl.load_workbook(content)
        assert all((sheet.sheet_state == "hidden") == (sheet.title == "Non placés") for sheet in book)  # it is empty
        cells = [cell for sheet in book for row in sheet for cell in row if "rochefoucauld" in str(cell.value).lower()]
        assert cells
        for cell in cells:
            width = cell.parent.column_dimensions[cell.column_letter].width * 7
            lines = metrics.wrap(cell.value, width, cell.font.sz, bold=bool(cell.font.b))
            assert cell.alignment.wrap_text
            assert cell.parent.row_dimensions[cell.row].height >= metrics.row_height(lines, cell.font.sz)


@pytest.mark.parametrize("certified", NAMES, ids=lambda path: path.rsplit("/")[-1])
def test_tab_goes_from_one_cell_of_mine_to_the_next_of_mine(certified):
    """Column by column, as LibreOffice goes from one open cell to the next: the candidate's part is through before the
    evaluator's begins. A sheet opens where whoever it is sent to begins."""
    for drawn in envois.issued(certified):
        form, sheet = drawn.form, drawn.sheet
        own = {drawn.columns[entry.heading]: entry.by_candidate for entry in form.inputs}
        assert list(own) == sorted(own)
        assert [by_candidate for by_candidate, _ in groupby(own.values())] in ([False], [True, False])
        start = sheet[sheet.sheet_view.selection[-1].activeCell]
        assert not start.protection.locked
        assert not own.get(start.column)
