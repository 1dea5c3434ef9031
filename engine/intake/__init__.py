"""From the files of ``retours/`` to marks and anomalies: guard, read, recognise, locate, and choose what counts.

::

    files.py     which files there are (ignored.py: which nobody sent); one file, from path to report
    containers/  what messages and archives hold (apart.py: a name for each of it, and of the files beside)
    safety/      a file to parts that are safe to parse, or why not
    readers/     parts to grids, with what a plain reading hides
    sheets/      grids to marks and anomalies: whose sheet, where its table stands, what its cells hold
    versions/    which of several returns counts
    processes/   all of it in processes that may die (context.py: what they need to know; packing.py: what they
                 bring back, as bytes)
    replaced.py  what the commission's levels replace
    memory.py    what earlier nights know, so that it is not read again
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.intake import replaced
from engine.intake.apart import name_apart
from engine.intake.containers import piece
from engine.intake.context import Context
from engine.intake.files import collect, confirm, read_file, refuse_changed
from engine.intake.memory import Look, Memory, fingerprint, lasting
from engine.intake.processes import read_all
from engine.intake.processes.task import Task
from engine.intake.versions import resolve
from engine.model import Kind, Roster
from engine.model.anomalies import Anomaly, Gravity
from engine.model.returns import FileReport, Original, SheetReport
from engine.model.tables import VALUE, marks_table
from engine.workspace.progress import SILENT, Progress

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "NOTHING",
    "Context",
    "Intake",
    "Look",
    "Memory",
    "Original",
    "Survey",
    "Task",
    "collect",
    "fingerprint",
    "lasting",
    "original",
    "read_paths",
    "read_returns",
    "survey",
]

NOTHING = Memory()


Keep = Callable[[list[Original]], Collection[str]]
"""Takes returns; gives back the paths of those that are no longer the same."""


@dataclass(frozen=True)
class Intake:
    """Everything read from the returns, versions settled."""

    reports: list[FileReport]

    @property
    def sheets(self) -> list[SheetReport]:
        """Every recognised sheet, in the order of the files."""
        return [sheet for report in self.reports for sheet in report.sheets]

    def marks(self) -> pd.DataFrame:
        """The table of marks (:class:`Mark`) of the sheets that count, and what refused ones hold back; each sheet then
        finds its own there."""
        from engine.model.tabled import stand_in  # here, so that the readers of returns start without pandas

        sheets = self.sheets
        table = marks_table(sheet.marks for sheet in sheets)
        stand_in(table, sheets)
        return table

    def drop_contents(self) -> None:
        """Drop what was read as bytes, once it is retained: it stands in the reports."""
        for report in self.reports:
            report.content = b""

    def rated_works(self) -> dict[str, set[str]]:
        """By candidate identifier, the codes of the works that somebody rated."""
        return self._rated(Kind.TRAVAUX)

    def commissioned(self) -> dict[str, set[str]]:
        """By candidate identifier, the codes of the competences whose level the commission set."""
        return self._rated(Kind.SYNTHESE)

    def _rated(self, kind: Kind) -> dict[str, set[str]]:
        rated: dict[str, set[str]] = {}
        for sheet in self.sheets:
            if sheet.kind is kind:
                codes = {mark.code for mark in sheet.marks if mark.input == "niveau" and mark.state == VALUE}
                rated.setdefault(sheet.candidate, set()).update(codes)
        return rated

    def anomalies(self) -> list[Anomaly]:
        """The anomalies, file by file."""
        return [
            anomaly
            for report in self.reports
            for anomaly in (*report.anomalies, *(a for sheet in report.sheets for a in sheet.anomalies))
        ]


@dataclass(frozen=True)
class Survey:
    """Every file looked at, and read unless it was known: what the memory knows of it is not unfolded yet."""

    reports: dict[Path, FileReport]
    memory: Memory
    roster: Roster | None = None

    def inputs(self) -> list[tuple[object, ...]]:
        """A key of the state of the returns, which differs when they do; with how they failed, for those not read."""
        return [
            (each.path, each.size, each.modified_ns, each.digest, each.ignored, *_trouble(each))
            for each in self.reports.values()
        ]

    def read(self, keep: Keep | None = None) -> Intake:
        """The content of the files, versions settled.

        ``keep`` is given every file in which a sheet was recognised; one that it cannot keep as it was read is refused
        (F07): whatever counts is kept.
        """
        reports = {path: self.memory.unfold(report) for path, report in self.reports.items()}
        name_apart(reports.values())
        if keep is not None:
            changed = keep([original(path, each) for path, one in reports.items() for each in _all(one) if each.sheets])
            reports = {
                path: refuse_changed(path, one) if any(each.path in changed for each in _all(one)) else one
                for path, one in reports.items()
            }
        found = [each for report in reports.values() for each in _all(report)]
        resolve(found)
        replaced.soften(sheet for report in found for sheet in report.sheets)
        _let_go(found, self.roster)
        return Intake(found)

    def let_go(self) -> None:
        """Keep nothing of what was looked at, once it is read and its :meth:`inputs` were asked for."""
        self.reports.clear()

    def one_by_one(self) -> Iterator[Intake]:
        """The same of each file as if it had come alone."""
        for path, report in self.reports.items():
            yield replace(self, reports={path: report}).read()


def _all(report: FileReport) -> tuple[FileReport, ...]:
    """A file, and what it holds where it is a container."""
    return (report, *report.inside)


def original(path: Path, report: FileReport) -> Original:
    """A return as it stands in a file, or in the message or archive that a file is."""
    load = partial(piece, path, report.digest) if report.container else path.read_bytes
    return Original(load, report.path, report.digest, report.modified_ns)


def _let_go(reports: Iterable[FileReport], roster: Roster | None) -> None:
    """What is wrong with the sheets and the rows of somebody who left needs nobody: it warns, and does not block."""
    left = {person.id for person in roster.candidates if person.dropped_out} if roster else set()
    for report in reports if left else ():
        places: tuple[FileReport | SheetReport, ...] = (report, *report.sheets)
        for place in places:
            place.anomalies = [
                replace(each, gravity=Gravity.WARNING) if each.blocking and each.candidate in left else each
                for each in place.anomalies
            ]


def _trouble(report: FileReport) -> list[str]:
    return [] if report.lasting else [f"{anomaly.code} {anomaly.message}" for anomaly in report.anomalies]


def survey(
    paths: list[Path],
    task: Task,
    *,
    workers: int | None = None,
    progress: Progress = SILENT,
    memory: Memory = NOTHING,
) -> Survey:
    """Look at these files; what ``memory`` does not know for sure is read.

    ``progress`` is told how many are to be read, and how many more are.
    """
    names = {path: path.relative_to(task.root).as_posix() for path in paths}
    recalled = {path: memory.recall(path, name) for path, name in names.items()}
    unknown = [path for path, report in recalled.items() if report is None]
    progress.expect(len(unknown), "retours lus")
    if memory.readings:
        task = replace(task, reader=partial(read_file, known=frozenset(memory.readings)))
    found = read_all(unknown, task, workers, progress) if unknown else []
    read = dict(zip(unknown, found, strict=True))
    reports = {path: confirm(path, report or read[path]) for path, report in recalled.items()}
    return Survey(reports, replace(memory, looks={}), task.context.roster)


def read_returns(folder: Path, context: Context, *, workers: int | None = None, progress: Progress = SILENT) -> Intake:
    """Read every file below ``folder``."""
    return read_paths(collect(folder), folder, context, workers=workers, progress=progress)


def read_paths(
    paths: list[Path],
    root: Path,
    context: Context,
    *,
    workers: int | None = None,
    progress: Progress = SILENT,
) -> Intake:
    """Read these files, named by their path below ``root``."""
    return survey(paths, Task(root, context), workers=workers, progress=progress).read()
