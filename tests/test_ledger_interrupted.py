"""A memory that a run left half-way, or that somebody spoiled: it is set aside or caught up, and told."""

import os
import shutil
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from engine import ledger
from engine.commands.check import check
from engine.commands.status import status
from engine.ledger import opening
from engine.ledger.schema import VERSION
from engine.model.errors import CohortError
from engine.workspace import files
from tests.test_ledger import codes, oral


def interrupted(*_, **__):
    raise KeyboardInterrupt


def test_a_run_that_ends_before_its_results_is_as_if_it_had_never_been(nights, monkeypatch):
    first, *_ = codes(nights)
    oral(nights, **{first: 1})
    delivered = nights.run().path.read_bytes()
    oral(nights, **{first: 0})
    with monkeypatch.context() as death:
        death.setattr(files, "put_in_place", interrupted)
        with pytest.raises(KeyboardInterrupt):
            nights.run()
    assert (nights.cohort.path / "resultats" / "resultats.xlsx").read_bytes() == delivered
    with nights.past() as past:
        assert past.baseline == 1
        assert {mark.raw for sheet in past.sheets() for mark in past.marks(sheet.version) if mark.code == first} == {
            "1"
        }
    assert nights.run().anomaly("R07")["Valeur"] == "1 → 0"


def test_a_run_that_ends_after_its_results_counts(nights, monkeypatch):
    first, *_ = codes(nights)
    oral(nights, **{first: 1})
    nights.run()
    oral(nights, **{first: 0})
    with monkeypatch.context() as death:
        death.setattr(ledger.Ledger, "deliver", interrupted)
        with pytest.raises(KeyboardInterrupt):
            nights.run()
    with nights.past() as past:
        assert past.baseline == 2
    assert "R07" not in nights.run().codes


def test_who_only_looks_leaves_no_trace(nights):
    oral(nights)
    nights.run()
    everything = nights.cohort.path
    before = {path: (path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in everything.rglob("*")}
    nights.run(dry_run=True)
    status(everything)
    check([everything])
    assert {
        path: (path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in everything.rglob("*")
    } == before


def test_what_a_dead_run_left_in_its_journal_is_read_without_a_trace(nights, tmp_path):
    oral(nights)
    nights.run()
    path, still = nights.private() / "memoire.sqlite", tmp_path / "still.sqlite"
    with opening.to_write(path) as connection:
        connection.execute("UPDATE files SET state = 'Du journal'")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{still}{suffix}")  # as a dead process leaves them
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{still}{suffix}", f"{path}{suffix}")
    before = sorted(nights.private().iterdir())
    with nights.past() as past:
        assert [file.state for file in past.files()] == ["Du journal"]
    assert sorted(nights.private().iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_the_memory_is_for_its_owner_only(nights):
    nights.run()
    assert {stat.S_IMODE(path.stat().st_mode) for path in nights.private().iterdir() if path.is_file()} == {0o600}


def test_no_shared_memory_is_needed(nights):
    """Network folders do not offer it."""
    with opening.to_write(nights.private() / "memoire.sqlite") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.execute("INSERT INTO runs (made_at, program, results) VALUES ('', '', '')")
        memory = {path.name for path in nights.private().iterdir() if path.name.startswith("memoire")}
        assert memory == {"memoire.sqlite", "memoire.sqlite-wal"}


# ------------------------------------------------------------------------------------------ spoiled


def truncate(content):
    return content[: len(content) // 2]


def garble(content):
    return content[:4096] + b"\xff" * 8192 + content[12288:]


def newer(content):
    return content[:60] + (VERSION + 1).to_bytes(4, "big") + content[64:]


@pytest.mark.parametrize("spoil", [truncate, garble, newer, lambda _: b"not a memory at all" * 400])
def test_a_spoiled_memory_is_set_aside_and_said(nights, spoil):
    oral(nights)
    whole = nights.run()
    path = nights.private() / "memoire.sqlite"
    spoiled = spoil(path.read_bytes())
    path.write_bytes(spoiled)
    seen = nights.run(dry_run=True)
    assert "abîmée" in seen.report.notices[0]
    assert path.read_bytes() == spoiled
    again = nights.run()
    assert "mise de côté" in again.report.notices[0]
    assert again.sheets["Détail"] == whole.sheets["Détail"]
    (aside,) = nights.private().glob("*abîmée*")
    assert aside.read_bytes() == spoiled
    assert nights.run().report.notices == ()


def test_a_memory_that_another_program_holds_is_told_and_nothing_is_written(nights, monkeypatch):
    monkeypatch.setattr(opening, "_PATIENCE", 0.1)
    before = nights.run().path.read_bytes()
    holder = sqlite3.connect(nights.private() / "memoire.sqlite")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CohortError, match="mémoire"):
        nights.run()
    holder.close()
    assert (nights.cohort.path / "resultats" / "resultats.xlsx").read_bytes() == before
    nights.run()


def test_names_that_are_no_text_are_remembered(nights):
    if os.name == "nt":
        return
    path = oral(nights)
    odd = path.parent / os.fsdecode(b"re\xe7u.xlsx")
    try:
        path.rename(odd)
    except OSError:  # a file system that takes no such name
        return
    nights.run()
    assert nights.run().states.keys() == nights.run(full=True).states.keys()


def test_paths_of_every_system_name_the_same_file(tmp_path):
    place = tmp_path / "dossier d'été #1 50 %"
    place.mkdir()
    with opening.to_write(place / "memoire.sqlite") as connection:
        connection.execute("INSERT INTO runs (made_at, program, results) VALUES ('', '', '')")
    with opening.to_read(place / "memoire.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    assert opening._uri(Path("/a b/c")) == "file:///a%20b/c"
