"""The sheets that tell what happened to the returns, and every text that people or files may bring into them."""

import re
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import unquote

import openpyxl
import pytest

from engine.model.anomalies import Gravity, make
from engine.model.tables import FILES, MARKS, MISSING_SHEETS, VALUE, anomaly_rows, table
from engine.outputs.tables.names import names
from tests.results import headings, mark, rows, session, sheets, workbook, written

JOURNALS = {
    "Anomalies": [
        *("Gravité", "Code", "Candidat", "Évaluateur", "Noms", "Fichier"),
        *("Feuille", "Cellule", "Valeur", "Message", "Correction"),
    ],
    "Fichiers": ["Fichier", "État", "Nature", "Candidat", "Évaluateur", "Noms", "Modifié le", "Taille", "SHA-256"],
    "Manquants": ["Évaluateur", "Nom", "Courriel", "Candidat", "Nature", "Nom du candidat", "Fiche"],
    "Détail": [
        *("Candidat", "Nature", "Saisie", "Code", "Évaluateur"),
        *("Valeur lue", "Valeur retenue", "Fichier", "Feuille", "Cellule", "Empreinte", "Maximum", "Repère", "N°"),
    ],
}


@pytest.mark.parametrize("name", JOURNALS)
def test_the_journals_have_their_headings(name):
    assert headings(workbook(), name) == JOURNALS[name]


def test_anomalies_are_sorted_for_whoever_mends_them(tmp_path):
    where = {"file": "b.xlsx", "sheet": "Grille"}
    anomalies = [
        make("I05", "info"),
        make("V09", "avertissement", file="a.xlsx"),
        make("V03", "H10", cell="H10", **where),
        make("V03", "H9", cell="H9", **where),
        make("V03", "AA9", cell="AA9", **where),
        make("I06", "autre fichier", gravity=Gravity.BLOCKING, file="a.xlsx"),
    ]
    found = rows(written(tmp_path, anomalies=anomaly_rows(anomalies)), "Anomalies")
    assert [row["Message"] for row in found] == ["autre fichier", "H9", "AA9", "H10", "avertissement", "info"]
    assert [row["Gravité"] for row in found] == ["bloquante"] * 4 + ["avertissement", "info"]


def test_an_anomaly_says_where_it_is():
    found = next(row for row in rows(workbook(), "Anomalies") if row["Valeur"] == "4+")
    assert [found[name] for name in ("Code", "Candidat", "Évaluateur")] == ["V03", "C004", "T01"]
    assert [found[name] for name in ("Feuille", "Cellule")] == ["Grille", "H21"]


def test_names_stand_beside_the_identifiers(tmp_path):
    anomalies = anomaly_rows(
        [make("V03", "4+", candidate="C004", evaluator="t01", file="b.xlsx"), make("I01", "?", candidate="C999")]
    )
    found = [row["Noms"] for row in rows(written(tmp_path, anomalies=anomalies), "Anomalies")]
    people = session()["roster"]
    assert found == ["", f"{people.candidate('C004').name}\n{people.evaluator('T01').name}"]


def test_the_names_of_a_whole_cohort_are_cut_visibly():
    people = session()["roster"]
    first, second, third, *others = people.candidates
    shown = names(people, "; ".join(each.id for each in people.candidates), "")
    assert shown == f"{first.name} ; {second.name} ; {third.name} ; et {len(others)} autres"


def test_files_have_dates_and_sizes():
    row = rows(workbook(), "Fichiers")[1]
    assert (row["État"], row["Taille"], row["SHA-256"]) == ("Accepté avec réserves", 18_977, "1" * 64)
    assert row["Modifié le"] == datetime(2025, 6, 2, 9, 30)


def test_missing_sheets_say_whom_to_ask():
    found = rows(workbook(), "Manquants")
    assert list(found[0].values()) == [
        "F04",
        "OSMANI Nadia",
        "nadia.osmani@exemple.fr",
        "C002",
        "GRILLE",
        "BELKACEM Inès",
        "Grille de compétences",
    ]
    assert found[-1]["Candidat"] == ""


def test_no_row_at_all_is_an_empty_table(tmp_path):
    nothing = {"marks": MARKS, "files": FILES, "missing": MISSING_SHEETS}
    empty = {name: table(columns, ()) for name, columns in nothing.items()} | {"anomalies": anomaly_rows(())}
    target = written(tmp_path, **empty)
    assert {name: (headings(target, name), rows(target, name)) for name in JOURNALS} == {
        name: (expected, []) for name, expected in JOURNALS.items()
    }


# ----------------------------------------------------------------------------------------------- Détail


def test_detail_holds_each_mark_that_has_a_value(tmp_path):
    work = {"kind": "TRAVAUX", "code": "RA1"}
    marks = [
        mark(Decimal("3"), raw="3"),
        mark(Decimal("2.5"), raw="2,5", code="2.10"),
        mark(None, "NE", raw="ne"),
        mark(None, "missing", raw=""),
        mark(None, "excluded", raw="4+"),
        mark(date(2025, 4, 5), entry="date", raw="05/04/2025", **work),
        mark("un brief", entry="sujet", **work),
        mark(Decimal(0), raw="0", **work),
    ]
    found = rows(written(tmp_path, marks=table(MARKS, marks)), "Détail")
    assert [row["Valeur retenue"] for row in found] == [3.0, "NE", 2.5, 0.0, date(2025, 4, 5), "un brief"]
    assert list(found[2].values()) == [
        *("C001", "GRILLE", "niveau", "2.10", "T01", "2,5", 2.5),
        *("t/a.xlsx", "Grille", "H12", "", "", "3|C001|GRILLE|niveau|2.10|T01", 3.0),
    ]


def test_detail_lists_every_mark_once_and_numbers_them():
    marks = session()["marks"]
    kept = marks[~marks["state"].isin(["missing", "excluded"])][["candidate", "code", "raw", "cell"]]
    found = rows(workbook(), "Détail")
    listed = [[row[name] for name in ("Candidat", "Code", "Valeur lue", "Cellule")] for row in found]
    assert sorted(listed) == sorted(kept.astype(str).to_numpy().tolist())
    assert [row["N°"] for row in found] == list(range(1, len(kept) + 1))


def test_detail_puts_side_by_side_what_is_read_together():
    found = rows(workbook(), "Détail")
    of_one = [row for row in found if row["Candidat"] == "C001"]
    assert [row["Candidat"] for row in found[: len(of_one)]] == ["C001"] * len(of_one)
    levels = [(row["Code"], row["Évaluateur"]) for row in of_one if row["Nature"] == "GRILLE"]
    assert levels[:3] == [("1.1", "T01"), ("1.1", "F04"), ("1.2", "T01")]
    assert [code for code, _ in levels if code in ("2.9", "2.10", "3.1")] == ["2.9", "2.10", "2.10", "3.1", "3.1"]
    points = [row["Évaluateur"] for row in of_one if row["Saisie"] == "points"]
    assert points == sorted(points)
    assert [row["Saisie"] for row in of_one if row["Nature"] == "ORAL"][-2:] == ["rapport", "rapport"]


def test_detail_keeps_exact_numbers(tmp_path):
    values = ["0.1", "12.345678901234567", "19.999999999", "0.0000001"]
    found = rows(written(tmp_path, marks=table(MARKS, [mark(Decimal(value)) for value in values])), "Détail")
    assert [row["Valeur retenue"] for row in found] == [float(value) for value in values]


def test_detail_has_formats_and_a_filter_on_every_row(tmp_path):
    marks = [mark(Decimal(3)), mark(date(2025, 4, 5)), *[mark("texte")] * 40]
    target = written(tmp_path, marks=table(MARKS, marks))
    sheet = openpyxl.load_workbook(target)["Détail"]
    last = sheet.max_row
    assert openpyxl.load_workbook(target, read_only=True)["Détail"].max_row == last
    assert sheet.auto_filter.ref == f"A{last - 42}:N{last}"
    assert [sheet.cell(row, 7).number_format for row in (last - 41, last - 40)] == ["General", "dd/mm/yyyy"]
    assert {sheet.cell(last, column).font.name for column in range(1, 13)} == {"Arial"}


# ----------------------------------------------------------------------------------- whatever people type

HOSTILE = {  # what comes in: what must be read
    "=1+1": "=1+1",
    "{=1+1}": "{=1+1}",
    "@SUM(A1)": "@SUM(A1)",
    "+33 6 12 34": "+33 6 12 34",
    "-1": "-1",
    "http://example.org/": "http://example.org/",
    "internal:Synthèse!A1": "internal:Synthèse!A1",
    "external:../x.xlsx": "external:../x.xlsx",
    "<r><t>&": "<r><t>&",
    "<r><t>intrus</t></r>": "<r><t>intrus</t></r>",
    "]]>": "]]>",
    "_x0041_": "_x0041_",
    " 007 ": "007",
    "a\x00b\x1bc": "a\ufffdb\ufffdc",
    "\ud800": "\ufffd",
    "\u202egpj.exe": "<U+202E>gpj.exe",
    "ligne\nsuivante": "ligne\nsuivante",
}
LONG = ("x" * 40_000, "😀" * 20_000)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    return filled_with([*HOSTILE, *LONG], tmp_path_factory.mktemp("hostile"))


def filled_with(texts, folder):
    """A workbook where every text that may come from outside is one of these."""
    one, admitted = session()["outcomes"][0], session()["admissions"][0]
    people = [replace(one.candidate, id=f"C{rank:03d}", last_name=text[:99]) for rank, text in enumerate(texts)]
    marks = [("t/" + text[:99], text, text, "GRILLE", "C001", text, text, text, text, text, VALUE) for text in texts]
    anomalies = [make("V03", text, value=text, file=text, sheet=text, cell=text, candidate=text) for text in texts]
    return written(
        folder,
        outcomes=[replace(one, candidate=person, reasons=(text,)) for person, text in zip(people, texts, strict=True)],
        admissions=[replace(admitted, candidate=each, lacks=(text,)) for each, text in zip(people, texts, strict=True)],
        marks=table(MARKS, marks),
        anomalies=anomaly_rows(anomalies),
        files=table(FILES, [(text, "Refusé", text, text, text, datetime(2025, 1, 1), 1, text) for text in texts]),
        missing=table(MISSING_SHEETS, [(text,) * 5 for text in texts]),
    )


def formulas(path):
    """The formulas of a workbook, in order, whatever the rows they speak of."""
    cells = (cell for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row)
    return sorted(re.sub(r"\d+", "#", cell.value) for cell in cells if cell.data_type == "f")


def test_nothing_from_outside_is_a_formula_or_a_link(hostile, tmp_path):
    book = openpyxl.load_workbook(hostile)
    links = [cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row if cell.hyperlink]
    texts = [*HOSTILE, *LONG]
    files = {f"../retours/{text}" for text in texts} | {f"../retours/t/{text[:99]}" for text in texts}
    assert links
    for link in links:
        own = re.fullmatch("'(.+)'![A-Z]+[0-9]+", link.location or "")
        assert unquote(link.target) in files if link.target else own[1] in book.sheetnames
    harmless = filled_with([f"texte {rank}" for rank, _ in enumerate(texts)], tmp_path)
    assert formulas(hostile) == formulas(harmless)


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        *(("Anomalies", "Valeur"), ("Fichiers", "Fichier"), ("Manquants", "Nom")),
        *(("Détail", "Valeur lue"), ("Détail", "Valeur retenue")),
    ],
)
def test_texts_read_as_they_were_typed(hostile, name, heading):
    found = [row[heading] for row in rows(hostile, name)]
    assert {text.strip() for text in found if len(text) < 1_000} == set(HOSTILE.values())


@pytest.mark.parametrize(("name", "heading"), [("Anomalies", "Valeur"), ("Détail", "Valeur retenue")])
def test_what_no_cell_can_hold_is_cut_visibly(hostile, name, heading):
    long = [row[heading] for row in rows(hostile, name) if len(row[heading]) > 1_000]
    assert len(long) == len(LONG)
    assert all(text.endswith("[…texte coupé]") for text in long)
    assert all(len(text.encode("utf-16-le")) <= 2 * 32_767 for text in long)


@pytest.mark.libreoffice
def test_libreoffice_opens_hostile_texts_whole(office, tmp_path):
    target = filled_with(list(HOSTILE), tmp_path)
    contents = office.read(target, wanted=())  # the errors alone
    assert list(contents) == list(sheets(target))
    assert not [cell for sheet in contents.values() for cell in sheet.values() if cell.kind == "error"]
