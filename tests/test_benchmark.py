"""The benchmark stands on honest ground: its returns are genuine, complete, and read without a complaint."""

import subprocess
import sys
from pathlib import Path

import pytest

from engine.commands.cohorts import open_cohort
from engine.intake import Context, read_returns
from engine.workspace import seals

ROOT = Path(__file__).resolve().parent.parent
SHEETS = {"NOTES", "VALIDATION", "GRILLE", "TRAVAUX", "ORAL", "TRANSVERSALE"}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmark") / "cohorte"
    command = [sys.executable, ROOT / "benchmarks" / "returns.py", folder, "--returns", "6"]
    subprocess.run(command, check=True)
    return folder


def test_every_return_is_read_whole(cohort):
    opened = open_cohort(cohort)
    context = Context(opened.referential, opened.roster, seals.read_key(cohort))
    read = read_returns(opened.folder.returns, context)
    marks = read.marks()
    assert len(read.reports) == 6
    assert [anomaly.message for anomaly in read.anomalies()] == []
    assert set(marks["kind"]) == SHEETS
    assert set(marks["state"]) == {"value"}
