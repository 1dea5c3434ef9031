"""Taking one candidate out of the memory, as if nothing had ever been sent about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from engine.ledger.acts import bears
from engine.model.marks import storable
from engine.model.returns import FileReport, SheetReport
from engine.model.texts import identifying


@dataclass(frozen=True)
class Erased:
    """How much went: versions of sheets, and marks."""

    versions: int
    marks: int


def erase(
    connection: sqlite3.Connection,
    candidate: str,
    gone: Collection[str],
    redacted: Mapping[str, FileReport],
    names: Collection[str] = (),
) -> Erased:
    """Remove a candidate, in one transaction; nothing is left in the free pages of the file either.

    ``gone``: the SHA-256 of the contents that were about them only. ``redacted``: by SHA-256 of each shared content,
    the same without them, as it is read now; what it says of the others stays known under its own SHA-256. ``names``:
    theirs; a file named after them that holds no sheet of anybody else goes too.
    """
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("BEGIN IMMEDIATE")
    try:
        before = _count(connection)
        _forget_files(connection, gone)
        for digest, file in redacted.items():
            _replace(connection, digest, file)
        _forget_named(connection, _theirs(connection, candidate, names))
        _forget_person(connection, candidate.lower())
        after = _count(connection)
        connection.execute("DELETE FROM readings")  # which hold what was read in whole workbooks
        connection.execute("DELETE FROM retelling")
        connection.execute("UPDATE runs SET outputs = ''")  # no results that tell of them are left standing
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Erased(before.versions - after.versions, before.marks - after.marks)


def _count(connection: sqlite3.Connection) -> Erased:
    return Erased(
        *(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("versions", "marks"))
    )


def _forget_files(connection: sqlite3.Connection, gone: Iterable[str]) -> None:
    """The files of these contents, with what was found wrong with them."""
    digests = [(digest,) for digest in gone]
    connection.executemany(
        "DELETE FROM anomalies WHERE candidate = '' AND file IN (SELECT path FROM files WHERE sha256 = ?)", digests
    )
    connection.executemany("DELETE FROM files WHERE sha256 = ?", digests)
    _forget_versions(connection, "sha256 = ?", digests)


def _forget_person(connection: sqlite3.Connection, candidate: str) -> None:
    _forget_versions(connection, "lower(candidate) = ?", [(candidate,)])
    for table in ("marks", "decisions", "anomalies"):
        connection.execute(f"DELETE FROM {table} WHERE lower(candidate) = ?", (candidate,))
    named, rows = identifying(candidate), connection.execute("SELECT rowid, message || ' ' || value FROM anomalies")
    told = [(row,) for row, text in rows if named.search(text)]
    connection.executemany("DELETE FROM anomalies WHERE rowid = ?", told)


def _theirs(connection: sqlite3.Connection, candidate: str, names: Collection[str]) -> Callable[[str], bool]:
    """Whether a path bears one of a candidate's names, and not the identifier of a homonym."""
    query = "SELECT DISTINCT candidate FROM versions WHERE lower(candidate) NOT IN ('', ?)"
    others = [identifying(other) for (other,) in connection.execute(query, (candidate.lower(),))]
    return lambda path: bears(path, names) and not any(other.search(path) for other in others)


def _forget_named(connection: sqlite3.Connection, theirs: Callable[[str], bool]) -> None:
    """The files of a candidate in which no sheet was recognised: a scan, a letter, a spoiled workbook."""
    found = connection.execute("SELECT DISTINCT path FROM files WHERE path NOT IN (SELECT path FROM sheets)").fetchall()
    paths = [(path,) for (path,) in found if theirs(path)]
    connection.executemany("DELETE FROM anomalies WHERE file = ?", paths)
    connection.executemany("DELETE FROM files WHERE path = ?", paths)


def named(
    connection: sqlite3.Connection, candidate: str, names: Collection[str], returns: Iterable[tuple[str, str]]
) -> set[str]:
    """Of returns (path, SHA-256), those whose path bears a name of a candidate, and which are about nobody else."""
    query = "SELECT DISTINCT sha256 FROM versions WHERE lower(candidate) <> ?"
    others = {digest for (digest,) in connection.execute(query, (candidate.lower(),))}
    theirs = _theirs(connection, candidate, names)
    return {digest for path, digest in returns if digest and digest not in others and theirs(path)}


def _forget_versions(connection: sqlite3.Connection, which: str, values: list[tuple[str]]) -> None:
    for table in ("marks", "sheets"):
        connection.executemany(f"DELETE FROM {table} WHERE version IN (SELECT id FROM versions WHERE {which})", values)
    connection.executemany(f"DELETE FROM versions WHERE {which}", values)


def _replace(connection: sqlite3.Connection, digest: str, file: FileReport) -> None:
    """Know a content by what is left of it: its files, and its versions with their new fingerprints."""
    connection.execute(
        "UPDATE files SET sha256 = ?, size = ?, sure = 0 WHERE sha256 = ?", (file.digest, file.size, digest)
    )
    rows = connection.execute("SELECT id, sheet, kind, candidate, evaluator FROM versions WHERE sha256 = ?", (digest,))
    sheets = {_told(sheet): sheet for sheet in file.sheets}
    for version, *told in rows.fetchall():
        sheet = sheets.get(tuple(told))
        key = (file.digest, *told, sheet.fingerprint if sheet else "")
        same = connection.execute(
            "SELECT id FROM versions WHERE sha256 = ? AND sheet = ? AND kind = ? AND candidate = ? AND evaluator = ?"
            " AND fingerprint = ?", key,
        ).fetchone()  # fmt: skip
        if same is None:
            connection.execute(
                "UPDATE versions SET sha256 = ?, fingerprint = ? WHERE id = ?", (key[0], key[-1], version)
            )
        else:  # two contents that differed by what was said of that person
            connection.execute("UPDATE sheets SET version = ? WHERE version = ?", (*same, version))
            connection.execute("DELETE FROM marks WHERE version = ?", (version,))
            connection.execute("DELETE FROM versions WHERE id = ?", (version,))


def _told(sheet: SheetReport) -> tuple[str, str, str, str]:
    return storable(sheet.sheet), str(sheet.kind), storable(sheet.candidate), storable(sheet.evaluator)
