"""Personal codes: who signs what, how it may be typed, and that a code is shown nowhere."""

from __future__ import annotations

import json
import time
import zipfile
from datetime import time as time_of_day

import pytest
from openpyxl.styles import Font

from engine.commands.codes import codes
from engine.model import Kind, Role
from engine.model.texts import fold
from engine.workspace.seals import ALPHABET
from tests import cohorts
from tests.readings import (
    BLOCKING,
    GRILLE,
    INFO,
    NOTES,
    ORAL,
    TRANSVERSALE,
    TRAVAUX,
    VALIDATION,
    WARNING,
    anomalies,
    read,
)


def sign(cohort, kind, evaluator, signature=None, **who):
    """A filled workbook, all its sheets signed by the same code."""
    book = cohort.book(kind, **who)
    for each in book.kinds:
        book.fill(each, signature=signature or cohort.code(evaluator))
    return book


@pytest.mark.parametrize(
    "written",
    [
        str,
        str.lower,
        lambda text: text.replace("-", ""),
        lambda text: text.replace("-", " "),
        lambda text: text.replace("-", "\u00a0\u2013\u00a0"),
        lambda text: f"  {text} ",
        lambda text: " ".join(text.replace("-", "")),
        lambda text: text.replace("-", "\u2011"),
        lambda text: "".join(chr(ord(sign) + 0xFEE0) if sign.isalnum() else sign for sign in text),
    ],
)
def test_a_code_is_taken_however_it_is_typed(signed, written):
    sign(signed, ORAL, "J01", written(signed.code("J01"))).save()
    results = signed.consolidate()
    assert results.codes <= {"R15"}  # no national exam is known yet
    assert results.states == {"retour.xlsx": "Accepté"}


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [(GRILLE, "T01", "F01"), (ORAL, "J01", "J02"), (VALIDATION, "R01", "R02"), (NOTES, "S01", "R01")],
)
def test_each_sheet_takes_the_code_of_whoever_fills_it_and_no_other(signed, kind, right, wrong):
    book = sign(signed, kind, wrong)
    book.save("faux.xlsx")
    results = signed.consolidate()
    assert len(results.anomalies("I07", Gravité=BLOCKING)) == len(book.kinds)
    assert results.states == {"faux.xlsx": "Refusé"}
    assert not results.sheets["Détail"]
    (signed.returns / "faux.xlsx").unlink()
    sign(signed, kind, right).save("bon.xlsx")
    results = signed.consolidate()
    assert results.codes <= {"R15"}  # no national exam is known yet
    assert results.sheets["Détail"]


def test_any_secretariat_signs_the_notes(signed):
    second = "\nS02         | Dupuis        | Ève    | Secrétariat"
    roster = cohorts.rosters.book(
        cohorts.SESSION.format(referential=cohorts.CGCO, signature="Oui"),
        cohorts.CANDIDATES,
        cohorts.EVALUATORS.rstrip() + second,
    )
    cohorts.rosters.saved(roster, signed.path)
    for evaluator in ("S01", "S02"):
        signed.book(NOTES).fill(NOTES, signature=signed.code(evaluator)).save("notes.xlsx")
        assert cohorts.Cohort(signed.path).consolidate().value("007", "EN", "EN") == 20


@pytest.mark.parametrize("signature", ["K7M4-9QX", "0000-0000", "Nadia Osmani", "x"])
def test_what_is_no_code_does_not_sign(signed, signature):
    sign(signed, ORAL, "J01", signature).save()
    results = signed.consolidate()
    assert {row["Feuille"] for row in results.anomalies("I07")} == {"Grand oral", "Compétences transversales"}
    assert results.value("007", "points", "O01") is None


@pytest.mark.parametrize(
    ("sentence", "signs"),
    [
        ("Lu et approuvé, {J01}.", True),
        ("{J01} Nadia Osmani", True),
        ("Nadia Osmani (code : {J01}) le 2 juin", True),
        ("Lu et approuvé, {J02}", False),
        ("{J01} ou {J02}", False),
        ("x{J01}", False),
    ],
)
def test_a_code_within_a_sentence_signs_when_it_is_the_only_one(signed, sentence, signs):
    codes = {juror: signed.code(juror) for juror in ("J01", "J02")}
    sign(signed, ORAL, "J01", sentence.format(**codes)).save()
    results = signed.consolidate()
    assert results.states == {"retour.xlsx": "Accepté" if signs else "Refusé"}
    assert results.value("007", "points", "O01") == (1 if signs else None)
    assert not any(each in text(results.path) for each in codes.values())


@pytest.mark.parametrize(
    ("font", "state"),
    [(Font(strike=True), "Refusé"), (Font(color="FFFFFFFF"), "Accepté avec réserves")],
    ids=["struck", "white"],
)
def test_a_code_that_was_struck_signs_nothing_and_one_hidden_by_its_owner_does(signed, font, state):
    book = sign(signed, ORAL, "J01")
    for kind in book.kinds:
        book.cell(kind, "signature").font = font
    book.save()
    results = signed.consolidate()
    assert results.states == {"retour.xlsx": state}
    assert {row["Gravité"] for row in results.anomalies("V12")} == {WARNING}
    assert len(results.anomalies("I07", Gravité=BLOCKING)) == (2 if state == "Refusé" else 0)
    assert signed.code("J01") not in text(results.path)


def test_a_sheet_signed_at_last_counts(signed):
    book = sign(signed, ORAL, "J01")
    book.put(ORAL, "signature", "", None)
    book.save("a.xlsx")
    assert signed.consolidate().summary("007")["Oral état"] == "En attente"
    book.put(ORAL, "signature", "", signed.code("J01"))
    time.sleep(1.1)  # a workbook is dated to the second
    book.save("b.xlsx")
    results = signed.consolidate()
    assert results.value("007", "points", "O01", "J01") == 1
    assert not [row for row in results.anomalies("I07") if row["Gravité"] == BLOCKING]


def test_an_empty_sheet_is_not_asked_to_be_signed(signed):
    signed.book(ORAL).save()
    assert not signed.consolidate().anomalies("I07")


@pytest.mark.parametrize(
    ("evaluator", "told"), [("J01", []), ("J02", [INFO, INFO]), ("S01", [INFO, INFO])], ids=["own", "juror", "other"]
)
def test_the_code_of_somebody_else_is_told_where_none_is_required(tmp_path, evaluator, told):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(ORAL)
    for kind in book.kinds:
        book.put(kind, "signature", "", f"Lu, {cohort.code(evaluator)}")
    book.save()
    results = cohort.consolidate()
    rows = results.anomalies("I07")
    assert [row["Gravité"] for row in rows] == told
    assert all("de quelqu'un d'autre" in fold(row["Message"]) for row in rows)
    assert results.value("007", "points", "O01") == 1
    assert cohort.code(evaluator) not in text(results.path)


def test_unsigned_where_it_is_not_required_calls_for_nothing(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(ORAL)
    book.put(ORAL, "signature", "", None)
    book.save()
    row = cohort.consolidate().anomaly("I07")
    assert row["Gravité"] == INFO
    assert fold(row["Correction"]) == fold("Rien à faire : la signature n'est pas exigée.")


# --------------------------------------------------------------------------------------- kept secret


@pytest.mark.parametrize("required", [True, False])
def test_a_code_is_shown_nowhere_wherever_it_was_typed(tmp_path, caplog, required):
    cohort = cohorts.make(tmp_path / "cohorte", signature=required)
    secret = cohort.code("J01")
    book = sign(cohort, ORAL, "J01")
    book.put(ORAL, "points", "O01", secret)
    book.put(ORAL, "motif", "", f"Mon code est {secret.lower()}, il faudra le changer.")
    book.put(TRANSVERSALE, "niveau", "T01", secret.replace("-", " "))
    book.save()
    blank = cohort.blank(GRILLE).fill(GRILLE, signature=secret).identify(GRILLE, "007", secret)
    blank.save("vierge.xlsx")
    works = sign(cohort, GRILLE, "T01")
    works.put(TRAVAUX, "niveau", "RA1", cohort.code("T01"))
    works.save("grille.xlsx")
    report = cohort.consolidate().report
    written = [path for place in ("resultats", "envois") for path in (cohort.path / place).rglob("*") if path.is_file()]
    assert any("a_corriger" in path.parts for path in written)
    shown = json.dumps(report.as_json()) + caplog.text + str(report.anomalies)
    for path in written:
        shown += text(path)
    for each in ("J01", "T01"):
        for form in (cohort.code(each), cohort.code(each).lower(), cohort.code(each).replace("-", " ")):
            assert form not in shown


def text(path):
    """Everything a file says."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as archive:
            return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return path.read_bytes().decode("utf-8", "replace")


# -------------------------------------------------------------------------------------- the pages


def test_each_evaluator_has_a_page_and_it_holds_their_code_alone(signed):
    pages = codes(signed.path)
    assert len(pages) == len(signed.roster.evaluators)
    for page, evaluator in zip(pages, signed.roster.evaluators, strict=True):
        others = {signed.code(each.id) for each in signed.roster.evaluators} - {signed.code(evaluator.id)}
        assert signed.code(evaluator.id) in page
        assert not any(other in page for other in others)
        assert evaluator.name in page
        assert all(str(role) in page for role in evaluator.roles)
        assert "«\u00a0Code personnel (exigé)\u00a0»" in page
        assert ("Notes" in page) == (Role.SECRETARIAT in evaluator.roles)
    assert set(signed.code("J01")) <= set(ALPHABET) | {"-"}


@pytest.mark.parametrize("day", [cohorts.DAY, time_of_day(9, 30)])
def test_a_date_in_the_box_signs_nothing(tmp_path, day):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(ORAL)
    book.put(ORAL, "signature", "", day)
    found = anomalies(read(cohort, book.save()), "V05", "I07")
    assert [(each.code, str(each.gravity), each.sheet) for each in found] == [
        ("I07", INFO, "Grand oral"),
        ("V05", WARNING, "Grand oral"),
    ]
    assert len({each.cell for each in found}) == 1


def test_a_deliberation_signed_by_a_date_is_a_draft(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(Kind.DELIBERATION)
    book.put(Kind.DELIBERATION, "signature", "", cohorts.DAY)
    report = read(cohort, book.save())
    assert [sheet.marks for sheet in report.sheets] == [[]]
    assert "projet" in anomalies(report, "I07")[0].message


def test_a_date_is_no_code(signed):
    report = read(signed, sign(signed, ORAL, "J01", cohorts.DAY).save())
    assert [str(each.gravity) for each in anomalies(report, "I07")] == [BLOCKING, BLOCKING]
