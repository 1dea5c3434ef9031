"""The days of the jury made ready: the planning, the convocations and their invitations, and what was told of them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from engine.commands.grounds import Grounds
from engine.jury.sittings import Planning, plan
from engine.model import Roster
from engine.model.admission import Admission
from engine.model.calendars import Calendar, Published, as_told, follow
from engine.model.sittings import Slot
from engine.office.mail import same_but_for_date
from engine.outputs import planning as printing
from engine.outputs.planning import Convocation
from engine.workspace import published
from engine.workspace.cohort import Cohort
from engine.workspace.files import deliver

_LOST = (
    "Ce qui avait été publié du planning n'est plus connu (« .cohorte/planning.json ») : il a été refait, et des "
    "passages ont pu changer d'heure."
)


@dataclass(frozen=True, kw_only=True)
class Convened:
    """The planning as it now stands, the workbook that shows it (``None``: there are no sittings), and what is to be
    told beside."""

    planning: Planning
    workbook: Path | None
    notices: tuple[str, ...] = ()


def convene(at: Grounds, admissions: Sequence[Admission], *, anew: bool) -> Convened:
    """Seat whoever is convened, and write what says so; ``anew``: whatever was published.

    What says the same is left alone; what is replaced moves to ``envois/anciens/``. Raises :class:`CohortError` when
    the disk does not allow it.
    """
    roster, referential, folder = at.cohort.roster, at.cohort.referential, at.folder
    before = published.read(folder)
    lost = before is None and bool(roster.sittings) and folder.planning.exists()
    known = before or Published()
    found = plan(admissions, roster, referential, known.seats, anew=anew)
    standings, book = _book(found, admissions, at, known.standings)
    after = replace(_told(found, known, at), standings=standings)
    made = {folder.planning: book} if roster.sittings else {}
    for letter in letters(after, at.cohort, at.key, at.now):
        made[folder.convocations / f"{letter.stem}.eml"] = letter.message
        made[folder.convocations / f"{letter.stem}.ics"] = letter.calendar
    standing = [path for path in (folder.planning, *folder.convocations.glob("*")) if path.is_file()]
    stale = [path for path in standing if path not in made and path.suffix in (".eml", ".ics", ".xlsx")]
    deliver(folder.outgoing, made.items(), stale, same_but_for_date)
    if before is not None or after.candidates or roster.sittings:  # a planning of nobody was published too
        published.write(folder, after)
    workbook = folder.planning if roster.sittings else None
    return Convened(planning=found, workbook=workbook, notices=(_LOST,) if lost else ())


def _told(found: Planning, before: Published, at: Grounds) -> Published:
    """The convocations that hold from now on."""
    slots = {hearing.candidate.id: hearing.slot for hearing in found.hearings}
    heard: dict[str, dict[str, Slot]] = {}
    for hearing in found.hearings:
        for juror in hearing.candidate.jurors:
            heard.setdefault(juror, {})[hearing.candidate.id] = hearing.slot
    hearing_by = {**{juror: {} for juror in before.jurors}, **as_told(heard, before.jurors)}
    return Published(
        candidates=follow(before.candidates, as_told(slots, before.candidates), at.now),
        jurors={
            juror: follow(before.jurors.get(juror, {}), as_told(told, before.candidates), at.now)
            for juror, told in hearing_by.items()
        },
    )


def letters(told: Published, cohort: Cohort, key: bytes, now: datetime) -> Iterator[Convocation]:
    """A draft for each candidate and each juror who was told anything; nobody who is no longer of the roster."""
    roster, uids = cohort.roster, _uids(told, key)
    for identifier, each in told.candidates.items():
        candidate = roster.candidate(identifier)
        if candidate is not None:
            yield printing.to_candidate(candidate, each, cohort, uid=uids[identifier], now=now)
    for identifier, calendar in told.jurors.items():
        juror = roster.evaluator(identifier)
        kept = _of_the_roster(calendar, roster)
        if juror is not None and kept:
            yield printing.to_juror(juror, kept, cohort, uids=uids, now=now)


def _of_the_roster(calendar: Calendar, roster: Roster) -> Calendar:
    return {candidate: told for candidate, told in calendar.items() if roster.candidate(candidate) is not None}


def _uids(told: Published, key: bytes) -> dict[str, str]:
    """The UID of each candidate's slot in any calendar, made of the candidate and of the cohort's key."""
    cohort = hashlib.sha256(b"calendar:" + key).hexdigest()[:16]
    people = {*told.candidates, *(candidate for calendar in told.jurors.values() for candidate in calendar)}
    return {candidate: f"{candidate}-{cohort}@cohorte" for candidate in people}


def _book(
    found: Planning, admissions: Sequence[Admission], at: Grounds, shown: Mapping[str, str]
) -> tuple[dict[str, str], bytes]:
    """The workbook, and the word beside each slot: the one ``shown`` last as long as nothing else of it changed."""
    known = {each.candidate.id: each for each in admissions}
    absent = [(each, _why_not(each)) for each in admissions if each.admissibility is not None and not each.convened]
    unseated = [(known[candidate.id], reason) for candidate, reason in found.unseated]
    words = {hearing.candidate.id: str(hearing.standing) for hearing in found.hearings}

    def drawn(standings: Mapping[str, str]) -> bytes:
        rows = [
            printing.Row(hearing.candidate, hearing.slot, standings.get(hearing.candidate.id, ""))
            for hearing in found.hearings
        ]
        return printing.planning_book(rows, absent, unseated, at.cohort)

    path, same = at.folder.planning, drawn(shown)
    if path.is_file() and path.read_bytes() == same:
        return dict(shown), same
    return words, drawn(words)


def _why_not(admission: Admission) -> str:
    """Why somebody is not convened."""
    if admission.admissibility is not None and admission.admissibility.opens:
        kept = admission.candidate.convened is None
        return "grand oral conservé d'une session antérieure" if kept else "non convoqué, selon le registre"
    return " ; ".join(admission.reasons)
