"""Many files at once, in processes that may die: what kills a worker costs the file that did it, not the run.

A parser can abort its process, hang, or eat memory; none of that can be caught from inside. Files go to the workers
in chunks. When a chunk is lost, its files are read again one by one by a single worker, which is replaced whenever it
dies; a file is only accused (F08) of what it does to a fresh process.

Memory is bounded by the system where it can be (Linux); elsewhere the bounds of the guard stand alone, as
docs/limites.md tells users. Time is bounded everywhere: a file that hangs costs the limit twice, once with its chunk
and once alone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from concurrent.futures import wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.synchronize import RLock
from pathlib import Path
from typing import Any

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from engine.intake.files import describe
from engine.intake.packing import pack, unpack
from engine.intake.processes.task import Limits, Task, prepare
from engine.intake.safety.refusal import then_removed
from engine.model.anomalies import COPY_VALUES, make
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.model.returns import FileReport
from engine.workspace.progress import SILENT, Progress

CHUNK = 24  # files a task
HEAVY = 100_000
"""Bytes of a file that takes a task of its own: that of a whole cohort may take as long as a chunk of others, and would
have them all read again."""

MANY = 2_000
"""Files that take so long that to start anew the process that workers are copies of costs nothing beside."""

_TRIES = 5
"""Pools that may break over one file, before it is said that none can work here."""

_OUT_OF_MEMORY = 77
"""The exit status of a worker that ended because memory was refused to it: it cannot be trusted with another file."""

_task: Task


def read_all(
    paths: list[Path], task: Task, workers: int | None = None, progress: Progress = SILENT
) -> list[FileReport]:
    """The reports of files, in their order. ``workers``: processes, by default one per processor, four at most.

    Raises :class:`CohortError` when no process can be started.
    """
    chunks = list(_chunks(paths))
    count = max(1, min(workers or min(os.cpu_count() or 1, 4), len(chunks)))
    reports: dict[Path, FileReport] = {}
    with _pool(count, task) as pool:
        for chunk, read in zip(chunks, _together(pool, chunks, task.limits), strict=True):
            reports.update(zip(chunk, read, strict=bool(read)))
            progress.advance(len(read))
    fruitless = 0  # pools, one after the other
    while lost := [path for path in paths if path not in reports]:
        with _pool(1, task) as pool:
            for path, report in _one_by_one(pool, lost, task):
                reports[path] = report
                progress.advance(1)
            fruitless = fruitless + 1 if lost[0] not in reports else 0
            if fruitless == _TRIES:
                raise BrokenProcessPool
    if len(paths) > MANY:
        _dismiss()
    return [unpack(reports[path]) if reports[path].content else reports[path] for path in paths]


def _chunks(paths: list[Path]) -> Iterator[list[Path]]:
    """The files of each task, those that may take longest first."""
    heavy = {path for path in paths if _size(path) > HEAVY}
    light = [path for path in paths if path not in heavy]
    yield from ([path] for path in paths if path in heavy)
    yield from (light[start : start + CHUNK] for start in range(0, len(light), CHUNK))


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:  # told when it is read
        return 0


def _together(pool: ProcessPool, chunks: list[list[Path]], limits: Limits) -> Iterator[list[FileReport]]:
    """The reports of each chunk, none for one that was lost."""
    tasks = [_schedule(pool, chunk, limits) for chunk in chunks]
    for task in tasks:
        try:
            yield _result(pool, task)
        except (ProcessExpired, FutureTimeoutError, BrokenProcessPool):
            yield []


def _one_by_one(pool: ProcessPool, paths: list[Path], task: Task) -> Iterator[tuple[Path, FileReport]]:
    """The reports of files, up to the first one that breaks the pool itself: one that kills its only worker before the
    pool noted who has it does."""
    with suppress(BrokenProcessPool):
        for path in paths:
            yield path, _alone(pool, path, task)


def _alone(pool: ProcessPool, path: Path, task: Task) -> FileReport:
    """The report of one file. What kills a worker that has read others is tried again by the one that replaces it:
    an earlier file may have left it little memory."""
    for _ in range(2):
        try:
            (report,) = _result(pool, _schedule(pool, [path], task.limits))
            return report
        except FutureTimeoutError:
            return _stopped(path, task, f"après {task.limits.seconds:g} s")
        except ProcessExpired as fault:
            status = fault.exitcode
    why = "elle demandait trop de mémoire" if status == _OUT_OF_MEMORY else "le programme de lecture s'est interrompu"
    return _stopped(path, task, f": {why}")


def _schedule(pool: ProcessPool, paths: list[Path], limits: Limits) -> ProcessFuture[list[FileReport]] | None:
    """A task, ``None`` when the pool broke meanwhile."""
    return pool.schedule(_read, args=[paths], timeout=limits.seconds) if pool.active else None


def _result(pool: ProcessPool, future: ProcessFuture[list[FileReport]] | None) -> list[FileReport]:
    """The reports of a task; a pool that breaks forgets the tasks that no worker had taken yet."""
    while future is not None and pool.active:
        if wait([future], timeout=1).done:
            break
    if future is None or not future.done():
        raise BrokenProcessPool
    reports: list[FileReport] = future.result()
    return reports


def _stopped(path: Path, task: Task, why: str) -> FileReport:
    name = path.relative_to(task.root).as_posix()
    try:
        report = describe(path, name)
    except OSError:
        report = FileReport(name)
    remedy = then_removed(COPY_VALUES, name)
    report.anomalies.append(make("F08", f"La lecture a été arrêtée {why}.", remedy=remedy, file=name))
    return report


# -------------------------------------------------------------------------------------- the processes


@contextmanager
def _pool(count: int, task: Task) -> Iterator[ProcessPool]:
    """Workers, all gone at the end, whatever ended it. Raises :class:`CohortError` when they cannot be started."""
    try:
        pool = ProcessPool(max_workers=count, context=_Processes(), initializer=_prepare, initargs=[task])
        try:
            _start(pool)
            yield pool
            pool.close()
        except BaseException:
            pool.stop()
            raise
        finally:
            pool.join()
    except BrokenProcessPool as fault:
        detail = f" : {reason(fault.__cause__)}" if isinstance(fault.__cause__, OSError) else ""
        raise CohortError(f"Les processus qui lisent les retours ne peuvent pas travailler{detail}.") from fault


def _start(pool: ProcessPool) -> None:
    try:
        started = pool.active
    except OSError as fault:
        raise BrokenProcessPool from fault
    if not started:
        raise BrokenProcessPool


class _Processes:
    """Workers started afresh rather than forked: pebble runs threads, and a fork would copy their locks.

    The locks made here last as long as this does: pebble drops those of a pool before it stops the workers, and one
    that was still starting, for nothing, told the terminal in a trace that they were gone.
    """

    def __init__(self) -> None:
        self._locks: list[RLock] = []
        self._context: multiprocessing.context.BaseContext
        if sys.platform in ("win32", "darwin"):
            self._context = multiprocessing.get_context("spawn")
        else:
            self._context = multiprocessing.get_context("forkserver")
            self._context.set_forkserver_preload(["__main__", __name__])  # imported once for all workers

    def RLock(self) -> RLock:  # noqa: N802 - as pebble calls it
        """A lock between processes."""
        self._locks.append(self._context.RLock())
        return self._locks[-1]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._context, name)


def _dismiss() -> None:
    """Let go of the process that workers are copies of: it holds some 20 MB, and all that follows needs none of it.
    The next pool starts another. Where Python has no such server, or no such means, nothing is done; nor where whoever
    started us has us ignore the ends of processes, for then none can be waited for."""
    if sys.platform not in ("win32", "darwin") and signal.getsignal(signal.SIGCHLD) is not signal.SIG_IGN:
        from multiprocessing import forkserver  # here: elsewhere there is none

        getattr(forkserver._forkserver, "_stop", lambda: None)()


def _prepare(task: Task) -> None:
    """Make a worker ready: what it reads with, and how much it may take."""
    global _task
    _task = task
    prepare(task.limits)


def _read(paths: list[Path]) -> list[FileReport]:
    """In a worker: the reports of some files, packed: the one way they reach a run, tonight or from its memory."""
    try:
        return [pack(_task.read(path)) for path in paths]
    except MemoryError:
        os._exit(_OUT_OF_MEMORY)
