"""Marks to outcomes: the decision rules, three-valued. Pure.

A condition is validated, failed, or pending as long as a missing value could still change it. A value excluded by a
blocking anomaly is neither counted nor ignored: its item is pending, whoever else rated it, until it is mended.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from engine.decide.evidence import Cell, Evidence, gather
from engine.decide.reasons import explain
from engine.decide.rules import (
    count,
    decide_title,
    judge_exam,
    judge_oral,
    judge_report,
    judge_unit,
    level_of,
    worst,
)
from engine.model import Candidate, Count, Decision, Level, Outcome, Referential, Roster, State, conditions

__all__ = ["decide"]


def decide(
    marks: pd.DataFrame, roster: Roster, referential: Referential, awaited: Mapping[str, Sequence[str]]
) -> tuple[Outcome, ...]:
    """The outcome of every candidate, in the roster's order.

    ``marks``: the table of :data:`engine.tables.MARKS`, holding only sheets that count and, for a refused sheet whose
    reference can be read, one excluded row per input. ``awaited``: by candidate identifier, the sheets whose absence
    makes the result provisional, in words.
    """
    evidence = gather(marks)
    return tuple(
        _outcome(candidate, evidence.get(candidate.id, Evidence()), referential, awaited.get(candidate.id, ()))
        for candidate in roster.candidates
    )


def _outcome(candidate: Candidate, evidence: Evidence, referential: Referential, awaited: Sequence[str]) -> Outcome:
    policy, exam, oral = referential.policy, referential.national_exam, referential.oral
    levels = {
        competence.code: level_of(
            evidence.competences.get(competence.code, ()), competence.minimum, policy.competence_from, policy.rounding
        )
        for competence in referential.competences
    }
    transversal_levels = {
        item.code: level_of(
            evidence.transversal.get(item.code, ()), item.minimum, policy.transversal_from, policy.rounding
        )
        for item in (referential.transversal.items if referential.transversal else ())
    }
    report = judge_report(evidence.report) if referential.requires_report else None
    units = {
        unit.code: judge_unit(
            evidence.notes.get(unit.code, Cell()),
            referential.unit_rule.above,
            report if unit.requires_report else State.VALIDATED,
        )
        for unit in referential.units
    }
    undecided = Outcome(
        candidate=candidate,
        decision=Decision.PENDING,
        provisional=bool(awaited),
        levels=levels,
        blocs=_blocs(referential, levels, candidate),
        transversal_levels=transversal_levels,
        transversal=count(transversal_levels.values(), referential.transversal.required)
        if referential.transversal
        else None,
        oral=judge_oral(evidence.oral, oral, policy) if oral else None,
        exam=judge_exam(evidence.notes.get(exam.code, Cell()), exam.at_least) if exam else None,
        units=units,
        unit_state=worst(unit.state for unit in units.values()) if units else None,
        report=report,
        credits=sum(unit.credits for unit in referential.units if units[unit.code].state is State.VALIDATED),
        reasons=(),
    )
    return _settle(undecided, referential, awaited)


def _blocs(referential: Referential, levels: Mapping[str, Level], candidate: Candidate) -> dict[str, Count]:
    held = {code.casefold() for code in candidate.held_blocs}
    return {
        bloc.code: count(
            [levels[competence.code] for competence in bloc.competences],
            bloc.required,
            held=bloc.code.casefold() in held,
        )
        for bloc in referential.blocs
    }


def _settle(undecided: Outcome, referential: Referential, awaited: Sequence[str]) -> Outcome:
    """The outcome with its decision and its reasons."""
    if undecided.candidate.dropped_out:
        decision = Decision.LEFT
    else:
        states = list(conditions(undecided, with_units=referential.policy.title_requires_ues))
        decision = decide_title(states, [bloc.state for bloc in undecided.blocs.values()])
    fields = {name: getattr(undecided, name) for name in undecided.__dataclass_fields__}
    decided = Outcome(**fields | {"decision": decision})
    return Outcome(**fields | {"decision": decision, "reasons": explain(decided, referential, awaited)})
