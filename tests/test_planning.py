"""The planning once more, from the contract alone: every way to seat the few that there are is tried."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from engine import referential
from engine.jury.sittings import plan
from engine.model import Candidate, Evaluator, Role, Roster, Session
from engine.model.admission import Admissibility, Admission, Seat
from engine.model.sittings import Passage, Sitting

DAY = date(2025, 1, 30)
JURORS = ("J1", "J2", "J3")
CGCO = referential.load("cgco_rncp34465")  # an hour each
SOME = st.sets(st.sampled_from(JURORS), min_size=1).map(lambda some: tuple(sorted(some)))


def sitting(room, hours, jurors):
    return Sitting(day=DAY, room=room, start=time(9), end=time(9 + hours), jurors=jurors)


def roster_of(candidates, sittings):
    people = tuple(
        Evaluator(id=name, last_name=f"Nom{name}", first_name="Ana", roles=frozenset({Role.JUROR, Role.TUTOR}))
        for name in JURORS
    )
    return Roster(session=Session(), candidates=tuple(candidates), evaluators=people, sittings=tuple(sittings))


def planned(candidates, sittings, published):
    roster = roster_of(candidates, sittings)
    admissions = [Admission(candidate=each, admissibility=Admissibility.ADMISSIBLE) for each in candidates]
    found = plan(admissions, roster, CGCO, published)
    return {each.candidate.id: (each.slot.start.hour, each.slot.room) for each in found.hearings}, found


def expected(candidates, sittings, published):
    """By identifier, the slot of each."""
    offered = [(9 + rank, each) for each in sittings for rank in range(each.end.hour - 9)]
    offered.sort(key=lambda slot: slot[0])

    def fits(who, slot):
        hour, where = slot
        fixed = who.passage is None or (who.passage.start.hour, who.passage.room) == (hour, where.room)
        return set(who.jurors) <= set(where.jurors) and not set(who.tutors) & set(where.jurors) and fixed

    held = {}
    for fixed in (True, False):
        for who in candidates:
            told = published.get(who.id.casefold())
            for slot in (each for each in offered if fits(who, each) and each not in held.values()):
                kept = told is not None and (told.start.hour, told.room) == (slot[0], slot[1].room)
                if (who.passage is not None) if fixed else (kept and who.passage is None):
                    held[who.id] = slot
    left = [slot for slot in offered if slot not in held.values()]
    free = [who for who in candidates if who.id not in held]
    ways = product(*([*(rank for rank, slot in enumerate(left) if fits(who, slot)), len(left)] for who in free))
    apart = [way for way in ways if all(way.count(rank) == 1 for rank in way if rank < len(left))]
    best = min(apart, key=lambda way: (way.count(len(left)), way))
    held |= {who.id: left[rank] for who, rank in zip(free, best, strict=True) if rank < len(left)}
    return {who: (hour, where.room) for who, (hour, where) in held.items()}


@st.composite
def sessions(draw):
    """Up to four candidates, two rooms of up to three hours with juries apart, and what was told before."""
    first = draw(SOME)
    rooms = [sitting("A", draw(st.integers(1, 3)), first)]
    others = tuple(name for name in JURORS if name not in first)
    rooms += [sitting("B", draw(st.integers(1, 3)), others)] if others else []
    slots = [(9 + rank, each.room) for each in rooms for rank in range(each.end.hour - 9)]
    fixed = draw(st.lists(st.sampled_from(slots), unique=True, max_size=2))
    candidates = []
    for rank in range(draw(st.integers(1, 4))):
        where = fixed[rank] if rank < len(fixed) else None
        passage = where and Passage(start=datetime(2025, 1, 30, where[0]), room=where[1])
        tutors = draw(st.sampled_from([(), (), ("J1",), ("J3",)]))
        who = {"id": f"C{rank}", "last_name": f"Nom{rank}", "first_name": "Léa", "jurors": draw(SOME)}
        candidates.append(Candidate(**who, tutors=tutors, passage=passage))
    told = draw(st.lists(st.sampled_from(slots), unique=True, max_size=len(candidates)))
    names = draw(st.permutations([each.id.casefold() for each in candidates]))
    seats = (Seat(start=datetime(2025, 1, 30, hour), room=room) for hour, room in told)
    return draw(st.permutations(candidates)), rooms, dict(zip(names, seats, strict=False))


@given(sessions())
@settings(max_examples=300, deadline=None, derandomize=True, database=None)
def test_the_planning_is_the_best_that_there_is(session):
    candidates, rooms, published = session
    seated, found = planned(candidates, rooms, published)
    assert seated == expected(candidates, rooms, published)
    assert [who.id for who, _ in found.unseated] == [each.id for each in candidates if each.id not in seated]
    assert all(reason for _, reason in found.unseated)


def test_a_jury_that_sits_for_too_short_a_time_is_not_said_to_sit_nowhere():
    short = Sitting(day=DAY, room="A", start=time(9), end=time(9, 45), jurors=("J1", "J2"))
    who = {"last_name": "Roy", "first_name": "Léa"}
    candidates = [Candidate(id="C1", jurors=("J1", "J2"), **who), Candidate(id="C2", jurors=("J3",), **who)]
    _, found = planned(candidates, [short], {})
    assert [reason for _, reason in found.unseated] == [
        "aucune séance qui réunit son jury (J1 et J2) n'est assez longue pour un passage",
        "aucune séance ne réunit son jury (J3)",
    ]
