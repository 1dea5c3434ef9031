"""Who may sit the grand oral: what a file must hold, what is told of one that lacks it, and jurors who are bound."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.jury import bonds
from engine.model import Candidate, Evaluator, Role, Roster, Session
from engine.model.forms import PLAGIARISM
from engine.model.texts import fold
from tests.readings import NOTES, ORAL, TRAVAUX, VALIDATION, WARNING
from tests.test_checks import of, returned


def file_of(cohort, *, sat=True, plagiarism="Oui", refused=(), silent=(), unrated=(), exam="12"):
    """What makes the file of one candidate admissible, and their oral."""
    for juror in ("J01", "J02") if sat else ():
        returned(cohort, ORAL, juror)
    returned(cohort, NOTES, **{PLAGIARISM: plagiarism, "EN": exam})
    answers = dict.fromkeys(refused, "Non") | dict.fromkeys(silent)
    returned(cohort, VALIDATION, "R01", **answers)
    for evaluator in ("T01", "F01"):  # the same workbook holds both sheets
        returned(cohort, TRAVAUX, evaluator, **dict.fromkeys(unrated))


LACKS = [
    ({"plagiarism": "Non"}, "« Plagiat vérifié » : Non (secrétariat)"),
    ({"plagiarism": None}, "« Plagiat vérifié » : sans réponse (secrétariat)"),
    ({"refused": ["RA2"]}, "travail refusé : RA2 (référents R01 et R02)"),
    ({"refused": ["RA2", "DP1", "LIV"]}, "travaux refusés : RA2 et DP1 (référents R01 et R02) ; document refusé : LIV "
     "(référents R01 et R02)"),
    ({"silent": ["RA1", "RA2"]}, "travaux sans réponse : RA1 et RA2 (référents R01 et R02)"),
    ({"silent": ["REC"]}, "document sans réponse : REC (référents R01 et R02)"),
    ({"unrated": ["RA1"]}, "travail que personne n'a évalué : RA1 (tuteur T01, formateur F01)"),
    ({"unrated": ["RA1"], "exam": None}, "EN : note attendue (secrétariat) ; travail que personne n'a évalué : RA1 "
     "(tuteur T01, formateur F01)"),
]  # fmt: skip


def row_of(results, candidate="007"):
    return next(row for row in results.sheets["Jury"] if row["Identifiant"] == candidate)


@pytest.mark.parametrize(("lack", "said"), LACKS)
def test_a_file_that_lacks_something_is_told_in_words_and_decides_nothing(cohort, lack, said):
    file_of(cohort, **lack)
    results = cohort.consolidate()
    row = row_of(results)
    assert (row["Admissibilité"], row["Convocation"]) == ("Dossier incomplet", "Non")
    assert fold(row["Motifs"]) == fold(said)
    assert of(results, "R15") == [("", fold(f"Le grand oral a été passé sans dossier complet : {said}."))]
    assert {row["Gravité"] for row in results.anomalies("R15")} == {WARNING}
    assert results.summary("007")["Décision"] == ("ADMIS" if "exam" not in lack else "EN ATTENTE")


@pytest.mark.parametrize("lack", [lack for lack, _ in LACKS])
def test_a_file_that_lacks_something_before_the_oral_is_no_anomaly(cohort, lack):
    file_of(cohort, sat=False, **lack)
    assert cohort.consolidate().anomalies("R15") == []


def test_an_admissible_file_is_not_told(cohort):
    file_of(cohort)
    results = cohort.consolidate()
    row = row_of(results)
    assert of(results, "R15") == []
    assert (row["Admissibilité"], row["Convocation"], row["Motifs"]) == ("Admissible", "Oui", "")
    assert (row["Travaux"], row["Documents"]) == (len(cohort.referential.works), len(cohort.referential.documents))
    assert {row[f"{part} état"] for part in ("EN", "Travaux", "Documents", "Plagiat")} == {"Validé"}


@pytest.mark.parametrize(("mark", "said"), [("11.99", "EN : 11,99, il faut 12"), ("ABS", "EN : absence")])
def test_nothing_that_could_be_handed_in_changes_a_failed_exam(cohort, mark, said):
    file_of(cohort, exam=mark, silent=["RA1"])
    others = "travail sans réponse : RA1 (référents R01 et R02)"
    results = cohort.consolidate()
    row = row_of(results)
    assert (row["Admissibilité"], row["EN état"]) == ("Non admissible", "Non validé")
    assert fold(row["Motifs"]) == fold(f"{said} ; {others}")
    assert len(of(results, "R04")) == 1
    assert of(results, "R15") == [
        (
            "",
            fold("Le grand oral a été passé sans dossier complet : travail sans réponse : RA1 (référents R01 et R02)."),
        )
    ]


def test_an_unreadable_answer_is_neither_yes_nor_no(cohort):
    file_of(cohort)
    returned(cohort, VALIDATION, "R02", RA1="peut-être")
    row = row_of(cohort.consolidate())
    assert (row["Admissibilité"], row["Travaux"], row["Travaux état"]) == ("Dossier incomplet", 10, "En attente")
    assert fold("à la réponse illisible : RA1") in fold(row["Motifs"])


def test_the_roster_may_convene_or_not_and_somebody_who_left_has_no_word(cohort):
    file_of(cohort, sat=False)
    enrolled = cohort.enrol(
        lambda table: (
            table.replace("| Statut\n", "| Statut | Convocation | Conservés\n")
            .replace("J01;J02 |\nC02", "J01;J02 | | Non\nC02")
            .replace("J01;J02 |\nC03", "J01;J02 | | Oui\nC03")
            .replace("J01;J02 |\nC04", "J01;J02 | | | ORAL\nC04")
        )
    )
    results = enrolled.consolidate()
    told = {row["Identifiant"]: (row["Admissibilité"], row["Convocation"]) for row in results.sheets["Jury"]}
    assert told == {
        "007": ("Admissible", "Non"),
        "C02": ("Dossier incomplet", "Oui"),
        "C03": ("Dispensé", "Non"),
        "C04": ("", ""),
    }
    assert [row["Candidat"] for row in results.anomalies("R15")] == ["C02"]
    assert "est convoqué" in results.anomalies("R15")[0]["Message"]


JUROR = Evaluator(id="J01", last_name="Osmani", first_name="Nadia", roles=frozenset({Role.JUROR}), email="n@x.fr")
TUTOR = Evaluator(id="T01", last_name="Benali", first_name="Karim", roles=frozenset({Role.TUTOR}), email="k@x.fr")
CANDIDATE = Candidate(
    id="C1", last_name="Roche", first_name="Ida", company="Port & Fils", tutors=("T01",), jurors=("J01",)
)


@pytest.mark.parametrize(
    ("juror", "candidate", "said"),
    [
        (JUROR, CANDIDATE, None),
        (JUROR, replace(CANDIDATE, trainers=("j01",)), "est aussi son formateur"),
        (replace(JUROR, last_name="BENALI", first_name="karim"), CANDIDATE, "a le nom ou l'adresse de son tuteur T01"),
        (replace(JUROR, last_name="Karim", first_name="BÉNALI"), CANDIDATE, "a le nom ou l'adresse de son tuteur T01"),
        (replace(JUROR, last_name="Benali", first_name="Karima"), CANDIDATE, None),
        (replace(JUROR, email="n@x.fr; K@X.fr"), CANDIDATE, "a le nom ou l'adresse de son tuteur T01"),
        (replace(JUROR, last_name="Benali"), CANDIDATE, None),
        (replace(JUROR, organisation="PORT & fils"), CANDIDATE, "est de son entreprise, Port & Fils"),
        (
            replace(JUROR, organisation="Maison-Bertin"),
            replace(CANDIDATE, company="Maison Bertin"),
            "de son entreprise",
        ),
        (replace(JUROR, organisation="Maison Bertin Sud"), replace(CANDIDATE, company="Maison Bertin"), None),
        (replace(JUROR, organisation="&"), replace(CANDIDATE, company="?"), None),
        (replace(JUROR, organisation=""), replace(CANDIDATE, company=""), None),
        (replace(JUROR, email=""), CANDIDATE, None),
    ],
)
def test_a_juror_is_bound_to_a_candidate_by_their_part_their_person_or_their_house(juror, candidate, said):
    roster = Roster(session=Session(), candidates=(candidate,), evaluators=(juror, TUTOR))
    found = bonds(candidate, candidate.jurors, roster)
    assert [bond.juror for bond in found] == ([] if said is None else ["J01"])
    assert all(said in bond.reason for bond in found)


def test_a_tutor_under_another_identifier_is_known_whatever_parts_the_words_of_the_name():
    tutor = replace(TUTOR, last_name="Le Guen-D'Hervé", first_name="Anne Marie", email="")
    juror = replace(JUROR, last_name="LE-GUEN d’Herve", first_name="Anne-Marie", email="")
    roster = Roster(session=Session(), candidates=(CANDIDATE,), evaluators=(juror, tutor))
    assert [bond.juror for bond in bonds(CANDIDATE, CANDIDATE.jurors, roster)] == ["J01"]


def test_a_bound_juror_is_told(cohort):
    file_of(cohort)
    bound = cohort.enrol(
        lambda table: (
            table.replace("| Statut\n007         | Lefèvre", "| Statut | Entreprise\n007         | Lefèvre")
            .replace("J01;J02 |\nC02", "J01;J02 | | Les Halles\nC02")
            .replace("| Rôle\n", "| Rôle | Organisme\n")
            .replace("| Juré\nJ02", "| Juré | LES HALLES\nJ02")
        )
    )
    (told,) = bound.consolidate().anomalies("R13")
    assert (told["Candidat"], told["Évaluateur"], told["Gravité"]) == ("007", "J01", WARNING)
