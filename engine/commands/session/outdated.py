"""Convocations that no longer hold: the roster says something else than when ``jury`` wrote them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from engine.commands.session.convening import letters
from engine.model import Candidate
from engine.model.calendars import Published, Told
from engine.model.sittings import Slot, slots
from engine.office import mail
from engine.outputs.planning import stem
from engine.workspace import clock, published
from engine.workspace.cohort import Cohort


def outdated(opened: Cohort, key: bytes) -> set[Path]:
    """The drafts of ``envois/convocations`` that would tell somebody what is not so any more: a candidate who was
    withdrawn since, a slot that no sitting holds, another place or address, somebody who is no longer of the roster."""
    told = published.read(opened.folder) or Published()
    made = {each.stem: mail.errand(each.message) for each in letters(told, opened, key, clock.now())}
    holding = {stem: made[stem] for stem in _holding(told, opened)}
    return {
        path
        for path in opened.folder.convocation_drafts()
        if path.stem not in holding or mail.errand(path.read_bytes()) != holding[path.stem]
    }


def _holding(told: Published, opened: Cohort) -> Iterator[str]:
    """The names of the drafts whose slots are still so."""
    roster = opened.roster
    offered = slots(roster.sittings, opened.referential.slot_minutes)
    for identifier, each in told.candidates.items():
        candidate = roster.candidate(identifier)
        if candidate is not None and _holds(candidate, each, offered):
            yield stem(candidate, roster)
    for identifier, calendar in told.jurors.items():
        juror = roster.evaluator(identifier)
        heard = [(roster.candidate(person), each) for person, each in calendar.items()]
        if juror is not None and all(candidate and _holds(candidate, each, offered) for candidate, each in heard):
            yield stem(juror, roster)


def _holds(candidate: Candidate, told: Told, offered: Collection[Slot]) -> bool:
    """Whether what was told of a candidate's slot is so; that it is cancelled, whatever the roster says."""
    if told.cancelled:
        return True
    if candidate.dropped_out or candidate.convened is False:
        return False
    people = {juror.casefold() for juror in candidate.jurors}
    return any(told.holds(slot) and people <= {juror.casefold() for juror in slot.jurors} for slot in offered)
