"""``check``: workbooks read on the spot; nothing is written."""

from __future__ import annotations

import time
from collections.abc import Iterable
from pathlib import Path

from engine import REFERENTIAL, intake, referential
from engine.assessment import reception
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.report import Report
from engine.intake import Context, Intake
from engine.workspace import cohort, keys, seals


def check(paths: Iterable[Path], name: str = REFERENTIAL, *, key_file: Path | None = None) -> Report:
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
        context = Context(opened.referential, opened.roster, key_of(folder, key_file))
    else:
        key = seals.given_key(key_file) if key_file else None
        context = Context(referential.load(name, base=Path.cwd()), key=key)
    if folder is not None and path == folder.path:
        path = folder.returns  # a whole cohort: what came back, not what was sent
    root = path if path.is_dir() else path.parent
    if folder is not None and folder.returns in path.parents:
        root = folder.returns
    files = intake.collect(path) if path.is_dir() else [path]
    read = intake.read_paths(files, root, context)
    if folder is not None and context.key is not None:
        keys.require_own(folder, context.key, read.sheets)
    return read
