"""Consolidations in processes that may be killed: started by ``tests/test_crash.py``, never imported by it.

For each line of its input, a JSON object {folder, touch, error}, it starts a process that consolidates the folder,
writes the process's number on one line, and, once it has ended, on another how it ended. At the touch of the disk of
that number, if any, the process kills itself; with an error (an ``errno``), the disk fails so from then on. The engine
is loaded once: each process is a copy of this one.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from engine.commands.consolidate import consolidate as run
from engine.commands.options import Options
from engine.model.errors import EngineError
from tests.faults import die, failing, watching


def consolidate(folder: Path, touch: int | None, error: int | None) -> int:
    """One run; its touches are counted in a file beside the folder."""
    with watching(folder, at=touch, befall=failing(error) if error else die, on=bool(error)) as watch:
        try:
            report = run(folder, Options(workers=1))
        except EngineError:
            return 3
        folder.with_suffix(".touches").write_text(str(watch.count), encoding="ascii")
    return 1 if report.needs_a_person else 0


def main() -> None:
    """Serve until the input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            status = 9
            try:
                status = consolidate(Path(asked["folder"]), asked["touch"], asked["error"])
            except BaseException:
                traceback.print_exc()
            os._exit(status)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
