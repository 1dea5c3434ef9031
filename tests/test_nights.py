"""Nights without anybody: one run at a time, cohorts apart, little said, and what fails told where it can be found."""

import errno
import json
import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

import process
from engine import intake
from engine.commands.close import close
from engine.commands.consolidate import consolidate
from engine.commands.reopen import reopen
from engine.model import Kind
from engine.model.errors import BusyError, CohortError
from engine.model.faults import reason
from engine.workspace.cohort import Folder
from engine.workspace.lock import hold
from engine.workspace.meant import expand
from tests import cohorts

ROOT = Path(__file__).resolve().parent.parent


class Done(NamedTuple):
    """What a command left on the terminal, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(capsys):
    """Runs a command in this process, for the sake of time; what starts a process is seen in test_process.py."""

    def command(*arguments):
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            process.main([str(argument) for argument in arguments])
        return Done(ended.value.code, *capsys.readouterr())

    return command


@pytest.fixture
def cohort(cohort):
    """A cohort with nothing returned yet, consolidated once."""
    cohort.consolidate()
    return cohort


def results(folder):
    """Every file of a cohort but its private state and the morning page, which begins with a night that failed."""
    return {path: content for path, content in tree(folder).items() if Path(path).stem != "rapport"}


def tree(folder):
    """Every file of a cohort but its private state, by path."""
    files = (path for path in folder.rglob("*") if path.is_file() and ".cohorte" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def log(folder):
    lines = Folder(folder).log.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_a_run_beside_another_is_refused_and_looking_is_not(cohort, run):
    before = tree(cohort.path)
    with hold(Folder(cohort.path).lock):
        for command in ("consolidate", "templates"):
            done = run(command, cohort.path)
            assert done.returncode == 3
            assert f"(processus {os.getpid()})" in done.stderr
        assert tree(cohort.path) == before
        for command in (["consolidate", "--dry-run"], ["status"], ["check"]):
            assert run(*command, cohort.path).returncode == 0
    assert run("consolidate", cohort.path).returncode == 0


def test_closing_and_opening_again_are_runs_like_others_each_of_one_piece(cohort):
    with hold(Folder(cohort.path).lock), pytest.raises(BusyError):
        close(cohort.path, accept_provisional=True)
    close(cohort.path, accept_provisional=True)
    facts = [line["fait"] for line in log(cohort.path)]
    assert facts[-4:] == ["échec", "début", "consolidation", "fin"]  # the one that met another, the one that closed
    assert len({line["passage"] for line in log(cohort.path)[-3:]}) == 1
    with hold(Folder(cohort.path).lock), pytest.raises(BusyError):
        reopen(cohort.path, "Une note est arrivée.")
    reopen(cohort.path, "Une note est arrivée.")
    assert cohort.consolidate().report.result is not None


def test_results_are_kept_when_they_changed_and_only_then(cohort, monkeypatch):
    folder = Folder(cohort.path)
    place, lost = folder.results / "precedents", folder.data / "decisions.csv"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    lost.unlink()  # or the results would be left standing
    cohort.consolidate()
    first = set(place.iterdir())  # the first results of all had nothing to be compared with: the next ones say more
    before = folder.results_workbook.read_bytes()
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1760000000")
    lost.unlink()
    cohort.consolidate()
    assert folder.results_workbook.read_bytes() != before  # the date of the night
    assert set(place.iterdir()) == first
    last = Folder(cohort.path).results_workbook.read_bytes()
    cohort.filled(Kind.ORAL).save()
    cohort.consolidate()
    assert [path.read_bytes() for path in set(place.iterdir()) - first] == [last]


def test_what_interrupted_runs_left_is_cleared(cohort):
    folder = Folder(cohort.path)
    left = [
        folder.results / ".resultats.xlsx.123.part",
        folder.results / "donnees" / ".notes.csv.123.part",
        folder.reminders / ".Relance.eml.4.part",
        folder.path / ".cohorte.xlsx.99.part",
    ]
    others = [folder.results / "a.part", folder.results / ".b.part", folder.returns / ".c.xlsx.1.part"]
    for path in left + others:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("à moitié", encoding="utf-8")
    (folder.results / ".resultats.xlsx.123.d.part").mkdir()
    cohort.consolidate()
    assert folder.leftovers() == []
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in others)


@pytest.mark.skipif(sys.platform == "win32", reason="sizes are limited so on POSIX")
@pytest.mark.parametrize("size", [6_000, 30_000])
def test_a_disk_full_for_a_real_process_leaves_the_previous_results(cohort, size, tmp_path):
    """The system refuses to let any file grow beyond a size."""
    cohort.filled(Kind.ORAL).save()
    shell = f"ulimit -f {size // 1000} && exec {sys.executable} {ROOT / 'process.py'} consolidate {cohort.path}"
    before = results(cohort.path)
    status = os.waitstatus_to_exitcode(os.system(f"{shell} 2>{tmp_path / 'stderr'} >&2"))
    assert status == 3
    (sentence,) = (tmp_path / "stderr").read_text(encoding="utf-8").splitlines()
    assert reason(OSError(errno.EFBIG, "")) in sentence
    assert results(cohort.path) == before
    assert cohort.consolidate().report.result == Folder(cohort.path).results_workbook


def test_returns_that_go_away_halfway_leave_the_previous_results(cohort, monkeypatch):
    cohort.filled(Kind.ORAL).save()
    cohort.consolidate()
    before, read = results(cohort.path), intake.survey
    away = cohort.path.parent / "partage"

    def leaves(paths, *given, **options):
        cohort.returns.rename(away)
        return read(paths, *given, **options)

    monkeypatch.setattr(intake, "survey", leaves)
    with pytest.raises(CohortError, match="ne sont plus accessibles"):
        cohort.consolidate()
    away.rename(cohort.returns)
    assert results(cohort.path) == before
    monkeypatch.undo()
    assert cohort.consolidate().report.blocking == 0


def test_a_share_that_came_back_as_an_empty_mount_point_is_noticed(cohort, monkeypatch):
    disks = iter([1, 2])
    monkeypatch.setattr(Folder, "disk_of_returns", lambda _: next(disks))
    with pytest.raises(CohortError, match="a changé pendant la lecture"):
        cohort.consolidate()


def test_returns_gone_since_the_last_results_are_not_taken_for_none(cohort):
    cohort.returns.rmdir()
    before = results(cohort.path)
    with pytest.raises(CohortError, match="ne sont plus accessibles"):
        cohort.consolidate()
    assert results(cohort.path) == before
    Folder(cohort.path).results_workbook.unlink()
    assert cohort.consolidate().report.files == {}  # a folder that never had any


# ----------------------------------------------------------------------------------------------- many


@pytest.fixture
def root(tmp_path):
    """Two cohorts, one with a bad roster, and a file that is none."""
    for name in ("b", "a été", "mauvaise"):
        cohorts.make(tmp_path / "promotions" / name)
    (tmp_path / "promotions" / "mauvaise" / "cohorte.xlsx").write_bytes(b"rien")
    (tmp_path / "promotions" / "Lisez-moi.txt").write_text("", encoding="utf-8")
    (tmp_path / "promotions" / ".cache").mkdir()
    return tmp_path / "promotions"


def test_each_cohort_is_treated_and_a_table_closes_the_run(root, run):
    (root / "b" / "retours" / "note.xlsx").write_bytes(b"%PDF-1.7")
    done = run("consolidate", root / "*")
    assert done.returncode == 3
    assert "mauvaise : Le registre" in done.stderr
    heading, *rows = done.stdout.splitlines()[-4:]
    assert heading.split() == ["Cohorte", "Candidats", "Décisions", "À", "corriger", "Manquants", "État"]
    shown = [row[: heading.index("Candidats")].strip() for row in rows]
    assert shown == ["a été", "b", "mauvaise"]
    assert [row[heading.index("À corriger") :].split() for row in rows] == [
        ["0", "23", "fait"],
        ["1", "23", "à", "voir"],
        ["non", "fait"],
    ]
    assert all((root / name / "resultats" / "resultats.xlsx").exists() for name in ("a été", "b"))


def test_several_cohorts_make_a_list_and_the_worst_status(root, run):
    done = run("consolidate", root / "b", root / "a été", "--json")
    assert done.returncode == 0
    assert [answer["candidates"] for answer in json.loads(done.stdout)] == [4, 4]
    shutil.rmtree(root / "mauvaise")
    shutil.rmtree(root / "b")
    assert isinstance(json.loads(run("consolidate", root / "*", "--json").stdout), dict)


def test_patterns_are_expanded_files_passed_over_and_nothing_is_taken_twice(root, run):
    names = ["a été", "b", "mauvaise"]
    assert expand([root / "*"]) == [root / name for name in names]
    assert expand([root / "b", root / "*", root / "b"]) == [root / name for name in ("b", "a été", "mauvaise")]
    assert expand([root / "b", root / "a été" / ".." / "b"]) == [root / "b"]
    (root / "lost+found").mkdir()  # of the disk that is mounted there
    assert expand([root / "*", root / "lost+found"]) == [root / name for name in names]
    (root / "recycler").mkdir()  # a system's word, and here a promotion
    (root / "recycler" / "cohorte.xlsx").touch()
    assert expand([root / "*"]) == [*(root / name for name in names), root / "recycler"]
    (root / "recycler" / "cohorte.xlsx").unlink()
    assert expand([root / "Lisez-moi.txt"]) == []
    assert expand([root / "absente", root / "z*"]) == [root / "absente", root / "z*"]
    (root / "b").rename(root / "[b]")
    assert expand([root / "[b]"]) == [root / "[b]"]
    assert run("consolidate", root / "Lisez-moi.txt").returncode == 2


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_to_a_cohort_is_no_second_one(root):
    (root / "A courante").symlink_to("b")
    assert expand([root / "*"]) == [root / name for name in ("A courante", "a été", "mauvaise")]


# ---------------------------------------------------------------------------------------------- quiet


def test_a_quiet_night_says_nothing(cohort, run):
    done = run("consolidate", "--quiet", cohort.path, cohort.path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_quiet_night_says_what_needs_somebody_and_no_more(root, run):
    (root / "b" / "retours" / "note.xlsx").write_bytes(b"%PDF-1.7")
    done = run("consolidate", "--quiet", root / "b", root / "a été")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        f"{root / 'b'} : une personne est attendue.",
        "  1 anomalie bloquante à corriger ; la feuille Anomalies dit où et comment.",
    ]
    assert "Traceback" not in run("consolidate", "--quiet", root / "mauvaise").stderr


LEFT_BY_OTHERS = [
    "envois/relances/à moi.eml",
    "envois/messages/à moi.eml",
    "envois/a_corriger/T01/à moi.xlsx",
    "envois/tuteurs/T01/à moi.xlsx",
    "resultats/donnees/à moi.csv",
]


@pytest.mark.parametrize("what", ["a link to nothing", "a folder"])
@pytest.mark.parametrize("place", LEFT_BY_OTHERS)
def test_what_cannot_be_read_beside_what_stands_stops_no_night(cohort, place, what):
    path = cohort.path / place
    path.parent.mkdir(parents=True, exist_ok=True)
    if what == "a folder":
        path.mkdir()
    else:
        path.symlink_to(path.with_name("nulle part"))
    cohort.consolidate()
    kept = cohort.path.joinpath("resultats", "resultats.xlsx").read_bytes()
    assert "Rien n'a changé" in " ".join(consolidate(cohort.path).remarks)
    assert cohort.path.joinpath("resultats", "resultats.xlsx").read_bytes() == kept


def test_a_folder_in_the_place_of_data_is_named_as_what_cannot_be_written(cohort):
    table = Folder(cohort.path).data / "decisions.csv"
    table.unlink()
    table.mkdir()
    with pytest.raises(CohortError, match=r"decisions\.csv » ne peut pas être écrit : c'est un dossier"):
        consolidate(cohort.path)
