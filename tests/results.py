"""Results workbooks to look into, and how another program reads them."""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from python_calamine import CalamineWorkbook

from engine import referential
from engine.model.tables import VALUE
from engine.outputs.content import Content
from engine.outputs.workbook import write
from engine.outputs.workbook.sources import CAPACITY
from tests.promotion import promotion

CGCO = "cgco_rncp34465"
OTHER = str(Path(__file__).parent / "data" / "autre_referentiel.toml")
SMALLEST = str(Path(__file__).parent / "data" / "referentiel_minimal.toml")

LETTERS = str(Path(__file__).parent.parent / "docs" / "exemples" / "lettres.toml")
BTS = str(Path(__file__).parent.parent / "docs" / "exemples" / "bts.toml")
CQP = str(Path(__file__).parent.parent / "docs" / "exemples" / "cqp.toml")

_FOLDER = tempfile.TemporaryDirectory(prefix="cohorte-resultats-")
_FIRST_HEADINGS = {"Anomalies": "Gravité", "Fichiers": "Fichier", "Manquants": "Évaluateur", "Détail": "Candidat"}
_FIRST_HEADINGS |= {"Cas limites": "Candidat", "Écarts": "Candidat"}
_FIRST_HEADINGS |= {"Référentiel": "Partie", "Statistiques": "Décision", "Évolution": "Objet"}


@lru_cache
def certification(name=CGCO):
    """A referential, loaded once."""
    return referential.load(name)


@lru_cache
def session(name=CGCO):
    """The invented session under a referential; never to be changed."""
    return promotion(certification(name))


@lru_cache
def workbook(name=CGCO):
    """Its results, written once for all the tests that only read them."""
    target = Path(_FOLDER.name) / f"{Path(name).stem}.xlsx"
    write(target, Content(**session(name)))
    return target


def written(folder, **changes):
    """The results of the first certification, some of the content replaced, or the ``capacity`` of a sheet."""
    target, sheet = folder / "resultats.xlsx", {"capacity": changes.pop("capacity", CAPACITY)}
    write(target, Content(**session() | changes), **sheet)
    return target


@lru_cache
def sheets(path):
    """Every sheet as rows of plain values."""
    book = CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def heading_row(path, name):
    """The number, from 0, of the row that holds the headings of a sheet's table."""
    return _heading_row(sheets(path)[name], name)


def _heading_row(lines, name):
    first = _FIRST_HEADINGS.get(name, "Identifiant")
    return next(number for number, row in enumerate(lines) if row[0] == first)


def headings(path, name):
    """The headings of a sheet's table."""
    return sheets(path)[name][heading_row(path, name)]


def rows(path, name):
    """The rows of a sheet's table, as dictionaries."""
    return table_of(sheets(path)[name], name)


def table_of(lines, name):
    """The rows of a sheet's table, as dictionaries, among all the sheet's lines."""
    top = _heading_row(lines, name)
    return [dict(zip(lines[top], values, strict=True)) for values in lines[top + 1 :]]


def person(path, identifier, name="Synthèse"):
    """The row of a candidate."""
    return next(row for row in rows(path, name) if row["Identifiant"] == identifier)


def mark(value, state=VALUE, *, kind="GRILLE", entry="niveau", code="1.1", evaluator="T01", raw=None):
    """One row of the table of marks."""
    raw = str(value) if raw is None else raw
    return ("t/a.xlsx", "Grille", "H12", kind, "C001", evaluator, entry, code, raw, value, state)
