"""The grand oral and the jury's word on the activity report, at their boundaries."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.model import State
from tests.descriptions import CGCO, at_every_bar, candidate, outcome_of, points

CODES = [item.code for item in CGCO.oral.items]
BLANK = dict.fromkeys(CODES)
ABSENT = dict.fromkeys(CODES, "ABS")
ONE_ABS = BLANK | {"O05": "ABS"}
FULL = points("40")


def oral(*sheets, **policy):
    """The oral from these sheets, one juror each: J1, J2..."""
    return outcome_of(_seen_by(sheets), **policy).oral


def _seen_by(sheets, answers=()):
    answers = [*answers, *[None] * len(sheets)]
    return candidate(orals=[(f"J{rank}", sheet, answers[rank - 1]) for rank, sheet in enumerate(sheets, start=1)])


# ---------------------------------------------------------------------------------------------- points


@pytest.mark.parametrize(
    ("totals", "value", "state"),
    [
        (("36", "36"), "36", State.VALIDATED),
        (("35.5", "36.5"), "36", State.VALIDATED),
        (("35.5", "35.5"), "35.5", State.FAILED),
        (("36", "35.5"), "35.75", State.FAILED),
        (("60", "12"), "36", State.VALIDATED),
        (("60", "60"), "60", State.VALIDATED),
        (("0", "0"), "0", State.FAILED),
        (("36", "36", "35.5"), "35.83", State.FAILED),
    ],
)
def test_the_mean_of_the_totals_must_reach_36(totals, value, state):
    found = oral(*(points(total) for total in totals))
    assert (found.value, found.state) == (Decimal(value), state)


def test_the_mean_is_rounded_half_away_from_zero_before_it_meets_the_bar():
    assert oral(points("35.99"), points("36")).value == Decimal("36.00")  # 35.995
    assert oral(points("35.99"), points("36")).state is State.VALIDATED
    assert oral(points("35.989"), points("36")).value == Decimal("35.99")  # 35.9945
    assert oral(points("35.989"), points("36")).state is State.FAILED
    assert oral(points("36.5"), rounding=0, minimum_jurors=1).value == 37  # to the even number would be 36
    assert oral(points("35.5"), rounding=0, minimum_jurors=1).state is State.VALIDATED


@pytest.mark.parametrize(("how", "value"), [("mean", "37.83"), ("median", "36.5"), ("min", "35"), ("max", "42")])
def test_the_policy_says_how_totals_become_one(how, value):
    assert oral(points("42"), points("35"), points("36.5"), oral_from=how).value == Decimal(value)


def test_what_the_reader_is_shown_rests_on_the_complete_sheets():
    found = oral(points("4"), points("2"), BLANK)
    assert (found.items["O01"], found.items["O03"], found.items["O05"]) == (1, Decimal("0.5"), 0)
    assert found.sections == (3, 0, 0, 0, 0)
    assert found.totals == {"J1": 4, "J2": 2}
    assert oral(BLANK).sections == (None,) * 5


# --------------------------------------------------------------------------------------------- waiting


@pytest.mark.parametrize("cell", [None, "excluded", "lost"])
def test_a_started_sheet_that_is_incomplete_holds_the_oral(cell):
    found = oral(FULL, FULL, FULL | {"O27": cell})
    assert (found.state, found.value, found.incomplete) == (State.PENDING, None, ("J3",))


def test_one_value_is_enough_to_start_a_sheet_even_a_zero():
    assert oral(FULL, FULL, BLANK | {"O01": "0"}).state is State.PENDING


def test_a_sheet_not_started_does_not_hold_the_oral():
    found = oral(FULL, FULL, BLANK)
    assert (found.state, found.value, found.incomplete) == (State.VALIDATED, 40, ())


@pytest.mark.parametrize("sheets", [(), (BLANK, BLANK), (FULL,), (FULL, BLANK)])
def test_fewer_complete_sheets_than_needed_hold_the_oral(sheets):
    found = oral(*sheets)
    assert (found.state, found.value) == (State.PENDING, None)


def test_the_minimum_of_jurors_is_the_policys():
    assert oral(FULL, minimum_jurors=1).state is State.VALIDATED
    assert oral(FULL, FULL, minimum_jurors=3).state is State.PENDING


@pytest.mark.parametrize("total", ["0", "60"])
def test_the_oral_is_never_bounded(total):
    assert oral(points(total), points(total), points(total) | {"O01": None}).state is State.PENDING


@pytest.mark.parametrize("order", [1, -1])
def test_a_refused_sheet_holds_the_oral_beside_a_good_version(order):
    description = at_every_bar()
    description["orals"] = [*description["orals"], ("J1", dict.fromkeys(CODES, "lost"), "lost")][::order]
    assert outcome_of(description).oral.state is State.PENDING


# --------------------------------------------------------------------------------------------- absence


@pytest.mark.parametrize(
    "sheets",
    [(ABSENT, ABSENT), (ONE_ABS, ONE_ABS), (ABSENT, ONE_ABS, BLANK), (ABSENT, ABSENT, ABSENT)],
    ids=["everywhere", "one cell each", "third blank", "all three"],
)
def test_enough_absences_and_nothing_else_fail_the_oral(sheets):
    found = oral(*sheets)
    assert (found.state, found.value, found.absent, found.conflict) == (State.FAILED, None, True, False)


@pytest.mark.parametrize("sheets", [(ABSENT,), (ABSENT, BLANK), (ONE_ABS, BLANK)])
def test_an_absence_that_too_few_declare_waits(sheets):
    found = oral(*sheets)
    assert (found.state, found.absent, found.conflict, found.absences) == (State.PENDING, False, False, ("J1",))


def test_one_absence_is_enough_where_one_juror_is():
    assert oral(ABSENT, BLANK, minimum_jurors=1).state is State.FAILED


@pytest.mark.parametrize(
    "sheets",
    [
        (FULL | {"O05": "ABS"}, FULL),
        (FULL | {"O05": "ABS"}, ABSENT),
        (ABSENT, FULL),
        (ABSENT, ABSENT, FULL),
        (ABSENT, ABSENT, BLANK | {"O01": "0"}),
        (ABSENT, ABSENT, BLANK | {"O01": "excluded"}),
        (ABSENT | {"O01": "excluded"}, ABSENT),
        (FULL, FULL, ONE_ABS),
    ],
    ids=["one sheet", "one sheet, absent", "across", "third full", "a zero", "unreadable", "beside", "two full"],
)
def test_absence_beside_anything_else_is_a_conflict_and_waits(sheets):
    found = oral(*sheets)
    assert (found.state, found.value, found.absent, found.conflict) == (State.PENDING, None, False, True)


def test_absence_beside_a_row_that_is_gone_waits_without_a_conflict():
    found = oral(ABSENT, ABSENT | {"O27": "lost"})
    assert (found.state, found.absent, found.conflict) == (State.PENDING, False, False)


@pytest.mark.parametrize("order", [1, -1])
def test_what_is_unreadable_in_one_of_two_versions_is_a_conflict_in_any_order(order):
    versions = [("J2", BLANK | {"O01": "lost"}, None), ("J2", BLANK | {"O01": "excluded"}, None)][::order]
    found = outcome_of(candidate(orals=[("J1", ABSENT, None), *versions])).oral
    assert (found.state, found.conflict) == (State.PENDING, True)


# ---------------------------------------------------------------------------------------------- report


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        (("Oui", "Oui"), State.VALIDATED),
        (("Oui", None), State.VALIDATED),
        (("Oui", "Non"), State.FAILED),
        (("Non", None), State.FAILED),
        ((None, None), State.PENDING),
        (("Oui", "excluded"), State.PENDING),
        (("Non", "excluded"), State.PENDING),
    ],
)
def test_the_activity_report(answers, state):
    assert outcome_of(_seen_by([BLANK, BLANK], answers)).report is state


def test_the_report_is_judged_only_where_a_unit_needs_it():
    units = tuple(replace(unit, requires_report=False) for unit in CGCO.units)
    outcome = outcome_of(at_every_bar(), replace(CGCO, units=units))
    assert outcome.report is None
    assert outcome.unit_state is State.VALIDATED
