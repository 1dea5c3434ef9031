"""``consolidate``, the nightly job: read, check, decide, write."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine import ledger
from engine.commands import runs
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.grounds import Grounds, grounds, look
from engine.commands.night import remembering
from engine.commands.night.failing import told_in_the_morning
from engine.commands.night.standing import inputs_of, standing_again, stands
from engine.commands.options import USUAL, Options
from engine.commands.report import Report
from engine.intake import Survey
from engine.workspace.cohort import Folder
from engine.workspace.progress import SILENT, Progress

if TYPE_CHECKING:
    from engine.commands.night.anew import Closing


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
    """Open and look; let stand what nothing moved, or find and write all of it anew."""
    if options.parquet:
        _require_parquet()
    started, write, cohort = time.perf_counter(), not options.dry_run, open_cohort(path)
    with grounds(cohort, key_of(cohort.folder, options.key_file), write=write, doubted=doubted) as at:
        at.past.notices += [*remembering.changed_pages(cohort), *remembering.lost_copy(at)]
        seen = look(at, full=options.full, workers=options.workers, progress=progress)
        may_stand = write and not closing and options.since is None
        settled = may_stand and stands(at, inputs_of(at, seen, parquet=options.parquet))
        if settled:
            at.past.look_again((each.path, each.digest, each.changed_ns) for each in seen.reports.values())
        standing = standing_again(at, options) if settled else None
        report = standing or _anew(at, seen, options, closing)
    return replace(report, seconds=time.perf_counter() - started)


def _require_parquet() -> None:
    from engine.outputs import data  # here and below: what decides and writes takes long to load, and may not be needed

    data.require()


def _anew(at: Grounds, seen: Survey, options: Options, closing: Closing | None) -> Report:
    from engine.commands.night.anew import find_anew

    return find_anew(at, seen, options, closing)
