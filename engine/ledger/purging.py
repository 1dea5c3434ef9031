"""Forgetting what no longer holds since long: the history of a cohort is kept as long as it must, not longer."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection
from datetime import datetime

from engine.ledger.schema import TEMPORAL

_ENDED = "until IN (SELECT id FROM runs WHERE made_at < ?)"
_USED = " UNION ".join(
    ["SELECT first FROM versions", "SELECT max(id) FROM runs"]
    + [f"SELECT {end} FROM {table} WHERE {end} IS NOT NULL" for table in TEMPORAL for end in ("since", "until")]
)


def outdated(connection: sqlite3.Connection, limit: datetime) -> set[str]:
    """The SHA-256 of the contents that stand in no file any more, since before ``limit`` (local, no zone)."""
    query = f"""
        SELECT sha256 FROM versions WHERE sha256 NOT IN (
            SELECT sha256 FROM versions JOIN sheets ON version = versions.id WHERE until IS NULL OR NOT {_ENDED}
            UNION SELECT sha256 FROM files WHERE until IS NULL OR NOT {_ENDED}
        )"""
    return {digest for (digest,) in connection.execute(query, (limit.isoformat(),) * 2)}


def purge(connection: sqlite3.Connection, limit: datetime, contents: Collection[str]) -> int:
    """Remove what ended before ``limit``, the versions of these ``contents`` with their marks, and the runs that
    nothing refers to any more; how many rows went. One transaction; nothing of it is left in the free pages."""
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN IMMEDIATE")
    try:
        moment, digests = (limit.isoformat(),), [(digest,) for digest in contents]
        for table in TEMPORAL:
            ended = f"SELECT max(until) FROM {table} WHERE {_ENDED}"
            connection.execute(f"UPDATE runs SET rebuilt = 1 WHERE id < ({ended})", moment)
        before = connection.total_changes
        for table in TEMPORAL:
            connection.execute(f"DELETE FROM {table} WHERE {_ENDED}", moment)
        connection.executemany("DELETE FROM marks WHERE version IN (SELECT id FROM versions WHERE sha256 = ?)", digests)
        for table in ("versions", "readings"):
            connection.executemany(f"DELETE FROM {table} WHERE sha256 = ?", digests)
        last = "results = (SELECT results FROM runs ORDER BY id DESC LIMIT 1)"  # which tells since when they stand
        connection.execute(f"DELETE FROM runs WHERE made_at < ? AND id NOT IN ({_USED}) AND NOT {last}", moment)
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    gone = connection.total_changes - before
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return gone
