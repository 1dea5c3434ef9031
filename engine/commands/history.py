"""``history``: what each evaluator sent about a candidate, version by version."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine import ledger
from engine.commands.cohorts import called, open_cohort
from engine.model import Roster
from engine.model.errors import CohortError
from engine.workspace import clock


@dataclass(frozen=True)
class History:
    """What was sent about one candidate, and the people it names."""

    candidate: str
    roster: Roster
    versions: list[ledger.Version]


def history(path: Path, candidate: str) -> History:
    """What each evaluator sent about a candidate, as far as the memory goes; writes nothing."""
    opened = open_cohort(path)
    person = opened.roster.candidate(candidate)
    folder = opened.folder
    with ledger.opened(folder, write=False, now=clock.now()) as past:
        versions = ledger.history(past, person.id if person else candidate)
        notices = past.notices
    if not versions:
        why = "n'est pas au registre, et rien" if person is None else "est au registre, et rien"
        hint = called(opened.roster, candidate) if person is None else ""
        reason = f"« {candidate} » {why} de ce qu'une consolidation a lu ne parle de lui{hint}."
        raise CohortError("\n".join([*notices, reason]))
    return History(person.id if person else candidate, opened.roster, versions)
