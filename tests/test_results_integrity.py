"""What a person does to `Détail` changes no decision unseen: moved rows, moved values, values out of their scale."""

import re
from functools import cache

import openpyxl
import pytest
from openpyxl.utils import range_boundaries

from engine.model.tables import MARKS, table
from tests import juries
from tests.libreoffice import Clear, DeleteCells, DeleteRows, InsertCells, InsertRows, Sort, Type
from tests.results import headings, mark, rows, session, sheets, table_of, workbook, written

DISPLACED = "LIGNES DÉPLACÉES"


@cache
def bounds():
    """The first and last row of the marks."""
    return bounds_of(workbook())


def bounds_of(results):
    """The same of these results."""
    _, top, _, bottom = range_boundaries(openpyxl.load_workbook(results)["Détail"].auto_filter.ref)
    return top + 1, bottom


@cache
def before():
    """Each candidate's decision as written."""
    return {row["Identifiant"]: row["Décision"] for row in rows(workbook(), "Synthèse")}


def find(**where):
    """The row (from 1) of `Détail` that holds these values, if there is one."""
    known = headings(workbook(), "Détail")
    for number, row in enumerate(sheets(workbook())["Détail"], start=1):
        if all(row[known.index(heading)] == value for heading, value in where.items()):
            return number
    return None


def row_of(**where):
    """The same, where there must be one."""
    found = find(**where)
    assert found, where
    return found


def after(office, *actions):
    """The lines of the first sheets once a person has done this."""
    return office.follow(workbook(), actions, ["Accueil", "Synthèse"])


def decisions(found):
    """Each candidate's decision."""
    return {row["Identifiant"]: row["Décision"] for row in table_of(found["Synthèse"], "Synthèse")}


def disturbed(found):
    """Who shows `LIGNES DÉPLACÉES`; everybody else must have the decision that was written."""
    now = decisions(found)
    shown = {name for name, decision in now.items() if decision == DISPLACED}
    assert {name: now[name] for name in before() if name not in shown} == {
        name: decision for name, decision in before().items() if name not in shown
    }
    return shown


def told(found):
    """The first line of `Synthèse`."""
    return found["Synthèse"][1][0]


# A..N: candidate, kind, input, code, evaluator, raw, value, file, sheet, cell, digest, maximum, landmark, number
@pytest.mark.libreoffice
@pytest.mark.parametrize(
    ("columns", "by", "ascending"),
    [
        *[("A:N", "D", False), ("A:N", "G", True), ("A:M", "D", False), ("A:K", "G", False), ("A:K", "E", True)],
        *[("A:G", "G", False), ("B:N", "D", False), ("B:G", "E", True), ("D:G", "D", False), ("E:M", "G", True)],
        *[("F:G", "G", False), ("G:G", "G", False), ("G:G", "G", True), ("G:J", "H", False), ("A:F", "D", False)],
        *[("A:A", "A", False), ("D:D", "D", True), ("L:L", "L", False), ("M:N", "N", False)],
    ],
)
def test_a_sort_of_some_columns_is_seen(office, columns, by, ascending):
    first, last = bounds()
    left, right = columns.split(":")
    found = after(office, Sort("Détail", f"{left}{first}:{right}{last}", by, ascending))
    assert len(disturbed(found)) > 5  # of 14: no mark of some others moved
    assert told(found).startswith("Des lignes ont été déplacées")


@pytest.mark.libreoffice
@pytest.mark.parametrize("columns", ["A:K", "G:G", "F:G"])
def test_a_sort_within_one_candidate_is_seen(office, columns):
    own = [number for number, row in enumerate(sheets(workbook())["Détail"], start=1) if row[0] == "C005"]
    left, right = columns.split(":")
    found = after(office, Sort("Détail", f"{left}{own[0]}:{right}{own[-1]}", "G"))
    assert "C005" in disturbed(found)


@pytest.mark.libreoffice
@pytest.mark.parametrize("columns", ["H:K", "K:K"])
def test_what_no_decision_rests_on_may_be_sorted(office, columns):
    first, last = bounds()
    left, right = columns.split(":")
    found = after(office, Sort("Détail", f"{left}{first}:{right}{last}", left))
    assert not disturbed(found)


@pytest.mark.libreoffice
@pytest.mark.parametrize("change", [InsertRows, DeleteRows])
def test_a_row_inserted_or_deleted_is_seen(office, change):
    row = row_of(Candidat="C005", Code="2.2", Saisie="niveau")
    found = after(office, change("Détail", row, 1))
    assert disturbed(found) == {"C005"}


@pytest.mark.libreoffice
@pytest.mark.parametrize("change", [InsertCells, DeleteCells])
@pytest.mark.parametrize("columns", ["A:A", "D:D", "G:G", "A:G", "N:N"])
def test_cells_shifted_apart_from_their_row_are_seen(office, change, columns):
    row = row_of(Candidat="C005", Code="2.2", Saisie="niveau")
    left, right = columns.split(":")
    assert "C005" in disturbed(after(office, change("Détail", f"{left}{row}:{right}{row}")))


@pytest.mark.libreoffice
@pytest.mark.parametrize(("letter", "text"), [("A", "C006"), ("B", "ORAL"), ("C", "auto"), ("D", "'9.9"), ("E", "X99")])
def test_an_identity_typed_over_is_seen(office, letter, text):
    row = row_of(Candidat="C005", Code="2.2", Saisie="niveau")
    assert disturbed(after(office, Type(f"{letter}{row}", text, sheet="Détail"))) == {"C005"}


LEVEL = {"Saisie": "niveau", "Nature": "GRILLE"}
POINTS = {"Saisie": "points", "Code": "O08"}
STRANGE = [
    *[(LEVEL, text) for text in ("9", "0", "-1", "2,5", "'3", "ABS", "Oui", "5,0001")],
    *[(POINTS, text) for text in ("70", "5,5", "-1", "0,25", "'5", "NE", "Oui")],
    *[({"Code": "EN"}, text) for text in ("25", "20,01", "-0,5", "'12", "NE", "douze")],
    ({"Saisie": "niveau", "Nature": "TRANSVERSALE"}, "6"),
    ({"Saisie": "rapport"}, "peut-être"),
    ({"Code": "UE1", "Nature": "NOTES"}, "21"),
]


@pytest.mark.libreoffice
@pytest.mark.parametrize("turn", range(4))
def test_a_value_out_of_its_scale_is_seen(office, turn):
    """One strange value for each of several candidates, and nobody else is concerned."""
    typed = {}
    waiting = STRANGE[turn::4]
    for name in before():
        row = waiting and find(Candidat=name, **waiting[0][0])
        if row and before()[name] != "SORTI":
            typed[name] = Type(f"G{row}", waiting.pop(0)[1], sheet="Détail")
    assert not waiting
    assert disturbed(after(office, *typed.values())) == set(typed)


@pytest.mark.libreoffice
def test_what_a_closure_settled_stays_and_the_disturbance_is_told(office, tmp_path):
    """What is delivered is closed: its decisions are no formulas, those of the rules beside them are."""
    closed = juries.make_closed(tmp_path / "close").path / "resultats" / "resultats.xlsx"
    first = bounds_of(closed)[0]
    found = office.follow(closed, [InsertRows("Détail", first + 1, 1)], ["Accueil", "Synthèse"])
    shown = table_of(found["Synthèse"], "Synthèse")
    lost = [row["Identifiant"] for row in shown if row["Décision calculée"] == DISPLACED]
    assert len(lost) == 1
    assert DISPLACED not in decisions(found).values()
    assert "déplacées" in told(found)
    (words,) = [row[1] for row in found["Accueil"] if row[0] == "Ce classeur"]
    assert "lignes déplacées" in words


@pytest.mark.libreoffice
def test_a_value_typed_over_within_its_scale_is_followed_and_told(office):
    level, exam = (row_of(Candidat="C005", **where) for where in (LEVEL, {"Code": "EN"}))
    found = after(office, Type(f"G{level}", "1", sheet="Détail"), Type(f"G{exam}", "DISP", sheet="Détail"))
    assert DISPLACED not in decisions(found).values()
    assert "changées à la main" in told(found)
    (words,) = [row[1] for row in found["Accueil"] if row[0] == "Ce classeur"]
    assert words.endswith("changée à la main depuis la consolidation\u202f: 1")


@pytest.mark.libreoffice
@pytest.mark.parametrize(("entry", "typed"), [("decision", "AJOURNÉ"), ("decision", "RECALÉ"), ("blocs", "B1; B3")])
def test_a_ruling_of_the_jury_typed_over_is_told(office, tmp_path, entry, typed):
    sitting = juries.make(tmp_path / "jury")
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": "Panne"}})
    results = sitting.consolidate().path
    assert "changées" not in told(office.follow(results, [], ["Synthèse"]))
    known = headings(results, "Détail")
    where = dict(zip(("Candidat", "Nature", "Saisie"), ("C04", "DELIBERATION", entry), strict=True))
    (row,) = (
        number
        for number, line in enumerate(sheets(results)["Détail"], start=1)
        if all(line[known.index(heading)] == value for heading, value in where.items())
    )
    found = office.follow(results, [Type(f"G{row}", typed, sheet="Détail")], ["Synthèse"])
    assert "changées à la main" in told(found)


@pytest.mark.libreoffice
def test_a_value_taken_away_is_missing_and_told(office):
    found = after(office, Clear(f"G{row_of(Candidat='C005', Code='EN')}", sheet="Détail"))
    assert (before()["C005"], decisions(found)["C005"]) == ("ADMIS", "EN ATTENTE")
    assert "changées à la main" in told(found)


def test_a_free_text_that_is_also_a_word_is_counted_as_programs_compare(tmp_path):
    """`non` in a remark is the word `Non` to COUNTIF: to count it otherwise told of a change that nobody made."""
    given = session()["marks"].astype(object).itertuples(index=False)
    path = written(tmp_path, marks=table(MARKS, [*given, mark("non", entry="experience", evaluator="T01")]))
    values = [str(row["Valeur retenue"]).casefold() for row in rows(path, "Détail")]
    (summed,) = {line[0].value for line in openpyxl.load_workbook(path)["Candidats"]["A4:A4"]}
    assert re.findall(r'COUNTIF\(Détail![^,]*,"Non"\)=(\d+)', summed) == [str(values.count("non"))]
