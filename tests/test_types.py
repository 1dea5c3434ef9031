"""Types hold: mypy finds faults only in the modules that setup.cfg still excuses, and each of those needs it."""

from __future__ import annotations

import re
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FAULT = re.compile(r"^(\S+?\.py):\d+: error: ", re.MULTILINE)


def test_only_the_modules_that_are_excused_have_faults(tmp_path):
    settings = ConfigParser()
    settings.read(ROOT / "setup.cfg", encoding="utf-8")
    excused = [name for name in settings.sections() if settings.get(name, "ignore_errors", fallback="") == "True"]
    modules = {module for name in excused for module in name.removeprefix("mypy-").split(",")}
    for name in excused:
        settings.remove_section(name)
    with (tmp_path / "mypy.cfg").open("w", encoding="utf-8") as file:
        settings.write(file)
    assert faulty(tmp_path) == modules


def faulty(place):
    """The modules in which mypy finds faults, by the settings below ``place``."""
    command = [sys.executable, "-m", "mypy", "--config-file", place / "mypy.cfg", "--cache-dir", place / "cache"]
    done = subprocess.run([*command, "--no-error-summary"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return {named(path) for path in FAULT.findall(done.stdout)}


def named(path):
    return ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")
