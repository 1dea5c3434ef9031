"""Gestures that change the structure of a workbook, in LibreOffice: sheets, protection, merged and moved cells."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from tests.libreoffice import (
    CopyCells,
    CopySheet,
    DeleteSheet,
    HideSheet,
    InsertRows,
    InsertSheet,
    Merge,
    MoveCells,
    MoveSheet,
    Office,
    OfficeError,
    Protect,
    Recalculate,
    RenameSheet,
    ShowSheet,
    Type,
    Unprotect,
)
from tests.test_libreoffice_driver import names

pytestmark = pytest.mark.libreoffice


def sheet_names(path: Path) -> list[str]:
    return CalamineWorkbook.from_path(str(path)).sheet_names


def test_sheets_are_renamed_copied_moved_inserted_deleted_and_hidden(
    office: Office, blank: Path, tmp_path: Path
) -> None:
    actions = [
        Type("grille_niveau_1.1", "3"),
        CopySheet("Grille", "Grille (2)"),
        Type("grille_niveau_1.1", "4", "Grille (2)"),
        MoveSheet("Grille", position=1),
        RenameSheet("Travaux", "Mes travaux"),
        InsertSheet("Notes perso", position=0),
        InsertSheet("Brouillon"),
        DeleteSheet("Brouillon"),
        HideSheet("Mes travaux"),
        HideSheet("Notes perso"),
        ShowSheet("Notes perso"),
    ]
    for suffix in (".xlsx", ".ods"):
        path = office.edit(blank, tmp_path / f"rendu{suffix}", actions)
        assert sheet_names(path) == ["Notes perso", "Mes travaux", "Grille", "Grille (2)"]
        sheets = office.read(path)
        assert (sheets["Grille"]["B3"].value, sheets["Grille (2)"]["B3"].value) == (3.0, 4.0)
    states = {sheet.title: sheet.sheet_state for sheet in openpyxl.load_workbook(tmp_path / "rendu.xlsx")}
    assert [name for name, state in states.items() if state != "visible"] == ["Mes travaux"]


def test_protection_stays_until_the_structure_changes(office: Office, blank: Path, tmp_path: Path) -> None:
    def protected(*actions: Type) -> list[bool]:
        book = openpyxl.load_workbook(office.edit(blank, tmp_path / "rendu.xlsx", actions))
        return [sheet.protection.sheet for sheet in book]

    assert protected(Type("B3", "9", "Grille")) == [True, True]
    assert protected(InsertRows("Grille", before=3)) == [False, True]
    assert protected(Merge("Grille", "B3:B4"), Unprotect("Travaux"), Protect("Grille")) == [True, False]
    assert protected(Unprotect("Grille"), Type("A1", "autre référence", "Grille")) == [False, True]


def test_merging_pasting_and_moving_cells(office: Office, blank: Path, tmp_path: Path) -> None:
    actions = [
        Type("B3", "3", "Grille"),
        Type("B10", "12", "Grille"),
        CopyCells("Grille", "B10", "B4"),
        CopyCells("Grille", "B9:B10", "B2:B3"),
        Merge("Grille", "B6:C7"),
        MoveCells("Grille", "B4", "B20"),
        Recalculate(),
    ]
    with pytest.raises(OfficeError, match="B2:B3 is locked"):
        office.edit(blank, tmp_path / "rendu.xlsx", actions)
    actions[3] = CopyCells("Grille", "B10", "B3")
    path = office.edit(blank, tmp_path / "rendu.xlsx", actions)
    sheet = openpyxl.load_workbook(path, data_only=True)["Grille"]
    assert [str(merged) for merged in sheet.merged_cells.ranges] == ["B6:C7"]
    assert [sheet[at].value for at in ("B3", "B4", "B20", "D3")] == [12, None, 12, 24]
    assert names(path)["grille_niveau_1.2"] == "Grille!$B$20"
    assert sheet.data_validations.dataValidation == []  # pasting over an input takes its rule away
