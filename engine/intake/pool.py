"""Many files at once, in processes that may die: what kills a worker costs the file that did it, not the run.

A parser can abort its process, hang, or eat memory; none of that can be caught from inside. Files go to the workers
in chunks; when a chunk is lost, its files are read again one by one, and only the culprit is reported (F08).
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import TimeoutError as FutureTimeoutError
from pathlib import Path

from pebble import ProcessExpired, ProcessPool

from engine.anomalies import make
from engine.intake.context import Context, FileReport
from engine.intake.files import read_file

CHUNK = 24  # files a task
SECONDS = 20  # for one file read alone; a filled workbook takes some milliseconds
Progress = Callable[[int], None]

_context: Context


def read_all(
    paths: list[Path], root: Path, context: Context, workers: int | None, progress: Progress | None
) -> list[FileReport]:
    """The reports of files, in their order. ``workers``: processes, by default one per processor, four at most."""
    chunks = [paths[start : start + CHUNK] for start in range(0, len(paths), CHUNK)]
    count = max(1, min(workers or min(os.cpu_count() or 1, 4), len(chunks)))
    with _pool(count, context) as pool:
        futures = [pool.schedule(_read_chunk, args=[chunk, root], timeout=SECONDS * len(chunk)) for chunk in chunks]
        reports: list[FileReport] = []
        for chunk, future in zip(chunks, futures, strict=True):
            try:
                reports += future.result()
            except (ProcessExpired, FutureTimeoutError, MemoryError):
                reports += _one_by_one(pool, chunk, root)
            if progress is not None:
                progress(len(chunk))
    return reports


def _one_by_one(pool: ProcessPool, paths: list[Path], root: Path) -> Iterator[FileReport]:
    for path in paths:
        future = pool.schedule(_read_chunk, args=[[path], root], timeout=SECONDS)
        try:
            yield from future.result()
        except FutureTimeoutError:
            yield _stopped(path, root, f"La lecture a été arrêtée après {SECONDS} secondes.")
        except MemoryError:
            yield _stopped(path, root, "La lecture a été arrêtée : elle demandait trop de mémoire.")
        except ProcessExpired:
            yield _stopped(path, root, "La lecture a été arrêtée : le fichier fait échouer le programme de lecture.")


def _stopped(path: Path, root: Path, message: str) -> FileReport:
    name = path.relative_to(root).as_posix()
    return FileReport(name, anomalies=[make("F08", message, file=name)])


def _pool(count: int, context: Context) -> ProcessPool:
    """Workers started afresh rather than forked: pebble runs threads, and a fork would copy their locks."""
    if sys.platform in ("win32", "darwin"):
        processes = multiprocessing.get_context("spawn")
    else:
        processes = multiprocessing.get_context("forkserver")
        processes.set_forkserver_preload(["__main__", __name__])  # imported once for all workers
    return ProcessPool(
        max_workers=count,
        context=processes,
        initializer=_prepare,
        initargs=[context],
    )


def _prepare(context: Context) -> None:
    global _context
    _context = context
    if sys.stderr is None or not sys.stderr.isatty():
        logging.disable()  # logs are for a terminal; what fails is an anomaly in any case


def _read_chunk(paths: list[Path], root: Path) -> list[FileReport]:
    return [read_file(path, path.relative_to(root).as_posix(), _context) for path in paths]
