"""Nothing that ever counted is lost: the archive, a candidate's history, a return given back, a memory refilled."""

import gzip
import hashlib
import os
import shutil
import stat
import sys
from datetime import datetime
from functools import partial

import pytest

from engine.commands.history import history
from engine.commands.restore import restore
from engine.intake import files as intake_files
from engine.ledger import archive as archives
from engine.model import Kind
from engine.model.errors import CohortError
from engine.model.returns import Original
from engine.terminal import histories
from tests import cohorts
from tests.nights import DAWN, DAY, date_back

ORAL, NOTES = Kind.ORAL, Kind.NOTES


def oral(nights, typed, name="oral.xlsx", when=DAWN):
    """A juror's sheet in ``retours/``, its first item given, dated by both clocks."""
    book = nights.cohort.filled(ORAL)
    book.put(ORAL, "points", first(nights), typed)
    moment = datetime.fromtimestamp(when)
    return cohorts.date(book.save(name), moment, moment)


def first(nights):
    return nights.cohort.referential.oral.items[0].code


def archived(nights):
    return sorted((nights.private() / "archive").glob("??/*.gz"))


def digest(content):
    return hashlib.sha256(content).hexdigest()


# ---------------------------------------------------------------------------------------- the archive


def test_every_return_that_counted_is_kept_whatever_becomes_of_it(nights):
    contents = []
    for typed in (1, 0.5):
        contents.append(oral(nights, typed).read_bytes())
        nights.run()
    (nights.cohort.returns / "oral.xlsx").unlink()
    nights.run(accept_loss=True)
    assert {path.stem: gzip.decompress(path.read_bytes()) for path in archived(nights)} == {
        digest(content): content for content in contents
    }


def test_a_package_stands_in_its_gzip_file_as_it_came_and_one_compressed_again_is_read(nights):
    content = oral(nights, 3).read_bytes()
    nights.run()
    (path,) = archived(nights)
    assert content[:4096] in path.read_bytes()
    path.write_bytes(gzip.compress(content))  # as earlier versions kept it
    kept = archives.Archive(nights.private() / "archive", datetime(2025, 6, 15))
    assert kept.content(digest(content)) == content


def test_what_is_no_return_is_not_kept_nor_the_same_bytes_twice(nights):
    path = oral(nights, 1)
    nights.cohort.drop(path, "copie.xlsx")
    nights.cohort.write("photo.xlsx", b"\xff\xd8\xff\xe0 a picture")
    nights.cohort.write("facture.pdf", b"%PDF-1.7")
    nights.run()
    assert len(archived(nights)) == 1


def test_a_dry_run_keeps_nothing(nights):
    oral(nights, 1)
    nights.run(dry_run=True)
    assert archived(nights) == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_the_archive_is_for_its_owner_only(nights):
    oral(nights, 1)
    nights.run()
    folder = nights.private() / "archive"
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*.gz")} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())} == {0o700}


def test_a_return_that_cannot_be_kept_as_it_was_read_does_not_count(nights, monkeypatch):
    path = oral(nights, 1)
    confirm = intake_files.confirm

    def then_it_changes(where, report):
        confirmed = confirm(where, report)
        path.write_bytes(path.read_bytes() + b" ")
        return confirmed

    with monkeypatch.context() as change:
        change.setattr("engine.intake.confirm", then_it_changes)
        read = nights.run()
    assert read.codes == {"F07"}
    assert read.sheets["Détail"] == []
    assert archived(nights) == []


def test_a_disk_that_takes_no_archive_ends_the_run_before_its_results(nights, monkeypatch):
    before = nights.run().path.read_bytes()
    oral(nights, 1)

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(archives, "_write", full)
        with pytest.raises(CohortError, match="plus de place"):
            nights.run()
    assert (nights.cohort.path / "resultats" / "resultats.xlsx").read_bytes() == before
    assert list((nights.private() / "archive").rglob("*.part")) == []
    assert nights.run().value("007", "points", first(nights), "J01") == 1


# --------------------------------------------------------------------------------- history, restore


def test_the_history_says_who_sent_what_when_and_what_it_changed(nights):
    path = oral(nights, 1)
    nights.run()
    path.unlink()
    oral(nights, 0.5, "jury/oral v2.xlsx")
    nights.run()
    lines = "\n".join(histories.told(history(nights.cohort.path, "007")))
    assert lines.startswith("LEFÈVRE Éloïse (007)")
    assert "Grand oral, OSMANI Nadia (J01)" in lines
    assert "oral.xlsx : a compté du 16/06/2025 à 15\u00a0h\u00a006 au 17/06/2025 à 15\u00a0h\u00a006" in lines
    assert "jury/oral v2.xlsx : compte depuis le 17/06/2025" in lines
    cell = nights.cohort.book(ORAL).cell(ORAL, "points", first(nights)).coordinate
    assert f"{cell}  points {first(nights)} : 1 → 0,5" in lines
    assert "mêmes valeurs que la version précédente" in lines  # the other sheet of the workbook


def test_the_history_says_what_could_not_be_taken(nights):
    """The same words twice, the first taken and the second not, read as no change."""
    oral(nights, 1)
    nights.run()
    oral(nights, "1 ou 2", "oral v2.xlsx", DAWN + DAY)
    nights.run()
    lines = "\n".join(histories.told(history(nights.cohort.path, "007")))
    assert f"points {first(nights)} : 1 → « 1 ou 2 » (écartée)" in lines


def test_a_version_that_never_counted_is_in_the_history(nights):
    oral(nights, 1, "b.xlsx")
    oral(nights, 0.5, "a.xlsx", DAWN - DAY)
    nights.run()
    counted = {
        (version.stays[0].path, version.stays[0].counted)
        for version in history(nights.cohort.path, "007").versions
        if version.kind == ORAL
    }
    assert len(counted) == 2


def test_the_history_of_a_shared_sheet_is_about_one_person(nights):
    book = nights.cohort.filled(NOTES)
    date_back(book.save("notes.xlsx"))
    nights.run()
    book.put(NOTES, "EN", "", 63, "C02")
    date_back(book.save("notes.xlsx"))
    nights.run()
    found = {who: history(nights.cohort.path, who).versions for who in ("007", "c02")}
    assert [len(version.changes) for version in found["007"]] == [0, 0]
    assert [(old.raw, new.raw) for old, new in found["c02"][1].changes] == [("100", "63")]


def test_a_candidate_of_whom_nothing_came_is_told(nights):
    oral(nights, 1)
    nights.run()
    with pytest.raises(CohortError, match="rien de ce qu'une consolidation a lu"):
        history(nights.cohort.path, "C99")


def test_a_return_is_given_back_as_it_was_and_over_nothing(nights, tmp_path):
    path = oral(nights, 1, "jury/oral.xlsx")
    content = path.read_bytes()
    nights.run()
    path.unlink()
    start = digest(content)[:8].upper()
    given = [restore(nights.cohort.path, start) for _ in range(2)]
    assert [each.relative_to(nights.cohort.path).as_posix() for each in given] == [
        "resultats/restaures/oral.xlsx",
        "resultats/restaures/oral (2).xlsx",
    ]
    assert {each.read_bytes() for each in given} == {content}
    assert int(given[0].stat().st_mtime) == DAWN
    out = restore(nights.cohort.path, start, nights.cohort.returns)
    assert (out, out.read_bytes()) == (nights.cohort.returns / "oral.xlsx", content)
    with pytest.raises(CohortError, match="existe déjà"):
        restore(nights.cohort.path, start, out)


@pytest.mark.parametrize("start", ["", "abc", "0" * 8, "zz/../..", "*" * 8])
def test_an_unknown_return_is_told(nights, start):
    oral(nights, 1)
    nights.run()
    with pytest.raises(CohortError, match="aucun retour archivé"):
        restore(nights.cohort.path, start)


def test_a_spoiled_archive_is_never_given_back(nights):
    oral(nights, 1)
    nights.run()
    (path,) = archived(nights)
    for content in (b"", path.read_bytes()[:-30], gzip.compress(b"something else")):
        path.write_bytes(content)
        with pytest.raises(CohortError, match="abîmé"):
            restore(nights.cohort.path, path.stem)


# --------------------------------------------------------------------------------- a lost memory


def test_a_lost_memory_is_refilled_and_still_warns_of_what_is_gone(nights):
    path = oral(nights, 1)
    nights.run()
    oral(nights, 0.5, when=DAWN + 60)
    kept = nights.cohort.filled(NOTES).save("notes.xlsx")
    nights.run()
    (nights.private() / "memoire.sqlite").write_bytes(b"spoiled" * 1000)
    path.unlink()
    again = nights.run()
    assert "mise de côté" in again.report.notices[0]
    assert "3 retours archivés" in again.report.notices[1]
    told = again.anomalies("R07")
    assert {row["Fichier"] for row in told} == {"oral.xlsx"}
    assert any("0,5 → vide" in row["Message"] and "retours archivés" in row["Message"] for row in told)
    assert again.states == {kept.name: "Accepté"}
    versions = [each for each in history(nights.cohort.path, "007").versions if each.kind == ORAL]
    assert [version.came_at.day for version in versions] == [16, 17]
    assert "R07" not in nights.run().codes


def test_a_memory_that_was_removed_is_refilled_too(nights):
    path = oral(nights, 1)
    nights.run()
    (nights.private() / "memoire.sqlite").unlink()
    path.unlink()
    assert nights.run(accept_loss=True).anomalies("R07")


def test_a_refilled_memory_parses_nothing_twice(nights):
    oral(nights, 1)
    whole = nights.run()
    (nights.private() / "memoire.sqlite").unlink()
    again = nights.run()
    assert nights.parsed == 1  # out of the archive
    assert again.sheets["Détail"] == whole.sheets["Détail"]
    assert again.codes == whole.codes


def test_an_archive_kept_elsewhere_starts_again(nights):
    oral(nights, 1)
    nights.run()
    shutil.rmtree(nights.private() / "archive")
    nights.run()
    assert len(archived(nights)) == 1


@pytest.mark.skipif(not hasattr(os, "sync"), reason="a system that makes files safe one by one only")
@pytest.mark.parametrize(("number", "alone"), [(3, True), (archives._FEW, True), (archives._FEW + 1, False)])
def test_few_returns_are_made_safe_one_by_one_and_many_together(tmp_path, monkeypatch, number, alone):
    calls = []
    monkeypatch.setattr(os, "sync", lambda: calls.append("all"))
    monkeypatch.setattr(os, "fsync", lambda descriptor: calls.append(stat.S_ISDIR(os.fstat(descriptor).st_mode)))
    contents = [str(rank).encode() for rank in range(number)]
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    kept = archives.Archive(tmp_path / "archive", datetime(2025, 6, 1))
    originals = (
        Original(partial(bytes, content), "a", digest, 0) for content, digest in zip(contents, digests, strict=True)
    )
    assert kept.keep(originals) == set()
    folders = 1 + len({digest[:2] for digest in digests})
    assert sorted(calls, key=str) == ([False] * number + [True] * folders if alone else ["all"])
