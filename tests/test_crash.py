"""Killed at any moment, a consolidation leaves what stood or what was to stand, and the next one needs no help.

``pytest tests/test_crash.py --kills 200`` kills more often.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import time
from pathlib import Path

import psutil
import pytest

from engine.model import Kind
from engine.workspace.cohort import Folder
from tests import cohorts
from tests.faults import FULL, GONE
from tests.killing import Server, copied, touches_of
from tests.read_results import Results

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied as POSIX does")


@pytest.fixture(scope="module")
def before(tmp_path_factory, server):
    """A consolidated cohort that has received more since: a sheet mended, one spoiled, one new."""
    cohort = cohorts.make(tmp_path_factory.mktemp("avant") / "cohorte")
    for name, points in (("oral.xlsx", "quatre"), ("oral 2.xlsx", 3)):
        book = cohort.filled(Kind.ORAL, evaluator="J01" if name == "oral.xlsx" else "J02")
        book.put(Kind.ORAL, "points", "O01", points)
        book.save(name)
    assert server.run(cohort.path) == 1
    cohort.filled(Kind.ORAL, evaluator="J01").save("oral.xlsx")
    cohort.filled(Kind.GRILLE).save("grille.xlsx")
    book = cohort.filled(Kind.ORAL, "C02")
    book.put(Kind.ORAL, "points", "O01", "?")
    book.save("oral C02.xlsx")
    return cohort.path


@pytest.fixture(scope="module")
def after(before, tmp_path_factory, server):
    """The same once consolidated without a hitch, and how long that took."""
    folder = copied(before, tmp_path_factory.mktemp("apres"))
    began = time.monotonic()
    assert server.run(folder) == 1
    return folder, time.monotonic() - began


def visible(folder: Path) -> dict[str, bytes]:
    """What people see of a cohort, returns aside, by path."""
    below = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    seen = [path for path in below if path.parts[0] != "retours" and not any(part[0] == "." for part in path.parts)]
    return {path.as_posix(): (folder / path).read_bytes() for path in seen}


def outcome(folder: Path) -> list[object]:
    """What was decided and on what, and all that people see beside the results."""
    sheets = Results(Folder(folder).results_workbook, None).sheets
    others = {path: content for path, content in visible(folder).items() if not path.startswith("resultats/resultats")}
    return [sheets["Synthèse"], sheets["Détail"], others]


def test_a_run_killed_at_any_moment_leaves_nothing_half_and_the_next_one_succeeds(
    before, after, server, tmp_path, kills
):
    done, seconds = after
    old, new = visible(before), visible(done)
    assert old["resultats/resultats.xlsx"] != new["resultats/resultats.xlsx"]
    known, expected = {*old.values(), *new.values()}, outcome(done)
    touches, draw = len(touches_of(done)), random.Random(20)
    untouched = 0
    for rank in range(kills):
        folder = copied(before, tmp_path / str(rank))
        by_clock = rank % 2
        moment = draw.uniform(0, seconds) if by_clock else draw.randint(1, touches)
        killed_at(server, folder, moment) if by_clock else server.run(folder, moment)
        seen = visible(folder)
        story = f"killed {'after' if by_clock else 'at touch'} {moment}, kill {rank}"
        assert set(seen.values()) <= known, story
        assert seen["resultats/resultats.xlsx"] in (old["resultats/resultats.xlsx"], new["resultats/resultats.xlsx"])
        untouched += seen == old
        # what readers left when they were killed is met by readers; else where the next run reads changes nothing
        assert server.run(folder, command="consolidate" if by_clock else "night") == 1, story
        assert outcome(folder) == expected, story
        assert Folder(folder).leftovers() == [], story
        shutil.rmtree(folder)
    assert untouched < kills, "no run was killed after it had begun to write"


def killed_at(server: Server, folder: Path, seconds: float) -> None:
    """Kill a run from outside; its readers go with it."""
    run = server.start(folder)
    time.sleep(seconds)
    try:
        readers = run.children(recursive=True)
        run.kill()
    except psutil.NoSuchProcess:
        readers = []
    server.end()
    assert psutil.wait_procs(readers, timeout=180)[1] == []


@pytest.mark.parametrize("error", [FULL, GONE], ids=errno.errorcode.get)
def test_a_disk_that_fails_from_some_moment_on_leaves_nothing_half_and_the_next_run_succeeds(
    before, after, server, tmp_path, error
):
    """Full, or a share that went away: whatever is tried after that fails too, cleaning up included."""
    done = after[0]
    known, expected = {*visible(before).values(), *visible(done).values()}, outcome(done)
    touches, draw = len(touches_of(done)), random.Random(error)
    statuses = set()
    for part in range(4):  # one moment in each quarter of the run
        touch = draw.randint(1 + touches * part // 4, touches * (part + 1) // 4)
        folder = copied(before, tmp_path / str(touch))
        statuses.add(server.run(folder, touch, error))
        assert set(visible(folder).values()) <= known, touch
        assert server.run(folder, command="night") == 1, touch
        assert outcome(folder) == expected, touch
        assert Folder(folder).leftovers() == [], touch
    assert statuses <= {1, 3}
    assert 3 in statuses
