"""What one of several versions brings to a sheet: marks that count, marks held back, and what is still wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from engine.intake.versions import telling
from engine.intake.versions.version import MAIN_PART, Part, Place, Version, part_of
from engine.model import Mark
from engine.model.anomalies import Anomaly
from engine.model.packed import kept
from engine.model.returns import SheetStatus
from engine.model.tables import EXCLUDED


def held_back(said: Iterable[Mapping[Place, Mark]]) -> list[Mark]:
    """One excluded mark for each place where some version says something."""
    found: dict[Place, Mark] = {}
    for marks in said:
        for place, mark in marks.items():
            found.setdefault(place, excluded(mark))
    return list(found.values())


def excluded(mark: Mark) -> Mark:
    """The same mark, that does not count until a person has looked."""
    return mark._replace(value=None, state=EXCLUDED)


@dataclass(eq=False)
class Share:
    """``owns``: the parts whose marks are this version's. ``settles``: those where it counts, or is one of the versions
    that dispute them. ``counts``: whether anything of it does. ``told``: what is told of it beside the others."""

    version: Version
    owns: set[Part] = field(default_factory=set)
    settles: set[Part] = field(default_factory=set)
    held_back: list[Mark] = field(default_factory=list)
    told: list[Anomaly] = field(default_factory=list)
    counts: bool = False

    def apply(self) -> None:
        """Leave the version the marks that count of it, and what is wrong with them."""
        if not self.counts:
            telling.supersede(self.version)
            return
        sheet = self.version.sheet
        sheet.anomalies = [*self.told, *self._still_wrong()]
        if self.held_back or not self.owns.issuperset(self.version.parts):  # else as they were read, packed
            kept_back = {mark.place for mark in self.held_back}
            own = [self._part(mark) in self.owns and mark.place not in kept_back for mark in sheet.marks]
            sheet.marks = [*kept(sheet.marks, own), *self.held_back] if kept_back else kept(sheet.marks, own)
        if self.is_contested:
            sheet.status = SheetStatus.CONTESTED

    @property
    def is_contested(self) -> bool:
        """Whether it is one of the versions of a whole sheet that nothing orders."""
        return MAIN_PART in self.settles - self.owns

    def _part(self, mark: Mark) -> Part:
        return part_of(mark, by_cell=self.version.by_cell)

    def _still_wrong(self) -> Iterator[Anomaly]:
        anomalies = self.version.sheet.anomalies
        if self.is_contested:
            yield from map(telling.softened, anomalies)
            return
        marks = {mark.cell: mark for mark in self.version.sheet.marks if mark.cell} if anomalies else {}
        for anomaly in anomalies:
            cells = [cell for cell in anomaly.cell.split("; ") if cell in marks]
            if anomaly.entry.tells_blanks:
                blank = [cell for cell in cells if self._part(marks[cell]) in self.owns]
                if blank:
                    yield telling.still_missing(anomaly, blank)
            elif self._is_outdone(anomaly, [self._part(marks[cell]) for cell in cells]):
                yield telling.softened(anomaly)
            else:
                yield anomaly

    def _is_outdone(self, anomaly: Anomaly, parts: list[Part]) -> bool:
        """Whether an anomaly is about what another version says better; ``parts``: those of its input cells."""
        relevant = self.settles | self.owns
        if parts:
            return relevant.isdisjoint(parts)
        if not self.version.by_cell:
            return MAIN_PART not in relevant
        if not anomaly.candidate:
            return False
        return not any(part[0] == anomaly.candidate for part in relevant if isinstance(part, tuple))
