"""Which drafts stand: what is no longer true is told by whoever looks, before anything withdraws it."""

from __future__ import annotations

import errno
import html
import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

import process
from engine.commands.status import status
from engine.commands.templates import issue
from engine.model import Kind
from engine.model.faults import reason
from engine.workspace.cohort import Folder
from tests import cohorts
from tests.mailservers import post_office, reachable
from tests.pages import Page


@pytest.fixture(scope="module")
def late(tmp_path_factory):
    """A cohort whose deadline has passed: the reminders are written, and a value is to be mended."""
    folder = reachable(tmp_path_factory.mktemp("retard") / "x")
    book = openpyxl.load_workbook(folder / "cohorte.xlsx")
    book["Session"].append(["Date limite", datetime(2025, 6, 1)])
    book.save(folder / "cohorte.xlsx")
    cohort = cohorts.Cohort(folder)
    oral = cohort.filled(Kind.ORAL)
    oral.put(Kind.ORAL, "points", "O01", "quatre")
    oral.save("oral.xlsx")
    cohort.consolidate()
    return folder


@pytest.fixture
def cohort(late, tmp_path):
    return cohorts.Cohort(shutil.copytree(late, tmp_path / "x"))


def came(cohort):
    cohort.filled(Kind.NOTES).save("notes.xlsx")


def mended(cohort):
    cohort.filled(Kind.ORAL).save("oral.xlsx")


def left(cohort):
    change(cohort, "Candidats", "007", "Statut", "Abandon")


def moved(cohort):
    change(cohort, "Évaluateurs", "T02", "Courriel", "ailleurs@centre.example")


def change(cohort, title, identifier, heading, value):
    book = openpyxl.load_workbook(cohort.path / "cohorte.xlsx")
    rows = list(book[title].iter_rows())
    column = [cell.value for cell in rows[0]].index(heading)
    (row,) = (row for row in rows if row[0].value == identifier)
    row[column].value = value
    book.save(cohort.path / "cohorte.xlsx")


EVENTS = {
    came: "Secrétariat",
    mended: "OSMANI Nadia (J01)",
    left: "BENALI Karim (T01)",
    moved: "ROCHE-DUVAL Aurèle (T02)",
}


def standing(cohort):
    return {path: path.read_bytes() for path in (cohort.path / "envois").rglob("*") if path.is_file()}


def run(*arguments):
    return CliRunner().invoke(process.main, [str(each) for each in arguments])


def listed(output):
    """The drafts that would go, or went: name and recipients."""
    return set(re.findall(r"(?:à envoyer|message envoyé) : (\S.*?\.eml, à \S+)", output))


def test_what_is_up_to_date_all_stands(cohort):
    ready, drafts = status(cohort.path).follow_up, Folder(cohort.path).drafts()
    assert (ready.untrue, ready.corrections, ready.reminders) == (0, 1, len(drafts))
    assert len(listed(run("send", cohort.path, "--smtp", "smtp://127.0.0.1:1", "--dry-run").output)) == len(drafts)


@pytest.mark.parametrize("event", EVENTS)
def test_everybody_who_looks_sees_what_a_consolidation_would_leave(cohort, event):
    event(cohort)
    before = standing(cohort)
    now = status(cohort.path).follow_up
    said = run("status", cohort.path).output
    trial = run("send", cohort.path, "--smtp", "smtp://127.0.0.1:1", "--dry-run")
    page = Page(cohort.path)
    page.do("reglages", envoi="smtp://127.0.0.1:1", reception="", compte="", secret="", expediteur="")
    shown = html.unescape(re.sub(r"\s+", " ", page.page("courriel")))
    assert standing(cohort) == before
    assert now.untrue > 0
    for told in (said, trial.output):
        assert f"{now.untrue} fichier" in told
        assert "plus vrai" in told
    assert "plus vrai" in shown
    assert f"{now.reminders} relance" in said
    cohort.consolidate()
    kept = {path for path, content in standing(cohort).items() if before.get(path) == content}
    folder = Folder(cohort.path)
    assert now.reminders == len(kept.intersection(folder.drafts()))
    assert (folder.reminders / f"{EVENTS[event]}.eml") not in kept
    after = {f"relances/{path.name}" for path in folder.drafts()}
    assert {each.partition(",")[0] for each in listed(trial.output)} == after
    assert all(name in shown for name in after)


@pytest.mark.parametrize("event", EVENTS)
def test_what_was_foreseen_is_what_goes(cohort, event):
    event(cohort)
    foreseen = listed(run("send", cohort.path, "--smtp", "smtp://127.0.0.1:1", "--dry-run").output)
    with post_office() as served:
        sent = run("send", cohort.path, "--smtp", f"smtp://127.0.0.1:{served.port}")
    assert listed(sent.output) == foreseen
    assert len(served.taken) == len(foreseen)
    ready = status(cohort.path).follow_up
    assert (ready.untrue, ready.reminders_sent) == (0, len(foreseen))


def test_a_workbook_that_cannot_be_read_is_a_sentence(cohort, monkeypatch):
    notes, genuine = cohort.path / "envois" / "secretariat" / "Notes.xlsx", Path.read_bytes

    def read(path):
        if path == notes:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return genuine(path)

    monkeypatch.setattr(Path, "read_bytes", read)
    told = status(cohort.path).follow_up
    assert told.trouble == f"« {notes} » ne peut pas être lu : {reason(PermissionError(errno.EACCES, ''))}."
    assert told.untrue == 0


def test_a_night_over_the_same_returns_withdraws_what_is_no_longer_true_too(cohort):
    came(cohort)
    cohort.consolidate()
    cohort.consolidate()
    (cohort.path / "envois" / "secretariat" / "Notes.xlsx").unlink()
    issue(cohort.path)  # which hands out again what it makes again, whatever came
    assert status(cohort.path).follow_up.untrue == 1
    cohort.consolidate()
    assert status(cohort.path).follow_up.untrue == 0


def test_the_day_after_the_jury_its_date_is_not_announced_any_more(cohort, monkeypatch):
    book = openpyxl.load_workbook(cohort.path / "cohorte.xlsx")
    book["Session"].append(["Date du jury", datetime(2025, 6, 20)])
    book.save(cohort.path / "cohorte.xlsx")
    for day in (10, 20, 21):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2025, 6, day, 3, tzinfo=UTC).timestamp())))
        assert bool(status(cohort.path).follow_up.untrue) is (day != 20)
        cohort.consolidate()
        assert status(cohort.path).follow_up.untrue == 0


def test_what_went_and_was_answered_is_not_told_as_untrue(cohort):
    with post_office() as served:
        run("send", cohort.path, "--smtp", f"smtp://127.0.0.1:{served.port}")
    came(cohort)
    assert status(cohort.path).follow_up.untrue == 0
