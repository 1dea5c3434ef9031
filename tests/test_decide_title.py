"""The decision, condition by condition."""

import pytest

from engine.model import Decision, State
from tests.descriptions import CGCO, MINIMAL, at_every_bar, candidate, counted, outcome_of, points

FAIL, WAIT = "fail", "wait"
BLOCS = {bloc.code: bloc for bloc in CGCO.blocs}


def decided(policy=None, **changes):
    """The outcome of a candidate at every bar, but for the conditions that fail or wait."""
    description = at_every_bar()
    for condition, change in changes.items():
        _CHANGES.get(condition, _bloc)(description, condition, change)
    return outcome_of(description, **policy or {})


def _bloc(description, code, change):
    required = BLOCS[code].required
    cells = counted(BLOCS[code].competences, required - 1, 1 if change == WAIT else 0)
    description["grilles"][0][1].update(cells)


def _transversal(description, _, change):
    cells = counted(CGCO.transversal.items, 8, 1 if change == WAIT else 0)
    description["transversales"] = [("J1", cells)]


def _oral(description, _, change):
    orals = [(juror, points("35.5"), "Oui") for juror in ("J1", "J2")]
    description["orals"] = orals[:1] if change == WAIT else orals


def _exam(description, _, change):
    description["notes"]["EN"] = None if change == WAIT else "11.99"


def _unit(description, _, change):
    description["notes"]["UE6"] = None if change == WAIT else "10"


_CHANGES = {"transversal": _transversal, "oral": _oral, "exam": _exam, "unit": _unit}
OTHERS = ["transversal", "oral", "exam"]
NO_BLOC = dict.fromkeys(BLOCS, FAIL)


def test_at_every_bar_is_admitted_with_every_credit():
    outcome = decided()
    assert (outcome.decision, outcome.credits) == (Decision.ADMITTED, 60)
    assert outcome.acquired == ("B1", "B2", "B3", "B4")
    assert (outcome.provisional, outcome.reasons) == (False, ())


@pytest.mark.parametrize("condition", [*BLOCS, *OTHERS])
def test_each_condition_alone_takes_the_title_away(condition):
    assert decided(**{condition: FAIL}).decision is Decision.PARTIAL


@pytest.mark.parametrize("condition", [*BLOCS, *OTHERS])
def test_each_condition_alone_makes_the_title_wait(condition):
    assert decided(**{condition: WAIT}).decision is Decision.PENDING


@pytest.mark.parametrize("condition", [*BLOCS, *OTHERS])
@pytest.mark.parametrize("bloc", BLOCS)
def test_nothing_is_decided_while_the_list_of_blocs_may_grow(condition, bloc):
    changes = {condition: FAIL, bloc: WAIT}
    assert decided(**changes).decision is Decision.PENDING


@pytest.mark.parametrize("waiting", OTHERS)
def test_a_failed_bloc_settles_it_whatever_else_waits(waiting):
    outcome = decided(B2=FAIL, **{waiting: WAIT})
    assert (outcome.decision, outcome.acquired) == (Decision.PARTIAL, ("B1", "B3", "B4"))


def test_every_bloc_but_a_failed_oral_is_partial():
    outcome = decided(oral=FAIL)
    assert (outcome.decision, outcome.acquired) == (Decision.PARTIAL, ("B1", "B2", "B3", "B4"))


@pytest.mark.parametrize("others", [{}, {"oral": WAIT}, {"oral": FAIL}, dict.fromkeys(OTHERS, WAIT)])
def test_no_bloc_at_all_is_refused_whatever_the_rest(others):
    outcome = decided(**NO_BLOC, **others)
    assert (outcome.decision, outcome.acquired) == (Decision.REFUSED, ())


def test_no_bloc_yet_and_one_that_waits_is_not_refused():
    assert decided(**NO_BLOC | {"B4": WAIT}).decision is Decision.PENDING
    assert decided(**NO_BLOC | {"B4": WAIT}, oral=FAIL).decision is Decision.PENDING


def test_one_validated_bloc_tells_partial_from_refused():
    blocs = {code: FAIL for code in BLOCS if code != "B4"}
    assert decided(**blocs).decision is Decision.PARTIAL


def test_a_held_bloc_alone_makes_it_partial():
    description = at_every_bar() | {"held": ["B2"]}
    for code in BLOCS:
        _bloc(description, code, FAIL)
    outcome = outcome_of(description)
    assert (outcome.decision, outcome.acquired) == (Decision.PARTIAL, ("B2",))


@pytest.mark.parametrize(
    ("required", "change", "decision"),
    [
        (False, FAIL, Decision.ADMITTED),
        (False, WAIT, Decision.ADMITTED),
        (True, FAIL, Decision.PARTIAL),
        (True, WAIT, Decision.PENDING),
    ],
)
def test_the_units_bear_on_the_title_only_where_the_policy_says_so(required, change, decision):
    outcome = decided({"title_requires_ues": required}, unit=change)
    assert outcome.decision is decision
    assert outcome.credits == 50


def test_nothing_received_waits():
    assert outcome_of(candidate()).decision is Decision.PENDING


def test_who_dropped_out_is_out_whatever_the_marks():
    for description in (at_every_bar(), candidate()):
        assert outcome_of(description | {"left": True}).decision is Decision.LEFT


def test_a_result_is_provisional_while_a_sheet_is_awaited():
    outcome = outcome_of(at_every_bar(), awaited=("la grille de BENALI Karim",))
    assert (outcome.provisional, outcome.decision) == (True, Decision.ADMITTED)


@pytest.mark.parametrize(
    ("cell", "decision"), [("2", Decision.ADMITTED), ("1", Decision.REFUSED), (None, Decision.PENDING)]
)
def test_a_referential_without_other_parts_rests_on_its_blocs(cell, decision):
    outcome = outcome_of(candidate(grilles=[("T1", {"G1": cell})]), MINIMAL)
    assert (outcome.decision, outcome.oral, outcome.exam, outcome.transversal) == (decision, None, None, None)
    assert (outcome.unit_state, outcome.report, outcome.credits) == (None, None, 0)


def test_a_pending_value_never_makes_a_decision_even_beside_a_good_one():
    description = at_every_bar()
    code = BLOCS["B1"].competences[0].code
    description["grilles"].append(("F1", {code: "excluded"}))
    outcome = outcome_of(description)
    assert (outcome.blocs["B1"].state, outcome.decision) == (State.PENDING, Decision.PENDING)
