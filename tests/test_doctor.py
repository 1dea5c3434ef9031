"""What the doctor sees: a sound cohort, then one fault at a time, each with its remedy."""

import os
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from engine.commands import doctor
from engine.commands.cohorts import open_cohort
from engine.commands.doctor import examine
from engine.commands.init import initialise
from engine.ledger import seal
from engine.model import Kind
from engine.model.errors import CohortError
from engine.workspace import versions
from engine.workspace.cohort import Folder
from engine.workspace.lock import Holder, hold
from tests import cohorts
from tests.faults import DENIED, READ_ONLY, failing, watching

posix = pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")


def seen(cohort):
    """Every finding, by check."""
    return {each.check: each for each in examine(cohort.path)}


def faults(cohort):
    return {check: each.said for check, each in seen(cohort).items() if not each.well}


def files(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_sound_cohort_before_and_after_its_first_night(cohort):
    before = files(cohort.path)
    assert faults(cohort) == {}
    assert "4 candidats" in seen(cohort)["Registre"].said
    assert files(cohort.path) == before
    cohort.filled(Kind.ORAL).save()
    cohort.consolidate()
    assert faults(cohort) == {}


def test_a_folder_that_does_not_exist_cannot_be_examined(tmp_path):
    with pytest.raises(CohortError, match="n'existe pas"):
        examine(tmp_path / "absent")


def test_an_empty_folder_lacks_everything_and_is_left_empty(tmp_path):
    found = {each.check for each in examine(tmp_path) if not each.well}
    assert found == {"Droits", "Registre", "Clé"}
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [READ_ONLY, DENIED])
def test_a_place_that_cannot_be_written(cohort, number):
    with watching(cohort.path / "resultats", at=1, befall=failing(number)):
        assert faults(cohort) == {"Droits": "Écriture impossible dans resultats"}


def test_returns_that_cannot_be_listed(cohort):
    with watching(cohort.path / "retours", at=1, befall=failing(DENIED), on=True):
        assert list(faults(cohort)) == ["Droits"]


@posix
@pytest.mark.parametrize(("name", "mode"), [("cle", 0o640), ("", 0o755)])
def test_a_private_state_that_others_may_read(cohort, name, mode):
    (Folder(cohort.path).private / name).chmod(mode)
    assert list(faults(cohort)) == ["Confidentialité"]


def test_a_roster_that_cannot_be_read_tells_why(cohort):
    (cohort.path / "cohorte.xlsx").write_bytes(b"rien")
    assert "n'est pas un classeur" in faults(cohort)["Registre"]


def test_a_key_that_is_missing_spoiled_or_another(cohort):
    key = Folder(cohort.path).private / "cle"
    key.write_text("ab" * 32, encoding="ascii")
    assert "n'est pas celle des fiches générées" in faults(cohort)["Clé"]
    key.write_text("abîmée", encoding="utf-8")
    assert "abîmée" in faults(cohort)["Clé"]
    key.unlink()
    assert "manque" in faults(cohort)["Clé"]


def test_workbooks_of_another_key_that_were_replaced_are_no_fault(cohort, tmp_path):
    other = cohorts.make(tmp_path / "autre", signature=True)
    shutil.copytree(other.path / "envois", cohort.path / "envois" / "anciens")
    assert faults(cohort) == {}
    shutil.copytree(other.path / "envois" / "jurys", cohort.path / "envois" / "jurys", dirs_exist_ok=True)
    assert list(faults(cohort)) == ["Clé"]


def test_a_disk_almost_full(cohort, monkeypatch):
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=200_000_000))
    assert faults(cohort) == {"Disque": "200 Mo libres"}
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: SimpleNamespace(free=200_000_001))
    assert faults(cohort) == {}
    cohort.consolidate()
    assert faults(cohort) == {"Disque": "200 Mo libres"}


def test_a_dependency_too_old_or_absent(cohort, monkeypatch):
    needs = {"click": "999.1", "openpyxl": "3.1", "pandas": "0.1", "nulle-part": "1"}
    monkeypatch.setattr(versions, "_requirements", lambda: needs)
    said = faults(cohort)["Versions"]
    assert "click" in said
    assert "999.1 au moins" in said
    assert "nulle-part absent" in said
    assert "openpyxl" not in said
    assert "pandas" not in said


def test_versions_are_compared_as_numbers():
    assert versions._key("3.10.1") > versions._key("3.9")
    assert versions._requirements()["openpyxl"] == "3.1.5"
    assert "pytest" not in versions._requirements()


@pytest.fixture
def consolidated(cohort):
    cohort.filled(Kind.ORAL).save()
    cohort.consolidate()
    return cohort


def test_a_memory_that_is_spoiled(consolidated):
    path = Folder(consolidated.path).memory
    assert seen(consolidated)["Mémoire"].said == "memoire.sqlite : intègre"
    content = bytearray(path.read_bytes())
    content[5000:60000] = os.urandom(55000)
    path.write_bytes(content)
    assert faults(consolidated) == {"Mémoire": "Abîmée : memoire.sqlite"}


def test_a_memory_of_a_newer_program(consolidated):
    memory = Folder(consolidated.path).memory
    with closing(sqlite3.connect(memory)) as base:
        base.execute("PRAGMA user_version = 999")
    assert faults(consolidated) == {"Mémoire": "Abîmée : memoire.sqlite"}  # changed by somebody
    seal.put(memory)
    assert "plus récente" in faults(consolidated)["Mémoire"]


def test_an_archived_return_that_is_spoiled(consolidated):
    assert seen(consolidated)["Archive"].said == "1 retour archivé, intègre"
    (path,) = Folder(consolidated.path).archive.glob("??/*.gz")
    path.write_bytes(path.read_bytes()[:-40])
    assert faults(consolidated) == {"Archive": f"1 retour archivé abîmé : {path.stem[:12]}"}


@pytest.mark.parametrize(("days", "fault"), [(-1, False), (1, True)])
def test_results_dated_after_now(cohort, days, fault):
    cohort.consolidate()
    stamp = (datetime.now() + timedelta(days=days)).timestamp()
    os.utime(Folder(cohort.path).results_workbook, (stamp, stamp))
    assert ("resultats.xlsx" in faults(cohort).get("Horloge", "")) == fault


def test_a_copy_dated_after_now(cohort):
    place = Folder(cohort.path).results / "precedents"
    place.mkdir()
    (place / f"resultats {datetime.now() + timedelta(days=400):%Y-%m-%d %Hh%M}.xlsx").touch()
    assert list(faults(cohort)) == ["Horloge"]


@pytest.mark.parametrize("year", [1970, 2024, 2101])
def test_a_year_that_cannot_be(cohort, year):
    found = doctor.findings(Folder(cohort.path), lambda: open_cohort(cohort.path), lambda: b"", datetime(year, 1, 1))
    assert "impossible" in next(each.said for each in found if each.check == "Horloge")


def test_a_run_in_progress_and_one_that_never_ends(cohort, monkeypatch):
    with hold(Folder(cohort.path).lock):
        assert f"(processus {os.getpid()})" in seen(cohort)["Verrou"].said
        assert faults(cohort) == {}
        held = Holder("a", "b", 1, datetime.now() - timedelta(hours=7))
        monkeypatch.setattr(doctor.lock, "holder", lambda _: held)
        assert list(faults(cohort)) == ["Verrou"]
    monkeypatch.undo()
    assert seen(cohort)["Verrou"].said == "Aucun passage en cours"


def test_what_an_interrupted_run_left_is_told_and_needs_nobody(cohort):
    (Folder(cohort.path).results / ".resultats.xlsx.7.part").touch()
    assert seen(cohort)["Restes"].said.startswith("1 d'un passage interrompu")
    assert faults(cohort) == {}


def test_faults_are_told_in_words_with_their_remedies(cohort):
    lines = list(pipeline_lines(cohort))
    assert lines[-1] == "Tout est bon."
    assert all(line.startswith("✓ bon ") for line in lines[:-1])
    (Folder(cohort.path).private / "cle").unlink()
    lines = list(pipeline_lines(cohort))
    (at,) = (rank for rank, line in enumerate(lines) if line.startswith("✗ à corriger"))
    assert lines[at + 1].strip().startswith("À faire : ")
    assert lines[-1] == "1 point à corriger."


def pipeline_lines(cohort):
    from engine.terminal import summary

    return summary.findings(examine(cohort.path))


@pytest.fixture
def usual_umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@posix
@pytest.mark.parametrize("there", [False, True], ids=["made", "there before"])
def test_a_folder_as_init_makes_it_is_open_to_nobody_else(tmp_path, monkeypatch, usual_umask, there):
    monkeypatch.setattr(doctor, "_reached", lambda path: bool(path.parent.stat().st_mode & stat.S_IXOTH))
    folder = tmp_path / "cohorte"
    if there:
        folder.mkdir()
        (folder / "note.txt").write_text("à moi", encoding="utf-8")
    initialise(folder)
    (found,) = (each for each in examine(folder) if each.check == "Confidentialité")
    assert found.well, found.said
    assert stat.S_IMODE((folder / "resultats").stat().st_mode) == 0o750  # their group, as the umask has it
    if there:
        assert stat.S_IMODE((folder / "note.txt").stat().st_mode) == 0o644
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755


@pytest.mark.skipif(os.name == "nt", reason="modes of POSIX")
def test_results_that_any_account_may_read(cohort, monkeypatch):
    monkeypatch.setattr(doctor, "_reached", lambda _: True)
    for place in (
        cohort.path / "resultats",
        cohort.path / "envois",
        cohort.path / "retours",
        cohort.path / "cohorte.xlsx",
    ):
        place.chmod(0o750)
    assert "Confidentialité" not in faults(cohort)
    (cohort.path / "resultats").chmod(0o755)
    assert faults(cohort)["Confidentialité"] == "Lisible par tout compte de la machine : resultats"
    monkeypatch.setattr(doctor, "_reached", lambda _: False)
    assert "Confidentialité" not in faults(cohort)
