"""Addresses in formulas: where a figure of a sheet stands, seen from its own row or from another sheet.

What stands in another sheet is named absolutely (``Oral!$X$12``), what stands in the same row relatively (``X12``): so
that sorting a sheet, which moves its rows, leaves each of its formulas with the candidate it is about.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name

from engine.outputs.workbook.sources import Span

HOME, NEAR, GAPS, ANOMALIES, FILES, MISSING = "Accueil", "Cas limites", "Écarts", "Anomalies", "Fichiers", "Manquants"
SUMMARY, COMPETENCES, TRANSVERSAL = "Synthèse", "Compétences", "Transversales"
ORAL, NOTES, VALIDATION, CANDIDATES, DETAIL = "Oral", "Notes", "Validation", "Candidats", "Détail"
JURY = "Jury"
EVOLUTION, STATISTICS, RULES = "Évolution", "Statistiques", "Référentiel"
"""The sheets that formulas refer to."""

TOTAL, STATE, REPORT = "total du bilan", "état du bilan", "état du rapport"
IN_PLACE, IN_SCALE, AS_READ = "lignes en place", "valeurs dans leur échelle", "valeurs telles que lues"
"""Keys of columns: with a blank, so that no code of a referential is the same."""


def state_of(code: str) -> str:
    """The key of the column that holds the state of a bloc, a mark or another condition."""
    return f"état de {code}"


def kept(code: str) -> str:
    """The key of the column that tells who holds a condition from an earlier session."""
    return f"{code} conservé"


class Place:
    """The table of a sheet that has one row per candidate: ``first`` is its first row, from 0, ``keys`` its columns."""

    def __init__(self, sheet: str, keys: Sequence[str], first: int, count: int) -> None:
        self.sheet, self.first, self.count = sheet, first, max(count, 1)
        self._letters = {key: xl_col_to_name(index) for index, key in enumerate(keys)}

    def here(self, key: str, rank: int) -> str:
        """A cell of a candidate's row, for a formula of the same row: ``X12``."""
        return f"{self._letters[key]}{self.first + rank + 1}"

    def run(self, start: str, end: str, rank: int) -> str:
        """Neighbouring cells of a candidate's row, for a formula of the same row: ``D12:H12``."""
        return f"{self.here(start, rank)}:{self.here(end, rank)}"

    def cell(self, key: str, rank: int) -> str:
        """A cell of a candidate's row, for another sheet: ``Oral!$X$12``."""
        return f"{self.sheet}!${self._letters[key]}${self.first + rank + 1}"

    def cells(self, start: str, end: str, rank: int) -> str:
        """Neighbouring cells of a candidate's row, for another sheet: ``Oral!$D$12:$H$12``."""
        row = self.first + rank + 1
        return f"{self.sheet}!${self._letters[start]}${row}:${self._letters[end]}${row}"

    def above(self, start: str, end: str = "") -> str:
        """The minima over these columns: ``$D$9:$H$9``."""
        row = self.first - 1
        cells = f"${self._letters[start]}${row}"
        return f"{cells}:${self._letters[end]}${row}" if end else cells

    def column(self, key: str) -> str:
        """A column, from the first candidate to the last: ``$D$12:$D$27``."""
        letter = self._letters[key]
        return f"${letter}${self.first + 1}:${letter}${self.first + self.count}"


class Marks:
    """The columns of `Détail`, by their names; ``first`` is its first row, from 0. `Valeur retenue` by default."""

    def __init__(self, sheet: str, keys: Sequence[str], first: int) -> None:
        self.first = first
        self._sheet = sheet
        self._letters = {key: xl_col_to_name(index) for index, key in enumerate(keys)}

    def cells(self, span: Span, key: str = "value") -> str:
        """Rows that follow each other in a column: ``Détail!$G$12:$G$13``."""
        start, end = (f"${self._letters[key]}${self.first + row + 1}" for row in span)
        return f"{self._sheet}!{start}" if span[0] == span[1] else f"{self._sheet}!{start}:{end}"

    def cell(self, row: int, key: str = "value") -> str:
        """One row of a column."""
        return self.cells((row, row), key)

    def here(self, span: Span) -> str:
        """The values of rows that follow each other, for a formula of `Détail` itself."""
        letter = self._letters["value"]
        return f"${letter}${self.first + span[0] + 1}:${letter}${self.first + span[1] + 1}"
