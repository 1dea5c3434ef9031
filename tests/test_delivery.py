"""The results swapped in, whatever the disk does meanwhile: whole or not at all, and never for long."""

import errno
import os
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from engine.commands.night import publishing
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace import precedents
from engine.workspace.cohort import Folder
from engine.workspace.files import clear, deliver
from tests.faults import DENIED, FULL, GONE, READ_ONLY, STALE, failing, watching

NOW = datetime(2025, 6, 30, 2, 10)
YESTERDAY = datetime(2025, 6, 29, 2, 10).timestamp()
OLD, NEW = "avant" * 1000, "après" * 2000


@pytest.fixture
def folders(tmp_path):
    """Makes cohorts with results of yesterday: a workbook and its data."""

    def make():
        folder = Folder(tmp_path / f"cohorte {len(list(tmp_path.iterdir()))}")
        folder.make()
        for target in targets(folder):
            target.parent.mkdir(exist_ok=True)
            target.write_text(OLD, encoding="utf-8")
            os.utime(target, (YESTERDAY, YESTERDAY))
        return folder

    return make


def targets(folder):
    return [folder.results / "donnees" / "notes.csv", folder.results_workbook]


def swap(folder):
    writers = {path: lambda beside: beside.write_text(NEW, encoding="utf-8") for path in targets(folder)}
    placed = publishing.swap(folder, writers, NOW)
    precedents.tidy(folder.results_workbook, placed, 14, NOW)
    return list(placed.values())


def refused_by(action):
    """The sentence of a refusal, none when all went well."""
    try:
        action()
    except CohortError as refusal:
        return str(refusal)
    return ""


def visible(folder):
    return {
        path.relative_to(folder.path).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.path.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }


WORKBOOK, DATA, COPY = (
    "resultats/resultats.xlsx",
    "resultats/donnees/notes.csv",
    "resultats/precedents/resultats 2025-06-29 02h10.xlsx",
)
DONE = {WORKBOOK: NEW, DATA: NEW, COPY: OLD}


def test_new_results_take_the_place_of_the_old_ones_which_are_kept(folders):
    folder = folders()
    assert swap(folder) == targets(folder)
    assert visible(folder) == DONE


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "lasting"])
@pytest.mark.parametrize("number", [FULL, GONE, STALE, READ_ONLY, DENIED], ids=errno.errorcode.get)
def test_a_disk_that_fails_at_any_touch_leaves_nothing_half(folders, number, lasting):
    """Full, gone, read-only or denied, at the first touch, the second... until a run is over before it."""
    at, refused, reached = 0, 0, True
    while reached:
        at += 1
        folder = folders()
        with watching(folder.path, at=at, befall=failing(number), on=lasting) as watch:
            refusal = refused_by(lambda: swap(folder))  # noqa: B023 - called at once
        if refusal:
            refused += 1
            assert reason(OSError(number, "")) in refusal
        reached = watch.count >= at
        seen = visible(folder)
        assert set(seen.values()) <= {OLD, NEW}
        assert {WORKBOOK, DATA} <= seen.keys()
        assert seen[WORKBOOK] == OLD or seen[DATA] == NEW or number == DENIED, "the workbook is new, the data are old"
        assert OLD in (seen[WORKBOOK], seen.get(COPY)), "the previous results are lost"
        clear(folder.leftovers())
        swap(folder)
        assert DONE.items() <= visible(folder).items()
        assert folder.leftovers() == []
    assert at > 8
    assert refused >= 4


@pytest.mark.parametrize("call", range(1, 4))
def test_a_disk_that_is_full_when_the_bytes_are_at_last_written(folders, monkeypatch, call):
    folder, calls, fsync = folders(), [], os.fsync

    def full(descriptor):
        calls.append(descriptor)
        if len(calls) == call:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CohortError, match="ne peut pas être écrit"):
        swap(folder)
    seen = visible(folder)
    assert (seen.pop(WORKBOOK), seen.pop(DATA)) == (OLD, OLD)
    assert set(seen) <= {COPY}
    assert folder.leftovers() == []


def held(monkeypatch, *names):
    """Keep these files open, as Excel does on Windows: they may be read, not replaced."""
    replace = Path.replace

    def refuse(self, other):
        if Path(other).name in names:
            raise PermissionError(13, "The process cannot access the file because it is being used by another process")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr("engine.workspace.files._PAUSE", 0)


def test_results_open_elsewhere_stand_and_the_new_ones_lie_beside_them_until_the_next_run(folders, monkeypatch):
    folder = folders()
    with monkeypatch.context() as patch:
        held(patch, "resultats.xlsx")
        beside = folder.results / "resultats 2025-06-30 02h10.xlsx"
        assert swap(folder) == [folder.results / "donnees" / "notes.csv", beside]
        assert swap(folder)[-1] == beside.with_stem(beside.stem + " (2)")  # nothing is overwritten
    assert visible(folder)[WORKBOOK] == OLD
    assert beside.read_text(encoding="utf-8") == NEW
    assert swap(folder) == targets(folder)
    assert visible(folder) == DONE | {
        f"resultats/precedents/resultats 2025-06-30 02h10{rank}.xlsx": NEW for rank in ("", " (2)")
    }


def test_a_file_held_for_an_instant_is_not_held(folders, monkeypatch):
    folder, replace, refusals = folders(), Path.replace, [1, 2]

    def refuse(self, other):
        if Path(other) == folder.results_workbook and refusals:
            raise PermissionError(13, f"scanned {refusals.pop()}")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", refuse)
    monkeypatch.setattr("engine.workspace.files._PAUSE", 0)
    assert swap(folder) == targets(folder)


@pytest.mark.parametrize("number", [FULL, GONE, DENIED], ids=errno.errorcode.get)
def test_what_is_sent_out_is_never_lost_on_the_way(tmp_path, number):
    """Copies to mend and reminders: what is replaced moves aside, what replaces it follows at once."""
    at, reached = 0, True
    while reached:
        at += 1
        root = tmp_path / str(at)
        wanted = {root / f"{name}.txt": f"{name} neuf".encode() for name in "ab"}
        for name in "abc":
            root.mkdir(exist_ok=True)
            (root / f"{name}.txt").write_text(f"{name} vieux", encoding="utf-8")
        with watching(root, at=at, befall=failing(number)) as watch, suppress(CohortError):
            deliver(root, wanted.items(), [root / "c.txt"])
        reached = watch.count >= at
        held_now = {path.read_text(encoding="utf-8") for path in root.rglob("*.txt")}
        assert {"a vieux", "b vieux", "c vieux"} <= held_now <= {f"{n} {w}" for n in "abc" for w in ("vieux", "neuf")}
        deliver(root, wanted.items(), [path for path in [root / "c.txt"] if path.exists()])
        assert {path.name: path.read_text(encoding="utf-8") for path in root.glob("*.txt")} == {
            "a.txt": "a neuf",
            "b.txt": "b neuf",
        }
        assert {path.read_text(encoding="utf-8") for path in (root / "anciens").iterdir()} == {
            "a vieux",
            "b vieux",
            "c vieux",
        }
    assert at > 6
