"""The memory between two nights: what need not be read again, what moved, and that nothing half-done counts."""

import errno
import os
import signal
import zipfile

import pytest

from engine import intake, ledger
from engine.model import Kind
from engine.model.errors import CohortError
from tests.nights import date_back

GRILLE, ORAL, NOTES = Kind.GRILLE, Kind.ORAL, Kind.NOTES


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


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied as POSIX does")
def test_what_was_read_is_kept_when_the_run_is_killed_while_it_writes(nights, monkeypatch):
    oral(nights)
    with monkeypatch.context() as trouble:
        trouble.setattr("engine.outputs.workbook.write", lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        child = os.fork()
        if not child:
            try:
                nights.run()
            finally:
                os._exit(0)
        _, ended = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(ended) == -signal.SIGKILL
    found = nights.run()
    assert nights.parsed == 0
    assert found.sheets["Détail"]


def test_a_night_that_reads_one_return_retains_nothing_else_again(nights, monkeypatch):
    oral(nights)
    nights.run()
    oral(nights, "autre.xlsx", **{codes(nights)[0]: 1})
    retained = []
    retain = ledger.Ledger.retain

    def spied(past, context, readings):
        retained.extend(readings := list(readings))
        retain(past, context, readings)

    monkeypatch.setattr(ledger.Ledger, "retain", spied)
    nights.run()
    assert len(retained) == 1


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
