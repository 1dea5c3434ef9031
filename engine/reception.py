"""What was expected and what came: missing sheets, provisional results, the state of each file. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from engine.anomalies import Anomaly, Gravity
from engine.assignments import PROVISIONAL_KINDS, Assignment, assignments
from engine.model import Kind, Referential, Roster

SheetKey = tuple[str, str, str]


class Receipt(StrEnum):
    """What became of an expected sheet."""

    RECEIVED = "reçue"
    REFUSED = "refusée"
    MISSING = "manquante"


class FileState(StrEnum):
    """What became of a file."""

    ACCEPTED = "Accepté"
    WITH_RESERVES = "Accepté avec réserves"
    REFUSED = "Refusé"
    REPLACED = "Remplacé"
    IGNORED = "Ignoré"


class _Sheet(Protocol):
    key: SheetKey
    status: str


@dataclass(frozen=True)
class Expected:
    """An expected sheet and what became of it."""

    assignment: Assignment
    receipt: Receipt


def expected_sheets(
    roster: Roster, referential: Referential, sheets: Iterable[_Sheet], rated_works: Mapping[str, Collection[str]]
) -> list[Expected]:
    """Every sheet the cohort waits for, people who left aside, with what became of it.

    ``rated_works``: by candidate identifier, the codes of the works somebody rated; TRAVAUX is expected only while a
    work was rated by nobody.
    """
    receipts = _receipts(sheets)
    works = {work.code for work in referential.works}
    found = []
    for assignment in assignments(roster, referential):
        candidate = assignment.candidate
        if candidate is not None and candidate.dropped_out:
            continue
        receipt = receipts.get(assignment.key, Receipt.MISSING)
        if (
            assignment.kind is Kind.TRAVAUX
            and receipt is Receipt.MISSING
            and works <= set(rated_works.get(candidate.id, ()))
        ):
            continue
        found.append(Expected(assignment, receipt))
    return found


def _receipts(sheets: Iterable[_Sheet]) -> dict[SheetKey, Receipt]:
    """By sheet: received once some version counts, refused when the one that counts cannot be used."""
    meanings = {"received": Receipt.RECEIVED, "refused": Receipt.REFUSED, "contested": Receipt.REFUSED}
    found: dict[SheetKey, Receipt] = {}
    for sheet in sheets:
        if sheet.status in meanings:
            found[sheet.key] = meanings[sheet.status]
    return found


def missing_rows(expected: Iterable[Expected]) -> list[tuple[str, str, str, str, str]]:
    """The rows of :data:`engine.tables.MISSING_SHEETS`, in the order of the evaluators then of the candidates."""
    rows = []
    for item in expected:
        if item.receipt is not Receipt.MISSING:
            continue
        evaluator, candidate = item.assignment.evaluator, item.assignment.candidate
        rows.append(
            (
                evaluator.id if evaluator else "",
                evaluator.name if evaluator else "Secrétariat",
                evaluator.email if evaluator else "",
                candidate.id if candidate else "",
                str(item.assignment.kind),
            )
        )
    return sorted(rows, key=lambda row: row[0].casefold())


_WORDS = {Kind.GRILLE: "grille de compétences", Kind.ORAL: "grand oral", Kind.TRANSVERSALE: "compétences transversales"}


def awaited(expected: Iterable[Expected]) -> dict[str, list[str]]:
    """By candidate identifier, the missing or refused sheets that make a result provisional, in words."""
    found: dict[str, list[str]] = defaultdict(list)
    for item in expected:
        assignment = item.assignment
        if assignment.kind in PROVISIONAL_KINDS and item.receipt is not Receipt.RECEIVED:
            found[assignment.candidate.id].append(f"{_WORDS[assignment.kind]} ({assignment.evaluator.id})")
    return dict(found)


def file_state(*, ignored: bool, copied: bool, statuses: Collection[str], anomalies: Iterable[Anomaly]) -> FileState:
    """The state of a file from the status of its sheets and from what was found wrong in it."""
    if ignored:
        return FileState.IGNORED
    if copied or (statuses and all(status == "superseded" for status in statuses)):
        return FileState.REPLACED
    if not any(status in ("received", "empty") for status in statuses):
        return FileState.REFUSED
    if any(anomaly.gravity is not Gravity.INFO for anomaly in anomalies):
        return FileState.WITH_RESERVES
    return FileState.ACCEPTED
