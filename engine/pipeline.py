"""The order of the stages. The only file that imports them all; the command line calls nothing else.

Each function does one command's whole job and returns what it did; none prints. They raise
:class:`engine.errors.EngineError` when nothing could be done.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import engine
from engine import (
    checks,
    cohort,
    decide,
    intake,
    mending,
    reception,
    referential,
    results,
    roster,
    seals,
    styles,
    tables,
    templates,
)
from engine.cohort import Cohort, Folder
from engine.errors import CohortError
from engine.files import deliver, write_whole
from engine.intake import Context, Intake
from engine.model import Run
from engine.report import FollowUp, Report

DEFAULT = "cgco_rncp34465"
"""The referential of a cohort that names none."""

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
    tell = progress or (lambda _: None)
    return templates.write(planned, opened.roster, opened.referential, path, partial=bool(only), progress=tell)


def write_blanks(out: Path, name: str = DEFAULT) -> list[Path]:
    """Write the unassigned sheets and an empty roster into a folder."""
    certification = referential.load(name, base=Path.cwd())
    contents = templates.blank(certification) | {"cohorte.xlsx": roster.blank(certification, name)}
    return [
        write_whole(out / file, lambda target, content=content: target.write_bytes(content))
        for file, content in contents.items()
    ]


# -------------------------------------------------------------------------------------- consolidation


def consolidate(
    path: Path, *, workers: int | None = None, dry_run: bool = False, progress: Progress | None = None
) -> Report:
    """The nightly job: read ``retours/``, check, decide, write ``resultats/resultats.xlsx``."""
    started = time.perf_counter()
    opened = open_cohort(path)
    people, certification = opened.roster, opened.referential
    read = intake.read_returns(opened.folder.returns, _context(opened), workers=workers, progress=progress)
    marks = read.marks()
    expected = reception.expected_sheets(people, certification, read.sheets, read.rated_works())
    outcomes = decide.decide(marks, people, certification, reception.awaited(expected))
    found = read.anomalies() + checks.run(checks.Evidence(marks, outcomes, people, certification))
    states = reception.file_states(read.reports, found)
    run = Run(made_at=styles.now(), program_version=engine.__version__, returns=len(read.reports))
    written, follow_up = None, _waiting(opened.folder)
    if not dry_run:
        content = {
            "referential": certification,
            "roster": people,
            "run": run,
            "outcomes": outcomes,
            "marks": marks,
            "anomalies": tables.anomaly_rows(found),
            "files": tables.table(tables.FILES, reception.file_rows(read.reports, states)),
            "missing": tables.table(tables.MISSING_SHEETS, reception.missing_rows(expected)),
        }
        target = opened.folder.results_workbook
        written = write_whole(target, lambda beside: results.write(beside, **content), now=run.made_at)
        follow_up = _follow_up(opened, read, expected)
    return Report(
        files=states,
        anomalies=found,
        seconds=time.perf_counter() - started,
        candidates=len(people.candidates),
        outcomes=outcomes,
        expected=expected,
        result=written,
        under_dated_name=written not in (None, opened.folder.results_workbook),
        follow_up=follow_up,
    )


def _follow_up(opened: Cohort, read: Intake, expected: list[reception.Expected]) -> FollowUp:
    """Write the copies to mend and the drafts of the reminders; that they could not be is told, the results stand."""
    try:
        copies = _corrections(opened, read)
        _reminders(opened, mending.needs(read.sheets, expected, opened.roster), copies)
    except (CohortError, OSError) as fault:
        return replace(_waiting(opened.folder), trouble=str(fault))
    return _waiting(opened.folder)


def _corrections(opened: Cohort, read: Intake) -> dict[str, dict[str, bytes]]:
    """Write a fresh copy of each workbook that has something to mend; their bytes, by evaluator then by file name."""
    path, people, certification = opened.folder.path, opened.roster, opened.referential
    faulty = mending.to_mend(read.sheets)
    planned = templates.plan(path, people, certification, seals.read_key(path)) if faulty else []
    again = templates.corrected(planned, path, faulty.keys())
    wanted = {issued.assignment.key for each in again for issued in each.sheets}
    inside = mending.contents((sheet for sheet in read.sheets if sheet.key in wanted), people, certification)
    templates.write_corrections(again, people, certification, path, inside)
    copies: dict[str, dict[str, bytes]] = {}
    for each in again:
        copies.setdefault(each.evaluator.id if each.evaluator else "", {})[each.path.name] = each.path.read_bytes()
    return copies


def _reminders(opened: Cohort, asked: list[mending.Needs], copies: dict[str, dict[str, bytes]]) -> None:
    """Write one draft per evaluator who has something to send or to mend."""
    place, now = opened.folder.reminders, styles.now()
    made = {
        place / mending.file_name(needs): mending.draft(
            needs, copies.get(needs.evaluator.id if needs.evaluator else "", {}), opened.roster, now
        )
        for needs in asked
    }
    stale = [path for path in opened.folder.drafts() if path not in made]
    deliver(opened.folder.outgoing, made.items(), stale, mending.same_but_for_date)


def _waiting(folder: Folder) -> FollowUp:
    """What stands ready to be sent."""
    return FollowUp(corrections=len(folder.corrected()), reminders=len(folder.drafts()))


def status(path: Path) -> Report:
    """What came and what is still missing, seen as a consolidation sees it; writes nothing."""
    return replace(consolidate(path, dry_run=True), outcomes=None)


def check(paths: Iterable[Path], name: str = DEFAULT) -> Report:
    """Read filled workbooks or folders on the spot; the cohort a path lies in gives its roster."""
    started = time.perf_counter()
    reports = [report for path in paths for report in _check(path, name).reports]
    found = Intake(reports).anomalies()
    return Report(files=reception.file_states(reports, found), anomalies=found, seconds=time.perf_counter() - started)


def _check(path: Path, name: str) -> Intake:
    path = path.absolute()
    folder = cohort.enclosing(path)
    context = _context(open_cohort(folder.path)) if folder else Context(referential.load(name, base=Path.cwd()))
    if folder is not None and path == folder.path:
        path = folder.returns  # a whole cohort: what came back, not what was sent
    root = path if path.is_dir() else path.parent
    if folder is not None and folder.returns in path.parents:
        root = folder.returns
    files = intake.collect(path) if path.is_dir() else [path]
    return intake.read_paths(files, root, context)


def _context(opened: Cohort) -> Context:
    return Context(opened.referential, opened.roster, seals.read_key(opened.folder.path))


# ----------------------------------------------------------------------------------------------- demo


def prepare_demo(path: Path) -> None:
    """Copy the sample cohort to a folder; a folder that already holds it is used again."""
    if not SAMPLE.is_dir():
        raise CohortError("Les données d'exemple manquent : lancez « demo » depuis le dossier du projet.")
    if _holds_sample(path):
        return
    if path.exists():
        raise CohortError(f"« {path} » existe déjà et contient autre chose : choisissez un autre dossier.")
    try:
        shutil.copytree(SAMPLE, path)
        Folder(path).make()
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être écrit : {fault.strerror or fault}.") from fault


def _holds_sample(path: Path) -> bool:
    copy, original = Folder(path).roster, Folder(SAMPLE).roster
    return copy.is_file() and copy.read_bytes() == original.read_bytes()
