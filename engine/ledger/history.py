"""What each evaluator sent about a candidate, when, what it changed, and which version counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from engine.ledger.past import MarkRow, Past
from engine.model import Kind
from engine.model.marks import closes
from engine.model.readings import differences
from engine.model.returns import SheetStatus

_SHARED = tuple(str(kind) for kind in Kind if not kind.record.per_candidate)
_ANY_SHARED = ", ".join("?" for _ in _SHARED)


@dataclass(frozen=True)
class Stay:
    """A version in one file: what it was from one run to another, the ``until`` one
    excluded (``None``: it is still)."""

    path: str
    status: SheetStatus
    since: datetime
    until: datetime | None

    @property
    def counted(self) -> bool:
        """Whether it counted then."""
        return self.status is SheetStatus.RECEIVED


@dataclass(frozen=True)
class Version:
    """One version of a sheet: when it came, when its workbook says it was saved, where it stood.

    ``changes``: each mark that is not worth what it was in the version before, (before, after).
    """

    kind: Kind
    evaluator: str
    digest: str
    saved: datetime | None
    came_at: datetime
    stays: tuple[Stay, ...]
    marks: tuple[MarkRow, ...]
    changes: tuple[tuple[MarkRow | None, MarkRow | None], ...] = ()


def history(past: Past, candidate: str) -> list[Version]:
    """Every version about a candidate, evaluator by evaluator, kind by kind, in the order they came."""
    rows = past.connection.execute(
        "SELECT versions.id, kind, evaluator, sha256, saved, made_at FROM versions JOIN runs ON runs.id = first"
        f" WHERE first <= ? AND (lower(candidate) = ? OR kind IN ({_ANY_SHARED}))"
        " ORDER BY lower(evaluator), kind, first, coalesce(saved, ''), versions.id",
        (past.baseline, candidate.lower(), *_SHARED),
    ).fetchall()
    versions = (_version(past, candidate, row) for row in rows)
    found = [version for version in versions if version.marks or version.kind not in _SHARED]
    return [compared for group in _by_sheet(found) for compared in _compared(group)]


def _by_sheet(versions: Iterable[Version]) -> Iterator[Iterator[Version]]:
    return (group for _, group in groupby(versions, key=lambda version: (version.evaluator.casefold(), version.kind)))


def _version(past: Past, candidate: str, row: tuple[Any, ...]) -> Version:
    """``row``: its number, kind, evaluator, SHA-256, when its workbook was saved, when it came."""
    identifier, kind, evaluator, digest, saved, came = row
    return Version(
        Kind(kind),
        evaluator,
        digest,
        datetime.fromisoformat(saved) if saved else None,
        datetime.fromisoformat(came),
        tuple(_stays(past, identifier)),
        tuple(mark for mark in past.marks(identifier) if mark.candidate.casefold() == candidate.casefold()),
    )


def _stays(past: Past, version: int) -> Iterator[Stay]:
    rows = past.connection.execute(
        "SELECT path, status, began.made_at, ended.made_at FROM sheets JOIN runs AS began ON began.id = since"
        " LEFT JOIN runs AS ended ON ended.id = until AND until <= ? WHERE version = ? AND since <= ?"
        " ORDER BY since, path",
        (past.baseline, version, past.baseline),
    )
    for path, status, since, until in rows:
        yield Stay(
            path, SheetStatus(status), datetime.fromisoformat(since), datetime.fromisoformat(until) if until else None
        )


def _compared(versions: Iterable[Version]) -> Iterator[Version]:
    """Each version beside the one before it."""
    before: dict[tuple[str, str], MarkRow] | None = None
    for version in versions:
        after = {(mark.input, mark.code): mark for mark in version.marks if not closes(mark.input, mark.code)}
        changes = () if before is None else tuple(differences(before, after))
        before = after
        yield Version(**version.__dict__ | {"changes": changes})
