"""Seats against every arrangement there is."""

from __future__ import annotations

from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.jury.sittings.seats import seat

NONE = 99


def best(options):
    """The seating that the rule asks for, found by trying all."""
    seatings = (
        chosen
        for chosen in product(*([*each, NONE] for each in options))
        if len(taken := [slot for slot in chosen if slot != NONE]) == len(set(taken))
    )
    found = min(seatings, key=lambda chosen: (chosen.count(NONE), chosen))
    return tuple(None if slot == NONE else slot for slot in found)


cohorts = st.lists(st.sets(st.integers(0, 5)).map(sorted), max_size=6)


@given(cohorts)
@settings(max_examples=600, deadline=None, derandomize=True, database=None)
def test_seats_are_those_of_the_best_arrangement_there_is(options):
    assert seat(options) == best(options)


def test_first_come_first_served_would_leave_somebody_out():
    assert seat([[0, 1], [0]]) == (1, 0)
    assert seat([[0, 1], [0, 1], [0]]) == (0, 1, None)


def test_a_long_chain_of_moves_is_no_matter():
    size = 3000
    options = [[rank, rank + 1] for rank in range(size)] + [[0]]
    assert seat(options) == (*range(1, size + 1), 0)
