"""A night over other inputs than the last one: read, decide, compare, write and remember, tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import engine
from engine import intake, ledger
from engine.commands.grounds import Grounds, read
from engine.commands.judgement import Found, compare, judge
from engine.commands.night import remembering
from engine.commands.night.due import Due, as_it_stands, ready, waiting
from engine.commands.night.follow_up import Outgoing, due
from engine.commands.night.losses import lost_most
from engine.commands.night.publishing import deliver
from engine.commands.night.results import Delivered
from engine.commands.night.standing import inputs_of, stands
from engine.commands.options import Options
from engine.commands.report import FollowUp, Report
from engine.intake import Intake, Survey
from engine.model import Act
from engine.model.errors import CohortError
from engine.workspace.heap import give_back, part_large

Closing = Callable[[Grounds, Found, Mapping[str, str]], Act]
"""Closes the session on what was just found in returns given by path and SHA-256; raises when it cannot be."""


def find_anew(at: Grounds, seen: Survey, options: Options, closing: Closing | None) -> Report:
    """Find all that follows from the returns and, unless it is a dry run, write and remember it."""
    part_large()
    write = not options.dry_run
    inputs = inputs_of(at, seen, parquet=options.parquet if write else any(at.folder.data.glob("*.parquet")))
    returns = read(at, seen, keep=write, accept_loss=options.accept_loss)
    seen.let_go()
    if write:
        at.past.retain(at.reading, intake.lasting(returns.reports))
        returns.drop_contents()
        give_back()
    found = compare(at, returns, judge(at, returns), options.since)
    give_back()
    if closing is not None:
        found = _freeze(at, returns, found, closing)
    if write:
        night = _record(at, returns, found, inputs)
        return _told(at, returns, found, deliver(at, returns, found, night, options))
    return _foreseen(at, inputs, returns, found) if options.foresee else _told(at, returns, found, Delivered())


def _foreseen(at: Grounds, inputs: str, returns: Intake, found: Found) -> Report:
    """What is said of it when nothing is written: of what stands, what still would."""
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
