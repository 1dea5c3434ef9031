"""Opening the memory: to write in it, or to read it without touching anything; what is spoiled is set aside.

The journal is SQLite's WAL, held by one process at a time (``locking_mode = EXCLUSIVE``): there is then no shared
memory, which network folders do not offer. Who only reads takes no lock and writes no file, not even beside.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from engine.ledger import seal
from engine.ledger.schema import VERSION, is_newer, is_whole, migrate, read_whole
from engine.model.errors import CohortError
from engine.model.faults import database_reason, reason
from engine.workspace.files import NO_LINK
from engine.workspace.shell import line

_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR_SHORT_READ}
_SPOILED = {  # what a file that was made by this program never gives
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_INTERNAL,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISMATCH,
    sqlite3.SQLITE_TOOBIG,
    sqlite3.SQLITE_FORMAT,
    sqlite3.SQLITE_SCHEMA,
}
_PATIENCE = 10  # seconds, for another program that holds the file


DOUBTS = (sqlite3.Error, zlib.error, ValueError, TypeError, LookupError, ArithmeticError, AttributeError)
"""What decoding a spoiled content may raise."""


class DamagedError(CohortError):
    """The file is no memory of ours, or no longer one."""

    def __init__(self, path: Path | None, why: object) -> None:
        again = line("consolidate", path.parent.parent) if path is not None else "une consolidation"
        super().__init__(
            f"La mémoire de la cohorte, « {path} », est abîmée ({why}) : {again} la mettra de côté et la refera."
        )


class NewerError(CohortError):
    """The file is a memory of ours, which a later version of the program wrote: it is not this one's to understand."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"La mémoire de la cohorte, « {path} », a été écrite par une version plus récente du programme : celui de "
            "cette machine n'y touche pas, et rien n'est fait. Installez ici la même version."
        )


@contextmanager
def failures(path: Path | None) -> Iterator[None]:
    """Turn what SQLite says of the disk or of the rights into one sentence, and of its content into a damage."""
    try:
        yield
    except sqlite3.Error as fault:
        if _is_damage(fault):
            raise DamagedError(path, database_reason(fault)) from fault
        raise CohortError(
            f"La mémoire de la cohorte, « {path} », ne peut pas être utilisée : {database_reason(fault)}."
        ) from fault


def _is_damage(fault: sqlite3.Error) -> bool:
    """Whether it is the content that is at fault, not the disk, the rights or another program."""
    code = getattr(fault, "sqlite_errorcode", None)
    if code is None:  # a text that is none, which Python tells, not SQLite
        return True
    return code in _DAMAGE or code & 0xFF in _SPOILED


@contextmanager
def to_write(path: Path) -> Iterator[sqlite3.Connection]:
    """The memory, made when there is none, in today's version. Raises :class:`DamagedError`, :class:`CohortError`, as
    :class:`NewerError` is."""
    with failures(path):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise DamagedError(path, "ce n'est pas un fichier")
        with _writing(path):
            sealed = seal.holds(path)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | NO_LINK, 0o600))
        with closing(sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)) as connection:
            connection.execute("PRAGMA locking_mode = EXCLUSIVE")
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            _require_whole(connection, path, sealed)
            migrate(connection)
            with _writing(path):
                seal.lift(path)  # a run that is killed leaves none: what it left is then looked at whole
            yield connection
        with _writing(path):
            seal.put(path)


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être écrit : {reason(fault)}.") from fault


@contextmanager
def to_read(path: Path | None) -> Iterator[sqlite3.Connection]:
    """The memory as it stands, without a trace; an empty one when there is none. Raises as :func:`to_write` does."""
    with failures(path), TemporaryDirectory(prefix="cohorte-") as place, closing(_in_memory()) as today:
        source = _readable(path, Path(place))
        if path is not None and source:
            with closing(sqlite3.connect(source, uri=True, timeout=_PATIENCE, isolation_level=None)) as connection:
                _require_whole(connection, path, seal.holds(path))
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
    if path is None or not path.exists():
        return ""
    if not path.is_file():
        raise DamagedError(path, "ce n'est pas un fichier")
    if path.stat().st_size == 0 and seal.holds(path) is None:
        return ""
    if not seal.journal(path).exists():
        return f"{_uri(path)}?mode=ro&immutable=1"
    for source in (path, seal.journal(path)):
        shutil.copyfile(source, place / source.name)
    return _uri(place / path.name)


def _require_whole(connection: sqlite3.Connection, path: Path, sealed: bool | None) -> None:
    """Raise :class:`DamagedError` unless the memory is what it was when it was sealed; without a seal, unless all that
    it holds can be read. Raises :class:`NewerError` for one that was sealed by a later version."""
    try:
        if sealed and is_newer(connection):
            raise NewerError(path)
        whole = sealed is not False and is_whole(connection, quick=bool(sealed))
        if whole and sealed is None:
            read_whole(connection)
    except DOUBTS as fault:
        raise DamagedError(path, database_reason(fault)) from fault
    if not whole:
        raise DamagedError(path, "il n'est plus ce qu'il était")


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
        seal.lift(path)
        if seal.journal(path).exists():
            seal.journal(path).rename(seal.journal(target))
    except OSError as fault:
        raise CohortError(f"« {path} » est abîmé et ne peut pas être mis de côté : {reason(fault)}.") from fault
    return target
