"""What the memory holds of an earlier run, and what this one found, as two snapshots to compare.

The memory is asked for the marks of the sheets that differ only: a night that changes nothing reads no mark again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from engine.ledger.comparison.compare import compare
from engine.ledger.comparison.files import compare_files
from engine.ledger.comparison.since import Since, choose
from engine.ledger.past import FileRow, Past, RunRow, SheetRow
from engine.model import Outcome
from engine.model.anomalies import Anomaly
from engine.model.assignments import SheetKey
from engine.model.changes import Evolution
from engine.model.marks import storable
from engine.model.returns import FileReport, SheetStatus
from engine.model.snapshot import Decided, File, Mark, Origin, Snapshot, marks_seen


@dataclass(frozen=True, kw_only=True)
class Tonight:
    """What this run found. ``given_at``: its moment, ``None`` unless that was given; ``files``: rows of
    :data:`engine.model.tables.FILES`; ``program``: its version."""

    given_at: datetime | None
    program: str
    files: Sequence[tuple[Any, ...]]
    reports: Sequence[FileReport]
    outcomes: Sequence[Outcome]
    anomalies: Sequence[Anomaly]


def against(past: Past, tonight: Tonight, since: Since = None) -> Evolution:
    """The changes since the run that ``since`` means. Raises :class:`CohortError` for the number of no run.

    The same night done again, at the same given moment and over the same returns, tells what it told the first time.
    What was made up from the archive, for want of a memory, knows no decision, and of what was purged something is
    gone: nothing is compared with it.
    """
    runs = [run for run in past.runs() if not run.rebuilt]
    run = choose(runs, since)
    found = _since(past, tonight, run)
    while since is None and run is not None and run.made_at == tonight.given_at and found.nothing:
        run = choose([each for each in runs if each.id < run.id], None)
        found = _since(past, tonight, run)
    return found


def retold(past: Past, files: Sequence[tuple[Any, ...]]) -> Evolution:
    """What changed since the last run when its very inputs are found again: returns alone, of which an anomaly of that
    run, which told of a change, had made another state. ``files``: as for :class:`Tonight`."""
    last = past.last
    if last is None:
        return Evolution(since=None)
    before = tuple(_files(past.files(), past.sheets()))
    origin = Origin(number=last.id, made_at=last.made_at)
    return Evolution(since=origin, files=compare_files(before, tuple(_rows(files))))


def _rows(files: Iterable[tuple[Any, ...]]) -> Iterator[File]:
    return (
        File(storable(path), state, kind, candidate, evaluator, digest)
        for path, state, kind, candidate, evaluator, _, _, digest in files
    )


def _since(past: Past, tonight: Tonight, run: RunRow | None) -> Evolution:
    if run is None:
        return Evolution(since=None)
    origin = Origin(number=run.id, made_at=run.made_at)
    sheets = list(past.sheets(run.id))
    same = _unchanged(sheets, tonight.reports)
    before = Snapshot(
        origin=origin,
        files=tuple(_files(past.files(run.id), sheets)),
        marks=_earlier(past, (row for row in sheets if row.status is SheetStatus.RECEIVED and row.key not in same)),
        decisions=tuple(past.decisions(run.id).values()),
        anomalies=tuple(past.anomalies(run.id)),
        rules=_rules(run.program),
    )
    return compare(before, _found(tonight, origin, same))


def _earlier(past: Past, rows: Iterable[SheetRow]) -> dict[SheetKey, tuple[Mark, ...]]:
    """What counted of each sheet; several versions of one may, each for a part."""
    found: dict[SheetKey, tuple[Mark, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.key] += _marks(past, row)
    return dict(found)


def _found(tonight: Tonight, origin: Origin, same: set[SheetKey]) -> Snapshot:
    marks: dict[SheetKey, tuple[Mark, ...]] = defaultdict(tuple)
    for report in tonight.reports:
        for sheet in report.sheets:
            if sheet.key not in same:
                marks[sheet.key] += marks_seen(sheet.marks)
    return Snapshot(
        origin=origin,
        files=tuple(_rows(tonight.files)),
        marks=marks,
        decisions=tuple(map(Decided.of, tonight.outcomes)),
        anomalies=tuple(map(_storable, tonight.anomalies)),
        rules=_rules(tonight.program),
    )


def _unchanged(sheets: Iterable[SheetRow], reports: Iterable[FileReport]) -> set[SheetKey]:
    """The sheets of which the same versions count, or cannot, for the same marks, in the same bytes."""
    before, now = defaultdict(set), defaultdict(set)
    for row in sheets:
        if row.status is SheetStatus.RECEIVED or row.status.unusable:
            before[row.key].add((row.status, row.sha256, row.fingerprint, row.left_out))
    for report in reports:
        for sheet in report.sheets:
            if sheet.status is SheetStatus.RECEIVED or sheet.status.unusable:
                now[sheet.key].add((sheet.status, report.digest, sheet.fingerprint, sheet.left_out))
    return {key for key, versions in now.items() if before[key] == versions}


def _files(rows: Iterable[FileRow], sheets: Iterable[SheetRow]) -> Iterator[File]:
    told: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for sheet in sheets:
        told[sheet.path].append((sheet.kind, sheet.candidate, sheet.evaluator))
    for row in rows:
        words = ["; ".join(filter(None, dict.fromkeys(each))) for each in zip(*told[row.path], strict=True)]
        kind, candidate, evaluator = words or ("", "", "")
        yield File(row.path, row.state, kind, candidate, evaluator, row.sha256)


def _marks(past: Past, row: SheetRow) -> tuple[Mark, ...]:
    found = (
        Mark.read(
            (row.kind, mark.candidate, row.evaluator, mark.input, mark.code),
            mark.raw,
            mark.value,
            mark.state,
            (row.path, row.sheet, mark.cell),
        )
        for mark in past.counted(row)
    )
    return tuple(mark for mark in found if mark is not None)


def _rules(program: str) -> dict[str, str]:
    return {"program": f"Programme {program}"}


def _storable(anomaly: Anomaly) -> Anomaly:
    """The same anomaly, or one that names its file and sheet as the memory does."""
    file, sheet = storable(anomaly.file), storable(anomaly.sheet)
    return anomaly if (file, sheet) == (anomaly.file, anomaly.sheet) else replace(anomaly, file=file, sheet=sheet)
