"""The returns that counted at the last consolidation and are gone: a share that is not there looks like that."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from engine.ledger.past import Past
from engine.model import Roster
from engine.model.assignments import SheetKey
from engine.model.returns import FileReport, SheetStatus


@dataclass(frozen=True)
class Loss:
    """``counted``: how many returns counted at the last consolidation, one per content; ``gone``: the paths that those
    had which nothing of tonight holds or replaces."""

    counted: int
    gone: tuple[str, ...]

    @property
    def heavy(self) -> bool:
        """Whether it is more than half of them."""
        return 2 * len(self.gone) > self.counted


def loss(past: Past, files: Iterable[FileReport], roster: Roster) -> Loss:
    """The returns that are gone since the last consolidation, by content: a renamed, moved or copied file is no loss.

    Nor is a return each of whose sheets came again, in whatever version, or one that is only about people who left.
    """
    files = list(files)
    present = {file.digest for file in files}
    again = {sheet.key for file in files for sheet in file.sheets if sheet.status is not SheetStatus.EMPTY}
    paths, sheets = _counted(past, roster)
    gone = (paths[digest] for digest in sheets if digest not in present and not sheets[digest] <= again)
    return Loss(len(sheets), tuple(sorted(gone)))


def _counted(past: Past, roster: Roster) -> tuple[dict[str, str], dict[str, set[SheetKey]]]:
    """By SHA-256: a path that each return which counted had, and its sheets that counted."""
    paths: dict[str, str] = {}
    sheets: dict[str, set[SheetKey]] = defaultdict(set)
    for row in past.sheets():
        if row.status is SheetStatus.RECEIVED and _concerned(row.candidate, roster):
            paths.setdefault(row.sha256, row.path)
            sheets[row.sha256].add(row.key)
    return paths, sheets


def _concerned(candidate: str, roster: Roster) -> bool:
    """Whether a sheet about this candidate (``""``: about everybody) can matter to a decision."""
    person = roster.candidate(candidate) if candidate else None
    return not candidate or (person is not None and not person.dropped_out)
