"""What was found in one sheet is taken for another that differs by what was filled in: no reading may show it.

Each sheet is read twice, where others like it were read before and where none was: the reports are the same, whatever
was changed in it.
"""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from unittest.mock import patch

import pytest

from engine.intake.context import Context
from engine.intake.readers import workbook
from engine.intake.safety import guard
from engine.intake.sheets.layouts import Layouts
from engine.intake.sheets.locate import HEADER_ROWS, shown_beside
from engine.intake.sheets.recognise import CANDIDATE, EVALUATOR, references
from engine.intake.sheets.sheet import read_sheets
from engine.model import Kind, wording
from engine.model.values import Tell, shown
from engine.workspace import seals
from tests import cohorts
from tests.readings import GRILLE, NOTES, ORAL, TRANSVERSALE, TRAVAUX, VALIDATION

KINDS = (GRILLE, TRAVAUX, ORAL, TRANSVERSALE)
EDITS = 200  # of each kind
VALUES = ("", " ", "x", "NE", "ABS", "Oui", "3", "1.1", "Niveau :", 1.0, 2.5, 12.0, -0.0, True, False, None)
VALUES += (float("nan"), "\u200b", "(code personnel)", datetime(2026, 1, 5), date(2026, 1, 5), time(1), timedelta(1))
TELLS = (Tell.FORMULA, Tell.ERROR, Tell.STRUCK, Tell.UNSEEN, Tell.PERCENT, Tell.NONE)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("dispositions") / "cohorte")


@pytest.fixture(scope="module")
def grids(cohort):
    """By kind, the filled sheets of two people, and the same without the names that some programs drop."""
    found: dict[Kind, list] = {kind: [] for kind in KINDS}
    for candidate in ("007", "C02"):
        for kind in KINDS:
            path = cohort.filled(kind, candidate).save(f"{candidate} {kind}.xlsx")
            for grid in workbook.read(guard.open_package(path.read_bytes())).grids:
                if any(reference.kind is kind for reference in references(grid)):
                    found[kind] += [grid, replace(grid, find_names=dict)]
    return found


def context_of(cohort):
    return Context(cohort.referential, cohort.roster, seals.read_key(cohort.path))


@pytest.fixture
def warm(cohort, grids):
    """A cohort in which the sheets were read, and their layouts taken."""
    context = context_of(cohort)
    for grid in (grid for several in grids.values() for grid in several):
        read_sheets(grid, context, "retour.xlsx")
    return context


def recalled(grid, context):
    """Whether a sheet is read by a layout that is known."""
    (reference,) = references(grid)
    return context.layouts[reference.kind].recall(grid) is not None


@pytest.mark.parametrize("kind", KINDS)
def test_a_sheet_filled_otherwise_has_the_layout_of_the_first(cohort, grids, kind):
    context = context_of(cohort)
    first, _, second, _ = grids[kind]
    read_sheets(first, context, "retour.xlsx")
    assert recalled(second, context)


def words(grid, form, referential):
    """What may confuse: the texts of the sheet, and whatever is looked for in it."""
    texts = [text for line in grid.texts for _, text in line]
    columns = [column.heading for column in form.columns]
    captions = [text for entry in form.singles for text in entry.captions]
    return [*texts, *columns, *captions, *(text for _, text in wording.captions(form, referential))]


def valued(rows, row, column, pool, chance):
    rows[row][column] = chance.choice(pool)


def disguised(rows, row, column, pool, chance):
    """A text of the sheet in another writing of it, or with a sign that nobody sees."""
    value = shown(rows[row][column])
    again = (value.upper(), f"{value} ", f"\u200b{value}", value.replace(" ", "\xa0"), value.replace("é", "e\u0301"))
    rows[row][column] = chance.choice(again)


def pushed_down(rows, row, column, pool, chance):
    moved = [line[column] for line in rows[row:-1]]
    for line, value in zip(rows[row + 1 :], moved, strict=True):
        line[column] = value


def rows_changed(rows, row, column, pool, chance):
    rows[row : row + 1] = chance.choice(([], [[""] * len(rows[0])], [rows[row], list(rows[row])]))


def columns_changed(rows, row, column, pool, chance):
    what = chance.choice(([], [""], ["", 0], [0, 0]))
    for line in rows:
        line[column : column + 1] = [line[column] if each == 0 else each for each in what]


def rows_exchanged(rows, row, column, pool, chance):
    other = chance.randrange(len(rows))
    rows[row], rows[other] = rows[other], rows[row]


def cells_exchanged(rows, row, column, pool, chance):
    """Such as the reference, in a box or under another cell."""
    references = [(up, at) for up, line in enumerate(rows) for at, each in enumerate(line) if seals.parse(shown(each))]
    other, at = chance.choice(references) if references else (0, 0)
    rows[row][column], rows[other][at] = rows[other][at], rows[row][column]


def widened(rows, row, column, pool, chance):
    for rank, line in enumerate(rows):
        line.append(chance.choice(pool) if rank == row else "")


CHANGES = (valued, valued, valued, valued, disguised, pushed_down, rows_changed, columns_changed)
CHANGES += (rows_exchanged, cells_exchanged, widened)


def renamed(grid, chance):
    """The sheet, a name of which points to another cell, or nowhere."""
    names = dict(grid.names)
    moved = names.pop(chance.choice(sorted(names))) if names else (0, 0)
    if names and chance.random() < 0.5:
        names[chance.choice(sorted(names))] = (moved[0] + chance.choice((0, 1, -1)), moved[1])
    lost = chance.random() < 0.5
    return replace(grid, find_names=lambda: names, lost_name=lambda _: lost)


def edited(grid, pool, chance):
    """The sheet, one thing in it changed."""
    rows = [list(line) for line in grid.rows]
    row = chance.randrange(len(rows))
    column = chance.randrange(len(rows[row]))
    place, what = (row, column), chance.randrange(18)
    if what > 5:
        chance.choice(CHANGES)(rows, row, column, pool, chance)
        return replace(grid, rows=rows)
    if what > 3:
        return replace(grid, tells=dict(grid.tells) | {place: chance.choice(TELLS)})
    if what > 1:
        return renamed(grid, chance)
    other = chance.choice(
        (replace(grid, merged=(*grid.merged, (place, (row + 1, column)))), replace(grid, hidden=True))
    )
    return other if what else replace(grid, notes={place: "plutôt 2"}, displays={place: ("12,5",)}, since_1904=True)


def afresh(grid, context):
    """The reports of a sheet as if none had been read before."""
    with patch.object(Layouts, "recall", return_value=None), patch.object(Layouts, "learn"):
        return read_sheets(grid, context, "retour.xlsx")


def pool_of(cohort, grids, kind):
    return [*VALUES, *words(grids[kind][0], context_of(cohort).form(kind), cohort.referential)]


@pytest.mark.parametrize("kind", KINDS)
def test_no_edit_is_read_otherwise_for_what_was_read_before(cohort, grids, warm, kind):
    chance, kept, pool = Random(f"dispositions {kind}"), 0, pool_of(cohort, grids, kind)
    for number in range(EDITS):
        grid = chance.choice(grids[kind])
        for _ in range(chance.choice((1, 1, 1, 2, 3))):
            grid = edited(grid, pool, chance)
        kept += len(references(grid)) == 1 and recalled(grid, warm)
        assert read_sheets(grid, warm, "retour.xlsx") == afresh(grid, warm), number
    assert kept > EDITS / 20  # among them, values in boxes


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_read_first_changes_no_reading_after_it(cohort, grids, kind):
    """Whatever was wrong with the first sheet, others are read as without it."""
    chance, context, pool = Random(f"première {kind}"), context_of(cohort), pool_of(cohort, grids, kind)
    right, learnt = {rank: afresh(grid, context) for rank, grid in enumerate(grids[kind])}, 0
    for number in range(EDITS // 2):
        context.layouts.clear()
        first = edited(chance.choice(grids[kind]), pool, chance)
        read_sheets(first, context, "retour.xlsx")
        learnt += len(references(first)) == 1 and kind in context.layouts and recalled(first, context)
        assert {rank: read_sheets(grid, context, "retour.xlsx") for rank, grid in enumerate(grids[kind])} == right
        again = edited(first, pool, chance)
        assert read_sheets(again, context, "retour.xlsx") == afresh(again, context), number
    assert learnt > EDITS / 20


@pytest.mark.parametrize("kind", [NOTES, VALIDATION])
def test_lists_of_people_have_no_layout(cohort, kind):
    context, path = context_of(cohort), cohort.filled(kind).save(f"{kind}.xlsx")
    grids = workbook.read(guard.open_package(path.read_bytes())).grids
    (grid,) = (each for each in grids if any(reference.kind is kind for reference in references(each)))
    (sheet,) = read_sheets(grid, context, "retour.xlsx")
    assert sheet.marks
    assert not recalled(grid, context)


def test_who_does_not_present_all_has_a_form_of_their_own(cohort, grids, warm):
    """Their sheet was issued before it was known: what it holds is still read as without any other."""
    people = [replace(each, presented=(cohort.referential.blocs[0].code,)) for each in cohort.roster.candidates]
    context = Context(cohort.referential, replace(cohort.roster, candidates=tuple(people)), warm.key)
    context.layouts.update(warm.layouts)
    for kind in KINDS:
        for grid in grids[kind]:
            assert read_sheets(grid, context, "retour.xlsx") == afresh(grid, context)


def test_a_cohort_that_crosses_to_another_process_takes_its_layouts_along(grids, warm):
    there = pickle.loads(pickle.dumps(warm))
    for grid in grids[ORAL]:
        assert recalled(grid, there)
        assert read_sheets(grid, there, "retour.xlsx") == afresh(grid, warm)


def test_a_word_that_boxes_are_looked_for_by_is_read_as_such_wherever_it_was_typed(cohort, grids, warm):
    """Without names, a box is known by its label alone: a second one hides it."""
    _, grid, *_ = grids[ORAL]
    named = grids[ORAL][0].names
    row, column = named["oral_signature"]
    assert recalled(grid, warm)
    lines = [list(line) for line in grid.rows]
    lines[row][column] = "date :"
    grid = replace(grid, rows=lines)
    (sheet,) = read_sheets(grid, warm, "retour.xlsx")
    assert not recalled(grid, warm)
    assert [each.code for each in sheet.anomalies if "Date" in each.message] == ["S03"]


def test_a_figure_replaced_by_its_equal_is_no_figure(cohort, grids, warm):
    grid = grids[ORAL][0]
    lines = [[True if value == 1 and column == 2 else value for column, value in enumerate(line)] for line in grid.rows]
    assert lines == grid.rows
    (sheet,) = read_sheets(replace(grid, rows=lines), warm, "retour.xlsx")
    assert [each.code for each in sheet.anomalies] == ["S05"]


def test_a_box_that_its_content_helps_to_find_makes_no_layout(cohort, grids):
    """Two lines under its label, a signature is found while it is there."""
    context, grid = context_of(cohort), grids[GRILLE][1]
    row, _ = grids[GRILLE][0].names["grille_signature"]
    lines = [*grid.rows[:row], [""] * len(grid.rows[0]), *grid.rows[row:]]
    pushed = replace(grid, rows=lines)
    (sheet,) = read_sheets(pushed, context, "retour.xlsx")
    assert not recalled(pushed, context)
    assert any(mark.input == "signature" and mark.raw for mark in sheet.marks)


@pytest.mark.parametrize("words_before", [CANDIDATE, EVALUATOR])
@pytest.mark.parametrize("kind", KINDS)
def test_where_a_name_is_gone_the_text_beside_is_none_of_what_is_filled_in(cohort, grids, kind, words_before):
    """The panel of the scale may stand there: of a sheet in which it was changed, it is told."""
    context, grid = context_of(cohort), grids[kind][0]
    for text in ("", "x"):
        _, (row, column) = shown_beside(grid, words_before, HEADER_ROWS)
        lines = [list(line) for line in grid.rows]
        lines[row][column] = text
        grid = replace(grid, rows=lines)
        assert read_sheets(grid, context, "retour.xlsx") == afresh(grid, context)
        if shown_beside(grid, words_before, HEADER_ROWS) is None:
            return  # nothing stands beside
