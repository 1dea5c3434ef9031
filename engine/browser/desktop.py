"""Opening a file or a folder in the program of this desktop that it belongs to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from engine.model.errors import CohortError
from engine.model.faults import reason

OPENED = {".xlsx", ".ods"}
"""What is opened of the returns: a document that a spreadsheet program shows. Anything else might be a program."""


def show(path: Path) -> None:
    """Open a file or folder; raises :class:`CohortError` when there is none, or no program to open it."""
    if not path.exists():
        raise CohortError(f"« {path} » n'existe pas encore.")
    try:
        _show(path)
    except OSError as fault:
        raise CohortError(
            f"Aucun programme n'a pu ouvrir « {path} » ({reason(fault)}). Ouvrez-le vous-même."
        ) from fault


def _show(path: Path) -> None:
    if sys.platform == "win32":
        os.startfile(path)
        return
    program = shutil.which("open" if sys.platform == "darwin" else "xdg-open")
    if program is None:
        raise OSError("il manque sur cette machine de quoi ouvrir un fichier")
    subprocess.Popen(
        [program, str(path.absolute())],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
