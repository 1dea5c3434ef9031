"""One file read in a copy of this process, made in a moment: it may die, hang or want memory, and costs only itself.

A copy that told nothing accuses no file: :mod:`.pool` reads it again, in a process started afresh.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from engine.intake.packing import pack, unpack
from engine.intake.processes.task import Task, prepare
from engine.model.returns import FileReport

_PIECE = 1 << 16  # bytes


def possible() -> bool:
    """Whether this process may be copied: on Linux, while it has one thread; locks that others hold would stay shut."""
    try:
        return sys.platform == "linux" and len(os.listdir("/proc/self/task")) == 1  # noqa: PTH208 - names will do
    except OSError:
        return False


def read_alone(path: Path, task: Task) -> FileReport | None:
    """The report of one file; ``None`` when nobody could tell it in time."""
    receiving, sending = os.pipe()
    try:
        copy = os.fork()
    except OSError:
        os.close(receiving)
        os.close(sending)
        return None
    if copy == 0:
        _tell(path, task, sending)
    os.close(sending)
    try:
        told = _receive(receiving, time.monotonic() + task.limits.seconds)
    finally:
        os.close(receiving)
        with suppress(ProcessLookupError):
            os.kill(copy, signal.SIGKILL)
        os.waitpid(copy, 0)
    return unpack(pickle.loads(told)) if told else None


def _tell(path: Path, task: Task, sending: int) -> NoReturn:
    """In the copy: read, send, and leave without any of what this process would do as it ends."""
    try:
        prepare(task.limits)
        with os.fdopen(sending, "wb") as pipe:
            pipe.write(pickle.dumps(pack(task.read(path))) + _WHOLE)
    finally:
        os._exit(0)


_WHOLE = b"whole"
"""Ends what is sent: a copy that died on the way has told nothing."""


def _receive(pipe: int, deadline: float) -> bytes:
    """The bytes that a copy sends until it leaves; none unless they are all there by the deadline."""
    pieces: list[bytes] = []
    while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
        piece = os.read(pipe, _PIECE)
        if not piece:
            whole = b"".join(pieces)
            return whole.removesuffix(_WHOLE) if whole.endswith(_WHOLE) else b""
        pieces.append(piece)
    return b""
