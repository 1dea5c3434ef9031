"""Finding LibreOffice and the Python that can talk to it, on Linux, Windows and macOS.

``COHORTE_SOFFICE`` and ``COHORTE_UNO_PYTHON`` name them when they stand in an unusual place.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path


class OfficeError(Exception):
    """LibreOffice could not do what it was asked, did not answer in time, or stopped."""


class OfficeStopped(OfficeError):  # noqa: N818 - it tells what happened, and is an OfficeError
    """LibreOffice crashed, or was ended by someone else."""


class OfficeMissing(OfficeError):  # noqa: N818 - it tells a state of the machine, which tests turn into a skip
    """LibreOffice, or a Python that can talk to it, is not installed here."""


def find_soffice() -> Path:
    """Return the program's path; raise :class:`OfficeMissing` when there is none."""
    if named := _named_by("COHORTE_SOFFICE"):
        return named
    for command in ("soffice", "libreoffice"):
        if found := shutil.which(command):
            return Path(found)
    for usual in _usual_places():
        if usual.is_file():
            return usual
    raise OfficeMissing("LibreOffice is not installed (no soffice on the PATH; COHORTE_SOFFICE may name it)")


def _named_by(variable: str) -> Path | None:
    named = os.environ.get(variable)
    if not named:
        return None
    if not Path(named).is_file():
        raise OfficeMissing(f"{variable} names a file that is not there: {named}")
    return Path(named)


def _usual_places() -> Iterator[Path]:
    yield Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)"):
        if folder := os.environ.get(variable):
            yield Path(folder, "LibreOffice", "program", "soffice.exe")


def find_uno_python(soffice: Path) -> Path:
    """Return an interpreter that imports ``uno``; raise :class:`OfficeMissing` when there is none."""
    if named := _named_by("COHORTE_UNO_PYTHON"):
        return named
    for python in _pythons(soffice.resolve().parent):
        if python.is_file() and _has_uno(python):
            return python
    raise OfficeMissing("no Python here can import uno (package python3-uno; COHORTE_UNO_PYTHON may name one)")


def _pythons(program: Path) -> Iterator[Path]:
    """LibreOffice's own interpreter comes first: it fits its version; Linux distributions use the system's."""
    yield from (program / "python.exe", program / "python", program.parent / "Resources" / "python")
    yield Path("/usr/bin/python3")
    if found := shutil.which("python3"):
        yield Path(found)


def _has_uno(python: Path) -> bool:
    try:
        done = subprocess.run([python, "-c", "import uno"], capture_output=True, timeout=60, env=foreign_environment())
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def foreign_environment() -> dict[str, str]:
    """Return our environment without what would bend another interpreter to our own libraries."""
    ours = {"PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in os.environ.items() if name not in ours}
