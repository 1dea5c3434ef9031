"""Every spoiled return: alone beside a good cohort, then all at once with it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from benchmarks.measure import run
from engine.intake.files import collect, read_file
from engine.intake.packing import pack
from engine.model import Kind
from engine.model.anomalies import CATALOGUE
from engine.model.texts import INSIDE
from engine.office.styles import CUT
from tests.read_results import Results
from tests.spoil import CASES
from tests.spoil.case import SPOILED, VALID, Desk
from tests.spoil.document import PATH, document
from tests.spoil.hostile import LONG, TEXTS
from tests.spoil.judge import Corpus

ROOT = Path(__file__).resolve().parents[1]
POSSIBLE = [case for case in CASES if case.possible]
SMALL = 60_000  # bytes: a filled workbook weighs less
MEMORY = 500_000_000  # bytes, all processes together
DECIDED = ("Synthèse", "Compétences", "Transversales", "Oral", "Notes")


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return Corpus(tmp_path_factory.mktemp("corpus") / "Promotion d'été")


@pytest.fixture(scope="module")
def clean(corpus):
    return corpus.clean()


def consolidate(folder):
    """Consolidate as the command line does, in processes that a bad file could take down: what it took, its results."""
    command = [sys.executable, ROOT / "process.py", "consolidate", folder, "--json", "--workers", "2"]
    measure = run(list(map(str, command)), stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONUTF8": "1"})
    assert measure.status in (0, 1), measure.output
    return measure, Results(Path(json.loads(measure.output)["result"]), None)


def decided(results):
    """All that is decided of the good candidates; blanks aside: a larger jury elsewhere brings columns of its own."""
    rows = [row for name in DECIDED for row in results.sheets[name] if row["Identifiant"] in VALID]
    return [{heading: value for heading, value in row.items() if value not in (None, "")} for row in rows]


def test_the_cases_cover_the_catalogue_and_have_names_of_their_own():
    names = [case.name for case in CASES]
    assert len(set(names)) == len(names) >= 150
    codes = {code for case in CASES for code in case.expected}
    assert codes == CATALOGUE.keys() - {"F07", "F08", "R07", "R08", "R13"}


@pytest.mark.parametrize("case", POSSIBLE, ids=[case.name for case in POSSIBLE])
def test_a_spoiled_return_alone(corpus, clean, case):
    verdict = corpus.judge(case)
    assert verdict.codes(case) == case.expected
    assert verdict.marks == corpus.wanted(case)
    assert not case.state or verdict.states == {case.state}
    if Kind.NOTES not in case.bases:
        assert verdict.outcomes == clean


def test_no_reading_depends_on_what_was_read_before(corpus):
    """Each file as a fresh process would read it; then all of them in one, backwards."""
    names = {path: path.relative_to(corpus.desk.returns).as_posix() for path in collect(corpus.desk.returns)}
    small = [path for path in names if path.lstat().st_size < SMALL]
    alone = {path: pack(read_file(path, names[path], corpus.context({}))).content for path in small}
    context = corpus.context({})
    assert {path: pack(read_file(path, names[path], context)).content for path in reversed(small)} == alone
    assert context.layouts.keys() >= {Kind.GRILLE, Kind.ORAL, Kind.TRAVAUX}


def test_all_of_them_at_once_change_no_decision_of_the_others(corpus, tmp_path):
    alone = Desk(tmp_path / "Promotion seule")
    alone.drop_valid()
    _, expected = consolidate(alone.cohort.path)
    mixed, results = consolidate(corpus.desk.cohort.path)
    files = [name for name in results.states if INSIDE not in name]
    assert len(files) == len(corpus.valid) + sum(map(len, corpus.places.values()))
    assert len(decided(expected)) == len(DECIDED) * len(VALID)
    assert decided(results) == decided(expected)
    assert mixed.total < MEMORY


def test_texts_of_returns_stay_texts_in_the_results(tmp_path):
    desk = Desk(tmp_path / "cohorte")
    book = desk.book(Kind.TRAVAUX)
    places = [(entry, row.code) for entry in ("sujet", "apport") for row in book.form(Kind.TRAVAUX).rows]
    typed = dict(zip(places, TEXTS.values(), strict=False))
    assert len(typed) == len(TEXTS)
    for (entry, code), text in typed.items():
        book.put(Kind.TRAVAUX, entry, code, text).data_type = "s"
    for kind in book.kinds:
        book.put(kind, "signature", "", '=HYPERLINK("http://exemple.fr")').data_type = "s"
    book.save("=1+1 @x.xlsx")
    results = desk.cohort.consolidate()
    kept = {place: results.value(SPOILED, *place) for place in typed}
    shown = str.maketrans({"\u202e": "<U+202E>"})  # what turns the writing over is shown instead
    assert kept == {place: text.translate(shown) for place, text in typed.items()}
    _assert_harmless(results.path)


def _assert_harmless(path):
    """No formula and no link of the results comes from a return."""
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if name.endswith((".xml", ".rels"))}
    formulas = [each for part in parts.values() for each in re.findall("<f[ >].*?</f>", part)]
    links = [each for part in parts.values() for each in re.findall(r'Type="[^"]*/hyperlink" Target="([^"]*)"', part)]
    assert not [each for each in formulas if "cmd" in each or "HYPERLINK" in each]
    assert not [each for each in links if not each.startswith("../retours/")]


def test_a_text_no_cell_can_hold_is_cut_and_the_cut_shown(tmp_path):
    desk = Desk(tmp_path / "cohorte")
    (case,) = [case for case in CASES if case.read.get("TRAVAUX sujet RA1") == LONG]
    desk.cohort.write("long.xlsx", case.files(desk)[0].content)
    kept = desk.cohort.consolidate().value(SPOILED, "sujet", "RA1")
    assert (len(kept) <= 32_767, kept[:30_000]) == (True, LONG[:30_000])
    assert kept.endswith(CUT)


@pytest.mark.skipif(len(POSSIBLE) < len(CASES), reason="not every case can be made on this system")
def test_the_documentation_lists_what_people_are_told(corpus):
    assert PATH.read_text(encoding="utf-8") == document(corpus), "python -m tests.spoil"
