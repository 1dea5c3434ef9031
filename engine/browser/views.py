"""A reading -> what the pages show: who sent what, what is wrong where, the decisions, what is to be done next."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup

from engine.browser.desk import Job
from engine.browser.next_step import Step, Tone, Verdict, deliberation, going_out, steps, verdict
from engine.browser.reading import Reading
from engine.browser.seen import digest
from engine.commands.close import obstacles
from engine.commands.report import Report
from engine.commands.session.recording import lost_of
from engine.model import Act, Decision, Evaluator, Roster
from engine.model.admission import Admissibility, Admission
from engine.model.anomalies import UNFINISHED, Anomaly, Gravity
from engine.model.errors import LossError
from engine.model.expected import Expected, FileState, Receipt
from engine.model.outcome import Outcome
from engine.model.texts import bare, counted, visible
from engine.office.styles import printed
from engine.workspace.cohort import Folder

PAGES = {
    "accueil": "Accueil",
    "courriel": "Courriel",
    "retours": "Retours",
    "corrections": "À corriger",
    "decisions": "Décisions",
    "jury": "Jury",
    "session": "Clôture",
}
"""The pages of a cohort, by the last word of their address; each has a template of that name."""

MOST = 500
"""Rows that a table shows: the rest is in the results."""


def shown(text: Any) -> Any:
    """A text as a page may show it: none of its signs commands the browser, nor turns the direction of what is read."""
    return visible(text, keep="\n\t") if isinstance(text, str) and not isinstance(text, Markup) else text


def french(text: str) -> str:
    """A sentence with its typography."""
    return printed(text)


_RECEIPTS = {Receipt.RECEIVED: Tone.DONE, Receipt.REFUSED: Tone.FAULTY, Receipt.MISSING: Tone.WAITING}
_STATES = {
    FileState.ACCEPTED: Tone.DONE,
    FileState.WITH_RESERVES: Tone.WARNING,
    FileState.REFUSED: Tone.FAULTY,
    FileState.REPLACED: Tone.WAITING,
    FileState.IGNORED: Tone.WAITING,
}
_ADMISSIBILITY = {
    Admissibility.EXEMPT: Tone.DONE,
    Admissibility.ADMISSIBLE: Tone.DONE,
    Admissibility.REFUSED: Tone.FAULTY,
    Admissibility.INCOMPLETE: Tone.WAITING,
}
_DECISIONS = {
    Decision.ADMITTED: Tone.DONE,
    Decision.PARTIAL: Tone.WARNING,
    Decision.REFUSED: Tone.FAULTY,
    Decision.PENDING: Tone.WAITING,
    Decision.LEFT: Tone.WAITING,
}


@dataclass(frozen=True)
class Sheet:
    """An expected sheet: whom it is about, its kind, and what became of it."""

    about: str
    kind: str
    receipt: Receipt

    @property
    def tone(self) -> Tone:
        """How that is shown."""
        return _RECEIPTS[self.receipt]


@dataclass(frozen=True)
class File:
    """A file below ``retours/`` and what became of it."""

    name: str
    state: FileState

    @property
    def tone(self) -> Tone:
        """How that is shown."""
        return _STATES[self.state]


@dataclass(frozen=True)
class Person:
    """An evaluator and the sheets that are expected of them."""

    name: str
    email: str
    sheets: tuple[Sheet, ...]

    def count(self, receipt: str) -> int:
        """How many of them became this."""
        return sum(sheet.receipt.name == receipt for sheet in self.sheets)


@dataclass(frozen=True)
class FaultyFile:
    """A return and what is wrong in it; without a ``state``, what is wrong is of no file."""

    name: str
    state: FileState | None
    anomalies: tuple[Anomaly, ...]

    @property
    def tone(self) -> Tone:
        """How its state is shown."""
        return _STATES[self.state] if self.state else Tone.WAITING

    @property
    def blocking(self) -> int:
        """How many of them need a person."""
        return sum(anomaly.blocking for anomaly in self.anomalies)


@dataclass(frozen=True)
class View:
    """What the pages of a cohort show. ``refusal``: why the returns could not be judged; ``waiting``: they are being
    read for the first time. ``obstacles``: what keeps the session from being closed."""

    title: str
    path: str
    waiting: bool
    refusal: str
    problems: tuple[str, ...]
    verdict: Verdict
    steps: tuple[Step, ...]
    job: Job | None
    loss: bool
    closure: Act | None
    roster: Roster | None
    notices: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    files: tuple[File, ...] = ()
    faults: tuple[FaultyFile, ...] = ()
    unfinished: tuple[Anomaly, ...] = ()
    fault_summary: str = ""
    blocking: int = 0
    outcomes: tuple[Outcome, ...] = ()
    admissions: tuple[Admission, ...] = ()
    admissibility: dict[str, int] = field(default_factory=dict)
    decisions: dict[str, int] = field(default_factory=dict)
    obstacles: tuple[str, ...] = ()
    corrections: int = 0
    messages: int = 0
    reminders: int = 0
    convocations: int = 0
    has_report: bool = False
    has_results: bool = False
    has_pages: bool = False
    has_planning: bool = False
    has_jury: bool = False
    has_deliberation: bool = False
    has_deliveries: bool = False
    by_jury: bool = False
    signed: bool = False
    incomplete: bool = False
    """Whether something is gone of what a closure wrote."""

    @property
    def seen(self) -> str:
        """What tells the list of what keeps the session from being closed from any other."""
        return digest(self.obstacles)

    @property
    def lost(self) -> str:
        """What tells the loss that the last job met from any other."""
        return digest([str(self.job.refusal)]) if self.job else ""

    def named(self, candidate: str) -> str:
        """A candidate by name, empty for somebody the roster does not know."""
        person = self.roster.candidate(candidate) if self.roster else None
        return f"{person.name} ({person.id})" if person else ""

    def tone_of_file(self, admission: Admission) -> Tone:
        """How admissibility to the grand oral is shown."""
        return _ADMISSIBILITY[admission.admissibility] if admission.admissibility else Tone.WAITING

    def tone_of(self, outcome: Outcome) -> Tone:
        """How a decision is shown; one that is provisional is not shown as settled."""
        return Tone.WAITING if outcome.provisional else _DECISIONS[outcome.decision]


def view(folder: Folder, found: Reading | None, job: Job | None) -> View:
    """The view of a cohort that the pages show; ``found``: ``None`` before it was read."""
    roster = found.cohort.roster if found and found.cohort else None
    report, out = found.report if found else None, going_out(found)
    return View(
        title=(roster.session.cohort if roster else "") or folder.path.absolute().name,
        path=str(folder.path.absolute()),
        waiting=found is None,
        refusal=found.refusal if found else "",
        problems=found.problems if found else (),
        verdict=verdict(folder, found),
        steps=steps(folder, found),
        job=job,
        loss=job is not None and isinstance(job.refusal, LossError),
        closure=found.closure if found else None,
        roster=roster,
        corrections=out.corrections,
        messages=out.messages,
        reminders=out.reminders if folder.reminders.is_dir() else 0,
        convocations=len(folder.convocation_drafts()),
        has_report=folder.briefing.is_file(),
        has_results=folder.results_workbook.is_file(),
        has_pages=folder.pages.is_dir(),
        has_planning=folder.planning.is_file(),
        has_jury=folder.jury.is_dir(),
        has_deliberation=deliberation(folder).is_file(),
        has_deliveries=folder.deliveries.is_dir(),
        by_jury=bool(found and found.by_jury),
        signed=bool(roster and roster.session.signature_required),
        incomplete=bool(found and found.closure and found.closure.certain and lost_of(folder, found.closure)),
        **(_told(report) if report else {}),
    )


def _told(report: Report) -> dict[str, Any]:
    outcomes = report.outcomes or ()
    decisions = Counter(outcome.decision for outcome in outcomes)
    words = Counter(each.admissibility for each in report.admissions)
    return {
        "notices": report.notices,
        "people": tuple(people(report.expected)),
        "files": tuple(File(name, state) for name, state in sorted(report.files.items())),
        "faults": tuple(faults(report)),
        "unfinished": tuple(unfinished(report)),
        "fault_summary": _in_short(report),
        "blocking": report.blocking,
        "outcomes": outcomes,
        "admissions": tuple(each for each in report.admissions if each.admissibility is not None),
        "admissibility": {str(word): words[word] for word in Admissibility if words[word]},
        "decisions": {str(word): decisions[word] for word in Decision if decisions[word]},
        "obstacles": tuple(obstacles(report)),
    }


def _in_short(report: Report) -> str:
    """« 2 anomalies bloquantes : ces valeurs attendent. 3 avertissements. »"""
    warnings = sum(anomaly.gravity is Gravity.WARNING and not anomaly.unfinished for anomaly in report.anomalies)
    also = f" {counted(warnings, 'avertissement', 'avertissements')}, à regarder." if warnings else ""
    if unfinished := sum(anomaly.unfinished for anomaly in report.anomalies):
        also += f" {counted(unfinished, *UNFINISHED)}."
    if not report.blocking:
        return f"Aucune anomalie bloquante.{also}"
    blocking = counted(report.blocking, "anomalie bloquante", "anomalies bloquantes")
    return f"{blocking} : ce qui en dépend attend d'être corrigé.{also}"


def people(expected: Iterable[Expected]) -> list[Person]:
    """Who is expected to send what, those of whom most is still awaited first."""
    by_person: dict[Evaluator | None, list[Expected]] = defaultdict(list)
    for item in expected:
        by_person[item.assignment.evaluator].append(item)
    found = [
        Person(
            f"{evaluator.name} ({evaluator.id})" if evaluator else "Secrétariat",
            evaluator.email if evaluator else "",
            tuple(_sheet(item) for item in items),
        )
        for evaluator, items in by_person.items()
    ]
    return sorted(found, key=lambda one: (-one.count("REFUSED"), -one.count("MISSING"), bare(one.name)))


def _sheet(item: Expected) -> Sheet:
    candidate = item.assignment.candidate
    about = f"{candidate.name} ({candidate.id})" if candidate else "toute la cohorte"
    return Sheet(about, item.assignment.kind.record.title, item.receipt)


def faults(report: Report) -> list[FaultyFile]:
    """The returns in which something is wrong, those that need a person first; what is only for information is left to
    the results, sheets to complete to :func:`unfinished`."""
    by_file: dict[str, list[Anomaly]] = defaultdict(list)
    for anomaly in report.anomalies:
        if anomaly.gravity is not Gravity.INFO and not anomaly.unfinished:
            by_file[anomaly.file].append(anomaly)
    found = [
        FaultyFile(name, report.files.get(name), tuple(sorted(anomalies, key=lambda each: not each.blocking)))
        for name, anomalies in by_file.items()
    ]
    return sorted(found, key=lambda one: (not one.blocking, one.name == "", one.name.casefold()))


def unfinished(report: Report) -> list[Anomaly]:
    """The sheets that came and still have blanks, in the order of their files."""
    return sorted((each for each in report.anomalies if each.unfinished), key=lambda each: each.file.casefold())


def progress(job: Job | None) -> dict[str, Any] | None:
    """How far something is, for the script."""
    if job is None:
        return None
    told = f"{job.title}…"
    if job.total and job.done < job.total:
        told = f"{job.title} : {job.done} sur {job.total} {job.about}{job.left}"
    elif job.total:
        told = f"{job.title} : {job.about}, puis écriture…"
    return {"told": french(told), "done": min(job.done, job.total), "total": job.total}
