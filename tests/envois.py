"""An invented cohort to send workbooks to, and those workbooks opened as another program sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from io import BytesIO
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from engine import referential, templates
from engine.model import Candidate, Evaluator, Kind, Role, Roster, Session, forms
from engine.model.forms import Form, Input
from engine.workspace import seals

KEY = b"0123456789abcdef" * 2
FOLDER = Path("cohorte")
DATA = Path(__file__).parent / "data"
NAMES = ("cgco_rncp34465", str(DATA / "autre_referentiel.toml"), str(DATA / "referentiel_minimal.toml"))


def evaluator(identifier, last, first, *roles):
    """Somebody of the sheet Évaluateurs."""
    return Evaluator(id=identifier, last_name=last, first_name=first, roles=frozenset(roles))


def candidate(identifier, last, first, **more):
    """A candidate with a tutor, a trainer and two jurors, but for what is said otherwise."""
    people = {"tutors": ("T012",), "trainers": ("F01",), "jurors": ("J03", "J04")} | more
    return Candidate(id=identifier, last_name=last, first_name=first, **people)


EVALUATORS = (
    evaluator("T012", "Benali", "Karim", Role.TUTOR),
    evaluator("F01", "Duval", "Claire", Role.TRAINER),
    evaluator("J03", "Osmani", "Nadia", Role.JUROR),
    evaluator("J04", "Perrin", "Luc", Role.JUROR),
    evaluator("R1", "Meyer", "Paul", Role.REFERENT),
)
CANDIDATES = (
    candidate("007", "Lefèvre", "Éloïse", company="Port & Fils"),
    candidate("C02", "Nguyen", "Bao", tutors=()),
)
SESSION = Session(cohort="Promotion des Tilleuls", centre="Lyon", session="juin 2025")
ROSTER = Roster(session=SESSION, candidates=CANDIDATES, evaluators=EVALUATORS)


@lru_cache
def certification(name=NAMES[0]):
    """A referential, loaded once."""
    return referential.load(name)


def planned(name=NAMES[0], roster=ROSTER, only=()):
    """What the cohort is sent."""
    return templates.plan(FOLDER, roster, certification(name), KEY, only)


@dataclass(frozen=True)
class Sheet:
    """A sheet as issued, with the form it must show."""

    form: Form
    sheet: Worksheet
    heading_row: int
    columns: dict[str, int]

    @property
    def rows(self) -> dict[str, int]:
        """The row of each code."""
        column = self.columns[self.form.code_heading]
        cells = (self.sheet.cell(row, column) for row in range(self.heading_row + 1, self.sheet.max_row + 1))
        return {cell.value: cell.row for cell in cells if cell.value}

    def cell(self, entry: Input, code: str) -> Cell:
        """An input cell, by code and heading."""
        return self.sheet.cell(self.rows[code], self.columns[entry.heading])

    def named(self, entry: Input, code: str = "") -> Cell:
        """An input cell, by its defined name."""
        name = self.sheet.parent.defined_names[self.form.defined_name(entry, code)]
        ((title, address),) = name.destinations
        return self.sheet.parent[title][address.replace("$", "")]

    @property
    def inputs(self) -> dict[str, Cell]:
        """Every input cell, by address."""
        cells = [self.cell(entry, row.code) for entry in self.form.inputs for row in self.form.rows if row.code]
        cells += [self.named(single) for single in self.form.singles]
        return {cell.coordinate: cell for cell in cells}


def opened(content: bytes, wanted: list[Form]) -> list[Sheet]:
    """The sheets of a workbook, the guide left out."""
    book = openpyxl.load_workbook(BytesIO(content))
    return [_sheet(book.worksheets[rank], form) for rank, form in enumerate(wanted)]


def _sheet(sheet: Worksheet, form: Form) -> Sheet:
    (row,) = [cell.row for cell in sheet["A"] if cell.value == form.code_heading]
    columns = {cell.value: cell.column for cell in sheet[row] if cell.value}
    return Sheet(form, sheet, row, columns)


@lru_cache
def issued(name=NAMES[0]) -> tuple[Sheet, ...]:
    """Every sheet of the cohort."""
    found = []
    for each in planned(name):
        wanted = [_form(sheet.assignment, certification(name)) for sheet in each.sheets]
        found += opened(templates.render(each, ROSTER, certification(name)), wanted)
    return tuple(found)


def _form(assignment, certification):
    return forms.build(
        certification,
        assignment.kind,
        candidates=ROSTER.candidates,
        candidate_columns=assignment.candidate_columns,
    )


@lru_cache
def blanks(name=NAMES[0]) -> tuple[Sheet, ...]:
    """Every unassigned sheet."""
    found = []
    for content in templates.blank(certification(name)).values():
        titles = openpyxl.load_workbook(BytesIO(content), read_only=True).sheetnames[:-1]
        found += opened(content, [_blank_form(certification(name), _KINDS[title]) for title in titles])
    return tuple(found)


_KINDS = {kind.record.title: kind for kind in forms.Kind}


def _blank_form(certification, kind):
    return forms.build_unassigned(certification, kind, candidate_columns=kind is Kind.GRILLE)


def references(book) -> list[tuple[str, seals.Reference]]:
    """Every reference of a workbook, with the sheet it stands in."""
    return [
        (sheet.title, seals.parse(cell.value))
        for sheet in book.worksheets
        for line in sheet.iter_rows()
        for cell in line
        if isinstance(cell.value, str) and seals.parse(cell.value)
    ]


def with_candidates(*candidates: Candidate) -> Roster:
    """The roster with other candidates."""
    return replace(ROSTER, candidates=candidates)
