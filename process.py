"""The command line: ``python process.py COMMAND``, or ``cohorte COMMAND`` once installed."""

from __future__ import annotations

import sys
from pathlib import Path

if __package__:  # installed: the engine stands beside this module, under a name that is nobody else's
    sys.path.insert(0, str(Path(__file__).resolve().parent))

from engine.terminal.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main(prog_name="python process.py")
