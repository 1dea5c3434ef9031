"""Who fills which sheet: the sheets a cohort issues, derived from the roster and the referential."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.model import WORKBOOKS, Candidate, Evaluator, Kind, Referential, Role, Roster, forms

SheetKey = tuple[str, str, str]
"""What identifies a sheet: (kind, candidate, evaluator), identifiers case-folded, "" for none."""


@dataclass(frozen=True, slots=True)
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
        """The key of the sheet: kind, candidate, evaluator."""
        return sheet_key(
            self.kind, self.candidate.id if self.candidate else "", self.evaluator.id if self.evaluator else ""
        )


def sheet_key(kind: str, candidate: str, evaluator: str) -> SheetKey:
    """What identifies a sheet, whatever its file, its seal or its version."""
    return (str(kind), candidate.casefold(), evaluator.casefold())


def assignments(roster: Roster, referential: Referential) -> tuple[Assignment, ...]:
    """Every sheet that is awaited, candidates in the roster's order, then NOTES and VALIDATION; none twice."""
    kinds = frozenset(forms.available(referential))
    found: dict[tuple[str, str, str], Assignment] = {}
    for assignment in _all(roster):
        if assignment.kind in kinds and _presented(assignment, referential):
            found.setdefault(assignment.key, assignment)
    return tuple(found.values())


def _presented(assignment: Assignment, referential: Referential) -> bool:
    """Whether the candidate presents what a sheet is about: who presents only blocs is asked for their competences, and
    for the oral where one of them rests on it."""
    candidate = assignment.candidate
    if candidate is None:
        return True
    if assignment.kind.record.of_blocs:
        return _is_rated(candidate, referential)
    heard = assignment.kind is Kind.ORAL and referential.hears(candidate)
    return heard or all(candidate.presents(bloc.code) for bloc in referential.blocs)


def _is_rated(candidate: Candidate, referential: Referential) -> bool:
    """Whether a bloc that a candidate presents has competences: others are validated by exams alone."""
    return any(bloc.competences for bloc in referential.blocs if candidate.presents(bloc.code))


def commissioned(roster: Roster, referential: Referential) -> tuple[Assignment, ...]:
    """The sheets made for the jury from what came: a SYNTHESE for each candidate who has not left and whose levels are
    rated, a DELIBERATION."""
    kinds = [kind for kind in forms.available(referential) if not kind.record.expected]
    staying = [each for each in roster.candidates if not each.dropped_out and _is_rated(each, referential)]
    return tuple(
        Assignment(kind, kind.record.filled_by[0], candidate)
        for kind in kinds
        for candidate in (staying if kind.record.per_candidate else (None,))
    )


def _all(roster: Roster) -> Iterator[Assignment]:
    for candidate in roster.candidates:
        for kinds in WORKBOOKS.values():
            if kinds[0].record.per_candidate and kinds[0].record.expected:
                yield from _of(roster, candidate, kinds)
    for kind in Kind:
        if kind.record.expected and not kind.record.per_candidate:
            yield from _of_cohort(roster, kind)


def _of(roster: Roster, candidate: Candidate, kinds: tuple[Kind, ...]) -> Iterator[Assignment]:
    """The sheets of one workbook about a candidate, evaluator by evaluator; the first one gets the candidate's part."""
    raters = [(role, each) for role in kinds[0].record.filled_by for each in candidate.assigned(role)]
    for rank, (role, identifier) in enumerate(raters):
        evaluator = roster.evaluator(identifier)
        for kind in kinds:
            own = kind.record.candidate_part and rank == 0
            yield Assignment(kind, role, candidate, evaluator, candidate_columns=own)


def _of_cohort(roster: Roster, kind: Kind) -> Iterator[Assignment]:
    """The sheets about everybody: one, or one for each person who fills it."""
    for role in kind.record.filled_by:
        for evaluator in roster.with_role(role) if kind.record.per_evaluator else (None,):
            yield Assignment(kind, role, evaluator=evaluator)
