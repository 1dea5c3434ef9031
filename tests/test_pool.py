"""What a parser may do to its process costs one file, never the run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import weakref
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest
from pebble.pool.process import WorkerManager

from engine import intake, referential
from engine.intake.context import Context
from engine.intake.processes import pool
from engine.intake.processes.pool import read_all
from engine.intake.processes.task import Limits, Task
from engine.model import Kind
from engine.model.errors import CohortError
from engine.workspace.progress import Count
from tests import cohorts
from tests.misreaders import misread

QUICK = Limits(seconds=1)
linux = pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is not bounded by this system")


@pytest.fixture
def files(tmp_path):
    """Makes files that hold nothing, by their names."""

    def make(*names):
        paths = [tmp_path / f"{name}.txt" for name in names]
        for path in paths:
            path.write_bytes(b"x")
        return paths

    return make


def read(paths, limits=QUICK, **more):
    """The codes found in each file, by its name."""
    reports = read_all(paths, Task(paths[0].parent, None, misread, limits), 2, **more)
    assert [report.path for report in reports] == [path.name for path in paths]
    return {Path(report.path).stem: [each.code for each in report.anomalies] for report in reports}


def read_misreading(paths, task, *more):
    return read_all(paths, replace(task, reader=misread), *more)


def stopped(found):
    return {name for name, codes in found.items() if codes == ["F08"]}


@pytest.mark.parametrize("fault", ["avorte", "bloque", "boucle", pytest.param("enfle", marks=linux)])
def test_a_file_that_kills_its_reader_costs_itself_alone(files, monkeypatch, fault):
    monkeypatch.setattr(pool, "CHUNK", 4)
    paths = files("a", fault, "b", "c", "d", "e")
    started = time.monotonic()
    found = read(paths)
    assert stopped(found) == {fault}
    assert all(codes == [] for name, codes in found.items() if name != fault)
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("fault", "said"),
    [("avorte", "interrompu"), ("bloque", "après 1 s"), pytest.param("enfle", "mémoire", marks=linux)],
)
def test_what_stopped_the_reading_is_said(files, fault, said):
    (path,) = files(fault)
    (report,) = read_all([path], Task(path.parent, None, misread, QUICK), 1)
    assert said in report.anomalies[0].message
    assert (report.anomalies[0].file, report.size) == (path.name, 1)


@linux
def test_a_file_that_leaves_no_memory_accuses_no_other(files, monkeypatch):
    """Each leaves 150 MB behind: only a worker that has read several lacks memory."""
    monkeypatch.setattr(pool, "CHUNK", 4)
    assert stopped(read(files("fuit1", "a", "fuit2", "fuit3", "b", "fuit4"), limits=Limits(5, 250_000_000))) == set()


def test_files_of_a_whole_cohort_are_read_once_each_in_a_time_of_its_own(files, tmp_path):
    """Together they would take more than a task may, and all be read again."""
    paths = files("a", "long1", "long2", "long3", "b")
    for path in paths[1:4]:
        path.write_bytes(b"x" * (pool.HEAVY + 1))
    assert stopped(read(paths)) == set()
    assert [seen.read_text() for seen in sorted(tmp_path.glob("*.vu"))] == ["x"] * 3


def test_everything_may_be_bad(files):
    assert stopped(read(files("avorte1", "avorte2", "avorte3"))) == {"avorte1", "avorte2", "avorte3"}


def test_progress_tells_each_file_once(files, monkeypatch):
    monkeypatch.setattr(pool, "CHUNK", 2)
    count = Count()
    read(files("a", "avorte", "b", "c", "d"), progress=count)
    assert count.done == 5


def test_a_real_cohort_keeps_its_marks_beside_a_reader_that_dies(tmp_path, monkeypatch):
    cohort = cohorts.make(tmp_path / "cohorte")
    good = cohort.filled(Kind.ORAL).save("oral.xlsx")
    bad = cohort.filled(Kind.GRILLE).save("avorte.xlsx")
    context = Context(cohort.referential, cohort.roster)
    died, fine = read_all([bad, good], Task(cohort.returns, context, misread, Limits(seconds=5)), 1)
    assert [each.code for each in died.anomalies] == ["F08"]
    assert fine.anomalies == []
    assert {sheet.kind for sheet in fine.sheets} == {Kind.TRANSVERSALE, Kind.ORAL}


def test_marks_of_a_workbook_that_grows_after_it_was_read_do_not_count(tmp_path, monkeypatch):
    cohort = cohorts.make(tmp_path / "cohorte")
    path = cohort.filled(Kind.ORAL).save("change.xlsx")
    monkeypatch.setattr(
        intake, "read_all", lambda paths, task, *given: read_all(paths, replace(task, reader=misread), *given)
    )
    context = Context(cohort.referential, cohort.roster)
    (report,) = intake.read_paths([path], cohort.returns, context, workers=1).reports
    assert ([each.code for each in report.anomalies], report.sheets) == (["F07"], [])


def test_a_file_that_grows_after_it_was_read_is_still_being_written(files, monkeypatch):
    paths = files("a", "change")
    monkeypatch.setattr(
        intake, "read_all", lambda paths, task, *given: read_all(paths, replace(task, reader=misread), *given)
    )
    context = Context(referential.load(cohorts.CGCO))
    read_back = intake.read_paths(paths, paths[0].parent, context, workers=1)
    assert [[each.code for each in report.anomalies] for report in read_back.reports] == [[], ["F07"]]
    assert read_back.reports[1].size == 6


# ---------------------------------------------------------------------------------------- processes

HANGING = """
import sys
from pathlib import Path
from engine.intake.processes.pool import read_all
from engine.intake.processes.task import Limits, Task
from tests.misreaders import misread
if __name__ == "__main__":
    paths = [Path(sys.argv[1])]
    read_all(paths, Task(paths[0].parent, None, misread, Limits(seconds=60)), 2)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal")
def test_an_interruption_leaves_no_process_behind(files, tmp_path):
    (path,) = files("bloque")
    script = tmp_path / "run.py"
    script.write_text(HANGING)
    environment = os.environ | {"PYTHONPATH": str(Path(pool.__file__).parents[3])}
    run = subprocess.Popen(
        [sys.executable, script, path],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # which tests run by « & » would pass over
    )
    deadline = time.monotonic() + 30
    while not path.with_suffix(".vu").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    processes = psutil.Process(run.pid).children(recursive=True)
    run.send_signal(signal.SIGINT)
    run.wait(timeout=15)
    _, alive = psutil.wait_procs(processes, timeout=5)
    assert len(processes) >= 2
    assert alive == []


def test_workers_that_cannot_start_are_told_in_one_sentence(files, monkeypatch):
    def fail(*_, **__):
        raise OSError(38, "Function not implemented")

    monkeypatch.setattr("multiprocessing.context.BaseContext.Lock", fail)
    monkeypatch.setattr("multiprocessing.context.BaseContext.RLock", fail)
    with pytest.raises(CohortError, match="ne peuvent pas travailler : ce système ne sait pas le faire"):
        read(files("a"))


def test_the_locks_of_workers_last_until_the_last_of_them_is_stopped(files, monkeypatch):
    # one that was still starting when nothing was left to read found them gone, and wrote a trace to the terminal
    made, standing = [], []
    stop, make = WorkerManager.force_stop_workers, WorkerManager.create_channels

    def note(manager):
        make(manager)
        made.extend(map(weakref.ref, (manager.workers_channel.mutex.reader_mutex,)))

    def look(manager):
        standing.extend(lock() is not None for lock in made)
        stop(manager)

    monkeypatch.setattr(WorkerManager, "create_channels", note)
    monkeypatch.setattr(WorkerManager, "force_stop_workers", look)
    read(files("sain"))
    assert standing == [True]
    assert [lock() for lock in made] == [None]  # and no longer


def broken(monkeypatch, times):
    """As many pools break over the first file, as one does whose only worker dies before it was noted who has it."""
    left, alone = [None] * times, pool._alone

    def read(*given):
        if left:
            left.pop()
            raise BrokenProcessPool
        return alone(*given)

    monkeypatch.setattr(pool, "_alone", read)


def test_a_pool_that_breaks_over_a_file_is_tried_again(files, monkeypatch):
    broken(monkeypatch, pool._TRIES - 1)
    assert stopped(read(files("avorte", "a", "b"))) == {"avorte"}


def test_pools_that_always_break_cannot_work(files, monkeypatch):
    broken(monkeypatch, 1_000)
    with pytest.raises(CohortError, match="ne peuvent pas travailler"):
        read(files("avorte", "a"))


@linux
def test_what_workers_are_copies_of_is_let_go_after_many_files_and_started_again(files, monkeypatch):
    here = psutil.Process()
    monkeypatch.setattr(pool, "MANY", 3)
    paths = files("a", "avorte", "b", "c")
    assert stopped(read(paths)) == {"avorte"}
    assert not [each for each in here.children() if "forkserver" in " ".join(each.cmdline())]
    assert stopped(read(paths[:3])) == {"avorte"}
    assert [each for each in here.children() if "forkserver" in " ".join(each.cmdline())]


@linux
def test_many_files_are_read_where_the_ends_of_processes_are_ignored(files, monkeypatch):
    monkeypatch.setattr(pool, "MANY", 1)
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert stopped(read(files("a", "b"))) == set()
    finally:
        signal.signal(signal.SIGCHLD, before)
