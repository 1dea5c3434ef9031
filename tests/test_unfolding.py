"""Rows of a table of marks, some at a time: the same rows, in the same order, as all at once."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.model import Mark
from engine.model.marks import MISSING, VALUE
from engine.model.tables import MARKS, table
from engine.model.unfolding import ByCandidate, rows

PEOPLE = ["C01", "C02", "007", ""]


def mark(who, code, level):
    value, state = (Decimal(level), VALUE) if level else (None, MISSING)
    raw = str(level or "")
    return Mark("a.xlsx", "Grille", "D12", "GRILLE", who, "T01", "niveau", code, raw, value, state)


some = st.lists(st.builds(mark, st.sampled_from(PEOPLE), st.sampled_from(["1.1", "2.10", "2.1"]), st.integers(0, 5)))


@given(some)
def test_those_of_a_candidate_come_in_the_order_of_the_table(marks):
    found = table(MARKS, marks)
    by_candidate = ByCandidate(found, found["state"] == VALUE, ("code", "value"))
    for who in (*PEOPLE, "C99"):
        own = [place for place, each in enumerate(marks) if each.candidate == who and each.state == VALUE]
        assert by_candidate.places(who).tolist() == own
        assert list(by_candidate.of(who)) == [(marks[place].code, marks[place].value) for place in own]


@given(some)
def test_those_that_are_chosen_come_and_no_other(marks):
    found = table(MARKS, marks)
    told = [tuple(row) for row in rows(found, found["state"] == VALUE)]
    assert told == [tuple(each) for each in marks if each.state == VALUE]
