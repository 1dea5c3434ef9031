"""What the morning page is made from, and how it names people and sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from engine.model import Awaited, Kind, Roster, Run
from engine.model.anomalies import Anomaly
from engine.model.changes import Evolution
from engine.model.expected import Expected, FileState
from engine.model.snapshot import Decided


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a consolidation found. ``files``: the state of each return, by path.

    ``troubles``: what could not be written where it belongs, in sentences: somebody is needed. ``notices``: what
    people should know beside.
    """

    run: Run
    roster: Roster
    decided: Sequence[Decided]
    files: Mapping[str, FileState]
    anomalies: Sequence[Anomaly]
    expected: Sequence[Expected]
    owed: Awaited
    evolution: Evolution
    troubles: Sequence[str] = ()
    notices: Sequence[str] = ()

    @cached_property
    def blocking(self) -> list[Anomaly]:
        """The blocking anomalies, the new ones first."""
        new = {id(change.after) for change in self.evolution.anomalies if change.after is not None}
        found = [anomaly for anomaly in self.anomalies if anomaly.blocking]
        return sorted(found, key=lambda anomaly: id(anomaly) not in new)

    @property
    def session(self) -> str:
        """``Promotion 12, Lyon, juin 2025``, as far as the roster says."""
        return self.roster.session.title

    def candidate(self, identifier: str) -> str:
        """``LEFÈVRE Éloïse (007)``, or the identifier alone when the roster does not know it."""
        found = self.roster.candidate(identifier)
        return f"{found.name} ({found.id})" if found else identifier

    def evaluator(self, identifier: str) -> str:
        """``BENALI Karim (T01)``; the secretariat for none."""
        found = self.roster.evaluator(identifier)
        return f"{found.name} ({found.id})" if found else identifier or "Secrétariat"


def sheet_title(kind: str) -> str:
    """``Grille de compétences``."""
    return Kind(kind).record.title if kind in set(Kind) else kind
