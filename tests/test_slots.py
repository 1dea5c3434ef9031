"""Sittings are cut into slots: none meets a break, none runs over, and no room is left for another."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.sittings import Sitting, in_room, slots

DAY = date(2025, 1, 30)


def sitting(start, end, breaks=(), room="A", day=DAY):
    return Sitting(day=day, room=room, start=start, end=end, jurors=("J01",), breaks=tuple(breaks))


def hours(found):
    return [f"{slot.start:%H:%M}" for slot in found]


@pytest.mark.parametrize(
    ("start", "end", "breaks", "expected"),
    [
        (time(9), time(17), [(time(12), time(13, 30))], "09:00 10:00 11:00 13:30 14:30 15:30"),
        (time(9), time(12), [(time(10, 15), time(10, 30))], "09:00 10:30"),
        (time(9), time(10), [], "09:00"),
        (time(9), time(9, 59), [], ""),
        (time(9), time(12), [(time(9), time(9, 30))], "09:30 10:30"),
        (time(9), time(12), [(time(10), time(10, 15)), (time(10, 10), time(10, 45))], "09:00 10:45"),
        (time(22), time(23, 59), [], "22:00"),
    ],
)
def test_a_slot_that_would_meet_a_break_starts_at_its_end(start, end, breaks, expected):
    assert hours(slots([sitting(start, end, breaks)], 60)) == expected.split()


def test_slots_are_ordered_by_start_then_in_the_order_of_the_sittings():
    sittings = [sitting(time(10), time(12), room="B"), sitting(time(9), time(12), room="A")]
    assert [(f"{each.start:%H}", each.room) for each in slots(sittings, 60)] == [
        ("09", "A"),
        ("10", "B"),
        ("10", "A"),
        ("11", "B"),
        ("11", "A"),
    ]


minutes = st.integers(0, 24 * 60 - 1)
spans = st.tuples(minutes, minutes).filter(lambda pair: pair[0] < pair[1])


def as_time(minute):
    return time(minute // 60, minute % 60)


@given(spans, st.lists(spans, max_size=4), st.integers(5, 180))
def test_no_slot_meets_a_break_and_none_could_start_earlier(span, breaks, length):
    pauses = [tuple(map(as_time, each)) for each in breaks]
    found = [
        (slot.start - datetime.combine(DAY, time())) // timedelta(minutes=1)
        for slot in slots([sitting(*map(as_time, span), pauses)], length)
    ]
    free = span[0]
    for start in [*found, None]:
        earliest = next(
            (at for at in range(free, span[1] - length + 1) if not any(a < at + length and at < b for a, b in breaks)),
            None,
        )
        assert start == earliest
        free = 0 if start is None else start + length


@pytest.mark.parametrize(("room", "said"), [("B12", "salle B12"), ("Salle B12", "Salle B12"), ("SALLE 3", "SALLE 3")])
def test_a_room_that_says_it_is_one_is_not_said_twice(room, said):
    assert in_room(room) == said
