"""What is told of the parts of a sheet that versions dispute, or that the one that counts changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from engine.intake.versions import telling
from engine.intake.versions.order import Verdict
from engine.intake.versions.share import Share, held_back
from engine.intake.versions.version import CANDIDATE_PART, MAIN_PART, REMARKS, Place, Version
from engine.model import Mark
from engine.model.forms import ABSENT
from engine.model.readings import differ

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
    doubts: dict[Version, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        if (winner := verdict.winner) is None:
            continue
        if winner.refused:
            doubts[winner].append(verdict)
            continue
        here = verdict.said[winner]
        halves = {}
        for other in verdict.outdone:
            lost = _other_half(verdict, winner, other)
            if lost:
                halves[other] = lost
            changes[winner] += [each for each in _changes(verdict.said[other], here) if each[0] not in lost]
        if halves:
            _hold_back(halves, shares[winner])
    for version, held in doubts.items():
        shares[version].told += telling.doubted(version, held)
    for version, found in changes.items():
        if found:
            shares[version].told.append(telling.changed(version, count, found))


def _changes(old: Mapping[Place, Mark], new: Mapping[Place, Mark]) -> list[Changed]:
    """Each mark typed in an old version that the new one does not repeat."""
    return [
        (place, mark, new.get(place)) for place, mark in old.items() if mark.raw != "" and differ(mark, new.get(place))
    ]


_GUTTED = 3
"""How many values gone at once, and nothing in their place, are no correction."""


def _other_half(verdict: Verdict, winner: Version, other: Version) -> Mapping[Place, Mark]:
    """What an older version alone holds, where the two look like two halves of one sheet rather than a sheet and its
    correction: most of what one held is gone, and the other holds what it lacked, or so little that it must be a draft
    or a copy that somebody emptied. Nothing otherwise; a commission takes its levels back by emptying them, who is
    absent has nothing else, remarks decide nothing, and what is no longer asked (fewer blocs presented) has no cell.
    """
    if verdict.part != MAIN_PART:
        return {}
    old, new = (_units(version, verdict.said[version]) for version in (other, winner))
    gone, added = {unit for unit in old - new if _missed(winner, unit)}, new - old
    if not gone or len(gone) < len(old & new):
        return {}
    absent = any(mark.state == ABSENT for mark in verdict.said[winner].values())
    if not added and (len(gone) < _GUTTED or winner.sheet.kind.record.sparse or absent):
        return {}
    return {place: mark for place, mark in verdict.said[other].items() if _unit(other, place) in gone}


def _units(version: Version, places: Iterable[Place]) -> set[Place | str]:
    return {_unit(version, place) for place in places}


def _missed(version: Version, unit: Place | str) -> bool:
    """Whether what a version does not say is missed there: it has a cell for it, and more than a remark is lost."""
    return isinstance(unit, str) or (unit[1] not in REMARKS and unit in version.parts.get(MAIN_PART, {}))


def _unit(version: Version, place: Place) -> Place | str:
    """The unit that changes at once: a cell; where each row is a person, the row, whose blank cells count too."""
    return place if version.sheet.kind.record.per_candidate else place[0]


def _hold_back(halves: Mapping[Version, Mapping[Place, Mark]], share: Share) -> None:
    """What the version that counts does not repeat waits until a person has brought it all together."""
    lost = held_back(halves.values())
    share.held_back += lost
    share.told.append(telling.halves(share.version, list(halves), lost))
