"""The blank roster: sound, reproducible, and faithful to what is typed in a real spreadsheet."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest

from engine import referential as referentials
from engine.model.errors import RosterError
from engine.roster.blank import blank
from tests.libreoffice import Type
from tests.rosters import places, read


@pytest.fixture(scope="module")
def certification():
    return referentials.load("cgco_rncp34465")


def test_the_blank_roster_lacks_only_candidates(tmp_path, certification):
    path = tmp_path / "cohorte.xlsx"
    path.write_bytes(blank(certification, "mien.toml"))
    with pytest.raises(RosterError) as caught:
        read(path)
    assert places(caught.value.problems) == ["Candidats!A2"]
    sheets = openpyxl.load_workbook(path)
    assert sheets.sheetnames == ["Mode d'emploi", "Session", "Candidats", "Évaluateurs", "Journées"]
    assert sheets["Session"]["B2"].value == "mien.toml"


def test_what_is_left_of_the_example_line_counts_for_nobody(certification):
    """People are written over it, and some of its cells forgotten."""
    sheets = openpyxl.load_workbook(io.BytesIO(blank(certification)))
    counting = [
        ("Candidats", "Blocs acquis"),
        ("Candidats", "Courriel"),
        ("Évaluateurs", "Courriel"),
        ("Évaluateurs", "Extérieur"),
    ]
    for title, heading in counting:
        headings, example = sheets[title].iter_rows(max_row=2, values_only=True)
        assert dict(zip(headings, example, strict=True))[heading] in (None, "")


def test_the_blank_roster_is_the_same_every_time(certification, monkeypatch):
    first = blank(certification)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")
    assert blank(certification) == first


def test_the_blank_roster_offers_lists_and_lets_several_roles_be_typed(certification):
    sheets = openpyxl.load_workbook(io.BytesIO(blank(certification)))
    lists = {
        (title, str(rule.sqref)): (rule.formula1, bool(rule.showErrorMessage))
        for title in ("Session", "Candidats", "Évaluateurs")
        for rule in sheets[title].data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists == {
        ("Session", "B8"): ('"Oui,Non"', True),
        ("Candidats", "J2:J1048576"): ('"Inscrit,Abandon"', True),
        ("Candidats", "K2:K1048576"): ('"Oui,Non"', True),
        ("Évaluateurs", "D2:D1048576"): ('"Tuteur,Formateur,Juré,Référent,Secrétariat"', False),
        ("Évaluateurs", "H2:H1048576"): ('"Oui,Non"', True),
    }


@pytest.mark.libreoffice
def test_the_blank_roster_filled_in_a_real_spreadsheet_keeps_identifiers_and_dates(tmp_path, certification, office):
    sent, path = tmp_path / "vide.xlsx", tmp_path / "cohorte.xlsx"
    sent.write_bytes(blank(certification))
    typed = {
        "Session": {"B5": "Juin 2025", "B6": "12/06/2025", "B8": "oui"},
        "Candidats": {"A3": "007", "B3": "Lefèvre", "C3": "Éloïse", "F3": "01", "I3": "B2"},
        "Évaluateurs": {"A3": "01", "B3": "Benali", "C3": "Karim", "D3": "Tuteur;Secrétariat"},
    }
    gestures = [Type(cell, text, sheet) for sheet, cells in typed.items() for cell, text in cells.items()]
    office.edit(sent, path, gestures)
    roster = read(path, lambda _name: certification)
    (candidate,) = roster.candidates
    assert (candidate.id, candidate.tutors, candidate.held_blocs) == ("007", ("01",), ("B2",))
    assert roster.session.jury_date == date(2025, 6, 12)
    assert (roster.session.session, roster.session.signature_required) == ("Juin 2025", True)
