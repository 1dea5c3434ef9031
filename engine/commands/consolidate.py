"""``consolidate``, the nightly job: read, check, decide, write."""

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
from engine.commands.due import Due, as_it_stands, ready
from engine.commands.failing import told_in_the_morning
from engine.commands.follow_up import Outgoing, due, waiting
from engine.commands.grounds import Grounds, grounds, look, read
from engine.commands.judgement import Found, compare, judge
from engine.commands.losses import lost_most
from engine.commands.options import USUAL, Options
from engine.commands.publishing import Delivered, deliver
from engine.commands.report import FollowUp, Report
from engine.commands.standing import standing_again, stands
from engine.intake import Intake, Survey
from engine.model import Act
from engine.model.errors import CohortError
from engine.outputs import data
from engine.workspace.cohort import Folder
from engine.workspace.digest import digest
from engine.workspace.progress import SILENT, Progress

Closing = Callable[[Grounds, Found, Mapping[str, str]], Act]
"""Closes the session on what was just found in returns given by path and SHA-256; raises when it cannot be."""


def consolidate(
    path: Path, options: Options = USUAL, progress: Progress = SILENT, *, closing: Closing | None = None
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


def _in_spite_of_the_memory(path: Path, options: Options, progress: Progress, closing: Closing | None) -> Report:
    """One consolidation; once more without the memory when it turns out, on the way, to be spoiled."""
    night = partial(_night, path, options, progress, closing)
    try:
        return night()
    except ledger.DamagedError:
        return night(doubted=True)


def _night(
    path: Path, options: Options, progress: Progress, closing: Closing | None, *, doubted: bool = False
) -> Report:
    """Open, look, read, decide, compare, write and remember, tell."""
    if options.parquet:
        data.require()
    started, write, cohort = time.perf_counter(), not options.dry_run, open_cohort(path)
    with grounds(cohort, key_of(cohort.folder, options.key_file), write=write, doubted=doubted) as at:
        at.past.notices += remembering.changed_pages(cohort)
        seen = look(at, full=options.full, workers=options.workers, progress=progress)
        may_stand = write and not closing and options.since is None
        if may_stand and stands(at, _inputs(at, seen, parquet=options.parquet)):
            standing = standing_again(at, options)
            if standing is not None:
                return replace(standing, seconds=time.perf_counter() - started)
        returns = read(at, seen, keep=write, accept_loss=options.accept_loss)
        if write:
            at.past.retain(at.reading, intake.lasting(returns.reports))
            returns.drop_contents()
        found = compare(at, returns, judge(at, returns), options.since)
        if closing is not None:
            found = _freeze(at, returns, found, closing)
        if write:
            night = _record(at, returns, found, _inputs(at, seen, parquet=options.parquet))
            report = _told(at, returns, found, deliver(at, returns, found, night, options))
        else:
            report = _foreseen(at, seen, returns, found) if options.foresee else _told(at, returns, found, Delivered())
    return replace(report, seconds=time.perf_counter() - started)


def _foreseen(at: Grounds, seen: Survey, returns: Intake, found: Found) -> Report:
    """What is said of it when nothing is written: of what stands, what still would."""
    inputs = _inputs(at, seen, parquet=any(at.folder.data.glob("*.parquet")))
    wanted, follow_up = _going_out(at, returns, found, settled=stands(at, inputs))
    told = _told(at, returns, found, Delivered(follow_up=follow_up))
    return replace(told, due=wanted, outdated=not at.past.wrote(inputs, at.folder.results_workbook))


def _going_out(at: Grounds, returns: Intake, found: Found, *, settled: bool) -> tuple[Due, FollowUp]:
    """What is to stand of what goes out, and what of it does; all that stands, where nobody can tell or nothing is to
    be withdrawn: while most returns are gone, a consolidation refuses."""
    if lost_most(at.cohort, returns, at.past):
        return as_it_stands(at.folder), waiting(at.folder)
    try:
        wanted = due(Outgoing(at.cohort, at.key, settled=settled), returns, found.expected, found.awaited)
    except CohortError as fault:
        return as_it_stands(at.folder), replace(waiting(at.folder), trouble=str(fault))
    return wanted, ready(at.folder, wanted)


def _inputs(at: Grounds, seen: Survey, *, parquet: bool) -> str:
    """One digest of all that the results depend on."""
    acts = remembering.told_by(at.past.acts)
    seats = str(sorted((who, str(seat)) for who, seat in at.published.seats.items()))
    return digest(at.reading, seen.inputs(), acts, parquet, at.over, seats)


def _freeze(at: Grounds, returns: Intake, found: Found, closing: Closing) -> Found:
    """The same once the session is closed on it."""
    act = closing(at, found, {report.path: report.digest for report in returns.reports if report.digest})
    return replace(found, outcomes=ledger.hold(found.outcomes, act)[0], closing=True)


def _record(at: Grounds, returns: Intake, found: Found, inputs: str) -> ledger.Night:
    """The record of the run for the memory."""
    return ledger.Night(
        made_at=at.now,
        program=engine.__version__,
        clock=at.stamp,
        context=at.reading,
        inputs=inputs,
        files=returns.reports,
        states=found.files,
        anomalies=found.anomalies,
        outcomes=found.outcomes,
    )


def _told(at: Grounds, returns: Intake, found: Found, delivered: Delivered) -> Report:
    """The report of the run."""
    return Report(
        files=found.files,
        anomalies=found.anomalies,
        candidates=len(at.cohort.roster.candidates),
        decided=found.decided,
        outcomes=found.outcomes,
        admissions=found.admissions,
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
