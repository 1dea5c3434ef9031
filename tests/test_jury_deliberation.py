"""The jury's signed sheet: what it decides stands beside what the rules give; whatever is in doubt decides nothing."""

from datetime import datetime

import openpyxl
import pytest

from engine.commands.close import close
from engine.commands.jury import jury
from engine.commands.reopen import reopen
from engine.model import Authority, Decision, Kind
from engine.model.anomalies import Gravity
from engine.model.errors import CohortError
from tests import cohorts, juries
from tests.cohorts import column_of, date, row_of
from tests.test_jury_commission import forge

NAME = "délibération.xlsx"
REASON = "Panne de projection"


@pytest.fixture
def sitting(tmp_path):
    return juries.make(tmp_path / "jury")


@pytest.fixture(scope="module")
def rules(tmp_path_factory):
    """What the rules alone decide."""
    return juries.make(tmp_path_factory.mktemp("rules") / "jury").judge()


def test_the_sheet_that_went_out_is_a_draft(sitting, rules):
    sitting.drop(sitting.issued(Kind.DELIBERATION))
    sitting.drop(sitting.issued(Kind.DELIBERATION), "copie.xlsx")
    found = sitting.judge()
    assert found.decisions == rules.decisions
    assert found.by_jury == set()
    (told,) = found.anomalies("I07", file="Délibération.xlsx") or found.anomalies("I07", file="copie.xlsx")
    assert told.gravity is Gravity.WARNING
    assert not found.anomalies("R14")


def test_one_filled_where_it_stood_is_put_aside_and_told(sitting):
    path = sitting.issued(Kind.DELIBERATION)
    assert jury(sitting.path).notices == ()
    book = openpyxl.load_workbook(path)
    book.save(path)
    (told,) = jury(sitting.path).notices
    assert told.startswith("1 ancien classeur rangé dans envois/anciens")
    assert jury(sitting.path).notices == ()


def test_a_signed_one_that_changes_nothing(sitting, rules):
    sitting.deliberate()
    found = sitting.judge()
    assert found.decisions == rules.decisions
    assert set(found.outcomes) - found.by_jury == {"C02", "C07", "C13", "C14", "C16"}
    assert not [*found.anomalies("R11"), *found.anomalies("R12"), *found.anomalies("V13")]
    assert any(rules.outcomes[person].provisional for person in found.by_jury)
    assert not any(found.outcomes[person].provisional for person in found.by_jury)


def test_a_departure_is_shown_beside_the_rules(sitting):
    sitting.deliberate({"C05": {"Décision": "admis ", "Motif": REASON}})
    results = sitting.consolidate()
    row = results.summary("C05")
    assert (row["Décision"], row["Décision calculée"], row["Décidé par"]) == ("ADMIS", "PARTIEL", "Jury")
    assert (row["Oral"], row["Oral état"]) == (31.25, "Non validé")
    assert row["Motifs"].replace("\u202f", " ").startswith(f"Décision du jury : ADMIS au lieu de PARTIEL ; {REASON}.")
    told = results.anomaly("R12")
    assert (told["Gravité"], told["Candidat"]) == ("info", "C05")
    decisions = [row["Décision"] for row in results.sheets["Synthèse"]]
    assert (decisions.count("ADMIS"), decisions.count("PARTIEL")) == (8, 2)
    assert results.value("C05", "decision", "Décision") == "ADMIS"


def test_blocs_that_the_rules_do_not_give(sitting, rules):
    sitting.deliberate({"C08": {"Décision": "PARTIEL", "Blocs": "b1", "Motif": "Parcours"}})
    found = sitting.judge()
    assert found.decisions["C08"] == ("PARTIEL", ("B1",))
    for part in ("blocs", "credits", "levels", "units"):
        assert getattr(found.outcomes["C08"], part) == getattr(rules.outcomes["C08"], part)


def test_a_candidate_whom_the_rules_leave_waiting(sitting, rules):
    sitting.deliberate({"C02": {"Décision": "PARTIEL", "Blocs": "B2, B1", "Motif": "Parcours"}})
    found = sitting.judge()
    assert rules.decisions["C02"] == ("EN ATTENTE", ("B1", "B2", "B3", "B4"))
    assert found.decisions["C02"] == ("PARTIEL", ("B1", "B2"))
    assert not found.outcomes["C02"].provisional


def test_a_bloc_held_is_always_among_those_acquired(sitting):
    sitting.deliberate({"C03": {"Décision": "PARTIEL", "Blocs": "B4", "Motif": "Parcours"}})
    assert sitting.judge().decisions["C03"] == ("PARTIEL", ("B2", "B4"))


def test_a_decision_that_is_put_off(sitting, rules):
    sitting.deliberate({"C04": {"Décision": "En attente", "Motif": "Pièce à produire"}})
    found = sitting.judge()
    assert found.decisions["C04"] == ("EN ATTENTE", rules.decisions["C04"][1])
    assert "C04" in found.by_jury
    assert found.outcomes["C04"].provisional == rules.outcomes["C04"].provisional
    assert found.anomaly("R12").candidate == "C04"
    assert "Les blocs saisis (B1, B2, B3 et B4) attendent" in found.anomaly("R12").message  # as the sheet listed them


UNFIT = {
    "a bloc is held": ("C03", {"Décision": "AJOURNÉ", "Motif": REASON}),
    "no reason": ("C05", {"Décision": "ADMIS"}),
    "other blocs without a reason": ("C11", {"Blocs": "B1"}),
    "admitted without every bloc": ("C05", {"Décision": "ADMIS", "Blocs": "B1;B2", "Motif": REASON}),
    "partial with none": ("C01", {"Décision": "PARTIEL", "Motif": REASON}),
    "refused with one": ("C01", {"Décision": "AJOURNÉ", "Blocs": "B1", "Motif": REASON}),
}


@pytest.mark.parametrize(("person", "cells"), UNFIT.values(), ids=UNFIT)
def test_what_does_not_go_together_waits(sitting, rules, person, cells):
    sitting.deliberate({person: cells})
    found = sitting.judge()
    told = found.anomaly("V13")
    assert (told.gravity, told.candidate, told.file) == (Gravity.BLOCKING, person, NAME)
    assert told.cell[0] in "FGH"
    assert found.outcomes[person].decision is Decision.PENDING
    assert found.outcomes[person].reasons[0].startswith("Décision du jury à corriger")
    assert person not in found.by_jury
    others = {one: word for one, word in found.decisions.items() if one != person}
    assert others.items() <= rules.decisions.items()


UNREADABLE = {
    "another word": {"Décision": "ADMISE"},
    "two words": {"Décision": "ADMIS ou PARTIEL"},
    "a number": {"Décision": 1},
    "left": {"Décision": "SORTI"},
    "an unknown bloc": {"Décision": "PARTIEL", "Blocs": "B1;B9"},
    "blocs in words": {"Décision": "PARTIEL", "Blocs": "B1 et B2"},
}


@pytest.mark.parametrize("cells", UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_waits(sitting, cells):
    sitting.deliberate({"C01": cells | {"Motif": REASON}})
    found = sitting.judge()
    assert found.anomaly("V03", candidate="C01", file=NAME).blocking
    assert found.outcomes["C01"].decision is Decision.PENDING
    assert "C09" in found.by_jury


UNCOUNTED = {
    "too few members": ({"membres": "J03"}, "R14"),
    "no president": ({"president": ""}, "R14"),
    "a president who is no juror": ({"president": "T01"}, "I02"),
    "an unknown member": ({"membres": "J01;J99"}, "I02"),
    "a president by name": ({"president": "OSMANI Nadia"}, "I02"),
}


@pytest.mark.parametrize(("singles", "code"), UNCOUNTED.values(), ids=UNCOUNTED)
def test_a_jury_that_cannot_decide(sitting, rules, singles, code):
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}}, **singles)
    found = sitting.judge()
    told = found.anomaly(code, file=NAME)
    assert told.blocking
    assert ("l'identifiant d'un Juré" in told.remedy) is (code == "I02")
    assert found.decisions == rules.decisions
    assert found.by_jury == set()


def test_a_forged_one_decides_nothing(sitting, rules):
    forge(sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}}), Kind.DELIBERATION)
    found = sitting.judge()
    assert found.anomaly("I03", file=NAME).blocking
    assert found.decisions == rules.decisions


def test_a_blank_decision_and_a_row_that_is_gone_leave_the_rules(sitting, rules):
    path = sitting.deliberate({"C04": {"Décision": None}})
    book = openpyxl.load_workbook(path)
    sheet = book["Délibération"]
    gone = row_of(sheet, "C06")
    for column in range(1, 9):
        sheet.cell(gone, column).value = None
    sitting.save(book, NAME)
    found = sitting.judge()
    assert not {"C04", "C06"} & found.by_jury
    assert found.decisions == rules.decisions
    assert not any(each.blocking for each in found.anomalies(file=NAME))
    assert {person for person, outcome in found.outcomes.items() if outcome.left_out} >= {"C04", "C06"}


def test_names_beside_other_identifiers_are_disbelieved(sitting):
    path = sitting.deliberate()
    book = openpyxl.load_workbook(path)
    sheet = book["Délibération"]
    rows = [row_of(sheet, person) for person in ("C01", "C04")]
    cells = [[sheet.cell(row, column).value for column in range(2, 9)] for row in rows]
    for row, values in zip(rows, reversed(cells), strict=True):
        for column, value in enumerate(values, start=2):
            sheet.cell(row, column).value = value
    sitting.save(book, NAME)
    found = sitting.judge()
    assert {found.outcomes[person].decision for person in ("C01", "C04")} == {Decision.PENDING}
    assert found.anomaly("I04", file=NAME).blocking
    assert "C09" in found.by_jury


def test_a_column_that_is_gone_holds_everybody_back(sitting):
    path = sitting.deliberate()
    book = openpyxl.load_workbook(path)
    sheet = book["Délibération"]
    sheet.delete_cols(column_of(sheet, "Blocs"))
    sitting.save(book, NAME)
    found = sitting.judge()
    assert found.by_jury == set()
    assert {outcome.decision for outcome in found.outcomes.values()} == {Decision.PENDING, Decision.LEFT}


def test_rules_that_move_after_the_deliberation_are_told(sitting):
    sitting.deliberate()
    sitting.synthesis("C11", {"3.1": 3, "3.4": 3})
    found = sitting.judge()
    outcome = found.outcomes["C11"]
    assert (outcome.decision, outcome.by_rules.decision) == (Decision.PARTIAL, Decision.ADMITTED)
    assert found.anomaly("R11").candidate == "C11"
    assert found.anomaly("R11").blocking


def test_of_two_signed_ones_the_latest_counts_and_a_draft_undoes_nothing(sitting):
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}})
    sitting.deliberate({"C05": {"Décision": "PARTIEL"}}, "deuxième.xlsx")
    found = sitting.judge()
    assert found.decisions["C05"][0] == "PARTIEL"
    assert "C05, Décision : ADMIS → PARTIEL" in found.anomaly("I06", file="deuxième.xlsx").message
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}}, "troisième.xlsx", signature="")
    again = sitting.judge()
    assert again.decisions == found.decisions
    assert again.by_jury == found.by_jury


BY_ONE_JURY = {"president": "J01", "membres": "J01;J02", "signature": "Osmani"}


def decided(cohort, rows, name, hour, **singles):
    """The jury's sheet of the small cohort, signed, saved at this hour."""
    book = cohort.book(Kind.DELIBERATION)
    for candidate, cells in rows.items():
        for heading, value in cells.items():
            book.put(Kind.DELIBERATION, heading, "", value, candidate)
    for entry, text in (BY_ONE_JURY | singles).items():
        book.put(Kind.DELIBERATION, entry, "", text)
    return date(book.save(name), datetime(2026, 3, 2, hour), datetime(2026, 3, 2, hour))


def test_a_later_one_may_leave_blank_what_an_earlier_one_filled(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    people = ("007", "C02", "C03")
    partial = {"Décision": "PARTIEL", "Blocs": "B1; B2", "Motif": "Parcours"}
    decided(cohort, dict.fromkeys(people, partial), "première.xlsx", 9)
    admitted = {"Décision": "ADMIS", "Motif": "Recours"}
    decided(cohort, dict.fromkeys(people, admitted), "deuxième.xlsx", 10, incidents="Une panne")
    results = cohort.consolidate()
    assert {results.summary(one)["Décision"] for one in people} == {"ADMIS"}
    told = results.anomaly("I06", Fichier="deuxième.xlsx")
    assert told["Gravité"] == "avertissement"
    assert "C02, Décision : PARTIEL → ADMIS" in told["Message"].replace("\u202f", " ")
    assert "C02, Blocs : B1; B2 → vide" in told["Message"].replace("\u202f", " ")


def test_two_halves_of_one_deliberation_wait_to_be_brought_together(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    row = {"Décision": "ADMIS", "Motif": "Parcours"}
    decided(cohort, {"007": row, "C02": row}, "première.xlsx", 9)
    decided(cohort, {"C03": row}, "deuxième.xlsx", 10)
    results = cohort.consolidate()
    assert results.anomaly("I06", Fichier="deuxième.xlsx")["Gravité"] == "bloquante"
    assert [results.summary(one)["Décision"] for one in ("007", "C02", "C03")] == ["EN ATTENTE", "EN ATTENTE", "ADMIS"]


def test_what_comes_after_the_closure_makes_nothing_look_settled(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    close(cohort.path, accept_provisional=True)
    decided(cohort, {"007": {"Décision": "AJOURNÉ", "Motif": "Parcours"}}, "tardive.xlsx", 9)
    row = cohort.consolidate().summary("007")
    assert (row["Décision"], row["Décidé par"], row["Provisoire"]) == ("EN ATTENTE", "Règles", "Oui")


def test_two_signed_ones_that_nothing_orders_decide_nothing(sitting):
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}})
    sitting.clock = juries.NOON
    sitting.deliberate({"C05": {"Décision": "PARTIEL"}}, "deuxième.xlsx")
    found = sitting.judge()
    assert found.by_jury == set()
    assert found.outcomes["C05"].decision is Decision.PENDING
    assert any(each.blocking for each in found.anomalies("I06", file=NAME))


def test_one_that_does_not_count_undoes_nothing(sitting):
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}})
    found = sitting.judge()
    sitting.deliberate({"C05": {"Décision": "PARTIEL"}}, "deuxième.xlsx", membres="J03")
    forge(sitting.deliberate({"C05": {"Décision": "PARTIEL"}}, "troisième.xlsx"), Kind.DELIBERATION)
    again = sitting.judge()
    assert (again.decisions, again.by_jury) == (found.decisions, found.by_jury)
    assert again.anomaly("R14", file="deuxième.xlsx").blocking
    assert again.anomaly("I03", file="troisième.xlsx").blocking


def test_the_jury_s_decision_goes_through_closing_and_reopening(sitting):
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}})
    close(sitting.path, accept_provisional=True)
    sitting.deliberate({"C01": {"Décision": "AJOURNÉ", "Motif": REASON}}, "deuxième.xlsx")
    late = sitting.consolidate()
    row = late.summary("C05")
    assert (row["Décision"], row["Décision calculée"], row["Décidé par"]) == ("ADMIS", "PARTIEL", "Jury")
    assert late.summary("C01")["Décision"] == "ADMIS"
    assert late.anomalies("R08", Candidat="C01")
    reopen(sitting.path, "Nouvelle délibération")
    row = sitting.consolidate().summary("C01")
    assert (row["Décision"], row["Décidé par"], row["Blocs acquis"]) == ("AJOURNÉ", "Jury", "")
    for path in sitting.returns.glob("d*.xlsx"):
        path.unlink()
    back = sitting.judge()
    assert (back.outcomes["C01"].decision, back.outcomes["C01"].decided_by) == (Decision.ADMITTED, Authority.RULES)
    assert any(each.blocking for each in back.anomalies("R07", candidate="C01"))


def test_closing_lists_whom_the_jury_left_out(sitting):
    sitting.deliberate({"C09": {"Décision": None}})
    with pytest.raises(CohortError, match=r"Absent de la délibération : .* \(C09\)"):
        close(sitting.path)


def test_what_the_jury_changed_is_named_by_its_column(sitting):
    path = sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": REASON}})
    sitting.consolidate()
    path.unlink()
    told = sitting.judge().anomaly("R07", candidate="C05")
    assert "Décision : ADMIS → vide" in told.message
    assert "decision" not in told.message
