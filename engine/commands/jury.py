"""``jury``: the second round made ready: who may sit the grand oral, when, before whom."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from engine import ledger
from engine.commands import runs
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.grounds import Grounds, grounds, look, read
from engine.commands.judgement import Judgement, judge
from engine.commands.session.convening import Convened, convene
from engine.commands.session.jury_sheets import write_sheets
from engine.commands.session.recording import write_draft
from engine.model.errors import CohortError
from engine.model.texts import counted
from engine.templates import Written
from engine.workspace import shell
from engine.workspace.cohort import Folder
from engine.workspace.progress import SILENT, Progress


@dataclass(frozen=True, kw_only=True)
class Round:
    """What the second round looks like. ``admissibility``: how many candidates by word; ``unseated``: who has no slot,
    with the reason; ``conflicts``: whom a juror is bound to, and how, in French; ``result``: the planning; ``days``:
    those of the sittings, as they stand ``today``; ``jury_date``: the one that the papers will bear; ``short``: who is
    convened before fewer jurors than the ``quorum`` that the oral takes."""

    candidates: int
    admissibility: Mapping[str, int]
    convened: int
    seated: int | None
    unseated: Mapping[str, str]
    conflicts: tuple[str, ...]
    result: Path | None
    notices: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    today: date = date.min
    jury_date: date | None = None
    short: tuple[str, ...] = ()
    quorum: int = 0
    seconds: float = 0.0

    @property
    def gone_by(self) -> tuple[date, ...]:
        """The days of sittings that are over."""
        return tuple(day for day in self.days if day < self.today)

    @property
    def needs_a_person(self) -> bool:
        """Whether the exit status is 1: somebody has no slot, or a juror may not hear a candidate."""
        return bool(self.unseated or self.conflicts)

    def as_json(self) -> dict[str, Any]:
        """The object that ``--json`` prints."""
        return {
            "candidates": self.candidates,
            "admissibility": dict(self.admissibility),
            "convened": self.convened,
            "seated": self.seated,
            "unseated": list(self.unseated),
            "conflicts": len(self.conflicts),
            "result": str(self.result) if self.result else None,
            "seconds": round(self.seconds, 3),
        }


def jury(path: Path, *, replan: bool = False, progress: Progress = SILENT, key_file: Path | None = None) -> Round:
    """Read ``retours/`` as a consolidation does, and write what the second round needs; no results.

    ``replan``: whatever slots were published. Raises :class:`CohortError` for a closed session, and as a consolidation
    does.
    """
    started, folder = time.perf_counter(), Folder(path)
    with runs.alone(folder, "jury"):
        job = partial(_round, path, replan, progress, key_file)
        try:
            found = job()
        except ledger.DamagedError:
            found = job(doubted=True)
    return replace(found, seconds=time.perf_counter() - started)


def _round(path: Path, replan: bool, progress: Progress, key_file: Path | None, *, doubted: bool = False) -> Round:
    cohort = open_cohort(path)
    with grounds(cohort, key_of(cohort.folder, key_file), doubted=doubted) as at:
        if at.past.closure is not None:
            again = shell.line("reopen", path, "--reason", "la raison")
            raise CohortError(f"La session est close : rouvrez-la d'abord, avec la raison, par {again}.")
        returns = read(at, look(at, progress=progress))
        judged = judge(at, returns)
        convened = convene(at, judged.admissions, anew=replan)
        written = write_sheets(at, returns, judged)
        write_draft(cohort, judged)
        made = _told(at, judged, convened)
        return replace(made, notices=(*made.notices, *_put_aside(written)))


def _put_aside(written: Written) -> Iterator[str]:
    """Sheets that say something else by now: somebody may have filled one where it stood."""
    if written.moved:
        aside = counted(len(written.moved), "ancien classeur rangé", "anciens classeurs rangés")
        yield f"{aside} dans envois/anciens ; ce qui y serait déjà rempli est à déposer dans retours."


def _told(at: Grounds, judged: Judgement, convened: Convened) -> Round:
    words = Counter(str(each.admissibility) for each in judged.admissions if each.admissibility is not None)
    bonds = [
        f"{each.candidate.name} ({each.candidate.id}) : {bond.reason}"
        for each in judged.admissions
        for bond in each.bonds
        if not each.candidate.dropped_out
    ]
    quorum = at.cohort.referential.policy.minimum_jurors
    days = sorted({sitting.day for sitting in at.cohort.roster.sittings})
    return Round(
        candidates=len(at.cohort.roster.candidates),
        admissibility=words,
        convened=sum(each.convened for each in judged.admissions),
        seated=len(convened.planning.hearings) if days else None,
        unseated={candidate.id: reason for candidate, reason in convened.planning.unseated},
        conflicts=tuple(bonds),
        result=convened.workbook,
        notices=convened.notices,
        days=tuple(days),
        today=at.now.date(),
        jury_date=at.cohort.roster.session.jury_date,
        short=tuple(
            each.candidate.id for each in judged.admissions if each.convened and len(each.candidate.jurors) < quorum
        ),
        quorum=quorum,
    )
