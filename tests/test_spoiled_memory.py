"""A memory that is no longer what it was never stops a night, nor changes a decision."""

from __future__ import annotations

import random
import shutil
import sqlite3
from contextlib import closing

import pytest
from click.testing import CliRunner

import process
from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.ledger import seal
from engine.model import Kind
from engine.workspace.cohort import Folder
from tests import cohorts
from tests.nights import Nights, date_back


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory):
    """A cohort that was consolidated twice."""
    cohort = cohorts.make(tmp_path_factory.mktemp("avant") / "cohorte", referential=cohorts.OTHER)
    with pytest.MonkeyPatch.context() as patch:
        nights = Nights(cohort, patch)
        date_back(cohort.filled(Kind.ORAL).save("oral.xlsx"))
        nights.run()
        date_back(cohort.filled(Kind.GRILLE).save("grille.xlsx"))
        nights.run()
    return cohort.path


@pytest.fixture
def nights(consolidated, tmp_path, monkeypatch):
    shutil.copytree(consolidated, tmp_path / "cohorte")
    return Nights(cohorts.Cohort(tmp_path / "cohorte"), monkeypatch, number=2)


def decided(report):
    return [(each.candidate, str(each.decision)) for each in report.decided]


def flipped(data, draw):
    for _ in range(draw.randint(1, 3)):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)


def page(data, draw):
    start = 4096 * draw.randrange(len(data) // 4096)
    data[start : start + 4096] = draw.randbytes(4096)


def cut(data, draw):
    del data[draw.randrange(len(data)) :]


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("spoil", [flipped, page, cut])
@pytest.mark.parametrize("rank", range(2))
def test_bytes_spoiled_at_random_stop_no_night_and_change_no_decision(spoil, sealed, rank, nights):
    path = Folder(nights.cohort.path).memory
    before, draw = decided(nights.run(full=True, dry_run=True).report), random.Random(f"{spoil.__name__} {rank}")
    data = bytearray(path.read_bytes())
    spoil(data, draw)
    path.write_bytes(data)
    if not sealed:
        seal.lift(path)
    (nights.cohort.returns / "oral.xlsx").rename(nights.cohort.returns / "oral 2.xlsx")
    assert decided(nights.run(dry_run=True).report) == before
    night = nights.run(full=bool(rank % 2))
    assert decided(night.report) == before
    assert sealed <= any("abîmée" in notice for notice in night.report.notices)
    assert decided(nights.run(full=True).report) == before
    assert not nights.run().report.notices


CHANGES = {
    "a blob": "UPDATE readings SET content = x'00ff'",
    "an empty blob": "UPDATE readings SET content = x''",
    "a blob that is a text": "UPDATE readings SET content = 'abc'",
    "a text that is none": "UPDATE files SET state = CAST(x'ff' AS TEXT)",
    "a state that is none": "UPDATE files SET state = 'Perdu', sure = 1",
    "a date that is none": "UPDATE runs SET made_at = 'hier'",
    "a decision that is none": "UPDATE decisions SET decision = 'ADMISE'",
    "a decision": "UPDATE decisions SET decision = 'ADMIS'",
    "credits that are a text": "UPDATE decisions SET credits = 'douze'",
    "a gravity": "UPDATE anomalies SET gravity = '?'",
    "a table": "DROP TABLE marks",
    "another table": "CREATE TABLE more (x)",
    "a column": "ALTER TABLE files RENAME COLUMN sha256 TO sha",
    "everything": "DELETE FROM runs",
    "a version": "PRAGMA user_version = 99",
}


@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("name", CHANGES)
def test_whatever_was_changed_in_it_by_hand_stops_no_night(name, sealed, nights):
    path = Folder(nights.cohort.path).memory
    before = decided(nights.run(full=True, dry_run=True).report)
    with closing(sqlite3.connect(path)) as base:
        base.execute(CHANGES[name])
        base.commit()
    if not sealed:
        seal.lift(path)
    assert decided(nights.run(dry_run=True).report) == before
    nights.run()
    assert decided(nights.run(full=True).report) == before
    assert {each.decision for each in nights.run(dry_run=True).report.outcomes} == {
        decision for _, decision, *_ in before
    }


@pytest.mark.parametrize("word", ["consolidate", "status", "history"])
def test_the_memory_of_a_later_version_is_left_to_it(word, nights):
    folder = Folder(nights.cohort.path)
    with closing(sqlite3.connect(folder.memory)) as base:
        base.execute("CREATE TABLE later (x)")
        base.execute("PRAGMA user_version = 99")
        base.commit()
    seal.put(folder.memory)
    before = {path: path.read_bytes() for path in (folder.memory, folder.results_workbook)}
    done = CliRunner().invoke(process.main, [word, str(folder.path), *(["C01"] if word == "history" else [])])
    assert done.exit_code == 3
    assert "version plus récente du programme" in done.stderr
    assert {path: path.read_bytes() for path in before} == before
    assert seal.holds(folder.memory)
    assert not list(folder.private.glob("*abîmée*"))


@pytest.mark.parametrize("where", ["-wal", "-shm", "-journal"])
def test_a_journal_that_is_none(where, nights):
    path = Folder(nights.cohort.path).memory
    path.with_name(path.name + where).write_bytes(b"spoiled" * 700)
    before = decided(nights.run(full=True, dry_run=True).report)
    assert decided(nights.run(full=True).report) == before


def test_the_doctor_sees_what_a_night_would_stumble_on(nights):
    path = Folder(nights.cohort.path).memory
    with closing(sqlite3.connect(path)) as base:
        base.execute("UPDATE readings SET content = x'00ff'")
        base.commit()
    for lift in (False, True):
        if lift:
            seal.lift(path)
        done = CliRunner().invoke(process.main, ["doctor", str(nights.cohort.path)])
        assert "Abîmée : memoire.sqlite" in done.stdout
        assert done.exit_code == 1


def test_a_memory_at_rest_bears_its_seal(nights):
    path = Folder(nights.cohort.path).memory
    assert seal.holds(path) is True
    nights.run()
    assert seal.holds(path) is True
    consolidate(nights.cohort.path, Options(dry_run=True))
    assert seal.holds(path) is True


@pytest.mark.parametrize("spoil", [flipped, cut])
def test_a_spoiled_archive_changes_no_decision(spoil, nights):
    before, draw = decided(nights.run(full=True, dry_run=True).report), random.Random(spoil.__name__)
    folder = Folder(nights.cohort.path)
    for path in folder.archive.glob("??/*.gz"):
        data = bytearray(path.read_bytes())
        spoil(data, draw)
        path.write_bytes(data)
    folder.memory.write_bytes(b"spoiled")
    night = nights.run()
    assert decided(night.report) == before
    assert nights.run(full=True).report.notices == ()


def test_data_changed_by_hand_is_made_again_by_the_next_night(nights):
    nights.run()
    nights.run()
    for path in Folder(nights.cohort.path).data.glob("*.csv"):
        before = path.read_bytes()
        path.write_bytes(before.replace(b"ADMIS", b"SORTI") + b" ")
        nights.run()
        assert path.read_bytes() == before


@pytest.mark.parametrize("command", [["history", "007"], ["status"]], ids=["history", "status"])
@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "unsealed"])
def test_a_fault_of_the_program_over_a_good_memory_is_told_as_its_own_and_logged(command, sealed, nights, monkeypatch):
    """Only a memory that nothing vouches for is suspected, and then too the log says where the fault came from."""
    folder = Folder(nights.cohort.path)
    if not sealed:
        seal.lift(folder.memory)
    folder.log.unlink()

    def fail(*_, **__):
        raise KeyError("niveau")

    monkeypatch.setattr("engine.commands.history.ledger.history", fail)
    monkeypatch.setattr("engine.commands.night.remembering.memory", fail)
    done = CliRunner().invoke(process.main, [command[0], str(nights.cohort.path), *command[1:]])
    assert done.exit_code == 3
    assert len(done.stderr.splitlines()) == 1
    assert ("Erreur imprévue du programme (KeyError)" in done.stderr) or not sealed
    logged = folder.log.read_text(encoding="utf-8")
    assert "KeyError" in logged
    assert "fail" in logged
