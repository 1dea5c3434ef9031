"""Nights one after the other, at a time of ours, over one cohort folder; the returns are read in this process."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from engine import intake, ledger
from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.intake.packing import pack, unpack
from engine.ledger import night
from engine.workspace import clock
from engine.workspace.cohort import Folder
from tests.cohorts import OTHER, Cohort, make
from tests.read_results import Results

DAWN = 1_750_000_000
DAY = 86_400


def read_here(paths, task, workers=None, progress=None):
    """What :func:`engine.intake.processes.pool.read_all` gives, without its processes."""
    return [unpack(pack(task.read(path))) for path in paths]


@dataclass
class Nights:
    """``opened`` lists, night by night, the files that were opened; ``parsed`` how many workbooks were parsed."""

    cohort: Cohort
    monkeypatch: object
    number: int = 0
    opened: list[str] = field(default_factory=list)
    parsed: int = 0

    def __post_init__(self) -> None:
        self.monkeypatch.setattr(intake, "read_all", read_here)
        self.monkeypatch.setattr(night, "TICK", 0)
        self._spy(intake.files.guard, "load", self._note_opened)
        self._spy(intake.files.workbook, "read", self._count)

    def _spy(self, owner, name, note) -> None:
        function = getattr(owner, name)

        def spied(*arguments):
            note(*arguments)
            return function(*arguments)

        self.monkeypatch.setattr(owner, name, spied)

    def _note_opened(self, path) -> None:
        """A return, not the roster."""
        if path != self.cohort.path / "cohorte.xlsx":
            self.opened.append(path.name)

    def _count(self, _package, room=None) -> None:
        """A roster is given a room of its own, a return none."""
        self.parsed += room is None

    def run(self, **options) -> Results:
        """One night later; what it wrote."""
        self.number += 1
        return self.again(**options)

    def again(self, **options) -> Results:
        """The same night once more."""
        self.opened.clear()
        self.parsed = 0
        self.tell_the_hour()
        report = consolidate(self.cohort.path, Options(**options))
        return Results(report.result, report)

    def tell_the_hour(self) -> None:
        """Make it the night that it is."""
        self.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAWN + self.number * DAY))

    def private(self) -> Path:
        """The private folder."""
        return self.cohort.path / ".cohorte"

    def twice(self) -> tuple[bytes, bytes]:
        """One night later: the workbook of an incremental run, and of a full one over the same memory."""
        before = self.private().with_name("avant")
        shutil.rmtree(before, ignore_errors=True)
        shutil.copytree(self.private(), before)
        incremental = self.run(accept_loss=True).path.read_bytes()
        shutil.rmtree(self.private())
        before.rename(self.private())
        return incremental, self.again(full=True, accept_loss=True).path.read_bytes()

    def past(self) -> ledger.Ledger:
        """The memory as it stands, read without a trace."""
        return ledger.opened(Folder(self.cohort.path), write=False, now=clock.now())


def first(place: Path, monkeypatch: object) -> Nights:
    """Nights that are to come over a cohort of the second certification, made in this folder."""
    return Nights(make(place / "cohorte", referential=OTHER), monkeypatch)


def again(cohort: Path, place: Path, monkeypatch: object, number: int) -> Nights:
    """A copy of a cohort that went through so many nights, at the hour of the last one."""
    shutil.copytree(cohort, place, symlinks=True)
    nights = Nights(Cohort(place), monkeypatch, number)
    nights.tell_the_hour()
    return nights


def date_back(path: Path, seconds: int = DAWN) -> Path:
    """A file last changed long ago, as far as its own date says."""
    os.utime(path, (seconds, seconds))
    return path
