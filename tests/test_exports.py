"""The results as data: the same values in every format, nothing a spreadsheet could change or execute."""

from datetime import date
from decimal import Decimal
from importlib import import_module

import pytest
from pyarrow import parquet

from engine.model.tables import ANOMALIES, EXCLUDED, FILES, MARKS, table
from engine.outputs import data
from engine.outputs.content import Content
from engine.outputs.data import Column, Table, Type
from engine.outputs.tables import decisions
from tests import data_guide
from tests.data_guide import exported
from tests.results import BTS, CGCO, CQP, OTHER, SMALLEST, mark, person, rows, session, workbook
from tests.results import written as results

RULED = ("Décision calculée", "Décidé par")
NAMES = ["decisions", "niveaux", "jury", "saisies", "anomalies", "fichiers", "dictionnaire"]


def texts(values, kind=Type.TEXT):
    return Table("essai", "", (Column(name="Valeur", type=kind, meaning="", source=""),), lambda: (list(values),))


def written(made, folder, write=data.write_csv, suffix="csv"):
    target = folder / f"{made.name}.{suffix}"
    write(made, target)
    return target


def rows_of(made):
    names = [column.name for column in made.columns]
    return [dict(zip(names, values, strict=True)) for values in zip(*made.fill(), strict=True)]


# ------------------------------------------------------------------------------------------------ the tables


def test_the_decisions_are_those_of_the_workbook():
    for name in (CGCO, OTHER, SMALLEST, BTS, CQP):
        content = session(name)
        made = data.tables(Content(**content))[0]
        shown = {row["Identifiant"]: row for row in rows(workbook(name), "Synthèse")}
        found = rows_of(made)
        assert {row["Identifiant"] for row in found} == set(shown)
        for row in found:
            for heading, cell in shown[row["Identifiant"]].items():
                if heading == "Motifs":  # the sheet has them in two lines
                    continue
                assert as_cell(row, heading) == cell, (row["Identifiant"], heading)


def test_a_column_that_is_described_stands_in_the_sheet_the_data_and_the_dictionary(tmp_path, monkeypatch):
    usual = {row["Motifs"] for row in rows(workbook(), "Synthèse")}  # before anything is added: others read it too
    known = decisions.fields
    added = Column(name="Entreprise", type=Type.TEXT, meaning="Où il travaille.", source="registre")

    def more(referential):
        yield from known(referential)
        yield decisions.Field(added, lambda outcome: f"chez {outcome.candidate.id}")

    for module in (decisions, import_module("engine.outputs.workbook.summary")):
        monkeypatch.setattr(module, "fields", more)
    content = session(CGCO)
    made = data.tables(Content(**content))
    assert {row["Entreprise"] for row in rows_of(made[0])} == {
        f"chez {one.candidate.id}" for one in content["outcomes"]
    }
    assert ("decisions", "Où il travaille.") in {(row["Table"], row["Signification"]) for row in rows_of(made[-1])}
    shown = rows(results(tmp_path), "Synthèse")
    assert [row["Entreprise"] for row in shown] == [f"chez {row['Identifiant']}" for row in shown]
    assert {row["Motifs"] for row in shown} == usual


def as_cell(row, heading):
    """What the workbook shows for a value of the table."""
    value = row[heading] if row[heading] is not None else row.get(f"{heading} code")
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, int | Decimal):
        return float(value)
    return value or ""


def test_the_levels_are_those_of_the_workbook():
    found = [row for row in rows_of(exported()["niveaux"]) if row["Nature"] == "GRILLE"]
    assert len(found) == 13 * 27  # fourteen candidates, one of whom left
    for row in found:
        cell = person(workbook(), row["Candidat"], "Compétences")[row["Code"]]
        assert cell == ("" if row["Niveau"] is None else float(row["Niveau"]))
    states = {row["Code"]: row["État"] for row in found if row["Candidat"] == "C004" and row["Famille"] == "B2"}
    assert (states["2.1"], states["2.6"], states["2.7"]) == ("Démontrée", "Sans niveau", "À corriger")


def test_a_value_stands_in_the_column_of_its_type():
    marks = [
        mark(Decimal("3.5"), raw="3,5"),
        mark(date(2025, 3, 5), entry="date", raw="05/03/2025"),
        mark("Oui", kind="ORAL", entry="rapport"),
        mark(None, "ABS", kind="ORAL", entry="points", raw="abs"),
        mark(None, EXCLUDED, raw="4+"),
        mark(None, "missing", raw=""),
    ]
    found = rows_of(exported(marks=table(MARKS, marks))["saisies"])
    kept = [(row["État"], row["Nombre retenu"], row["Date retenue"], row["Texte retenu"]) for row in found]
    assert kept == [
        ("Retenue", Decimal("3.5"), None, None),
        ("Retenue", None, date(2025, 3, 5), None),
        ("Retenue", None, None, "Oui"),
        ("ABS", None, None, None),
        ("Écartée", None, None, None),
    ]


def test_anomalies_and_files_are_the_engine_s():
    for name, columns in (("anomalies", ANOMALIES), ("fichiers", FILES)):
        made, source = exported()[name], session()["anomalies" if name == "anomalies" else "files"]
        assert [list(values) for values in made.fill()] == [source[column].tolist() for column in columns]


def test_the_dictionary_tells_every_column():
    tables = exported()
    assert list(tables) == NAMES
    told = [(row["Table"], row["Colonne"]) for row in rows_of(tables["dictionnaire"])]
    assert told == [(name, column.name) for name in NAMES[:-1] for column in tables[name].columns]
    assert all(row["Signification"].endswith(".") and row["Source"] for row in rows_of(tables["dictionnaire"]))


def test_a_part_that_is_left_out_has_no_column():
    content = session(SMALLEST)
    made = data.tables(Content(**content))
    names = [column.name for column in made[0].columns]
    assert names == [
        "Identifiant",
        "Nom",
        "Prénom",
        "Décision",
        "Provisoire",
        *("Blocs acquis", *RULED),
        "G",
        "G état",
        "Motifs",
    ]


def test_the_guide_shows_the_dictionary_as_it_is():
    guide = data_guide.PATH.read_text(encoding="utf-8")
    assert guide == data_guide.rewritten(guide), "run python -m tests.data_guide"


# --------------------------------------------------------------------------------------------------- Parquet


@pytest.mark.parametrize("name", NAMES)
def test_parquet_holds_the_same_values(name, tmp_path):
    made = exported()[name]
    found = parquet.read_table(written(made, tmp_path, data.write_parquet, "parquet"))
    assert found.column_names == [column.name for column in made.columns]
    for column, values, read in zip(made.columns, made.fill(), found.columns, strict=True):
        assert read.to_pylist() == [None if value == "" else value for value in values]
        assert str(read.type) == ARROW[column.type]


ARROW = {
    Type.TEXT: "string",
    Type.WHOLE: "int64",
    Type.NUMBER: "decimal128(38, 18)",
    Type.YES_NO: "bool",
    Type.DATE: "date32[day]",
    Type.MOMENT: "timestamp[ms]",  # Parquet has no seconds
}


@pytest.mark.parametrize(
    "numbers",
    [
        ["10.004", "0.1", "12.3333333333333", "20"],
        ["0.0000000000000000555111512312578", "20"],  # what 0,1 + 0,2 - 0,3 leaves in a cell
        ["123456789012345", "0.0000000000000000000000000012345"],
        [],
    ],
)
def test_decimals_stay_exact(numbers, tmp_path):
    values = [None, *(Decimal(number) for number in numbers)]
    target = written(texts(values, Type.NUMBER), tmp_path, data.write_parquet, "parquet")
    assert parquet.read_table(target).column(0).to_pylist() == values


def test_what_no_column_can_hold_is_the_nearest(tmp_path):
    values = [Decimal("1E-300"), Decimal("14.5")]
    target = written(texts(values, Type.NUMBER), tmp_path, data.write_parquet, "parquet")
    assert parquet.read_table(target).column(0).to_pylist() == [Decimal(0), Decimal("14.5")]
