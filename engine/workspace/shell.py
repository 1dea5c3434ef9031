"""The commands that people are told to run next: whole, so that they can be copied into a terminal as they stand."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path


def line(word: str, *parts: str | Path) -> str:
    """``« cohorte templates '/home/lea/Promotion 2025' »``: paths in full, quoted as the shell of this system wants."""
    return command(f"{_program()} {word}", *parts)


def command(program: str, *parts: str | Path) -> str:
    """``« chmod 600 /home/lea/secret »``: another program's command, written alike."""
    written = [str(part.absolute()) if isinstance(part, Path) else part for part in parts]
    quoted = subprocess.list2cmdline(written) if os.name == "nt" else shlex.join(written)
    return f"« {' '.join(filter(None, (program, quoted)))} »"


def _program() -> str:
    """How the program was started, as far as one can tell."""
    return "python process.py" if Path(sys.argv[0]).name == "process.py" else "cohorte"
