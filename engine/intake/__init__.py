"""From the files of ``retours/`` to marks and anomalies: guard, read, recognise, locate, and choose what counts.

::

    files.py      which files there are; one file from path to report
    guard.py      parts that are safe to parse, or why not (archive.py: within bounds; nature.py: what it really is)
    workbook.py   parts to grids (ooxml.py with plain.py and odd.py, ods.py: what a plain reading hides)
    recognise.py  whose sheet it is: reference, seal, roster
    locate.py     the table by headings and codes, single inputs by labels
    content.py    each input cell to a mark
    versions.py   which of several returns counts
    pool.py       all of it in processes that may die
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.anomalies import Anomaly
from engine.intake.context import Context, FileReport, SheetReport, SheetStatus
from engine.intake.files import collect, confirm
from engine.intake.pool import Progress, read_all
from engine.intake.versions import resolve
from engine.model import Kind
from engine.tables import MARKS, VALUE, table

__all__ = ["Context", "FileReport", "Intake", "SheetReport", "SheetStatus", "collect", "read_paths", "read_returns"]


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
) -> Intake:
    """Read every file below ``folder``; ``progress`` is told how many more files were read."""
    return read_paths(collect(folder), folder, context, workers=workers, progress=progress)


def read_paths(
    paths: list[Path],
    root: Path,
    context: Context,
    *,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Intake:
    """Read these files, named by their path below ``root``."""
    reports = read_all(paths, root, context, workers, progress) if paths else []
    reports = [confirm(path, report) for path, report in zip(paths, reports, strict=True)]
    resolve(reports)
    return Intake(reports)
