"""Convocations that no longer hold: the roster says something else than when ``jury`` wrote them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.commands.session.convening import letters
from engine.jury.sittings import fits
from engine.model import ORAL, Candidate, Evaluator, Referential, Roster
from engine.model.calendars import Calendar, Published
from engine.model.sittings import Slot, slots
from engine.office import mail
from engine.outputs.planning import stem
from engine.workspace import clock, published
from engine.workspace.cohort import Cohort


def outdated(opened: Cohort, key: bytes) -> set[Path]:
    """The drafts of ``envois/convocations`` that would tell somebody what is not so any more: a candidate who was
    withdrawn since, a slot that no sitting holds or that is another's, a jury, a place or an address that changed,
    somebody who is no longer of the roster."""
    told = published.read(opened.folder) or Published()
    made = {each.stem: mail.errand(each.message) for each in letters(told, opened, key, clock.now())}
    holding = {stem: made[stem] for stem in _Today(told, opened.roster, opened.referential).holding()}
    return {
        path
        for path in opened.folder.convocation_drafts()
        if path.stem not in holding or mail.errand(path.read_bytes()) != holding[path.stem]
    }


@dataclass(frozen=True)
class _Today:
    """What was ``told``, beside the roster as it is by now."""

    told: Published
    roster: Roster
    referential: Referential

    def holding(self) -> Iterator[str]:
        """The names of the drafts that tell what is still so."""
        true = {identifier for identifier in self.told.candidates if self._holds(identifier)}
        for identifier in true:
            candidate = self.roster.candidate(identifier)
            if candidate is not None:
                yield stem(candidate, self.roster)
        for identifier, calendar in self.told.jurors.items():
            juror = self.roster.evaluator(identifier)
            if juror is not None and true.issuperset(calendar) and _live(calendar) == self._heard_by(juror):
                yield stem(juror, self.roster)

    def _heard_by(self, juror: Evaluator) -> set[str]:
        """Who is heard by a juror, of those who have a slot."""
        people = ((identifier, self.roster.candidate(identifier)) for identifier in _live(self.told.candidates))
        return {
            identifier
            for identifier, candidate in people
            if candidate is not None and juror.id.casefold() in map(str.casefold, candidate.jurors)
        }

    def _holds(self, identifier: str) -> bool:
        """Whether what was told of a candidate's slot is so; that it is cancelled, whatever the roster says."""
        candidate, told = self.roster.candidate(identifier), self.told.candidates[identifier]
        if told.cancelled:
            return True
        if candidate is None or not self._may_sit(candidate):
            return False
        return any(
            told.holds(slot)
            and fits(candidate, slot, self.roster)
            and self._given.get(slot.key, candidate.id) == candidate.id
            for slot in self._offered
        )

    def _may_sit(self, candidate: Candidate) -> bool:
        """Whether the oral is still open to somebody: not held since, nor left aside for some blocs alone."""
        if candidate.convened or not candidate.may_be_heard:
            return candidate.may_be_heard
        whole = all(candidate.presents(bloc.code) for bloc in self.referential.blocs)
        return not candidate.keeps(ORAL) and (whole or self.referential.hears(candidate))

    @cached_property
    def _offered(self) -> tuple[Slot, ...]:
        return slots(self.roster.sittings, self.referential.slot_minutes)

    @cached_property
    def _given(self) -> Mapping[object, str]:
        """By slot, whom the roster gives it to, of those who are convened whatever came back."""
        seats = self.told.seats
        return {
            slot.key: each.id
            for each in self.roster.candidates
            if each.passage and each.may_be_heard and (each.convened or each.id.casefold() in seats)
            for slot in self._offered
            if fits(each, slot, self.roster)
        }


def _live(calendar: Calendar) -> set[str]:
    return {identifier for identifier, each in calendar.items() if not each.cancelled}
