"""The log of the runs of one cohort, ``.cohorte/journal.jsonl``: one JSON object a line, of bounded size, mode 0600.

It tells what happened to the machine, not to people: no name, no file name, no text that somebody typed, not even the
message of an error, which may quote one. A refused return is named by the hash that the results show beside its path.
"""

from __future__ import annotations

import json
import logging
import os
from collections import defaultdict
from collections.abc import Collection
from datetime import datetime
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from traceback import extract_tb
from typing import Any

import engine
from engine.commands.exits import NEEDS_A_PERSON, NOT_DONE
from engine.commands.report import Report
from engine.model.expected import FileState
from engine.workspace.files import NO_LINK

_SIZE, _OLDER = 1_000_000, 4  # bytes a file, files kept beside the current one

_DEEPEST = 60  # places of a trace


class Logbook:
    """The lines of one run. What cannot be written is dropped: the log never stops the work."""

    def __init__(self, path: Path, command: str) -> None:
        """``command``: the word of the command line that runs."""
        self.path = path
        self._handler = _Handler(path, maxBytes=_SIZE, backupCount=_OLDER, encoding="utf-8", delay=True)
        self._run = f"{datetime.now():%Y%m%dT%H%M%S}-{os.getpid()}"
        self._begun = datetime.now()
        self._command = command
        self._status = 0

    def write(self, event: str, **facts: Any) -> None:
        """Add one line: the event, when, in which run, and its facts (what JSON holds)."""
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        line = json.dumps({"quand": now, "passage": self._run, "fait": event} | facts, ensure_ascii=False)
        self._handler.handle(logging.LogRecord(__name__, logging.INFO, "", 0, line, None, None))

    def begin(self) -> None:
        """The run begins."""
        self.write("début", commande=self._command, version=engine.__version__, processus=os.getpid())

    def report(self, report: Report) -> None:
        """Log what a consolidation found: each refused return, then the counts."""
        codes: dict[str, set[str]] = defaultdict(set)
        for anomaly in report.anomalies:
            if anomaly.blocking:
                codes[anomaly.file].add(anomaly.code)
        for file, state in report.files.items():
            if state is FileState.REFUSED:
                self.write("retour refusé", sha256=report.digests.get(file, ""), codes=sorted(codes[file]))
        counts = {name: count for name, count in report.as_json().items() if name not in ("result", "seconds")}
        self.write("consolidation", **counts, a_cote=len(report.aside))
        self._status = NEEDS_A_PERSON if report.needs_a_person else 0

    def fail(self, fault: BaseException) -> None:
        """Log the error that stopped the run: its kind and where, never its words."""
        self._status = NOT_DONE
        system = next((link for link in _chain(fault) if isinstance(link, OSError)), None)
        self.write(
            "échec",
            erreur=type(fault).__name__,
            systeme=os.strerror(system.errno) if system is not None and system.errno else None,
            trace=[place for link in reversed(_chain(fault)) for place in _places(link)][-_DEEPEST:],
        )

    def erase(self, digests: Collection[str]) -> None:
        """Drop what was told of returns, by their SHA-256, in this log and in the older ones beside it."""
        self._handler.close()  # it opens again at the next line
        for path in self.path.parent.glob(f"{self.path.name}*"):
            lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
            kept = [line for line in lines if not any(digest in line for digest in digests)]
            if kept != lines:
                with open(path, "w", encoding="utf-8", opener=_for_owner) as file:
                    file.writelines(kept)

    def end(self) -> None:
        """The run ends; with which exit status follows from what was told."""
        seconds = (datetime.now() - self._begun).total_seconds()
        self.write("fin", statut=self._status, secondes=round(seconds, 3))
        self._handler.close()


def _places(fault: BaseException) -> list[str]:
    return [f"{Path(at.filename).name}:{at.lineno} {at.name}" for at in extract_tb(fault.__traceback__)]


def _chain(fault: BaseException | None) -> list[BaseException]:
    return [fault, *_chain(fault.__cause__)] if fault is not None else []


class _Handler(RotatingFileHandler):
    """Rotates by size; its files are for their owner only."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding=self.encoding, opener=_for_owner)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A log that cannot be written is no reason to stop."""


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags | NO_LINK, 0o600)
