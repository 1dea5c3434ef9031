"""The rules that look across marks, candidates and jurors, on real returns."""

from __future__ import annotations

import pytest

from engine.assessment import checks
from engine.model.anomalies import CATALOGUE
from engine.model.texts import fold
from tests.readings import BLOCKING, GRILLE, NOTES, ORAL, TRANSVERSALE, TRAVAUX, VALIDATION, WARNING


def returned(cohort, kind, evaluator="", **changes):
    """A filled return, some of its inputs changed: code -> value, of the first input of the table."""
    book = cohort.filled(kind, "007", evaluator)
    entry = {GRILLE: "niveau", TRAVAUX: "niveau", TRANSVERSALE: "niveau", ORAL: "points"}.get(kind)
    for code, value in changes.items():
        code = code.replace("_", ".").strip("c")
        if kind in (NOTES, VALIDATION):
            book.put(kind, code, "", value, "007")
        elif code == "rapport":
            book.put(kind, code, "", value)
        else:
            book.put(kind, entry, code, value)
    return book.save(f"{kind} {evaluator}.xlsx")


def of(results, code, candidate="007"):
    """The anomalies of a code about one candidate: (value, message folded)."""
    return [(row["Valeur"], fold(row["Message"])) for row in results.anomalies(code, Candidat=candidate)]


def test_every_check_declares_codes_of_the_catalogue():
    assert {code for check in checks.CHECKS for code in check.codes} == {
        "R01",
        "R02",
        "R03",
        "R04",
        "R05",
        "R06",
        "R09",
        "R10",
    }
    assert all(code in CATALOGUE for check in checks.CHECKS for code in check.codes)


# ------------------------------------------------------------------------------------------------- R01


def test_a_competence_that_nobody_rated_is_told(cohort):
    returned(cohort, GRILLE, "T01", c1_1=None, c1_2="NE", c1_3="mal", c1_4=None)
    returned(cohort, GRILLE, "F01", c1_1=None, c1_2=None, c1_3=None)
    results = cohort.consolidate()
    rows = results.anomalies("R01", Candidat="007")
    assert [row["Valeur"] for row in rows] == ["1.1", "1.2"]
    assert {(row["Gravité"], row["Évaluateur"], row["Fichier"]) for row in rows} == {(WARNING, "", "")}
    assert "competence 1.1, " in fold(rows[0]["Message"]).replace("é", "e")


BEFORE = "T01    | F01        | J01;J02 |"


def test_blocs_already_held_and_people_who_left_are_not_waited_for(cohort):
    cohort.enrol(
        lambda table: table.replace("| Statut\n", "| Statut | Blocs acquis\n").replace(BEFORE, f"{BEFORE} | B1;B2;B3")
    )
    for candidate in ("007", "C02"):
        book = cohort.filled(GRILLE, candidate)
        for code in book.form(GRILLE).row_by_code:
            book.put(GRILLE, "niveau", code, "NE" if code == "1.1" else None)
        book.save(f"{candidate}.xlsx")
    rows = cohort.consolidate().anomalies("R01")
    assert {row["Valeur"] for row in rows if row["Candidat"] == "007"} == {"4.1", "4.2", "4.3", "4.4", "4.5"}
    assert {row["Candidat"] for row in rows} == {"007", "C02"}


def test_what_has_not_begun_to_come_is_awaited_and_not_warned_about(cohort):
    results = cohort.consolidate()
    assert results.anomalies("R01", "R03", "V09") == []
    assert {kind for _, candidate, kind in results.missing() if candidate == "007"} >= {"GRILLE", "ORAL"}


def test_a_competence_that_nobody_is_to_rate_is_told_at_once(cohort):
    cohort.enrol(lambda table: table.replace("T01    | F01        | J01;J02 |", "       |            | J01     |"))
    results = cohort.consolidate()
    assert len(results.anomalies("R01", Candidat="007")) == 27
    assert len(results.anomalies("R03", Candidat="007")) == 1


# ------------------------------------------------------------------------------------------------- R02

TUTOR, TRAINER = "BENALI Karim (T01)", "MOREL Anne (F01)"
JURORS = ("OSMANI Nadia (J01)", "PETIT (ROUX) Jules (J02)")


def test_evaluators_far_apart_are_told(cohort):
    returned(cohort, GRILLE, "T01", c1_1=3, c1_2=4, c1_3="quatre")
    returned(cohort, GRILLE, "F01", c1_3=1)
    results = cohort.consolidate()
    (row,) = results.anomalies("R02")
    assert (row["Gravité"], row["Candidat"], row["Valeur"]) == (WARNING, "007", "1.1")
    told = [fold(f"3 par {TUTOR} et 5 par {TRAINER}"), fold(f"5 par {TRAINER} et 3 par {TUTOR}")]
    assert any(each in fold(row["Message"]) for each in told)
    assert results.level("007", "1.1") == 4


def test_jurors_far_apart_are_told(cohort):
    returned(cohort, ORAL, "J01", O08=0, O21=0, O24=3)
    returned(cohort, TRANSVERSALE, "J02", T01=3)
    results = cohort.consolidate()
    assert of(results, "R02") == [
        ("T01", fold("Les niveaux de T01 sont très écartés : 5 par {} et 3 par {}.".format(*JURORS))),
        ("", fold("Les totaux de l'oral, sur 60, sont très écartés : 50 par {} et 60 par {}.".format(*JURORS))),
    ]


def test_totals_just_nearer_than_the_policy_are_not(cohort):
    returned(cohort, ORAL, "J01", O08=0, O21=0, O24=3.5)
    returned(cohort, ORAL, "J02")
    assert of(cohort.consolidate(), "R02") == []


@pytest.mark.parametrize("elsewhere", [False, True])
def test_an_absence_beside_points_blocks_the_oral(cohort, elsewhere):
    codes = [item.code for item in cohort.referential.oral.items]
    absent = dict.fromkeys(codes, "ABS") if elsewhere else {"O01": "ABS"}
    returned(cohort, ORAL, "J01", **absent)
    returned(cohort, ORAL, "J02")
    results = cohort.consolidate()
    (row,) = results.anomalies("R02")
    assert (row["Gravité"], row["Candidat"]) == (BLOCKING, "007")
    assert fold(f"le code ABS, saisi par {JURORS[0]}, et d'autres saisies") in fold(row["Message"])
    assert results.summary("007")["Oral état"] == "En attente"
    assert results.report.needs_a_person


def test_an_absence_beside_something_unreadable_blocks_the_oral_too(cohort):
    nothing = dict.fromkeys((item.code for item in cohort.referential.oral.items), None)
    returned(cohort, ORAL, "J01", **nothing | {"O01": "ABS"})
    returned(cohort, ORAL, "J02", **nothing | {"O01": "mal"})
    results = cohort.consolidate()
    assert {(row["Code"], row["Gravité"]) for row in results.anomalies("R02", "V03")} == {
        ("R02", BLOCKING),
        ("V03", BLOCKING),
    }
    assert results.summary("007")["Oral état"] == "En attente"


def test_an_absence_alone_fails_the_oral_and_is_no_conflict(cohort):
    codes = dict.fromkeys((item.code for item in cohort.referential.oral.items), None)
    for juror in ("J01", "J02"):
        returned(cohort, ORAL, juror, **codes | {"O01": "abs"})
    results = cohort.consolidate()
    assert (results.summary("007")["Oral"], results.summary("007")["Oral état"]) == ("", "Non validé")
    assert of(results, "R02") == of(results, "R03") == []


def test_referents_who_differ_are_told_and_no_prevails(cohort):
    returned(cohort, VALIDATION, "R01", RA1="Non", RA2="Non")
    returned(cohort, VALIDATION, "R02", RA1="Oui", RA2="Non")
    results = cohort.consolidate()
    (row,) = results.anomalies("R02")
    assert (row["Gravité"], row["Candidat"], row["Valeur"]) == (WARNING, "007", "RA1")
    assert "R01" in row["Message"]
    validation = next(row for row in results.sheets["Validation"] if row["Identifiant"] == "007")
    assert (validation["RA1"], validation["RA2"], validation["RA3"]) == ("Non", "Non", "Oui")


# ------------------------------------------------------------------------------------------ R03 to R05

SOLE = "007         | Lefèvre  | Éloïse | T01    | F01        | J01"


def test_too_few_complete_sheets_are_told(cohort):
    returned(cohort, ORAL, "J01")
    returned(cohort, ORAL, "J02", O27=None)
    results = cohort.consolidate()
    row = results.anomaly("R03", Candidat="007")
    assert (row["Gravité"], fold("1 fiche de jury complète, 2 exigées") in fold(row["Message"])) == (
        WARNING,
        True,
    )
    assert results.summary("007")["Oral état"] == "En attente"
    assert {row["Candidat"] for row in results.anomalies("R03")} == {"007"}


def test_too_few_jurors_in_the_roster_are_to_be_added_there(cohort):
    returned(cohort, ORAL, "J01")
    alone = cohort.enrol(
        lambda table: table.replace("007         | Lefèvre  | Éloïse | T01    | F01        | J01;J02", SOLE)
    )
    assert "Ajoutez 1 juré sur la ligne" in alone.consolidate().anomaly("R03", Candidat="007")["Correction"]


def test_enough_complete_sheets_are_not_told(cohort):
    for juror in ("J01", "J02"):
        returned(cohort, ORAL, juror)
    assert of(cohort.consolidate(), "R03") == []


@pytest.mark.parametrize(("mark", "told"), [(11.99, "11,99"), ("ABS", "ABS"), (12, None), ("DISP", None), (None, None)])
def test_an_oral_sat_without_the_exam_is_told(cohort, mark, told):
    returned(cohort, ORAL, "J01")
    returned(cohort, NOTES, EN=mark)
    results = cohort.consolidate()
    expected = [] if told is None else [(told, fold(f"Le grand oral a été passé avec EN : {told} ; il faut 12."))]
    assert of(results, "R04") == expected
    assert {row["Gravité"] for row in results.anomalies("R04")} <= {WARNING}


def test_no_oral_no_warning_about_the_exam(cohort):
    returned(cohort, NOTES, EN=5)
    assert cohort.consolidate().anomalies("R04") == []


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        ("Non", "Oui", "divise le jury : Non (J01) et Oui (J02)"),
        ("Non", "n", "n'est pas conforme : Non (J01) et Non (J02)"),
        ("Non", None, "n'est pas conforme : Non (J01)"),
        ("Oui", None, ""),
    ],
)
def test_a_report_that_is_not_compliant_is_told(cohort, first, second, said):
    returned(cohort, ORAL, "J01", rapport=first)
    returned(cohort, ORAL, "J02", rapport=second)
    returned(cohort, NOTES)
    results = cohort.consolidate()
    assert [fold(said) in message for _, message in of(results, "R05")] == [True] * bool(said)
    assert results.summary("007")["UE état"] == ("Non validé" if said else "Validé")


# ------------------------------------------------------------------------------------------ R06 and R09


def test_a_work_rated_zero_is_told_where_it_stands(cohort):
    path = returned(cohort, TRAVAUX, "F01", RA1=0, RA2=1)
    results = cohort.consolidate()
    row = results.anomaly("R06")
    where = (row["Candidat"], row["Évaluateur"], row["Fichier"], row["Feuille"], row["Valeur"])
    assert where == ("007", "F01", path.name, "Travaux évalués", "0")
    assert row["Cellule"] == cohort.book(TRAVAUX, "007", "F01").cell(TRAVAUX, "niveau", "RA1").coordinate
    assert row["Gravité"] == WARNING
    assert results.states == {path.name: "Accepté avec réserves"}


def test_nothing_is_asked_about_somebody_who_left(cohort):
    returned(cohort, TRAVAUX, "F01", RA1=0, RA2=1)
    returned(cohort, VALIDATION, "R01", RA1="Non")
    returned(cohort, VALIDATION, "R02", RA1="Oui")
    left = cohort.enrol(lambda table: table.replace("F01        | J01;J02 |", "F01        | J01;J02 | Abandon"))
    results = left.consolidate()
    assert [row for row in results.anomalies() if row["Code"].startswith("R") and row["Candidat"] == "007"] == []


@pytest.mark.parametrize(("day", "told"), [("02/03/2025", []), ("03/03/2025", ["03/03/2025"])])
def test_a_session_after_the_registration_is_told(cohort, day, told):
    results = cohort.enrol(lambda table: table.replace("Cohorte ", f"Date du jury | {day}\nCohorte ")).consolidate()
    assert [row["Valeur"] for row in results.anomalies("R09")] == told
    assert {row["Gravité"] for row in results.anomalies("R09")} <= {WARNING}
