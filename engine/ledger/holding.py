"""A closed session: the frozen decisions stand, and what would change one is said (R08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.anomalies import Anomaly, make
from engine.model import Act, Frozen, Outcome
from engine.model.outcome import HELD
from engine.texts import day_and_hour


def hold(outcomes: Sequence[Outcome], closure: Act | None) -> tuple[tuple[Outcome, ...], list[Anomaly]]:
    """The outcomes as a closed session shows them, and R08 for each that would be another; as they are in an open one.

    Whoever came to the roster after the closure has no frozen decision.
    """
    if closure is None:
        return tuple(outcomes), []
    held = tuple(_held(outcome, closure) for outcome in outcomes)
    return held, [*_moved(outcomes, closure), *_gone(outcomes, closure)]


def frozen(outcome: Outcome) -> Frozen:
    """What a closure keeps of an outcome."""
    return Frozen(
        candidate=outcome.candidate.id,
        decision=outcome.decision,
        provisional=outcome.provisional,
        acquired=outcome.acquired,
        credits=outcome.credits,
    )


def _held(outcome: Outcome, closure: Act) -> Outcome:
    kept = closure.by_candidate.get(outcome.candidate.id.casefold())
    if kept is None:
        return outcome
    reasons = outcome.reasons
    if not _same(outcome, kept):
        reasons = (f"{HELD} ; les retours présents donneraient {_told(frozen(outcome))}", *reasons)
    return replace(outcome, decision=kept.decision, credits=kept.credits, frozen=kept, reasons=reasons)


def _same(outcome: Outcome, kept: Frozen) -> bool:
    return (outcome.decision, outcome.acquired, outcome.credits) == (kept.decision, kept.acquired, kept.credits)


def _moved(outcomes: Sequence[Outcome], closure: Act) -> Iterator[Anomaly]:
    for outcome in outcomes:
        kept = closure.by_candidate.get(outcome.candidate.id.casefold())
        if kept is not None and not _same(outcome, kept):
            now = frozen(outcome)
            yield make(
                "R08",
                f"{_stands(kept, closure)} ; les retours présents donneraient {_told(now)}.",
                candidate=outcome.candidate.id,
                value=f"{kept.decision} → {now.decision}" if kept.decision is not now.decision else str(kept.decision),
            )


def _gone(outcomes: Sequence[Outcome], closure: Act) -> Iterator[Anomaly]:
    present = {outcome.candidate.id.casefold() for outcome in outcomes}
    for identifier, kept in closure.by_candidate.items():
        if identifier not in present:
            message = f"{_stands(kept, closure)} ; ce candidat n'est plus au registre."
            remedy = "Rétablissez le candidat dans la feuille Candidats du registre, ou rouvrez la session."
            yield make("R08", message, remedy=remedy, candidate=kept.candidate, value=str(kept.decision))


def _stands(kept: Frozen, closure: Act) -> str:
    return f"La décision figée à la clôture du {day_and_hour(closure.at)} est {_told(kept)}"


def _told(kept: Frozen) -> str:
    """« PARTIEL (B1, B3), 12 crédits »."""
    blocs = f" ({', '.join(kept.acquired)})" if kept.acquired else ""
    credits = f", {kept.credits} crédit{'s' if kept.credits > 1 else ''}" if kept.credits else ""
    return f"{kept.decision}{blocs}{credits}"
