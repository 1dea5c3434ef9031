"""A name for each return: a file may be called as a piece of a message beside it would be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from engine.model.returns import FileReport


def name_apart(reports: Iterable[FileReport]) -> None:
    """Give a number, in place, to each piece of a container whose name a file bears; a file keeps its own."""
    found = list(reports)
    taken = {report.path for report in found}
    for piece in (piece for report in found for piece in report.inside):
        path, rank = piece.path, 2
        while path in taken:
            path, rank = f"{piece.path} ({rank})", rank + 1
        taken.add(path)
        if path != piece.path:
            _rename(piece, path)


def _rename(report: FileReport, path: str) -> None:
    report.path = path
    report.anomalies = [replace(each, file=path) for each in report.anomalies]
    for sheet in report.sheets:
        sheet.anomalies = [replace(each, file=path) for each in sheet.anomalies]
        sheet.marks = sheet.found = [mark._replace(file=path) for mark in sheet.marks]  # no version is settled yet
