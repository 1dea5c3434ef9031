"""A bloc validated by a mean of roles: what each role of a candidate's file says of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from engine.assessment.decide.evidence import Cell, Evidence
from engine.model import Average, Bloc, Candidate, Lacking, MarkOutcome, OralOutcome, Referential, Role, State
from engine.model.errors import present
from engine.model.forms import ABSENT
from engine.model.outcome import COMMISSION
from engine.model.roles import ROLE_WORDS, Worth, heard, rated, role_rule, worth
from engine.model.rules import MeanRule, averaged, best_mean, judged, weighted
from engine.model.tables import EXCLUDED, VALUE


def judge_roles(
    bloc: Bloc, evidence: Evidence, candidate: Candidate, oral: OralOutcome | None, referential: Referential
) -> Average:
    """A bloc validated by the mean of what each role says of it, or already held.

    A role whose mark is not known, for a level that nobody of it gave or that is to be mended, keeps it waiting: never
    is a mean made of fewer roles, nor of fewer competences.
    """
    rule, scale = role_rule(referential, bloc), worth(referential)
    marks, lacking = {}, {}
    for role in bloc.weights:
        word = ROLE_WORDS[role]
        if role is Role.JUROR:
            marks[word] = _of_jury(oral, referential, scale, rule)
        else:
            marks[word], lacking[word] = _of_raters(bloc, evidence, candidate, role, (scale, rule))
    given = [mark.value if mark.value is not None else mark.code or None for mark in marks.values()]
    known = [mark for mark in given if isinstance(mark, Decimal)]
    held = bloc.code.casefold() in (code.casefold() for code in candidate.held_blocs)
    return Average(
        value=weighted(known, rule) if len(known) == len(given) else None,
        best=best_mean(given, rule),
        marks=marks,
        gates={},
        lacking=lacking,
        state=State.VALIDATED if held else averaged(given, rule),
        held=held,
    )


def _of_raters(
    bloc: Bloc, evidence: Evidence, candidate: Candidate, role: Role, by: tuple[Worth, MeanRule]
) -> tuple[MarkOutcome, Lacking]:
    """The mark of those who rate competences in a role, and what is missing of it."""
    scale, rule = by
    mine = {person.casefold() for person in candidate.assigned(role)}
    others = {person.casefold() for each in (Role.TUTOR, Role.TRAINER) for person in candidate.assigned(each)} - mine
    levels, to_mend, held_back = [], [], []
    for competence in bloc.competences:
        commission = evidence.commission.get(competence.code, Cell())
        if commission.state in (VALUE, EXCLUDED):  # whatever anybody else says
            cells = [Cell(commission.state, commission.value, evaluator=COMMISSION)]
        else:
            cells = [cell for cell in evidence.competences.get(competence.code, ()) if _key(cell) not in others]
        doubtful = [cell.evaluator for cell in cells if _is_doubtful(cell, mine)]
        levels.append([] if doubtful else [cell.number for cell in cells if cell.state == VALUE])
        to_mend += [competence.code] if doubtful else []
        held_back += doubtful
    codes = [competence.code for competence in bloc.competences]
    unrated = [code for code, given in zip(codes, levels, strict=True) if not given and code not in to_mend]
    lacking = Lacking(tuple(unrated), tuple(to_mend), _distinct(held_back), given=any(levels))
    return _mark(rated(levels, scale), rule, unreadable=bool(to_mend)), lacking


def _is_doubtful(cell: Cell, mine: Collection[str]) -> bool:
    """Whether a level holds the mark of a role back: it cannot be read, or comes from somebody of no role."""
    return cell.state == EXCLUDED or (cell.state == VALUE and cell.evaluator != COMMISSION and _key(cell) not in mine)


def _key(cell: Cell) -> str:
    return cell.evaluator.casefold()


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))


def _of_jury(oral: OralOutcome | None, referential: Referential, scale: Worth, rule: MeanRule) -> MarkOutcome:
    """The mark of the jury: the total that settled the oral; an absence that did; none while the oral waits."""
    sat = present(oral)
    if sat.absent and not sat.held:
        return MarkOutcome(value=None, code=ABSENT, state=State.FAILED)
    points = present(referential.oral).points
    return _mark(None if sat.value is None else heard(sat.value, points, scale), rule)


def _mark(value: Decimal | None, rule: MeanRule, *, unreadable: bool = False) -> MarkOutcome:
    return MarkOutcome(value=value, code="", state=judged(value, rule.bears), unreadable=unreadable)
