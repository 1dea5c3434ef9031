"""The order of the stages. The only file that imports them all; the command line calls nothing else.

Each function does one command's whole job and returns what it did; none prints. They raise
:class:`engine.errors.EngineError` when nothing could be done.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import engine
from engine import (
    briefing,
    checks,
    cohort,
    decide,
    doctor,
    drafts,
    evolution,
    exports,
    fiches,
    intake,
    ledger,
    mending,
    personal_codes,
    precedents,
    reception,
    referential,
    remembering,
    results,
    roster,
    runs,
    seals,
    styles,
    tables,
    templates,
)
from engine.anomalies import Anomaly
from engine.cohort import Cohort, Folder
from engine.digest import digest
from engine.errors import CohortError
from engine.evolution import Evolution, Since
from engine.files import Delivery, Writer, deliver, workplace, write_together, write_whole
from engine.intake import Context, Intake
from engine.model import Outcome, Run
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


@dataclass(frozen=True)
class Initialised:
    """A cohort folder, and what was new in it."""

    folder: Folder
    roster: bool
    key: bool


def initialise(path: Path, name: str) -> Initialised:
    """Make a cohort folder, its key (unless it is given from elsewhere) and an empty roster; never overwrites."""
    certification = referential.load(name, base=Path.cwd())
    folder, new_key = Folder(path), seals.given_key() is None and not seals.key_path(path).exists()
    try:
        folder.make()
        if new_key:
            seals.make_key(path)
    except OSError as fault:
        raise CohortError(f"Le dossier « {path} » ne peut pas être préparé : {fault.strerror or fault}.") from fault
    if folder.roster.exists():
        return Initialised(folder, roster=False, key=new_key)
    stored = name if name in referential.shipped() else str(Path(name).resolve())
    write_whole(folder.roster, lambda target: target.write_bytes(roster.blank(certification, stored)))
    return Initialised(folder, roster=True, key=new_key)


# ------------------------------------------------------------------------------------------ templates


def issue(
    path: Path, only: Collection[str] = (), progress: Progress | None = None, *, key_file: Path | None = None
) -> templates.Written:
    """Write the workbooks of a cohort under ``envois/``; ``only``: identifiers of candidates."""
    with runs.alone(Folder(path), "templates"):
        opened = open_cohort(path)
        _require_candidates(opened, only)
        key = seals.given_key(key_file) or _own_key(opened.folder)
        planned = templates.plan(path, opened.roster, opened.referential, key, only)
        tell = progress or (lambda _: None)
        return templates.write(planned, opened.roster, opened.referential, path, partial=bool(only), progress=tell)


def _require_candidates(opened: Cohort, only: Iterable[str]) -> None:
    unknown = [identifier for identifier in only if opened.roster.candidate(identifier) is None]
    if unknown:
        raise CohortError(f"Candidat inconnu au registre : {', '.join(unknown)}.")


def _own_key(folder: Folder) -> bytes:
    """The key of the folder; made only as long as nothing was issued, for another key would disown what was."""
    return seals.read_key(folder.path) if any(folder.outgoing.rglob("*.xlsx")) else seals.make_key(folder.path)


def codes(path: Path, *, key_file: Path | None = None) -> list[str]:
    """The page of each evaluator's personal code, to hand out."""
    opened = open_cohort(path)
    return personal_codes.pages(opened.roster, opened.referential, _key(opened.folder, key_file))


def _key(folder: Folder, key_file: Path | None) -> bytes:
    return seals.given_key(key_file) or seals.read_key(folder.path)


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
    path: Path,
    *,
    workers: int | None = None,
    dry_run: bool = False,
    full: bool = False,
    since: Since = None,
    progress: Progress | None = None,
    key_file: Path | None = None,
    keep: int = precedents.KEEP,
    parquet: bool = False,
) -> Report:
    """The nightly job: read ``retours/``, check, decide; write the results workbook, the data and the morning page.

    ``full``: read and parse every return again, whatever is remembered of it. ``since``: the run to tell what changed
    from, instead of the last one. ``keep``: copies of earlier results to keep. Unless it is a ``dry_run``, it is alone
    on the cohort and in its log.
    """
    if parquet:
        exports.require()
    how = {
        "workers": workers,
        "full": full,
        "since": since,
        "progress": progress,
        "key_file": key_file,
        "parquet": parquet,
    }
    if dry_run:
        return _consolidate(path, None, **how)
    with runs.alone(Folder(path), "consolidate") as log:
        report = _consolidate(path, keep, **how)
        log.report(report)
    return report


def _consolidate(
    path: Path,
    keep: int | None,
    *,
    workers: int | None,
    full: bool,
    since: Since,
    progress: Progress | None,
    key_file: Path | None,
    parquet: bool,
) -> Report:
    """``keep``: copies of earlier results to keep; ``None``: nothing is written."""
    started, dry_run = time.perf_counter(), keep is None
    opened, now = open_cohort(path), styles.now()
    key, folder = _key(opened.folder, key_file), opened.folder
    disk = folder.disk_of_returns()
    with ledger.opened(folder.memory, folder.results, write=not dry_run, now=now) as past:
        context = Context(opened.referential, opened.roster, key)
        clock = 0 if dry_run else ledger.clock(folder.private)
        archive = ledger.Archive(folder.archive, now)
        if past.empty and not dry_run:
            remembering.rebuild(past, archive, context, now, folder.private)
        seen = intake.survey(
            intake.collect(folder.returns),
            folder.returns,
            context,
            workers=workers,
            progress=progress,
            memory=remembering.memory(past, context, full),
        )
        folder.require_returns(disk)
        inputs = digest(intake.fingerprint(context), seen.inputs(), [act.seal for act in past.acts], parquet)
        if not dry_run and since is None and past.stands(inputs, _outputs(folder), folder.results_workbook):
            return _stand(opened, past, now, clock, started)
        read = seen.read(None if dry_run else archive.keep)
        found = _judge(opened, read, past, now, since)
        remarks = tuple(remembering.closed(past))
        notices = (*past.notices, *remarks)
        written, aside, follow_up = None, (), _waiting(folder)
        if not dry_run:
            run = Run(made_at=now, program_version=engine.__version__, returns=len(read.reports), acts=tuple(past.acts))
            night = ledger.Night(
                made_at=now,
                program=engine.__version__,
                clock=clock,
                context=intake.fingerprint(context),
                inputs=inputs,
                files=read.reports,
                states=found.files,
                anomalies=found.anomalies,
                outcomes=found.outcomes,
                readings=intake.lasting(read.reports),
            )
            content = _content(opened, read, found, run)
            pages = _briefing(opened, found, run, notices)
            written, aside = _write_results(folder, content, pages, past, night, parquet=parquet, keep=keep)
            follow_up = _follow_up(opened, key, read, found.expected)
            if troubles := _troubles(aside, follow_up):
                write_together(_briefing(opened, found, run, notices, troubles), now=now)
            past.finish(_outputs(folder) if since is None and _at_rest(found) and not troubles else "")
    return Report(
        files=found.files,
        anomalies=found.anomalies,
        seconds=time.perf_counter() - started,
        candidates=len(opened.roster.candidates),
        outcomes=found.outcomes,
        expected=found.expected,
        result=written,
        aside=aside,
        follow_up=follow_up,
        notices=tuple(past.notices),
        remarks=remarks,
        digests={report.path: report.digest for report in read.reports},
        evolution=found.evolution,
    )


def _at_rest(found: _Found) -> bool:
    """Whether these results tell of no change since an earlier run, and so would be the same the night after."""
    told = found.evolution
    nothing_new = told.first or (told.nothing and not told.notes)
    return nothing_new and not any(anomaly.code == "R07" for anomaly in found.anomalies)


def _stand(opened: Cohort, past: ledger.Ledger, now: datetime, clock: int, started: float) -> Report:
    """A night that changed nothing: the results stand, and the morning page says so."""
    report = remembering.standing(opened, past, _waiting(opened.folder))
    run = Run(made_at=now, program_version=engine.__version__, returns=len(report.files), acts=tuple(past.acts))
    notices = (*report.notices, *remembering.closed(past))
    write_together(_briefing(opened, report, run, notices), now=now)
    past.stand(now, engine.__version__, clock)
    return replace(report, seconds=time.perf_counter() - started)


def _outputs(folder: Folder) -> str:
    """What stands beside the results workbook, by number: something that was taken away is made again."""
    data = (list(folder.data.glob(f"*.{kind}")) for kind in ("csv", "parquet"))
    beside = folder.corrected(), folder.drafts(), *data, list(folder.archive.glob("??/*.gz"))
    return " ".join(str(len(files)) for files in beside)


@dataclass(frozen=True)
class _Found:
    """What follows from the returns; ``files``: the state of each, by path."""

    marks: object
    outcomes: tuple[Outcome, ...]
    expected: list[reception.Expected]
    anomalies: list[Anomaly]
    files: dict[str, reception.FileState]
    evolution: Evolution


def _judge(opened: Cohort, read: Intake, past: ledger.Ledger, now: datetime, since: Since) -> _Found:
    """Check and decide; warn about what was there at the last consolidation and is not any more; tell what changed."""
    people, certification = opened.roster, opened.referential
    marks = read.marks()
    expected = reception.expected_sheets(people, certification, read.sheets, read.rated_works())
    decided = decide.decide(marks, people, certification, reception.awaited(expected))
    outcomes, held = ledger.hold(decided, past.closure)
    anomalies = read.anomalies() + checks.run(checks.Evidence(marks, outcomes, people, certification))
    anomalies += held + ledger.regressions(past, read.sheets)
    states = reception.file_states(read.reports, anomalies)
    tonight = evolution.Tonight(
        made_at=now,
        program=engine.__version__,
        files=list(reception.file_rows(read.reports, states)),
        reports=read.reports,
        outcomes=outcomes,
        anomalies=anomalies,
    )
    return _Found(marks, outcomes, expected, anomalies, states, evolution.against(past, tonight, since))


def _content(opened: Cohort, read: Intake, found: _Found, run: Run) -> dict[str, Any]:
    """What the results are written from."""
    return {
        "referential": opened.referential,
        "roster": opened.roster,
        "run": run,
        "outcomes": found.outcomes,
        "marks": found.marks,
        "anomalies": tables.anomaly_rows(found.anomalies),
        "files": tables.table(tables.FILES, reception.file_rows(read.reports, found.files)),
        "missing": tables.table(tables.MISSING_SHEETS, reception.missing_rows(found.expected)),
        "evolution": found.evolution,
    }


def _write_results(
    folder: Folder,
    content: dict[str, Any],
    pages: Mapping[Path, Writer],
    past: ledger.Ledger,
    night: ledger.Night,
    *,
    parquet: bool,
    keep: int,
) -> tuple[Path, tuple[Path, ...]]:
    """Write the workbook, the data, the pages and the night, all or nothing.

    The memory is told before anything takes its place, and has it confirmed after. The workbook's path, and what had
    to get a dated name.
    """
    data = exports.tables(**{name: content[name] for name in _EXPORTED})
    makers = {**exports.writers(data, folder.data, parquet=parquet), **pages}
    made_at, workbook, kept = content["run"].made_at, folder.results_workbook, []

    def write(beside: Path) -> None:
        with workplace(beside) as place:
            results.write(beside, **content, workplace=place)
        kept.append(past.keep(night, beside))

    makers[workbook] = write  # the last one made, and the last put in place: once it is new, so is all the rest
    placed = _swap(folder, makers, made_at)
    past.deliver(*kept)
    precedents.tidy(workbook, placed, keep, made_at)
    return placed[workbook], tuple(path for target, path in placed.items() if path != target)


def _swap(folder: Folder, makers: Mapping[Path, Writer], made_at: datetime) -> dict[Path, Path]:
    """Make all that goes to ``resultats/``, keep a copy of the workbook that stands there, then swap them all; the path
    each got."""
    workbook = folder.results_workbook

    def keep_previous(made: Mapping[Path, Path]) -> None:
        if not results.same_but_for_date(made[workbook], workbook):
            precedents.keep(workbook)

    outdated = (path for path in folder.data.glob("*.parquet") if path not in makers)
    return write_together(makers, now=made_at, gone=outdated, ready=keep_previous)


_EXPORTED = ("referential", "outcomes", "marks", "anomalies", "files")


def _briefing(
    opened: Cohort, found: _Found | Report, run: Run, notices: Sequence[str], troubles: Sequence[str] = ()
) -> dict[Path, Writer]:
    """What writes the morning page, in each of its forms."""
    facts = briefing.Facts(
        run=run,
        roster=opened.roster,
        outcomes=found.outcomes,
        files=found.files,
        anomalies=found.anomalies,
        expected=found.expected,
        evolution=found.evolution,
        troubles=troubles,
        notices=notices,
    )
    place = opened.folder.briefing
    return {
        place.with_suffix(suffix): lambda beside, content=content: beside.write_bytes(content)
        for suffix, content in briefing.forms(facts).items()
    }


def _troubles(aside: Sequence[Path], follow_up: FollowUp) -> list[str]:
    """What could not be written where it belongs, in sentences."""
    found = []
    if aside:
        names = ", ".join(f"« {path.name} »" for path in aside)
        found.append(f"des fichiers ouverts ailleurs n'ont pas été remplacés, et les nouveaux sont {names}.")
    if follow_up.trouble:
        found.append(f"les relances ne sont pas à jour : {follow_up.trouble}")
    return found


def _follow_up(opened: Cohort, key: bytes, read: Intake, expected: list[reception.Expected]) -> FollowUp:
    """Write the copies to mend and the drafts of the reminders; that they could not be is told, the results stand."""
    try:
        copies = _corrections(opened, key, read)
        _reminders(opened, mending.needs(read.sheets, expected, opened.roster), copies)
    except (CohortError, OSError) as fault:
        return replace(_waiting(opened.folder), trouble=str(fault))
    return _waiting(opened.folder)


def _corrections(opened: Cohort, key: bytes, read: Intake) -> dict[str, dict[str, bytes]]:
    """Write a fresh copy of each workbook that has something to mend; their bytes, by evaluator then by file name."""
    path, people, certification = opened.folder.path, opened.roster, opened.referential
    faulty = mending.to_mend(read.sheets)
    planned = templates.plan(path, people, certification, key) if faulty else []
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
    deliver(opened.folder.outgoing, made.items(), stale, drafts.same_but_for_date)


def _waiting(folder: Folder) -> FollowUp:
    """What stands ready to be sent."""
    return FollowUp(corrections=len(folder.corrected()), reminders=len(folder.drafts()))


def status(path: Path, *, key_file: Path | None = None) -> Report:
    """What came and what is still missing, seen as a consolidation sees it; writes nothing."""
    return replace(consolidate(path, dry_run=True, key_file=key_file), outcomes=None)


def check(paths: Iterable[Path], name: str = DEFAULT, *, key_file: Path | None = None) -> Report:
    """Read filled workbooks or folders on the spot; the cohort a path lies in gives its roster and its key.

    Out of a cohort, only a key file that is named lets seals be judged.
    """
    started = time.perf_counter()
    reports = [report for path in paths for report in _check(path, name, key_file).reports]
    found = Intake(reports).anomalies()
    return Report(files=reception.file_states(reports, found), anomalies=found, seconds=time.perf_counter() - started)


def _check(path: Path, name: str, key_file: Path | None) -> Intake:
    path = path.absolute()
    folder = cohort.enclosing(path)
    if folder:
        opened = open_cohort(folder.path)
        context = Context(opened.referential, opened.roster, _key(folder, key_file))
    else:
        key = seals.given_key(key_file) if key_file else None
        context = Context(referential.load(name, base=Path.cwd()), key=key)
    if folder is not None and path == folder.path:
        path = folder.returns  # a whole cohort: what came back, not what was sent
    root = path if path.is_dir() else path.parent
    if folder is not None and folder.returns in path.parents:
        root = folder.returns
    files = intake.collect(path) if path.is_dir() else [path]
    return intake.read_paths(files, root, context)


# --------------------------------------------------------------------------------------------- fiches


def write_fiches(
    path: Path, only: Collection[str] = (), *, one_file: bool = False, key_file: Path | None = None
) -> tuple[Report, Delivery]:
    """Write one page per candidate under ``resultats/fiches/``, from what a consolidation would find now.

    ``only``: identifiers of candidates; ``one_file``: all the pages in ``resultats/fiches.xlsx``. The report holds the
    outcomes of the pages.
    """
    with runs.alone(Folder(path), "fiches"):
        opened = open_cohort(path)
        _require_candidates(opened, only)
        report = consolidate(path, dry_run=True, key_file=key_file)
        shared = fiches.shared(opened.referential, opened.roster, report.outcomes)
        kept = {identifier.casefold() for identifier in only}
        chosen = [each for each in report.outcomes if not kept or each.candidate.id.casefold() in kept]
        told = decide.unnamed(chosen, opened.referential, reception.awaited(report.expected, named=False))
        if one_file:
            done = fiches.write_one(shared, told, opened.folder.pages.with_suffix(".xlsx"), styles.now())
        else:
            done = fiches.write_each(shared, told, opened.folder.pages, styles.now(), partial=bool(only))
    return replace(report, outcomes=told), done


# --------------------------------------------------------------------------------------------- doctor


def examine(path: Path, *, key_file: Path | None = None) -> list[doctor.Finding]:
    """Whether a cohort can be left alone. Raises :class:`CohortError` only when there is no such folder."""
    folder = Folder(path)
    if not path.is_dir():
        raise CohortError(f"Le dossier « {path} » n'existe pas.")
    return list(doctor.examine(folder, lambda: open_cohort(path), lambda: _key(folder, key_file), datetime.now()))


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
        Folder(path).close_private()
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être écrit : {fault.strerror or fault}.") from fault


def _holds_sample(path: Path) -> bool:
    copy, original = Folder(path).roster, Folder(SAMPLE).roster
    return copy.is_file() and copy.read_bytes() == original.read_bytes()
