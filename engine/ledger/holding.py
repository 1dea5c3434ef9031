"""A closed session: the frozen decisions stand, and what would change one is said (R08)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.model import Act, Authority, Decision, Frozen, Outcome
from engine.model.anomalies import Anomaly, make
from engine.model.catalogue import REOPEN
from engine.model.outcome import HELD
from engine.model.texts import bare, counted, day_and_hour


def hold(outcomes: Sequence[Outcome], closure: Act | None) -> tuple[tuple[Outcome, ...], list[Anomaly]]:
    """The outcomes as a closed session shows them, and R08 for each that would be another; as they are in an open one.

    Whoever came to the roster after the closure has no frozen decision: theirs is pending; so is everybody's when what
    was frozen cannot be found.
    """
    if closure is None:
        return tuple(outcomes), []
    if not closure.certain:
        return tuple(_undecided(outcome, "introuvable") for outcome in outcomes), [_lost(closure)]
    held = tuple(_held(outcome, closure) for outcome in outcomes)
    told = (_late(outcomes, closure), _renamed(outcomes, closure), _moved(outcomes, closure), _gone(outcomes, closure))
    return held, [anomaly for each in told for anomaly in each]


def frozen(outcome: Outcome) -> Frozen:
    """The decision that a closure freezes of an outcome."""
    return Frozen(
        candidate=outcome.candidate.id,
        decision=outcome.decision,
        provisional=outcome.provisional,
        acquired=outcome.acquired,
        credits=outcome.credits,
        name=outcome.candidate.name,
        decided_by=outcome.decided_by,
        ruled=outcome.ruled,
    )


def _held(outcome: Outcome, closure: Act) -> Outcome:
    kept = closure.by_candidate.get(outcome.candidate.id.casefold())
    if kept is None:
        return _undecided(outcome, "aucune pour ce candidat")
    reasons = outcome.reasons
    if not _same(outcome, kept):
        reasons = (f"{HELD} ; les retours présents donneraient {_told(frozen(outcome), kept)}.", *reasons)
    return replace(
        outcome,
        decision=kept.decision,
        credits=kept.credits,
        provisional=outcome.awaits if kept.decided_by is Authority.RULES else kept.provisional,
        decided_by=kept.decided_by,
        frozen=kept,
        reasons=reasons,
    )


def _undecided(outcome: Outcome, why: str) -> Outcome:
    """Somebody who has no frozen decision: what the returns would give is said, and decides nothing."""
    nothing = Frozen(
        candidate=outcome.candidate.id, decision=Decision.PENDING, provisional=False, acquired=(), credits=0
    )
    told = f"{HELD} : {why} ; les retours présents donneraient {_told(frozen(outcome))}."
    reasons = (told, *outcome.reasons)
    return replace(outcome, decision=Decision.PENDING, credits=0, frozen=nothing, reasons=reasons)


def _lost(closure: Act) -> Anomaly:
    """One for the whole session: nothing is known of any candidate."""
    return make(
        "R08",
        f"La session est close depuis le {day_and_hour(closure.at)}, mais ce qui y a été figé est introuvable : son "
        "acte manque, est abîmé, ou ne porte pas le sceau de la clé de la cohorte. Toutes les décisions sont en "
        "attente.",
        remedy="Rétablissez .cohorte d'une sauvegarde (l'acte est dans .cohorte/actes, la clé dans .cohorte/cle) ; à "
        f"défaut, comparez à la copie datée de resultats/clotures, rouvrez la session ({REOPEN}), puis fermez-la de "
        "nouveau.",
    )


def _late(outcomes: Sequence[Outcome], closure: Act) -> Iterator[Anomaly]:
    for outcome in outcomes:
        if outcome.candidate.id.casefold() not in closure.by_candidate:
            yield make(
                "R08",
                f"La session est close depuis le {day_and_hour(closure.at)}, et rien n'y a été figé pour ce candidat : "
                f"sa décision est en attente ; les retours présents donneraient {_told(frozen(outcome))}.",
                remedy=f"Rouvrez la session pour qu'il soit décidé de lui ({REOPEN}), ou retirez-le du registre.",
                candidate=outcome.candidate.id,
                value=str(outcome.decision),
            )


def _renamed(outcomes: Sequence[Outcome], closure: Act) -> Iterator[Anomaly]:
    for outcome in outcomes:
        kept = closure.by_candidate.get(outcome.candidate.id.casefold())
        if kept is not None and kept.name and bare(kept.name) != bare(outcome.candidate.name):
            yield make(
                "R08",
                f"{_stands(kept, closure)}, pour {kept.name} ; cet identifiant est maintenant celui de "
                f"{outcome.candidate.name}.",
                remedy="Rétablissez le nom dans la feuille Candidats du registre ; une autre personne a un autre "
                f"identifiant. Si le nom est seulement corrigé, rouvrez la session ({REOPEN}), puis fermez-la.",
                candidate=outcome.candidate.id,
                value=f"{kept.name} → {outcome.candidate.name}",
            )


def _same(outcome: Outcome, kept: Frozen) -> bool:
    return (outcome.decision, outcome.acquired, outcome.credits) == (kept.decision, kept.acquired, kept.credits)


def _moved(outcomes: Sequence[Outcome], closure: Act) -> Iterator[Anomaly]:
    for outcome in outcomes:
        kept = closure.by_candidate.get(outcome.candidate.id.casefold())
        if kept is not None and not _same(outcome, kept):
            now = frozen(outcome)
            yield make(
                "R08",
                f"{_stands(kept, closure, now)} ; les retours présents donneraient {_told(now, kept)}.",
                candidate=outcome.candidate.id,
                value=f"{kept.decision} → {now.decision}" if kept.decision is not now.decision else str(kept.decision),
            )


def _gone(outcomes: Sequence[Outcome], closure: Act) -> Iterator[Anomaly]:
    present = {outcome.candidate.id.casefold() for outcome in outcomes}
    for identifier, kept in closure.by_candidate.items():
        if identifier not in present:
            message = f"{_stands(kept, closure)} ; ce candidat n'est plus au registre."
            remedy = f"Rétablissez le candidat dans la feuille Candidats du registre, ou rouvrez la session ({REOPEN})."
            yield make("R08", message, remedy=remedy, candidate=kept.candidate, value=str(kept.decision))


def _stands(kept: Frozen, closure: Act, beside: Frozen | None = None) -> str:
    return f"La décision figée à la clôture du {day_and_hour(closure.at)} est {_told(kept, beside)}"


def _told(kept: Frozen, beside: Frozen | None = None) -> str:
    """« PARTIEL (B1, B3), 12 crédits »; no credit is said only ``beside`` a decision that has some, which may be all
    that differs."""
    blocs = f" ({', '.join(kept.acquired)})" if kept.acquired else ""
    credits = f", {counted(kept.credits, 'crédit')}" if kept.credits or (beside and beside.credits) else ""
    return f"{kept.decision}{blocs}{credits}"
