"""The sheet `Statistiques`: what is counted, in which order, around which bars, and who marks beside whom."""

from decimal import Decimal
from itertools import pairwise

import openpyxl
import pytest

from engine.outputs.workbook.spread import brackets
from tests import oracle
from tests.descriptions import CGCO as RULES
from tests.descriptions import TEXTS, at_every_bar, points
from tests.recalculation import results_of
from tests.results import CGCO, OTHER, SMALLEST, certification, session, sheets, workbook
from tests.test_decide import Chance, departing


def table_of(first, path=None):
    """The rows of the table whose first heading this is, by their first cell."""
    lines = sheets(path or workbook())["Statistiques"]
    start = max(number for number, line in enumerate(lines) if line[0] == first) + 1
    found = {}
    for line in lines[start:]:
        if line[0] == "":
            break
        found[line[0]] = line[1:5]
    return found


def test_decisions_and_conditions_are_counted():
    decisions = table_of("Décision")
    assert [decisions[word][0] for word in ("ADMIS", "PARTIEL", "AJOURNÉ", "EN ATTENTE", "SORTI")] == [6, 3, 1, 3, 1]
    assert table_of("Condition")["B2"] == [10, 1, 2, pytest.approx(10 / 13)]


def test_what_a_jury_decided_is_counted_and_how_often_it_departed(tmp_path):
    """Of such a cohort as test_results_formulas.py has two programs recalculate."""
    rules = oracle.rules_of(TEXTS["cgco"])
    people = [Chance(seed, rules).candidate() for seed in range(30)] + departing(rules, 4)
    found = [oracle.decide(rules, each) for each in people]
    by_jury = [each for each in found if each["decided_by"] == "Jury"]
    otherwise = [each for each in by_jury if each["decision"] != each["ruled"][0]]
    blocs_alone = [each for each in by_jury if each not in otherwise and set(each["acquired"]) != set(each["ruled"][1])]
    assert len(otherwise) >= 4
    assert blocs_alone
    counted = table_of("Jury", results_of(tmp_path / "resultats.xlsx", people, RULES))
    assert {name: row[0] for name, row in counted.items()} == {
        "Décidés par le jury": len(by_jury),
        "Écarts aux règles": len(otherwise) + len(blocs_alone),
        "dont les blocs seuls": len(blocs_alone),
    }


def test_competences_come_the_weakest_first():
    found = table_of("Compétence")
    assert set(found) == {competence.code for competence in certification().competences}
    shares = [shown / rated for rated, shown, *_ in found.values()]
    assert all(first <= second for first, second in pairwise(shares))
    assert [row[2] for row in found.values()] == pytest.approx(shares)


def test_the_oral_is_shown_by_section():
    sections = table_of("Partie")
    assert list(sections) == [section.title for section in certification().oral.sections]
    given = [outcome.oral.sections[0] for outcome in session()["outcomes"] if outcome.oral.sections[0] is not None]
    first = next(iter(sections.values()))
    assert first[:3] == [
        4,
        pytest.approx(float(sum(given) / len(given))),
        pytest.approx(float(sum(given) / len(given)) / 4),
    ]


@pytest.mark.parametrize("name", ["Grand oral", "EN", "UE1", "UE7"])
def test_every_mark_is_in_one_bracket(name):
    parts = {"Grand oral": lambda one: one.oral, "EN": lambda one: one.exam}
    part = parts.get(name, lambda one: one.units[name])
    present = [outcome for outcome in session()["outcomes"] if not outcome.candidate.dropped_out]
    values = [part(outcome).value for outcome in present if part(outcome).value is not None]
    assert sum(sum(row[:2]) for row in table_of(name).values()) == len(values)


def test_a_mark_at_its_bar_is_on_the_side_of_its_state(tmp_path):
    """12 passes the exam, 36 the oral; 10 fails a UE, and 10,001 does not."""
    description = at_every_bar()
    description["notes"] |= {"UE1": "10", "UE2": "10.001", "UE3": "0", "UE4": "20"}
    path = results_of(tmp_path / "seuils.xlsx", [description], RULES)
    assert table_of("Grand oral", path)["36 à 42"][:2] == [0, 1]
    assert table_of("EN", path)["12 à 14"][:2] == [0, 1]
    assert table_of("UE1", path)["8 à 10"][:2] == [1, 0]
    assert table_of("UE2", path)["10 à 12"][:2] == [0, 1]
    assert table_of("UE3", path)["0 à 2"][:2] == [1, 0]
    assert table_of("UE4", path)["18 à 20"][:2] == [0, 1]


def test_jurors_are_compared_over_the_candidates_they_share(tmp_path):
    """J3 hears the strongest candidate alone with J1: only what both gave the same person is compared."""
    totals = [{"J1": "40", "J2": "44"}, {"J1": "50", "J3": "52"}, {"J3": "60"}]
    people = [at_every_bar() | {"orals": [(j, points(t), "Oui") for j, t in given.items()]} for given in totals]
    found = table_of("Juré", results_of(tmp_path / "jurés.xlsx", people, RULES))
    assert found == {"J1": [2, 45, 48, -3], "J2": [1, 44, 40, 4], "J3": [2, 52, 50, 2]}


def test_nobody_to_compare_is_no_table(tmp_path):
    alone = at_every_bar() | {"orals": [("J1", points("40"), "Oui")]}
    path = results_of(tmp_path / "seul.xlsx", [alone], RULES)
    assert "Juré" not in [line[0] for line in sheets(path)["Statistiques"]]


@pytest.mark.parametrize(("name", "charts"), [(CGCO, 15), (OTHER, 7), (SMALLEST, 3)])
def test_charts_are_native(name, charts):
    assert len(openpyxl.load_workbook(workbook(name))["Statistiques"]._charts) == charts


@pytest.mark.parametrize("name", [CGCO, OTHER])
def test_the_bar_of_the_oral_separates_two_brackets(name):
    oral = certification(name).oral
    found = brackets(Decimal(0), oral.points, oral.at_least)
    assert found[0][0] == Decimal(0)
    assert found[-1][1] == oral.points
    assert oral.at_least in [high for _, high in found]
    assert all(high == low for (_, high), (low, _) in pairwise(found))


@pytest.mark.parametrize("name", [CGCO, OTHER, SMALLEST])
def test_every_figure_is_a_formula_or_a_constant_of_its_table(name):
    """Numbers that nothing computes: the zeros of the other side of a bar, and the points of a section."""
    sheet = openpyxl.load_workbook(workbook(name))["Statistiques"]
    written = {cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "n"} - {None}
    oral = certification(name).oral
    assert written <= {0, *(float(section.points) for section in (oral.sections if oral else ()))}
