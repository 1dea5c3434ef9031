"""Jurors who are bound to a candidate, and so may not hear them."""

from __future__ import annotations

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
    if juror.organisation and bare(juror.organisation) == bare(candidate.company):
        yield f"est de son entreprise, {candidate.company}"


def _same(one: Evaluator, other: Evaluator) -> bool:
    """Whether two people of the roster are one, by their name or by one of their addresses."""
    same_name = (bare(one.last_name), bare(one.first_name)) == (bare(other.last_name), bare(other.first_name))
    return same_name or bool(_addresses(one) & _addresses(other))


def _addresses(person: Evaluator) -> set[str]:
    return {address.strip().casefold() for address in person.email.split(";") if address.strip()}
