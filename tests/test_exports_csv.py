"""The results as CSV: what spreadsheets and pandas read of it, and texts that nothing executes."""

import csv
import re
from datetime import datetime
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.office.styles import safe_text
from engine.outputs.data import Type, guarded, restored
from tests import data_guide
from tests.data_guide import exported
from tests.results import rows, workbook
from tests.test_exports import NAMES, texts, written

HOSTILE = [
    *(
        "=1+1",
        "+1",
        "-1",
        "@SOMME(A1)",
        "\t=1+1",
        "\r=1+1",
        " =1+1",
        "\u200b=1+1",
        "＝1+1",
        '=HYPERLINK("x";"y")',
        "=cmd|' /C calc'!A0",
    ),
    *("007", "2.10", "3/5", "3:5", "12e4", "1E5", "12-05", "50 %", "(5)", "1 1/2", "５", "1234567890123456789"),
    *("mars 2025", "SEPT2", "Mars-12", "févr. 3", "lundi 3 mars 2025", "juil. 5", "VRAI", "Faux", "TRUE"),
    *("'007", "''", "#N/A", "5;6", 'dit "non"', "a\nb", "a\r\nb", "NA", "nan", "L'Haÿ-les-Roses", "N’Guessan; Awa"),
    *("C01", "Mars", "Avril Lavigne", "« 4+ »", "é", "x" * 300, "<r>gras</r>"),
]
EXECUTED = re.compile(r"\s*[=+\-@\t\r＝＋－＠]")


def fields(path):
    """The rows of a CSV, as they stand in the file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


# ------------------------------------------------------------------------------------------------------- CSV


def test_a_french_spreadsheet_recognises_the_file(tmp_path):
    content = written(exported()["decisions"], tmp_path).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfIdentifiant;Nom;Pr\xc3\xa9nom;")
    assert content.count(b"\n") == content.count(b"\r\n") == 15
    assert b";12,5;" in content
    assert b";12.5;" not in content


@pytest.mark.parametrize("name", NAMES)
def test_a_table_reads_back_as_it_was(name, tmp_path):
    made = exported()[name]
    heading, *lines = fields(written(made, tmp_path))
    assert heading == [column.name for column in made.columns]
    for column, values, found in zip(made.columns, made.fill(), zip(*lines, strict=True), strict=True):
        assert [READ[column.type](field) if field else None for field in found] == [
            value or None if value == "" else value for value in values
        ]


READ = {
    Type.TEXT: restored,
    Type.WHOLE: int,
    Type.NUMBER: lambda field: Decimal(field.replace(",", ".")),
    Type.YES_NO: {"Oui": True, "Non": False}.get,
    Type.DATE: lambda field: datetime.strptime(field, "%d/%m/%Y").date(),
    Type.MOMENT: lambda field: datetime.strptime(field, "%d/%m/%Y %H:%M:%S"),
}


@given(st.text())
def test_no_text_is_executed_and_every_text_comes_back(text):
    field = guarded(text)
    assert not EXECUTED.match(field)
    assert restored(field) in (text, safe_text(text))
    assert restored(field) == text or not text.isprintable()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_neither_executed_nor_lost(text, tmp_path):
    ((_,), (field,)) = fields(written(texts([text]), tmp_path))
    assert not EXECUTED.match(field)
    assert restored(field) == text


def test_ordinary_texts_stand_bare():
    for text in (
        "C01",
        "Éloïse",
        "DE LA TOUR",
        "tuteurs/T01/a.xlsx",
        "« 4+ » n'est pas clair.",
        "Mars",
        "B1; B2",
        "Marie 3",
    ):
        assert guarded(text) == text


def test_signs_that_no_file_can_hold_are_shown(tmp_path):
    assert fields(written(texts(["a\x00b\udcff"]), tmp_path))[1] == ["a�b�"]


@pytest.mark.libreoffice
def test_a_spreadsheet_opens_each_value_as_it_is(office, tmp_path):
    """LibreOffice in French, made as eager to convert and to compute as Excel is."""
    (sheet,) = office.read(written(texts(HOSTILE), tmp_path)).values()
    for row, text in enumerate(HOSTILE, start=2):
        cell = sheet[f"A{row}"]
        assert (cell.kind, cell.formula) == ("text", None), text
        assert restored(cell.value).replace("\r\n", "\n") == text.replace("\r\n", "\n").replace("\r", "\n")


@pytest.mark.libreoffice
def test_a_spreadsheet_reads_numbers_as_numbers_and_words_as_words(office, tmp_path):
    made = exported()["decisions"]
    (sheet,) = office.read(written(made, tmp_path)).values()
    lines = {int(re.sub(r"\D", "", address)) for address in sheet}
    assert lines == set(range(1, 16))
    cells = list(
        zip(
            *([cell_at(sheet, column, row) for row in range(2, 16)] for column in range(len(made.columns))), strict=True
        )
    )
    for line, values in zip(cells, zip(*made.fill(), strict=True), strict=True):
        for cell, value in zip(line, values, strict=True):
            if isinstance(value, bool):
                assert cell.value == ("Oui" if value else "Non")
            elif isinstance(value, int | Decimal):
                assert (cell.kind, cell.value) == ("number", float(value))
            elif value:
                assert (cell.kind, restored(cell.value)) == ("text", value)
            else:
                assert cell is None


def cell_at(sheet, column, row):
    letters = ""
    while column >= 0:
        letters, column = chr(65 + column % 26) + letters, column // 26 - 1
    return sheet.get(f"{letters}{row}")


def test_pandas_reads_it_as_the_guide_says(tmp_path):
    made = exported()["saisies"]
    path = written(made, tmp_path)
    (call,) = re.findall(r"`pandas\.(read_csv\(chemin, [^`]+)`", data_guide.PATH.read_text(encoding="utf-8"))
    found = eval(f"pd.{call}", {"pd": pd, "chemin": path})
    assert found["Code"].map(restored).tolist() == list(made.fill()[3])
    assert found["Valeur lue"].map(restored).tolist() == list(made.fill()[5])


def test_the_example_of_the_guide_reads_a_table(tmp_path, monkeypatch):
    folder = tmp_path / "demo" / "resultats" / "donnees"
    folder.mkdir(parents=True)
    written(exported()["decisions"], folder)
    monkeypatch.chdir(tmp_path)
    (example,) = re.findall(r"(?s)```python\n(.*?)```", data_guide.PATH.read_text(encoding="utf-8"))
    found = {}
    exec(example, found)
    assert found["admis"] == [row["Nom"] for row in rows(workbook(), "Synthèse") if row["Décision"] == "ADMIS"]
