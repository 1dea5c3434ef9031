"""More marks than a sheet can hold: `Détail` goes on in `Détail 2`, and everything that looks into it follows."""

from dataclasses import replace
from functools import lru_cache

import openpyxl
import pytest

from engine.model.errors import EngineError
from engine.model.tables import MARKS, table
from tests.libreoffice import DeleteRows, Sort, Type
from tests.recalculation import differences
from tests.results import mark, rows, session, sheets, table_of, workbook, written
from tests.test_results_formulas import of_many_fonts

CAPACITY = 400


@pytest.fixture(scope="module")
def parted(tmp_path_factory):
    """The results of the invented session, four hundred marks to a sheet."""
    return written(tmp_path_factory.mktemp("parts"), capacity=CAPACITY)


def parts(path):
    return [name for name in sheets(path) if name.startswith("Détail")]


@lru_cache
def marks_of(path):
    return {name: detail_rows(path, name) for name in parts(path)}


def detail_rows(path, name):
    """The rows of a sheet of marks, as dictionaries."""
    lines = sheets(path)[name]
    head = next(number for number, line in enumerate(lines) if line[0] == "Candidat")
    return [dict(zip(lines[head], line, strict=True)) for line in lines[head + 1 :]]


def test_the_marks_go_on_sheet_after_sheet_none_lost_and_in_the_same_order(parted):
    names = parts(parted)
    assert len(names) > 2
    assert names == ["Détail", *(f"Détail {rank}" for rank in range(2, len(names) + 1))]
    assert list(sheets(parted))[list(sheets(parted)).index("Détail") :][: len(names)] == names
    assert [row for name in names for row in marks_of(parted)[name]] == rows(workbook(), "Détail")
    assert all(0 < len(found) <= CAPACITY for found in marks_of(parted).values())


def test_the_marks_of_a_candidate_stand_in_one_sheet(parted):
    people = [{row["Candidat"] for row in found} for found in marks_of(parted).values()]
    assert sum(map(len, people)) == len(set().union(*people))


def test_nothing_else_changes(parted):
    whole, others = sheets(workbook()), sheets(parted)
    for name in (
        "Synthèse",
        "Compétences",
        "Transversales",
        "Oral",
        "Notes",
        "Validation",
        "Candidats",
        "Statistiques",
    ):
        assert others[name] == whole[name], name


def test_accueil_leads_to_every_sheet_and_synthese_to_the_marks_of_each_candidate(parted):
    book = openpyxl.load_workbook(parted)
    led = {cell.value: cell.hyperlink.location for row in book["Accueil"].iter_rows() for cell in row if cell.hyperlink}
    assert all(led[name] == f"'{name}'!A1" for name in parts(parted))
    seen = 0
    for row in book["Synthèse"].iter_rows(max_col=1):
        link = row[0].hyperlink
        if link and "Détail" in link.location:
            name, _, cell = link.location.rpartition("!")
            assert book[name.strip("'")][cell].value == row[0].value
            seen += 1
    assert seen == 13  # fourteen candidates, one of whom has no mark


def test_marks_of_nobody_on_the_roster_are_parted_anywhere(tmp_path):
    strangers = [(*mark(1, code=f"{rank}")[:4], "X999", *mark(1, code=f"{rank}")[5:]) for rank in range(25)]
    path = written(tmp_path, marks=table(MARKS, strangers), capacity=10)
    assert [len(detail_rows(path, name)) for name in parts(path)] == [10, 10, 5]


def test_one_candidate_is_never_parted(tmp_path):
    with pytest.raises(EngineError, match="Un candidat"):
        written(tmp_path, marks=table(MARKS, [mark(1, code=str(rank)) for rank in range(11)]), capacity=10)


def test_a_sheet_that_is_just_full_is_not_followed_by_an_empty_one(tmp_path):
    marks = [mark(1, code=str(rank)) for rank in range(10)]
    assert parts(written(tmp_path, marks=table(MARKS, marks), capacity=10)) == ["Détail"]
    nobody = replace(session()["roster"], candidates=())
    empty = written(tmp_path, roster=nobody, outcomes=(), marks=table(MARKS, ()), capacity=10)
    assert parts(empty) == ["Détail"]


# --------------------------------------------------------------------------------------- other programs


@pytest.mark.libreoffice
def test_it_is_recalculated_as_decided(office, parted, tmp_path):
    formulas, found = differences(office, parted, tmp_path)
    assert found == []
    assert formulas > 700


@pytest.mark.gnumeric
def test_another_program_recalculates_it_as_decided(gnumeric, parted, tmp_path):
    found = differences(gnumeric, parted, tmp_path)[1]
    assert [cell for cell in found if not of_many_fonts(*cell[3:])] == []


@pytest.mark.libreoffice
def test_what_is_done_to_the_second_sheet_is_followed_or_told(office, parted):
    name = "Détail 2"
    sheet = openpyxl.load_workbook(parted)[name]
    top = int(sheet.auto_filter.ref.split(":")[0][1:]) + 1
    person = sheet.cell(top, 1).value
    level = next(
        row
        for row in range(top, sheet.max_row)
        if (sheet.cell(row, 1).value, sheet.cell(row, 3).value) == (person, "niveau")
    )

    def after(action):
        found = office.follow(parted, [action], ["Synthèse"])
        return {row["Identifiant"]: row["Décision"] for row in table_of(found["Synthèse"], "Synthèse")}

    assert after(DeleteRows(name, top))[person] == "LIGNES DÉPLACÉES"
    assert after(Sort(name, f"A{top}:N{sheet.max_row}", "G", False))[person] == "LIGNES DÉPLACÉES"
    strange = after(Type(f"G{level}", "9", sheet=name))
    assert strange[person] == "LIGNES DÉPLACÉES"
    untouched = {row["Candidat"] for row in marks_of(parted)["Détail"]}
    before = {row["Identifiant"]: row["Décision"] for row in rows(parted, "Synthèse")}
    assert {name: strange[name] for name in untouched} == {name: before[name] for name in untouched}
