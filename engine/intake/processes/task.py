"""What a process that reads returns is told, and what it may take; how it makes itself ready."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.intake.context import Context
from engine.intake.files import read_file
from engine.model.returns import FileReport

Reader = Callable[[Path, str, Context], FileReport]
"""Reads one file, given its path and its name below ``retours/``."""


@dataclass(frozen=True)
class Limits:
    """What one task may take: seconds, for a chunk as for one file (a filled workbook takes some milliseconds), and
    bytes beside what a worker needs to exist."""

    seconds: float = 4
    memory: int = 250_000_000


USUAL = Limits()


@dataclass(frozen=True)
class Task:
    """What every worker needs to know: below which folder files are named, and for which cohort they are read.

    ``reader`` reads one file: a function that a fresh process can import.
    """

    root: Path
    context: Context
    reader: Reader = read_file
    limits: Limits = USUAL

    def read(self, path: Path) -> FileReport:
        """The report of one file."""
        return self.reader(path, path.relative_to(self.root).as_posix(), self.context)


def prepare(limits: Limits) -> None:
    """Make this process ready to read, and nothing else: from now on it may take no more than that."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # dies at once, even from within a parser that never returns
    _bound_memory(limits.memory)
    if sys.stderr is None or not sys.stderr.isatty():
        logging.disable()  # logs are for a terminal; what fails is an anomaly in any case


def _bound_memory(allowance: int) -> None:
    """Let this process take so many bytes more than it has; a no-op where the system cannot tell or enforce it."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (ImportError, OSError):
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = pages * resource.getpagesize() + allowance
    resource.setrlimit(resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard))
