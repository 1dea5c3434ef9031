"""Workbooks on disk: nothing is rewritten for nothing, nothing is ever lost."""

from dataclasses import replace

import openpyxl
import pytest

from engine import templates
from engine.model.errors import CohortError
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.progress import Count
from tests.envois import CANDIDATES, KEY, ROSTER, candidate, certification, with_candidates


def write(folder, roster=ROSTER, only=(), **options):
    planned = templates.plan(folder, roster, certification(), KEY, only)
    return templates.write(planned, Cohort(Folder(folder), roster, certification()), partial=bool(only), **options)


def state(folder):
    """Every file with its bytes and date."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def type_in(path, sheet, address, value):
    book = openpyxl.load_workbook(path)
    book[sheet][address] = value
    book.save(path)


@pytest.fixture
def sent(tmp_path):
    write(tmp_path)
    return tmp_path


def test_everything_planned_is_written(tmp_path):
    seen = Count()
    report = write(tmp_path, progress=seen)
    assert [each.path.is_file() for each in report.written] == [True] * 9
    assert (report.unchanged, report.moved, seen.done, seen.total) == ((), {}, 9, 9)
    assert not list(tmp_path.rglob("*.part"))


def test_a_second_run_touches_nothing(sent):
    before = state(sent)
    report = write(sent)
    assert (len(report.written), len(report.unchanged), report.moved) == (0, 9, {})
    assert state(sent) == before


def test_what_somebody_typed_is_kept(sent):
    notes = sent / "envois/secretariat/Notes.xlsx"
    clean = notes.read_bytes()
    for rank in (1, 2, 3):
        type_in(notes, "Notes", "D12", rank)
        typed = notes.read_bytes()
        report = write(sent)
        name = "Notes.xlsx" if rank == 1 else f"Notes ({rank}).xlsx"
        kept = sent / "envois/anciens/secretariat" / name
        assert report.moved == {notes: kept}
        assert kept.read_bytes() == typed
        assert notes.read_bytes() == clean


def test_what_nobody_needs_any_more_moves_away(sent):
    report = write(sent, with_candidates(CANDIDATES[0]))
    gone = {path.relative_to(sent / "envois").as_posix() for path in report.moved}
    assert {path for path in gone if "NGUYEN" in path} == {
        "formateurs/F01/NGUYEN Bao Grille de compétences.xlsx",
        "jurys/J03/NGUYEN Bao Grand oral.xlsx",
        "jurys/J04/NGUYEN Bao Grand oral.xlsx",
    }
    assert not list((sent / "envois").glob("*/*/NGUYEN*"))
    assert all(path.is_file() for path in report.moved.values())


def test_the_folder_of_somebody_who_left_goes_too(sent):
    write(sent, replace(ROSTER, candidates=(candidate("007", "Lefèvre", "Éloïse", tutors=()),)))
    assert not (sent / "envois/tuteurs/T012").exists()


def test_one_candidate_only_leaves_the_others_alone(sent):
    before = state(sent)
    type_in(sent / "envois/secretariat/Notes.xlsx", "Notes", "D12", 12)
    after_typing = state(sent)
    assert write(sent, only=["007"]).moved == {}
    assert state(sent) == after_typing
    assert before.keys() == after_typing.keys()


def test_what_is_not_ours_stays(sent):
    others = [
        "envois/tuteurs/T012/~$LEFÈVRE Éloïse Grille de compétences.xlsx",
        "envois/tuteurs/T012/.~lock.x.xlsx#",
        "envois/tuteurs/lisez-moi.txt",
        "envois/mes copies.xlsx",
        "retours/NGUYEN Bao Grand oral.xlsx",
    ]
    for name in others:
        (sent / name).parent.mkdir(exist_ok=True)
        (sent / name).write_bytes(b"x")
    assert write(sent).moved == {}
    assert all((sent / name).read_bytes() == b"x" for name in others)


def test_a_disk_that_refuses_is_told_in_a_sentence(tmp_path):
    (tmp_path / "envois").write_bytes(b"a file where the folder should be")
    with pytest.raises(CohortError, match="ne peut pas être"):
        write(tmp_path)
