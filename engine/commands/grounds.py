"""The first steps of a command that rests on the returns: the cohort opened with its memory, the returns read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import engine
from engine import intake, ledger
from engine.commands.night import remembering
from engine.commands.night.losses import weigh_loss
from engine.intake import Context, Intake, Survey
from engine.model import Run
from engine.model.calendars import Published
from engine.workspace import clock, keys, published
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.progress import SILENT, Progress


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What such a command rests on, at one moment: the cohort, the key that seals its sheets, what is remembered.

    ``disk``: where the returns are, as :meth:`Folder.disk_of_returns` says. ``stamp``: what the file system of the
    cohort called now before the first return was looked at, in ns; 0 when nothing is to be written.
    """

    cohort: Cohort
    key: bytes
    past: ledger.Ledger
    now: datetime
    disk: int | None
    stamp: int = 0

    @property
    def folder(self) -> Folder:
        """The places of the cohort."""
        return self.cohort.folder

    @property
    def archive(self) -> ledger.Archive:
        """Its returns of all times."""
        return ledger.Archive(self.folder.archive, self.now)

    @cached_property
    def context(self) -> Context:
        """The certification, roster and key that returns are read with."""
        return Context(self.cohort.referential, self.cohort.roster, self.key)

    def run(self, returns: int) -> Run:
        """The description of this run in results made of so many returns."""
        acts = tuple(self.past.acts)
        return Run(made_at=self.now, program_version=engine.__version__, returns=returns, acts=acts)

    @cached_property
    def reading(self) -> str:
        """What any reading of a return depends on beside the return, as one digest."""
        return intake.fingerprint(self.context)

    @cached_property
    def published(self) -> Published:
        """The planning of the days of the jury as it was last told, as far as anything tells."""
        return published.read(self.folder) or Published()

    @property
    def given_at(self) -> datetime | None:
        """The moment, where it was given and may come again; ``None`` for one of the clock: two nights within one of
        its seconds are two nights."""
        return self.now if clock.is_given() else None

    @property
    def over(self) -> tuple[bool, bool]:
        """Whether the deadline has passed, and people are late; whether the day of the jury has."""
        session, today = self.cohort.roster.session, self.now.date()
        deadline, met = (day is not None and today > day for day in (session.deadline, session.jury_date))
        return deadline, met


@contextmanager
def grounds(cohort: Cohort, key: bytes, *, write: bool = False, doubted: bool = False) -> Iterator[Grounds]:
    """Open the memory of a cohort, and see where its returns are; without ``write`` nothing is touched.

    A memory that was lost is first made again from the archive. Raises :class:`ledger.DamagedError` when it turns out
    on the way to be spoiled: the same may be tried again, the memory ``doubted``.
    """
    folder, now = cohort.folder, clock.now()
    disk = folder.disk_of_returns()
    with ledger.opened(folder, write=write, now=now, doubted=doubted, key=key) as past:
        stamp = ledger.clock(folder.private) if write else 0
        at = Grounds(cohort=cohort, key=key, past=past, now=now, disk=disk, stamp=stamp)
        if write and past.empty:
            remembering.rebuild(at)
        yield at


def look(at: Grounds, *, full: bool = False, workers: int | None = None, progress: Progress = SILENT) -> Survey:
    """Look at every return, and read those that the memory does not know; all of them when ``full``."""
    seen = intake.survey(
        intake.collect(at.folder.returns),
        intake.Task(at.folder.returns, at.context),
        workers=workers,
        progress=progress,
        memory=remembering.memory(at, full),
    )
    at.folder.require_returns(at.disk)
    return seen


def read(at: Grounds, seen: Survey, *, keep: bool = False, accept_loss: bool = False) -> Intake:
    """The content of the returns, versions settled; ``keep``: archived too.

    Raises :class:`KeyMismatchError` when none of them bears a seal of the key, :class:`LossError` when too many are
    gone.
    """
    found = seen.read(at.archive.keep if keep else None)
    keys.require_own(at.folder, at.key, found.sheets)
    weigh_loss(at.cohort, found, at.past, accepted=accept_loss)
    return found
