"""From the files of ``retours/`` to marks and anomalies: guard, read, recognise, locate, and choose what counts.

::

    files.py      which files there are; one file from path to report
    guard.py      parts that are safe to parse, or why not (archive.py: within bounds; nature.py: what it really is)
    workbook.py   parts to grids (ooxml.py with plain.py and odd.py, ods.py: what a plain reading hides)
    recognise.py  whose sheet it is: reference, seal, roster
    headings.py   the table by its headings
    locate.py     its rows by codes, single inputs by labels
    content.py    each input cell to a mark
    versions.py   which of several returns counts
    pool.py       all of it in processes that may die
    packing.py    what was read, as bytes
    memory.py     what earlier nights know, so that it is not read again
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from engine.anomalies import Anomaly
from engine.intake.context import Context, FileReport, SheetReport, SheetStatus
from engine.intake.files import collect, confirm, read_file, refuse_changed
from engine.intake.memory import Look, Memory, fingerprint, lasting
from engine.intake.pool import Progress, read_all
from engine.intake.versions import resolve
from engine.model import Kind
from engine.tables import MARKS, VALUE, table

__all__ = [
    "NOTHING",
    "Context",
    "FileReport",
    "Intake",
    "Look",
    "Memory",
    "SheetReport",
    "SheetStatus",
    "collect",
    "fingerprint",
    "lasting",
    "read_paths",
    "read_returns",
]

NOTHING = Memory()

Keep = Callable[[list[tuple[Path, str, str]]], Collection[str]]
"""Takes files (place, path below ``retours/``, SHA-256); gives back the paths of those that are no longer the same."""


@dataclass(frozen=True)
class Intake:
    """Everything read from the returns, versions settled."""

    reports: list[FileReport]

    @property
    def sheets(self) -> list[SheetReport]:
        """Every recognised sheet, in the order of the files."""
        return [sheet for report in self.reports for sheet in report.sheets]

    def marks(self) -> object:
        """The marks table (:data:`engine.tables.MARKS`) of the sheets that count, and what refused ones hold back."""
        return table(MARKS, (mark for sheet in self.sheets for mark in sheet.marks))

    def rated_works(self) -> dict[str, set[str]]:
        """By candidate identifier, the codes of the works that somebody rated."""
        rated: dict[str, set[str]] = {}
        for sheet in self.sheets:
            if sheet.kind is Kind.TRAVAUX:
                codes = {mark[7] for mark in sheet.marks if mark[6] == "niveau" and mark[10] == VALUE}
                rated.setdefault(sheet.candidate, set()).update(codes)
        return rated

    def anomalies(self) -> list[Anomaly]:
        """What was found wrong, file by file."""
        return [
            anomaly
            for report in self.reports
            for anomaly in (*report.anomalies, *(a for sheet in report.sheets for a in sheet.anomalies))
        ]


def read_returns(
    folder: Path,
    context: Context,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    memory: Memory = NOTHING,
    keep: Keep | None = None,
) -> Intake:
    """Read every file below ``folder``; ``progress`` is told how many more files were read."""
    return read_paths(collect(folder), folder, context, workers=workers, progress=progress, memory=memory, keep=keep)


def read_paths(
    paths: list[Path],
    root: Path,
    context: Context,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
    memory: Memory = NOTHING,
    keep: Keep | None = None,
) -> Intake:
    """Read these files, named by their path below ``root``; what ``memory`` knows for sure is not read again.

    ``keep`` is given every file in which a sheet was recognised; one that it cannot keep as it was read is refused
    (F07): whatever counts is kept.
    """
    names = {path: path.relative_to(root).as_posix() for path in paths}
    recalled = {path: memory.recall(path, name) for path, name in names.items()}
    unknown = [path for path, report in recalled.items() if report is None]
    reader = {"reader": partial(read_file, known=frozenset(memory.readings))} if memory.readings else {}
    read = read_all(unknown, root, context, workers, progress, **reader) if unknown else []
    for path, report in zip(unknown, read, strict=True):
        recalled[path] = memory.remind(report) if report.digest in memory.readings else report
    reports = {path: confirm(path, report) for path, report in recalled.items()}
    if keep is not None:
        recognised = [(path, report.path, report.digest) for path, report in reports.items() if report.sheets]
        changed = keep(recognised)
        reports = {path: refuse_changed(path, one) if one.path in changed else one for path, one in reports.items()}
    resolve(reports.values())
    return Intake(list(reports.values()))
