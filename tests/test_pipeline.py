"""The stages together: what the commands do, called as functions."""

import io
import shutil
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from engine import REFERENTIAL
from engine.commands.check import check
from engine.commands.cohorts import open_cohort
from engine.commands.consolidate import consolidate
from engine.commands.demo import prepare_demo
from engine.commands.fiches import write_fiches
from engine.commands.init import initialise
from engine.commands.options import Options
from engine.commands.status import status
from engine.commands.templates import issue, write_blanks
from engine.model.errors import CohortError, EngineError, RosterError
from engine.terminal import summary
from tests import rosters

ROOT = Path(__file__).resolve().parent.parent
SHIPPED = ROOT / "templates_xlsx"
DATA = Path(__file__).parent / "data"


@pytest.fixture
def cohort(tmp_path):
    initialise(tmp_path / "cohorte", REFERENTIAL)
    rosters.book().save(tmp_path / "cohorte" / "cohorte.xlsx")
    return tmp_path / "cohorte"


def members(content):
    """The members of a workbook, so that another version of zlib is no difference."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return [(info.filename, info.date_time, archive.read(info)) for info in archive.infolist()]


def test_the_shipped_blank_sheets_are_those_the_program_writes(tmp_path):
    written = {path.name: path.read_bytes() for path in write_blanks(tmp_path / "blank")}
    shipped = {path.name: path.read_bytes() for path in SHIPPED.iterdir()}
    assert sorted(written) == sorted(shipped)
    for name, content in written.items():
        assert members(content) == members(shipped[name]), f"{name}: run process.py templates --blank templates_xlsx"


def test_blank_sheets_are_the_same_bytes_each_time(tmp_path):
    once, twice = (write_blanks(tmp_path / name) for name in ("one", "two"))
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in twice]


def test_blank_sheets_of_another_certification(tmp_path):
    names = {path.name for path in write_blanks(tmp_path, str(DATA / "referentiel_minimal.toml"))}
    assert "Grand oral.xlsx" not in names
    assert "cohorte.xlsx" in names


def test_roster_and_referential_faults_come_together(cohort):
    rosters.book(candidates=rosters.CANDIDATES.replace("B2;B1", "B9").replace("T01 ", "T77 ")).save(
        cohort / "cohorte.xlsx"
    )
    with pytest.raises(RosterError) as refusal:
        open_cohort(cohort)
    assert "B9" in str(refusal.value)
    assert "T77" in str(refusal.value)


def test_only_the_candidates_asked_for(cohort):
    written = issue(cohort, ["007"]).written
    assert {planned.sheets[0].reference.candidate for planned in written} <= {"007", ""}
    with pytest.raises(CohortError, match="C99"):
        issue(cohort, ["C99"])


def test_a_second_run_rewrites_nothing(cohort):
    issue(cohort)
    before = {path: path.stat().st_mtime_ns for path in (cohort / "envois").rglob("*.xlsx")}
    assert issue(cohort).written == ()
    assert {path: path.stat().st_mtime_ns for path in (cohort / "envois").rglob("*.xlsx")} == before


def test_nothing_is_ever_written_into_the_returns(cohort):
    shutil.copytree(cohort / "envois", cohort / "retours", dirs_exist_ok=True)
    before = {path: path.read_bytes() for path in (cohort / "retours").rglob("*") if path.is_file()}
    issue(cohort)
    consolidate(cohort)
    status(cohort)
    check([cohort / "retours"])
    assert {path: path.read_bytes() for path in (cohort / "retours").rglob("*") if path.is_file()} == before


def test_a_check_away_from_any_cohort_judges_values_and_not_people(cohort, tmp_path):
    issue(cohort)
    (sent,) = (cohort / "envois" / "jurys" / "J02").iterdir()
    away = tmp_path / "ailleurs.xlsx"
    shutil.copy(sent, away)
    report = check([away])
    assert {anomaly.code for anomaly in report.anomalies} == {"V09"}


def test_checking_a_whole_cohort_checks_what_came_back(cohort):
    issue(cohort)
    assert check([cohort]).files == {}


def test_the_demo_does_not_touch_a_folder_that_holds_something_else(tmp_path):
    (tmp_path / "note.txt").write_text("à moi", encoding="utf-8")
    with pytest.raises(CohortError, match="existe déjà"):
        prepare_demo(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_the_demo_keeps_its_key_for_its_owner(tmp_path):
    prepare_demo(tmp_path / "demo")
    private = tmp_path / "demo" / ".cohorte"
    assert stat.S_IMODE(private.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in private.iterdir()} == {0o600}


def test_without_a_cohort_the_reason_is_one_sentence(tmp_path):
    with pytest.raises(CohortError, match="n'existe pas"):
        consolidate(tmp_path / "absent")
    with pytest.raises(CohortError, match="registre"):
        consolidate(tmp_path)


def test_a_folder_within_a_cohort_is_told_apart_from_a_new_one(tmp_path):
    prepare_demo(tmp_path / "demo")
    with pytest.raises(CohortError, match=r"demo » : indiquez ce dossier-là\.$"):
        consolidate(tmp_path / "demo" / "retours")


# ----------------------------------------------------------------------------------------------------- data

TABLES = {"decisions", "niveaux", "jury", "saisies", "anomalies", "fichiers", "dictionnaire"}


def test_the_data_are_written_beside_the_results(cohort, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    data = cohort / "resultats" / "donnees"
    consolidate(cohort, Options(dry_run=True, parquet=True))
    assert not data.exists()
    consolidate(cohort, Options(parquet=True))
    once = {path.name: path.read_bytes() for path in data.iterdir()}
    assert set(once) == {f"{name}.{suffix}" for name in TABLES for suffix in ("csv", "parquet")}
    report = consolidate(cohort, Options(parquet=True))
    assert {path.name: path.read_bytes() for path in data.iterdir()} == once
    assert f"Données   : {data}" in summary.consolidation(cohort, report)


def test_data_that_would_contradict_the_new_ones_go(cohort):
    consolidate(cohort, Options(parquet=True))
    consolidate(cohort)
    assert {path.name for path in (cohort / "resultats" / "donnees").iterdir()} == {f"{name}.csv" for name in TABLES}


def test_without_its_library_parquet_is_refused_before_anything_is_written(cohort, monkeypatch):
    with monkeypatch.context() as hidden:
        hidden.setitem(sys.modules, "pyarrow", None)
        with pytest.raises(EngineError, match="pyarrow"):
            consolidate(cohort, Options(parquet=True))
    assert {path.stem for path in (cohort / "resultats").iterdir()} == {"rapport"}  # the page that says why
    consolidate(cohort)
    assert (cohort / "resultats" / "donnees" / "decisions.csv").exists()


def test_data_open_elsewhere_get_a_dated_name_and_need_a_person(cohort, monkeypatch):
    held, replace = cohort / "resultats" / "donnees" / "decisions.csv", Path.replace

    def refuse(self, other):
        if Path(other) == held:
            raise PermissionError(13, "used by another process")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", refuse)
    report = consolidate(cohort)
    assert report.needs_a_person
    assert report.result == cohort / "resultats" / "resultats.xlsx"
    assert report.aside == tuple(held.parent.glob("decisions 20*.csv"))
    assert str(report.aside[0]) in "\n".join(summary.consolidation(cohort, report))


# --------------------------------------------------------------------------------------------------- fiches


def public_files(cohort):
    """Every file but the private ones: each run leaves a line in the log."""
    return [path for path in cohort.rglob("*") if path.is_file() and ".cohorte" not in path.parts]


def test_pages_are_written_and_nothing_else(cohort):
    consolidate(cohort)
    before = {path: path.read_bytes() for path in public_files(cohort)}
    report, done = write_fiches(cohort)
    pages = cohort / "resultats" / "fiches"
    assert {path.name for path in done.written} == {"LEFÈVRE Éloïse.xlsx", "NGUYEN Bao.xlsx"}
    assert [outcome.candidate.id for outcome in report.outcomes] == ["007", "C02"]
    assert {path: path.read_bytes() for path in before} == before
    assert set(public_files(cohort)) - set(before) == set(pages.iterdir())
    lines = list(summary.pages(report, done))
    assert lines[0] == "2 fiches : 2 fichiers écrits, 0 inchangé."
    assert "LEFÈVRE Éloïse" in lines[1]
    assert "NGUYEN Bao" not in lines[1]
    assert lines[-1] == f"Fiches : {pages}"


def test_the_page_of_who_left_the_roster_is_put_away(cohort):
    write_fiches(cohort)
    rosters.book(candidates="\n".join(rosters.CANDIDATES.strip().splitlines()[:2])).save(cohort / "cohorte.xlsx")
    report, done = write_fiches(cohort)
    assert [path.name for path in done.moved.values()] == ["NGUYEN Bao.xlsx"]
    assert "1 ancien fichier déplacé" in "\n".join(summary.pages(report, done))


def test_only_the_pages_asked_for(cohort):
    report, done = write_fiches(cohort, ["c02"])
    assert [path.name for path in done.written] == ["NGUYEN Bao.xlsx"]
    assert len(report.outcomes) == 1
    _, whole = write_fiches(cohort, one_file=True)
    assert whole.written == (cohort / "resultats" / "fiches.xlsx",)
    with pytest.raises(CohortError, match="C99"):
        write_fiches(cohort, ["C99"])
