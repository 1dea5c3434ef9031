"""Who fills which sheet: the sheets a cohort issues, derived from the roster and the referential."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine import forms
from engine.model import Candidate, Evaluator, Kind, Referential, Role, Roster

PROVISIONAL_KINDS = frozenset({Kind.GRILLE, Kind.ORAL, Kind.TRANSVERSALE})
"""Kinds whose absence leaves a result provisional: a later sheet could still move a mean."""


SheetKey = tuple[str, str, str]
"""What identifies a sheet: (kind, candidate, evaluator), identifiers case-folded, "" for none."""


@dataclass(frozen=True)
class Assignment:
    """One sheet to fill. No candidate for NOTES and VALIDATION; no evaluator for NOTES.

    ``role`` says in which quality the evaluator fills it; ``candidate_columns`` marks the one GRILLE that the
    candidate fills first: the first tutor's, or the first trainer's when there is no tutor.
    """

    kind: Kind
    role: Role
    candidate: Candidate | None = None
    evaluator: Evaluator | None = None
    candidate_columns: bool = False

    @property
    def key(self) -> SheetKey:
        """What identifies the sheet."""
        return sheet_key(
            self.kind, self.candidate.id if self.candidate else "", self.evaluator.id if self.evaluator else ""
        )


def sheet_key(kind: str, candidate: str, evaluator: str) -> SheetKey:
    """What identifies a sheet, whatever its file, its seal or its version."""
    return (str(kind), candidate.casefold(), evaluator.casefold())


def assignments(roster: Roster, referential: Referential) -> tuple[Assignment, ...]:
    """Every sheet of the cohort, candidates in the roster's order, then NOTES and VALIDATION; none twice."""
    kinds = frozenset(forms.available(referential))
    found: dict[tuple[str, str, str], Assignment] = {}
    for assignment in _all(roster):
        if assignment.kind in kinds:
            found.setdefault(assignment.key, assignment)
    return tuple(found.values())


def _all(roster: Roster) -> Iterator[Assignment]:
    for candidate in roster.candidates:
        yield from _of(roster, candidate)
    yield Assignment(Kind.NOTES, Role.SECRETARIAT)
    for referent in roster.with_role(Role.REFERENT):
        yield Assignment(Kind.VALIDATION, Role.REFERENT, evaluator=referent)


def _of(roster: Roster, candidate: Candidate) -> Iterator[Assignment]:
    raters = [(Role.TUTOR, tutor) for tutor in candidate.tutors]
    raters += [(Role.TRAINER, trainer) for trainer in candidate.trainers]
    for rank, (role, identifier) in enumerate(raters):
        evaluator = roster.evaluator(identifier)
        yield Assignment(Kind.GRILLE, role, candidate, evaluator, candidate_columns=rank == 0)
        yield Assignment(Kind.TRAVAUX, role, candidate, evaluator)
    for identifier in candidate.jurors:
        juror = roster.evaluator(identifier)
        yield Assignment(Kind.ORAL, Role.JUROR, candidate, juror)
        yield Assignment(Kind.TRANSVERSALE, Role.JUROR, candidate, juror)
