"""Sheets that go out with something in them: values, notes, and what their formulas show."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from engine import templates
from engine.model import Kind, forms
from engine.model.contents import Contents, Filled
from engine.model.forms import Domain, Form, Nature
from tests.envois import NAMES, ROSTER, certification, planned
from tests.libreoffice import Recalculate
from tests.recalculation import without_values

NOTE = "1.1, Niveau : « 4+ » n'est pas un nombre clair."


def value(domain: Domain, dice: random.Random):
    """Something that a domain takes, or nothing."""
    if dice.random() < 0.3:
        return None
    others = {Nature.YES_NO: ["Oui", "Non"], Nature.TICK: ["x"], Nature.DATE: [date(2025, 6, 2), date(1789, 7, 14)]}
    numbers = list(domain.values) or [Decimal("12.25"), domain.minimum, domain.maximum]
    choices = others.get(domain.nature) or (
        ["=1+1", "Vu en magasin,\nsur place"] if domain.nature is Nature.TEXT else numbers + sorted(domain.states)
    )
    return dice.choice(choices)


def contents(form: Form, dice: random.Random) -> Contents:
    """A sheet filled at random, a tenth of it to be mended."""
    places = [(entry.name, row.code, form.domain(entry, row)) for row in form.rows for entry in form.inputs]
    places += [(entry.name, "", entry.domain) for entry in form.singles]
    cells = {}
    for name, code, domain in places:
        found = value(domain, dice)
        if dice.random() < 0.1:
            cells[name, code] = Filled(None, NOTE)
        elif found is not None:
            cells[name, code] = Filled(found)
    return Contents(cells, (NOTE,))


def form_of(sheet, name):
    assignment = sheet.assignment
    return forms.build(
        certification(name),
        assignment.kind,
        candidates=ROSTER.candidates,
        candidate_columns=assignment.candidate_columns,
    )


def filled(name=NAMES[0], seed=1):
    """One workbook of each sort filled at random: (planned, contents by sheet)."""
    dice = random.Random(seed)
    by_sort = {f"{each.role} {len(each.sheets)}": each for each in planned(name)}
    for each in by_sort.values():
        yield each, {sheet.assignment.key: contents(form_of(sheet, name), dice) for sheet in each.sheets}


def shown(path):
    book = openpyxl.load_workbook(path, data_only=True)
    cells = (cell for sheet in book for line in sheet.iter_rows() for cell in line)
    return {(cell.parent.title, cell.coordinate): cell.value for cell in cells if cell.value not in (None, "")}


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", NAMES, ids=[Path(name).stem for name in NAMES])
@pytest.mark.parametrize("seed", [1, 2])
def test_stored_values_are_those_a_program_computes(office, tmp_path, name, seed):
    for rank, (each, inside) in enumerate(filled(name, seed)):
        sent, again = tmp_path / f"{rank}.xlsx", tmp_path / f"{rank} bis.xlsx"
        sent.write_bytes(templates.render(each, ROSTER, certification(name), inside))
        office.edit(sent, again, [Recalculate()])
        assert shown(again) == shown(sent)


@pytest.mark.gnumeric
@pytest.mark.parametrize("name", NAMES, ids=[Path(name).stem for name in NAMES])
@pytest.mark.parametrize("seed", [3, 4])
def test_another_program_computes_the_same_values(gnumeric, tmp_path, name, seed):
    for rank, (each, inside) in enumerate(filled(name, seed)):
        sent, bare, again = (tmp_path / f"{rank}{suffix}.xlsx" for suffix in ("", " nu", " bis"))
        sent.write_bytes(templates.render(each, ROSTER, certification(name), inside))
        assert without_values(sent, bare) > 0
        gnumeric.convert(bare, again)
        stored, computed, live = shown(sent), shown(again), formulas(sent)
        assert {place: computed.get(place) for place in live} == {place: stored.get(place) for place in live}


def formulas(path):
    """Where the formulas of a workbook stand."""
    cells = (cell for sheet in openpyxl.load_workbook(path) for line in sheet.iter_rows() for cell in line)
    return [(cell.parent.title, cell.coordinate) for cell in cells if cell.data_type == "f"]


@pytest.mark.parametrize("name", NAMES, ids=[Path(name).stem for name in NAMES])
def test_formulas_hold_no_list_of_values_and_fit_in_a_cell(name):
    for each, inside in filled(name):
        book = openpyxl.load_workbook(BytesIO(templates.render(each, ROSTER, certification(name), inside)))
        cells = (cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f")
        for cell in cells:
            assert isinstance(cell.value, str)
            assert "{" not in cell.value
            assert "SUMPRODUCT" not in cell.value
            assert len(cell.value) < 8_192


ORAL_FORM = forms.build(certification(), Kind.ORAL)
POINTS = {("points", row.code): Filled(row.domains["points"].maximum) for row in ORAL_FORM.rows}
ABSENT = {place: Filled("ABS") for place in POINTS}
FIRST, *OTHERS = POINTS


@pytest.mark.libreoffice
@pytest.mark.parametrize(
    "cells",
    [
        POINTS,
        POINTS | {("rapport", ""): Filled("Non")},
        {place: Filled(Decimal(0)) for place in POINTS},
        ABSENT,
        ABSENT | {FIRST: Filled(Decimal(1))},
        {FIRST: Filled("ABS")},
        dict.fromkeys(OTHERS, Filled(Decimal(0))),
    ],
)
def test_the_oral_says_what_it_will_say_once_opened(office, tmp_path, cells):
    each = next(each for each in planned() if each.path.stem.endswith("Grand oral"))
    sent, again = tmp_path / "oral.xlsx", tmp_path / "oral bis.xlsx"
    inside = {each.sheets[0].assignment.key: Contents(cells)}
    sent.write_bytes(templates.render(each, ROSTER, certification(), inside))
    office.edit(sent, again, [Recalculate()])
    assert shown(again) == shown(sent)


def test_values_stand_in_their_inputs_as_what_they_are():
    each = next(each for each in planned() if each.path.stem.endswith("Grille de compétences"))
    cells = {
        ("niveau", "1.1"): Filled(Decimal("3")),
        ("niveau", "1.2"): Filled("NE"),
        ("niveau", "1.3"): Filled(None, NOTE),
        ("preuve", "1.1"): Filled("x"),
        ("experience", "1.1"): Filled("=HYPERLINK(1)"),
        ("date", ""): Filled(date(2025, 6, 2)),
    }
    book = opened(each, cells)
    at = {name: book["Grille de compétences"][address(book, name)] for name in book.defined_names}
    assert (at["grille_niveau_1.1"].value, at["grille_niveau_1.2"].value) == (3, "NE")
    assert (at["grille_preuve_1.1"].value, at["grille_experience_1.1"].value) == ("x", "=HYPERLINK(1)")
    assert at["grille_experience_1.1"].data_type == "s"
    assert at["grille_date"].value.date() == date(2025, 6, 2)
    faulty = at["grille_niveau_1.3"]
    assert (faulty.value, faulty.comment.text) == (None, NOTE)
    assert faulty.fill.fgColor.rgb == "FFFBEAE5"
    assert faulty.border.left.color.rgb == "FF9B2C14"
    assert not faulty.protection.locked
    assert [name for name, cell in at.items() if cell.comment] == ["grille_niveau_1.3"]
    assert book["Grille de compétences"].sheet_view.selection[-1].activeCell == faulty.coordinate


def opened(each, cells):
    inside = {each.sheets[0].assignment.key: Contents(cells, (NOTE,))}
    return openpyxl.load_workbook(BytesIO(templates.render(each, ROSTER, certification(), inside)))


def address(book, name):
    ((_, where),) = book.defined_names[name].destinations
    return where.replace("$", "")


def test_the_guide_starts_with_what_is_to_be_mended():
    each = next(each for each in planned() if each.path.stem.endswith("Grille de compétences"))
    guide = opened(each, {})["Mode d'emploi"]
    texts = [cell.value for line in guide.iter_rows(min_row=4, max_row=5) for cell in line if cell.value]
    assert texts[0].startswith("À corriger dans la feuille")
    assert texts[1] == "1"
    assert texts[2].startswith("1.1, Niveau")


def test_the_same_contents_give_the_same_bytes():
    (each, inside), *_ = filled()
    once, twice = (templates.render(each, ROSTER, certification(), inside) for _ in range(2))
    assert once == twice
