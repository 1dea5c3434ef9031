"""Jurors who are bound to a candidate, and so may not hear them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from engine.model import Candidate, Evaluator, Roster
from engine.model.admission import Bond
from engine.model.texts import bare


def bonds(candidate: Candidate, jurors: Iterable[str], roster: Roster) -> tuple[Bond, ...]:
    """The bonds to a candidate of some of the roster's jurors, given by identifier; one for each who has any."""
    found = []
    for identifier in jurors:
        juror = roster.evaluator(identifier)
        reason = next(_reasons(candidate, juror, roster), "") if juror is not None else ""
        if juror is not None and reason:
            found.append(Bond(juror=juror.id, reason=f"{juror.name} ({juror.id}) {reason}"))
    return tuple(found)


def _reasons(candidate: Candidate, juror: Evaluator, roster: Roster) -> Iterator[str]:
    for role, people in (("tuteur", candidate.tutors), ("formateur", candidate.trainers)):
        for identifier in people:
            other = roster.evaluator(identifier)
            if other is None:
                continue
            if other.id.casefold() == juror.id.casefold():
                yield f"est aussi son {role}"
            elif _same(juror, other):
                yield f"a le nom ou l'adresse de son {role} {other.id}"
    if juror.organisation and _words(juror.organisation) == _words(candidate.company):
        yield f"est de son entreprise, {candidate.company}"


def _same(one: Evaluator, other: Evaluator) -> bool:
    """Whether two people of the roster are one, by their name or by one of their addresses."""
    names = (sorted(_words(f"{person.last_name} {person.first_name}")) for person in (one, other))
    return next(names) == next(names) or bool(_addresses(one) & _addresses(other))


def _words(name: str) -> list[str]:
    """A name as it is compared: « Le Guen » is « LE-GUEN », and a first name may stand before or after it."""
    return re.findall(r"[^\W_]+", bare(name)) or [bare(name)]


def _addresses(person: Evaluator) -> set[str]:
    return {address.strip().casefold() for address in person.email.split(";") if address.strip()}
