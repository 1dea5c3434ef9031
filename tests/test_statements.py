"""The registered statements of competences: the file that the roster names, and what the sheets show of it."""

from __future__ import annotations

import openpyxl
import pytest

from engine import referential
from engine.commands.rosters import read_roster
from engine.commands.templates import issue
from engine.model import Kind, forms
from engine.model.errors import RosterError
from engine.model.texts import fold
from tests import cohorts, rosters

FILE = "énoncés officiels.csv"
TABLE = 'Code;Énoncé\r\n1.1;Élaborer une stratégie « durable »\r\n2.10;"Protéger l\'identité ; agir"\r\n'
STATEMENTS = {"1.1": "Élaborer une stratégie « durable »", "2.10": "Protéger l'identité ; agir"}


def load(name):
    return referential.load(name)


def read(folder, name=FILE):
    path = rosters.saved(rosters.book(session=f"{rosters.SESSION}Énoncés | {name}\n"), folder)
    return read_roster(path, load)


def told(folder, name=FILE):
    with pytest.raises(RosterError) as caught:
        read(folder, name)
    return caught.value.problems


def problems(folder, content):
    (folder / FILE).write_bytes(content if isinstance(content, bytes) else content.encode())
    return told(folder)


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_a_text_table_is_read_as_spreadsheet_programs_write_it(tmp_path, encoding, separator):
    quoted = TABLE.replace("« durable »", "« durable »").replace("Code;", f"Code{separator}")
    lines = quoted.replace("1.1;", f"1.1{separator}").replace("2.10;", f"2.10{separator}")
    (tmp_path / FILE).write_bytes(lines.encode(encoding))
    assert read(tmp_path).statements == STATEMENTS


@pytest.mark.parametrize("headings", ["sep=;\nCODE;enonce\n", "Titre\n\n;code;Énoncé;Remarque\n"])
def test_headings_are_known_as_those_of_the_roster_are(tmp_path, headings):
    line = ";1.1;Élaborer;à voir" if headings.startswith("Titre") else "1.1;Élaborer"
    (tmp_path / FILE).write_text(f"{headings}{line}\n;;\n\n", encoding="utf-8")
    assert read(tmp_path).statements == {"1.1": "Élaborer"}


@pytest.mark.parametrize("several", [False, True])
def test_a_workbook_is_read_whatever_its_sheet_is_called(tmp_path, several):
    made = openpyxl.Workbook()
    if several:
        made.create_sheet("Sommaire", 0).append(["Voir la feuille suivante"])
    for row in (["Référentiel national"], ["Énoncé", "Code"], *([text, code] for code, text in STATEMENTS.items())):
        made["Sheet"].append(row)
    made.save(tmp_path / "officiels.xlsx")
    assert read(tmp_path, "officiels.xlsx").statements == STATEMENTS
    assert read(tmp_path, str(tmp_path / "officiels.xlsx")).statements == STATEMENTS


def test_every_fault_of_the_table_is_told_with_its_line(tmp_path):
    found = problems(tmp_path, "Code;Énoncé\n1.1;a\n9.9;b\n1.1;c\n2.1;\n;d\n2.2;" + "e" * 1501)
    assert rosters.places(found) == [f"{FILE}!{cell}" for cell in ("A3", "A4", "B5", "A6", "B7")]
    assert "9.9" in found[0]
    assert "A2" in found[1]


def test_a_number_is_no_code(tmp_path):
    made = openpyxl.Workbook()
    for row in (["Code", "Énoncé"], [2.1, "Protéger"]):
        made.active.append(row)
    made.save(tmp_path / "officiels.xlsx")
    assert rosters.places(told(tmp_path, "officiels.xlsx")) == ["officiels.xlsx!A2"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (TABLE.encode("mac_roman"), "encodage"),
        (TABLE.encode("cp850"), "encodage"),
        (b"", "vide"),
        (b"Code;\0", "texte"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "classeur"),
        (b"PK\x03\x04" + bytes(100), "endommag"),
        ("Compétence;Texte\n1.1;a", "titres"),
        ('Code;Énoncé\n1.1;"a\n2.1;b', "guillemets"),
        ("Code,Énoncé\n1.1,Analyser, choisir", "séparateur"),
        (b"Code;\xc9nonc\xe9\n" + b"1.1;a\n" * 400_000, "gros"),
    ],
)
def test_a_file_that_leaves_a_doubt_is_refused_at_its_cell(tmp_path, content, reason):
    (sentence,) = problems(tmp_path, content)
    assert sentence.startswith("Session!B5 : ")
    assert reason in sentence


@pytest.mark.parametrize("name", ["absent.csv", "un dossier", "a" * 300])
def test_a_file_that_is_not_there_is_told_with_the_rest(tmp_path, name):
    (tmp_path / "un dossier").mkdir()
    (sentence,) = told(tmp_path, name)
    assert sentence.startswith("Session!B5 : ")


def test_several_sheets_with_the_headings_leave_a_doubt(tmp_path):
    made = openpyxl.Workbook()
    for sheet in (made.active, made.create_sheet("Autre")):
        sheet.append(["Code", "Énoncé"])
    made.save(tmp_path / "officiels.xlsx")
    (sentence,) = told(tmp_path, "officiels.xlsx")
    assert "« Autre »" in sentence


# ------------------------------------------------------------------------------------------- in the sheets


def state(cohort):
    """The cohort, its roster naming the table of statements from now on."""
    (cohort.path / FILE).write_text(TABLE, encoding="utf-8-sig")
    book = openpyxl.load_workbook(cohort.path / "cohorte.xlsx")
    book["Session"].append(["Énoncés", FILE])
    book.save(cohort.path / "cohorte.xlsx")
    return cohorts.Cohort(cohort.path)


def labels(book):
    """The cell of each competence's title, by code."""
    return {row[0].value: row[1] for row in book.sheet(Kind.GRILLE).iter_rows() if row[0].value}


def test_sheets_already_sent_read_as_before(cohort):
    cohort.filled(Kind.GRILLE).save()
    before = cohort.consolidate()
    after = state(cohort).consolidate()
    assert after.codes == before.codes == set()
    assert after.value("007", "niveau", "1.1") == before.value("007", "niveau", "1.1")


def test_the_sheets_show_each_statement_under_its_title(cohort):
    stated = state(cohort)
    issue(stated.path)
    book = stated.filled(Kind.GRILLE)
    shown = labels(book)
    assert [fold(text) for code in STATEMENTS for text in shown[code].value.split("\n")[1:]] == [
        fold(text) for text in STATEMENTS.values()
    ]
    assert "\n" not in shown["1.2"].value
    book.save()
    assert stated.consolidate().codes == set()


def test_the_commission_has_the_statements_too(cohort):
    form = forms.build(state(cohort).referential, Kind.SYNTHESE)
    assert {row.code: row.statement for row in form.rows if row.statement} == STATEMENTS


@pytest.mark.parametrize("issued", ["before", "after"])
def test_a_title_beside_another_code_is_seen_whenever_the_sheet_went_out(cohort, issued):
    """Whichever wording stands under the titles, what names a row is its title."""
    if issued == "after":
        issue(state(cohort).path)
    book = cohort.filled(Kind.GRILLE)
    shown = labels(book)
    shown["1.1"].value, shown["1.2"].value = shown["1.2"].value, shown["1.1"].value
    book.save()
    results = state(cohort).consolidate() if issued == "before" else cohorts.Cohort(cohort.path).consolidate()
    assert results.anomaly("S05")["Gravité"] == "bloquante"
