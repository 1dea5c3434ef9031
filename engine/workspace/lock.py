"""One run at a time per cohort: a lock that the system itself lifts when its holder dies, however it dies.

The lock is on the open file, not in its existence: a file left behind by a killed run locks nothing. What stands in the
file only says who holds it. No library is needed for that: those that exist lock the first byte, which on Windows would
keep a second run from reading who the holder is, or fall back to a file whose mere existence locks.
"""

from __future__ import annotations

import errno
import getpass
import json
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from engine.model.errors import BusyError, CohortError
from engine.model.faults import reason
from engine.workspace.files import NO_LINK

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_TRIES, _PAUSE = 5, 0.2  # seconds between tries: somebody who only looks at the lock holds it for an instant
_JUST_NOW = "lancé à l'instant"
_BUSY = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
_BEYOND = 1 << 20  # on Windows a locked byte cannot be read: the one that is locked is far from what is written


@dataclass(frozen=True)
class Holder:
    """Who holds the lock: user, machine, process, and since when (local time)."""

    user: str
    host: str
    pid: int
    since: datetime

    def __str__(self) -> str:
        return f"{self.user} sur {self.host} (processus {self.pid}), depuis le {self.since:%d/%m/%Y à %H h %M}"


@contextmanager
def hold(path: Path) -> Iterator[None]:
    """Hold the lock of this file (made when absent, mode 0600) while the block runs.

    Raises :class:`BusyError` when somebody else holds it, :class:`CohortError` when it cannot be taken at all.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | NO_LINK, 0o600)
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être écrit : {reason(fault)}.") from fault
    try:
        if not any(_tries(descriptor, path)):
            raise BusyError(f"Un autre passage est en cours sur cette cohorte : {_read(path) or _JUST_NOW}.")
        _write(descriptor, json.dumps(asdict(_me()), ensure_ascii=False, default=str))
        yield
        _write(descriptor, "")
    finally:
        os.close(descriptor)  # and the lock with it


def holder(path: Path) -> Holder | str | None:
    """Who holds the lock, ``None`` when nobody does; an empty text when it is not known who. Raises ``OSError``."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        return None if _take(descriptor, alone=False) else _read(path) or ""
    finally:
        os.close(descriptor)


def _tries(descriptor: int, path: Path) -> Iterator[bool]:
    for rank in range(_TRIES):
        time.sleep(_PAUSE if rank else 0)
        try:
            yield _take(descriptor)
        except OSError as fault:
            raise CohortError(
                f"« {path} » ne peut pas être verrouillé : {reason(fault)}. "
                "Le disque ou le partage qui porte le dossier doit permettre les verrous."
            ) from fault


def _take(descriptor: int, *, alone: bool = True) -> bool:
    """Whether the lock could be taken, for this descriptor ``alone`` or beside others that only look."""
    try:
        if sys.platform == "win32":
            os.lseek(descriptor, _BEYOND, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except OSError as fault:
        if fault.errno in _BUSY:
            return False
        raise
    return True


def _me() -> Holder:
    user = "?"
    with suppress(OSError, KeyError, ImportError):  # a user that the system cannot name
        user = getpass.getuser()
    return Holder(user, socket.gethostname(), os.getpid(), datetime.now().replace(microsecond=0))


def _write(descriptor: int, text: str) -> None:
    """Say who holds the lock; a disk that is full or gone takes nothing from the lock itself."""
    with suppress(OSError):
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.ftruncate(descriptor, 0)
        os.write(descriptor, text.encode())


def _read(path: Path) -> Holder | None:
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        return Holder(str(told["user"]), str(told["host"]), int(told["pid"]), datetime.fromisoformat(told["since"]))
    except (OSError, ValueError, KeyError, TypeError):  # being written, or not ours
        return None
