"""Which files of ``retours/`` there are, however deep, and which of them nobody sent."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest

from engine.intake import collect
from engine.intake.ignored import is_ignored

DEPTH = 1_500  # more folders than calls may be nested


@pytest.mark.skipif(sys.platform != "linux", reason="no other system makes such paths without ado")
def test_folders_may_be_nested_deeper_than_calls(tmp_path):
    home = Path.cwd()
    os.chdir(tmp_path)
    try:
        for _ in range(DEPTH):
            Path("d").mkdir()
            os.chdir("d")
        Path("fond.xlsx").touch()
    finally:
        os.chdir(home)
    found = collect(tmp_path)
    assert [path.name for path in found] == ["fond.xlsx"]
    assert len(found[0].relative_to(tmp_path).parts) == DEPTH + 1
    while (tmp_path / "d").exists():  # from the top: rmtree nests its calls
        (tmp_path / "d").rename(tmp_path / "e")
        for inner in list((tmp_path / "e").iterdir()):
            inner.rename(tmp_path / inner.name)
        shutil.rmtree(tmp_path / "e")


@pytest.mark.parametrize(
    "folder",
    [
        ".Trash-1000/files",
        ".stversions",
        "@eaDir",
        "@EADIR",
        "#recycle",
        "#snapshot/daily",
        "$RECYCLE.BIN",
        "lost+found",
        "__MACOSX",
        ".AppleDouble",
        "~snapshot",
        "System Volume Information",
        "@Recycle",
        "@Recently-Snapshot",
        "RECYCLER/S-1-5-21",
        "Network Trash Folder",
        "Temporary Items/folders.501",
        "FOUND.000",
    ],
)
def test_what_lies_in_a_trash_or_a_snapshot_is_ignored(folder):
    assert is_ignored(f"{folder}/Grille.xlsx")
    assert is_ignored(f"tuteurs/T01/{folder}/Grille.xlsx")


@pytest.mark.parametrize("end", ["aria2", "bc!", "ocsync_tmp", "dbtmp", "gstmp", "~tmp", "swp", "lock", "icloud"])
def test_what_programs_leave_beside_a_workbook_is_ignored(end):
    assert is_ignored(f"T01/Grille.xlsx.{end}")
    assert not is_ignored(f"T01/Grille {end}.xlsx")


@pytest.mark.parametrize(
    "name",
    [
        "Grille.xlsx",
        "T01/Grille.xlsx",
        "a.b/Grille (1).xlsx",
        "Grille.xlsx~",
        "image1.png",
        "photo.jpg",
        "#1/eaDir.xlsx",
        "recycle/Grille.xlsx",
        "A1B2C3D",
        "winmail.dat",
        "image001.jpg",
        "partie.xlsx",
        "snapshot/Grille.xlsx",
    ],
)
def test_what_somebody_may_have_sent_is_not(name):
    assert not is_ignored(name)
