"""What one cohort holds now, as a consolidation would find it; and how it is seen that this is no longer so."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine.commands.close import last_act
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.consolidate import consolidate
from engine.commands.night.due import Due
from engine.commands.options import Options
from engine.commands.report import Report
from engine.commands.rosters import nobody_yet
from engine.commands.send import awaiting, to_go
from engine.model import Act, Authority
from engine.model.errors import EngineError, RosterError, present
from engine.post.smtp import Outcome
from engine.workspace import clock
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import walk
from engine.workspace.progress import Progress


@dataclass(frozen=True)
class Reading:
    """What was found, at a moment. Without a ``cohort``, its roster cannot be read; without a ``report``, its returns.

    ``refusal`` says why, ``problems`` one by one when there are several. ``act``: the last closure or reopening.
    ``letters``: what would become of the drafts as they are to stand, unless that cannot be known (``unsendable``).
    """

    made_at: datetime
    cohort: Cohort | None = None
    report: Report | None = None
    act: Act | None = None
    letters: tuple[Outcome, ...] = ()
    unsendable: str = ""
    refusal: str = ""
    problems: tuple[str, ...] = ()

    @property
    def untrue(self) -> int:
        """How much of what stands in ``envois/`` is no longer so."""
        return self.report.follow_up.untrue if self.report and self.report.follow_up else 0

    @property
    def closure(self) -> Act | None:
        """The act that closed the session, while it is closed."""
        return self.act if self.act is not None and self.act.closes else None

    @property
    def by_jury(self) -> bool:
        """Whether a signed deliberation counts."""
        outcomes = (self.report.outcomes if self.report else None) or ()
        return any(outcome.decided_by is Authority.JURY for outcome in outcomes)

    @property
    def empty(self) -> bool:
        """Whether all that is wrong with the roster is that nobody was written in it yet."""
        return nobody_yet(self.problems)


def read(folder: Folder, key_file: Path | None, progress: Progress) -> Reading:
    """Look at a cohort, writing nothing; a refusal is part of what is found."""
    now, cohort, act = datetime.now(), None, None
    try:
        cohort = open_cohort(folder.path)
        act = last_act(folder)
        asked = Options(dry_run=True, accept_loss=True, key_file=key_file)
        report = consolidate(folder.path, asked, progress)
    except EngineError as refusal:
        problems = tuple(refusal.problems) if isinstance(refusal, RosterError) else ()
        return Reading(now, cohort, act=act, refusal=str(refusal), problems=problems)
    letters, unsendable = _letters(cohort, present(report.due), key_file)
    return Reading(now, cohort, replace(report, due=None), act, letters, unsendable)


def _letters(cohort: Cohort, due: Due, key_file: Path | None) -> tuple[tuple[Outcome, ...], str]:
    """What would become of the drafts; why that cannot be known, otherwise."""
    try:
        return tuple(awaiting(cohort, to_go(cohort, due), key_of(cohort.folder, key_file))), ""
    except EngineError as refusal:
        return (), str(refusal)


def version(folder: Folder) -> str:
    """A digest of what a reading rests on, of sizes and dates so that it is cheap: another one after any change, and
    every day, for people are late from one on."""
    found = hashlib.sha256(f"{clock.now():%Y-%m-%d}\0".encode())
    for path in sorted(_watched(folder)):
        try:
            stat = path.stat()
        except OSError:
            continue
        found.update(os.fsencode(path))
        found.update(f"\0{stat.st_size} {stat.st_mtime_ns}\0".encode())
    return found.hexdigest()


def _watched(folder: Folder) -> Iterator[Path]:
    yield from (folder.memory, folder.results_workbook, folder.key_fingerprint, folder.mailed)
    with suppress(OSError):  # the roster, and the certification or the statements that may stand beside it
        yield from (path for path in folder.path.iterdir() if path.is_file() and path.name[0] not in ".~")
    yield from walk(folder.returns)
    yield from walk(folder.outgoing)
