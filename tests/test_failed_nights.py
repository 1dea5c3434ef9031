"""A night that failed: the morning page begins with it, above what the last one found, in each of its forms."""

from __future__ import annotations

import email
import errno
import shutil
from datetime import datetime
from email import policy

import pytest

from engine.commands import grounds, judgement
from engine.commands.consolidate import consolidate
from engine.commands.night import publishing
from engine.commands.options import Options
from engine.commands.status import status
from engine.model import Kind
from engine.model.errors import BusyError, CohortError, EngineError, UnexpectedError
from engine.outputs import briefing
from engine.workspace.cohort import Folder
from engine.workspace.lock import hold
from tests import cohorts

NOW = datetime(2025, 6, 15, 2, 0)
FAILED = "× Quelqu’un doit intervenir"
DONE = "● Rien à faire ce matin"


@pytest.fixture
def cohort(tmp_path):
    """A cohort consolidated once."""
    made = cohorts.make(tmp_path / "promotion <été> & 12", referential=cohorts.OTHER)
    made.consolidate()
    return made


def page(cohort, suffix=".txt"):
    return Folder(cohort.path).briefing.with_suffix(suffix).read_bytes().decode()


def message(cohort):
    return email.message_from_string(page(cohort, ".eml"), policy=policy.default)


def fail(cohort):
    with pytest.raises(EngineError) as refused:
        cohort.consolidate()
    return str(refused.value)


def bad_roster(cohort, monkeypatch):
    (cohort.path / "cohorte.xlsx").write_bytes(b"not a workbook")


def bad_referential(cohort, monkeypatch):
    with pytest.raises(EngineError):
        cohort.enrol(lambda table: table.replace(str(cohorts.OTHER), "inconnu"))


def no_returns(cohort, monkeypatch):
    shutil.rmtree(cohort.returns)


def no_key(cohort, monkeypatch):
    (cohort.path / ".cohorte" / "cle").unlink()


def full_disk(cohort, monkeypatch):
    def full(*given, **named):
        raise CohortError("« resultats.xlsx » ne peut pas être écrit : No space left on device.")

    cohort.filled(Kind.ORAL).save()
    monkeypatch.setattr(publishing, "write_results", full)


def unforeseen(cohort, monkeypatch):
    def broken(*given):
        raise KeyError("Éloïse")

    cohort.filled(Kind.ORAL).save()
    monkeypatch.setattr(judgement.decide, "decide", broken)


def share_gone(cohort, monkeypatch):
    def gone(*given, **named):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(grounds.intake, "collect", gone)


CAUSES = (bad_roster, bad_referential, no_returns, no_key, full_disk, unforeseen, share_gone)


@pytest.mark.parametrize("cause", CAUSES, ids=lambda cause: cause.__name__)
def test_the_page_begins_with_the_night_that_failed_and_why(cohort, monkeypatch, cause):
    before = page(cohort)
    with monkeypatch.context() as patched:
        cause(cohort, patched)
        reason = fail(cohort)
    text = page(cohort)
    first, *_ = text.splitlines()
    assert first.startswith(FAILED)
    assert first.endswith("n’a pas été faite.")
    told = " ".join(text.replace("\u00a0", " ").split())
    assert " ".join(reason.splitlines()[0].replace("'", "’").split()[:6]) in told.replace("« ", "« ")
    assert text.endswith(before)
    assert "n’a pas été faite" in page(cohort, ".html").partition("</h1>")[0]
    assert DONE in page(cohort, ".html")
    assert "n’a pas été faite" in message(cohort).get_body(("plain",)).get_content().splitlines()[0]


def test_a_second_failure_replaces_the_first_and_success_both(cohort):
    roster, before = (cohort.path / "cohorte.xlsx").read_bytes(), page(cohort)
    for _ in range(3):
        bad_roster(cohort, None)
        fail(cohort)
    assert page(cohort).count("n’a pas été faite") == 1
    assert page(cohort).endswith(before)
    html = page(cohort, ".html")
    assert html.count("n’a pas été faite") == html.count("Rien à faire ce matin") == html.count("<body>") == 1
    assert html.count("<div") == html.count("</div>")
    (cohort.path / "cohorte.xlsx").write_bytes(roster)
    cohort.consolidate()
    for suffix in (".txt", ".html", ".eml"):
        assert "pas été faite" not in page(cohort, suffix)


def test_a_first_night_that_fails_has_its_page_too(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte", referential=cohorts.OTHER)
    shutil.rmtree(cohort.path / "resultats")
    bad_roster(cohort, None)
    for _ in range(2):
        fail(cohort)
        assert page(cohort).count("n’a pas été faite") == 1
        assert "Aucune consolidation" in page(cohort)
        assert message(cohort)["Subject"].startswith("cohorte")


def test_the_draft_still_goes_to_whom_it_went(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte", referential=cohorts.OTHER).enrol(
        lambda table: table.replace("Rôle\n", "Rôle | Courriel\n").replace(
            "Secrétariat\n", "Secrétariat | lise@x.example\n"
        )
    )
    cohort.consolidate()
    bad_roster(cohort, None)
    fail(cohort)
    assert [address.addr_spec for address in message(cohort)["To"].addresses] == ["lise@x.example"]
    assert message(cohort)["X-Unsent"] == "1"


def test_another_run_in_progress_keeps_its_page(cohort):
    before = page(cohort)
    with hold(Folder(cohort.path).lock), pytest.raises(BusyError):
        cohort.consolidate()
    assert page(cohort) == before


def test_looking_writes_nothing(cohort):
    before = page(cohort)
    bad_roster(cohort, None)
    for look in (
        lambda: consolidate(cohort.path, Options(dry_run=True)),
        lambda: status(cohort.path),
    ):
        with pytest.raises(EngineError):
            look()
    assert page(cohort) == before


def test_a_folder_that_is_no_cohort_stays_as_it_is(tmp_path):
    with pytest.raises(CohortError):
        consolidate(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_page_that_cannot_be_written_hides_no_reason(cohort):
    for suffix in (".txt", ".html", ".eml"):
        path = Folder(cohort.path).briefing.with_suffix(suffix)
        path.unlink()
        path.mkdir()
    bad_roster(cohort, None)
    assert "cohorte.xlsx" in fail(cohort)


@pytest.mark.parametrize("spoiled", [b"", b"\xff\xfe\x00", b"<html><body>else</body></html>", b"To: =?x?=\n\n" * 9])
def test_whatever_stands_there_the_page_is_made(spoiled):
    made = briefing.failing("a", "Le disque est plein.", NOW, dict.fromkeys((".html", ".txt", ".eml"), spoiled))
    assert made[".txt"].decode().startswith(FAILED)
    assert made[".html"].decode().startswith("<!DOCTYPE html>")
    assert made[".eml"].startswith(b"X-Unsent: 1")


def test_what_the_reason_quotes_is_only_text():
    made = briefing.failing("<b>a</b>", "Fautes :\n  - « <script>x</script> »\n" + "  - f\n" * 40, NOW, {})
    html = made[".html"].decode()
    assert "<script" not in html
    assert "<b>" not in html
    assert "Et 29 autres." in made[".txt"].decode()


def test_the_exception_of_the_program_is_told_as_such(cohort, monkeypatch):
    unforeseen(cohort, monkeypatch)
    with pytest.raises(UnexpectedError):
        cohort.consolidate()
    assert "KeyError" in page(cohort)
