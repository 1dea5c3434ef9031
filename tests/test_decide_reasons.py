"""Why, in French: each sentence word for word, its figure, its bar, its margin, and who is asked."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assessment.decide import unnamed
from engine.model import State
from engine.model.outcome import HELD
from tests.descriptions import CGCO, MINIMAL, at_every_bar, candidate, counted, outcome_of, points

CODES = [item.code for item in CGCO.oral.items]
BLANK, ABSENT, FULL = dict.fromkeys(CODES), dict.fromkeys(CODES, "ABS"), points("40")
PEOPLE = {"tutors": ["T1"], "trainers": ["F1", "F2"], "jurors": ["J1", "J2"]}
RATERS = "tuteur T1, formateurs F1 et F2"
B3 = CGCO.blocs[2].competences


def reasons(**parts):
    return outcome_of(at_every_bar() | PEOPLE | parts).reasons


def of_bloc(cells):
    description = at_every_bar() | PEOPLE
    description["grilles"][0][1].update(cells)
    return next(iter(outcome_of(description).reasons), "")


def of_oral(*sheets, people=PEOPLE, **policy):
    orals = [(f"J{rank}", sheet, "Oui") for rank, sheet in enumerate(sheets, start=1)]
    return outcome_of(at_every_bar() | people | {"orals": orals}, **policy).reasons[:1]


def of_notes(**cells):
    return reasons(notes=at_every_bar()["notes"] | cells)


def test_nothing_to_say_of_who_passes_everything():
    assert reasons() == ()


# ------------------------------------------------------------------------------- blocs and transversal


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (counted(B3, 2), "B3 : 2 démontrées, 3 requises, il en manque 1."),
        (counted(B3, 1), "B3 : 1 démontrée, 3 requises, il en manque 2."),
        (counted(B3, 0), "B3 : 0 démontrée, 3 requises, il en manque 3."),
        (counted(B3, 1, 1), "B3 : 1 démontrée, 3 requises, il en manque 2 et 1 seul niveau reste à connaître."),
        (counted(B3, 0, 2), "B3 : 0 démontrée, 3 requises, il en manque 3 et 2 niveaux seulement restent à connaître."),
        (
            counted(B3, 2, 1),
            f"B3 : 2 démontrées, 3 requises, il en faut encore 1 ; il manque 1 niveau : 3.3 ({RATERS}).",
        ),
        (
            counted(B3, 1, 3),
            f"B3 : 1 démontrée, 3 requises, il en faut encore 2 ; il manque 3 niveaux : 3.2, 3.3 et 3.4 ({RATERS}).",
        ),
        (counted(B3, 0, 7), f"B3 : aucun niveau saisi ({RATERS}) ; 3 requises."),
        (counted(B3, 0, 7, as_unknown="NE"), f"B3 : aucun niveau saisi ({RATERS}) ; 3 requises."),
        (counted(B3, 0, 7, as_unknown="excluded"), "B3 : tous les niveaux à corriger (tuteur T1) ; 3 requises."),
        (
            counted(B3, 2, 1, as_unknown="excluded"),
            "B3 : 2 démontrées, 3 requises, il en faut encore 1 ; à corriger : 3.3 (tuteur T1).",
        ),
        (
            counted(B3, 2, 1) | {"3.1": "excluded"},
            "B3 : 1 démontrée, 3 requises, il en faut encore 2 ; "
            f"il manque 1 niveau : 3.3 ({RATERS}) ; à corriger : 3.1 (tuteur T1).",
        ),
    ],
)
def test_a_bloc(cells, sentence):
    assert of_bloc(cells) == sentence


def test_who_holds_a_level_back_is_named_even_when_the_roster_forgot_them():
    description = at_every_bar() | PEOPLE
    description["grilles"] += [("F2", {"3.1": "excluded"}), ("F9", {"3.1": "excluded"})]
    description["grilles"][0][1].update(counted(B3, 3))
    (sentence,) = outcome_of(description).reasons
    assert sentence.endswith("à corriger : 3.1 (formateur F2, évaluateur F9).")


def test_whoever_did_not_write_their_name_on_a_blank_sheet_is_told_as_such():
    description = at_every_bar() | PEOPLE
    description["grilles"] = [("", {each.code: "excluded" for each in B3})]
    description["orals"] = [("", FULL | {"O01": "excluded"}, "excluded")]
    told = " ".join(outcome_of(description).reasons)
    assert "tous les niveaux à corriger (évaluateur non indiqué)" in told
    assert "à compléter ou à corriger : juré non indiqué" in told
    assert "réponse à corriger (juré non indiqué)" in told


def test_one_competence_required_is_singular():
    outcome = outcome_of(candidate(grilles=[("T1", {"G1": "1"})]), MINIMAL)
    assert outcome.reasons == ("G : 0 démontrée, 1 requise, il en manque 1.",)
    assert outcome_of(candidate(), MINIMAL).reasons == (
        "G : aucun niveau saisi (personne n'est désigné au registre) ; 1 requise.",
    )


def test_a_held_bloc_is_told_whatever_this_session_showed():
    assert reasons(held=["B2"]) == ("B2 : déjà acquis à une session antérieure.",)


@pytest.mark.parametrize("kept", [("TRANSVERSALES",), ("ORAL", "EN", "UE1")])
def test_a_kept_condition_is_told_in_words_that_agree_with_any(kept):
    (sentence,) = reasons(kept=kept)
    assert sentence.endswith(" : validation conservée d'une session antérieure.")


def test_transversal_competences():
    few = counted(CGCO.transversal.items, 8)
    assert reasons(transversales=[("J1", few)]) == ("Transversales : 8 démontrées, 9 requises, il en manque 1.",)
    holed = few | {"T15": None}
    assert reasons(transversales=[("J1", holed)]) == (
        "Transversales : 8 démontrées, 9 requises, il en faut encore 1 ; il manque 1 niveau : T15 (jurés J1 et J2).",
    )
    assert reasons(transversales=[]) == ("Transversales : aucun niveau saisi (jurés J1 et J2) ; 9 requises.",)


# ------------------------------------------------------------------------------------------------ oral


@pytest.mark.parametrize(
    ("sheets", "sentence"),
    [
        ((points("35.5"), points("35.5")), "Oral : 35,50/60, il faut 36, il manque 0,50."),
        ((points("35.5"), points("35.5"), points("36")), "Oral : 35,67/60, il faut 36, il manque 0,33."),
        ((points("0"), points("0")), "Oral : 0,00/60, il faut 36, il manque 36,00."),
        ((), "Oral : 0 fiche complète, 2 exigées ; 2 fiches à recevoir (jurés J1 et J2)."),
        ((FULL, BLANK), "Oral : 1 fiche complète, 2 exigées ; 1 fiche à recevoir (juré J2)."),
        ((FULL, FULL | {"O01": None}), "Oral : 1 fiche complète, 2 exigées ; à compléter ou à corriger : juré J2."),
        (
            (FULL, FULL, FULL | {"O01": "excluded"}, BLANK | {"O01": "1"}),
            "Oral : 2 fiches complètes, 2 exigées ; à compléter ou à corriger : jurés J3 et J4.",
        ),
        ((ABSENT, ABSENT), "Oral : absence (jurés J1 et J2)."),
        ((ABSENT, BLANK), "Oral : ABS sur 1 fiche, 2 exigées ; 1 fiche à recevoir (juré J2)."),
        ((ABSENT, FULL), "Oral : ABS et autres saisies à la fois ; à compléter ou à corriger : juré J1."),
    ],
)
def test_the_oral(sheets, sentence):
    assert of_oral(*sheets) == (sentence,)


def test_the_oral_under_another_policy():
    assert of_oral(BLANK, minimum_jurors=1) == (
        "Oral : 0 fiche complète, 1 exigée ; 1 fiche à recevoir (jurés J1 et J2).",
    )
    assert of_oral(ABSENT, ABSENT, minimum_jurors=3) == (
        "Oral : ABS sur 2 fiches, 3 exigées ; 1 fiche à recevoir (1 juré à désigner au registre).",
    )
    whole = of_oral(points("36"), points("35.5"), points("35.5"), rounding=0)
    assert whole == ()  # 35,67 is 36 when the policy keeps no decimal
    assert of_oral(points("35.5"), points("35"), rounding=0, oral_from="min") == (
        "Oral : 35,00/60, il faut 36, il manque 1,00.",
    )


def test_a_roster_with_too_few_jurors_is_told():
    assert of_oral(people={"jurors": ["J1"]}) == (
        "Oral : 0 fiche complète, 2 exigées ; 2 fiches à recevoir (juré J1, 1 juré à désigner au registre).",
    )


# ----------------------------------------------------------------------------------------------- marks


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("11.99", "EN : 11,99, il faut 12, il manque 0,01."),
        ("11.5", "EN : 11,50, il faut 12, il manque 0,50."),
        ("11.999999", "EN : 11,999999, il faut 12, il manque 0,000001."),
        ("0", "EN : 0,00, il faut 12, il manque 12,00."),
        ("ABS", "EN : absence."),
        (None, "EN : note attendue (secrétariat)."),
        ("excluded", "EN : note à corriger (secrétariat)."),
    ],
)
def test_the_exam(cell, sentence):
    assert of_notes(EN=cell) == (sentence,)


@pytest.mark.parametrize("cell", ["12", "12.000001", "DISP"])
def test_an_exam_that_is_validated_needs_no_words(cell):
    assert of_notes(EN=cell) == ()


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("10", "UE6 : 10,00, il faut plus de 10, la note est juste au seuil ; 10 crédits non accordés."),
        ("9.995", "UE6 : 9,995, il faut plus de 10, il manque plus de 0,005 ; 10 crédits non accordés."),
        ("9.75", "UE6 : 9,75, il faut plus de 10, il manque plus de 0,25 ; 10 crédits non accordés."),
        ("ABS", "UE6 : absence ; 10 crédits non accordés."),
        (None, "UE6 : note attendue (secrétariat)."),
    ],
)
def test_a_unit(cell, sentence):
    assert of_notes(UE6=cell) == (sentence,)


@pytest.mark.parametrize("cell", ["10.004", "10.000001", "DISP"])
def test_a_unit_just_above_its_bar_needs_no_words(cell):
    assert of_notes(UE6=cell) == ()


def test_units_that_only_wait_share_a_sentence():
    assert of_notes(UE1=None, UE2="excluded", UE3="9", UE5=None) == (
        "UE1 et UE5 : notes attendues (secrétariat).",
        "UE2 : note à corriger (secrétariat).",
        "UE3 : 9,00, il faut plus de 10, il manque plus de 1,00 ; 4 crédits non accordés.",
    )


def test_one_credit_is_singular():
    units = tuple(replace(unit, credits=1) for unit in CGCO.units)
    description = at_every_bar()
    description["notes"]["UE6"] = "10"
    (sentence,) = outcome_of(description, replace(CGCO, units=units)).reasons
    assert sentence.endswith(" ; 1 crédit non accordé.")


@pytest.mark.parametrize(
    ("answers", "mark", "sentence"),
    [
        (("Non", "Non"), "15", "rapport d'activité non conforme (jurés J1 et J2) ; 10 crédits non accordés"),
        (("Oui", "Non"), "15", "rapport d'activité non conforme (juré J2) ; 10 crédits non accordés"),
        (("Non", None), "DISP", "rapport d'activité non conforme (juré J1) ; 10 crédits non accordés"),
        (
            ("Non", "Oui"),
            None,
            "note attendue (secrétariat) ; rapport d'activité non conforme (juré J1) ; 10 crédits non accordés",
        ),
        ((None, None), "15", "rapport d'activité à apprécier (jurés J1 et J2)"),
        (("excluded", "Non"), "15", "rapport d'activité, réponse à corriger (juré J1)"),
        ((None, None), None, "note attendue (secrétariat) ; rapport d'activité à apprécier (jurés J1 et J2)"),
    ],
)
def test_a_unit_that_needs_the_report(answers, mark, sentence):
    description = at_every_bar() | PEOPLE
    description["notes"]["UE7"] = mark
    sheets = zip(description["orals"], answers, strict=True)
    description["orals"] = [(juror, cells, answer) for (juror, cells, _), answer in sheets]
    assert outcome_of(description).reasons == (f"UE7 : {sentence}.",)


# ---------------------------------------------------------------------------------------------- whole


def test_what_makes_it_provisional_comes_last():
    description = at_every_bar()
    description["notes"]["UE6"] = "10"
    found = outcome_of(description, awaited=("grille de BENALI Karim", "grand oral de ROCHE Anaïs")).reasons
    assert found[1:] == ("Provisoire, en attente de : grille de BENALI Karim et grand oral de ROCHE Anaïs.",)


def test_for_the_candidate_s_own_eyes_nobody_is_named():
    grille = at_every_bar()["grilles"][0][1] | counted(CGCO.blocs[0].competences, 2, 1)
    orals = [("J1", FULL, "Non"), ("J2", BLANK, "Oui")]
    outcome = outcome_of(at_every_bar() | PEOPLE | {"grilles": [("T1", grille)], "orals": orals})
    (told,) = unnamed([outcome], CGCO, {outcome.candidate.id: ["grand oral"]})
    assert told.reasons[1:] == (
        "Oral : 1 fiche complète, 2 exigées ; 1 fiche à recevoir (jury).",
        "UE7 : rapport d'activité non conforme (jury) ; 10 crédits non accordés.",
        "Provisoire, en attente de : grand oral.",
    )
    assert "(tuteur ou formateur)" in told.reasons[0]
    assert not re.search(r"\b[TFJ]\d", " ".join(told.reasons))
    assert replace(told, reasons=()) == replace(outcome, reasons=())
    held = replace(outcome, reasons=(f"{HELD} ; les retours présents donneraient PARTIEL.", *outcome.reasons))
    (again,) = unnamed([held], CGCO, {outcome.candidate.id: ["grand oral"]})
    assert again.reasons == (held.reasons[0], *told.reasons)


def test_who_dropped_out_has_one_reason():
    assert reasons(left=True, notes={}) == ("Abandon inscrit au registre.",)


def test_a_file_of_which_nothing_came_is_told_in_a_few_sentences():
    assert outcome_of(candidate(**PEOPLE)).reasons == (
        f"B1, B2, B3 et B4 : aucun niveau saisi ({RATERS}) ; 3, 6, 3 et 3 requises.",
        "Transversales : aucun niveau saisi (jurés J1 et J2) ; 9 requises.",
        "Oral : 0 fiche complète, 2 exigées ; 2 fiches à recevoir (jurés J1 et J2).",
        "EN : note attendue (secrétariat).",
        "UE1, UE2, UE3, UE4, UE5 et UE6 : notes attendues (secrétariat).",
        "UE7 : note attendue (secrétariat) ; rapport d'activité à apprécier (jurés J1 et J2).",
    )


MARK = st.decimals(min_value=0, max_value=20, places=6) | st.sampled_from(
    [Decimal(text) for text in ("9.9999999", "10", "10.0000001", "10.004", "11.9999999", "12", "12.0000001")]
)


@settings(max_examples=60, deadline=None)
@given(exam=MARK, unit=MARK, first=st.integers(66, 78), second=st.integers(66, 78))
def test_a_margin_never_contradicts_a_state(exam, unit, first, second):
    """Figure and margin make up the bar to the last decimal, and a sentence stands where a state is not validated."""
    description = at_every_bar() | PEOPLE
    description["notes"] |= {"EN": f"{exam:f}", "UE6": f"{unit:f}"}
    halves = (points(Decimal(first) / 2), points(Decimal(second) / 2))
    description["orals"] = [(juror, cells, "Oui") for juror, cells in zip(("J1", "J2"), halves, strict=True)]
    outcome = outcome_of(description)
    said = {sentence.split(" : ")[0]: sentence for sentence in outcome.reasons}
    states = {"EN": outcome.exam.state, "UE6": outcome.units["UE6"].state, "Oral": outcome.oral.state}
    assert set(said) == {name for name, state in states.items() if state is State.FAILED}
    for sentence in said.values():
        value, bar, *margin = [
            Decimal(text.replace(",", ".")) for text in re.findall(r"(?<![\d/])\d+(?:,\d+)?", sentence[4:])
        ]
        lacking = margin[0] if "il manque" in sentence else Decimal(0)
        assert value + lacking == bar
        assert ("juste au seuil" in sentence) == (value == bar)
