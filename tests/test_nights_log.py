"""The log of the runs: what each did, and nobody's name."""

import json
import stat
import sys

import pytest

from engine import intake
from engine.assessment import decide
from engine.commands.check import check
from engine.commands.consolidate import consolidate
from engine.commands.logbook import Logbook
from engine.commands.options import Options
from engine.commands.status import status
from engine.model import Kind
from engine.model.errors import CohortError, UnexpectedError
from engine.workspace.cohort import Folder
from engine.workspace.lock import hold
from tests.faults import GONE, failing, watching
from tests.test_nights import log, results


@pytest.fixture
def cohort(cohort):
    """A cohort with nothing returned yet, consolidated once."""
    cohort.consolidate()
    return cohort


def test_the_log_tells_each_run_and_each_refused_return_without_a_name(cohort):
    (cohort.returns / "LEFÈVRE Éloïse.xlsx").write_bytes(b"%PDF-1.7")
    report = cohort.consolidate().report
    begun, refused, counts, ended = log(cohort.path)[-4:]
    assert [line["fait"] for line in (begun, refused, counts, ended)] == [
        "début",
        "retour refusé",
        "consolidation",
        "fin",
    ]
    assert len({line["passage"] for line in (begun, refused, counts, ended)}) == 1
    assert refused["sha256"] == report.digests["LEFÈVRE Éloïse.xlsx"]
    assert refused["codes"] == ["F02"]
    assert counts["files"] == {"Refusé": 1}
    assert ended["statut"] == 1
    text = Folder(cohort.path).log.read_text(encoding="utf-8")
    people = [person.last_name for person in (*cohort.roster.candidates, *cohort.roster.evaluators)]
    assert not any(name.casefold() in text.casefold() for name in people)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_the_private_state_is_for_its_owner_only(cohort):
    private = Folder(cohort.path).private
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert {path.name: stat.S_IMODE(path.stat().st_mode) for path in private.iterdir() if path.is_file()}.items() >= {
        ("journal.jsonl", 0o600),
        ("verrou", 0o600),
        ("cle", 0o600),
    }


def test_a_fault_of_the_program_is_traced_without_the_words_it_quotes(cohort, monkeypatch, capsys):
    def fail(*given):
        raise KeyError("Éloïse Lefèvre")

    cohort.filled(Kind.ORAL).save()
    before = results(cohort.path)
    monkeypatch.setattr(decide, "decide", fail)
    with pytest.raises(UnexpectedError, match="KeyError"):
        cohort.consolidate()
    failed, ended = log(cohort.path)[-2:]
    assert failed["erreur"] == "KeyError"
    assert failed["trace"][-1].startswith("test_nights_log.py:")
    assert ended["statut"] == 3
    assert "Lefèvre" not in Folder(cohort.path).log.read_text(encoding="utf-8")
    assert "Lefèvre" not in capsys.readouterr().err
    assert results(cohort.path) == before


def test_a_disk_that_cannot_even_be_tidied_is_one_sentence(cohort):
    with (
        watching(Folder(cohort.path).results, at=1, befall=failing(GONE), on=True),
        pytest.raises(UnexpectedError, match="ne répond plus"),
    ):
        cohort.consolidate()
    assert [line.get("erreur", line.get("statut")) for line in log(cohort.path)[-2:]] == ["OSError", 3]


def test_a_refusal_is_in_the_log(cohort):
    with hold(Folder(cohort.path).lock), pytest.raises(CohortError):
        cohort.consolidate()
    assert log(cohort.path)[-1]["erreur"] == "BusyError"
    (cohort.path / "cohorte.xlsx").write_bytes(b"rien")
    with pytest.raises(CohortError, match="registre"):
        consolidate(cohort.path)
    assert [line.get("erreur", line.get("statut")) for line in log(cohort.path)[-2:]] == ["CohortError", 3]


def test_looking_leaves_no_line_in_the_log(cohort):
    before = log(cohort.path)
    status(cohort.path)
    consolidate(cohort.path, Options(dry_run=True))
    check([cohort.path])
    assert log(cohort.path) == before


def test_the_log_is_bounded(tmp_path):
    book = Logbook(tmp_path / "journal.jsonl", "consolidate")
    for rank in range(8_000):
        book.write("retour refusé", rang=rank, texte="x" * 900)
    files = sorted(tmp_path.iterdir())
    assert len(files) == 5
    assert sum(path.stat().st_size for path in files) < 5_100_000
    last = (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()[-1]
    assert json.loads(last)["rang"] == 7_999
    if sys.platform != "win32":
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_log_that_cannot_be_written_stops_nothing(cohort):
    Folder(cohort.path).log.unlink()
    Folder(cohort.path).log.mkdir()
    assert cohort.consolidate().report.result is not None


def test_nothing_is_written_outside_the_cohort(cohort, monkeypatch, tmp_path):
    """What a night makes on the way holds names and marks: a killed run must not leave it in a place nobody clears."""
    elsewhere = tmp_path / "temporaire"
    elsewhere.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(elsewhere))
    monkeypatch.setattr(intake, "read_paths", lambda *_, **__: intake.Intake([]))  # processes have sockets
    with watching(elsewhere) as watch:
        cohort.consolidate()
    assert watch.count == 0
    assert Folder(cohort.path).leftovers() == []
