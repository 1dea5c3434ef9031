"""Commands run in processes of their own, which may be killed at any touch of the disk (``tests/killable.py``)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
EPOCH = "1750000000"


class Server:
    """Starts commands in processes of their own; by default, consolidations."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from tests.killable import main; main()"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env=os.environ | {"SOURCE_DATE_EPOCH": EPOCH},
        )

    def start(self, folder: Path, touch: int | None = None, error: int | None = None) -> psutil.Process:
        """Start a consolidation, its readers in processes of their own."""
        return psutil.Process(self._ask("consolidate", folder, touch, error))

    def end(self) -> int:
        """How the last one ended."""
        return int(self.process.stdout.readline())

    def run(
        self, folder: Path, touch: int | None = None, error: int | None = None, command: str = "consolidate"
    ) -> int:
        """Run a command to its end, whatever that is."""
        self._ask(command, folder, touch, error)
        return self.end()

    def _ask(self, command: str, folder: Path, touch: int | None, error: int | None) -> int:
        asked = {"command": command, "folder": str(folder), "touch": touch, "error": error}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())


@contextmanager
def serving() -> Iterator[Server]:
    """The process that starts the commands of a file of tests."""
    started = Server()
    yield started
    started.process.stdin.close()
    assert started.process.wait(10) == 0


def copied(folder: Path, place: Path) -> Path:
    """A copy of a cohort in this place."""
    return Path(shutil.copytree(folder, place / "cohorte"))


def touches_of(folder: Path) -> list[str]:
    """What the last command that was not killed did to the disk, touch by touch."""
    return folder.with_suffix(".touches").read_text(encoding="utf-8").split("\n")
