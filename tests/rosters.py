"""Rosters written as small text tables, and what is wrong with them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from engine.commands.rosters import read_roster as read
from engine.model.errors import RosterError

SESSION = """
Champ            | Valeur
Cohorte          | Promotion des Tilleuls
Date du jury     | 12/06/2025
Signature exigée | Oui
"""
CANDIDATES = """
Identifiant | Nom     | Prénom | Courriel     | Entreprise  | Tuteur | Formateurs | Jurés    | Blocs acquis | Statut
007         | Lefèvre | Éloïse | e@exemple.fr | Port & Fils | T01    | F01;F02    | J01; j02 | B2;B1        |
C02         | Nguyen  | Bao    |              |             | T01    | F01        | J01      |              | abandon
"""
EVALUATORS = """
Identifiant | Nom    | Prénom | Rôle              | Courriel
T01         | Benali | Karim  | tuteur            | k@exemple.fr
F01         | Morel  | Anne   | Formateur; JURE   |
F02         | Petit  | Jules  | Formateur         |
J01         | Osmani | Nadia  | Juré              |
J02         | Roche  | Marc   | Juré;Référent     |
S01         | Blanc  | Lise   | secretariat       |
"""


def book(session=SESSION, candidates=CANDIDATES, evaluators=EVALUATORS) -> openpyxl.Workbook:
    """A workbook of three sheets, each a text table; everything is text."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, table in (("Session", session), ("Candidats", candidates), ("Évaluateurs", evaluators)):
        sheet = made.create_sheet(title)
        for line in table.strip().splitlines():
            sheet.append([cell.strip() or None for cell in line.split("|")])
    return made


def saved(made: openpyxl.Workbook, folder: Path) -> Path:
    path = folder / "cohorte.xlsx"
    made.save(path)
    return path


def problems(made: openpyxl.Workbook, folder: Path, **options) -> list[str]:
    with pytest.raises(RosterError) as caught:
        read(saved(made, folder), **options)
    return caught.value.problems


def places(found: list[str]) -> list[str]:
    return [problem.split(" : ")[0] for problem in found]


def rewritten(path: Path, change: Callable[[dict[str, bytes]], dict[str, bytes]]) -> Path:
    """The workbook with its parts changed, by name."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(parts).items():
            archive.writestr(name, content)
    return path


def calculated(path: Path, cell: str, kind: str, value: str) -> Path:
    """The workbook with the stored result of the formula in this cell of any sheet: its type, its value."""
    formula = re.compile(rf'<c r="{cell}"[^>]*>(<f.*?</f>)<v\s*/?>(?:</v>)?</c>'.encode())
    stored = rf'<c r="{cell}" t="{kind}">\1<v>{value}</v></c>'.encode()
    return rewritten(path, lambda parts: {name: formula.sub(stored, content) for name, content in parts.items()})
