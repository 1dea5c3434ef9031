"""The nightly job: read, check, decide, write; and what it would find now."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import engine
from engine import intake, ledger
from engine.commands import remembering, runs
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.delivery import complete_closure, outputs, troubles_of, write_briefing, write_results
from engine.commands.failing import told_in_the_morning
from engine.commands.follow_up import follow_up_on, waiting
from engine.commands.judgement import Found, content_of, judge, weigh_loss
from engine.commands.report import FollowUp, Progress, Report
from engine.intake import Context, Intake
from engine.ledger.comparison import Since
from engine.model import Act, Run
from engine.outputs import data as exports
from engine.workspace import clock, keys, precedents
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.digest import digest
from engine.workspace.files import write_together


def consolidate(
    path: Path,
    *,
    workers: int | None = None,
    dry_run: bool = False,
    closing: Closing | None = None,
    full: bool = False,
    accept_loss: bool = False,
    since: Since = None,
    progress: Progress | None = None,
    key_file: Path | None = None,
    keep: int = precedents.KEEP,
    parquet: bool = False,
) -> Report:
    """The nightly job: read ``retours/``, check, decide; write the results workbook, the data and the morning page.

    ``full``: read and parse every return again, whatever is remembered of it. ``accept_loss``: go on although more than
    half of the returns that counted are gone, which is refused otherwise. ``since``: the run to tell what changed
    from, instead of the last one. ``keep``: copies of earlier results to keep. Unless it is a ``dry_run``, it is alone
    on the cohort and in its log; whatever stops it begins the morning page.
    """
    how = {
        "closing": closing,
        "workers": workers,
        "full": full,
        "accept_loss": accept_loss,
        "since": since,
        "progress": progress,
        "key_file": key_file,
        "parquet": parquet,
    }
    if dry_run:
        return _in_spite_of_the_memory(path, None, **how)
    folder = Folder(path)
    with told_in_the_morning(folder), runs.alone(folder, "consolidate") as log:
        report = _in_spite_of_the_memory(path, keep, **how)
        log.report(report)
    return report


Closing = Callable[[ledger.Ledger, Found, Mapping[str, str], datetime], Act]
"""Closes the session on what was just found in returns given by path and SHA-256; raises when it cannot be."""


def _in_spite_of_the_memory(path: Path, keep: int | None, **how: Any) -> Report:
    """One consolidation; once more without the memory when it turns out, on the way, to be spoiled."""
    try:
        return _consolidate(path, keep, **how)
    except ledger.DamagedError:
        return _consolidate(path, keep, doubted=True, **how)


def _consolidate(
    path: Path,
    keep: int | None,
    *,
    closing: Closing | None,
    doubted: bool = False,
    workers: int | None,
    full: bool,
    accept_loss: bool,
    since: Since,
    progress: Progress | None,
    key_file: Path | None,
    parquet: bool,
) -> Report:
    """``keep``: copies of earlier results to keep; ``None``: nothing is written."""
    if parquet:
        exports.require()
    started, dry_run = time.perf_counter(), keep is None
    opened, now = open_cohort(path), clock.now()
    key, folder = key_of(opened.folder, key_file), opened.folder
    disk = folder.disk_of_returns()
    with ledger.opened(folder.memory, folder.results, write=not dry_run, now=now, doubted=doubted, key=key) as past:
        context = Context(opened.referential, opened.roster, key)
        stamp = 0 if dry_run else ledger.clock(folder.private)
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
        deadline = opened.roster.session.deadline
        over = deadline is not None and now.date() > deadline  # from then on, people are late
        inputs = digest(intake.fingerprint(context), seen.inputs(), remembering.told_by(past.acts), parquet, over)
        if (
            not dry_run
            and not closing
            and since is None
            and past.stands(inputs, outputs(folder), folder.results_workbook)
        ):
            return _stand(opened, past, now, stamp, started)
        read = seen.read(None if dry_run else archive.keep)
        genuine = keys.require_own(folder, key, read.sheets)
        weigh_loss(opened, read, past, accepted=accept_loss)
        found = judge(opened, read, past, now, since)
        if closing is not None:
            act = closing(past, found, {report.path: report.digest for report in read.reports if report.digest}, now)
            found = replace(found, outcomes=ledger.hold(found.outcomes, act)[0])
            inputs = digest(intake.fingerprint(context), seen.inputs(), remembering.told_by(past.acts), parquet, over)
        remarks = tuple(remembering.closed(past))
        written, aside, follow_up = None, (), waiting(folder)
        if not dry_run:
            night = ledger.Night(
                made_at=now,
                program=engine.__version__,
                clock=stamp,
                context=intake.fingerprint(context),
                inputs=inputs,
                files=read.reports,
                states=found.files,
                anomalies=found.anomalies,
                outcomes=found.outcomes,
                readings=intake.lasting(read.reports),
            )
            quiet = since is None and _at_rest(found)
            if genuine:
                keys.note(folder, key)
            written, aside, follow_up = _write(
                opened, key, read, found, past, night, quiet=quiet, parquet=parquet, keep=keep
            )
    return Report(
        files=found.files,
        anomalies=found.anomalies,
        seconds=time.perf_counter() - started,
        candidates=len(opened.roster.candidates),
        decided=found.decided,
        outcomes=found.outcomes,
        expected=found.expected,
        awaited=found.awaited,
        result=written,
        aside=aside,
        follow_up=follow_up,
        notices=tuple(past.notices),
        remarks=remarks,
        digests={report.path: report.digest for report in read.reports},
        evolution=found.evolution,
    )


def _write(
    opened: Cohort,
    key: bytes,
    read: Intake,
    found: Found,
    past: ledger.Ledger,
    night: ledger.Night,
    *,
    quiet: bool,
    parquet: bool,
    keep: int,
) -> tuple[Path, tuple[Path, ...], FollowUp]:
    """Write what was found, then what goes out again. ``quiet``: what is written may stand for another night.

    The path of the workbook, what had to get a dated name, and what stands ready to be sent.
    """
    folder, now = opened.folder, night.made_at
    run = Run(made_at=now, program_version=night.program, returns=len(read.reports), acts=tuple(past.acts))
    notices = (*past.notices, *remembering.closed(past))
    content, pages = content_of(opened, read, found, run), write_briefing(opened, found, run, notices)
    written, aside = write_results(folder, content, pages, past, night, parquet=parquet, keep=keep)
    follow_up = follow_up_on(opened, key, read, found.expected, found.awaited)
    troubles = troubles_of(aside, follow_up)
    if troubles:
        write_together(write_briefing(opened, found, run, notices, troubles), now=now)
    complete_closure(folder, past.closure, written)
    past.finish(outputs(folder) if quiet and not troubles else "")
    return written, aside, follow_up


def _at_rest(found: Found) -> bool:
    """Whether these results tell of no change since an earlier run, and so would be the same the night after."""
    told = found.evolution
    nothing_new = told.first or (told.nothing and not told.notes)
    return nothing_new and not any(anomaly.code == "R07" for anomaly in found.anomalies)


def _stand(opened: Cohort, past: ledger.Ledger, now: datetime, clock: int, started: float) -> Report:
    """A night that changed nothing: the results stand, and the morning page says so."""
    report = remembering.standing(opened, past, waiting(opened.folder), now)
    run = Run(made_at=now, program_version=engine.__version__, returns=len(report.files), acts=tuple(past.acts))
    notices = (*report.notices, *remembering.closed(past))
    write_together(write_briefing(opened, report, run, notices), now=now)
    complete_closure(opened.folder, past.closure, opened.folder.results_workbook)
    past.stand(now, engine.__version__, clock)
    return replace(report, seconds=time.perf_counter() - started)


def status(path: Path, *, key_file: Path | None = None) -> Report:
    """What came and what is still missing, seen as a consolidation sees it; writes nothing.

    A loss that a consolidation would refuse is a notice of the report.
    """
    return replace(consolidate(path, dry_run=True, accept_loss=True, key_file=key_file), decided=None, outcomes=())
