"""The nightly job: read, check, decide, write; and what it would find now."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import engine
from engine import intake, ledger
from engine.commands import remembering, runs
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.delivery import Delivered, complete_closure, deliver, outputs, run_of, write_briefing
from engine.commands.failing import told_in_the_morning
from engine.commands.follow_up import waiting
from engine.commands.grounds import Grounds, grounds, look, read
from engine.commands.judgement import Found, compare, judge
from engine.commands.options import USUAL, Options
from engine.commands.report import Progress, Report
from engine.intake import Intake, Survey
from engine.model import Act
from engine.outputs import data as exports
from engine.workspace.cohort import Folder
from engine.workspace.digest import digest
from engine.workspace.files import write_together

Closing = Callable[[Grounds, Found, Mapping[str, str]], Act]
"""Closes the session on what was just found in returns given by path and SHA-256; raises when it cannot be."""


def consolidate(
    path: Path, options: Options = USUAL, progress: Progress | None = None, *, closing: Closing | None = None
) -> Report:
    """The nightly job: read ``retours/``, check, decide; write the results workbook, the data and the morning page.

    Unless it is a dry run, it is alone on the cohort and in its log; whatever stops it begins the morning page.
    """
    job = partial(_in_spite_of_the_memory, path, options, progress, closing)
    if options.dry_run:
        return job()
    folder = Folder(path)
    with told_in_the_morning(folder), runs.alone(folder, "consolidate") as log:
        report = job()
        log.report(report)
    return report


def status(path: Path, *, key_file: Path | None = None) -> Report:
    """What came and what is still missing, seen as a consolidation sees it; writes nothing.

    A loss that a consolidation would refuse is a notice of the report.
    """
    report = consolidate(path, Options(dry_run=True, accept_loss=True, key_file=key_file))
    return replace(report, decided=None, outcomes=())


def _in_spite_of_the_memory(path: Path, options: Options, progress: Progress | None, closing: Closing | None) -> Report:
    """One consolidation; once more without the memory when it turns out, on the way, to be spoiled."""
    night = partial(_night, path, options, progress, closing)
    try:
        return night()
    except ledger.DamagedError:
        return night(doubted=True)


def _night(
    path: Path, options: Options, progress: Progress | None, closing: Closing | None, *, doubted: bool = False
) -> Report:
    """Open, look, read, decide, compare, write and remember, tell."""
    if options.parquet:
        exports.require()
    started, write, cohort = time.perf_counter(), not options.dry_run, open_cohort(path)
    with grounds(cohort, key_of(cohort.folder, options.key_file), write=write, doubted=doubted) as at:
        seen = look(at, full=options.full, workers=options.workers, progress=progress)
        if write and not closing and _stands(at, seen, options):
            return replace(_let_stand(at), seconds=time.perf_counter() - started)
        returns = read(at, seen, keep=write, accept_loss=options.accept_loss)
        found = compare(at, returns, judge(at, returns), options.since)
        if closing is not None:
            found = _freeze(at, returns, found, closing)
        delivered = Delivered(follow_up=waiting(at.folder))
        if write:
            delivered = deliver(at, returns, found, _record(at, returns, found, _inputs(at, seen, options)), options)
    return replace(_told(at, returns, found, delivered), seconds=time.perf_counter() - started)


def _inputs(at: Grounds, seen: Survey, options: Options) -> str:
    """What all results depend on, as one digest."""
    acts = remembering.told_by(at.past.acts)
    return digest(intake.fingerprint(at.context), seen.inputs(), acts, options.parquet, at.over)


def _stands(at: Grounds, seen: Survey, options: Options) -> bool:
    """Whether the results that are there are those that would be written."""
    folder = at.folder
    return options.since is None and at.past.stands(
        _inputs(at, seen, options), outputs(folder), folder.results_workbook
    )


def _let_stand(at: Grounds) -> Report:
    """A night that changed nothing: the results stand, and the morning page says so."""
    report = remembering.standing(at, waiting(at.folder))
    notices = (*report.notices, *remembering.closed(at.past))
    write_together(write_briefing(at.cohort, report, run_of(at, len(report.files)), notices), now=at.now)
    complete_closure(at.folder, at.past.closure, at.folder.results_workbook)
    at.past.stand(at.now, engine.__version__, at.stamp)
    return report


def _freeze(at: Grounds, returns: Intake, found: Found, closing: Closing) -> Found:
    """The same once the session is closed on it."""
    act = closing(at, found, {report.path: report.digest for report in returns.reports if report.digest})
    return replace(found, outcomes=ledger.hold(found.outcomes, act)[0])


def _record(at: Grounds, returns: Intake, found: Found, inputs: str) -> ledger.Night:
    """What is remembered of it."""
    return ledger.Night(
        made_at=at.now,
        program=engine.__version__,
        clock=at.stamp,
        context=intake.fingerprint(at.context),
        inputs=inputs,
        files=returns.reports,
        states=found.files,
        anomalies=found.anomalies,
        outcomes=found.outcomes,
        readings=intake.lasting(returns.reports),
    )


def _told(at: Grounds, returns: Intake, found: Found, delivered: Delivered) -> Report:
    """What is said of it."""
    return Report(
        files=found.files,
        anomalies=found.anomalies,
        candidates=len(at.cohort.roster.candidates),
        decided=found.decided,
        outcomes=found.outcomes,
        expected=found.expected,
        awaited=found.awaited,
        result=delivered.workbook,
        aside=delivered.aside,
        follow_up=delivered.follow_up,
        notices=tuple(at.past.notices),
        remarks=tuple(remembering.closed(at.past)),
        digests={report.path: report.digest for report in returns.reports},
        evolution=found.evolution,
    )
