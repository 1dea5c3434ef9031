"""Opening the memory: to write in it, or to read it without touching anything; what is spoiled is set aside.

The journal is SQLite's WAL, held by one process at a time (``locking_mode = EXCLUSIVE``): there is then no shared
memory, which network folders do not offer. Who only reads takes no lock and writes no file, not even beside.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from engine.errors import CohortError
from engine.ledger.schema import VERSION, is_whole, migrate

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_SHORT_READ}
_PATIENCE = 10  # seconds, for another program that holds the file


class DamagedError(Exception):
    """The file is no memory of ours, or no longer one."""


@contextmanager
def failures(path: Path | None) -> Iterator[None]:
    """Turn what SQLite says of the disk or of the rights into one sentence, and of its content into a damage."""
    try:
        yield
    except sqlite3.Error as fault:
        if _is_damage(fault):
            raise DamagedError(str(fault)) from fault
        raise CohortError(f"La mémoire de la cohorte, « {path} », ne peut pas être utilisée : {fault}.") from fault


def _is_damage(fault: sqlite3.Error) -> bool:
    code = getattr(fault, "sqlite_errorcode", None)
    return code is not None and (code in _DAMAGE or code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))


@contextmanager
def to_write(path: Path) -> Iterator[sqlite3.Connection]:
    """The memory, made when there is none, in today's version. Raises :class:`DamagedError`, :class:`CohortError`."""
    with failures(path):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as fault:
            raise CohortError(f"« {path} » ne peut pas être écrit : {fault.strerror or fault}.") from fault
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            _require_whole(connection)
            migrate(connection)
            yield connection


@contextmanager
def to_read(path: Path | None) -> Iterator[sqlite3.Connection]:
    """The memory as it stands, without a trace; an empty one when there is none. Raises as :func:`to_write` does."""
    with failures(path), TemporaryDirectory(prefix="cohorte-") as place, closing(_in_memory()) as today:
        source = _readable(path, Path(place))
        if source:
            with closing(sqlite3.connect(source, uri=True, timeout=_PATIENCE, isolation_level=None)) as connection:
                _require_whole(connection)
                if connection.execute("PRAGMA user_version").fetchone() == (VERSION,):
                    yield connection
                    return
                connection.backup(today)
        migrate(today)
        yield today


def _in_memory() -> sqlite3.Connection:
    return sqlite3.connect(":memory:", isolation_level=None)


def _readable(path: Path | None, place: Path) -> str:
    """Where to read the memory from, ``""`` when there is none. A journal means that a run was interrupted, or is at
    work: what it committed counts, and is read from a copy."""
    if path is None or not path.exists() or path.stat().st_size == 0:
        return ""
    if not _journal(path).exists():
        return f"{_uri(path)}?mode=ro&immutable=1"
    for source in (path, _journal(path)):
        shutil.copyfile(source, place / source.name)
    return _uri(place / path.name)


def _require_whole(connection: sqlite3.Connection) -> None:
    if not is_whole(connection):
        raise DamagedError("it fails its own check, or comes from a newer program")


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _uri(path: Path) -> str:
    """``file:///home/...``, ``file:///C:/...``, ``file:////server/share/...``."""
    plain = quote(path.absolute().as_posix())
    return f"file://{plain}" if plain.startswith("/") else f"file:///{quote(path.absolute().as_posix(), safe='/:')}"


def set_aside(path: Path, stamp: str) -> Path:
    """Put a spoiled memory, and its journal, under a dated name; nothing is lost. Its new path."""
    target, rank = path.with_name(f"{path.stem} {stamp} abîmée{path.suffix}"), 1
    while target.exists():
        rank += 1
        target = path.with_name(f"{path.stem} {stamp} abîmée ({rank}){path.suffix}")
    try:
        path.rename(target)
        if _journal(path).exists():
            _journal(path).rename(_journal(target))
    except OSError as fault:
        raise CohortError(f"« {path} » est abîmé et ne peut pas être mis de côté : {fault.strerror}.") from fault
    return target
