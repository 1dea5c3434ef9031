"""Links: from a mark to the cell it was read from, whatever its file is named; from candidate to marks and back."""

import re
from datetime import datetime
from urllib.parse import unquote

import openpyxl
import pytest

from engine.model.tables import FILES, MARKS, VALUE, table
from engine.outputs.workbook import detail
from engine.outputs.workbook.links import place, to_return
from tests.results import rows, session, workbook, written

NAMES = [
    "tuteurs/BENALI/Grille de compétences.xlsx",
    "été/c#1.xlsx",
    "100%.xlsx",
    "50%25.xlsx",
    "a&b <c> \"d\" 'e'.xlsx",
    "[1]{2}^`|.xlsx",
    "quoi?.xlsx",
    "a;b,c=d+e@f!g$h~(1).xlsx",
    "e\u0301te\u0301 – œuvre €.xlsx",
    "=HYPERLINK(1).xlsx",
    "http:/exemple.fr/x.xlsx",
    "dos\\sous.xlsx",
]


@pytest.mark.parametrize("name", NAMES)
def test_an_address_leads_to_the_file_and_nowhere_else(name):
    address = to_return(name)
    assert unquote(address) == f"../retours/{name}"
    assert not re.search(r'[\s"#<>?\[\]\\]|%(?![0-9A-F]{2})', address)


@pytest.mark.parametrize("name", ["pas du texte \udce9.xlsx", "x" * 3_000, "ligne\nsuivante.xlsx", "a\x00b.xlsx"])
def test_what_no_address_can_hold_has_no_link(name):
    assert to_return(name) is None


def test_a_place_doubles_the_apostrophes_of_its_sheet():
    assert place("Grille d'été", "H12") == "'Grille d''été'!H12"


@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    marks = [(name, "Grille d'été", "H12", "GRILLE", "C001", "T01", "niveau", "1.1", "3", 3, VALUE) for name in NAMES]
    files = [(name, "Accepté", "GRILLE", "C001", "T01", datetime(2025, 1, 1), 1, "ab" * 32) for name in NAMES]
    return written(tmp_path_factory.mktemp("liens"), marks=table(MARKS, marks), files=table(FILES, files))


def links_of(path, name):
    sheet = openpyxl.load_workbook(path)[name]
    return {cell.coordinate: cell.hyperlink for row in sheet.iter_rows() for cell in row if cell.hyperlink}


def test_each_mark_leads_to_its_cell_in_its_file(linked):
    found = [link for link in links_of(linked, "Détail").values() if link.target]
    assert [unquote(link.target) for link in found] == [f"../retours/{name}" for name in NAMES]
    assert {link.location for link in found} == {"'Grille d''été'!H12"}
    assert {row["Empreinte"] for row in rows(linked, "Détail")} == {"abababababab"}


def test_each_file_leads_to_itself(linked):
    found = [link.target for link in links_of(linked, "Fichiers").values() if link.target]
    assert [unquote(target) for target in found] == [f"../retours/{name}" for name in NAMES]


def test_an_anomaly_leads_to_its_cell():
    found = [link for link in links_of(workbook(), "Anomalies").values() if link.target]
    assert (unquote(found[0].target), found[0].location) == (
        "../retours/jurys/J01/MARCHETTI Lucas oral.xlsx",
        "'Grand oral'!D9",
    )


def test_too_many_marks_have_no_link_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setattr(detail, "_MOST_FILE_LINKS", 10)
    assert not [link for link in links_of(written(tmp_path), "Détail").values() if link.target]


def test_each_candidate_leads_to_the_marks_and_back():
    book = openpyxl.load_workbook(workbook())
    for outcome in session()["outcomes"]:
        identifier = outcome.candidate.id
        there = cell_of(book["Synthèse"], identifier).hyperlink
        if outcome.candidate.dropped_out:
            assert there is None
            continue
        first = target_of(book, there)
        assert (first.parent.title, first.value) == ("Détail", identifier)
        back = target_of(book, first.hyperlink)
        assert (back.parent.title, back.value) == ("Synthèse", identifier)
        assert first.offset(-1).value != identifier
    for name in ("Compétences", "Transversales", "Oral", "Notes", "Validation", "Candidats"):
        back = target_of(book, cell_of(book[name], "C005").hyperlink)
        assert (back.parent.title, back.value) == ("Synthèse", "C005")


def cell_of(sheet, identifier):
    return next(row[0] for row in sheet.iter_rows() if row[0].value == identifier)


def target_of(book, link):
    sheet, cell = re.fullmatch(r"'(.+)'!([A-Z]+[0-9]+)", link.location).groups()
    return book[sheet][cell]


@pytest.mark.libreoffice
def test_libreoffice_understands_them(office, linked, tmp_path):
    """As it stores them again: the same names, whatever signs they hold."""
    again = tmp_path / "encore.xlsx"
    office.convert(linked, again)
    targets = [link.target for link in links_of(again, "Fichiers").values() if link.target]
    assert [unquote(target).split("retours/", 1)[1] for target in targets] == NAMES
