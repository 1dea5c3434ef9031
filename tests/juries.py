"""The sample cohort on the day of its jury: what the commission and the president fill, and what comes of it."""

from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

from engine.commands.close import close
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.consolidate import consolidate
from engine.commands.demo import prepare_demo
from engine.commands.grounds import grounds, look, read
from engine.commands.judgement import judge
from engine.commands.options import Options
from engine.commands.report import Report
from engine.commands.session.jury_sheets import write_sheets
from engine.model import Authority, Kind, Referential, forms
from engine.model.anomalies import Anomaly
from engine.workspace.cohort import Folder
from tests.cohorts import column_of, date, row_of
from tests.read_results import Results

SIGNED = {"president": "J03", "membres": "J01;J02;J03", "signature": "Van den Berghe"}
"""What closes the deliberation of the sample's jury."""

NOON = datetime(2026, 3, 2, 12)


def make(folder: Path) -> Sitting:
    """The sample, consolidated once, its sheets for the jury written."""
    shutil.copytree(_made().name, folder, symlinks=True)
    return Sitting(folder)


def make_closed(folder: Path) -> Sitting:
    """The same, its jury having admitted C05 for a reason, closed."""
    shutil.copytree(_closed().name, folder, symlinks=True)
    return Sitting(folder)


@cache
def _closed() -> tempfile.TemporaryDirectory:
    keeper = tempfile.TemporaryDirectory(prefix="closed-")
    sitting = make(Path(keeper.name, "demo"))
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": "Panne de projection"}})
    close(sitting.path, accept_provisional=True)
    for path in sitting.path.iterdir():
        shutil.move(path, keeper.name)
    sitting.path.rmdir()
    return keeper


@cache
def _made() -> tempfile.TemporaryDirectory:
    keeper = tempfile.TemporaryDirectory(prefix="jury-")
    folder = Path(keeper.name, "demo")
    prepare_demo(folder)
    made = Sitting(folder)
    made.consolidate()
    made.issue()
    for path in folder.iterdir():
        shutil.move(path, keeper.name)
    folder.rmdir()
    return keeper


class Judged:
    """What was found: the outcomes by candidate, the anomalies by what is wanted of them."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.outcomes = {outcome.candidate.id: outcome for outcome in report.outcomes}

    @property
    def decisions(self) -> dict[str, tuple[str, tuple[str, ...]]]:
        """What stands, with its blocs."""
        return {person: (str(outcome.decision), outcome.acquired) for person, outcome in self.outcomes.items()}

    @property
    def by_jury(self) -> set[str]:
        """Those for whom the jury decided."""
        return {person for person, outcome in self.outcomes.items() if outcome.decided_by is Authority.JURY}

    def anomalies(self, code: str = "", **where: str) -> list[Anomaly]:
        """The anomalies of a code that hold these values."""
        wanted = where | ({"code": code} if code else {})
        return [each for each in self.report.anomalies if all(getattr(each, name) == wanted[name] for name in wanted)]

    def anomaly(self, code: str, **where: str) -> Anomaly:
        """The only one."""
        (found,) = self.anomalies(code, **where)
        return found


class Sitting:
    """A copy of the sample cohort; each sheet that is saved comes an hour after the one before."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, NOON
        self.returns = Folder(path).returns

    @property
    def referential(self) -> Referential:
        """The certification."""
        return open_cohort(self.path).referential

    def issue(self) -> list[Path]:
        """Write the sheets for the jury; those that are new."""
        opened = open_cohort(self.path)
        with grounds(opened, key_of(opened.folder, None)) as at:
            returns = read(at, look(at, workers=1))
            return [each.path for each in write_sheets(at, returns, judge(at, returns)).written]

    def judge(self) -> Judged:
        """What a consolidation would find now; nothing is written."""
        return Judged(consolidate(self.path, Options(workers=1, dry_run=True)))

    def consolidate(self) -> Results:
        """Consolidate, and read the results workbook."""
        report = consolidate(self.path, Options(workers=1))
        results = Results(report.result, report)
        assert results.sheets  # read now: the next consolidation writes them again
        return results

    # --------------------------------------------------------------------------------- the sheets

    def issued(self, kind: Kind, candidate: str = "") -> Path:
        """The workbook that went out."""
        if kind is Kind.DELIBERATION:
            return self.path / "envois" / "jury" / "Délibération.xlsx"
        person = open_cohort(self.path).roster.candidate(candidate)
        return self.path / "envois" / "commission" / f"{person.name} Synthèse.xlsx"

    def synthesis(self, candidate: str, levels: dict[str, object], name: str = "synthèse.xlsx", **singles: str) -> Path:
        """Fill the commission's sheet of a candidate, and send it back."""
        book = openpyxl.load_workbook(self.issued(Kind.SYNTHESE, candidate))
        sheet = book[Kind.SYNTHESE.record.title]
        for code, level in levels.items():
            sheet.cell(row_of(sheet, code), column_of(sheet, "Niveau")).value = level
        self.close(book, Kind.SYNTHESE, {"signature": "La commission"} | singles)
        return self.save(book, name)

    def deliberate(
        self, rows: dict[str, dict[str, object]] | None = None, name: str = "délibération.xlsx", **singles: str
    ) -> Path:
        """Fill the jury's sheet (by candidate then by heading), and send it back; signed unless said otherwise."""
        book = openpyxl.load_workbook(self.issued(Kind.DELIBERATION))
        sheet = book[Kind.DELIBERATION.record.title]
        for candidate, cells in (rows or {}).items():
            for heading, value in cells.items():
                sheet.cell(row_of(sheet, candidate), column_of(sheet, heading)).value = value
        self.close(book, Kind.DELIBERATION, SIGNED | singles)
        return self.save(book, name)

    def close(self, book: Workbook, kind: Kind, singles: dict[str, str]) -> None:
        """Fill the boxes that close a sheet."""
        for entry in forms.build(self.referential, kind).singles:
            if entry.name in singles:
                ((title, address),) = book.defined_names[f"{kind.lower()}_{entry.name}"].destinations
                book[title][address].value = singles[entry.name] or None

    def save(self, book: Workbook, name: str) -> Path:
        """Save into ``retours/``, an hour later than the last one."""
        path = self.returns / name
        book.save(path)
        self.clock += timedelta(hours=1)
        return date(path, self.clock, self.clock)

    def drop(self, source: Path, name: str = "") -> Path:
        """Copy a file into ``retours/`` as it is."""
        return Path(shutil.copy2(source, self.returns / (name or source.name)))
