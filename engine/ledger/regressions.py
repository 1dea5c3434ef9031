"""What was there at the last consolidation and is not any more: marks, and decisions that were settled (R07)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.ledger.changes import Change, changes
from engine.ledger.past import Past
from engine.model import Decision, Outcome
from engine.model.anomalies import Anomaly, Gravity, make
from engine.model.returns import SheetReport
from engine.model.snapshot import WITHHELD, Decided
from engine.model.texts import bare, day_and_hour
from engine.model.values import clip

_SETTLED = frozenset({Decision.ADMITTED, Decision.PARTIAL, Decision.REFUSED})

_LISTED = 60
"""How many marks a message lists."""


class _Where(NamedTuple):
    """A person in a sheet of a return."""

    candidate: str
    evaluator: str
    file: str
    sheet: str


@dataclass(frozen=True)
class _Move:
    """A decision that was settled and is another one, or that of nobody any more."""

    candidate: str
    before: Decided
    after: Outcome | None

    def __str__(self) -> str:
        """« PARTIEL (B1, B2) → EN ATTENTE »."""
        now = "absent du registre"
        if self.after is not None:
            now = _told(self.after.decision, self.after.acquired)
        return f"{_told(self.before.decision, self.before.acquired)} → {now}"


def regressions(past: Past, sheets: Iterable[SheetReport], outcomes: Iterable[Outcome]) -> list[Anomaly]:
    """R07 for each sheet (and each person of a shared one) that lost or changed marks since the last consolidation, and
    for each settled decision that is no longer the same.

    It blocks where the decision moved: on that night alone, since the next one compares with this one.
    """
    if past.last is None:
        return []
    since = "par rapport aux retours archivés"
    if not past.last.rebuilt:
        since = f"depuis la consolidation du {day_and_hour(past.last.made_at)}"
    moves = _moves(past, outcomes)
    told = [
        _lost(where, changed, since, moves.get(where.candidate.casefold()))
        for where, changed in _by_sheet(changes(past, sheets)).items()
    ]
    explained = {anomaly.candidate.casefold() for anomaly in told}
    alone = (_moved(move, since) for identifier, move in moves.items() if identifier not in explained)
    return [*told, *alone]


def _moves(past: Past, outcomes: Iterable[Outcome]) -> dict[str, _Move]:
    """By candidate (in lower case), the settled decisions that changed; its blocs are part of a decision."""
    now = {outcome.candidate.id.casefold(): outcome for outcome in outcomes}
    found = {}
    for row in past.decisions().values():
        outcome = now.get(row.candidate.casefold())
        same = outcome and (outcome.decision, outcome.acquired) == (row.decision, row.acquired)
        if row.decision in _SETTLED and not same:
            found[row.candidate.casefold()] = _Move(row.candidate, row, outcome)
    return found


def _told(decision: Decision, acquired: Sequence[str]) -> str:
    blocs = ", ".join(acquired)
    return f"{decision} ({blocs})" if blocs and decision is Decision.PARTIAL else str(decision)


def _by_sheet(found: Iterable[Change]) -> Mapping[_Where, list[Change]]:
    lost: dict[_Where, list[Change]] = defaultdict(list)
    for change in found:
        if change.nature != "new":
            mark = change.now
            lost[_Where(mark.candidate, mark.evaluator, mark.file, mark.sheet)].append(change)
    return lost


def _lost(where: _Where, changed: list[Change], since: str, move: _Move | None) -> Anomaly:
    listed = [_in_words(change) for change in changed]
    more = f" ; et {len(listed) - _LISTED} autres" if len(listed) > _LISTED else ""
    several = "Des valeurs ont changé ou disparu" if len(listed) > 1 else "Une valeur a changé ou disparu"
    follows = f" La décision, arrêtée, a changé : {move}." if move else ""
    return make(
        "R07",
        f"{several} {since} : {' ; '.join(listed[:_LISTED])}{more}.{follows}",
        gravity=Gravity.BLOCKING if move else None,
        **where._asdict(),
        cell="; ".join(dict.fromkeys(change.now.cell for change in changed[:_LISTED] if change.now.cell)),
        value=_in_words(changed[0]).partition(" : ")[2] if len(changed) == 1 else "",
    )


def _moved(move: _Move, since: str) -> Anomaly:
    return make(
        "R07",
        f"Une décision arrêtée a changé {since}, sans qu'aucune valeur ait disparu : {move}.",
        gravity=Gravity.BLOCKING,
        remedy="Vérifiez ce qui l'a fait changer : un retour nouveau (feuille Évolution), le registre ou les règles.",
        candidate=move.candidate,
        value=str(move),
    )


def _in_words(change: Change) -> str:
    """« niveau 1.1 : 4 → 3 »."""
    mark = change.now
    name = mark.code if bare(mark.code) == bare(mark.input) else f"{mark.input} {mark.code}".strip()
    before, after = (clip(each.raw, 40) if each and each.raw else "vide" for each in (change.before, change.after))
    if before == after and change.nature == "gone":
        after = WITHHELD  # what is typed did not move: it is no longer taken
    return f"{name} : {before} → {after}"
