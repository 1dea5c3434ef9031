"""The benchmark stands on honest ground: its returns are genuine, complete, and read without a complaint."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import growth, nation
from engine.commands.certifier.receiving import asked, counting, read_delivery
from engine.commands.cohorts import open_cohort
from engine.intake import Context, read_returns
from engine.workspace import seals
from tests import deliveries

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


def test_growth_is_told_as_a_table_and_drawn_as_a_picture():
    costs = {
        size: {
            name: growth.Spent(size / 100 * rank, size / 100, size * 1_000_000)
            for rank, name in enumerate(growth.CONTESTANTS, 1)
        }
        for size in (200, 2000)
    }
    heading, _, *rows = [line.split("|")[1:-1] for line in growth.table(costs).splitlines()]
    assert [cell.strip() for cell in heading] == ["seconds of processor", "200 returns", "2,000 returns"]
    told = {name.strip(): [cell.strip() for cell in cells] for name, *cells in rows}
    assert list(told)[: len(growth.CONTESTANTS)] == list(growth.CONTESTANTS)
    assert told["first night"] == ["4.0", "40.0"]
    assert told["the plain script / first night, by processor"] == ["0.5", "0.5"]
    assert told["the plain script / first night, by clock"] == ["1.0", "1.0"]
    assert told["nothing changed, MB"] == ["200.0", "2000.0"]
    drawing = ElementTree.fromstring(growth.picture(costs))
    lines = [element.get("points").split() for element in drawing if element.tag.endswith("polyline")]
    assert len(lines) == len(growth.CONTESTANTS)
    ends = [[tuple(map(float, spot.split(","))) for spot in line] for line in lines]
    slopes = {(round(right - left), round(low - high)) for (left, high), (right, low) in ends}
    assert len(slopes) == 1  # what costs ten times more over ten times the returns is drawn alike, dear or cheap


def test_every_simulated_delivery_is_sound_and_counts(tmp_path):
    nation.make(tmp_path / "recues", 2, 6)
    readings = map(read_delivery, asked([tmp_path / "recues"], lambda _: deliveries.PASSPHRASE))
    cohorts, received = counting([*readings], one_certification=True)
    assert [each.candidates for each in cohorts] == [6, 6]
    assert [each.why for each in received] == ["", ""]
