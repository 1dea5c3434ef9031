"""Keeping what a run found: only what differs from what the memory holds already is written."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter

from engine.ledger.schema import TEMPORAL
from engine.model import Mark, Outcome
from engine.model.anomalies import Anomaly
from engine.model.expected import FileState
from engine.model.marks import as_text, storable
from engine.model.packed import told_alike
from engine.model.returns import FileReport, SheetReport
from engine.model.tables import ANOMALIES

TICK = 3_000_000_000
"""How coarse the clock of a file system may be, in ns: two writes within it may bear the same date."""

_LARGEST = 2**63 - 1


@dataclass(frozen=True, kw_only=True)
class Night:
    """One run: what was read, found and decided.

    ``states``: by path, for the files that stand in ``retours/``.
    ``clock``: what the folder's file system called now before the first file was looked at, in ns. ``context`` and
    ``readings``: what was read in each content by SHA-256, unless it is retained already, and what this depended on.
    ``inputs``: what all results depend on, as one digest.
    """

    made_at: datetime
    program: str
    clock: int
    context: str
    inputs: str = ""
    files: Sequence[FileReport]
    states: Mapping[str, FileState]
    anomalies: Iterable[Anomaly]
    outcomes: Iterable[Outcome]
    readings: Iterable[tuple[str, bytes]] = ()


_Row = tuple[str | int | None, ...]
"""A row of a table."""


def keep(connection: sqlite3.Connection, night: Night, results: str, *, rebuilt: bool = False) -> int:
    """Write a run down, not yet delivered; its number. ``results``: the SHA-256 of its workbook. One transaction."""
    with _transaction(connection):
        run = _insert(
            connection,
            "runs (made_at, program, results, rebuilt, inputs)",
            (night.made_at.isoformat(), night.program, results, rebuilt, night.inputs),
        )
        _renew(connection, run, "files", _FILES, _files(night))
        _renew(connection, run, "sheets", _SHEETS, _sheets(connection, run, night))
        _renew(connection, run, "anomalies", ANOMALIES, _anomalies(night))
        _renew(connection, run, "decisions", _DECISIONS, _decisions(night))
        _retain(connection, night.context, night.readings)
    return run


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All that the block writes, or none of it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def retain(connection: sqlite3.Connection, context: str, readings: Iterable[tuple[str, bytes]]) -> None:
    """Keep what was read in contents, whatever becomes of the run. One transaction."""
    with _transaction(connection):
        _retain(connection, context, readings)


@dataclass(frozen=True, kw_only=True)
class Retold:
    """A run over the very inputs of the last one, whose results tell of no change any more.

    ``clock``: as for :class:`Night`; ``codes``: of the anomalies that are not there any more; ``states``: by path,
    those of the files that had another one for them.
    """

    made_at: datetime
    program: str
    clock: int
    codes: Sequence[str]
    states: Mapping[str, str]


def retell(connection: sqlite3.Connection, retold: Retold, results: str) -> int:
    """Write such a run down, not yet delivered; its number. ``results``: as for :func:`keep`. One transaction."""
    with _transaction(connection):
        run = connection.execute(
            "INSERT INTO runs (made_at, program, results, inputs)"
            " SELECT ?, ?, ?, inputs FROM runs ORDER BY id DESC LIMIT 1",
            (retold.made_at.isoformat(), retold.program, results),
        ).lastrowid or 0  # fmt: skip
        gone = ((run, code) for code in retold.codes)
        connection.executemany("UPDATE anomalies SET until = ? WHERE until IS NULL AND code = ?", gone)
        same = "path, size, modified_ns, changed_ns, sha256"
        connection.executemany(
            f"INSERT INTO files ({same}, state, sure, since)"
            f" SELECT {same}, ?, sure, ? FROM files WHERE until IS NULL AND path = ?",
            ((state, run, path) for path, state in retold.states.items()),
        )
        ended = ((run, path, run) for path in retold.states)
        connection.executemany("UPDATE files SET until = ? WHERE until IS NULL AND path = ? AND since != ?", ended)
        grow_older(connection, retold.clock)
    return run


def grow_older(connection: sqlite3.Connection, clock: int) -> None:
    """Be sure of the files that were last changed long enough before ``clock``, in ns."""
    connection.execute(
        "UPDATE files SET sure = 1 WHERE until IS NULL AND sha256 != '' AND max(modified_ns, changed_ns) < ?",
        (clock - TICK,),
    )


def look_again(connection: sqlite3.Connection, changed: Iterable[tuple[str, str, int]]) -> None:
    """Note when the files that hold what they did were last changed in anything (path, SHA-256, in ns): none of those
    that were copied or got other rights is read again every night. Their content was just read, not at rest yet."""
    told = {(storable(path), digest): clock for path, digest, clock in changed if abs(clock) <= _LARGEST}
    known = connection.execute(  # all at once: a search by path would go through them all for each
        "SELECT rowid, path, sha256, changed_ns FROM files WHERE until IS NULL AND sha256 != ''"
    )
    moved = [(now, row) for row, path, digest, clock in known if (now := told.get((path, digest), clock)) != clock]
    if moved:
        with _transaction(connection):
            connection.executemany("UPDATE files SET changed_ns = ?, sure = 0 WHERE rowid = ?", moved)


def _retain(connection: sqlite3.Connection, context: str, readings: Iterable[tuple[str, bytes]]) -> None:
    connection.execute("DELETE FROM readings WHERE context != ?", (context,))
    connection.executemany(
        "INSERT OR REPLACE INTO readings VALUES (?, ?, ?)",
        ((digest, context, content) for digest, content in readings),
    )


def deliver(connection: sqlite3.Connection, run: int) -> None:
    """Note that the results of a run took their place."""
    connection.execute("UPDATE runs SET delivered = 1 WHERE id = ?", (run,))


def rebuild(connection: sqlite3.Connection, night: Night, arrivals: Mapping[str, datetime]) -> int:
    """Make up a run for each moment at which something was kept, and one of all that the archive holds; its number."""
    made = {}
    for moment in sorted(set(arrivals.values())):
        row = (moment.isoformat(), night.program, "", 1, 1)
        made[moment] = _insert(connection, "runs (made_at, program, results, delivered, rebuilt)", row)
    run = keep(connection, night, "", rebuilt=True)
    seen = ((made[moment], digest) for digest, moment in arrivals.items())
    connection.executemany("UPDATE versions SET first = ? WHERE sha256 = ?", seen)
    deliver(connection, run)
    return run


def forget(connection: sqlite3.Connection, after: int) -> None:
    """Take back the runs after a given one: their results never took their place."""
    connection.execute("BEGIN IMMEDIATE")
    for table in TEMPORAL:
        connection.execute(f"DELETE FROM {table} WHERE since > ?", (after,))
        connection.execute(f"UPDATE {table} SET until = NULL WHERE until > ?", (after,))
    connection.execute("DELETE FROM marks WHERE version IN (SELECT id FROM versions WHERE first > ?)", (after,))
    connection.execute("DELETE FROM versions WHERE first > ?", (after,))
    connection.execute("DELETE FROM runs WHERE id > ?", (after,))
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, into: str, row: _Row) -> int:
    """Add a row; its number."""
    places = ", ".join("?" * len(row))
    return connection.execute(f"INSERT INTO {into} VALUES ({places})", row).lastrowid or 0


def _renew(connection: sqlite3.Connection, run: int, table: str, columns: Sequence[str], rows: Iterable[_Row]) -> None:
    """Close the rows that no longer hold, and open the new ones; those that still hold are left alone."""
    held: dict[_Row, list[int]] = defaultdict(list)
    names = ", ".join(columns)
    for identifier, *row in connection.execute(f"SELECT rowid, {names} FROM {table} WHERE until IS NULL"):
        held[tuple(row)].append(identifier)
    new = [row for row in rows if not (held.get(row) and held[row].pop())]
    ended = ((run, identifier) for identifiers in held.values() for identifier in identifiers)
    connection.executemany(f"UPDATE {table} SET until = ? WHERE rowid = ?", ended)
    places = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({names}, since) VALUES ({places}, ?)", ((*row, run) for row in new))


# ---------------------------------------------------------------------------------------------- rows

_FILES = ("path", "size", "modified_ns", "changed_ns", "sha256", "state", "sure")
_SHEETS = ("version", "path", "status", "left_out")
_DECISIONS = ("candidate", "decision", "provisional", "acquired", "credits")


def _files(night: Night) -> Iterator[_Row]:
    for file in night.files:
        if file.path not in night.states:  # a return of the archive is no file of retours/
            continue
        clocks = (file.modified_ns, file.changed_ns)
        sure = bool(file.digest) and max(clocks) + TICK < night.clock
        modified, changed = (clock if abs(clock) <= _LARGEST else 0 for clock in clocks)
        yield (
            storable(file.path), file.size, modified, changed, file.digest, str(night.states[file.path]), int(sure)
        )  # fmt: skip


def _anomalies(night: Night) -> Iterator[_Row]:
    return (tuple(storable(str(getattr(anomaly, name))) for name in ANOMALIES) for anomaly in night.anomalies)


def _decisions(night: Night) -> Iterator[_Row]:
    for outcome in night.outcomes:
        acquired = "; ".join(outcome.acquired)
        yield outcome.candidate.id, str(outcome.decision), int(outcome.provisional), acquired, outcome.credits


_Told = tuple[str, str, str, str, str, str]
"""What identifies a version: SHA-256 of the content, sheet, kind, candidate, evaluator, fingerprint."""


def _sheets(connection: sqlite3.Connection, run: int, night: Night) -> Iterator[_Row]:
    """The rows of ``sheets``; versions never seen before are written down with their marks."""
    query = "SELECT id, sha256, sheet, kind, candidate, evaluator, fingerprint FROM versions"
    known: dict[_Told, int] = {tuple(told): version for version, *told in connection.execute(query)}
    for file in night.files:
        for sheet in file.sheets if file.digest else ():
            people = (storable(sheet.candidate), storable(sheet.evaluator))
            told = (file.digest, storable(sheet.sheet), str(sheet.kind), *people, sheet.fingerprint)
            if told not in known:
                saved = file.saved_here.isoformat() if file.saved_here else None
                known[told] = _new_version(connection, run, told, saved, sheet)
            yield known[told], storable(file.path), str(sheet.status), sheet.left_out


def _new_version(connection: sqlite3.Connection, run: int, told: _Told, saved: str | None, sheet: SheetReport) -> int:
    columns = "sha256, sheet, kind, candidate, evaluator, fingerprint, saved, first"
    version = _insert(connection, f"versions ({columns})", (*told, saved, run))
    held = (row for row in map(_KEPT, told_alike(sheet.found, as_text)) if row[_RAW] != "")
    connection.executemany(
        "INSERT INTO marks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((version, rank, *row) for rank, row in enumerate(held)),
    )
    return version


_COLUMNS = ("cell", "candidate", "input", "code", "raw", "value", "state")
_KEPT = itemgetter(*(Mark._fields.index(name) - 1 for name in _COLUMNS))
"""What the memory writes of a mark, its version and rank aside, from its cells but the file, each told as text."""
_RAW = _COLUMNS.index("raw")


def mark_text(mark: Mark) -> tuple[str, str, str, str, str | None, str]:
    """A row of :data:`engine.model.tables.MARKS` as the memory writes it: candidate, input, code, raw, value, state."""
    return storable(mark.candidate), mark.input, mark.code, storable(mark.raw), as_text(mark.value), mark.state
