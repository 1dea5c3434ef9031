"""What follows from presenting some blocs only: the others are not awaited, nor is what only the title asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from engine.model import Average, Candidate, Count, MarkOutcome, OralOutcome, Outcome, State
from engine.model.rules import worst

Bloc = TypeVar("Bloc", Count, Average, Count | Average)


def presented(blocs: Mapping[str, Bloc], candidate: Candidate) -> dict[str, Bloc]:
    """The blocs, those that the candidate neither presents nor holds told as such whatever was rated in them."""
    return {
        code: bloc if candidate.presents(code) else replace(bloc, state=State.NOT_PRESENTED)
        for code, bloc in blocs.items()
    }


def only_blocs(outcome: Outcome, *, heard: bool) -> Outcome:
    """What the title asks for beside blocs is not awaited of a candidate who presents only blocs; what came counts.

    ``heard``: whether one of these blocs rests on the oral, which is then awaited.
    """
    if not outcome.only_blocs:
        return outcome
    units = {code: _mark(mark) for code, mark in outcome.units.items()}
    return replace(
        outcome,
        transversal=outcome.transversal and _transversal(outcome.transversal, outcome),
        oral=outcome.oral if heard else outcome.oral and _oral(outcome.oral),
        exam=outcome.exam and _mark(outcome.exam),
        units=units,
        unit_state=outcome.unit_state and worst(unit.state for unit in units.values()),
    )


def _transversal(count: Count, outcome: Outcome) -> Count:
    nothing = all(level.value is None and not level.pending for level in outcome.transversal_levels.values())
    return replace(count, state=State.NOT_PRESENTED) if nothing and count.state is State.PENDING else count


def _oral(oral: OralOutcome) -> OralOutcome:
    came = oral.totals or oral.incomplete or oral.absences
    return oral if came or oral.state is not State.PENDING else replace(oral, state=State.NOT_PRESENTED)


def _mark(mark: MarkOutcome) -> MarkOutcome:
    came = mark.value is not None or mark.code or mark.unreadable
    return mark if came or mark.state is not State.PENDING else replace(mark, state=State.NOT_PRESENTED)
