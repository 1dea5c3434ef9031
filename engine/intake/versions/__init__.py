"""Which return counts: one of several identical files, the latest of several versions of a sheet, or none.

::

    clocks.py   what the dates of two versions say of their order: before, after, or nothing for certain
    version.py  one version of a sheet, and the parts in which it is settled
    trust.py    versions that nothing vouches for give way to those that something does
    order.py    the version of a part that counts, or those that dispute it
    settle.py   the versions of one sheet, settled part by part
    telling.py  what is told of it

Names of files, of folders and of sheets decide nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from engine.intake.versions.clocks import Clocks
from engine.intake.versions.settle import settle
from engine.intake.versions.version import Version
from engine.model.anomalies import make
from engine.model.assignments import SheetKey
from engine.model.returns import FileReport, SheetStatus

__all__ = ["resolve"]


def resolve(reports: Iterable[FileReport]) -> None:
    """Settle, in place, which file and which version of each sheet counts; adds I05 and I06, raises I08."""
    reports = list(reports)
    dates = _drop_copies(reports)
    versions: dict[SheetKey, list[Version]] = defaultdict(list)
    for report in reports:
        if report.duplicate_of:
            continue
        clocks = Clocks(report.saved, report.program, dates.get(report.digest) or (report.modified_ns,))
        for rank, sheet in enumerate(report.sheets):
            alone = not (sheet.kind.record.per_candidate or sheet.kind.record.per_evaluator)
            if alone or sheet.candidate or sheet.evaluator:
                versions[sheet.key].append(Version(sheet, report.path, report.digest, rank, clocks))
    while versions:  # each is let go once settled: what is told of its parts weighs more than the marks
        _, group = versions.popitem()
        if len(group) > 1:
            settle(group)


def _drop_copies(reports: list[FileReport]) -> dict[str, tuple[int, ...]]:
    """The same bytes several times: one file counts, the others are only named. The dates (ns) of each content's files.

    Each unusable file is told of.
    """
    by_digest: dict[str, list[FileReport]] = defaultdict(list)
    for report in reports:
        if report.digest and report.sheets:
            by_digest[report.digest].append(report)
    for copies in by_digest.values():
        kept, *others = sorted(copies, key=lambda report: (report.modified_ns, report.path))
        for copy in others:
            copy.duplicate_of = kept.path
            copy.sheets = [
                replace(sheet, status=SheetStatus.SUPERSEDED, marks=[], anomalies=[]) for sheet in copy.sheets
            ]
            copy.anomalies = [
                make("I05", f"Ce fichier est identique à « {kept.path} ».", file=copy.path, value=kept.path)
            ]
    return {digest: tuple(copy.modified_ns for copy in copies) for digest, copies in by_digest.items()}
