"""Sheets that came blank are told once, as sheets to complete, and never hide what is wrong among warnings."""

import html
import re
import shutil

import pytest
from click.testing import CliRunner

import process
from engine.model.anomalies import UNFINISHED, Anomaly, Gravity, make
from tests import cohorts
from tests.pages import Page


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    """A cohort whose every workbook came back as it was sent, and a stray note; (its folder, what was said)."""
    folder = cohorts.make(tmp_path_factory.mktemp("vierges") / "x").path
    (folder / "retours" / "mémo.txt").write_text("Rappeler le fournisseur jeudi.\n", encoding="utf-8")
    for book in (folder / "envois").rglob("*.xlsx"):
        shutil.copy(book, folder / "retours" / "-".join(book.relative_to(folder / "envois").parts))
    return folder, CliRunner().invoke(process.main, ["consolidate", str(folder)]).output


def test_the_terminal_counts_them_apart_from_warnings(blank):
    (line,) = re.findall(r"Anomalies\s+(.*)", blank[1])
    assert line == f"1 avertissement, 21 {UNFINISHED[1]}"


def test_the_morning_page_counts_them_apart_from_warnings(blank):
    text = (blank[0] / "resultats" / "rapport.txt").read_text(encoding="utf-8")
    assert re.search(rf"1 avertissement, 21 {UNFINISHED[1]},\sce qui est normal", text)


def test_the_local_page_shows_them_in_one_line(blank):
    page = Page(blank[0]).page("corrections")
    text = re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", page)))
    assert f"1 avertissement, à regarder. 21 {UNFINISHED[1]}." in text
    assert page.count("! Avertissement") == 1
    assert page.count("<summary>21") == 1


@pytest.mark.parametrize(("gravity", "unfinished"), [(None, True), (Gravity.BLOCKING, False)])
def test_what_blocks_is_never_only_unfinished(gravity, unfinished):
    found: Anomaly = make("V09", "27 valeurs manquent.", gravity=gravity)
    assert found.unfinished is unfinished
