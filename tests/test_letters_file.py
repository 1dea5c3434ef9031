"""Scales of letters in the file of a certification: what is taken, and what is refused."""

import copy

import pytest

from engine import referential
from engine.model.errors import ReferentialError
from engine.referential import letters, toml
from tests.descriptions import CGCO, LETTERS, TEXTS


def faults(change):
    """What is said of the example once it was changed so."""
    document = copy.deepcopy(toml.document(LETTERS))
    change(document)
    with pytest.raises(ReferentialError) as caught:
        referential.build(document, "essai")
    return caught.value.problems


def level(**keys):
    """A change of the scale of levels; ``None`` takes a key away."""

    def change(document):
        scale = document["scales"]["level"]
        scale |= keys
        for key in [key for key, value in scale.items() if value is None]:
            del scale[key]

    return change


def minimum(value):
    def change(document):
        document["bloc"][0]["competences"][0]["minimum"] = value

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (level(letters="A > B > C > D > B"), ["scales.level.letters : la lettre « B » y est deux fois"]),
        (
            level(letters="A > B > C > D > a"),
            [
                "scales.level.letters : on attend une seule lettre capitale",
                "scales.level.letters : la lettre « A » y est",
            ],
        ),
        (level(letters="A > B > C > D > 1"), ["scales.level.letters : on attend une seule lettre capitale"]),
        (level(letters="A > B > C > D > NE"), ["scales.level.letters : on attend une seule lettre capitale"]),
        (level(letters="A > B > C > D > –"), ["scales.level.letters : on attend une seule lettre capitale"]),
        (level(letters="A > B > C > D > É"), ["scales.level.letters : on attend une seule lettre capitale"]),
        (level(letters="А > B > C > D"), ["scales.level.letters : on attend une seule lettre capitale"]),  # Cyrillic
        (level(letters="A > B > C > D >"), ["scales.level.letters : on attend une seule lettre capitale"]),
        (level(letters="A > B < C > D"), ["scales.level.letters : on attend un seul des signes"]),
        (
            level(letters="A, B, C, D"),
            ["scales.level.letters : on attend de 2 à 6", "scales.level.letters : on"],
        ),
        (level(letters="A > B > C > D > E > F > G"), ["scales.level.letters : on attend de 2 à 6 lettres"]),
        (level(letters=["A", "B"]), ["scales.level.letters : on attend un texte"]),
        (
            level(minimum=1, step=1),
            ["scales.level.minimum : une échelle", "scales.level.step : une échelle"],
        ),
        (
            level(labels={"A": "Maîtrise", "E": "Rien"}),
            ["scales.level.labels.E : ce n'est pas une lettre"],
        ),
        (minimum("E"), ["bloc[R1].competences[R1.1].minimum : on attend une lettre de l'échelle (A > B > C > D)"]),
        (minimum("b"), ["bloc[R1].competences[R1.1].minimum : on attend une lettre de l'échelle (A > B > C > D)"]),
        (
            minimum(3),
            ["bloc[R1].competences[R1.1].minimum : on attend une lettre de l'échelle (A > B > C > D)"],
        ),
        (
            lambda document: document["policy"].update(competence_from="mean", transversal_from="median"),
            [
                "policy.competence_from : entre deux lettres il n'y a rien",
                "policy.transversal_from : entre deux lettres",
            ],
        ),
        (
            lambda document: document["scales"].update(mark={"letters": "A > B", "minimum": 0, "maximum": 20}),
            ["scales.mark.letters : des notes ne sont pas des lettres"],
        ),
    ],
)
def test_what_contradicts_itself_is_refused_and_named(change, told):
    said = faults(change)
    assert [sentence.startswith(start) for sentence, start in zip(said, told, strict=True)] == [True] * len(told), said


def test_a_mean_of_roles_is_refused_to_letters():
    def change(document):
        document["scales"]["mark"] = {"minimum": 0, "maximum": 20}
        bloc = document["bloc"][1]
        del bloc["required"], bloc["competences"][1]["mandatory"]
        bloc |= {"at_least": 10, "trainers_weight": 40, "tutor_weight": 60}
        document["policy"]["level_worth_zero"] = 1

    said = "une lettre ne vaut aucune note : une moyenne de rôles demande une échelle de nombres"
    assert f"bloc[R2].trainers_weight : {said}" in faults(change)


def test_without_letters_the_bounds_are_still_asked_for():
    said = faults(level(letters=None, labels=None))
    assert [sentence.partition(" : ")[0] for sentence in said[:2]] == ["scales.level.minimum", "scales.level.maximum"]


def test_the_signs_say_which_letter_is_the_highest():
    turned = referential.parse(TEXTS["lettres"].replace('"A > B > C > D"', '"D < C < B < A"'), "essai")
    assert turned.scales.level.ladder == LETTERS.scales.level.ladder == ("D", "C", "B", "A")
    assert [each.minimum for each in turned.competences] == [each.minimum for each in LETTERS.competences]
    worst = referential.parse(TEXTS["lettres"].replace('"A > B > C > D"', '"D > C > B > A"'), "essai")
    assert worst.scales.level.ladder == ("A", "B", "C", "D")
    assert worst.competences[0].minimum == 2  # B is the lowest but one


def test_a_file_of_numbers_is_left_as_it_is():
    document = toml.document(CGCO)
    assert letters.ranked(document) is document
