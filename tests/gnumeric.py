"""Gnumeric, a spreadsheet program of other hands than LibreOffice, as a calculator of workbooks."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

_SECONDS = 240


class GnumericMissing(Exception):  # noqa: N818 - it tells a state of the machine, which tests turn into a skip
    """`ssconvert`, which comes with Gnumeric, is not installed."""


@dataclass(frozen=True)
class Gnumeric:
    """Gnumeric's converter, which calculates every formula again on the way."""

    program: str

    @classmethod
    def found(cls) -> Gnumeric:
        """The installed one. Raises :class:`GnumericMissing` where there is none."""
        program = shutil.which("ssconvert")
        if program is None:
            raise GnumericMissing("ssconvert (Gnumeric) is not installed")
        return cls(program)

    def convert(self, source: Path, target: Path) -> Path:
        """Save a workbook again as ``target``, its formulas calculated; the format is that of the extension."""
        command = [self.program, "--recalc", str(source), str(target)]
        subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
        return target
