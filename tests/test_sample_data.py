"""The sample cohort gives what its description (``tests/sample_cohort``) lets one work out by hand."""

from __future__ import annotations

import os
import random
import shutil
from collections import Counter
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from engine import intake
from engine.commands.cohorts import open_cohort
from engine.commands.consolidate import consolidate
from engine.commands.fiches import write_fiches
from engine.commands.options import Options
from engine.intake.ignored import is_ignored
from engine.model import Decision
from engine.model.anomalies import CATALOGUE
from engine.workspace import seals
from engine.workspace.cohort import Folder
from tests.recalculation import differences
from tests.sample_cohort.build import fill, write_roster
from tests.sample_cohort.desk import Desk

SAMPLE = Path(__file__).parents[1] / "sample_data"
STATES = {"+": "Validé", "x": "Non validé", "o": "En attente"}

# Each count, figure or mark is followed by its state: + Validé, x Non validé, o En attente.
EXPECTED = """
    | Décision   | Prov | B1  | B2   | B3  | B4  | Transv | Oral     | EN      | UE | Crédits | Blocs acquis
C01 | ADMIS      | Non  | 5 + | 10 + | 7 + | 5 + | 15 +   | 44.25 +  | 14.5 +  | x  | 50      | B1; B2; B3; B4
C02 | EN ATTENTE | Oui  | 5 + | 10 + | 7 + | 4 + | 15 +   | - o      | 13.5 +  | o  | 50      | B1; B2; B3; B4
C03 | ADMIS      | Non  | 5 + | 0 +  | 7 + | 5 + | 13 +   | 45.75 +  | 12.75 + | +  | 60      | B1; B2; B3; B4
C04 | PARTIEL    | Non  | 5 + | 10 + | 7 + | 5 + | 0 o    | - x      | 12.5 +  | +  | 60      | B1; B2; B3; B4
C05 | PARTIEL    | Oui  | 5 + | 9 +  | 7 + | 3 + | 10 +   | 31.25 x  | 14 +    | x  | 50      | B1; B2; B3; B4
C06 | ADMIS      | Non  | 5 + | 10 + | 7 + | 5 + | 13 +   | 45.25 +  | 13.25 + | +  | 60      | B1; B2; B3; B4
C07 | EN ATTENTE | Oui  | 0 o | 0 o  | 0 o | 0 o | 15 +   | 47.25 +  | 15 +    | +  | 60      | -
C08 | AJOURNÉ    | Non  | 0 x | 2 x  | 1 x | 1 x | 3 x    | 21.25 x  | ABS x   | x  | 30      | -
C09 | ADMIS      | Non  | 5 + | 10 + | 7 + | 5 + | 14 +   | 44.75 +  | 13 +    | +  | 60      | B1; B2; B3; B4
C10 | ADMIS      | Non  | 5 + | 10 + | 7 + | 5 + | 15 +   | 54.83 +  | 17.5 +  | +  | 60      | B1; B2; B3; B4
C11 | PARTIEL    | Non  | 5 + | 10 + | 1 x | 5 + | 14 +   | 41.25 +  | 12.25 + | x  | 56      | B1; B2; B4
C12 | ADMIS      | Non  | 3 + | 6 +  | 3 + | 3 + | 9 +    | 36 +     | 12 +    | x  | 56      | B1; B2; B3; B4
C14 | EN ATTENTE | Non  | 2 o | 9 +  | 7 + | 4 + | 14 +   | 40.25 +  | 13 +    | x  | 50      | B2; B3; B4
C15 | ADMIS      | Oui  | 5 + | 10 + | 7 + | 4 + | 15 +   | 45.25 +  | 14.25 + | +  | 60      | B1; B2; B3; B4
C16 | EN ATTENTE | Non  | 5 + | 10 + | 7 + | 5 + | 0 o    | - o      | 13.75 + | o  | 50      | B1; B2; B3; B4
"""
LEFT = "C13"

# Code and candidate (none for a file that does not say whom it is about), and how many times.
ANOMALIES = {
    ("F01", ""): 1,
    ("F02", ""): 1,
    ("F03", ""): 1,
    ("S01", ""): 1,
    ("S03", "C06"): 1,
    ("S05", "C03"): 1,
    ("S06", "C03"): 2,
    ("I02", "C16"): 2,
    ("I03", "C07"): 2,
    ("I05", ""): 1,
    ("I06", "C09"): 1,
    ("I07", "C11"): 1,
    ("I07", "C13"): 2,
    ("I07", "C15"): 2,
    ("I08", "C05"): 2,
    ("V01", "C11"): 1,
    ("V01", "C14"): 1,
    ("V02", "C14"): 1,
    ("V03", "C14"): 1,
    ("V04", "C06"): 2,
    ("V04", "C14"): 1,
    ("V05", "C14"): 1,
    ("V06", "C02"): 1,
    ("V08", "C04"): 1,
    ("V09", ""): 1,
    ("V09", "C09"): 2,
    ("V09", "C16"): 1,
    ("V10", "C06"): 1,
    ("V11", "C03"): 1,
    ("R01", "C11"): 1,
    ("R02", "C01"): 2,
    ("R03", "C02"): 1,
    ("R04", "C08"): 1,
    ("R05", "C01"): 1,
    ("R05", "C08"): 1,
    ("R06", "C08"): 1,
    ("R15", "C02"): 1,
    ("R15", "C08"): 1,
}

FILES = {"Refusé": 6, "Remplacé": 2, "Ignoré": 1}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample whose files are all of one instant, consolidated."""
    copy = _copy(tmp_path_factory.mktemp("sample"), lambda _: 1_738_300_000)
    consolidate(copy, Options(workers=1))
    return copy


def _copy(place: Path, instant) -> Path:
    """A copy of the sample; ``instant`` gives each file's date, in seconds."""
    copy = place / "cohorte"
    shutil.copytree(SAMPLE, copy)
    for path in sorted(copy.rglob("*")):
        os.utime(path, (instant(path), instant(path)))
    return copy


@pytest.fixture(scope="module")
def results(cohort: Path) -> dict[str, list[dict[str, object]]]:
    """The rows of three sheets of the results, by heading."""
    book = openpyxl.load_workbook(cohort / "resultats" / "resultats.xlsx", read_only=True, data_only=True)
    firsts = {"Synthèse": "Identifiant", "Anomalies": "Gravité", "Fichiers": "Fichier"}
    return {sheet: _rows(book[sheet], first) for sheet, first in firsts.items()}


@pytest.fixture(scope="module")
def summary(results) -> dict[str, dict[str, object]]:
    return {row["Identifiant"]: row for row in results["Synthèse"]}


def _rows(sheet, first: str) -> list[dict[str, object]]:
    """What stands below the headings, of which ``first`` is the first one."""
    lines = sheet.iter_rows(values_only=True)
    headings = next(line for line in lines if line and line[0] == first)
    return [dict(zip(headings, line, strict=True)) for line in lines if line and line[0] is not None]


def _as_expected(row: dict[str, object]) -> list[str]:
    """A row of `Synthèse` written as ``EXPECTED`` writes it."""
    signs = {state: sign for sign, state in STATES.items()}
    pairs = [(name, f"{name} état") for name in ("B1", "B2", "B3", "B4", "Transversales", "Oral", "EN")]
    measured = [f"{_plain(row[name])} {signs[row[state]]}" for name, state in pairs]
    told = [row["Décision"], row["Provisoire"], *measured, signs[row["UE état"]], str(row["Crédits"])]
    return [*told, row["Blocs acquis"] or "-"]


def _plain(value: object) -> str:
    return "-" if value in (None, "") else f"{value:g}" if isinstance(value, float) else str(value)


def _lines(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()[1:]]


@pytest.mark.parametrize("line", _lines(EXPECTED), ids=lambda line: line[0])
def test_each_candidate_gets_the_decision_worked_out_by_hand(summary, line):
    assert _as_expected(summary[line[0]]) == line[1:]


def test_who_left_is_out(summary):
    assert summary[LEFT]["Décision"] == "SORTI"


@pytest.mark.libreoffice
def test_a_spreadsheet_program_recalculates_the_same_results(office, cohort, tmp_path):
    assert differences(office, cohort / "resultats" / "resultats.xlsx", tmp_path)[1] == []


def test_every_decision_has_its_case(summary):
    assert {row["Décision"] for row in summary.values()} == {str(decision) for decision in Decision}


def test_the_anomalies_are_those_of_the_description(results):
    found = Counter((row["Code"], row["Candidat"] or "") for row in results["Anomalies"])
    assert found == Counter(ANOMALIES)


def test_every_family_of_anomalies_has_its_case():
    assert {code[0] for code, _ in ANOMALIES} == {code[0] for code in CATALOGUE}


def test_files_of_every_state(results):
    found = Counter(row["État"] for row in results["Fichiers"])
    assert {state: found[state] for state in FILES} == FILES
    assert found["Accepté"] > found.total() / 2


def test_again_gives_the_same_bytes(cohort, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1738300000")
    written = []
    for _ in range(2):
        consolidate(cohort, Options(workers=1))
        written.append((cohort / "resultats" / "resultats.xlsx").read_bytes())
    assert written[0] == written[1]


@pytest.mark.parametrize("seed", range(3))
def test_no_decision_rests_on_the_dates_of_files(tmp_path, seed):
    """They are lost by git; where they contradict the workbooks' own dates, only the corrected sheet is contested."""
    dice = random.Random(seed)
    copy = _copy(tmp_path, lambda _: dice.randint(1_700_000_000, 1_738_300_000))
    report = consolidate(copy, Options(dry_run=True, workers=1))
    decisions = {outcome.candidate.id: str(outcome.decision) for outcome in report.outcomes}
    assert decisions == {line[0]: line[1] for line in _lines(EXPECTED)} | {LEFT: "SORTI"}
    assert {(anomaly.code, anomaly.candidate) for anomaly in report.anomalies} == set(ANOMALIES)


def test_later_versions_stand_later_in_the_order_of_paths():
    """A clone writes files in that order: their dates then agree with those of the workbooks."""
    first, last = sorted((SAMPLE / "retours").rglob("LE BIHAN*Grille*"), key=lambda path: path.as_posix())[:2]
    saved = [openpyxl.load_workbook(path).properties.modified for path in (first, last)]
    assert saved[0] < saved[1]


def test_the_sample_is_a_cohort_and_nothing_else():
    assert {path.name for path in SAMPLE.iterdir()} == {"cohorte.xlsx", ".cohorte", "retours"}
    files = [path for path in SAMPLE.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 2_000_000
    assert sum(is_ignored(path.name) for path in files) == 1


@pytest.mark.libreoffice
def test_the_script_types_what_is_committed(tmp_path, office):
    cohort = Folder(tmp_path)
    write_roster(cohort, office)
    desk = Desk(office, cohort.outgoing, cohort.returns, tmp_path / "aside")
    for who in (("C10", "T01"), ("C06", "J01"), ("C11", "T02")):
        made = fill(desk, *who)
        committed = SAMPLE / "retours" / made.relative_to(cohort.returns)
        assert _marks(made) == _marks(committed) != []


def _marks(path: Path) -> list[tuple[object, ...]]:
    """What is read in a return of the sample: kind, people, input, code, text, value and state."""
    opened = open_cohort(SAMPLE)
    context = intake.Context(opened.referential, opened.roster, seals.read_key(SAMPLE))
    read = intake.read_paths([path], path.parent, context, workers=1)
    return [mark[3:] for sheet in read.sheets for mark in sheet.marks]


# ---------------------------------------------------------------------------------------------------- pages


def test_the_pages_tell_what_the_summary_tells(cohort, summary):
    """One page per candidate, each decision among them; none names an evaluator."""
    report, _ = write_fiches(cohort, one_file=True)
    book = CalamineWorkbook.from_path(cohort / "resultats" / "fiches.xlsx")
    assert {outcome.decision for outcome in report.outcomes} == set(Decision)
    people = openpyxl.load_workbook(SAMPLE / "cohorte.xlsx", read_only=True)["Évaluateurs"]
    names = {str(row[1]).upper() for row in people.iter_rows(min_row=2, values_only=True) if row[1]}
    for outcome, name in zip(report.outcomes, book.sheet_names, strict=True):
        shown = {str(value) for row in book.get_sheet_by_name(name).to_python() for value in row}
        row = summary[outcome.candidate.id]
        assert {outcome.candidate.name, row["Décision"]} <= shown
        if row["Oral"] is not None:
            assert str(float(row["Oral"])) in shown
        assert not [name for name in names if any(name in text.split() for text in shown)]
