"""The reasons of a decision on two lines of `Synthèse`; the candidate's page and the data have them in full."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from engine.model import Outcome, Referential, State
from engine.model.texts import counted
from engine.model.values import and_list
from engine.office.metrics import wrap
from engine.office.styles import printed

SIZE = 8  # points
_LINES = 2
_BETWEEN = re.compile(", | et ")


def brief(outcome: Outcome, referential: Referential, width: int) -> str:
    """The reasons as far as they fit in a column ``width`` pixels wide, indented once.

    Conditions are told in full, else those that fail are named together, then those that wait too, then both are
    counted; what is still awaited comes last, in one word rather than conditions without their names. What is about
    nothing of this (a jury, a closure) is always told whole.
    """
    texts = [printed(text) for text in _from_long_to_short(outcome, _states(outcome, referential))]
    return next((text for text in texts if wrap(text, width, SIZE, indent=1) <= _LINES), texts[-1])


def _states(outcome: Outcome, referential: Referential) -> dict[str, State]:
    """The state of each condition, under the name it has in the reasons."""
    states = {code: count.state for code, count in outcome.blocs.items()}
    if outcome.transversal is not None:
        states["Transversales"] = outcome.transversal.state
    if outcome.oral is not None:
        states["Oral"] = outcome.oral.state
    if outcome.exam is not None and referential.national_exam is not None:
        states[referential.national_exam.code] = outcome.exam.state
    return states | {code: mark.state for code, mark in outcome.units.items()}


def _from_long_to_short(outcome: Outcome, states: Mapping[str, State]) -> Iterator[str]:
    about = {reason: _named(reason, states) for reason in outcome.reasons}
    others = [reason for reason, names in about.items() if not names]
    named: dict[State, list[str]] = {state: [] for state in State}
    for names in about.values():
        for name in names:
            named[states[name]].append(name)
    failing, waiting = named[State.FAILED], named[State.PENDING]
    first = [reason for reason in others if not reason.startswith(AWAITED)]
    last = [reason for reason in others if reason.startswith(AWAITED)]
    open_ones = [reason for reason, names in about.items() if names and states[names[0]] is not State.FAILED]
    yield " ".join(outcome.reasons)
    yield " ".join([*first, *_listed(State.FAILED, failing), *open_ones, *last])
    listed, unsure = [*_listed(State.FAILED, failing), *_listed(State.PENDING, waiting)], ["Provisoire."] * bool(last)
    yield " ".join([*first, *listed, *last])
    yield " ".join([*first, *listed, *unsure])
    yield " ".join([*first, *_number(failing, waiting), *last])
    yield " ".join([*first, *_number(failing, waiting), *unsure])


AWAITED = "Provisoire, "
"""How the sentence on the sheets still to come begins."""


def _named(reason: str, states: Mapping[str, State]) -> list[str]:
    """The conditions that a sentence is about: those it begins with."""
    names = _BETWEEN.split(reason.partition(" : ")[0])
    return names if all(name in states for name in names) else []


def _listed(state: State, names: list[str]) -> Iterator[str]:
    if names:
        yield f"{state} : {and_list(names)}."


def _number(failing: list[str], waiting: list[str]) -> Iterator[str]:
    told = [counted(len(failing), "condition non validée", "conditions non validées")] if failing else []
    told += [counted(len(waiting), "condition en attente", "conditions en attente")] if waiting else []
    if told:
        yield f"{', '.join(told)}."
