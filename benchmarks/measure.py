"""Run a command and watch it: seconds, output, and the memory of its whole tree of processes."""

from __future__ import annotations

import subprocess
import threading
import time
from dataclasses import dataclass

import psutil

EVERY = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True)
class Measure:
    """``total`` and ``largest`` are the peaks, in bytes, of all the processes together and of the largest one.

    They are resident sizes: memory that processes share counts in each, so that ``total`` is an upper bound.
    """

    seconds: float
    status: int
    output: str
    total: int
    largest: int


def run(command: list[str], **options: object) -> Measure:
    """Run ``command`` to its end; ``options`` are those of :class:`subprocess.Popen`."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8", **options) as process:
        watch = _Watch(process.pid)
        watch.start()
        output, _ = process.communicate()
        seconds = time.perf_counter() - started
        watch.stop()
    return Measure(seconds, process.returncode, output, watch.total, watch.largest)


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
                yield member.memory_info().rss
            except psutil.NoSuchProcess:
                continue
