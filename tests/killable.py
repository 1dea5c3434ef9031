"""Commands in processes that may be killed: started by :mod:`tests.killing`, never imported by it.

For each line of its input, a JSON object {command, folder, touch, error}, it starts a process that runs the command on
the folder, writes the process's number on one line, and, once it has ended, on another how it ended. At the touch of
the disk of that number, if any, the process kills itself; with an error (an ``errno``), the disk fails so from then on.
The engine is loaded once: each process is a copy of this one. It is no script: the readers that a command starts would
load it again, each of them, as the main module.
"""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

from engine import intake
from engine.commands import close as closing
from engine.commands import consolidate as nightly
from engine.commands import reopen as reopening
from engine.commands.options import Options
from engine.model.errors import EngineError
from tests.faults import Watch, die, failing, watching
from tests.nights import read_here


def consolidate(folder: Path) -> int:
    """One night."""
    report = nightly.consolidate(folder, Options(workers=1))
    return 1 if report.needs_a_person else 0


def close(folder: Path) -> int:
    """The session closed, whatever is pending."""
    intake.read_all = read_here
    closing.close(folder, accept_provisional=True)
    return 0


def reopen(folder: Path) -> int:
    """The session opened again."""
    reopening.reopen(folder, "Une note oubliée")
    return 0


def night(folder: Path) -> int:
    """A consolidation that starts no process."""
    intake.read_all = read_here
    return consolidate(folder)


COMMANDS = {"consolidate": consolidate, "night": night, "close": close, "reopen": reopen}


STATEMENTS = re.compile("BEGIN|COMMIT|INSERT OR REPLACE INTO acts|DELETE FROM acts|INSERT INTO runs|UPDATE runs")


@contextmanager
def statements(watch: Watch) -> Iterator[None]:
    """What is written to the memory counts as touches too: SQLite tells nothing to the hooks of Python."""
    connect = sqlite3.connect

    def told(statement: str) -> None:
        if STATEMENTS.match(statement):
            watch.touch(statement.partition("\n")[0])

    def connected(*what: object, **how: object) -> sqlite3.Connection:
        connection = connect(*what, **how)
        connection.set_trace_callback(told)
        return connection

    sqlite3.connect = connected
    try:
        yield
    finally:
        sqlite3.connect = connect


def run(command: str, folder: Path, touch: int | None, error: int | None) -> int:
    """One command; its touches are listed in a file beside the folder."""
    with watching(folder, at=touch, befall=failing(error) if error else die, on=bool(error)) as watch:
        try:
            with statements(watch) if command != "consolidate" else nullcontext():
                status = COMMANDS[command](folder)
        except EngineError as refusal:
            print(refusal, file=sys.stderr)
            return 3
        folder.with_suffix(".touches").write_text("\n".join(watch.seen), encoding="utf-8")
    return status


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 9
            try:
                status = run(asked["command"], Path(asked["folder"]), asked["touch"], asked["error"])
            except BaseException:
                traceback.print_exc()
            os._exit(status)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
