"""Who comes along to the next session, as which row, from what other sessions froze."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine import referential
from engine.model import Act, ActKind, Candidate, Decision, Evaluator, Frozen, Role, Roster, Session
from engine.roster.carrying import Ended, carry
from tests.cohorts import CGCO

CERTIFICATION = referential.load(CGCO)


# --------------------------------------------------------------------------------------- rows, one by one


def person(identifier, last_name, first_name="Léa", **more):
    return Candidate(id=identifier, last_name=last_name, first_name=first_name, **more)


def froze(candidate, decision=Decision.PARTIAL, acquired=("B1",), **more):
    told = {"name": candidate.name} | more
    return Frozen(candidate=candidate.id, decision=decision, provisional=False, acquired=acquired, credits=0, **told)


def session(name, *decided, rank=0, evaluators=(), certification=CERTIFICATION):
    """A session closed so many months after the first one."""
    return Ended(
        name=name,
        roster=Roster(
            session=Session(), candidates=tuple(candidate for candidate, _ in decided), evaluators=tuple(evaluators)
        ),
        referential=certification,
        closure=Act(
            number=1,
            kind=ActKind.CLOSE,
            at=datetime(2025, 1, 31) + timedelta(days=30 * rank),
            decisions=tuple(frozen for _, frozen in decided if frozen),
        ),
        outcomes={},
    )


LEA, ZOE = person("C01", "Abadie"), person("C02", "Morel", "Zoé")


def taken(found):
    return [(row.identifier, row.candidate.last_name, row.candidate.held_blocs) for row in found.candidates]


@pytest.mark.parametrize(
    ("decision", "comes"),
    [
        (Decision.ADMITTED, False),
        (Decision.PARTIAL, True),
        (Decision.REFUSED, True),
        (Decision.PENDING, True),
        (Decision.LEFT, False),
    ],
)
def test_the_frozen_decision_says_who_comes_along(decision, comes):
    found = carry([session("A", (LEA, froze(LEA, decision)))], CERTIFICATION)
    assert bool(found.candidates) is comes
    assert found.faults == ()


def test_what_several_sessions_left_the_same_person_is_one_row():
    first = session("A", (LEA, froze(LEA, acquired=("B3", "B1"))))
    last = session("B", (person("c01", "ABADIE", email="l@exemple.fr"), froze(LEA, acquired=("B2",))), rank=5)
    found = carry([last, first], CERTIFICATION)
    assert taken(found) == [("c01", "ABADIE", ("B1", "B2", "B3"))]
    assert (found.candidates[0].candidate.email, found.candidates[0].origin) == ("l@exemple.fr", "A ; B")


@pytest.mark.parametrize(
    ("first", "last", "comes"),
    [
        (Decision.PARTIAL, Decision.ADMITTED, False),
        (Decision.ADMITTED, Decision.PARTIAL, False),
        (Decision.PARTIAL, Decision.LEFT, False),
        (Decision.LEFT, Decision.PARTIAL, True),
    ],
)
def test_the_last_session_of_somebody_says_whether_they_come_and_a_title_is_for_good(first, last, comes):
    found = carry(
        [session("B", (LEA, froze(LEA, last)), rank=5), session("A", (LEA, froze(LEA, first)))], CERTIFICATION
    )
    assert bool(found.candidates) is comes


def test_of_two_names_under_one_identifier_the_second_gets_none():
    other = person("C01", "Zola")
    found = carry([session("A", (LEA, froze(LEA))), session("B", (other, froze(other)), rank=1)], CERTIFICATION)
    assert taken(found) == [("C01", "Abadie", ("B1",)), ("", "Zola", ("B1",))]
    (fault,) = found.faults
    assert "ZOLA Léa (B)" in fault


def test_of_two_tutors_under_one_identifier_the_second_is_nobodys():
    def tutor(last_name):
        return Evaluator(id="T01", last_name=last_name, first_name="Karim", roles=frozenset({Role.TUTOR}))

    lea, zoe = replace(LEA, tutors=("T01",)), replace(ZOE, tutors=("T01",))
    found = carry(
        [
            session("A", (lea, froze(lea)), evaluators=[tutor("Benali")]),
            session("B", (zoe, froze(zoe)), rank=1, evaluators=[tutor("Osmani")]),
        ],
        CERTIFICATION,
    )
    assert [row.candidate.tutors for row in found.candidates] == [("T01",), ()]
    assert [(each.id, each.last_name) for each in found.evaluators] == [("T01", "Benali"), ("", "Osmani")]
    (fault,) = found.faults
    assert "OSMANI Karim" in fault
    assert "C02 (MOREL Zoé)" in fault


def test_the_same_tutor_of_two_sessions_has_one_row_with_every_role():
    def karim(role):
        return Evaluator(id="T01", last_name="Benali", first_name="Karim", roles=frozenset({role}))

    lea, zoe = replace(LEA, tutors=("T01",)), replace(ZOE, trainers=("T01",))
    found = carry(
        [
            session("A", (lea, froze(lea)), evaluators=[karim(Role.TUTOR)]),
            session("B", (zoe, froze(zoe)), rank=1, evaluators=[karim(Role.TRAINER)]),
        ],
        CERTIFICATION,
    )
    (row,) = found.evaluators
    assert (row.roles, found.faults) == ({Role.TUTOR, Role.TRAINER}, ())


@pytest.mark.parametrize("elsewhere", ["session", "roster"])
def test_one_name_under_two_identifiers_is_told(elsewhere):
    again = person("A7", "abadie")
    own = session("A", (LEA, froze(LEA)))
    if elsewhere == "session":
        found = carry([own, session("B", (again, froze(again, Decision.ADMITTED)), rank=1)], CERTIFICATION)
    else:
        found = carry([own], CERTIFICATION, Roster(session=Session(), candidates=(again,), evaluators=()))
    assert taken(found) == [("C01", "Abadie", ("B1",))]
    (fault,) = found.faults
    assert "A7" in fault


def test_homonyms_of_one_session_are_two_people():
    other = person("C09", "Abadie")
    found = carry([session("A", (LEA, froze(LEA)), (other, froze(other, acquired=())))], CERTIFICATION)
    assert taken(found) == [("C01", "Abadie", ("B1",)), ("C09", "Abadie", ())]
    assert found.faults == ()


@pytest.mark.parametrize(("people", "said"), [((LEA,), "ce qu'il avait"), ((LEA, ZOE), "ce qu'ils avaient")])
def test_what_is_left_to_decide_is_told_of_one_or_of_several(people, said):
    found = carry([session("A", *((each, froze(each)) for each in people))], CERTIFICATION)
    assert said in " ".join(found.told())


def test_who_is_not_certainly_the_one_of_the_closure_is_left_out_and_told():
    late = person("C03", "Tardif")
    gone = session("A", (ZOE, froze(ZOE, name="MARTIN Luc")), (late, None))
    closure = replace(gone.closure, decisions=(*gone.closure.decisions, froze(LEA)))
    found = carry([replace(gone, closure=closure)], CERTIFICATION)
    assert found.candidates == ()
    told = "\n".join(found.faults)
    assert all(who in told for who in ("C01 (ABADIE Léa)", "C02 (MARTIN Luc)", "C03 (TARDIF Léa)"))


@pytest.mark.parametrize(
    ("acquired", "left", "told"),
    [
        ((), ("B1", "B4"), False),
        (("B1",), ("B4",), False),
        (("B1", "B4"), (), True),
    ],
)
def test_who_presented_some_blocs_presents_those_that_are_left(acquired, left, told):
    who = person("C01", "Abadie", presented=("B4", "B1"))
    found = carry([session("A", (who, froze(who, acquired=acquired)))], CERTIFICATION)
    (row,) = found.candidates
    assert (row.candidate.presented, row.candidate.held_blocs) == (left, acquired)
    assert bool(found.faults) is told
    assert all("une case vide demande tout le titre" in fault for fault in found.faults)


def test_a_bloc_presented_that_has_another_title_now_is_told():
    who = person("C01", "Abadie", presented=("B1", "B4"))
    blocs = [replace(bloc, title="Tout autre chose") if bloc.code == "B1" else bloc for bloc in CERTIFICATION.blocs]
    found = carry([session("A", (who, froze(who, acquired=())))], replace(CERTIFICATION, blocs=tuple(blocs)))
    assert found.candidates[0].candidate.presented == ("B4",)
    assert "ne présentait que des blocs (B1, B4), et il n'en reste que B4" in found.faults[0]


def test_a_bloc_of_another_title_is_not_taken_and_told():
    blocs = list(CERTIFICATION.blocs)
    blocs[0] = replace(blocs[0], title="Tout autre chose")
    blocs[1] = replace(blocs[1], title=blocs[1].title.upper())  # the same title
    blocs[2] = replace(blocs[2], code="B9")
    found = carry(
        [session("A", (LEA, froze(LEA, acquired=("B1", "B2", "B3", "B4"))))],
        replace(CERTIFICATION, blocs=tuple(blocs)),
    )
    assert taken(found) == [("C01", "Abadie", ("B2", "B4"))]
    assert len(found.faults) == 2
    (row,) = found.candidates
    assert CERTIFICATION.blocs[0].title in row.to_decide
    assert list(row.undecided) == ["B1", "B3"]
