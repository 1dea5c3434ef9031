"""The order of the stages. The only file that imports them all; the command line calls nothing else.

Each function does one command's whole job and returns what it did; none prints. They raise
:class:`engine.errors.EngineError` when nothing could be done.
"""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import engine
from engine import (
    checks,
    cohort,
    decide,
    intake,
    reception,
    referential,
    results,
    roster,
    seals,
    styles,
    tables,
    templates,
)
from engine.anomalies import Anomaly
from engine.cohort import Cohort, Folder
from engine.errors import CohortError
from engine.files import write_whole
from engine.intake import Context, Intake
from engine.model import Kind, Outcome, Run

Progress = Callable[[int], None]
SAMPLE = Path(__file__).resolve().parent.parent / "sample_data"


# -------------------------------------------------------------------------------------------- cohorts


def open_cohort(path: Path) -> Cohort:
    """The cohort of a folder, roster and referential read and checked against each other."""
    folder = Folder(path)
    folder.require()
    load = lru_cache(maxsize=1)(lambda name: referential.load(name, base=path))
    people = roster.read(folder.roster, load)
    return Cohort(folder, people, load(people.session.referential))


def initialise(path: Path, name: str) -> tuple[Folder, bool]:
    """Make a cohort folder, its key and an empty roster; never overwrites. Also whether the roster is new."""
    certification = referential.load(name, base=Path.cwd())
    folder = Folder(path)
    try:
        folder.make()
        seals.make_key(path)
    except OSError as fault:
        raise CohortError(f"Le dossier « {path} » ne peut pas être préparé : {fault.strerror or fault}.") from fault
    if folder.roster.exists():
        return folder, False
    stored = name if name in referential.shipped() else str(Path(name).resolve())
    write_whole(folder.roster, lambda target: target.write_bytes(roster.blank(certification, stored)))
    return folder, True


# ------------------------------------------------------------------------------------------ templates


def issue(path: Path, only: Collection[str] = (), progress: Progress | None = None) -> templates.Written:
    """Write the workbooks of a cohort under ``envois/``; ``only``: identifiers of candidates."""
    opened = open_cohort(path)
    unknown = [identifier for identifier in only if opened.roster.candidate(identifier) is None]
    if unknown:
        raise CohortError(f"Candidat inconnu au registre : {', '.join(unknown)}.")
    key = seals.make_key(path)
    planned = templates.plan(path, opened.roster, opened.referential, key, only)
    return templates.write(planned, opened.roster, opened.referential, path, partial=bool(only), progress=progress or (lambda _: None))


def write_blanks(out: Path, name: str = "cgco_rncp34465") -> list[Path]:
    """Write the unassigned sheets and an empty roster into a folder."""
    certification = referential.load(name, base=Path.cwd())
    contents = templates.blank(certification) | {"cohorte.xlsx": roster.blank(certification, name)}
    return [
        write_whole(out / file, lambda target, content=content: target.write_bytes(content))
        for file, content in contents.items()
    ]


# -------------------------------------------------------------------------------------- consolidation


@dataclass(frozen=True)
class Report:
    """What a command found, for the terminal and for ``--json``; ``None`` for what it does not have."""

    intake: Intake
    anomalies: list[Anomaly]
    files: dict[str, reception.FileState]
    seconds: float
    outcomes: tuple[Outcome, ...] | None = None
    expected: list[reception.Expected] = field(default_factory=list)
    candidates: int | None = None
    result: Path | None = None
    under_dated_name: bool = False

    @property
    def blocking(self) -> int:
        """How many anomalies need a person."""
        return sum(anomaly.blocking for anomaly in self.anomalies)

    @property
    def needs_a_person(self) -> bool:
        """Whether the exit status is 1."""
        return self.blocking > 0 or self.under_dated_name

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        decisions = None if self.outcomes is None else _counted(outcome.decision for outcome in self.outcomes)
        return {
            "candidates": self.candidates,
            "decisions": decisions,
            "files": _counted(self.files.values()),
            "anomalies": _counted(anomaly.code for anomaly in self.anomalies),
            "result": str(self.result) if self.result else None,
            "seconds": round(self.seconds, 3),
        }


def _counted(words: Iterable[str]) -> dict[str, int]:
    return {str(word): count for word, count in sorted(Counter(words).items())}


def consolidate(
    path: Path, *, workers: int | None = None, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """The nightly job: read ``retours/``, check, decide, write ``resultats/resultats.xlsx``."""
    started = time.perf_counter()
    opened = open_cohort(path)
    read = _read(opened, workers, progress)
    marks = read.marks()
    expected = _expected(opened, read)
    outcomes = decide.decide(marks, opened.roster, opened.referential, reception.awaited(expected))
    found = read.anomalies() + checks.run(checks.Evidence(marks, outcomes, opened.roster, opened.referential))
    states = _file_states(read, found)
    result = opened.folder.results_workbook
    written = result
    if not dry_run:
        run = Run(made_at=styles.now(), program_version=engine.__version__, returns=len(read.reports))
        content = {
            "referential": opened.referential,
            "roster": opened.roster,
            "run": run,
            "outcomes": outcomes,
            "marks": marks,
            "anomalies": tables.anomaly_rows(found),
            "files": tables.table(tables.FILES, _file_rows(read, states)),
            "missing": tables.table(tables.MISSING_SHEETS, reception.missing_rows(expected)),
        }
        written = write_whole(result, lambda target: results.write(target, **content), now=run.made_at)
    return Report(
        read,
        found,
        states,
        time.perf_counter() - started,
        outcomes=outcomes,
        expected=expected,
        candidates=len(opened.roster.candidates),
        result=None if dry_run else written,
        under_dated_name=written != result,
    )


def status(path: Path) -> Report:
    """What came and what is still missing; writes nothing."""
    started = time.perf_counter()
    opened = open_cohort(path)
    read = _read(opened, None, None)
    found = read.anomalies()
    return Report(
        read,
        found,
        _file_states(read, found),
        time.perf_counter() - started,
        expected=_expected(opened, read),
        candidates=len(opened.roster.candidates),
    )


def check(paths: Iterable[Path], name: str = "cgco_rncp34465") -> Report:
    """Read filled workbooks or folders on the spot; the cohort a path lies in gives its roster."""
    started = time.perf_counter()
    reports = []
    for path in paths:
        folder = cohort.enclosing(path)
        root = path if path.is_dir() else path.parent
        if folder is not None and folder.returns in path.absolute().parents:
            root = folder.returns
        context = _context(open_cohort(folder.path)) if folder else Context(referential.load(name, base=Path.cwd()))
        files = intake.collect(path) if path.is_dir() else [path]
        reports += intake.read_paths([root / file.relative_to(root) for file in files], root, context).reports
    read = Intake(reports)
    found = read.anomalies()
    return Report(read, found, _file_states(read, found), time.perf_counter() - started)


def prepare_demo(path: Path) -> Path:
    """Copy the sample cohort to a new folder."""
    if not SAMPLE.is_dir():
        raise CohortError("Les données d'exemple ne sont pas installées : lancez « demo » depuis le dossier du projet.")
    if path.exists():
        raise CohortError(f"« {path} » existe déjà : choisissez un autre dossier, ou supprimez-le.")
    try:
        shutil.copytree(SAMPLE, path)
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être écrit : {fault.strerror or fault}.") from fault
    return path


def _context(opened: Cohort) -> Context:
    return Context(opened.referential, opened.roster, seals.read_key(opened.folder.path))


def _read(opened: Cohort, workers: int | None, progress: Progress | None) -> Intake:
    return intake.read_returns(opened.folder.returns, _context(opened), workers=workers, progress=progress)


def _expected(opened: Cohort, read: Intake) -> list[reception.Expected]:
    return reception.expected_sheets(opened.roster, opened.referential, read.sheets, _rated_works(read))


def _rated_works(read: Intake) -> dict[str, set[str]]:
    rated: dict[str, set[str]] = {}
    for sheet in read.sheets:
        if sheet.kind is Kind.TRAVAUX:
            codes = {mark[7] for mark in sheet.marks if mark[6] == "niveau" and mark[10] == tables.VALUE}
            rated.setdefault(sheet.candidate, set()).update(codes)
    return rated


def _file_states(read: Intake, found: Iterable[Anomaly]) -> dict[str, reception.FileState]:
    by_file: dict[str, list[Anomaly]] = {}
    for anomaly in found:
        by_file.setdefault(anomaly.file, []).append(anomaly)
    return {
        report.path: reception.file_state(
            ignored=report.ignored,
            copied=bool(report.duplicate_of),
            statuses=[sheet.status for sheet in report.sheets],
            anomalies=by_file.get(report.path, ()),
        )
        for report in read.reports
    }


def _file_rows(read: Intake, states: dict[str, reception.FileState]) -> Iterable[tuple[Any, ...]]:
    for report in read.reports:
        people = [
            "; ".join(dict.fromkeys(text for sheet in report.sheets if (text := str(getattr(sheet, name)))))
            for name in ("kind", "candidate", "evaluator")
        ]
        yield (report.path, str(states[report.path]), *people, report.modified, report.size, report.digest)
