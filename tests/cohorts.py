"""A small cohort made for real: initialised, issued, filled in its own workbooks, consolidated, read back."""

from __future__ import annotations

import io
import os
import re
import shutil
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import openpyxl
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from engine.commands.cohorts import open_cohort
from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.model import Kind, Role, forms
from engine.model.forms import Domain, Form, Nature
from engine.workspace import seals
from engine.workspace.cohort import Folder
from engine.workspace.files import file_names
from tests import issuing, rosters
from tests.issuing import CANDIDATES, EVALUATORS, SESSION
from tests.read_results import Results

CGCO = "cgco_rncp34465"
OTHER = str(Path(__file__).parent / "data" / "autre_referentiel.toml")

DAY = datetime(2025, 6, 2).date()
SIGNATURE = "Lu et approuvé"
BOOKS = {kind: kind.record.workbook for kind in Kind}
FOLDERS = {"T": "tuteurs", "F": "formateurs", "J": "jurys", "R": "referent"}


# ------------------------------------------------------------------------------------------- the cohort


def make(folder: Path, *, referential: str = CGCO, signature: bool = False, stayed: bool = False) -> Cohort:
    """A cohort in a new folder, its workbooks issued, nothing returned yet; ``stayed``: nobody left it."""
    shutil.copytree(issuing.issued(referential, signature, stayed).name, folder)
    return Cohort(folder, (referential, signature, stayed))


class Cohort:
    """One cohort folder: its issued workbooks, what was dropped in ``retours/``, and what came of it."""

    def __init__(self, path: Path, made: tuple = ()) -> None:
        self.path, self._made = path, made
        self.returns = Folder(path).returns
        opened = issuing.opened(*made) if made else open_cohort(path)
        self.roster, self.referential = opened.roster, opened.referential

    def enrol(self, change: Callable[[str], str]) -> Cohort:
        """Write the roster again, its tables changed; the cohort as it now is."""
        session = SESSION.format(referential=self.roster.session.referential, signature="Non")
        tables = (change(table) for table in (session, CANDIDATES, EVALUATORS))
        rosters.saved(rosters.book(*tables), self.path)
        return Cohort(self.path)

    def issued(self, kind: Kind, candidate: str = "007", evaluator: str = "") -> Path:
        """The issued workbook that holds this sheet; by default, of the candidate's first evaluator."""
        if kind is Kind.NOTES:
            return self.path / "envois" / "secretariat" / "Notes.xlsx"
        if not kind.record.expected:
            return self._for_the_jury(kind, candidate)
        evaluator = evaluator or self.evaluator(kind, candidate)
        folder = self.path / "envois" / FOLDERS[evaluator[0]] / evaluator
        person = self.roster.candidate(candidate)
        found = [
            path
            for path in folder.glob(f"*{BOOKS[kind]}.xlsx")
            if kind is Kind.VALIDATION
            or (person.name in path.name and (f"({candidate})" in path.name or "(" not in path.name))
        ]
        (path,) = found
        return path

    def _for_the_jury(self, kind: Kind, candidate: str) -> Path:
        """A sheet made for the jury, written when it is first asked for."""
        folder = self.path / "envois"
        if not (folder / "jury" / "Délibération.xlsx").exists():
            issuing.issue_for_the_jury(self.path, self._made)
        if kind is Kind.DELIBERATION:
            return folder / "jury" / "Délibération.xlsx"
        return folder / "commission" / f"{file_names(self.roster.candidates)[candidate]} {kind.record.workbook}.xlsx"

    def code(self, evaluator: str) -> str:
        """The personal code of an evaluator."""
        return seals.personal_code(seals.read_key(self.path), evaluator)

    def evaluator(self, kind: Kind, candidate: str) -> str:
        """The first evaluator who fills this kind of sheet for a candidate."""
        person = self.roster.candidate(candidate)
        jury = kind in (Kind.ORAL, Kind.TRANSVERSALE)
        return "R01" if kind is Kind.VALIDATION else (person.jurors if jury else person.tutors + person.trainers)[0]

    def book(self, kind: Kind, candidate: str = "007", evaluator: str = "") -> Book:
        """The issued workbook that holds this sheet, open; saved, it lands in ``retours/``."""
        return Book(self.issued(kind, candidate, evaluator), self)

    def blank(self, kind: Kind) -> Book:
        """The unassigned workbook that holds this kind of sheet."""
        return Book(Path(issuing.blanks(self.roster.session.referential).name) / f"{BOOKS[kind]}.xlsx", self)

    def filled(self, kind: Kind, candidate: str = "007", evaluator: str = "") -> Book:
        """The same with every sheet of the workbook fully filled."""
        book = self.book(kind, candidate, evaluator)
        for each in book.kinds:
            book.fill(each)
        return book

    def drop(self, source: Path, name: str = "") -> Path:
        """Copy a file into ``retours/``."""
        target = self.returns / (name or source.name)
        target.parent.mkdir(parents=True, exist_ok=True)
        return shutil.copyfile(source, target)

    def write(self, name: str, content: bytes) -> Path:
        """Write bytes into ``retours/``."""
        target = self.returns / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        return target

    def consolidate(self) -> Results:
        """Consolidate, and read the results workbook."""
        report = consolidate(self.path, Options(workers=1))
        return Results(report.result, report)


# ------------------------------------------------------------------------------------------ a workbook


class Book:
    """An issued workbook in the hands of the person who fills it, by defined name or by row and heading."""

    def __init__(self, path: Path, cohort: Cohort) -> None:
        self.path, self.cohort = path, cohort
        self.workbook = openpyxl.load_workbook(path)

    @property
    def kinds(self) -> list[Kind]:
        """The kinds of sheet it holds."""
        named = {name.partition("_")[0] for name in self.workbook.defined_names}
        there = [kind for kind in Kind if kind.record.title in self.workbook.sheetnames]
        return [kind for kind in there if kind is not Kind.SYNTHESE or kind.lower() in named]  # not what jurors read

    def sheet(self, kind: Kind) -> Worksheet:
        """The sheet of a kind, under the name it was issued with."""
        return self.workbook[kind.record.title]

    def form(self, kind: Kind) -> Form:
        """What the sheet is made of."""
        listed = {cell.value for cell in self.sheet(kind)["A"]}
        people = [each for each in self.cohort.roster.candidates if each.id in listed]
        return forms.build(self.cohort.referential, kind, candidates=people, candidate_columns=self._has("auto"))

    def _has(self, entry: str) -> bool:
        return any(name.startswith(f"grille_{entry}_") for name in self.workbook.defined_names)

    def cell(self, kind: Kind, entry: str, code: str = "", candidate: str = "") -> Cell:
        """The cell of an input: for NOTES and VALIDATION, ``entry`` is the heading and ``candidate`` the row."""
        sheet = self.sheet(kind)
        if candidate:
            heading = next((each.heading for each in self.form(kind).inputs if each.name == entry), entry)
            return sheet.cell(row_of(sheet, candidate), column_of(sheet, heading))
        name = f"{kind.lower()}_{entry}_{code}" if code else f"{kind.lower()}_{entry}"
        ((title, address),) = self.workbook.defined_names[name].destinations
        return self.workbook[title][address]

    def put(self, kind: Kind, entry: str, code: str, value: object, candidate: str = "") -> Cell:
        """Fill one input; the cell."""
        cell = self.cell(kind, entry, code, candidate)
        cell.value = value
        return cell

    def identify(self, kind: Kind, candidate: object, evaluator: object) -> Book:
        """Type the identifiers that an unassigned sheet asks for."""
        for entry, identifier in (("candidat", candidate), ("evaluateur", evaluator)):
            if entry in forms.blank_identities(kind):
                self.put(kind, entry, "", identifier)
        return self

    def fill(self, kind: Kind, signature: str = SIGNATURE) -> Book:
        """Fill every input that is expected, date and signature included; everything passes."""
        form = self.form(kind)
        for row in form.rows:
            for entry in form.inputs:
                if entry.expected or kind is Kind.VALIDATION or (entry.decides and kind.record.sparse):
                    candidate = row.code if form.by_candidate_rows else ""
                    self.put(kind, entry.name, row.code, best(form.domain(entry, row)), candidate)
        for entry in form.singles:
            if entry.name != "motif":
                value = {"date": DAY, "signature": signature, **self._jury()}.get(entry.name) or best(entry.domain)
                self.put(kind, entry.name, "", value)
        return self

    def _jury(self) -> dict[str, str]:
        """Who sits, for the sheet that says it."""
        jurors = [juror.id for juror in self.cohort.roster.with_role(Role.JUROR)]
        return {"president": jurors[0], "membres": "; ".join(jurors), "incidents": "Aucun"} if jurors else {}

    def save(self, name: str = "retour.xlsx") -> Path:
        """Save into ``retours/``."""
        path = self.cohort.write(name, b"")
        self.workbook.save(path)
        return path


def best(domain: Domain) -> object:
    """A value that passes every bar."""
    if domain.nature is Nature.LETTER:
        return domain.choices[-1]
    if domain.choices:
        return str(domain.choices[0]) if domain.nature is Nature.CHOICE else "; ".join(domain.choices)
    return {Nature.NUMBER: domain.maximum, Nature.YES_NO: "Oui", Nature.TICK: "x", Nature.DATE: DAY}.get(
        domain.nature, "Texte"
    )


def find(sheet: Worksheet, text: str) -> Cell:
    """The first cell that holds exactly this text."""
    return next(cell for line in sheet.iter_rows() for cell in line if cell.value == text)


def row_of(sheet: Worksheet, code: str) -> int:
    """The row of a code or an identifier, in column A."""
    return next(cell.row for cell in sheet["A"] if cell.value == code)


def column_of(sheet: Worksheet, heading: str) -> int:
    """The column of a heading."""
    return find(sheet, heading).column


def rewrite(path: Path, change: dict[str, object], target: Path | None = None) -> Path:
    """Write a package again, some of its members changed: new bytes, a function of the old ones, ``None`` to drop."""
    made = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        for name in [*names, *(name for name in change if name not in names)]:
            content = change.get(name, old.read(name) if name in names else b"")
            content = content(old.read(name)) if callable(content) else content
            if content is not None:
                new.writestr(name, content)
    target = target or path
    target.write_bytes(made.getvalue())
    return target


def date(path: Path, saved: datetime | None, modified: datetime) -> Path:
    """Set both clocks: when the workbook says it was last saved (UTC; ``None``: it does not), and the file's."""

    def change(content: bytes) -> bytes:
        stamp = f">{saved:%Y-%m-%dT%H:%M:%SZ}<".encode() if saved else b"><"
        return re.sub(rb"(<dcterms:modified[^>]*)>[^<]*<", rb"\1" + stamp, content)

    rewrite(path, {"docProps/core.xml": change})
    os.utime(path, (modified.timestamp(), modified.timestamp()))
    return path
