"""Addresses in formulas: where a figure of a sheet stands, seen from its own row or from another sheet.

What stands in another sheet is named absolutely (``Oral!$X$12``), what stands in the same row relatively (``X12``): so
that sorting a sheet, which moves its rows, leaves each of its formulas with the candidate it is about.
"""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name

from engine.results.sources import Span

HOME, NEAR, GAPS, ANOMALIES, FILES, MISSING = "Accueil", "Cas limites", "Écarts", "Anomalies", "Fichiers", "Manquants"
SUMMARY, COMPETENCES, TRANSVERSAL = "Synthèse", "Compétences", "Transversales"
ORAL, NOTES, VALIDATION, CANDIDATES, DETAIL = "Oral", "Notes", "Validation", "Candidats", "Détail"
EVOLUTION, STATISTICS, RULES = "Évolution", "Statistiques", "Référentiel"
"""The sheets that formulas refer to."""

TOTAL, STATE, REPORT, IN_PLACE = "total du bilan", "état du bilan", "état du rapport", "lignes en place"
"""Keys of columns: with a blank, so that no code of a referential is the same."""


def state_of(code: str) -> str:
    """The key of the column that holds the state of a bloc, a mark or another condition."""
    return f"état de {code}"


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
    """The columns `Valeur retenue` and `N°` of `Détail`; ``first`` is its first row, from 0."""

    def __init__(self, sheet: str, value: int, number: int, first: int) -> None:
        self.first = first
        self._sheet, self._value, self._number = sheet, xl_col_to_name(value), xl_col_to_name(number)

    def cells(self, span: Span) -> str:
        """The values of rows that follow each other: ``Détail!$G$12:$G$13``."""
        return self._range(self._value, span)

    def cell(self, row: int) -> str:
        """The value of one row."""
        return self._range(self._value, (row, row))

    def here(self, span: Span) -> str:
        """The same, for a formula of `Détail` itself."""
        return f"${self._value}${self.first + span[0] + 1}:${self._value}${self.first + span[1] + 1}"

    def in_place(self, span: Span) -> str:
        """A condition: the rows of this span still stand where they were written."""
        numbers, heading = self._range(self._number, span), f"{self._sheet}!${self._number}${self.first}"
        return f"SUMPRODUCT(--({numbers}<>ROW({numbers})-ROW({heading})))=0"

    def _range(self, letter: str, span: Span) -> str:
        start, end = (f"${letter}${self.first + row + 1}" for row in span)
        return f"{self._sheet}!{start}" if span[0] == span[1] else f"{self._sheet}!{start}:{end}"
