"""The national exam and the UEs, at their boundaries."""

from decimal import Decimal

import pandas as pd
import pytest

from engine.assessment.decide import decide
from engine.model import State
from tests.descriptions import CGCO, at_every_bar, candidate, marks_of, outcome_of, roster_of

UNREAD = [None, "excluded", "lost"]


def with_notes(**cells):
    description = at_every_bar()
    description["notes"] |= cells
    return outcome_of(description)


def with_report(answer, mark):
    description = at_every_bar()
    description["notes"]["UE7"] = mark
    description["orals"] = [(juror, cells, answer) for juror, cells, _ in description["orals"]]
    return outcome_of(description).units["UE7"].state


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        ("12", State.VALIDATED),
        ("12.00", State.VALIDATED),
        ("11.99", State.FAILED),
        ("11.999999", State.FAILED),
        ("0", State.FAILED),
        ("20", State.VALIDATED),
    ],
)
def test_the_exam_needs_twelve_and_is_not_rounded(mark, state):
    exam = with_notes(EN=mark).exam
    assert (exam.value, exam.code, exam.state) == (Decimal(mark), "", state)


@pytest.mark.parametrize(
    ("mark", "state"),
    [
        ("10", State.FAILED),
        ("10.00", State.FAILED),
        ("10.01", State.VALIDATED),
        ("10.000001", State.VALIDATED),
        ("9.999999", State.FAILED),
        ("0", State.FAILED),
    ],
)
def test_a_unit_needs_more_than_ten_and_is_not_rounded(mark, state):
    outcome = with_notes(UE6=mark)
    assert (outcome.units["UE6"].value, outcome.units["UE6"].state) == (Decimal(mark), state)
    assert outcome.unit_state is state
    assert outcome.credits == (60 if state is State.VALIDATED else 50)


@pytest.mark.parametrize(("code", "state"), [("ABS", State.FAILED), ("DISP", State.VALIDATED)])
def test_declared_states_of_marks(code, state):
    outcome = with_notes(EN=code, UE2=code)
    for mark in (outcome.exam, outcome.units["UE2"]):
        assert (mark.value, mark.code, mark.state) == (None, code, state)
    assert outcome.credits == (60 if code == "DISP" else 54)


@pytest.mark.parametrize("cell", UNREAD)
def test_a_mark_that_is_not_known_waits(cell):
    outcome = with_notes(EN=cell, UE2=cell)
    for mark in (outcome.exam, outcome.units["UE2"]):
        assert (mark.value, mark.code, mark.state) == (None, "", State.PENDING)
    assert (outcome.unit_state, outcome.credits) == (State.PENDING, 54)


def test_no_notes_at_all_wait():
    outcome = outcome_of(candidate())
    assert outcome.exam.state is State.PENDING
    assert {unit.state for unit in outcome.units.values()} == {State.PENDING}
    assert outcome.credits == 0


def test_one_failed_unit_fails_them_together_whatever_waits():
    assert with_notes(UE1="10", UE2=None).unit_state is State.FAILED


@pytest.mark.parametrize(
    ("answer", "mark", "state"),
    [
        ("Oui", "10.01", State.VALIDATED),
        ("Oui", "DISP", State.VALIDATED),
        ("Oui", "10", State.FAILED),
        ("Oui", "ABS", State.FAILED),
        ("Oui", None, State.PENDING),
        ("Non", "20", State.FAILED),
        ("Non", "DISP", State.FAILED),
        ("Non", None, State.FAILED),
        (None, "20", State.PENDING),
        (None, "DISP", State.PENDING),
        (None, "10", State.FAILED),
        (None, "ABS", State.FAILED),
        ("excluded", "20", State.PENDING),
        ("excluded", "10", State.FAILED),
    ],
)
def test_a_unit_that_needs_the_report_needs_both(answer, mark, state):
    assert with_report(answer, mark) is state


@pytest.mark.parametrize("answer", ["Non", None])
def test_the_report_concerns_only_the_unit_that_needs_it(answer):
    description = at_every_bar()
    description["orals"] = [(juror, cells, answer) for juror, cells, _ in description["orals"]]
    outcome = outcome_of(description)
    validated = [code for code, unit in outcome.units.items() if unit.state is State.VALIDATED]
    assert validated == ["UE1", "UE2", "UE3", "UE4", "UE5", "UE6"]
    assert outcome.credits == 50


@pytest.mark.parametrize("order", [1, -1])
def test_a_refused_sheet_of_notes_holds_its_marks_beside_a_good_one(order):
    good = at_every_bar()
    refused = candidate(notes=dict.fromkeys(good["notes"], "lost"))
    marks = [marks_of([good]), marks_of([refused])][::order]
    (outcome,) = decide(pd.concat(marks), roster_of([good]), CGCO, {})
    assert (outcome.exam.state, outcome.exam.value) == (State.PENDING, None)
    assert outcome.unit_state is State.PENDING
