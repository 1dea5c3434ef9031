"""``check``: workbooks read on the spot; nothing is written."""

from __future__ import annotations

import time
from collections.abc import Iterable
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from engine import REFERENTIAL, intake, referential
from engine.assessment import reception
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.report import Report
from engine.intake import Context, Intake
from engine.workspace import keys, seals
from engine.workspace.cohort import Folder, enclosing
from engine.workspace.progress import SILENT, Progress


class _Place(NamedTuple):
    """Where files are looked at: the cohort they lie in, if any; the folder below which they are named; the folder that
    is to be read whole, ``None`` for files that were named one by one."""

    cohort: Folder | None
    root: Path
    whole: Path | None


def check(
    paths: Iterable[Path], name: str = REFERENTIAL, progress: Progress = SILENT, *, key_file: Path | None = None
) -> Report:
    """Read filled workbooks or folders on the spot; the cohort a path lies in gives its roster and its key.

    Each path is judged as if it were alone. Out of a cohort, only a key file that is named lets seals be judged.
    """
    started = time.perf_counter()
    context, reports = cache(partial(_context, name, key_file)), []
    for place, beside in groupby((path.absolute() for path in dict.fromkeys(paths)), _place):
        files = intake.collect(place.whole) if place.whole else list(beside)
        seen = intake.survey(files, intake.Task(place.root, context(place.cohort)), progress=progress)
        for found in [seen.read()] if place.whole else seen.one_by_one():
            _require_own(place.cohort, context(place.cohort), found)
            reports += found.reports
    anomalies = Intake(reports).anomalies()
    states = reception.file_states(reports, anomalies)
    return Report(files=states, anomalies=anomalies, seconds=time.perf_counter() - started)


def _place(path: Path) -> _Place:
    cohort = enclosing(path)
    whole = path if path.is_dir() else None
    if cohort is not None and path == cohort.path:
        path = whole = cohort.returns  # a whole cohort: what came back, not what was sent
    if cohort is not None and cohort.returns in path.parents:
        return _Place(cohort, cohort.returns, whole)
    return _Place(cohort, whole or path.parent, whole)


def _context(name: str, key_file: Path | None, cohort: Folder | None) -> Context:
    if cohort is None:
        key = seals.given_key(key_file) if key_file else None
        return Context(referential.load(name, base=Path.cwd()), key=key)
    opened = open_cohort(cohort.path)
    return Context(opened.referential, opened.roster, key_of(cohort, key_file))


def _require_own(cohort: Folder | None, context: Context, read: Intake) -> None:
    if cohort is not None and context.key is not None:
        keys.require_own(cohort, context.key, read.sheets)
