"""Where files are read: never in this process, which what a file does to its parser must not take along.

::

    pool.py   many files at once, in processes that may die
    alone.py  one file, in a copy of this process
    task.py   what such a process is told, and what it may take
"""

from __future__ import annotations

from pathlib import Path

from engine.intake.processes import alone
from engine.intake.processes.task import Task
from engine.model.returns import FileReport
from engine.workspace.progress import SILENT, Progress


def read_all(
    paths: list[Path], task: Task, workers: int | None = None, progress: Progress = SILENT
) -> list[FileReport]:
    """The reports of files, in their order: of one, by a copy of this process where that can be; of several, or once
    the copy was lost, by :func:`.pool.read_all`."""
    if len(paths) == 1 and alone.possible():
        report = alone.read_alone(paths[0], task)
        if report is not None:
            progress.advance(1)
            return [report]
    from engine.intake.processes import pool  # here: one file needs none of what it takes to start

    return pool.read_all(paths, task, workers, progress)
