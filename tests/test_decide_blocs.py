"""Levels, blocs and transversal competences, at their boundaries."""

from decimal import Decimal

import pytest

from engine.model import Decision, State
from tests.descriptions import CGCO, OTHER, at_every_bar, candidate, counted, outcome_of

B3 = CGCO.blocs[2]  # 3 required of 7


def level(*cells, code="1.2", **policy):
    """The level of a competence (1.2: minimum 3) from these cells, one evaluator each."""
    grilles = [(f"E{rank}", {code: cell}) for rank, cell in enumerate(cells)]
    return outcome_of(candidate(grilles=grilles), **policy).levels[code]


def bloc(reached, unknown=0, as_unknown=None, held=()):
    grille = counted(B3.competences, reached, unknown, as_unknown=as_unknown)
    return outcome_of(candidate(grilles=[("T1", grille)], held=list(held))).blocs["B3"]


# ---------------------------------------------------------------------------------------------- levels


def test_a_level_at_the_minimum_is_demonstrated():
    assert level("3").demonstrated


def test_a_level_below_the_minimum_is_not():
    below = level("2")
    assert not below.demonstrated
    assert not below.missing


def test_a_mean_exactly_at_the_minimum_is_demonstrated():
    assert level("2", "4").demonstrated


def test_a_mean_just_below_the_minimum_is_not():
    assert level("3", "3", "2").value == Decimal("2.67")
    assert not level("3", "3", "2").demonstrated


@pytest.mark.parametrize(
    ("threes", "twos", "rounding", "value"),
    [(1, 1, 0, "3"), (2, 3, 0, "2"), (19, 1, 1, "3.0"), (9, 1, 1, "2.9"), (199, 1, 2, "3.00"), (99, 1, 2, "2.99")],
)
def test_a_mean_is_rounded_half_up_before_it_meets_the_minimum(threes, twos, rounding, value):
    found = level(*["3"] * threes, *["2"] * twos, rounding=rounding)
    assert found.value == Decimal(value)
    assert found.demonstrated == (Decimal(value) >= 3)


@pytest.mark.parametrize(("how", "value"), [("mean", "3.25"), ("median", "3.5"), ("min", "1"), ("max", "5")])
def test_the_policy_says_how_opinions_become_a_level(how, value):
    assert level("5", "1", "4", "3", competence_from=how).value == Decimal(value)


def test_the_jurors_levels_have_a_policy_of_their_own():
    sheets = [("J1", {"T01": "5"}), ("J2", {"T01": "1"})]
    outcome = outcome_of(candidate(transversales=sheets), transversal_from="min", competence_from="max")
    assert outcome.transversal_levels["T01"].value == 1


@pytest.mark.parametrize("nothing", [None, "NE"])
def test_one_evaluator_is_enough_whatever_the_others_left_out(nothing):
    assert level(nothing, "3").value == 3


@pytest.mark.parametrize("nothing", [None, "NE"])
def test_a_level_nobody_gave_is_missing(nothing):
    found = level(nothing, nothing)
    assert (found.value, found.missing, found.pending) == (None, True, False)


@pytest.mark.parametrize("cells", [("excluded", "5"), ("5", "excluded"), ("excluded",), ("5", "5", "excluded", None)])
def test_an_excluded_value_holds_the_item_whoever_else_rated_it(cells):
    found = level(*cells)
    assert (found.value, found.missing, found.pending, found.demonstrated) == (None, True, True, False)


def test_a_refused_sheet_holds_its_items_beside_a_good_version():
    refused = {competence.code: "lost" for competence in CGCO.competences}
    for order in (1, -1):
        description = at_every_bar()
        description["grilles"] = [*description["grilles"], ("T1", refused)][::order]
        assert {bloc.state for bloc in outcome_of(description).blocs.values()} == {State.PENDING}


def test_the_level_zero_is_a_level():
    found = outcome_of(candidate(grilles=[("T1", {"A.1": "0"})]), OTHER).levels["A.1"]
    assert (found.value, found.missing) == (0, False)


def test_codes_that_look_like_one_number_are_not_mixed():
    levels = outcome_of(candidate(grilles=[("T1", {"2.1": "1", "2.10": "5"})])).levels
    assert (levels["2.1"].value, levels["2.10"].value) == (1, 5)


# ----------------------------------------------------------------------------------------------- blocs


@pytest.mark.parametrize(
    ("reached", "unknown", "state"),
    [
        (3, 0, State.VALIDATED),
        (2, 0, State.FAILED),
        (7, 0, State.VALIDATED),
        (0, 0, State.FAILED),
        (3, 4, State.VALIDATED),
        (2, 1, State.PENDING),
        (1, 2, State.PENDING),
        (1, 1, State.FAILED),
        (0, 2, State.FAILED),
        (0, 3, State.PENDING),
        (0, 7, State.PENDING),
    ],
)
@pytest.mark.parametrize("as_unknown", [None, "NE", "excluded", "lost"])
def test_a_bloc_is_settled_once_what_is_missing_cannot_change_it(reached, unknown, state, as_unknown):
    found = bloc(reached, unknown, as_unknown)
    assert (found.demonstrated, found.missing, found.total, found.required) == (reached, unknown, 7, 3)
    assert found.state is state


@pytest.mark.parametrize(("reached", "unknown"), [(0, 0), (0, 7), (2, 1), (3, 0)])
def test_a_held_bloc_is_validated_and_still_counts_what_this_session_showed(reached, unknown):
    found = bloc(reached, unknown, held=["B3"])
    assert (found.state, found.held, found.demonstrated) == (State.VALIDATED, True, reached)


def test_acquired_blocs_stand_in_the_order_of_the_referential_held_ones_included():
    description = at_every_bar() | {"held": ["B3", "B1"]}
    description["grilles"][0][1].update(counted(B3.competences, 0))
    description["grilles"][0][1].update(counted(CGCO.blocs[1].competences, 0))
    outcome = outcome_of(description)
    assert outcome.acquired == ("B1", "B3", "B4")
    assert outcome.decision is Decision.PARTIAL


# ----------------------------------------------------------------------------------------- transversal


@pytest.mark.parametrize(
    ("reached", "unknown", "state"),
    [
        (9, 0, State.VALIDATED),
        (8, 0, State.FAILED),
        (8, 1, State.PENDING),
        (7, 1, State.FAILED),
        (9, 6, State.VALIDATED),
        (0, 15, State.PENDING),
    ],
)
@pytest.mark.parametrize("as_unknown", [None, "NE", "excluded", "lost"])
def test_transversal_competences_need_nine_of_fifteen(reached, unknown, state, as_unknown):
    sheet = counted(CGCO.transversal.items, reached, unknown, as_unknown=as_unknown)
    found = outcome_of(candidate(transversales=[("J1", sheet), ("J2", dict.fromkeys(sheet))])).transversal
    assert (found.demonstrated, found.missing, found.total, found.required) == (reached, unknown, 15, 9)
    assert found.state is state


def test_no_transversal_sheet_leaves_it_pending():
    assert outcome_of(candidate()).transversal.state is State.PENDING
