"""One version of a sheet: what it says, part by part, and when it was made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.intake.versions.clocks import Clocks
from engine.model import Mark
from engine.model.forms import CANDIDATE_SHARE
from engine.model.marks import closes
from engine.model.returns import SheetReport, SheetStatus
from engine.model.tables import EXCLUDED

Place = tuple[str, str, str]
"""Which mark: candidate, input, code."""

Part = Place | str
"""What is settled on its own: a cell where each row is a person, the candidate's share of a sheet, else the sheet."""

CLOSING, CANDIDATE_PART, MAIN_PART = "closing", "candidate", "main"

REMARKS = frozenset({"motif", "sujet", "date"})
"""The names of the inputs that only say why, of what or when."""


@dataclass(frozen=True, eq=False)
class Version:
    """One version of a sheet, the ``rank``-th of the workbook ``file`` whose SHA-256 is ``digest``."""

    sheet: SheetReport
    file: str
    digest: str
    rank: int
    clocks: Clocks

    @property
    def order(self) -> tuple[Any, ...]:
        """A key that puts versions in a stable order, whatever their files are called, the latest last, roughly."""
        return (*self.clocks.rank, self.digest, self.rank)

    @property
    def refused(self) -> bool:
        """Whether it cannot be used; what it says is not known."""
        return self.sheet.status is SheetStatus.REFUSED

    @property
    def answers(self) -> bool:
        """Whether it says what its evaluator had to say, or may: a date, a signature, a remark and the candidate's
        share say nothing of it."""
        if self.refused:
            return True
        own = self.parts.keys() - {CLOSING, CANDIDATE_PART}
        return any(mark.input not in REMARKS for part in own for mark in self.said(part).values())

    @property
    def by_cell(self) -> bool:
        """Whether each of its cells stands for itself: several people may fill a part each."""
        return self.sheet.kind.record.by_cell

    @cached_property
    def parts(self) -> Mapping[Part, Mapping[Place, Mark]]:
        """Every mark as it was read, blank ones too, by part."""
        found: dict[Part, dict[Place, Mark]] = defaultdict(dict)
        by_cell = self.by_cell
        for mark in self.sheet.marks:
            found[part_of(mark, by_cell=by_cell)][mark.place] = mark
        return dict(found)

    def doubted(self, good: Iterable[Version]) -> list[Mark]:
        """Where each cell stands for itself, those of a sheet that cannot be used which it may have changed: where
        something was typed or, where none of it could be found, those that ``good`` versions hold."""
        if not self.by_cell:
            return []
        marks = [mark for mark in self.sheet.marks if mark.code]
        if any(mark.cell for mark in marks):
            return [mark for mark in marks if mark.raw]
        good = list(good)
        return [mark for mark in marks if any(other.said(mark.place) for other in good)]

    @cached_property
    def lost_rows(self) -> frozenset[str]:
        """The people whose row is gone: of them the version says nothing, where another one has their row."""
        if not self.by_cell:
            return frozenset()
        return frozenset(each.candidate for each in self.sheet.anomalies if each.entry.hides_row and each.candidate)

    def lacks(self, mark: Mark) -> bool:
        """Whether a mark of this version stands nowhere, for want of its row."""
        return mark.cell == "" and mark.candidate in self.lost_rows

    def said(self, part: Part) -> dict[Place, Mark]:
        """The marks of a part that were typed, or could not be taken."""
        marks = self.parts.get(part, {}).values()
        if part == CANDIDATE_PART:  # a row or a column that is gone is told of with the evaluator's part
            return {mark.place: mark for mark in marks if mark.raw != ""}
        return {mark.place: mark for mark in marks if says_something(mark) and not self.lacks(mark)}


def part_of(mark: Mark, *, by_cell: bool) -> Part:
    """The part of its sheet that a mark belongs to."""
    if closes(mark.input, mark.code):
        return CLOSING
    if by_cell:
        return mark.place
    return CANDIDATE_PART if mark.input in CANDIDATE_SHARE else MAIN_PART


def says_something(mark: Mark) -> bool:
    """Whether a mark is more than a blank cell."""
    return mark.raw != "" or mark.state == EXCLUDED
