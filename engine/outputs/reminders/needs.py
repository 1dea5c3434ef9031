"""What is awaited from each evaluator: sheets that have not come, that were refused, to mend, or unfinished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.model import Candidate, Evaluator, Kind, Roster
from engine.model.anomalies import Anomaly
from engine.model.assignments import SheetKey, sheet_key
from engine.model.expected import Expected, Receipt
from engine.model.returns import SheetReport, SheetStatus
from engine.outputs.reminders.copies import faults, to_mend


@dataclass(frozen=True)
class Item:
    """A sheet and what is wrong with it."""

    kind: Kind
    candidate: Candidate | None
    faults: tuple[Anomaly, ...] = ()

    @property
    def asks_again(self) -> bool:
        """Whether a blank one is needed to mend it."""
        return any(fault.entry.asks_again for fault in self.faults)


@dataclass
class Needs:
    """What is awaited from one evaluator (``None``: the secretariat)."""

    evaluator: Evaluator | None
    missing: list[Item] = field(default_factory=list)
    refused: list[Item] = field(default_factory=list)
    to_mend: list[Item] = field(default_factory=list)
    unfinished: list[Item] = field(default_factory=list)

    def patient(self) -> Needs:
        """The same before anybody is late: only what came and has to be mended."""
        return Needs(self.evaluator, refused=self.refused, to_mend=self.to_mend)

    @property
    def asked_again(self) -> set[SheetKey]:
        """The sheets of which a blank one is needed."""
        evaluator = self.evaluator.id if self.evaluator else ""
        wanted = [*self.missing, *(item for item in self.refused if item.asks_again)]
        return {sheet_key(item.kind, item.candidate.id if item.candidate else "", evaluator) for item in wanted}

    @property
    def anything(self) -> bool:
        """Whether there is something to ask for."""
        return bool(self.missing or self.refused or self.to_mend or self.unfinished)


def needs(sheets: Iterable[SheetReport], expected: Iterable[Expected], roster: Roster) -> list[Needs]:
    """The needs of each evaluator in the roster's order, the secretariat last."""
    sheets = list(sheets)
    people = {evaluator.id: Needs(evaluator) for evaluator in roster.evaluators} | {"": Needs(None)}
    refusals = {sheet.key: sheet for sheet in sheets if sheet.status.unusable}
    for item in expected:
        assignment = item.assignment
        person = people[assignment.evaluator.id if assignment.evaluator else ""]
        if item.receipt is Receipt.MISSING:
            person.missing.append(Item(assignment.kind, assignment.candidate))
        elif item.receipt is Receipt.REFUSED:
            blocking = tuple(fault for fault in refusals[assignment.key].anomalies if fault.blocking)
            person.refused.append(Item(assignment.kind, assignment.candidate, blocking))
    for sheet in sheets:
        if sheet.status is SheetStatus.RECEIVED and sheet.evaluator in people:
            _sort(people[sheet.evaluator], sheet, roster.candidate(sheet.candidate))
    return [person for person in people.values() if person.anything]


def _sort(person: Needs, sheet: SheetReport, candidate: Candidate | None) -> None:
    """Put a received sheet with those to mend, with the unfinished ones, or nowhere."""
    blanks = tuple(anomaly for anomaly in sheet.anomalies if anomaly.entry.tells_blanks)
    if to_mend([sheet]):
        person.to_mend.append(Item(sheet.kind, candidate, (*faults(sheet), *blanks)))
    elif blanks and not (candidate and candidate.dropped_out):
        person.unfinished.append(Item(sheet.kind, candidate, blanks))
