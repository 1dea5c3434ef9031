"""The sheet Évolution: one row per change, the most serious first, whatever came in."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest

from engine.ledger.comparison import Change, Decided, Evolution, File, FileChange, Mark, Origin
from engine.model.anomalies import Gravity, make
from engine.outputs.workbook import evolution as sheet
from tests.results import headings, rows, sheets, workbook, written

SINCE = Origin(number=12, made_at=datetime(2025, 6, 13, 2, 10))
MARK = Mark("GRILLE", "C001", "T01", "niveau", "2.10", "3", "t/a.xlsx", "Grille", "H12")
FAULT = make(
    "V03",
    "« 4+ » n'est pas clair.",
    candidate="C001",
    evaluator="T01",
    file="t/a.xlsx",
    sheet="Grille",
    cell="H12",
)
DOUBT = replace(FAULT, code="I06", gravity=Gravity.WARNING, message="Deux versions.")
RETURN = File("t/a.xlsx", "Accepté", "GRILLE", "C001", "T01", "aa")
EVERYTHING = Evolution(
    since=SINCE,
    files=(
        FileChange(None, RETURN),
        FileChange(RETURN, RETURN._replace(path="u/b.xlsx")),
        FileChange(RETURN._replace(state="Refusé"), RETURN),
        FileChange(RETURN, None),
    ),
    marks=(
        Change(None, MARK),
        Change(MARK, MARK._replace(shown="ABS")),
        Change(MARK._replace(shown="=1+1"), None),
    ),
    decisions=(Change(Decided("C001", "EN ATTENTE", True), Decided("C001", "PARTIEL", False, ("B1", "B3"))),),
    anomalies=(
        Change(None, DOUBT),
        Change(None, FAULT),
        Change(DOUBT, replace(DOUBT, gravity=Gravity.BLOCKING)),
        Change(FAULT, None),
    ),
    notes=("Programme 2 (auparavant : Programme 1)",),
)
WHERE = ("t/a.xlsx", "Grille", "H12")


def told(path):
    """What each row says, but for the names that stand beside the identifiers."""
    return [tuple(said for heading, said in row.items() if heading != "Noms") for row in rows(path, "Évolution")]


def test_the_headings_and_a_first_run():
    assert headings(workbook(), "Évolution") == [
        *("Objet", "Changement", "Candidat", "Évaluateur", "Noms", "Nature", "Saisie", "Code"),
        *("Avant", "Après", "Fichier", "Feuille", "Cellule"),
    ]
    assert told(workbook()) == []
    assert "Première consolidation en mémoire : rien à quoi la comparer" in flat(workbook())


def flat(path):
    """The texts above the table."""
    return " ".join(str(row[0]) for row in sheets(path)["Évolution"]).replace("\u202f", " ").replace("\u00a0", " ")


def test_every_change_has_its_row(tmp_path):
    path = written(tmp_path, evolution=EVERYTHING)
    clear, doubt = "« 4+ » n’est pas clair.", "Deux versions."
    people = ("C001", "T01")
    assert [tuple(str(value).replace("\u202f", " ") for value in row) for row in told(path)] == [
        ("Décision", "changée", "C001", "", "", "", "", "EN ATTENTE, provisoire", "PARTIEL (B1, B3)", "", "", ""),
        ("Anomalie", "apparue", *people, "bloquante", "", "V03", "", clear, *WHERE),
        ("Anomalie", "aggravée", *people, "bloquante", "", "I06", "avertissement", f"bloquante : {doubt}", *WHERE),
        ("Anomalie", "levée", *people, "bloquante", "", "V03", clear, "", *WHERE),
        ("Anomalie", "apparue", *people, "avertissement", "", "I06", "", doubt, *WHERE),
        ("Valeur", "changée", *people, "GRILLE", "niveau", "2.10", "3", "ABS", *WHERE),
        ("Valeur", "disparue", *people, "GRILLE", "niveau", "2.10", "=1+1", "", *WHERE),
        ("Valeur", "nouvelle", *people, "GRILLE", "niveau", "2.10", "", "3", *WHERE),
        ("Retour", "nouveau", *people, "GRILLE", "", "", "", "Accepté", "t/a.xlsx", "", ""),
        ("Retour", "renommé", *people, "GRILLE", "", "", "t/a.xlsx", "u/b.xlsx", "u/b.xlsx", "", ""),
        ("Retour", "état changé", *people, "GRILLE", "", "", "Refusé", "Accepté", "t/a.xlsx", "", ""),
        ("Retour", "retiré", *people, "GRILLE", "", "", "Accepté", "", "t/a.xlsx", "", ""),
    ]
    assert "Depuis la consolidation n° 12, du 13/06/2025 à 02 h 10 Programme 2 (auparavant : Programme 1)" in flat(path)


def test_every_word_of_a_change_has_its_look(tmp_path):
    path = written(tmp_path, evolution=EVERYTHING)
    (formats,) = (
        cells
        for cells in openpyxl.load_workbook(path)["Évolution"].conditional_formatting
        if str(cells.sqref).startswith("B")
    )
    known = {rule.formula[0].split('"')[1] for rule in formats.rules}
    assert {row[1] for row in told(path)} <= known


@pytest.mark.parametrize(
    ("text", "shown"), [("=1+1", "=1+1"), ("\u202egpj.exe", "<U+202E>gpj.exe"), ("a\x00", "a\ufffd")]
)
def test_what_came_from_outside_stays_text(tmp_path, text, shown):
    mark = MARK._replace(shown=text, file=text, sheet=text, cell=text)
    fault = replace(FAULT, message=text, file=text)
    changes = {"marks": (Change(mark, None),), "anomalies": (Change(None, fault),)}
    path = written(tmp_path, evolution=Evolution(since=SINCE, **changes))
    found = told(path)
    assert [row[7:10] for row in found] == [("", shown, shown), (shown, "", shown)]
    cells = list(openpyxl.load_workbook(path)["Évolution"].iter_rows())
    links = [cell.hyperlink for row in cells for cell in row if cell.hyperlink]
    assert all(re.fullmatch("'(Accueil|Synthèse)'![A-Z]+[0-9]+", link.location) and not link.target for link in links)
    assert not [cell for row in cells for cell in row if cell.data_type == "f"]


def test_too_many_new_marks_are_counted_by_sheet_and_the_others_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet, "_LISTED", 3)
    new = [Change(None, MARK._replace(code=str(rank), evaluator=who)) for who in ("T01", "T02") for rank in range(2)]
    path = written(tmp_path, evolution=Evolution(since=SINCE, marks=(Change(MARK, None), *new)))
    assert [(row[1], row[3], row[6], row[8]) for row in told(path)] == [
        ("disparue", "T01", "2.10", ""),
        ("nouvelle", "T01", "", "2 valeurs nouvelles"),
        ("nouvelle", "T02", "", "2 valeurs nouvelles"),
    ]
