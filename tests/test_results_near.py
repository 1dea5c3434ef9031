"""The sheet `Cas limites`: who is near a bar, on which side, and what hangs on it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model import State
from engine.outputs.workbook.near import mark_margin, near_cases, oral_margin
from tests.descriptions import CGCO, OTHER, at_every_bar, counted, outcome_of, points
from tests.results import CGCO as SHIPPED
from tests.results import certification, headings, rows, session, workbook

HEADINGS = [
    *("Candidat", "Nom", "Prénom", "Décision", "Provisoire", "Condition", "Valeur", "Seuil", "Marge", "Unité"),
    *("État", "Enjeu", "Ce qui en décide"),
]
COMFORTABLE = {unit.code: "15" for unit in CGCO.units} | {"EN": "15"}


def far_from_every_bar():
    grille = {each.code: str(each.minimum + 1) for each in CGCO.competences}
    items = {each.code: str(each.minimum + 1) for each in CGCO.transversal.items}
    orals = [(juror, points("50"), "Oui") for juror in ("J1", "J2")]
    return at_every_bar() | {
        "grilles": [("T1", grille)],
        "transversales": [("J1", items)],
        "orals": orals,
        "notes": dict(COMFORTABLE),
    }


def cases(**changes):
    """The near cases of a candidate far from every bar but for these changes, by condition."""
    description = far_from_every_bar()
    description["notes"] |= changes.pop("notes", {})
    description["grilles"][0][1].update(changes.pop("grille", {}))
    outcome = outcome_of(description | changes)
    return {case.condition: case for case in near_cases([outcome], CGCO)}


def one(**changes):
    (found,) = cases(**changes).values()
    return found


def of_oral(first, second, answer="Oui"):
    return {"orals": [("J1", points(first), answer), ("J2", points(second), answer)]}


def test_nobody_is_near_from_afar():
    assert cases() == {}


@pytest.mark.parametrize(("reached", "margin", "state"), [(3, 0, State.VALIDATED), (2, -1, State.FAILED)])
def test_a_bloc_that_one_competence_would_turn(reached, margin, state):
    case = one(grille=counted(CGCO.blocs[2].competences, reached))
    assert (case.condition, case.margin, case.state, case.stake) == ("B3", margin, state, "le bloc B3, le titre")


@pytest.mark.parametrize("reached", [4, 1, 0])
def test_a_bloc_that_one_competence_would_not_turn(reached):
    assert cases(grille=counted(CGCO.blocs[2].competences, reached)) == {}


@pytest.mark.parametrize("unknown", [None, "excluded"])
def test_what_waits_is_not_near(unknown):
    assert cases(grille=counted(CGCO.blocs[2].competences, 2, 3, as_unknown=unknown)) == {}
    assert cases(notes={"EN": unknown, "UE6": unknown}) == {}
    assert cases(orals=[("J1", points("36"), "Oui")]) == {}


def test_the_levels_that_one_step_would_turn_are_named_nearest_first():
    description = far_from_every_bar()
    description["grilles"][0][1].update(counted(CGCO.blocs[2].competences, 2) | {"3.4": "1"})
    description["grilles"].append(("F1", {"3.5": "3"}))
    (case,) = near_cases([outcome_of(description)], CGCO)
    assert case.deciding == "3.5 (2,5 pour 3), 3.3 (1 pour 2), 3.6 (2 pour 3), 3.7 (1 pour 2)"


@pytest.mark.parametrize(
    ("first", "second", "near"),
    [("34.5", "34.5", True), ("34.5", "34", False), ("37.5", "37.5", True), ("37.5", "38", False), ("36", "36", True)],
)
def test_an_oral_within_a_fortieth_of_its_points(first, second, near):
    assert bool(cases(**of_oral(first, second))) is near


def test_the_sheet_of_each_juror_is_told():
    case = one(**of_oral("35.5", "36"))
    assert (case.value, case.margin, case.deciding) == (Decimal("35.75"), Decimal("-0.25"), "J1 (35,5), J2 (36)")


@pytest.mark.parametrize(
    ("mark", "near"), [("11.499999", False), ("11.5", True), ("12", True), ("12.5", True), ("12.500001", False)]
)
def test_an_exam_within_half_a_mark(mark, near):
    assert bool(cases(notes={"EN": mark})) is near


@pytest.mark.parametrize(
    ("mark", "state"),
    [("9.5", State.FAILED), ("10", State.FAILED), ("10.000001", State.VALIDATED), ("10.5", State.VALIDATED)],
)
def test_a_unit_at_its_bar_has_failed_and_just_above_has_not(mark, state):
    case = one(notes={"UE6": mark})
    assert (case.state, case.margin, case.stake) == (state, Decimal(mark) - 10, "10 crédits")


def test_a_unit_that_the_report_holds_back_does_not_hang_on_its_mark():
    assert set(cases(notes={"UE7": "10.1"})) == {"UE7"}
    assert cases(notes={"UE7": "10.1"}, **of_oral("50", "50", "Non")) == {}


def test_what_hangs_on_a_case():
    assert one(notes={"EN": "12"}).stake == one(notes={"EN": "11.5"}).stake == "le titre"
    both = cases(notes={"EN": "11.5"}, **of_oral("35", "35"))
    assert {case.stake for case in both.values()} == {"pas le titre à lui seul"}
    lost = cases(notes={"EN": "12"}, **of_oral("10", "10"))
    assert lost["EN"].stake == ""


def test_who_left_and_what_is_held_are_not_near():
    assert cases(left=True, notes={"EN": "12"}) == {}
    assert cases(held=["B3"], grille=counted(CGCO.blocs[2].competences, 2)) == {}


def test_margins_follow_the_scales():
    assert (oral_margin(CGCO), mark_margin(CGCO)) == (Decimal("1.5"), Decimal("0.5"))
    assert (oral_margin(OTHER), mark_margin(OTHER)) == (1, Decimal("2.5"))


def test_levels_without_a_step_have_a_margin():
    scales = replace(CGCO.scales, level=replace(CGCO.scales.level, step=None))
    outcome = outcome_of(far_from_every_bar() | {"grilles": [("T1", counted(CGCO.blocs[2].competences, 2))]})
    (case,) = (case for case in near_cases([outcome], replace(CGCO, scales=scales)) if case.condition == "B3")
    assert (case.margin, case.deciding) == (-1, "")  # those below stand a whole level below, out of a tenth


# ----------------------------------------------------------------------------------------------- sheet


def test_the_sheet_tells_every_case():
    assert headings(workbook(), "Cas limites") == HEADINGS
    outcomes = sorted(session(SHIPPED)["outcomes"], key=lambda outcome: outcome.candidate.id)
    expected = {
        (case.outcome.candidate.id, case.condition): (float(case.value), float(case.bar), case.state.value)
        for case in near_cases(outcomes, certification())
    }
    found = {
        (row["Candidat"], row["Condition"]): (row["Valeur"], row["Seuil"], row["État"])
        for row in rows(workbook(), "Cas limites")
    }
    assert found == expected
    assert found["C014", "UE6"] == (10, 10, "Non validé")
    assert "C013" not in {candidate for candidate, _ in found}
