"""What stays on a screen of 1366 × 768 while a table scrolls: a third of its height at most, in every sheet."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from itertools import groupby

import openpyxl
import pytest

from engine import templates
from engine.model import Candidate
from engine.roster.blank import blank
from engine.templates import commission, personal_codes
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
