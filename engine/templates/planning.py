"""Which workbooks a cohort needs: who receives which file, under which name."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from engine.model import Evaluator, Referential, Role, Roster
from engine.model.assignments import Assignment, SheetKey, assignments
from engine.workspace import seals
from engine.workspace.files import file_names
from engine.workspace.seals import Reference

FOLDER = "envois"
CORRECTIONS = "a_corriger"
FOLDERS = {
    Role.TUTOR: "tuteurs",
    Role.TRAINER: "formateurs",
    Role.JUROR: "jurys",
    Role.SECRETARIAT: "secretariat",
    Role.REFERENT: "referent",
}


@dataclass(frozen=True)
class Issued:
    """One sheet to write: whom it is about, and its sealed reference."""

    assignment: Assignment
    reference: Reference


@dataclass(frozen=True)
class Planned:
    """One workbook to write at ``path``, for ``evaluator`` (``None``: the secretariat) in this role."""

    path: Path
    sheets: tuple[Issued, ...]
    evaluator: Evaluator | None
    role: Role

    @property
    def is_shared(self) -> bool:
        """Whether it is about everybody rather than one candidate."""
        return not any(issued.assignment.kind.record.per_candidate for issued in self.sheets)


def plan(
    folder: Path, roster: Roster, referential: Referential, key: bytes, only: Collection[str] = ()
) -> list[Planned]:
    """The workbooks of a cohort, candidates in the roster's order; none about somebody who left.

    ``only``: identifiers of the candidates to keep; NOTES and VALIDATION, which are about everybody, are then left out.
    """
    names = file_names(roster.candidates)
    kept = {identifier.casefold() for identifier in only}
    planned = []
    for group in _by_book(assignments(roster, referential)):
        first = group[0]
        if first.candidate is not None and first.candidate.dropped_out:
            continue
        if kept and (first.candidate is None or first.candidate.id.casefold() not in kept):
            continue
        sheets = tuple(Issued(each, seal_reference(each, referential, key)) for each in group)
        path = folder / FOLDER / _place(first, names)
        planned.append(Planned(path, sheets, first.evaluator, first.role))
    return planned


def _by_book(sheets: Collection[Assignment]) -> Iterator[list[Assignment]]:
    """The sheets that go together in one workbook."""
    for _, group in groupby(sheets, key=lambda each: (each.kind.record.workbook, each.candidate, each.evaluator)):
        yield sorted(group, key=lambda each: each.kind.record.rank)


def seal_reference(sheet: Assignment, referential: Referential, key: bytes) -> Reference:
    """The reference of a sheet, sealed."""
    candidate = sheet.candidate.id if sheet.candidate else ""
    evaluator = sheet.evaluator.id if sheet.evaluator else ""
    return seals.issue(key, referential, sheet.kind, candidate, evaluator)


def corrected(planned: Iterable[Planned], folder: Path, sheets: Collection[SheetKey]) -> list[Planned]:
    """The workbooks that hold one of these sheets, as they go out again to be mended."""
    again = []
    for each in planned:
        if any(issued.assignment.key in sheets for issued in each.sheets):
            person = _safe_folder(each.evaluator.id) if each.evaluator else FOLDERS[each.role]
            again.append(replace(each, path=folder / FOLDER / CORRECTIONS / person / each.path.name))
    return again


# --------------------------------------------------------------------------------------------- file names


def _place(sheet: Assignment, names: dict[str, str]) -> Path:
    """The path of a workbook under ``envois/``."""
    folder = Path(FOLDERS[sheet.role])
    if sheet.evaluator:
        folder /= _safe_folder(sheet.evaluator.id)
    title = sheet.kind.record.workbook
    return folder / (f"{names[sheet.candidate.id]} {title}.xlsx" if sheet.candidate else f"{title}.xlsx")


_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def _safe_folder(identifier: str) -> str:
    """An identifier as a folder name; ``+``, which no identifier holds, guards what Windows would refuse or change."""
    if identifier.endswith(".") or _RESERVED.fullmatch(identifier):
        return f"+{identifier}+"
    return identifier
