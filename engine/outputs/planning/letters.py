"""The drafts that convene to the grand oral: one per candidate, one per juror, each with its invitation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.model import Candidate, Evaluator, Referential, Roster
from engine.model.calendars import Told
from engine.model.sittings import in_room
from engine.office import mail
from engine.outputs.planning.invitations import Event, invitation
from engine.outputs.reminders.letters import greeting, in_full
from engine.workspace.cohort import Cohort
from engine.workspace.files import safe_name

_BOUNDARY = "=_cohorte_convocation"
_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@dataclass(frozen=True, kw_only=True)
class Convocation:
    """What is written of one person, by its name without an ending: the message, and the calendar file."""

    stem: str
    message: bytes
    calendar: bytes


@dataclass(frozen=True, kw_only=True)
class _Notice:
    """What a convocation says: its subject but for the cohort, its lines, and the passages for a calendar."""

    subject: str
    body: Sequence[str]
    events: Sequence[Event]


def to_candidate(candidate: Candidate, told: Told, cohort: Cohort, *, uid: str, now: datetime) -> Convocation:
    """The convocation of a candidate, or word that it is cancelled."""
    roster, referential = cohort.roster, cohort.referential
    body = _cancelled(told) if told.cancelled else _convened(told, roster, referential)
    place = _place(told, roster)
    event = Event(
        uid=uid, told=told, summary=_title(referential), place=place, description=_sequence(told, referential)
    )
    what = "passage annulé" if told.cancelled else "convocation au grand oral"
    text = [f"Bonjour {candidate.first_name} {candidate.last_name},", "", *body, *_closing(roster)]
    return _convocation(candidate, _Notice(subject=what, body=text, events=[event]), roster, now)


def to_juror(
    juror: Evaluator, told: Mapping[str, Told], cohort: Cohort, *, uids: Mapping[str, str], now: datetime
) -> Convocation:
    """The slots of a juror, those that are cancelled told apart; ``told`` and ``uids`` by candidate."""
    roster, referential = cohort.roster, cohort.referential
    lines = sorted(told.items(), key=lambda item: (item[1].start, item[1].room))
    events = [
        Event(
            uid=uids[candidate],
            told=each,
            summary=f"{_title(referential)} : {_name(candidate, roster)}",
            place=_place(each, roster),
            description=_sequence(each, referential),
        )
        for candidate, each in lines
    ]
    heard = [
        f"  - {_hour(each)}, {_place(each, roster)} : {_name(candidate, roster)}"
        for candidate, each in lines
        if not each.cancelled
    ]
    gone = [f"  - {_hour(each)} : {_name(candidate, roster)}" for candidate, each in lines if each.cancelled]
    body = [*greeting(juror)]
    if heard:
        body += [f"Vous siégez au jury ({mail.one_line(referential.certification.title)}) et entendrez :", *heard, ""]
    if gone:
        body += ["Ces passages sont annulés ou ne vous concernent plus :", *gone, ""]
    body += ["Le fichier joint les inscrit dans votre agenda.", "", *_closing(roster)]
    return _convocation(juror, _Notice(subject="vos passages au jury", body=body, events=events), roster, now)


def stem(person: Candidate | Evaluator, roster: Roster) -> str:
    """The name without an ending of what is written to somebody; a juror who bears the name and the identifier of a
    candidate is told apart."""
    called, other = _called(person), roster.candidate(person.id)
    if other is None or isinstance(person, Candidate) or _called(other).casefold() != called.casefold():
        return called
    return f"{called} jury"


def _called(person: Candidate | Evaluator) -> str:
    return f"{safe_name(person.name)} ({person.id})"


def _convocation(person: Candidate | Evaluator, notice: _Notice, roster: Roster, now: datetime) -> Convocation:
    name = stem(person, roster)
    calendar, about = invitation(notice.events, roster.session.time_zone), _about(roster)
    message = mail.Message(
        recipients=[person.email],
        subject=f"{about}{notice.subject}" if about else f"{notice.subject[:1].upper()}{notice.subject[1:]}",
        body="\n".join(notice.body) + "\n",
        invitations={f"{name}.ics": calendar},
    )
    return Convocation(stem=name, message=mail.draft(message, now, boundary=_BOUNDARY), calendar=calendar)


# ----------------------------------------------------------------------------------------------- what is said


def _convened(told: Told, roster: Roster, referential: Referential) -> Iterator[str]:
    yield f"Vous êtes convoqué(e) au grand oral ({mail.one_line(referential.certification.title)}) :"
    yield ""
    yield f"  {_hour(told)}"
    yield f"  {_place(told, roster)}"
    yield ""
    if referential.oral is not None and referential.oral.sequence:
        yield "Déroulement :"
        yield from (f"  {line}" for line in _sequence(told, referential).splitlines())
        yield ""
    if referential.documents:
        yield "À apporter :"
        yield from (f"  - {mail.one_line(document.title)}" for document in referential.documents)
        yield ""
    yield "Votre tuteur peut assister à votre passage en observateur."
    yield "Le fichier joint inscrit ce rendez-vous dans votre agenda."
    yield ""


def _cancelled(told: Told) -> Iterator[str]:
    yield f"Votre passage au grand oral, prévu {_hour(told)}, est annulé."
    yield "Le fichier joint le retire de votre agenda."
    yield ""


def _title(referential: Referential) -> str:
    return f"Grand oral {referential.certification.short_title}"


def _about(roster: Roster) -> str:
    return f"{roster.session.short_title} : " if roster.session.short_title else ""


def _name(candidate: str, roster: Roster) -> str:
    known = roster.candidate(candidate)
    return f"{known.name} ({known.id})" if known else candidate


def _hour(told: Told) -> str:
    """``le jeudi 30 janvier 2025, de 09:00 à 10:00``."""
    return f"le {_DAYS[told.start.weekday()]} {in_full(told.start.date())}, de {told.start:%H:%M} à {told.end:%H:%M}"


def _place(told: Told, roster: Roster) -> str:
    """``salle A, 12 rue des Tilleuls``."""
    return mail.one_line(", ".join(part for part in (in_room(told.room), roster.session.place) if part))


def _sequence(told: Told, referential: Referential) -> str:
    """The hour of each part of the oral, a line each."""
    start, lines = told.start, []
    for step in referential.oral.sequence if referential.oral else ():
        lines.append(f"{start:%H:%M} {mail.one_line(step.title)} ({step.minutes} min)")
        start += timedelta(minutes=step.minutes)
    return "\n".join(lines)


def _closing(roster: Roster) -> Iterator[str]:
    yield "Bien cordialement,"
    yield ""
    yield " ".join(part for part in ("Le secrétariat", roster.session.centre and f"– {roster.session.centre}") if part)
