"""The memory between two nights: what need not be read again, what moved, and that nothing half-done counts."""

import errno
import os
import shutil
import sqlite3
import stat
import sys
import zipfile
from pathlib import Path

import pytest

from engine import intake, ledger
from engine.commands.check import check
from engine.commands.status import status
from engine.ledger import opening
from engine.ledger.schema import VERSION
from engine.model import Kind
from engine.model.errors import CohortError
from engine.workspace import files
from tests import cohorts
from tests.nights import Nights, date_back

GRILLE, ORAL, NOTES = Kind.GRILLE, Kind.ORAL, Kind.NOTES


@pytest.fixture
def nights(tmp_path, monkeypatch):
    return Nights(cohorts.make(tmp_path / "cohorte", referential=cohorts.OTHER), monkeypatch)


def oral(nights, name="oral.xlsx", **points):
    """A juror's sheet in ``retours/``, some of its points given."""
    book = nights.cohort.filled(ORAL)
    for code, value in points.items():
        book.put(ORAL, "points", code, value)
    return date_back(book.save(name))


def codes(nights):
    return [row.code for row in nights.cohort.referential.oral.items]


# -------------------------------------------------------------------------------------- not read again


def test_an_unchanged_return_is_not_opened_again(nights):
    oral(nights)
    first = nights.run()
    assert nights.opened == ["oral.xlsx"]
    second = nights.run()
    assert (nights.opened, nights.parsed) == ([], 0)
    assert second.summary("007") == first.summary("007")
    assert second.sheets["Détail"] == first.sheets["Détail"]


def test_a_content_seen_before_is_not_parsed_again_under_another_name(nights):
    path = oral(nights)
    nights.run()
    path.rename(path.with_name("grand oral (2).xlsx"))
    moved = nights.run()
    assert (nights.opened, nights.parsed) == (["grand oral (2).xlsx"], 0)
    assert {row["Fichier"] for row in moved.sheets["Détail"]} == {"grand oral (2).xlsx"}
    assert moved.codes == set()


def test_a_touched_return_is_hashed_and_not_parsed(nights):
    path = oral(nights)
    nights.run()
    date_back(path, 1_700_000_000)
    nights.run()
    assert (nights.opened, nights.parsed) == (["oral.xlsx"], 0)


def test_a_full_run_opens_and_parses_all(nights):
    oral(nights)
    nights.run()
    nights.run(full=True)
    assert (nights.opened, nights.parsed) == (["oral.xlsx"], 1)


def test_the_same_size_and_date_are_not_enough_once_the_system_saw_a_change(nights):
    first, *_ = codes(nights)
    path = oral(nights, **{first: 0})
    other = oral(nights, "autre.xlsx", **{first: 1})
    size = max(each.stat().st_size for each in (path, other)) + 1
    for each in (path, other):
        with zipfile.ZipFile(each, "a") as package:
            package.comment = b" " * (size - each.stat().st_size)
        assert each.stat().st_size == size
    date_back(path)
    content = other.read_bytes()
    other.unlink()
    assert nights.run().value("007", "points", first) == 0
    path.write_bytes(content)
    date_back(path)
    assert nights.run().value("007", "points", first) == 1
    assert nights.opened == ["oral.xlsx"]


def test_a_file_as_young_as_the_look_is_read_again(nights, monkeypatch):
    monkeypatch.setattr(ledger.night, "TICK", 3_600_000_000_000)
    oral(nights)
    for _ in range(2):
        nights.run()
        assert nights.opened == ["oral.xlsx"]
    with nights.past() as past:
        assert [file.sure for file in past.files()] == [False]


def test_a_change_of_the_roster_or_of_the_program_reads_all_again(nights, monkeypatch):
    oral(nights)
    nights.run()
    nights.cohort.enrol(lambda table: table.replace("Lefèvre", "Lefebvre"))
    assert nights.run().anomalies("I04")
    assert nights.parsed == 1
    nights.run()
    assert nights.parsed == 0
    monkeypatch.setattr("engine.intake.memory.program", lambda: "another")
    nights.run()
    assert nights.parsed == 1


def test_what_could_not_be_read_is_tried_again(nights, monkeypatch):
    oral(nights)

    read = intake.files.workbook.read

    def fail(package, *roster_only):
        if roster_only:
            return read(package, *roster_only)
        raise RuntimeError("passing trouble")

    with monkeypatch.context() as trouble:
        trouble.setattr("engine.intake.files.workbook.read", fail)
        assert nights.run().anomaly("F08")
    assert "F08" not in nights.run().codes
    assert nights.parsed == 1


def test_what_was_read_is_kept_when_the_results_cannot_be_written(nights, monkeypatch):
    oral(nights)

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as trouble:
        trouble.setattr("engine.outputs.workbook.write", full)
        with pytest.raises((OSError, CohortError)):
            nights.run()
        assert nights.parsed == 1
    found = nights.run()
    assert nights.parsed == 0
    assert found.sheets["Détail"]


# ------------------------------------------------------------------------------------ a quiet night


def test_a_night_that_changes_nothing_leaves_the_results_as_they_stand(nights):
    oral(nights)
    nights.cohort.write("photo.pdf", b"%PDF-1.7")
    first = nights.run()
    before = first.path.stat().st_mtime_ns, first.path.read_bytes()
    for options in ({}, {"full": True}):
        quiet = nights.run(**options).report
        assert (quiet.result.stat().st_mtime_ns, quiet.result.read_bytes()) == before
        (remark,) = quiet.remarks
        assert remark.startswith("Rien n'a changé depuis la consolidation du 16/06/2025 à 15\u00a0h\u00a006")
        assert quiet.as_json() | {"seconds": 0} == first.report.as_json() | {"seconds": 0}
        assert quiet.expected == first.report.expected
        assert quiet.anomalies == first.report.anomalies
        assert (quiet.files, quiet.digests) == (first.report.files, first.report.digests)
    with nights.past() as past:
        assert [run.made_at.day for run in past.runs()] == [16, 17, 18]


def test_what_was_told_once_is_not_left_standing(nights):
    """Results that tell of a change since the night before are written again until they tell of none, then stand."""
    code, *_ = codes(nights)
    oral(nights, **{code: 1})
    nights.run()
    oral(nights, **{code: 0})
    assert nights.run().anomaly("R07")
    for told in (["état changé"], []):  # the file that bore the warning no longer does
        settled = nights.run()
        assert "R07" not in settled.codes
        assert settled.report.remarks == ()
        assert [row["Changement"] for row in settled.sheets["Évolution"] if row["Objet"] == "Retour"] == told
    assert nights.run().report.remarks != ()


def test_whatever_is_missing_or_was_changed_is_written_again(nights):
    oral(nights)
    first = nights.run()
    first.path.write_bytes(first.path.read_bytes() + b" ")
    assert nights.run().report.remarks == ()
    first.path.unlink()
    assert nights.run().path.exists()
    (nights.cohort.path / "resultats" / "donnees" / "decisions.csv").unlink()
    nights.run()
    assert (nights.cohort.path / "resultats" / "donnees" / "decisions.csv").exists()
    for draft in (nights.cohort.path / "envois" / "relances").glob("*.eml"):
        draft.unlink()
    nights.run()
    assert list((nights.cohort.path / "envois" / "relances").glob("*.eml"))
    assert nights.run().report.remarks != ()


def test_young_files_grow_sure_over_quiet_nights(nights, monkeypatch):
    oral(nights)
    with monkeypatch.context() as young:
        young.setattr(ledger.night, "TICK", 3_600_000_000_000)
        nights.run()
    nights.run()
    assert nights.opened == ["oral.xlsx"]
    nights.run()
    assert nights.opened == []


# ----------------------------------------------------------------------------------------------- R07


def test_a_mark_that_changed_or_went_is_told_with_both_values(nights):
    first, second, *_ = codes(nights)
    oral(nights, **{first: 1, second: 1})
    assert "R07" not in nights.run().codes
    oral(nights, **{first: 0.5, second: None})
    told = nights.run().anomaly("R07")
    assert f"points {first}\u202f: 1 → 0,5" in told["Message"]
    assert f"points {second}\u202f: 1 → vide" in told["Message"]
    assert told["Gravité"] == "avertissement"
    cells = [nights.cohort.book(ORAL).cell(ORAL, "points", code).coordinate for code in (first, second)]
    assert (told["Fichier"], told["Candidat"], told["Cellule"]) == ("oral.xlsx", "007", "; ".join(cells))
    assert "R07" not in nights.run().codes


def test_the_sheets_of_a_return_that_is_gone_are_told(nights):
    path = oral(nights)
    nights.run()
    path.unlink()
    rows = nights.run(accept_loss=True).anomalies("R07")
    assert {row["Feuille"] for row in rows} == {"Grand oral", "Compétences transversales"}
    assert {row["Fichier"] for row in rows} == {"oral.xlsx"}


def test_what_is_completed_mended_signed_or_only_moved_is_no_loss(nights):
    first, second, *_ = codes(nights)
    path = oral(nights, **{first: "un", second: None})
    nights.run()
    book = nights.cohort.filled(ORAL)
    book.put(ORAL, "signature", "", "Autre signature")
    path.unlink()
    date_back(book.save("ailleurs/oral.xlsx"))
    assert nights.run().codes == set()


def test_a_mark_that_became_unreadable_is_told_too(nights):
    first, *_ = codes(nights)
    oral(nights, **{first: 1})
    nights.run()
    oral(nights, **{first: "un"})
    told = nights.run().anomaly("R07")
    assert (told["Valeur"], told["Gravité"]) == ("1 → un", "avertissement")


def test_a_full_run_warns_as_well(nights):
    first, *_ = codes(nights)
    oral(nights, **{first: 1})
    nights.run(full=True)
    oral(nights, **{first: 0})
    assert nights.run(full=True).anomaly("R07")


def test_a_shared_sheet_tells_whose_mark_moved(nights):
    book = nights.cohort.filled(NOTES)
    date_back(book.save("notes.xlsx"))
    nights.run()
    book.put(NOTES, "EN", "", 63, "C02")
    date_back(book.save("notes.xlsx"))
    told = nights.run().anomaly("R07")
    assert (told["Candidat"], told["Valeur"]) == ("C02", "100 → 63")


# ---------------------------------------------------------------------------------- nothing half-done


def interrupted(*_, **__):
    raise KeyboardInterrupt


def test_a_run_that_ends_before_its_results_is_as_if_it_had_never_been(nights, monkeypatch):
    first, *_ = codes(nights)
    oral(nights, **{first: 1})
    delivered = nights.run().path.read_bytes()
    oral(nights, **{first: 0})
    with monkeypatch.context() as death:
        death.setattr(files, "put_in_place", interrupted)
        with pytest.raises(KeyboardInterrupt):
            nights.run()
    assert (nights.cohort.path / "resultats" / "resultats.xlsx").read_bytes() == delivered
    with nights.past() as past:
        assert past.baseline == 1
        assert {mark.raw for sheet in past.sheets() for mark in past.marks(sheet.version) if mark.code == first} == {
            "1"
        }
    assert nights.run().anomaly("R07")["Valeur"] == "1 → 0"


def test_a_run_that_ends_after_its_results_counts(nights, monkeypatch):
    first, *_ = codes(nights)
    oral(nights, **{first: 1})
    nights.run()
    oral(nights, **{first: 0})
    with monkeypatch.context() as death:
        death.setattr(ledger.Ledger, "deliver", interrupted)
        with pytest.raises(KeyboardInterrupt):
            nights.run()
    with nights.past() as past:
        assert past.baseline == 2
    assert "R07" not in nights.run().codes


def test_who_only_looks_leaves_no_trace(nights):
    oral(nights)
    nights.run()
    everything = nights.cohort.path
    before = {path: (path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in everything.rglob("*")}
    nights.run(dry_run=True)
    status(everything)
    check([everything])
    assert {
        path: (path.stat().st_mtime_ns, path.is_file() and path.read_bytes()) for path in everything.rglob("*")
    } == before


def test_what_a_dead_run_left_in_its_journal_is_read_without_a_trace(nights, tmp_path):
    oral(nights)
    nights.run()
    path, still = nights.private() / "memoire.sqlite", tmp_path / "still.sqlite"
    with opening.to_write(path) as connection:
        connection.execute("UPDATE files SET state = 'Du journal'")
        for suffix in ("", "-wal"):
            shutil.copyfile(f"{path}{suffix}", f"{still}{suffix}")  # as a dead process leaves them
    for suffix in ("", "-wal"):
        shutil.copyfile(f"{still}{suffix}", f"{path}{suffix}")
    before = sorted(nights.private().iterdir())
    with nights.past() as past:
        assert [file.state for file in past.files()] == ["Du journal"]
    assert sorted(nights.private().iterdir()) == before


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_the_memory_is_for_its_owner_only(nights):
    nights.run()
    assert {stat.S_IMODE(path.stat().st_mode) for path in nights.private().iterdir() if path.is_file()} == {0o600}


def test_no_shared_memory_is_needed(nights):
    """Network folders do not offer it."""
    with opening.to_write(nights.private() / "memoire.sqlite") as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.execute("INSERT INTO runs (made_at, program, results) VALUES ('', '', '')")
        memory = {path.name for path in nights.private().iterdir() if path.name.startswith("memoire")}
        assert memory == {"memoire.sqlite", "memoire.sqlite-wal"}


# ------------------------------------------------------------------------------------------ spoiled


def truncate(content):
    return content[: len(content) // 2]


def garble(content):
    return content[:4096] + b"\xff" * 8192 + content[12288:]


def newer(content):
    return content[:60] + (VERSION + 1).to_bytes(4, "big") + content[64:]


@pytest.mark.parametrize("spoil", [truncate, garble, newer, lambda _: b"not a memory at all" * 400])
def test_a_spoiled_memory_is_set_aside_and_said(nights, spoil):
    oral(nights)
    whole = nights.run()
    path = nights.private() / "memoire.sqlite"
    spoiled = spoil(path.read_bytes())
    path.write_bytes(spoiled)
    seen = nights.run(dry_run=True)
    assert "abîmée" in seen.report.notices[0]
    assert path.read_bytes() == spoiled
    again = nights.run()
    assert "mise de côté" in again.report.notices[0]
    assert again.sheets["Détail"] == whole.sheets["Détail"]
    (aside,) = nights.private().glob("*abîmée*")
    assert aside.read_bytes() == spoiled
    assert nights.run().report.notices == ()


def test_a_memory_that_another_program_holds_is_told_and_nothing_is_written(nights, monkeypatch):
    monkeypatch.setattr(opening, "_PATIENCE", 0.1)
    before = nights.run().path.read_bytes()
    holder = sqlite3.connect(nights.private() / "memoire.sqlite")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CohortError, match="mémoire"):
        nights.run()
    holder.close()
    assert (nights.cohort.path / "resultats" / "resultats.xlsx").read_bytes() == before
    nights.run()


def test_names_that_are_no_text_are_remembered(nights):
    if os.name == "nt":
        return
    path = oral(nights)
    odd = path.parent / os.fsdecode(b"re\xe7u.xlsx")
    try:
        path.rename(odd)
    except OSError:  # a file system that takes no such name
        return
    nights.run()
    assert nights.run().states.keys() == nights.run(full=True).states.keys()


def test_paths_of_every_system_name_the_same_file(tmp_path):
    place = tmp_path / "dossier d'été #1 50 %"
    place.mkdir()
    with opening.to_write(place / "memoire.sqlite") as connection:
        connection.execute("INSERT INTO runs (made_at, program, results) VALUES ('', '', '')")
    with opening.to_read(place / "memoire.sqlite") as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (1,)
    assert opening._uri(Path("/a b/c")) == "file:///a%20b/c"
