"""What may befall a program that writes: at its n-th touch of the disk below a folder, something happens.

A touch is what Python tells its audit hooks before it is done: a file opened for writing, renamed, removed, a folder
made, removed or listed. Nothing in the program is replaced.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

_CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.truncate", "shutil.copyfile"}
_LOOKS = {"os.scandir", "os.listdir"}
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass
class Watch:
    """Counts the touches below ``root``; at the one numbered ``at`` (from 1), and with ``on`` at each one after it,
    ``befall`` is called. ``seen``: what each one was."""

    root: str
    at: int | None = None
    befall: Callable[[], None] = lambda: None
    on: bool = False
    count: int = 0
    seen: list[str] = field(default_factory=list)

    def see(self, event: str, arguments: tuple) -> None:
        """One audit event."""
        if event not in _CHANGES | _LOOKS and not (event == "open" and _writes(arguments)):
            return
        if not (isinstance(arguments[0], str | os.PathLike) and os.fspath(arguments[0]).startswith(self.root)):
            return
        self.touch(f"{event} {os.fspath(arguments[0])}")

    def touch(self, what: str) -> None:
        """One more; at its turn, what is to befall does."""
        self.count += 1
        self.seen.append(what)
        if self.at is not None and (self.count == self.at or (self.on and self.count > self.at)):
            self.befall()


def _writes(arguments: tuple) -> bool:
    flags = arguments[2]
    return isinstance(flags, int) and bool(flags & _WRITING)


_watches: list[Watch] = []


def _hook(event: str, arguments: tuple) -> None:
    for watch in _watches:
        watch.see(event, arguments)


_installed: list[bool] = []


@contextmanager
def watching(root: Path, **more: object) -> Iterator[Watch]:
    """A watch over what this process does below a folder (its path as the program writes it)."""
    if not _installed:
        sys.addaudithook(_hook)  # for ever: hooks cannot be removed
        _installed.append(True)
    watch = Watch(str(root), **more)
    _watches.append(watch)
    try:
        yield watch
    finally:
        _watches.remove(watch)


def failing(number: int) -> Callable[[], None]:
    """Fails as the system does with this ``errno``."""

    def fail() -> None:
        raise OSError(number, os.strerror(number))

    return fail


def die() -> None:
    """No time for anything more."""
    os.kill(os.getpid(), signal.SIGKILL)


FULL, GONE, STALE, READ_ONLY, DENIED = errno.ENOSPC, errno.EIO, errno.ESTALE, errno.EROFS, errno.EACCES
