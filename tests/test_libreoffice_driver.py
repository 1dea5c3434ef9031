"""The driver does to a workbook what a person does with LibreOffice in French, and nothing lingers afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time
from pathlib import Path

import openpyxl
import pytest
from python_calamine import CalamineWorkbook, PasswordError

from tests.libreoffice import (
    Action,
    Clear,
    Content,
    CopyCells,
    DeleteColumns,
    DeleteRows,
    DeleteSheet,
    ImportSheet,
    InsertColumns,
    InsertRows,
    Office,
    OfficeError,
    RenameSheet,
    Type,
    Unprotect,
    render,
)

pytestmark = pytest.mark.libreoffice

YEAR = date.today().year
TYPED = {
    "3,5": 3.5,
    "3/5": date(YEAR, 5, 3),
    "3:5": time(3, 5),
    "80%": 0.8,
    "VRAI": True,
    "4-": -4.0,
    "4+": 4.0,
    "1e1": 10.0,
    "1 1/2": 1.5,
    "'3": "3",
    "abc": "abc",
    "3.5": "3.5",
    "3 / 5": "3 / 5",
    "31/12/2026": date(2026, 12, 31),
    "=SUM(B3;1,5)": 5.0,
}


@pytest.fixture(scope="module")
def filled(office: Office, blank: Path) -> dict[str, Path]:
    """The same workbook with everything of TYPED in column B of Grille, saved as .xlsx and as .ods."""
    actions = [Type(f"B{row}", text, "Grille") for row, text in enumerate(TYPED, 3)]
    return {suffix: office.edit(blank, blank.with_name(f"rempli{suffix}"), actions) for suffix in (".xlsx", ".ods")}


def names(path: Path) -> dict[str, str]:
    return {name: defined.attr_text for name, defined in openpyxl.load_workbook(path).defined_names.items()}


@pytest.mark.parametrize("suffix", [".xlsx", ".ods"])
def test_typing_gives_what_a_french_spreadsheet_makes_of_it(filled: dict[str, Path], suffix: str) -> None:
    sheet = CalamineWorkbook.from_path(str(filled[suffix])).get_sheet_by_name("Grille")
    rows = sheet.to_python(skip_empty_area=False)
    read = {text: rows[row][1] for row, text in enumerate(TYPED, 2)}
    assert read == TYPED
    assert [type(value) for value in read.values()] == [type(value) for value in TYPED.values()]


def test_typing_brings_its_number_format(filled: dict[str, Path]) -> None:
    sheet = openpyxl.load_workbook(filled[".xlsx"])["Grille"]
    cells = {text: sheet.cell(row, 2) for row, text in enumerate(TYPED, 3)}
    assert "%" in cells["80%"].number_format
    assert cells["3/5"].is_date
    assert cells["3,5"].number_format == "General"
    assert cells["VRAI"].data_type == "b"
    assert cells["'3"].data_type == "s"
    assert cells["=SUM(B3;1,5)"].value == "=SUM(B3,1.5)"


def test_dependent_formulas_are_stored_with_their_value(filled: dict[str, Path]) -> None:
    for path in filled.values():
        rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Grille").to_python(skip_empty_area=False)
        assert rows[2][3] == 7.0


def test_reading_tells_what_is_shown(office: Office, filled: dict[str, Path]) -> None:
    for path in filled.values():
        cells = office.read(path)["Grille"]
        assert cells["A1"] == Content("référence Grille", "référence Grille", "text")
        assert cells["B3"] == Content("3,5", 3.5, "number")
        assert cells["D3"] == Content("7", 7.0, "number", "=B3*2")
        assert {address: cells[address].kind for address in ("B4", "B5", "B6", "B7")} == {
            "B4": "date",
            "B5": "time",
            "B6": "percent",
            "B7": "boolean",
        }
        assert cells["B7"].value is True
        assert list(cells)[:3] == ["A1", "B3", "D3"]


def test_typing_and_clearing_by_name(office: Office, blank: Path, tmp_path: Path) -> None:
    actions = [
        Type("grille_niveau_1.1", "3"),
        Type("grille_niveau_1.2", "4"),
        Type("date", "01/02/2026", sheet="Travaux"),
        Clear("grille_niveau_1.1"),
        Type("B3", "=1/0", "Travaux"),
    ]
    sheets = office.read(office.edit(blank, tmp_path / "rendu.ods", actions))
    assert {at: cell.value for at, cell in sheets["Grille"].items() if at[0] == "B"} == {"B4": 4.0}
    assert sheets["Travaux"]["B30"].shown == "01/02/26"
    assert sheets["Travaux"]["B3"] == Content("#DIV/0!", None, "error", "=1/0")
    assert office.read(tmp_path / "rendu.ods", wanted=["Grille"]) == {
        "Grille": sheets["Grille"],
        "Travaux": {"B3": sheets["Travaux"]["B3"]},
    }


def test_formulas_are_followed_without_storing_anything(office: Office, blank: Path) -> None:
    before = blank.read_bytes()
    found = office.follow(blank, [Type("B3", "3,5", "Grille"), Type("B4", "=1/0", "Grille")], ["Grille"])
    assert list(found) == ["Grille"]
    assert found["Grille"][2:4] == [["", 3.5, "", 7.0], ["", None, "", ""]]
    assert blank.read_bytes() == before


@pytest.mark.parametrize(
    "more",
    [
        lambda _: Type("B4", "=1/0", "Grille"),
        lambda _: InsertRows("Grille", before=2),
        lambda _: RenameSheet("Travaux", "Devoirs"),
        lambda _: Unprotect("Grille"),
        lambda _: Type("A1", "x", "Grille"),  # is refused
        lambda blank: ImportSheet(blank, "Travaux"),  # as Travaux_2; the program cannot undo it
    ],
)
def test_what_was_followed_leaves_no_trace_in_what_is_followed_next(
    office: Office, blank: Path, tmp_path: Path, more: Callable[[Path], Action]
) -> None:
    untouched = office.follow(blank, [], ["Grille"])
    with suppress(OfficeError):
        office.follow(blank, [Type("B3", "3,5", "Grille"), more(blank)], ["Grille"])
    assert office.follow(blank, [], ["Grille"]) == untouched
    assert office.follow(blank, [RenameSheet("Travaux", "Travaux_2")], ["Grille"]) == untouched
    with pytest.raises(OfficeError, match="A1 is locked"):
        office.follow(blank, [Type("A1", "x", "Grille")], ["Grille"])
    other = office.edit(blank, tmp_path / blank.name, [Type("B3", "4", "Grille")])
    assert office.follow(other, [], ["Grille"])["Grille"][2][1] == 4.0


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        (Type("A1", "x", "Grille"), "A1 is locked"),
        (Clear("A1:B3", "Grille"), "A1:B3 is locked"),
        (CopyCells("Grille", "B3", "D3"), "D3 is locked"),
        (Type("B3", "x"), "needs its sheet"),
        (Type("B3", "x", "Oral"), "no sheet 'Oral'"),
        (Type("date", "x"), "belongs to Grille and Travaux"),
        (Type("grille_niveau_1.1", "x", "Travaux"), "points to the sheet 'Grille'"),
        (Type("grille_niveau_9", "x"), "no name grille_niveau_9"),
        (RenameSheet("Grille", "Travaux"), "already a sheet 'Travaux'"),
        (RenameSheet("Grille", "a/b"), "not a name for a sheet"),
        (InsertRows("Grille", before=0), "InsertRows"),
    ],
)
def test_what_a_person_could_not_do_is_refused(
    office: Office, blank: Path, tmp_path: Path, action: Type, reason: str
) -> None:
    with pytest.raises(OfficeError, match=reason):
        office.edit(blank, tmp_path / "rendu.xlsx", [action])
    assert list(tmp_path.iterdir()) == []


def test_rows_and_columns_carry_names_and_values_along(office: Office, blank: Path, tmp_path: Path) -> None:
    actions = [
        Type("grille_niveau_1.1", "2"),
        InsertRows("Grille", before=3, count=2),
        InsertColumns("Grille", before="B"),
        Type("grille_niveau_1.2", "5"),
        DeleteRows("Grille", first=2),
        DeleteColumns("Travaux", first="A"),
    ]
    moved = office.edit(blank, tmp_path / "décalé.xlsx", actions)
    assert names(moved) == {"grille_niveau_1.1": "Grille!$C$4", "grille_niveau_1.2": "Grille!$C$5"}
    sheets = office.read(moved)
    assert [sheets["Grille"][at].shown for at in ("C4", "C5", "E4")] == ["2", "5", "4"]
    assert sheets["Travaux"] == {}


def test_the_name_of_a_deleted_row_points_nowhere(office: Office, blank: Path, tmp_path: Path) -> None:
    actions = [DeleteRows("Grille", first=3), Type("grille_niveau_1.1", "3")]
    with pytest.raises(OfficeError, match="no longer points to a cell"):
        office.edit(blank, tmp_path / "rendu.xlsx", actions)


def test_a_password_locks_the_file(office: Office, blank: Path, tmp_path: Path) -> None:
    xlsx = office.edit(blank, tmp_path / "secret.xlsx", [Type("B3", "3", "Grille")], password="sésame")
    with pytest.raises(PasswordError):
        CalamineWorkbook.from_path(str(xlsx))
    ods = office.edit(blank, tmp_path / "secret.ods", [Type("B3", "3", "Grille")], password="sésame")
    for path in (xlsx, ods):
        with pytest.raises(OfficeError):
            office.read(path)
        assert office.read(path, source_password="sésame")["Grille"]["B3"].value == 3.0
    with pytest.raises(OfficeError, match="with a password"):
        office.edit(blank, tmp_path / "secret.csv", password="sésame")


@pytest.mark.parametrize(
    ("suffix", "start"),
    [
        (".xls", b"\xd0\xcf\x11\xe0"),
        (".xlsm", b"PK"),
        (".pdf", b"%PDF"),
        (".csv", "référence Grille;;;".encode()),
        (".html", b"<!DOCTYPE html"),
    ],
)
def test_the_suffix_chooses_the_format(office: Office, blank: Path, tmp_path: Path, suffix: str, start: bytes) -> None:
    assert office.convert(blank, tmp_path / f"copie{suffix}").read_bytes().startswith(start)


def test_a_workbook_may_be_edited_in_place_and_sources_stay_untouched(
    office: Office, blank: Path, tmp_path: Path
) -> None:
    before = blank.read_bytes()
    path = office.edit(blank, tmp_path / "Copie de « Grille » #1 100%.xlsx", [Type("B3", "1", "Grille")])
    office.edit(path, path, [Type("B4", "2", "Grille")])
    assert [office.read(path)["Grille"][at].value for at in ("B3", "B4")] == [1.0, 2.0]
    assert blank.read_bytes() == before
    assert list(blank.parent.glob(".~lock*")) == []


def test_what_is_not_a_workbook_is_refused_and_the_next_one_is_served(
    office: Office, blank: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "abîmé.xlsx"
    broken.write_bytes(blank.read_bytes()[:1500])
    with pytest.raises(OfficeError):
        office.read(broken)
    assert list(office.read(blank)) == ["Grille", "Travaux"]


def test_silence_is_an_error_then_all_starts_afresh(office: Office, blank: Path) -> None:
    with pytest.raises(OfficeError, match="did not answer within"):
        office.read(blank, timeout=0.001)
    assert list(office.read(blank)) == ["Grille", "Travaux"]


def test_after_a_crash_the_order_is_given_again(office: Office, blank: Path, tmp_path: Path) -> None:
    office._line._process.kill()
    path = office.edit(blank, tmp_path / "rendu.xlsx", [Type("B3", "4", "Grille")])
    assert office.read(path)["Grille"]["B3"].value == 4.0


def test_nothing_is_left_behind(office: Office) -> None:
    with Office() as other:
        folder, group = other._folder, other._line._process.pid
        assert folder.is_dir()
    assert not folder.exists()
    if hasattr(os, "killpg"):
        with pytest.raises(ProcessLookupError):
            os.killpg(group, 0)
    with pytest.raises(OfficeError, match="not started"):
        other.read(folder)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
def test_pages_are_rendered_as_pictures(office: Office, blank: Path, tmp_path: Path) -> None:
    (tmp_path / f"{blank.stem}-9.png").touch()
    pages = render(blank, tmp_path, office=office)
    assert [page.name for page in pages] == ["Grille à remplir-1.png", "Grille à remplir-2.png"]
    assert pages[0].read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 error")])
def test_absence_skips_the_tests_unless_it_is_required(required: str, outcome: str) -> None:
    this = f"{__file__}::{test_nothing_is_left_behind.__name__}"
    environment = os.environ | {"COHORTE_SOFFICE": "absent", "COHORTE_REQUIRE_LIBREOFFICE": required}
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", this]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
    assert outcome in done.stdout
    assert "COHORTE_SOFFICE names a file that is not there" in done.stdout


def test_a_sheet_comes_from_another_workbook(
    office: Office, blank: Path, filled: dict[str, Path], tmp_path: Path
) -> None:
    for source in filled.values():
        actions = [DeleteSheet("Grille"), ImportSheet(source, "Grille", position=0)]
        path = office.edit(blank, tmp_path / "rendu.xlsx", actions)
        assert list(office.read(path)) == ["Grille", "Travaux"]
        assert office.read(path)["Grille"]["B3"].value == 3.5
