"""A command imports what it needs and no more: what answers on the spot never loads what only a night needs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.model import Kind
from tests import cohorts

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {
    "dask",
    "flask",
    "icalendar",
    "imaplib",
    "lxml",
    "multiprocessing",
    "numpy",
    "openpyxl",
    "pandas",
    "pebble",
    "pyarrow",
    "pydantic",
    "python_calamine",
    "pyzipper",
    "smtplib",
    "typst",
    "xlsxwriter",
}
"""Libraries that take a while to load."""

WORKBOOKS = {"python_calamine"}
MAIL = {"imaplib", "smtplib"}
MAY = {
    "--help": set(),
    "consolidate --help": set(),
    "check RETURN": WORKBOOKS,
    "check LONE": WORKBOOKS,
    "doctor COHORT": WORKBOOKS,
    "history COHORT 007": WORKBOOKS,
    "purge COHORT --older-than 2a --dry-run": WORKBOOKS,
    "init NEW": WORKBOOKS | {"xlsxwriter"},
    "codes COHORT": WORKBOOKS | {"xlsxwriter"},
    "consolidate COHORT": WORKBOOKS | MAIL,  # of a night that changed nothing; what waits in envois/ is counted
}
ONE_PROCESS = sys.platform == "linux"  # elsewhere a process is started afresh for a single file too

RUN = """
import sys
sys.argv = ["process.py", *sys.argv[1:]]
import process
try:
    process.main()
finally:
    with open("modules", "w") as file:
        print(*sys.modules, file=file)
"""


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """What a command is given, by its name in :data:`MAY`."""
    root = tmp_path_factory.mktemp("place")
    cohort = cohorts.make(root / "cohorte")
    path = cohort.filled(Kind.ORAL).save()
    consolidate(cohort.path, Options(workers=1))
    shutil.copy(path, root / "seul.xlsx")
    return {"COHORT": cohort.path, "RETURN": path, "LONE": root / "seul.xlsx", "NEW": root / "nouvelle"}


@pytest.mark.parametrize("command", MAY)
def test_a_command_loads_nothing_heavy_that_it_does_not_need(command, places, tmp_path):
    arguments = [str(places.get(word, word)) for word in command.split()]
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    loaded = set((tmp_path / "modules").read_text().split())
    allowed = MAY[command] if ONE_PROCESS or "check" not in command else MAY[command] | {"pebble", "multiprocessing"}
    assert loaded & HEAVY <= allowed
