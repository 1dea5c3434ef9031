"""The roster's file: whatever it is, one sentence or a table, and in no time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from openpyxl.styles import PatternFill

from engine.errors import CohortError
from engine.roster import read
from tests.rosters import book, places, problems, saved


def encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "n'est pas un classeur"),
        (b"Identifiant;Nom\n", "n'est pas un classeur"),
        (b"PK\x03\x04" + bytes(100), "endommagé"),
        (encrypted(), "mot de passe"),
        (encrypted()[:500], "n'est pas un classeur"),
    ],
)
def test_a_file_that_is_no_workbook_is_one_sentence(tmp_path, content, word):
    path = tmp_path / "cohorte.xlsx"
    path.write_bytes(content)
    with pytest.raises(CohortError, match=word) as caught:
        read(path)
    assert "\n" not in str(caught.value)


def test_a_damaged_workbook_is_one_sentence(tmp_path):
    path = saved(book(), tmp_path)
    content = bytearray(path.read_bytes())
    content[60:400] = bytes(340)
    path.write_bytes(content)
    with pytest.raises(CohortError, match="endommagé"):
        read(path)


def test_a_missing_or_locked_file_is_one_sentence(tmp_path, monkeypatch):
    with pytest.raises(CohortError, match="manque"):
        read(tmp_path / "cohorte.xlsx")
    with pytest.raises(CohortError, match="n'est pas un fichier"):
        read(tmp_path)

    def refuse(path):
        raise PermissionError

    path = saved(book(), tmp_path)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(CohortError, match="ouvert dans un tableur"):
        read(path)


def test_a_cell_at_the_bottom_of_the_sheet_is_read_and_costs_nothing(tmp_path):
    made = book()
    made["Candidats"]["XFD1048576"].fill = PatternFill("solid", fgColor="FFFF00")
    made["Candidats"]["A1048576"] = "C 1"
    start = time.perf_counter()
    assert places(problems(made, tmp_path)) == ["Candidats!A1048576", "Candidats!B1048576", "Candidats!C1048576"]
    assert time.perf_counter() - start < 2


def test_a_sheet_inflated_by_its_formatting_is_refused_before_it_is_parsed(tmp_path, monkeypatch):
    monkeypatch.setattr("engine.roster.opening.LARGEST", 5_000)
    with pytest.raises(CohortError, match="démesuré"):
        read(saved(book(), tmp_path))


def test_two_thousand_candidates_are_read_quickly(tmp_path):
    made = book()
    for number in range(2_000):
        made["Candidats"].append(
            [f"N{number:04}", "Nguyen", "Bao", "b@exemple.fr", "Port", "T01", "F01;F02", "J01", "", ""]
        )
    path = saved(made, tmp_path)
    start = time.perf_counter()
    assert len(read(path).candidates) == 2_002
    assert time.perf_counter() - start < 2
