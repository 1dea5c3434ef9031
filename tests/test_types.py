"""Types hold, strictly and everywhere: no module is excused."""

from __future__ import annotations

import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_mypy_finds_no_fault():
    command = [sys.executable, "-m", "mypy"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_module_is_excused():
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    assert settings.getboolean("mypy", "strict")
    assert [name for name in settings.sections() if settings.has_option(name, "ignore_errors")] == []
