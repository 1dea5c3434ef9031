"""NOTES and VALIDATION that are issued again, which happens when their form is new, carry what was already accepted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.commands.templates import issue
from engine.model import Kind
from tests import cohorts

LATE = "C05         | Tardif   | Lou    | T02    |            | J01;J02 |\n"


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory):
    """A cohort whose secretariat and référent sent their sheets back."""
    made = cohorts.make(tmp_path_factory.mktemp("avant") / "cohorte")
    notes = made.filled(Kind.NOTES)
    notes.put(Kind.NOTES, "EN", "", "ABS", "C02")
    notes.put(Kind.NOTES, "UE1", "", "douze", "C02")
    notes.put(Kind.NOTES, "UE2", "", 12.25, "C02")
    notes.put(Kind.NOTES, "UE3", "", "DISP", "C02")
    notes.save("notes.xlsx")
    made.filled(Kind.VALIDATION).save("validation.xlsx")
    made.consolidate()
    return made.path


@pytest.fixture
def cohort(consolidated, tmp_path):
    """The same, for one test alone."""
    return cohorts.Cohort(Path(shutil.copytree(consolidated, tmp_path / "cohorte")))


def late(cohort):
    """Somebody more on the roster."""
    return cohort.enrol(lambda table: table + LATE if "C04" in table else table)


def marks(cohort, candidate):
    book = cohort.book(Kind.NOTES)
    return {
        entry.name: book.cell(Kind.NOTES, entry.name, candidate=candidate).value
        for entry in book.form(Kind.NOTES).inputs
    }


def test_what_was_accepted_goes_out_again_and_nothing_else(cohort):
    cohort = late(cohort)
    assert "Notes.xlsx" in {each.path.name for each in issue(cohort.path).written}
    sent = marks(cohort, "C02")
    assert (sent["EN"], sent["UE1"], sent["UE2"], sent["UE3"]) == ("ABS", None, 12.25, "DISP")
    assert set(marks(cohort, "007").values()) == {20, "Oui"}
    assert set(marks(cohort, "C05").values()) == {None}
    book = cohort.book(Kind.NOTES)
    assert book.cell(Kind.NOTES, "date").value is None
    assert book.cell(Kind.NOTES, "signature").value is None
    assert not book.cell(Kind.NOTES, "UE2", candidate="C02").protection.locked
    validation = cohort.book(Kind.VALIDATION, evaluator="R01")
    entry = validation.form(Kind.VALIDATION).inputs[0].name
    assert validation.cell(Kind.VALIDATION, entry, candidate="007").value == "Oui"
    assert validation.cell(Kind.VALIDATION, entry, candidate="C05").value is None


def test_sent_back_with_the_late_marks_it_erases_nobody(cohort):
    before = {who: cohort.consolidate().summary(who)["UE2"] for who in ("007", "C02", "C03")}
    cohort = late(cohort)
    issue(cohort.path)
    book = cohort.book(Kind.NOTES)
    book.put(Kind.NOTES, "UE2", "", 15, "C05")
    book.save("notes bis.xlsx")
    after = cohort.consolidate()
    assert {who: after.summary(who)["UE2"] for who in before} == before
    assert after.summary("C05")["UE2"] == 15
    assert not after.anomalies("R07")


def test_marks_that_come_do_not_issue_it_again(cohort):
    assert issue(cohort.path).written == ()  # blank, and still the right form
    cohort = late(cohort)
    issue(cohort.path)
    issued = cohort.issued(Kind.NOTES).read_bytes()
    assert issue(cohort.path).written == ()
    book = cohort.book(Kind.NOTES)
    book.put(Kind.NOTES, "UE2", "", 15, "C05")
    book.save("notes bis.xlsx")
    cohort.consolidate()
    done = issue(cohort.path)
    assert (done.written, done.moved) == ((), {})
    assert cohort.issued(Kind.NOTES).read_bytes() == issued


def test_the_same_marks_give_the_same_bytes(cohort, tmp_path):
    cohort = late(cohort)
    other = cohorts.Cohort(shutil.copytree(cohort.path, tmp_path / "autre"))
    for each in (cohort, other):
        issue(each.path)
    assert cohort.issued(Kind.NOTES).read_bytes() == other.issued(Kind.NOTES).read_bytes()


def test_sheets_go_out_whatever_becomes_of_the_returns(cohort):
    cohort = late(cohort)
    shutil.rmtree(cohort.returns)
    cohort.returns.write_bytes(b"no folder")
    issue(cohort.path)
    assert set(marks(cohort, "007").values()) == {None}


def test_a_filled_sheet_put_aside_by_hand_is_no_issued_one(cohort):
    path = cohort.issued(Kind.NOTES)
    path.write_bytes(b"PK\x03\x04 something else")
    assert {each.path for each in issue(cohort.path).written} == {path}
