"""The formulas of the results: recalculated for real, they say what the engine says, and follow the marks."""

import re
from dataclasses import replace
from fractions import Fraction
from functools import cache

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from engine.model.rules import aggregate, aggregate_formula
from engine.office.styles import new_workbook
from engine.outputs.workbook.frame import LiveSheet
from tests import oracle
from tests.descriptions import CGCO as CERTIFICATION
from tests.descriptions import OTHER as OTHER_CERTIFICATION
from tests.descriptions import REFERENTIALS, TEXTS
from tests.libreoffice import Clear, Sort, Type
from tests.promotion import MADE_AT
from tests.recalculation import differences, results_of, without_values
from tests.results import BTS, CGCO, CQP, LETTERS, OTHER, SMALLEST, headings, person, rows, sheets, table_of, workbook
from tests.test_decide import Chance, departing

POLICIES = [
    ("cgco", {}),
    ("cgco", {"competence_from": "median", "transversal_from": "max", "oral_from": "min", "rounding": 0}),
    (
        "cgco",
        {"competence_from": "min", "transversal_from": "median", "oral_from": "median", "rounding": 3}
        | {"minimum_jurors": 3, "title_requires_ues": True},
    ),
    ("other", {}),
    ("other", {"competence_from": "max", "transversal_from": "mean", "oral_from": "mean", "rounding": 1}),
    ("minimal", {}),
    ("cycles", {}),
    ("bts", {}),
    ("bts", {"rounding": 0}),
    ("bts", {"competence_from": "min", "rounding": 3}),
    ("cqp", {}),
    ("cqp", {"rounding": 1, "minimum_jurors": 1}),
    ("lettres", {}),
    ("lettres", {"competence_from": "max", "transversal_from": "min", "rounding": 0}),
]
LIVE = re.compile(
    r"Décision( calculée)?|B\d( état)?|Transversales( état)?|Oral( état)?|EN état|UE état|Crédits|Blocs acquis"
)
VOLATILE = re.compile(r"OFFSET|INDIRECT|NOW|TODAY|RAND|CELL|INFO|_xl|LET|LAMBDA|XLOOKUP|FILTER")


# ------------------------------------------------------------------------------- recalculated for real


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", [CGCO, OTHER])
def test_an_invented_session_is_recalculated_as_decided(office, tmp_path, name):
    formulas, found = differences(office, workbook(name), tmp_path)
    assert found == []
    assert formulas > 700


@pytest.mark.libreoffice
@pytest.mark.parametrize(("name", "policy"), POLICIES)
def test_random_cohorts_are_recalculated_as_decided(office, tmp_path, name, policy):
    target = random_cohort(tmp_path, name, policy, seeds=range(30))
    assert differences(office, target, tmp_path)[1] == []


def random_cohort(folder, name, policy, seeds):
    """The results of candidates drawn at random, under a policy; of some the jury decides otherwise than the rules."""
    referential = REFERENTIALS[name]
    referential = replace(referential, policy=replace(referential.policy, **policy))
    rules = oracle.rules_of(TEXTS[name], **policy)
    descriptions = [Chance(seed, rules).candidate() for seed in seeds] + departing(rules, 4)
    return results_of(folder / "resultats.xlsx", descriptions, referential)


@pytest.mark.gnumeric
@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST, BTS, CQP, LETTERS])
def test_another_program_recalculates_an_invented_session_as_decided(gnumeric, tmp_path, name):
    formulas, found = differences(gnumeric, workbook(name), tmp_path)
    assert [cell for cell in found if not of_many_fonts(*cell[3:])] == []
    assert formulas > 200


@pytest.mark.gnumeric
@pytest.mark.parametrize(("name", "policy"), POLICIES)
def test_another_program_recalculates_random_cohorts_as_decided(gnumeric, tmp_path, name, policy):
    target = random_cohort(tmp_path, name, policy, seeds=range(100, 130))
    assert [cell for cell in differences(gnumeric, target, tmp_path)[1] if not of_many_fonts(*cell[3:])] == []


def of_many_fonts(ours, theirs):
    """Gnumeric drops the blanks between the pieces of a text of several fonts, which no formula gives."""
    return isinstance(ours, str) and "      " in ours and "".join(ours.split()) == "".join(str(theirs).split())


# -------------------------------------------------------------------------------------- how it is rounded


@pytest.mark.libreoffice
def test_rounding_meets_every_reachable_tie_as_exact_arithmetic_does(office, tmp_path):
    """Every sum that one to twelve raters can reach on the scales of both certifications, at every rounding."""
    found, target = list(reachable()), tmp_path / "moyennes.xlsx"
    book = new_workbook(target, title="Moyennes", made_at=MADE_AT)
    sheet = book.add_worksheet("Moyennes", worksheet_class=LiveSheet)
    for row, (values, how, rounding) in enumerate(found):
        for column, value in enumerate(values, start=1):
            sheet.write_number(row, column, float(value))
        sheet.write_formula(row, 0, "=" + aggregate_formula(f"B{row + 1}:M{row + 1}", how, rounding), None, 0)
    book.close()
    without_values(target, tmp_path / "nues.xlsx")
    again = sheets(office.convert(tmp_path / "nues.xlsx", tmp_path / "recalculées.xlsx"))["Moyennes"]
    expected = [float(aggregate(values, how, rounding)) for values, how, rounding in found]
    assert [row[0] for row in again] == expected
    assert len(found) > 5_000


def reachable():
    """(values, aggregate, rounding): every sum whose mean is a tie at this rounding, and some others."""
    for step, most in steps():
        for raters in range(1, 13):
            for total in range(raters * most + 1):
                low, more = divmod(total, raters)
                values = [step * (low + 1)] * more + [step * low] * (raters - more)
                mean = Fraction(sum(values)) / raters
                for rounding in range(4):
                    doubled = 2 * 10**rounding * mean
                    if doubled.denominator == 1 and doubled.numerator % 2:
                        yield from ((values, how, rounding) for how in (AGGREGATES if raters < 3 else ("mean",)))
                if total % 29 == 0:
                    yield values, AGGREGATES[total % 4], raters % 4


AGGREGATES = ("mean", "median", "min", "max")


def steps():
    """The steps of every scale that is ever averaged, and how many a value may hold."""
    for referential in (CERTIFICATION, OTHER_CERTIFICATION):
        level, oral = referential.scales.level, referential.oral
        yield level.step, int(level.maximum / level.step)
        yield oral.step, int(oral.points / oral.step)


# ------------------------------------------------------------------------------------------ what changes


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST, BTS, CQP])
def test_every_figure_that_is_decided_is_a_formula(name):
    sheet = opened(name)["Synthèse"]
    top = range_boundaries(sheet.auto_filter.ref)[1]
    for row in sheet.iter_rows(min_row=top + 1):
        left = row[3].value.startswith("=") and person(workbook(name), row[0].value)["Décision"] == "SORTI"
        for heading, cell in zip(headings(workbook(name), "Synthèse"), row, strict=True):
            if heading == "Décision" or (LIVE.fullmatch(heading) and not left):
                assert cell.data_type == "f", (row[0].value, heading)


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST, BTS, CQP])
def test_formulas_are_plain_and_short(name):
    found = [cell for sheet in opened(name) for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(isinstance(cell.value, str) for cell in found)  # an array formula is an object of its own
    assert not [cell.value for cell in found if VOLATILE.search(re.sub('"[^"]*"', "", cell.value))]
    assert not [cell.value for cell in found if re.search(r"[A-Z]:\$?[A-Z]", cell.value)]  # whole columns
    assert max(len(cell.value) for cell in found) < 900


@cache
def opened(name=CGCO):
    """An invented session's workbook, its formulas instead of their values."""
    return openpyxl.load_workbook(workbook(name))


@pytest.mark.parametrize("name", [CGCO, OTHER])
def test_a_program_reads_the_stored_values_whatever_library_it_uses(name):
    book = openpyxl.load_workbook(workbook(name), data_only=True)
    for sheet, expected in ((book[title], lines) for title, lines in sheets(workbook(name)).items()):
        read = [["" if value is None else value for value in row] for row in sheet.iter_rows(values_only=True)]
        assert [row for row in read if any(value != "" for value in row)] == [
            row for row in expected if any(value != "" for value in row)
        ]


def place(sheet_name, **where):
    """The row (from 1) of the workbook's sheet that holds these values."""
    known = headings(workbook(), sheet_name)
    for number, row in enumerate(sheets(workbook())[sheet_name], start=1):
        if all(row[known.index(heading)] == value for heading, value in where.items()):
            return number
    raise LookupError(where)


def decided(office, *actions):
    """Each candidate's row of `Synthèse` once a person has done this to the workbook."""
    found = office.follow(workbook(), actions, ["Synthèse"])
    return {row["Identifiant"]: row for row in table_of(found["Synthèse"], "Synthèse")}


@pytest.mark.libreoffice
def test_a_mark_that_changes_moves_the_decision(office):
    exam = place("Détail", Candidat="C006", Code="EN")
    level = place("Détail", Candidat="C005", Code="2.2", Évaluateur="T01")
    points = place("Détail", Candidat="C010", Nature="ORAL", Code="O01", Évaluateur="J01")
    before = {row["Identifiant"]: row for row in rows(workbook(), "Synthèse")}
    after = decided(
        office,
        Type(f"G{exam}", "12", sheet="Détail"),
        Type(f"G{level}", "1", sheet="Détail"),
        Clear(f"G{points}", sheet="Détail"),
    )
    assert (before["C006"]["EN état"], after["C006"]["EN état"]) == ("Non validé", "Validé")
    assert before["C005"]["B2"] - after["C005"]["B2"] == 1
    assert (before["C010"]["Oral état"], after["C010"]["Oral état"]) == ("Validé", "En attente")
    others = before.keys() - {"C005", "C006", "C010"}
    assert {name: after[name] for name in others} == {name: before[name] for name in others}


@pytest.mark.libreoffice
@pytest.mark.parametrize("name", ["Détail", "Compétences", "Oral", "Candidats"])
def test_no_decision_is_told_from_rows_that_were_displaced(office, name):
    before = {row["Identifiant"]: row["Décision"] for row in rows(workbook(), "Synthèse")}
    after = {name: row["Décision"] for name, row in decided(office, sort_of(name)).items()}
    displaced = [name for name, decision in after.items() if decision == "LIGNES DÉPLACÉES"]
    assert len(displaced) > 10  # of 14: the others stand where they stood
    assert {name: after[name] for name in before if name not in displaced} == {
        name: before[name] for name in before if name not in displaced
    }


@pytest.mark.libreoffice
def test_sorting_the_summary_changes_no_decision(office):
    before = {row["Identifiant"]: row for row in rows(workbook(), "Synthèse")}
    after = decided(office, sort_of("Synthèse"))
    assert list(after) != list(before)
    assert after == before


def sort_of(name):
    """A person sorts a sheet by its first column, from the last to the first."""
    _, top, right, bottom = range_boundaries(opened()[name].auto_filter.ref)
    return Sort(name, f"A{top + 1}:{get_column_letter(right)}{bottom}", by="A")
