"""What the terminal says of a candidate's history: by evaluator and sheet, each version and what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING

from engine.model import Kind, Roster
from engine.model.errors import present
from engine.model.returns import SheetStatus
from engine.model.snapshot import WITHHELD
from engine.model.tables import EXCLUDED
from engine.model.texts import bare, counted, day_and_hour
from engine.model.values import clip

if TYPE_CHECKING:
    from engine.commands.history import History
    from engine.ledger import MarkRow, Version

_LISTED = 60
_STATUSES = {
    SheetStatus.RECEIVED: "a compté",
    SheetStatus.EMPTY: "vide, n'a pas compté",
    SheetStatus.REFUSED: "refusée",
    SheetStatus.SUPERSEDED: "remplacée par une autre",
    SheetStatus.CONTESTED: "contestée : aucune version n'a compté",
}
_TOGETHER = {Kind.SYNTHESE: "Commission", Kind.DELIBERATION: "Jury"}
"""Who fills the sheets that are no one person's, but for those of the secretariat."""
_NOW = _STATUSES | {SheetStatus.RECEIVED: "compte", SheetStatus.EMPTY: "vide"}


def told(found: History) -> Iterator[str]:
    """The lines of ``history``."""
    person = found.roster.candidate(found.candidate)
    yield f"{person.name} ({person.id})" if person else found.candidate
    for (evaluator, kind), versions in groupby(found.versions, key=lambda version: (version.evaluator, version.kind)):
        yield ""
        yield f"{kind.record.title}, {_who(kind, evaluator, found.roster)}"
        for rank, version in enumerate(versions):
            yield from _version(version, first=rank == 0)


def _who(kind: Kind, evaluator: str, roster: Roster) -> str:
    person = roster.evaluator(evaluator) if evaluator else None
    return f"{person.name} ({person.id})" if person else evaluator or _TOGETHER.get(kind, "Secrétariat")


def _version(version: Version, *, first: bool) -> Iterator[str]:
    saved = f", enregistrée le {day_and_hour(version.saved)} d'après le classeur" if version.saved else ""
    yield f"  {version.digest[:12]}  lue le {day_and_hour(version.came_at)}{saved}"
    for stay in version.stays:
        yield f"      {stay.path} : {_stay(stay.status, stay.since, stay.until)}"
    if first:
        count = len(version.marks)
        yield f"      {counted(count, 'saisie')}"
    yield from (f"      {_change(before, after)}" for before, after in version.changes[:_LISTED])
    if len(version.changes) > _LISTED:
        yield f"      et {len(version.changes) - _LISTED} autres changements"
    if not first and not version.changes:
        yield "      mêmes valeurs que la version précédente"


def _stay(status: SheetStatus, since: datetime, until: datetime | None) -> str:
    if until is None:
        return f"{_NOW[status]} depuis le {day_and_hour(since)}"
    return f"{_STATUSES[status]} du {day_and_hour(since)} au {day_and_hour(until)}"


def _change(before: MarkRow | None, after: MarkRow | None) -> str:
    """« H12  niveau 1.1 : 4 → 3 »."""
    mark = present(after or before)
    name = mark.code if bare(mark.code) == bare(mark.input) else f"{mark.input} {mark.code}".strip()
    return f"{mark.cell}  {name} : {_held(before)} → {_held(after)}"


def _held(mark: MarkRow | None) -> str:
    """What a mark holds; of one that could not be taken, what was typed."""
    if mark is None or not mark.raw:
        return "vide"
    typed = clip(mark.raw, 40)
    return f"« {typed} » {WITHHELD}" if mark.state == EXCLUDED else typed
