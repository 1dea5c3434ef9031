"""The versions of one sheet, settled part by part: whose marks count, and what is held back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.intake.versions import telling
from engine.intake.versions.changes import tell_changes, tell_disputes
from engine.intake.versions.order import Verdict, judge
from engine.intake.versions.share import Share, held_back
from engine.intake.versions.trust import give_way
from engine.intake.versions.version import CLOSING, MAIN_PART, Part, Place, Version
from engine.model import Mark
from engine.model.returns import SheetStatus


def settle(group: Sequence[Version]) -> None:
    """Settle the versions of one sheet: statuses, marks and anomalies of each."""
    versions = sorted(give_way(list(group)), key=lambda version: version.order, reverse=True)
    good = [version for version in versions if not version.refused]
    refused = [version for version in versions if version.refused and not _is_mended(version, good)]
    if any(not _is_followed(version, good) for version in refused):
        _settle_whole(versions)
        return
    for version in versions:
        if version.refused and version not in refused:
            telling.supersede(version)
    for version in refused:
        version.sheet.marks = version.doubted(good)
    _settle_by_parts([version for version in versions if not version.refused or version in refused])


def _is_followed(version: Version, good: Iterable[Version]) -> bool:
    """Whether a good version that says more than remarks comes after this refused one."""
    return any(other.answers and other.clocks.follows(version.clocks) for other in good)


def _is_mended(version: Version, good: Iterable[Version]) -> bool:
    """Whether good versions that come after this refused one take its place; where each cell stands for itself, once
    they say something of each that it may have changed."""
    if not _is_followed(version, good):
        return False
    after = [other for other in good if other.clocks.follows(version.clocks)]
    return all(any(other.said(mark.place) for other in after) for mark in version.doubted(good))


def _settle_whole(versions: Sequence[Version]) -> None:
    """Settle versions one of which cannot be used, and may be the latest: what it says is known of no part, so that
    what the others say waits too."""
    filled = [version for version in versions if version.answers]
    verdict = judge(MAIN_PART, {version: _everything(version) for version in filled})
    if verdict.winner:
        if verdict.winner.sheet.kind.record.sparse:  # elsewhere every value of it waits, and what is wrong says so
            verdict.winner.sheet.anomalies += telling.doubted(verdict.winner, [verdict])
        verdict.winner.sheet.marks = held_back(map(_everything, [verdict.winner, *verdict.outdone]))
    for version in versions:
        if version not in verdict.disputed and version is not verdict.winner:
            telling.supersede(version)
    _contest(verdict.disputed)


def _everything(version: Version) -> dict[Place, Mark]:
    return {place: mark for part in version.parts if part != CLOSING for place, mark in version.said(part).items()}


def _contest(versions: Sequence[Version]) -> None:
    """None counts: whatever any of them holds is excluded until one is removed or sent again."""
    marks = held_back(map(_everything, versions))
    for version in versions:
        sheet = version.sheet
        sheet.status, sheet.marks = SheetStatus.CONTESTED, []
        sheet.anomalies = [telling.contested(version, versions), *map(telling.softened, sheet.anomalies)]
    if versions:
        versions[0].sheet.marks = marks


# ----------------------------------------------------------------------------------- part by part


def _settle_by_parts(versions: Sequence[Version]) -> None:
    """``versions``: the latest roughly first; of one that is refused, the cells that it may have changed and that no
    later one mended: what stood there before waits."""
    verdicts, silent = [], []
    for part in dict.fromkeys(part for version in versions for part in version.parts if part != CLOSING):
        said = _saying(part, versions)
        if said:
            verdicts.append(judge(part, said))
        else:
            silent.append(part)
    shares = {version: Share(version) for version in versions}
    for verdict in verdicts:
        _share(verdict, shares)
    lead = _lead(versions, verdicts)
    shares[lead].counts = True
    if not shares[lead].is_contested:
        shares[lead].owns.add(CLOSING)
    for part in silent:
        holder = next((each for each in (lead, *versions) if _has(each, part)), lead)
        shares[holder].owns.add(part)
    tell_disputes(verdicts, shares)
    tell_changes(len(versions), verdicts, shares)
    for share in shares.values():
        share.apply()


def _saying(part: Part, versions: Sequence[Version]) -> dict[Version, Mapping[Place, Mark]]:
    """What each version says of a part. One that lost the row of a person says so only where it comes after all the
    versions that have it."""
    said: dict[Version, Mapping[Place, Mark]] = {
        version: marks for version in versions if (marks := version.said(part))
    }
    having = [version for version in versions if _has(version, part)]
    for version in versions:
        is_lost = part in version.parts and version not in having
        if is_lost and all(version.clocks.follows(other.clocks) for other in having):
            said[version] = version.parts[part]
    return said


def _has(version: Version, part: Part) -> bool:
    """Whether the cells of a part stand in a version."""
    marks = version.parts.get(part, {})
    return bool(marks) and not (version.lost_rows and any(map(version.lacks, marks.values())))


def _share(verdict: Verdict, shares: Mapping[Version, Share]) -> None:
    """Give a part to the version that counts there, or hold it back."""
    for version in (verdict.winner,) if verdict.winner else verdict.disputed:
        shares[version].counts = True
        shares[version].settles.add(verdict.part)
    if verdict.winner:
        shares[verdict.winner].owns.add(verdict.part)
    else:
        shares[verdict.disputed[0]].held_back += held_back(version.said(verdict.part) for version in verdict.disputed)


def _lead(versions: Sequence[Version], verdicts: Sequence[Verdict]) -> Version:
    """The version that closes the sheet, and says what is still blank: one that counts, where there is one."""
    main = next((verdict for verdict in verdicts if verdict.part == MAIN_PART), None)
    if main is not None:
        return main.winner or main.disputed[0]
    winners = {verdict.winner for verdict in verdicts}
    received = [version for version in versions if version.sheet.status is SheetStatus.RECEIVED]
    counting = [version for version in (*received, *versions) if version in winners]
    return next(iter((*counting, *received, *versions)))
