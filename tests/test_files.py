import os
import sys
from datetime import datetime
from pathlib import Path

import pytest

from engine.model.errors import CohortError
from engine.workspace import files, lock
from engine.workspace.files import write_private, write_together, write_whole


def test_a_failure_leaves_the_previous_file_and_nothing_else(tmp_path):
    target = tmp_path / "resultats.xlsx"
    target.write_text("avant", encoding="utf-8")

    def fail(beside):
        beside.write_text("à moitié", encoding="utf-8")
        raise OSError(28, "No space left on device")

    with pytest.raises(CohortError, match="ne peut pas être écrit"):
        write_whole(target, fail)
    assert target.read_text(encoding="utf-8") == "avant"
    assert list(tmp_path.iterdir()) == [target]


def test_a_file_held_by_another_program_gets_a_dated_neighbour(tmp_path, monkeypatch):
    target = tmp_path / "resultats.xlsx"
    target.write_text("ouvert ailleurs", encoding="utf-8")
    replace = Path.replace

    def held(self, other):
        if Path(other) == target:
            raise PermissionError(13, "used by another process")
        return replace(self, other)

    monkeypatch.setattr(Path, "replace", held)
    got = write_whole(
        target, lambda beside: beside.write_text("neuf", encoding="utf-8"), now=datetime(2025, 6, 14, 2, 10)
    )
    assert got == tmp_path / "resultats 2025-06-14 02h10.xlsx"
    assert got.read_text(encoding="utf-8") == "neuf"
    assert target.read_text(encoding="utf-8") == "ouvert ailleurs"


@pytest.mark.skipif(
    sys.platform == "win32", reason="a file may not stand where a folder is wanted, told otherwise there"
)
def test_a_place_that_is_no_folder_is_one_sentence(tmp_path):
    (tmp_path / "resultats").write_text("", encoding="utf-8")
    with pytest.raises(CohortError, match="ne peut pas être écrit"):
        write_whole(tmp_path / "resultats" / "resultats.xlsx", lambda beside: beside.touch())


def test_files_that_go_together_are_all_made_before_the_first_is_replaced(tmp_path):
    first, second, old = (tmp_path / name for name in ("a.csv", "b.csv", "a.parquet"))
    for path in (first, second, old):
        path.write_text("avant", encoding="utf-8")

    def fail(beside):
        raise OSError(28, "No space left on device")

    def make(beside):
        beside.write_text("neuf", encoding="utf-8")

    with pytest.raises(CohortError, match=r"b\.csv"):
        write_together({first: make, second: fail}, gone=[old])
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == dict.fromkeys(
        ("a.csv", "b.csv", "a.parquet"), "avant"
    )
    write_together({first: make, second: make}, gone=[old])
    assert {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()} == dict.fromkeys(
        ("a.csv", "b.csv"), "neuf"
    )


LINKS = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")


@LINKS
def test_nothing_is_written_through_a_link_that_was_laid_under_the_name_of_a_file_being_made(tmp_path, monkeypatch):
    victim, target = tmp_path / "victime", tmp_path / "resultats.xlsx"
    victim.write_text("intacte", encoding="utf-8")
    monkeypatch.setattr(files.secrets, "token_hex", lambda _: "00ff")  # as if somebody had guessed it
    files.beside(target).symlink_to(victim)
    with pytest.raises(CohortError, match="ne peut pas être écrit"):
        write_whole(target, lambda beside: beside.write_text("neuf", encoding="utf-8"))
    files.beside(target).symlink_to(victim)
    with pytest.raises(FileExistsError):
        write_private(target, b"neuf")
    assert victim.read_text(encoding="utf-8") == "intacte"


@LINKS
def test_a_lock_that_is_a_link_is_refused_and_what_it_leads_to_is_left_alone(tmp_path):
    victim = tmp_path / "victime"
    victim.write_text("intacte", encoding="utf-8")
    (tmp_path / "verrou").symlink_to(victim)
    with pytest.raises(CohortError, match="verrou"), lock.hold(tmp_path / "verrou"):
        pass
    assert victim.read_text(encoding="utf-8") == "intacte"


def test_the_name_of_a_file_being_made_is_another_each_time_and_is_cleared_when_left_over(tmp_path):
    one, two = (files.beside(tmp_path / "resultats.xlsx") for _ in range(2))
    assert one != two
    one.write_bytes(b"")
    (tmp_path / ".resultats.xlsx.1234.part").write_bytes(b"")  # as earlier versions named them
    assert set(files.leftovers(tmp_path)) == {one, tmp_path / ".resultats.xlsx.1234.part"}


def test_a_private_file_is_for_its_owner_only(tmp_path):
    write_private(tmp_path / "cle", b"neuf")
    assert (tmp_path / "cle").read_bytes() == b"neuf"
    if os.name != "nt":
        assert (tmp_path / "cle").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["cle"]


def test_a_new_file_is_written_whole_however_little_the_system_takes_at_a_time(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, content: write(descriptor, content[:3]))
    os.close(files.create(tmp_path / "new", b"0123456789"))
    assert (tmp_path / "new").read_bytes() == b"0123456789"
