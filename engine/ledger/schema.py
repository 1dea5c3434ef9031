"""The tables of the memory, and how an older file becomes one of today.

What holds for a while (a file, a sheet, an anomaly, a decision) has two ends: ``since``, the run that saw it first, and
``until``, the run that no longer did, or nothing as long as it holds. A night that changes nothing writes one line.
"""

from __future__ import annotations

import json
import sqlite3
import zlib

_FIRST = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    made_at TEXT NOT NULL,                 -- local time, ISO
    program TEXT NOT NULL,
    results TEXT NOT NULL,                 -- SHA-256 of the results workbook
    delivered INTEGER NOT NULL DEFAULT 0,  -- whether these results took their place
    rebuilt INTEGER NOT NULL DEFAULT 0     -- made up from the archive, for want of a memory
);
CREATE TABLE files (
    path TEXT NOT NULL,                    -- below retours/
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    changed_ns INTEGER NOT NULL,
    sha256 TEXT NOT NULL,                  -- '' when it was not read
    state TEXT NOT NULL,
    sure INTEGER NOT NULL,                 -- whether the same look tells the same content
    since INTEGER NOT NULL,
    until INTEGER
);
CREATE INDEX files_now ON files (until);
CREATE TABLE versions (                    -- a sheet as one content says it
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL,
    sheet TEXT NOT NULL,
    kind TEXT NOT NULL,
    candidate TEXT NOT NULL,
    evaluator TEXT NOT NULL,
    fingerprint TEXT NOT NULL,             -- of its marks
    saved TEXT,                            -- what the workbook says
    first INTEGER NOT NULL,                -- the run that saw it first
    UNIQUE (sha256, sheet, kind, candidate, evaluator, fingerprint)
);
CREATE TABLE marks (                       -- what a version holds, blank cells left out
    version INTEGER NOT NULL,
    rank INTEGER NOT NULL,
    cell TEXT NOT NULL,
    candidate TEXT NOT NULL,
    input TEXT NOT NULL,
    code TEXT NOT NULL,
    raw TEXT NOT NULL,
    value TEXT,                            -- a number exactly, in full
    state TEXT NOT NULL,
    PRIMARY KEY (version, rank)
) WITHOUT ROWID;
CREATE TABLE sheets (                      -- which versions came in which file, and what became of them
    version INTEGER NOT NULL,
    path TEXT NOT NULL,
    status TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER
);
CREATE INDEX sheets_now ON sheets (until);
CREATE TABLE anomalies (
    gravity TEXT NOT NULL, code TEXT NOT NULL, candidate TEXT NOT NULL, evaluator TEXT NOT NULL, file TEXT NOT NULL,
    sheet TEXT NOT NULL, cell TEXT NOT NULL, value TEXT NOT NULL, message TEXT NOT NULL, remedy TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER
);
CREATE INDEX anomalies_now ON anomalies (until);
CREATE TABLE decisions (
    candidate TEXT NOT NULL,
    decision TEXT NOT NULL,
    provisional INTEGER NOT NULL,
    acquired TEXT NOT NULL,                -- codes of the blocs, parted by "; "
    credits INTEGER NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER
);
CREATE TABLE readings (                    -- what was read in a content, so that it is not parsed again
    sha256 TEXT PRIMARY KEY,
    context TEXT NOT NULL,                 -- what the reading depended on
    content BLOB NOT NULL
) WITHOUT ROWID;
"""

_SECOND = """
CREATE TABLE acts (                        -- closures and reopenings of the session
    number INTEGER PRIMARY KEY,
    body TEXT NOT NULL                     -- JSON, the same as in the file of the act
);
"""

_THIRD = """
ALTER TABLE runs ADD COLUMN inputs TEXT NOT NULL DEFAULT '';   -- digest of all that the results depend on
ALTER TABLE runs ADD COLUMN outputs TEXT NOT NULL DEFAULT '';  -- what stood ready once all was written
"""

_FOURTH = """
ALTER TABLE sheets ADD COLUMN left_out TEXT NOT NULL DEFAULT '';  -- ranks of marks that did not count
"""

_FIFTH = """
CREATE TABLE retelling (                   -- what telling the results of the last run again calls for, a night later
    run INTEGER PRIMARY KEY,
    content BLOB NOT NULL
);
"""

MIGRATIONS = (_FIRST, _SECOND, _THIRD, _FOURTH, _FIFTH)
"""What makes version N of the file out of version N-1; never changed once published, only followed by another."""

VERSION = len(MIGRATIONS)
TEMPORAL = ("files", "sheets", "anomalies", "decisions")


def migrate(connection: sqlite3.Connection) -> None:
    """Bring a file to today's version, all at once or not at all."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script}; PRAGMA user_version = {number}; COMMIT;")


def is_newer(connection: sqlite3.Connection) -> bool:
    """Whether a later version of the program made the file what it is."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return bool(version > VERSION)


def is_whole(connection: sqlite3.Connection, *, quick: bool = False) -> bool:
    """Whether the file is sound, and has the tables of its version, which this program knows; ``quick``: its pages are
    known to be sound."""
    if is_newer(connection):
        return False
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    sound = quick or connection.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
    return sound and _tables(connection) == _expected(version)


def read_whole(connection: sqlite3.Connection) -> None:
    """Read every value there is, and unfold every reading: what cannot be decoded raises here, not in the night."""
    for table in _tables(connection):
        for row in connection.execute(f"SELECT * FROM {table}"):
            if table == "readings":
                json.loads(zlib.decompress(row[-1]))


def _tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _expected(version: int) -> set[str]:
    blank = sqlite3.connect(":memory:")
    try:
        for script in MIGRATIONS[:version]:
            blank.executescript(script)
        return _tables(blank)
    finally:
        blank.close()
