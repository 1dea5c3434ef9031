"""What the reader of returns makes of one workbook, and what its anomalies say."""

from __future__ import annotations

from pathlib import Path

from openpyxl.cell import Cell

from engine.intake.context import Context
from engine.intake.files import read_file
from engine.model import Kind
from engine.model.anomalies import Anomaly
from engine.model.returns import FileReport
from engine.model.tables import EXCLUDED
from engine.workspace import seals
from tests.cohorts import Book, Cohort, find

BLOCKING, WARNING, INFO = "bloquante", "avertissement", "info"
GRILLE, TRAVAUX, ORAL, TRANSVERSALE = Kind.GRILLE, Kind.TRAVAUX, Kind.ORAL, Kind.TRANSVERSALE
NOTES, VALIDATION = Kind.NOTES, Kind.VALIDATION


def read(cohort: Cohort, path: Path) -> FileReport:
    """The report of one workbook, read alone."""
    return read_file(path, path.name, Context(cohort.referential, cohort.roster, seals.read_key(cohort.path)))


def typed(report: FileReport) -> dict[tuple, object]:
    """Everything that was read: (kind, candidate, input, code) -> value or state."""
    return {(sheet.kind, *place): value for sheet in report.sheets for place, (_, value) in sheet.content().items()}


def excluded(report: FileReport, entry: str = "niveau") -> list[str]:
    """The codes whose input is held back."""
    return [
        mark.code for sheet in report.sheets for mark in sheet.marks if mark.input == entry and mark.state == EXCLUDED
    ]


def anomalies(report: FileReport, *codes: str) -> list[Anomaly]:
    """The anomalies of these codes, all by default."""
    found = [*report.anomalies, *(each for sheet in report.sheets for each in sheet.anomalies)]
    return [each for each in found if not codes or each.code in codes]


def broken(cohort: Cohort, kind: Kind, change) -> FileReport:
    """The report of a filled workbook, one of its sheets changed by ``change(sheet, heading row)``."""
    book = cohort.filled(kind)
    sheet = book.sheet(kind)
    change(sheet, find(sheet, book.form(kind).code_heading).row)
    return read(cohort, book.save())


def reference_cell(book: Book, kind: Kind) -> Cell:
    """Where the reference of a sheet stands."""
    cells = (cell for line in book.sheet(kind).iter_rows(max_row=15) for cell in line)
    return next(cell for cell in cells if isinstance(cell.value, str) and seals.parse(cell.value))


def told(row: dict[str, object]) -> tuple[object, ...]:
    """What every anomaly of a sheet tells about where it is."""
    return tuple(row[name] for name in ("Gravité", "Candidat", "Évaluateur", "Fichier", "Feuille", "Cellule", "Valeur"))
