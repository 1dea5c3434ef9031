"""What is told of the parts of a sheet that versions dispute, or that the one that counts changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from engine.intake.versions import telling
from engine.intake.versions.order import Verdict
from engine.intake.versions.share import Share, held_back
from engine.intake.versions.version import CANDIDATE_PART, MAIN_PART, Part, Place, Version
from engine.model import Mark
from engine.model.readings import differ
from engine.model.returns import SheetStatus

Changed = tuple[Place, Mark, Mark | None]
"""A mark of a version that does not count there, and what the one that counts holds instead."""


def tell_disputes(verdicts: Sequence[Verdict], shares: Mapping[Version, Share]) -> None:
    """I06 for each version of a part that nothing orders; cells are told of together."""
    cells: dict[Version, list[Place]] = defaultdict(list)
    for verdict in verdicts:
        for version in verdict.disputed:
            if verdict.part == MAIN_PART:
                shares[version].told.append(telling.contested(version, verdict.disputed))
            elif verdict.part == CANDIDATE_PART:
                shares[version].told.append(telling.contested_share(version, verdict.disputed))
            elif isinstance(verdict.part, tuple):
                cells[version].append(verdict.part)
    for version, places in cells.items():
        shares[version].told.append(telling.contested_cells(version, places, list(cells)))


def tell_changes(count: int, verdicts: Sequence[Verdict], shares: Mapping[Version, Share]) -> None:
    """I06 for each version that changed marks rather than completed them, or that is one half of the sheet.

    ``count``: how many versions there are."""
    changes: dict[Version, list[Changed]] = defaultdict(list)
    for verdict in verdicts:
        if (winner := verdict.winner) is None:
            continue
        here = verdict.said[winner]
        halves = [other for other in verdict.outdone if _is_other_half(verdict.part, verdict.said[other], here)]
        for other in verdict.outdone:
            found = _changes(verdict.said[other], here)
            changes[winner] += [each for each in found if each[2] or other not in halves]
        if halves:
            _hold_back(verdict, halves, shares[winner])
    for version, found in changes.items():
        if found and version.sheet.status is not SheetStatus.EMPTY:
            shares[version].told.append(telling.changed(version, count, found))


def _changes(old: Mapping[Place, Mark], new: Mapping[Place, Mark]) -> list[Changed]:
    """Each mark typed in an old version that the new one does not repeat."""
    return [
        (place, mark, new.get(place)) for place, mark in old.items() if mark.raw != "" and differ(mark, new.get(place))
    ]


def _is_other_half(part: Part, earlier: Mapping[Place, Mark], later: Mapping[Place, Mark]) -> bool:
    """Whether two versions look like two halves of one sheet, rather than a sheet and its correction: each holds what
    the other lacks, and most of what one held is gone."""
    if part != MAIN_PART:
        return False
    old, new = earlier.keys(), later.keys()
    gone = old - new
    return bool(gone) and bool(new - old) and len(gone) >= len(old & new)


def _hold_back(verdict: Verdict, halves: Sequence[Version], share: Share) -> None:
    """What the version that counts does not repeat waits until a person has brought it all together."""
    here = verdict.said[share.version]
    lost = held_back(_without(verdict.said[half], here) for half in halves)
    share.held_back += lost
    share.told.append(telling.halves(share.version, halves, lost))


def _without(marks: Mapping[Place, Mark], others: Mapping[Place, Mark]) -> dict[Place, Mark]:
    return {place: mark for place, mark in marks.items() if place not in others}
