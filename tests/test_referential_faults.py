"""Faults of a certification file: each is told with its place, all of them at once, and none crashes."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, time
from decimal import Decimal
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest

from engine import referential
from engine.model.errors import ReferentialError
from engine.referential.document import shown_key
from tests.test_referential import DATA, problems

SHIPPED = (Path(referential.__file__).parent / "shipped" / "cgco_rncp34465.toml").read_text("utf-8")


def spoiled(old: str, new: str, text: str = SHIPPED) -> list[str]:
    """The problems of a good file in which the first ``old`` is replaced."""
    assert old in text
    return problems(text.replace(old, new, 1))


# ------------------------------------------------------------------------------------- keys and types


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('certifier = "Formatives"\n', "", "certification.certifier : clé manquante : on attend un texte"),
        ("required = 3", "requis = 3", "bloc[B1].required : clé manquante : on attend un nombre entier"),
        ("required = 3", "required = 3\nnote = 1", "bloc[B1].note : clé inconnue ; les clés admises ici sont code,"),
        ("[policy]", "[politique]", "policy : clé manquante : on attend une table"),
        ("[policy]", "[blocs]\n[policy]", "blocs : clé inconnue"),
        ("level = 6", 'level = "6"', "certification.level : on attend un nombre entier, et non « 6 »"),
        ("level = 6", "level = true", "certification.level : on attend un nombre entier, et non true"),
        ("required = 9", "required = 9.5", "transversal.required : on attend un nombre entier, et non 9.5"),
        ("level = 6", "level = 1000000000", "certification.level : on attend un nombre entier d'au plus 6 chiffres"),
        ("rounding = 2", "rounding = 2.0", "policy.rounding : on attend un nombre entier, et non 2.0"),
        ("rounding = 2", "rounding = 1000000000", "policy.rounding : on attend un nombre entier d'au plus 6 chiffres"),
        ("rounding = 2", "rounding = -1000000000", "policy.rounding : on attend un nombre entier d'au plus 6 chiffres"),
        ("at_least = 36", 'at_least = "36"', "oral.at_least : on attend un nombre, et non « 36 »"),
        ("at_least = 36", "at_least = true", "oral.at_least : on attend un nombre, et non true"),
        ("at_least = 36", "at_least = nan", "oral.at_least : le nombre doit tenir en 12 chiffres"),
        ("at_least = 36", "at_least = 36.0000001", "oral.at_least : le nombre doit tenir en 12 chiffres"),
        ("at_least = 36", "at_least = 1000000", "oral.at_least : le nombre doit tenir en 12 chiffres"),
        ("at_least = 36", "at_least = 1e999", "oral.at_least : le nombre doit tenir en 12 chiffres"),
        ("= 2025-03-02", '= "2025-03-02"', "certification.registration_ends : on attend une date"),
        ("= 2025-03-02", "= 2025-03-02T00:00:00", "certification.registration_ends : on attend une date"),
        (
            "requires_report = true",
            "requires_report = 1",
            "ue[UE7].requires_report : on attend true ou false, et non 1",
        ),
        ('oral_from = "mean"', 'oral_from = "moyenne"', 'policy.oral_from : on attend l\'un de ces mots : "mean", "me'),
        ('ue = ["UE4"]', 'ue = "UE4"', "work[DP1].ue : on attend une liste de textes, et non « UE4 »"),
        (
            'code = "1.1"',
            "code = 1.1",
            "bloc[B1].competences[n° 1].code : on attend un texte entre guillemets, et non 1.1",
        ),
        (
            ', evidence = ["EN : Recommandation Parcours client"]',
            "",
            "bloc[B1].competences[1.4].evidence : clé manquante",
        ),
        (", minutes = 12", ', minutes = "12"', "oral.sequence[n° 1].minutes : on attend un nombre entier"),
        ('1 = "Conn', '1.5 = "Conn', "scales.level.labels.1 : on attend un texte entre guillemets, et non une table"),
        ("[scales.work]", '[scales."à moi"]', 'scales."\\u00e0 moi" : clé inconnue'),
    ],
)
def test_a_missing_unknown_or_mistyped_key_is_named(old, new, said):
    assert any(problem.startswith(said) for problem in spoiled(old, new)), spoiled(old, new)


def test_a_table_in_place_of_a_list_of_tables_is_told_how_to_write_it():
    (document,) = re.findall(r"\[\[document\]\]\n.*\n.*\n", SHIPPED)[:1]
    text = SHIPPED.replace("[[document]]", "[[work]]").replace(
        "[[work]]\n" + document[13:], "[document]\ncode = 'GRI'\n"
    )
    assert "document : on attend une liste de tables [[document]], et non une table" in problems(text)


# ---------------------------------------------------------------------------------------- contradictions


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        # codes
        ('"UE2"', '"ue1"', "ue[ue1].code : « ue1 » est déjà le code de ue[UE1]"),
        ('"UE1"', '"UE2"', "ue[n° 2].code : « UE2 » est déjà le code de ue[n° 1]"),
        ('"T01"', '"1.1"', "transversal.domains[n° 1].items[1.1].code : « 1.1 » est déjà le code de bloc[B1].comp"),
        ('code = "EN"', 'code = "cc1"', "exam[CC1].code : « CC1 » est déjà le code de national_exam"),
        ('"GRI"', '"RA1"', "document[RA1].code : « RA1 » est déjà le code de work[RA1]"),
        ('"O01"', '"B1"', "oral.sections[n° 1].items[B1].code : « B1 » est déjà le code de bloc[B1]"),
        ('"O01"', '"O-01"', "oral.sections[n° 1].items[n° 1].code : un code n'a que des lettres"),
        ('"T01"', '""', "transversal.domains[n° 1].items[n° 1].code : un code n'a que des lettres"),
        ('"UE1"', '"UÉ1"', "ue[n° 1].code : un code n'a que des lettres sans accent"),
        ('"UE1"', f'"{"U" * 65}"', f"ue[{'U' * 65}].code : un code a au plus 64 signes, et non 65"),
        # texts
        (
            'short_title = "CGCo"',
            f'short_title = "{"C" * 65}"',
            "certification.short_title : on attend au plus 64 signes",
        ),
        (
            'short_title = "CGCo"',
            'short_title = "CG\\u200bCo"',
            "certification.short_title : ce texte a un signe invis",
        ),
        ('"2024-03-15"', '"2024\\u0001"', "certification.version : ce texte a un signe invisible"),
        ('short_title = "CGCo"', 'short_title = "CG Co"', "certification.short_title : on attend un texte sans espace"),
        ('short_title = "CGCo"', 'short_title = "CG/Co"', "certification.short_title : on attend un texte sans espace"),
        ('short_title = "CGCo"', 'short_title = ""', "certification.short_title : on attend un texte sans espace"),
        ('"2024-03-15"', '"15/03/2024"', "certification.version : on attend un texte sans espace"),
        ('"2024-03-15"', '"-"', "certification.version : on attend un texte sans espace"),
        ('"Marketing"', '" "', "ue[UE2].title : le texte est vide"),
        ('"Formatives"', '""', "certification.certifier : le texte est vide"),
        # references
        (
            'competence = "1.3"',
            'competence = "9.9"',
            "work[RA1].competence : « 9.9 » n'est le code d'aucune compétence",
        ),
        ('["UE5", "UE6"]', '["UE5", "UE9"]', "work[RA5].ue[n° 2] : « UE9 » n'est le code d'aucune UE"),
        ('competence = "3.2"', 'competence = "T01"', "exam[CC1].competence : « T01 » n'est le code d'aucune comp"),
        ('competence = "2.1"', 'competence = "2.01"', "national_exam.deliverable[n° 1].competence : « 2.01 » n'est"),
        # counts
        ("required = 3", "required = 6", "bloc[B1].required : on attend un nombre de 1 à 5"),
        (
            "evidence = [",
            "mandatory = 1, evidence = [",
            "bloc[B1].competences[1.1].mandatory : on attend true ou false",
        ),
        ("required = 3", "required = 0", "bloc[B1].required : on attend un nombre de 1 à 5"),
        ("required = 9", "required = 16", "transversal.required : on attend un nombre de 1 à 15"),
        ("credits = 60", "credits = 61", "certification.credits : 61 n'est pas la somme des crédits des UE (60)"),
        ("credits = 6\n", "credits = -6\n", "ue[UE2].credits : on attend au moins 0"),
        # scales
        ("minimum = 1\n", "minimum = 5\n", "scales.level.minimum : 5 n'est pas inférieur à maximum (5)"),
        ("step = 1\n", "step = 0\n", "scales.level.step : on attend un pas supérieur à 0"),
        ("step = 1\n", "step = 0.3\n", "scales.level.step : le pas 0.3 ne divise pas exactement 4"),
        ("step = 1\n", "step = 0.001\n", "scales.level.step : le pas 0.001 donne plus de 1000 valeurs"),
        ('5 = "Maîtrise experte"', '6 = "x"', "scales.level.labels.6 : ce n'est pas une valeur de l'échelle (de 1 à 5"),
        ('5 = "Maîtrise experte"', '"5.0" = "x"', 'scales.level.labels."5.0" : ce n\'est pas une valeur'),
        ('5 = "Maîtrise experte"', 'cinq = "x"', "scales.level.labels.cinq : ce n'est pas une valeur"),
        ('"1.1", minimum = 2', '"1.1", minimum = 6', "bloc[B1].competences[1.1].minimum : 6 n'est pas dans l'échelle"),
        ('"1.1", minimum = 2', '"1.1", minimum = 5.5', "bloc[B1].competences[1.1].minimum : 5.5 n'est pas dans"),
        ('écrite", minimum = 3', 'écrite", minimum = 0', "transversal.domains[n° 1].items[T01].minimum : 0 n'est pas"),
        # bars
        ("at_least = 36", "at_least = 60.5", "oral.at_least : on attend de 0 à 60 points"),
        ("at_least = 36", "at_least = -1", "oral.at_least : on attend de 0 à 60 points"),
        ("step = 0.5", "step = -0.5", "oral.step : on attend un pas supérieur à 0"),
        (
            "points = 1 ",
            "points = 1.3 ",
            "oral.sections[n° 1].items[O01].points : le pas 0.5 ne divise pas exactement 1.3",
        ),
        ("points = 1 ", "points = 0 ", "oral.sections[n° 1].items[O01].points : on attend un nombre supérieur à 0"),
        ("at_least = 12", "at_least = 20.5", "national_exam.at_least : on attend une note de 0 à 20"),
        ("above = 10", "above = 20", "ue_rule.above : on attend une note de 0 à moins de 20"),
        ("above = 10", "above = -1", "ue_rule.above : on attend une note de 0 à moins de 20"),
        # parts that need one another
        ("[ue_rule]\nabove = 10", "", "ue_rule : clé manquante, nécessaire à ue"),
        # policy
        ("minimum_jurors = 2", "minimum_jurors = 0", "policy.minimum_jurors : on attend au moins 1"),
        ("rounding = 2", "rounding = -1", "policy.rounding : on attend au moins 0"),
        ("rounding = 2", "rounding = 7", "policy.rounding : on attend au plus 6 décimales"),
        ("divergence_levels = 2", "divergence_levels = 0", "policy.divergence_levels : on attend un nombre supérieur"),
        ("divergence_points = 10", "divergence_points = -1", "policy.divergence_points : on attend un nombre sup"),
        (", minutes = 12", ", minutes = 0", "oral.sequence[n° 1].minutes : on attend au moins 1"),
    ],
)
def test_a_contradiction_is_named(old, new, said):
    assert any(problem.startswith(said) for problem in spoiled(old, new)), spoiled(old, new)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"(?s)\[scales\.work\].*?\n\n", "scales.work : clé manquante, nécessaire à work"),
        (r"(?s)\[scales\.mark\].*?\n\n", "scales.mark : clé manquante, nécessaire à ue, national_exam, exam"),
        (r"(?s)\[\[ue\]\].*?\n\n", "ue : clé manquante, nécessaire à ue_rule"),
        (r"(?s)\[oral\].*?\n\n", "ue[UE7].requires_report : la conformité du rapport est saisie au grand oral"),
        (r"(?s)(?<=\ndomains = )\[.*?\n\]", "transversal.domains : la liste est vide"),
        (r"(?s)(?<=\nsections = )\[.*?\n\]", "oral.sections : la liste est vide"),
        (r"(?s)(?<=\ncompetences = )\[.*?\n\]", "bloc[B1].competences : la liste est vide"),
        (r"(?s)(?<=\"Anglais\", items = )\[.*?\]", "transversal.domains[n° 1].items : la liste est vide"),
    ],
)
def test_a_part_that_is_left_out_or_empty_is_named(pattern, said):
    emptied = "[]" if "vide" in said else ""
    text, count = re.subn(pattern, emptied, SHIPPED, count=1)
    assert count == 1
    assert any(problem.startswith(said) for problem in problems(text)), problems(text)


def test_no_bloc_at_all_is_an_error():
    minimal = (DATA / "referentiel_minimal.toml").read_text("utf-8")
    text = "bloc = []\n" + re.sub(r"(?s)\[\[bloc\]\].*?\n\n", "", minimal)
    assert problems(text) == ["bloc : la liste est vide : on attend au moins un élément"]


def test_one_fault_is_one_problem():
    assert spoiled("credits = 60", "credits = 61") == [
        "certification.credits : 61 n'est pas la somme des crédits des UE (60)"
    ]
    assert len(spoiled('oral_from = "mean"', "oral_from = 3")) == 1
    assert len(spoiled("minimum = 1\n", "minimum = 5\n")) == 1


def test_every_fault_is_reported_at_once_in_the_order_of_the_file():
    changes = {
        "credits = 60": "credits = 59",
        "level = 6": 'level = "six"',
        'code = "UE2"': 'code = "UE1"',
        'competence = "1.3"': 'competence = "8.8"',
        'title = "Piloter un projet commercial"\n': "",
        "at_least = 36": "at_least = 66",
        "rounding = 2": "arrondi = 2",
    }
    text = SHIPPED
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    assert [problem.split(" : ")[0] for problem in problems(text)] == [
        "certification.level",
        "certification.credits",
        "ue[n° 2].code",
        "national_exam.deliverable[n° 1].ue",  # what pointed at UE2 now points at nothing
        "national_exam.deliverable[n° 2].ue",
        "exam[CC1].ue",
        "exam[CC2].ue",
        "exam[CC3].ue",
        "work[RA1].competence",
        "work[RA3].ue[n° 1]",
        "bloc[B2].title",
        "oral.at_least",
        "policy.arrondi",
        "policy.rounding",
    ]


def test_the_message_shown_names_the_file_and_holds_every_problem():
    with pytest.raises(ReferentialError) as caught:
        referential.parse(SHIPPED.replace("level = 6", "level = 6.5").replace("step = 0.5", "step = 0"), "promo.toml")
    text = str(caught.value)
    assert "« promo.toml »" in text
    assert all(problem in text for problem in caught.value.problems)
    assert len(caught.value.problems) == 2


def places(value: Any) -> Iterator[tuple[str | int, ...]]:
    """Where every value of a parsed file stands, by one element of each list."""
    inside = value.items() if isinstance(value, dict) else enumerate(value[:1]) if isinstance(value, list) else ()
    for step, child in inside:
        yield (step,)
        yield from ((step, *rest) for rest in places(child))


@contextmanager
def replaced(document: dict[str, Any], place: tuple[str | int, ...], value: Any) -> Iterator[None]:
    """The parsed file with another value in one place, for a while."""
    container = reduce(getitem, place[:-1], document)
    good, container[place[-1]] = container[place[-1]], value
    yield
    container[place[-1]] = good


def test_a_value_of_a_wrong_type_is_named_wherever_it_stands():
    document = tomllib.loads(SHIPPED, parse_float=Decimal)
    for place in places(document):
        noon = time(12)  # TOML has times; no key expects one
        with replaced(document, place, noon):
            expected = f"{shown_key(document, place)} : on attend "
            with pytest.raises(ReferentialError) as caught:
                referential.build(document, "essai")
        assert any(problem.startswith(expected) for problem in caught.value.problems), expected


@pytest.mark.parametrize("wrong", [7, "x", [], [1], [{}], {}, {"x": 1}, True, date(2025, 1, 1)])
def test_no_value_anywhere_makes_it_crash(wrong):
    document = tomllib.loads(SHIPPED, parse_float=Decimal)
    for place in places(document):
        with replaced(document, place, wrong), suppress(ReferentialError):
            referential.build(document, "essai")
