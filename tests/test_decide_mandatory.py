"""Competences that a bloc is not validated without, at their boundaries, and what is told of them."""

import copy

import pytest

from engine import referential
from engine.model import State
from engine.model.errors import ReferentialError
from engine.outputs.workbook.near import near_cases
from engine.referential import toml
from tests.descriptions import REFERENTIALS, candidate, outcome_of

CYCLES = REFERENTIALS["cycles"]
EVERY = {competence.code: str(competence.minimum) for competence in CYCLES.competences}
M2 = {"M2.1": "3", "M2.2": "2", "M2.3": "3"}  # two required, the first one mandatory


def outcome(**levels):
    """Of a candidate who reaches every minimum, but for these levels (``M2_1="2"``)."""
    changed = {code.replace("_", "."): level for code, level in levels.items()}
    return outcome_of(candidate(grilles=[("T1", EVERY | changed)], tutors=["T1"]), CYCLES)


@pytest.mark.parametrize(
    ("levels", "state"),
    [
        ({}, State.VALIDATED),
        ({"M2_2": "1"}, State.VALIDATED),
        ({"M2_1": "2"}, State.FAILED),
        ({"M2_1": None}, State.PENDING),
        ({"M2_1": "excluded"}, State.PENDING),
        ({"M2_1": "NE", "M2_2": "1"}, State.PENDING),
        ({"M2_1": None, "M2_2": "1", "M2_3": "1"}, State.FAILED),
        ({"M2_1": "2", "M2_2": None, "M2_3": None}, State.FAILED),
        ({"M2_2": None, "M2_3": None}, State.PENDING),
    ],
)
def test_a_bloc_needs_its_number_and_its_mandatory_ones(levels, state):
    assert outcome(**levels).blocs["M2"].state is state


def test_a_bloc_that_is_held_is_validated_whatever_it_lacks():
    cells = EVERY | {"M2.1": "1"}
    held = outcome_of(candidate(grilles=[("T1", cells)], held=["M2"]), CYCLES)
    assert held.blocs["M2"].state is State.VALIDATED


def test_the_commission_may_set_a_mandatory_one():
    cells = EVERY | {"M2.1": "1"}
    found = outcome_of(candidate(grilles=[("T1", cells)], commission={"M2.1": "3"}), CYCLES)
    assert found.blocs["M2"].state is State.VALIDATED


@pytest.mark.parametrize(
    ("levels", "reason"),
    [
        ({"M2_1": "2"}, "M2 : 2 démontrées, 2 requises, obligatoire non démontrée : M2.1."),
        (
            {"M1_2": "2", "M1_5": "3", "M1_1": "1"},
            "M1 : 3 démontrées, 4 requises, il en manque 1, obligatoires non démontrées : M1.2 et M1.5.",
        ),
        (
            {"M2_1": None},
            "M2 : 2 démontrées, 2 requises, obligatoire à connaître : M2.1 ; il manque 1 niveau : M2.1 (tuteur T1).",
        ),
        (
            {"M2_1": None, "M2_2": "excluded"},
            "M2 : 1 démontrée, 2 requises, il en faut encore 1, obligatoire à connaître : M2.1 ; il manque 1 niveau : "
            "M2.1 (tuteur T1) ; à corriger : M2.2 (tuteur T1).",
        ),
        (
            {"M2_1": None, "M2_2": "1", "M2_3": "1"},
            "M2 : 0 démontrée, 2 requises, il en manque 2 et 1 seul niveau reste à connaître.",
        ),
    ],
)
def test_the_reason_names_them(levels, reason):
    (told,) = [each for each in outcome(**levels).reasons if each.startswith("M")]
    assert told == reason


@pytest.mark.parametrize(
    ("levels", "near"),
    [
        ({"M2_1": "2"}, ("M2.1", 2, 3, State.FAILED)),
        ({"M2_1": "3", "M2_3": "4"}, ("M2.1", 3, 3, State.VALIDATED)),
    ],
)
def test_a_level_that_the_bloc_hangs_on_is_near_its_minimum(levels, near):
    found = [each for each in near_cases([outcome(**levels)], CYCLES) if each.bloc == "M2"]
    assert [(each.condition, each.value, each.bar, each.state) for each in found] == [near]


def test_a_level_far_above_or_one_of_two_that_are_lost_is_not():
    far, both = outcome(M2_1="4"), outcome(M1_2="2", M1_5="3")
    assert [each for each in near_cases([far], CYCLES) if each.bloc == "M2"] == []
    assert [each for each in near_cases([both], CYCLES) if each.bloc == "M1" or each.condition == "M1"] == []


def test_more_mandatory_ones_than_are_required_contradict_the_threshold():
    document = copy.deepcopy(toml.document(CYCLES))
    for competence in document["bloc"][1]["competences"]:
        competence["mandatory"] = True
    document["bloc"][0]["competences"][0]["mandatory"] = "oui"
    with pytest.raises(ReferentialError) as caught:
        referential.build(document, "essai")
    assert caught.value.problems == [
        "bloc[M1].competences[M1.1].mandatory : on attend true ou false, et non « oui »",
        "bloc[M2].required : 3 compétences du bloc sont obligatoires : on attend au moins 3, et non 2",
    ]
