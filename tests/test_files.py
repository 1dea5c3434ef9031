import sys
from datetime import datetime
from pathlib import Path

import pytest

from engine.errors import CohortError
from engine.files import write_together, write_whole


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
