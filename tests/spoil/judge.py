"""All the cases in one folder: dropped, read by the workers at once, judged one by one beside the valid returns."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path

from engine import jury
from engine.assessment import checks, decide, deliberation, reception
from engine.assessment.evidence import Evidence
from engine.intake import Context, Intake
from engine.intake.processes.pool import read_all
from engine.intake.processes.task import Task
from engine.intake.replaced import soften
from engine.intake.versions import resolve
from engine.model import Kind, Outcome
from engine.model.anomalies import Anomaly
from engine.model.returns import FileReport
from engine.model.tables import EXCLUDED, UNTYPED
from engine.model.values import figure
from tests.spoil import CASES
from tests.spoil.case import SPOILED, VALID, Base, Case, Desk, File

NOT_YET = frozenset({"R01", "R03", "R15"})
"""What is told of a candidate whose other sheets have not come: expected only where a case says so."""


@dataclass(frozen=True)
class Verdict:
    """What came of one case: its anomalies, the marks that count, by name, and the state of its files."""

    anomalies: list[Anomaly]
    marks: Mapping[str, str]
    states: frozenset[str]
    outcomes: Mapping[str, Outcome]

    def codes(self, case: Case) -> set[str]:
        """The codes, but for what merely has not come yet."""
        return {each.code for each in self.anomalies} - (NOT_YET - case.expected)


class Corpus:
    """Every case dropped into the ``retours/`` of one cohort, each in a folder of its own, beside valid returns."""

    def __init__(self, folder: Path) -> None:
        self.desk = Desk(folder)
        self.valid = self.desk.drop_valid()
        self._verdicts: dict[str, Verdict] = {}
        self.places = {case.name: self._drop(case, rank) for rank, case in enumerate(CASES) if case.possible}

    def _drop(self, case: Case, rank: int) -> list[Path]:
        folder = self.desk.returns / f"{rank:03}"
        folder.mkdir()
        return [drop(file, folder / file.name) for file in case.files(self.desk)]

    def context(self, session: Mapping[str, object]) -> Context:
        """The cohort as the readers see it, the session changed."""
        return seen_by(self.desk, session)

    @cached_property
    def reports(self) -> dict[tuple[str, str], FileReport]:
        """The report of each file, by session and path: read once, by two workers that may die."""
        found = {}
        for session in {str(case.session): case.session for case in CASES}.values():
            paths = [path for case in CASES if case.session == session for path in self.places.get(case.name, ())]
            read = self._read([*self.valid, *paths], session)
            found |= {(str(session), report.path): report for report in read}
        return found

    def _read(self, paths: list[Path], session: Mapping[str, object]) -> list[FileReport]:
        return read_all(paths, Task(self.desk.returns, self.context(session)), 2)

    @cached_property
    def baseline(self) -> dict[Base, Mapping[str, str]]:
        """What each untouched workbook holds."""
        bases = list({base: None for case in CASES for base in case.bases})
        paths = [self.desk.path(*(base if isinstance(base, tuple) else (base,))) for base in bases]
        reports = read_all(paths, Task(self.desk.cohort.path, self.context({})), 2)
        return {base: _marks([report]) for base, report in zip(bases, reports, strict=True)}

    def judge(self, case: Case) -> Verdict:
        """What comes of a case alone beside the valid returns; its own marks of the cohort replace theirs.

        Judged once: the table of the documentation asks again."""
        if case.name not in self._verdicts:
            self._verdicts[case.name] = self._judged(case)
        return self._verdicts[case.name]

    def _judged(self, case: Case) -> Verdict:
        own = self._reports(case, self.places[case.name])
        has_notes = any(sheet.kind is Kind.NOTES for report in own for sheet in report.sheets)
        valid = [path for path in self.valid if not (has_notes and path.name.startswith("NOTES"))]
        return judged(own, self._reports(case, valid), self.context(case.session))

    def clean(self) -> dict[str, Outcome]:
        """What is decided of the valid candidates from their own returns alone."""
        reports = [deepcopy(self.reports["{}", self._name(path)]) for path in self.valid]
        return dict(judged([], reports, self.context({})).outcomes)

    def _name(self, path: Path) -> str:
        return path.relative_to(self.desk.returns).as_posix()

    def _reports(self, case: Case, paths: Iterable[Path]) -> list[FileReport]:
        found = (self.reports[str(case.session), self._name(path)] for path in paths)
        return [deepcopy(each) for report in found for each in (report, *report.inside)]

    def wanted(self, case: Case) -> dict[str, str]:
        """The marks that must come of a case."""
        kept = {name: value for base in case.bases for name, value in self.baseline[base].items()}
        lost = {name for name in kept for pattern in case.lost if fnmatchcase(name, pattern)}
        return {name: value for name, value in kept.items() if name not in lost} | dict(case.read)


def seen_by(desk: Desk, session: Mapping[str, object]) -> Context:
    """The cohort as the readers see it, the session changed."""
    roster = desk.cohort.roster
    changed = replace(roster, session=replace(roster.session, **session))
    return Context(desk.cohort.referential, changed, desk.key)


def judged(own: list[FileReport], valid: list[FileReport], context: Context) -> Verdict:
    """What comes of some returns (``own``) beside valid ones."""
    resolve([*valid, *own])
    soften(sheet for report in (*valid, *own) for sheet in report.sheets)
    read = Intake([*valid, *own])
    marks, people, certification = read.marks(), context.roster, context.referential
    expected = reception.expected_sheets(people, certification, read.sheets, read.rated_works(), read.commissioned())
    ruled = decide.decide(marks, people, certification, reception.awaited(expected))
    outcomes, told = deliberation.overrule(ruled, deliberation.gather(marks, certification), certification)
    found = read.anomalies() + told + checks.run(Evidence(marks, outcomes, people, certification))
    found += jury.warnings(jury.admit(marks, outcomes, people, certification), marks)
    states = reception.file_states(own, found)
    decided = {each.candidate.id: replace(each, left_out=False) for each in outcomes if each.candidate.id in VALID}
    return Verdict(found, _marks(own), frozenset(map(str, states.values())), decided)


def drop(file: File, path: Path) -> Path:
    """Put one file of a return in its place."""
    if callable(file.content):
        file.content(path)
        return path
    path.write_bytes(file.content)
    stamp = datetime(2025, 6, file.day).timestamp()
    os.utime(path, (stamp, stamp))
    return path


# ------------------------------------------------------------------------------------------- marks


def _marks(reports: Iterable[FileReport]) -> dict[str, str]:
    """The marks that hold a value or a declared state, by name."""
    rows = [mark for report in reports for sheet in report.sheets for mark in sheet.marks]
    return {_name(row): _shown(row) for row in rows if row[10] not in (*UNTYPED, EXCLUDED)}


def _name(mark: tuple) -> str:
    _, _, _, kind, candidate, evaluator, entry, code, *_ = mark
    words = [kind, entry, code]
    if kind in (Kind.NOTES, Kind.VALIDATION):
        words = [kind, candidate or entry, code]
    elif candidate != SPOILED:
        words = [candidate, *words]
    if evaluator not in ("", "T01", "J01", "R01"):
        words = [evaluator, *words]
    return " ".join(word for word in words if word)


def _shown(mark: tuple) -> str:
    value, state = mark[9], mark[10]
    if isinstance(value, Decimal):
        return figure(value)
    return state if value is None else value.isoformat() if isinstance(value, date) else str(value)
