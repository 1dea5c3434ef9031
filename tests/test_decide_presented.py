"""A candidate who presents some blocs only: what is decided, what is not awaited, what is told."""

import pytest

from engine.assessment.reception import expected_sheets
from engine.jury import admit
from engine.model import Candidate, Decision, Evaluator, Kind, Role, Roster, Session, State
from engine.model.admission import Admissibility
from tests.descriptions import CGCO, REFERENTIALS, candidate, counted, marks_of, outcome_of, roster_of

CYCLES = REFERENTIALS["cycles"]
EVERY = {competence.code: str(competence.minimum) for competence in CYCLES.competences}
BELOW = {competence.code: "1" for competence in CYCLES.competences}


def outcome(presented, cells=EVERY, **parts):
    """Of a candidate rated at every minimum who presents these blocs."""
    cells = {code: cell for code, cell in cells.items() if code[:2] in presented}
    return outcome_of(candidate(grilles=[("T1", cells)], presented=presented, **parts), CYCLES)


@pytest.mark.parametrize(
    ("presented", "parts", "decision", "acquired"),
    [
        (["M2"], {}, Decision.PARTIAL, ("M2",)),
        (["M1", "M3"], {}, Decision.PARTIAL, ("M1", "M3")),
        (["M1"], {"cells": BELOW}, Decision.REFUSED, ()),
        (["M1"], {"cells": BELOW, "held": ["M2"]}, Decision.PARTIAL, ("M2",)),
        (["M1", "M2"], {"cells": EVERY | {"M1.2": "1"}}, Decision.PARTIAL, ("M2",)),
        (["M1", "M2"], {"cells": EVERY | {"M1.2": None}}, Decision.PENDING, ("M2",)),
        (["M1", "M2"], {"cells": EVERY | {"M1.2": "excluded"}}, Decision.PENDING, ("M2",)),
        (["M1"], {"cells": {}}, Decision.PENDING, ()),
        (["M1"], {"left": True}, Decision.LEFT, ("M1",)),
    ],
)
def test_the_blocs_alone_decide(presented, parts, decision, acquired):
    found = outcome(presented, **parts)
    assert (found.decision, found.acquired) == (decision, acquired)


def test_presented_and_held_make_the_whole_title_and_then_everything_is_asked():
    whole = outcome(["M1", "M3"], held=["M2"])
    assert not whole.only_blocs
    assert (whole.decision, whole.oral.state, whole.exam.state) == (Decision.PENDING, State.PENDING, State.PENDING)


def test_what_only_the_title_asks_for_is_not_awaited_and_what_came_counts():
    found = outcome(["M1"])
    assert {found.oral.state, found.transversal.state, found.exam.state} == {State.NOT_PRESENTED}
    assert [found.blocs[code].state for code in ("M1", "M2", "M3")] == [State.VALIDATED, *[State.NOT_PRESENTED] * 2]
    marked = outcome(["M1"], notes={"QCM": "9"}, orals=[("J1", {"OR1": "4"}, None)])
    assert (marked.exam.state, marked.oral.state) == (State.FAILED, State.PENDING)
    assert marked.decision is Decision.PARTIAL


def test_the_ues_of_which_nothing_came_are_not_awaited_and_give_no_credit():
    grille = counted(CGCO.blocs[0].competences, len(CGCO.blocs[0].competences))
    notes = dict.fromkeys([*(unit.code for unit in CGCO.units), "EN"]) | {"UE1": "15"}
    found = outcome_of(candidate(grilles=[("T1", grille)], presented=["B1"], notes=notes), title_requires_ues=True)
    assert {code: mark.state for code, mark in found.units.items() if code in ("UE1", "UE2")} == {
        "UE1": State.VALIDATED,
        "UE2": State.NOT_PRESENTED,
    }
    assert (found.unit_state, found.credits, found.decision) == (State.NOT_PRESENTED, 10, Decision.PARTIAL)


@pytest.mark.parametrize(
    ("presented", "cells", "reasons"),
    [
        (["M1"], EVERY, ("Blocs non présentés : M2 et M3.",)),
        (["M1", "M3"], EVERY | {"M3.1": "1", "M3.2": "1"}, None),
    ],
)
def test_the_reasons_name_what_is_not_presented(presented, cells, reasons):
    found = outcome(presented, cells)
    expected = reasons or (
        "Bloc non présenté : M2.",
        "M3 : 1 démontrée, 2 requises, il en manque 1.",
    )
    assert found.reasons == expected


def test_levels_typed_all_the_same_are_told_and_change_nothing():
    found = outcome_of(candidate(grilles=[("T1", EVERY)], presented=["M1"]), CYCLES)
    assert found.acquired == ("M1",)
    told = "Blocs non présentés : M2 et M3, des évaluations y ont pourtant été saisies (M2 et M3)."
    assert found.reasons == (told,)


def test_whom_is_asked_for_what():
    people = {"tutors": ("T1",), "trainers": (), "jurors": ("J1",)}
    some = Candidate(id="C1", last_name="A", first_name="B", presented=("M1",), **people)
    whole = Candidate(id="C2", last_name="A", first_name="B", presented=("M1", "M2"), held_blocs=("M3",), **people)
    roles = {"T1": Role.TUTOR, "J1": Role.JUROR}
    evaluators = tuple(
        Evaluator(id=each, last_name=each, first_name="", roles=frozenset({role})) for each, role in roles.items()
    )
    roster = Roster(session=Session(), candidates=(some, whole), evaluators=evaluators)
    asked = expected_sheets(roster, CYCLES, (), {}, {})
    kinds = {(each.assignment.candidate.id, each.assignment.kind) for each in asked if each.assignment.candidate}
    assert kinds == {("C1", Kind.GRILLE)} | {("C2", kind) for kind in (Kind.GRILLE, Kind.ORAL, Kind.TRANSVERSALE)}
    fixed = {each.code for each in CYCLES.blocs[0].competences}
    asked = expected_sheets(roster, CYCLES, (), {}, {"C1": fixed, "C2": fixed})
    assert ("C1", Kind.GRILLE) not in {
        (each.assignment.candidate.id, each.assignment.kind) for each in asked if each.assignment.candidate
    }


def test_nobody_is_convened_who_presents_blocs_only():
    descriptions = [candidate(presented=["M1"]), candidate(presented=["M1"], kept=["ORAL"])]
    outcomes = [outcome_of(each, CYCLES) for each in descriptions]
    found = admit(marks_of(descriptions[:1]), outcomes, roster_of(descriptions[:1]), CYCLES)
    assert [each.admissibility for each in found] == [Admissibility.NOT_PRESENTED, Admissibility.EXEMPT]
    assert not any(each.convened for each in found)
    assert found[0].reasons == ("ne présente que des blocs",)


def test_the_mean_of_a_bloc_is_asked_for_where_the_bloc_is_presented():
    bts = REFERENTIALS["bts"]
    (bloc, *_) = [each for each in bts.blocs if each.at_least is not None]
    codes = [exam.code for exam in bts.exams_of(bloc)]
    others = {exam.code: None for exam in bts.exams}
    whole = outcome_of(candidate(presented=[bloc.code], notes=others | dict.fromkeys(codes, "12")), bts)
    assert (whole.decision, whole.acquired) == (Decision.PARTIAL, (bloc.code,))
    short = outcome_of(candidate(presented=[bloc.code], notes=others | {codes[0]: "12"}), bts)
    assert short.decision is Decision.PENDING
