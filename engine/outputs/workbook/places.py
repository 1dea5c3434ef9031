"""Addresses in formulas: where a figure of a sheet stands, seen from its own row or from another sheet.

What stands in another sheet is named absolutely (``Oral!$X$12``), what stands in the same row relatively (``X12``): so
that sorting a sheet, which moves its rows, leaves each of its formulas with the candidate it is about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from xlsxwriter.utility import xl_col_to_name

from engine.outputs.workbook.sources import Span

HOME, NEAR, GAPS, ANOMALIES, FILES, MISSING = "Accueil", "Cas limites", "Écarts", "Anomalies", "Fichiers", "Manquants"
SUMMARY, COMPETENCES, TRANSVERSAL = "Synthèse", "Compétences", "Transversales"
ORAL, NOTES, VALIDATION, CANDIDATES, DETAIL = "Oral", "Notes", "Validation", "Candidats", "Détail"
JURY = "Jury"
EVOLUTION, STATISTICS, RULES = "Évolution", "Statistiques", "Référentiel"
"""The sheets that formulas refer to."""

RULED = "Décision calculée"
"""The column of `Synthèse` that follows the rules, whoever decided."""

DECIDED_BY = "Décidé par"
"""The column of `Synthèse` that says who did."""

TOTAL, STATE, REPORT = "total du bilan", "état du bilan", "état du rapport"
IN_PLACE, IN_SCALE, AS_READ = "lignes en place", "valeurs dans leur échelle", "valeurs telles que lues"
"""Keys of columns: with a blank, so that no code of a referential is the same."""


def state_of(code: str) -> str:
    """The key of the column that holds the state of a bloc, a mark or another condition."""
    return f"état de {code}"


def presented(code: str) -> str:
    """The key of the column that tells who presents a bloc."""
    return f"{code} présenté"


def kept(code: str) -> str:
    """The key of the column that tells who holds a condition from an earlier session."""
    return f"{code} conservé"


class Place:
    """The table of a sheet that has one row per candidate: ``first`` is its first row, from 0, ``keys`` its columns."""

    def __init__(self, sheet: str, keys: Sequence[str], first: int, count: int) -> None:
        self.sheet, self.keys, self.first, self.count = sheet, tuple(keys), first, max(count, 1)
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


def part_name(rank: int) -> str:
    """The sheets that hold the marks, counted from 0: `Détail`, `Détail 2`..."""
    return f"{DETAIL} {rank + 1}" if rank else DETAIL


class Marks:
    """The columns of `Détail`, by their names; ``first`` is its first row, from 0. `Valeur retenue` by default.

    ``parts``: the marks that each of its sheets holds, first and last but one, counted from the first mark (0).
    """

    def __init__(self, parts: Sequence[Span], keys: Sequence[str], first: int) -> None:
        self.parts, self.first = parts, first
        self._starts = [start for start, _ in parts]
        self._letters = {key: xl_col_to_name(index) for index, key in enumerate(keys)}

    def place(self, row: int) -> tuple[str, str]:
        """Sheet and address of the first cell of a row."""
        rank = bisect_right(self._starts, row, lo=1) - 1
        return part_name(rank), f"A{self._number(row, rank)}"

    def cells(self, span: Span, key: str = "value") -> str:
        """Rows that follow each other in a column, in one sheet: ``Détail!$G$12:$G$13``."""
        first, last = span
        rank = bisect_right(self._starts, first, lo=1) - 1
        sheet, letter = f"'{part_name(rank)}'" if rank else DETAIL, self._letters[key]
        start = f"{sheet}!${letter}${self._number(first, rank)}"
        return start if first == last else f"{start}:${letter}${self._number(last, rank)}"

    def cell(self, row: int, key: str = "value") -> str:
        """One row of a column."""
        return self.cells((row, row), key)

    def everything(self) -> list[str]:
        """The values of all rows, sheet by sheet."""
        return [self.cells((start, max(end, start + 1) - 1)) for start, end in self.parts]

    def here(self, rank: int) -> str:
        """The values of a sheet, for a formula of that sheet."""
        return self.everything()[rank].rpartition("!")[2]

    def _number(self, row: int, rank: int) -> int:
        return self.first + row - self._starts[rank] + 1
