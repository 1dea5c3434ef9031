"""Run a command and watch it: seconds, output, the memory and the processor time of its whole tree of processes."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

import psutil

if sys.platform.startswith("linux"):
    import resource

EVERY = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True)
class Measure:
    """``total`` and ``largest`` are the peaks, in bytes, of all the processes together and of the largest one.

    On Linux they are proportional sizes: what processes share counts once. Elsewhere they are resident sizes, in which
    it counts for each, so that ``total`` is an upper bound. ``cpu``:
    the seconds of processor of the command and of everything it started; ``None`` where the system cannot tell (a
    worker outlives its parent, and only Linux hands such orphans to us).
    """

    seconds: float
    status: int
    output: str
    total: int
    largest: int
    cpu: float | None = None


def run(command: list[str], *, env: Mapping[str, str] | None = None, **options: object) -> Measure:
    """Run ``command`` to its end; ``options`` are those of :class:`subprocess.Popen`.

    What Python compiles is kept, as it is wherever the program is installed, whatever the environment says.
    """
    known = _children()
    adopts = _adopt_orphans(True)
    spent = _spent()
    started = time.perf_counter()
    env = {name: value for name, value in (env or os.environ).items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=env, **options) as process:
        watch = _Watch(process.pid)
        watch.start()
        output, _ = process.communicate()
        seconds = time.perf_counter() - started
        watch.stop()
    if adopts:
        _await(known)
        _adopt_orphans(False)
    cpu = _spent() - spent if adopts else None
    return Measure(seconds, process.returncode, output, watch.total, watch.largest, cpu)


_PR_SET_CHILD_SUBREAPER = 36


def _adopt_orphans(adopt: bool) -> bool:
    """Have processes whose parent ended become our children, so that what they spent is told to us; or no longer."""
    if not sys.platform.startswith("linux"):
        return False
    return ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, int(adopt), 0, 0, 0) == 0


def _children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


def _await(known: set[int], patience: float = 10) -> None:
    """Wait some seconds for the orphans that became ours, and for nobody else's children: those ``known`` live on."""
    end = time.monotonic() + patience
    while (orphans := _children() - known) and time.monotonic() < end:
        for pid in orphans:
            with suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)


def _spent() -> float:
    """Seconds of processor of all our children that ended."""
    if not sys.platform.startswith("linux"):
        return 0.0
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class _Watch(threading.Thread):
    """Looks at a process and those it started until told to stop."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.total = self.largest = 0
        self._process = psutil.Process(pid)
        self._over = threading.Event()

    def run(self) -> None:
        """Keep the peaks."""
        while not self._over.wait(EVERY):
            sizes = list(self._sizes())
            self.total = max(self.total, sum(sizes))
            self.largest = max(self.largest, *sizes, 0)

    def stop(self) -> None:
        """Stop looking."""
        self._over.set()
        self.join()

    def _sizes(self):
        try:
            family = [self._process, *self._process.children(recursive=True)]
        except psutil.NoSuchProcess:
            return
        for member in family:
            try:
                yield _size(member)
            except (psutil.NoSuchProcess, psutil.AccessDenied):  # it has just ended
                continue


def _size(process: psutil.Process) -> int:
    return process.memory_full_info().pss if sys.platform.startswith("linux") else process.memory_info().rss
