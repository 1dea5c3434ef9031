"""What the memory holds, as it stood after a run."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from engine.model import Decision, Kind
from engine.model.anomalies import Anomaly, Gravity
from engine.model.assignments import SheetKey, sheet_key
from engine.model.marks import Worth, worth
from engine.model.returns import SheetStatus
from engine.model.snapshot import Decided
from engine.model.tables import ANOMALIES, VALUE

_AT = "since <= :run AND (until IS NULL OR until > :run)"


@dataclass(frozen=True)
class RunRow:
    """One consolidation whose results took their place; ``rebuilt``: what is known of it was made up from
    the archive, or purged in part."""

    id: int
    made_at: datetime
    program: str
    results: str
    rebuilt: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """One file of ``retours/``; clocks in ns; ``sure``: as long as it looks the same, its content is the same."""

    path: str
    size: int
    modified_ns: int
    changed_ns: int
    sha256: str
    state: str
    sure: bool


@dataclass(frozen=True)
class SheetRow:
    """One sheet in one file: the version it is, and what became of it.

    ``left_out``: the ranks of its marks in whose place another version counted.
    """

    version: int
    fingerprint: str
    path: str
    sheet: str
    kind: Kind
    candidate: str
    evaluator: str
    status: SheetStatus
    sha256: str
    left_out: str = ""

    @property
    def key(self) -> SheetKey:
        """The key of the sheet: kind, candidate, evaluator."""
        return sheet_key(self.kind, self.candidate, self.evaluator)


@dataclass(frozen=True)
class MarkRow:
    """One mark of a version; ``value`` is an exact number in full, a text or a day, ``None`` where there is none."""

    cell: str
    candidate: str
    input: str
    code: str
    raw: str
    value: str | None
    state: str

    @property
    def worth(self) -> Worth:
        """Its state and its value as text; ``None`` where it holds nothing."""
        return worth(self.raw, self.value, self.state)


def _file(path: str, size: int, *clocks_and_more: Any) -> FileRow:
    modified, changed, sha256, state, sure = clocks_and_more
    return FileRow(path, size, modified, changed, sha256, state, bool(sure))


def _sheet(version: int, fingerprint: str, path: str, sheet: str, kind: str, *people_and_state: str) -> SheetRow:
    candidate, evaluator, status, digest, left_out = people_and_state
    return SheetRow(
        version, fingerprint, path, sheet, Kind(kind), candidate, evaluator, SheetStatus(status), digest, left_out
    )


def _codes(acquired: str) -> tuple[str, ...]:
    return tuple(filter(None, acquired.split("; ")))


class Past:
    """The memory, read only. ``baseline`` is the last run whose results were delivered, 0 when there is none: every
    question is about it unless another run is named."""

    def __init__(self, connection: sqlite3.Connection, baseline: int) -> None:
        self.connection, self.baseline = connection, baseline

    def runs(self) -> list[RunRow]:
        """Every run up to the baseline, the first one first."""
        rows = self.connection.execute(
            "SELECT id, made_at, program, results, rebuilt FROM runs WHERE id <= ? ORDER BY id", (self.baseline,)
        )
        return [
            RunRow(run, datetime.fromisoformat(made_at), program, results, bool(rebuilt))
            for run, made_at, program, results, rebuilt in rows
        ]

    @cached_property
    def last(self) -> RunRow | None:
        """The run that the next one is compared with."""
        return next(iter(self.runs()[-1:]), None)

    @property
    def last_written(self) -> RunRow:
        """The last run that wrote results, rather than leave those that stood."""
        *_, last = self.runs()
        return next(run for run in self.runs() if run.results == last.results)

    def files(self, run: int | None = None) -> list[FileRow]:
        """Every file of ``retours/`` at a run, by path."""
        columns = "path, size, modified_ns, changed_ns, sha256, state, sure"
        return [_file(*row) for row in self._at("files", columns, run, "path")]

    def sheets(self, run: int | None = None) -> list[SheetRow]:
        """Every sheet recognised in the files of a run."""
        columns = "version, fingerprint, path, sheet, kind, candidate, evaluator, status, sha256, left_out"
        tables = "sheets JOIN versions ON versions.id = version"
        return [_sheet(*row) for row in self._at(tables, columns, run, "path, version")]

    def marks(self, version: int) -> list[MarkRow]:
        """The marks of a version of a sheet, blank cells left out."""
        rows = self.connection.execute(
            "SELECT cell, candidate, input, code, raw, value, state FROM marks WHERE version = ? ORDER BY rank",
            (version,),
        )
        return [MarkRow(*row) for row in rows]

    def counted(self, row: SheetRow) -> list[MarkRow]:
        """The marks of a sheet that counted then."""
        marks = self.marks(row.version)
        if not row.left_out:
            return marks
        others = {int(rank) for rank in row.left_out.split()}
        return [mark for rank, mark in enumerate(marks) if rank not in others]

    def anomalies(self, run: int | None = None) -> list[Anomaly]:
        """Every anomaly of a run."""
        rows = self._at("anomalies", ", ".join(ANOMALIES), run, "rowid")
        told = (dict(zip(ANOMALIES, row, strict=True)) for row in rows)
        return [Anomaly(**row | {"gravity": Gravity(row["gravity"])}) for row in told]

    def decisions(self, run: int | None = None) -> dict[str, Decided]:
        """The decisions of a run, by candidate."""
        rows = self._at("decisions", "candidate, decision, provisional, acquired", run, "rowid")
        return {
            candidate: Decided(candidate, Decision(decision), bool(provisional), _codes(acquired))
            for candidate, decision, provisional, acquired in rows
        }

    def rated_works(self) -> dict[str, set[str]]:
        """By candidate, the codes of the works that somebody rated."""
        return self._rated(Kind.TRAVAUX)

    def commissioned(self) -> dict[str, set[str]]:
        """By candidate, the codes of the competences whose level the commission set."""
        return self._rated(Kind.SYNTHESE)

    def _rated(self, kind: Kind) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        rows = self._at(
            "sheets JOIN versions ON versions.id = sheets.version JOIN marks ON marks.version = versions.id",
            "versions.candidate, code",
            None,
            "sheets.rowid",
            f"kind = '{kind}' AND status = '{SheetStatus.RECEIVED}' AND input = 'niveau' AND state = '{VALUE}'",
        )
        for candidate, code in rows:
            found.setdefault(candidate, set()).add(code)
        return found

    def readings(self, context: str) -> Readings:
        """The readings of each content, by SHA-256, that depended on the same."""
        return Readings(self.connection, context)

    def _at(
        self, tables: str, columns: str, run: int | None, order: str, where: str = "TRUE"
    ) -> Iterator[tuple[Any, ...]]:
        return self.connection.execute(
            f"SELECT {columns} FROM {tables} WHERE {_AT} AND {where} ORDER BY {order}",
            {"run": self.baseline if run is None else run},
        )


class Readings(Mapping[str, bytes]):
    """Contents by SHA-256, fetched one by one: together they would take memory for nothing."""

    def __init__(self, connection: sqlite3.Connection, context: str) -> None:
        self._connection = connection
        self._known = frozenset(
            digest for (digest,) in connection.execute("SELECT sha256 FROM readings WHERE context = ?", (context,))
        )

    def __getitem__(self, digest: str) -> bytes:
        if digest not in self._known:
            raise KeyError(digest)
        (content,) = self._connection.execute("SELECT content FROM readings WHERE sha256 = ?", (digest,)).fetchone()
        return bytes(content)

    def __contains__(self, digest: object) -> bool:
        return digest in self._known

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)
