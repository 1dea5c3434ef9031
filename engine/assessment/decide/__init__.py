"""Marks to outcomes: the decision rules, three-valued. Pure.

A condition is validated, failed, or pending as long as a missing value could still change it. A value excluded by a
blocking anomaly is neither counted nor ignored: its item is pending, whoever else rated it, until it is mended.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from engine.assessment.decide.evidence import Cell, Evidence, Gathered
from engine.assessment.decide.presented import only_blocs, presented
from engine.assessment.decide.reasons import explain
from engine.assessment.decide.roles import judge_roles
from engine.assessment.decide.rules import (
    against_report,
    count,
    judge_exam,
    judge_mean,
    judge_oral,
    judge_report,
    judge_unit,
    level_of,
    set_by,
)
from engine.model import (
    ORAL,
    TRANSVERSAL,
    Authority,
    BlocOutcome,
    Candidate,
    Competence,
    Decision,
    Level,
    MarkOutcome,
    OralOutcome,
    Outcome,
    Policy,
    Referential,
    Roster,
    Ruling,
    State,
    TransversalItem,
    conditions,
)
from engine.model.errors import present
from engine.model.outcome import BY_JURY, HELD
from engine.model.rules import decide_title, mean_rule, worst
from engine.model.tables import EXCLUDED

__all__ = ["decide", "unnamed"]


def decide(
    marks: pd.DataFrame, roster: Roster, referential: Referential, awaited: Mapping[str, Sequence[str]]
) -> tuple[Outcome, ...]:
    """The outcome of every candidate, in the roster's order.

    ``marks``: a table of :class:`engine.model.Mark`, holding only sheets that count and, for a refused sheet whose
    reference can be read, one excluded row per input. ``awaited``: by candidate identifier, the sheets whose absence
    makes the result provisional, in words.
    """
    evidence = Gathered(marks, referential.scales.level)
    return tuple(
        _outcome(candidate, evidence.of(candidate.id), referential, awaited.get(candidate.id, ()))
        for candidate in roster.candidates
    )


def unnamed(
    outcomes: Iterable[Outcome], referential: Referential, awaited: Mapping[str, Sequence[str]]
) -> tuple[Outcome, ...]:
    """The same outcomes for the candidates' own eyes: no reason names an evaluator, so that no one's mark is told."""
    return tuple(
        replace(
            each,
            reasons=(
                *(reason for reason in each.reasons if reason.startswith((HELD, BY_JURY))),
                *explain(each, referential, _awaited(each, awaited), named=False),
            ),
        )
        for each in outcomes
    )


def _awaited(outcome: Outcome, awaited: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The sheets that could still move what stands: none once the jury has settled it."""
    settled = outcome.decided_by is Authority.JURY and outcome.decision is not Decision.PENDING
    return () if settled else awaited.get(outcome.candidate.id, ())


def _outcome(candidate: Candidate, evidence: Evidence, referential: Referential, awaited: Sequence[str]) -> Outcome:
    policy, exam, oral = referential.policy, referential.national_exam, referential.oral
    transversal = referential.transversal
    computed = _levels(referential.competences, evidence.competences, policy.competence_from, policy)
    levels = {code: set_by(evidence.commission.get(code), level) for code, level in computed.items()}
    items = transversal.items if transversal else ()
    transversal_levels = _levels(items, evidence.transversal, policy.transversal_from, policy)
    sat = judge_oral(evidence.oral, oral, policy, held=candidate.keeps(ORAL)) if oral else None
    report = judge_report(evidence.report) if referential.requires_report else None
    units = _units(referential, evidence, report, candidate)
    undecided = Outcome(
        candidate=candidate,
        decision=Decision.PENDING,
        provisional=bool(awaited),
        awaits=bool(awaited),
        levels=levels,
        blocs=presented(_blocs(referential, levels, evidence, candidate, sat), candidate),
        transversal_levels=transversal_levels,
        transversal=count(transversal_levels.values(), transversal.required, held=candidate.keeps(TRANSVERSAL))
        if transversal
        else None,
        oral=sat,
        exam=judge_exam(evidence.notes.get(exam.code, Cell()), exam.at_least, held=candidate.keeps(exam.code))
        if exam
        else None,
        units=units,
        unit_state=worst(unit.state for unit in units.values()) if units else None,
        report=report,
        report_unreadable=any(cell.state == EXCLUDED for cell in evidence.report),
        report_by=against_report(evidence.report),
        credits=sum(unit.credits for unit in referential.units if units[unit.code].state is State.VALIDATED),
        reasons=(),
    )
    undecided = only_blocs(undecided, heard=referential.hears(candidate))
    decision = _decision(undecided, policy)
    decided = replace(undecided, decision=decision, ruled=Ruling(decision, undecided.validated))
    return replace(decided, reasons=explain(decided, referential, awaited))


def _levels(
    items: Iterable[Competence | TransversalItem], cells: Mapping[str, Collection[Cell]], how: str, policy: Policy
) -> dict[str, Level]:
    return {item.code: level_of(cells.get(item.code, ()), item.minimum, how, policy.rounding) for item in items}


def _blocs(
    referential: Referential,
    levels: Mapping[str, Level],
    evidence: Evidence,
    candidate: Candidate,
    oral: OralOutcome | None,
) -> dict[str, BlocOutcome]:
    already = {code.casefold() for code in candidate.held_blocs}
    found: dict[str, BlocOutcome] = {}
    for bloc in referential.blocs:
        held = bloc.code.casefold() in already
        if bloc.at_least is None:
            mine = [levels[competence.code] for competence in bloc.competences]
            mandatory = [levels[code] for code in bloc.mandatory]
            found[bloc.code] = count(mine, bloc.required, mandatory=mandatory, held=held)
        elif bloc.weights:
            found[bloc.code] = judge_roles(bloc, evidence, candidate, oral, referential)
        else:
            found[bloc.code] = judge_mean(evidence.notes, mean_rule(referential, bloc), held=held)
    return found


def _units(
    referential: Referential, evidence: Evidence, report: State | None, candidate: Candidate
) -> dict[str, MarkOutcome]:
    return {
        unit.code: judge_unit(
            evidence.notes.get(unit.code, Cell()),
            present(referential.unit_rule).above,
            present(report) if unit.requires_report else State.VALIDATED,
            held=candidate.keeps(unit.code),
        )
        for unit in referential.units
    }


def _decision(undecided: Outcome, policy: Policy) -> Decision:
    if undecided.candidate.dropped_out:
        return Decision.LEFT
    states = list(conditions(undecided, with_units=policy.title_requires_ues))
    return decide_title(states, [bloc.state for bloc in undecided.blocs.values()])
