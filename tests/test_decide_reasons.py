"""Why, in French: each sentence word for word."""

from dataclasses import replace

import pytest

from tests.descriptions import CGCO, MINIMAL, at_every_bar, candidate, counted, outcome_of, points

CODES = [item.code for item in CGCO.oral.items]
BLANK, ABSENT, FULL = dict.fromkeys(CODES), dict.fromkeys(CODES, "ABS"), points("40")


def reasons(**parts):
    return outcome_of(at_every_bar() | parts).reasons


def of_bloc(cells):
    description = at_every_bar()
    description["grilles"][0][1].update(cells)
    return next(iter(outcome_of(description).reasons), "")


def of_oral(*sheets, **policy):
    orals = [(f"J{rank}", sheet, "Oui") for rank, sheet in enumerate(sheets, start=1)]
    return outcome_of(at_every_bar() | {"orals": orals}, **policy).reasons[:1]


def of_notes(**cells):
    return reasons(notes=at_every_bar()["notes"] | cells)


def test_nothing_to_say_of_who_passes_everything():
    assert reasons() == ()


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (counted(CGCO.blocs[2].competences, 2), "B3 : 2 démontrées, 3 requises."),
        (counted(CGCO.blocs[2].competences, 1), "B3 : 1 démontrée, 3 requises."),
        (counted(CGCO.blocs[2].competences, 0), "B3 : 0 démontrée, 3 requises."),
        (counted(CGCO.blocs[2].competences, 1, 1), "B3 : 1 démontrée, 3 requises."),
        (counted(CGCO.blocs[2].competences, 2, 1), "B3 : 2 démontrées, 3 requises ; 3.3 sans niveau."),
        (counted(CGCO.blocs[2].competences, 1, 3), "B3 : 1 démontrée, 3 requises ; 3.2, 3.3 et 3.4 sans niveau."),
        (counted(CGCO.blocs[2].competences, 0, 7), "B3 : 0 démontrée, 3 requises ; aucun niveau saisi."),
        (
            counted(CGCO.blocs[2].competences, 0, 7, as_unknown="excluded"),
            "B3 : 0 démontrée, 3 requises ; tous les niveaux à corriger.",
        ),
        (
            counted(CGCO.blocs[2].competences, 2, 1, as_unknown="excluded"),
            "B3 : 2 démontrées, 3 requises ; 3.3 à corriger.",
        ),
        (
            counted(CGCO.blocs[2].competences, 2, 1) | {"3.1": "excluded"},
            "B3 : 1 démontrée, 3 requises ; 3.3 sans niveau ; 3.1 à corriger.",
        ),
    ],
)
def test_a_bloc(cells, sentence):
    assert of_bloc(cells) == sentence


def test_one_competence_required_is_singular():
    outcome = outcome_of(candidate(grilles=[("T1", {"G1": "1"})]), MINIMAL)
    assert outcome.reasons == ("G : 0 démontrée, 1 requise.",)


def test_a_held_bloc_is_told_whatever_this_session_showed():
    assert reasons(held=["B2"]) == ("B2 : déjà acquis à une session antérieure.",)


def test_transversal_competences():
    few = counted(CGCO.transversal.items, 8)
    assert reasons(transversales=[("J1", few)]) == ("Transversales : 8 démontrées, 9 requises.",)
    holed = few | {"T15": None}
    assert reasons(transversales=[("J1", holed)]) == ("Transversales : 8 démontrées, 9 requises ; T15 sans niveau.",)


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ((points("35.5"), points("35.5")), "Oral : 35,50/60, il faut 36."),
        ((points("35.5"), points("35.5"), points("36")), "Oral : 35,67/60, il faut 36."),
        ((points("0"), points("0")), "Oral : 0,00/60, il faut 36."),
        ((), "Oral : 0 fiche complète, 2 exigées."),
        ((FULL, BLANK), "Oral : 1 fiche complète, 2 exigées."),
        (
            (FULL, FULL | {"O01": None}),
            "Oral : 1 fiche complète, 2 exigées ; à compléter ou à corriger : J2.",
        ),
        (
            (FULL, FULL, FULL | {"O01": "excluded"}, BLANK | {"O01": "1"}),
            "Oral : 2 fiches complètes, 2 exigées ; à compléter ou à corriger : J3 et J4.",
        ),
        ((ABSENT, ABSENT), "Oral : absence."),
        ((ABSENT, BLANK), "Oral : ABS sur 1 fiche, 2 exigées."),
        ((ABSENT, FULL), "Oral : ABS et autres saisies à la fois ; à compléter ou à corriger : J1."),
    ],
)
def test_the_oral(sheets, sentence):
    assert of_oral(*sheets) == (sentence,)


def test_the_oral_under_another_policy():
    assert of_oral(BLANK, minimum_jurors=1) == ("Oral : 0 fiche complète, 1 exigée.",)
    assert of_oral(ABSENT, ABSENT, minimum_jurors=3) == ("Oral : ABS sur 2 fiches, 3 exigées.",)


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("11.99", "EN : 11,99, il faut 12."),
        ("11.5", "EN : 11,50, il faut 12."),
        ("11.999999", "EN : 11,999999, il faut 12."),
        ("0", "EN : 0,00, il faut 12."),
        ("ABS", "EN : absence."),
        (None, "EN : note attendue."),
        ("excluded", "EN : note à corriger."),
    ],
)
def test_the_exam(cell, sentence):
    assert of_notes(EN=cell) == (sentence,)


@pytest.mark.parametrize("cell", ["12", "DISP"])
def test_an_exam_that_is_validated_needs_no_words(cell):
    assert of_notes(EN=cell) == ()


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("10", "UE6 : 10,00, il faut plus de 10 (10 crédits non accordés)."),
        ("9.995", "UE6 : 9,995, il faut plus de 10 (10 crédits non accordés)."),
        ("ABS", "UE6 : absence (10 crédits non accordés)."),
        (None, "UE6 : note attendue."),
    ],
)
def test_a_unit(cell, sentence):
    assert of_notes(UE6=cell) == (sentence,)


def test_one_credit_is_singular():
    units = tuple(replace(unit, credits=1) for unit in CGCO.units)
    description = at_every_bar()
    description["notes"]["UE6"] = "10"
    (sentence,) = outcome_of(description, replace(CGCO, units=units)).reasons
    assert sentence == "UE6 : 10,00, il faut plus de 10 (1 crédit non accordé)."


@pytest.mark.parametrize(
    ("answer", "mark", "sentence"),
    [
        ("Non", "15", "UE7 : rapport d'activité non conforme (10 crédits non accordés)."),
        ("Non", "DISP", "UE7 : rapport d'activité non conforme (10 crédits non accordés)."),
        ("Non", None, "UE7 : note attendue, rapport d'activité non conforme (10 crédits non accordés)."),
        (None, "15", "UE7 : rapport d'activité à apprécier par le jury."),
        ("excluded", "15", "UE7 : rapport d'activité : réponse d'un juré à corriger."),
        (None, None, "UE7 : note attendue, rapport d'activité à apprécier par le jury."),
    ],
)
def test_a_unit_that_needs_the_report(answer, mark, sentence):
    description = at_every_bar()
    description["notes"]["UE7"] = mark
    description["orals"] = [(juror, cells, answer) for juror, cells, _ in description["orals"]]
    assert outcome_of(description).reasons == (sentence,)


def test_what_makes_it_provisional_comes_last():
    description = at_every_bar()
    description["notes"]["UE6"] = "10"
    found = outcome_of(description, awaited=("grille de BENALI Karim", "grand oral de ROCHE Anaïs")).reasons
    assert found[1:] == ("Provisoire, en attente de : grille de BENALI Karim et grand oral de ROCHE Anaïs.",)


def test_who_dropped_out_has_one_reason():
    assert reasons(left=True, notes={}) == ("Abandon inscrit au registre.",)


def test_reasons_stand_in_the_order_of_the_rules():
    empty = outcome_of(candidate()).reasons
    assert [sentence.split(" :")[0] for sentence in empty] == [
        *["B1", "B2", "B3", "B4", "Transversales", "Oral", "EN"],
        *[f"UE{rank}" for rank in range(1, 8)],
    ]
