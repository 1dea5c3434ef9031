"""What was expected and what came: missing sheets, provisional results, the state of each file. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from engine.model import Awaited, Candidate, Kind, Referential, Roster, Session, awaiting
from engine.model.anomalies import Anomaly, Gravity
from engine.model.assignments import SheetKey, assignments
from engine.model.expected import Expected, FileState, Receipt
from engine.model.returns import FileReport, Recognised, SheetStatus


def expected_sheets(
    roster: Roster,
    referential: Referential,
    sheets: Iterable[Recognised],
    rated_works: Mapping[str, Collection[str]],
    commissioned: Mapping[str, Collection[str]],
) -> list[Expected]:
    """Every sheet the cohort waits for, people who left aside, with what became of it.

    ``rated_works``: by candidate identifier, the codes of the works somebody rated; TRAVAUX is expected only while a
    work was rated by nobody. ``commissioned``: the competences whose level the commission set; a GRILLE is no longer
    expected once each of its own is among them, or lies in a bloc held already.
    """
    receipts = _receipts(sheets)
    works = {work.code for work in referential.works}
    found = []
    for assignment in assignments(roster, referential):
        candidate = assignment.candidate
        if candidate is not None and (candidate.dropped_out or candidate.keeps(assignment.kind.record.condition)):
            continue
        receipt = receipts.get(assignment.key, Receipt.MISSING)
        if (
            assignment.kind.record.once_rated
            and receipt is Receipt.MISSING
            and works <= set(rated_works.get(candidate.id if candidate else "", ()))
        ):
            continue
        if (
            candidate is not None
            and assignment.kind is Kind.GRILLE
            and receipt is not Receipt.RECEIVED
            and _to_rate(referential, candidate) <= set(commissioned.get(candidate.id, ()))
        ):
            continue
        found.append(Expected(assignment, receipt))
    return found


def _to_rate(referential: Referential, candidate: Candidate) -> set[str]:
    """The competences of the blocs that a candidate presents and does not hold."""
    held = {code.casefold() for code in candidate.held_blocs}
    return {
        competence.code
        for bloc in referential.blocs
        for competence in bloc.competences
        if bloc.code.casefold() not in held and candidate.presents(bloc.code)
    }


def _receipts(sheets: Iterable[Recognised]) -> dict[SheetKey, Receipt]:
    """By sheet: received once some version counts, refused when none that came can be used."""
    found: dict[SheetKey, Receipt] = {}
    for sheet in sheets:
        if sheet.status is SheetStatus.RECEIVED:
            found[sheet.key] = Receipt.RECEIVED
        elif sheet.status.unusable:
            found.setdefault(sheet.key, Receipt.REFUSED)
    return found


def missing_rows(expected: Iterable[Expected]) -> list[tuple[str, str, str, str, str]]:
    """The rows of :data:`engine.model.tables.MISSING_SHEETS`, in the order of the evaluators then of the candidates."""
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


def still_awaited(expected: Iterable[Expected], session: Session, today: date) -> Awaited:
    """How many of the expected sheets are still to come, and from whom."""
    expected = list(expected)
    owed = [item.assignment.evaluator for item in expected if item.receipt is Receipt.MISSING]
    return awaiting.awaited(
        (evaluator.id if evaluator else "" for evaluator in owed),
        refused=sum(item.receipt is Receipt.REFUSED for item in expected),
        came=len(owed) < len(expected),
        session=session,
        today=today,
    )


def awaited(expected: Iterable[Expected], *, named: bool = True) -> dict[str, list[str]]:
    """By candidate identifier, the missing or refused sheets that make a result provisional, in words.

    Unless ``named``, each kind of sheet once, and nobody's name.
    """
    found: dict[str, list[str]] = defaultdict(list)
    for item in expected:
        assignment = item.assignment
        if assignment.kind.record.provisional and item.receipt is not Receipt.RECEIVED:
            who = f" ({assignment.evaluator.id})" if named and assignment.evaluator else ""
            found[assignment.candidate.id if assignment.candidate else ""].append(f"{assignment.kind.record.noun}{who}")
    return {candidate: list(dict.fromkeys(words)) for candidate, words in found.items()}


def file_states(files: Iterable[FileReport], anomalies: Iterable[Anomaly]) -> dict[str, FileState]:
    """The state of each file, by path, from what became of its sheets and what was found wrong in it."""
    to_mend = {anomaly.file for anomaly in anomalies if anomaly.gravity is not Gravity.INFO}
    return {file.path: _state(file, file.path in to_mend) for file in files}


def _state(file: FileReport, to_mend: bool) -> FileState:
    statuses = {sheet.status for sheet in file.sheets}
    if file.ignored:
        return FileState.IGNORED
    if file.duplicate_of or statuses == {SheetStatus.SUPERSEDED}:
        return FileState.REPLACED
    unusable = not statuses or any(status.unusable for status in statuses)
    if not file.opened and SheetStatus.RECEIVED not in statuses and unusable:
        return FileState.REFUSED
    return FileState.WITH_RESERVES if to_mend else FileState.ACCEPTED


def file_rows(files: Iterable[FileReport], states: Mapping[str, FileState]) -> Iterator[tuple[Any, ...]]:
    """The rows of :data:`engine.model.tables.FILES`; several kinds or people are separated by ``; ``."""
    for file in files:
        told = [_distinct(getattr(sheet, name) for sheet in file.sheets) for name in ("kind", "candidate", "evaluator")]
        yield (file.path, str(states[file.path]), *told, file.modified, file.size, file.digest)


def _distinct(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(str(word) for word in words if word))
