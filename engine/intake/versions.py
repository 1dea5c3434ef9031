"""Which return counts: one of several identical files, the latest of several versions of a sheet, or none.

Two clocks date a version: the workbook's own modification date, and the file's. The first one decides when every
version has it; where marks differ, equal dates or clocks that disagree leave nothing certain, and none counts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from engine.anomalies import Anomaly, Gravity, make
from engine.intake.context import FileReport, SheetReport, SheetStatus
from engine.model import Kind, Mark
from engine.tables import EXCLUDED, MISSING
from engine.values import clip

Place = tuple[str, str, str]
"""Which mark: candidate, input, code."""

_CLOSING = {("date", ""), ("signature", "")}
"""When a version was closed, and by whom: new in each one, and no mark."""


_LISTED, _FILES = 60, 12
"""How many changes, and how many files, a message lists: a person reads no more, and a cell holds a bounded text."""


@dataclass(frozen=True)
class _Version:
    """One version of a sheet, with its two clocks."""

    sheet: SheetReport
    file: str
    saved: datetime | None
    modified_ns: int


def resolve(reports: Iterable[FileReport]) -> None:
    """Settle, in place, which file and which version of each sheet counts; adds I05 and I06."""
    reports = list(reports)
    _drop_copies(reports)
    versions: dict[tuple[str, str, str], list[_Version]] = defaultdict(list)
    for report in reports:
        for sheet in report.sheets:
            identified = sheet.kind is Kind.NOTES or sheet.candidate or sheet.evaluator
            if identified and not report.duplicate_of:
                versions[sheet.key].append(_Version(sheet, report.path, report.saved, report.modified_ns))
    for group in versions.values():
        if len(group) > 1:
            _settle(group)


def _drop_copies(reports: list[FileReport]) -> None:
    """The same bytes twice: the oldest file counts, the others are only named. Each unusable file is told of."""
    by_digest: dict[str, list[FileReport]] = defaultdict(list)
    for report in reports:
        if report.digest and report.sheets:
            by_digest[report.digest].append(report)
    for copies in by_digest.values():
        kept, *others = sorted(copies, key=lambda report: (report.modified_ns, report.path))
        for copy in others:
            copy.duplicate_of = kept.path
            copy.sheets = [
                replace(sheet, status=SheetStatus.SUPERSEDED, marks=[], anomalies=[]) for sheet in copy.sheets
            ]
            copy.anomalies = [
                make("I05", f"Ce fichier est identique à « {kept.path} ».", file=copy.path, value=kept.path)
            ]


def _settle(group: list[_Version]) -> None:
    """Settle the versions of one sheet; an empty one counts only where there is no other."""
    filled = [version for version in group if version.sheet.status is not SheetStatus.EMPTY]
    own_dates = all(version.saved for version in filled or group)
    *others, latest = sorted(filled or group, key=lambda version: version.saved if own_dates else version.modified_ns)
    if any(_differ(latest, other) and _unordered(latest, other, own_dates) for other in others):
        _contest(filled)
    else:
        _warn_of_changes(latest, others)
        for version in others:
            _supersede(version)
    for version in group:
        if filled and version.sheet.status is SheetStatus.EMPTY:
            _supersede(version)


def _differ(one: _Version, other: _Version) -> bool:
    """Whether two versions say different things; what a refused one says is not known."""
    if SheetStatus.REFUSED in (one.sheet.status, other.sheet.status):
        return True
    return _values(one) != _values(other)


def _values(version: _Version) -> dict[Place, object]:
    return {place: value for place, (_, value) in version.sheet.content().items() if place[1:] not in _CLOSING}


def _unordered(latest: _Version, other: _Version, own_dates: bool) -> bool:
    if not own_dates:
        return latest.modified_ns == other.modified_ns
    return latest.saved == other.saved or latest.modified_ns < other.modified_ns


def _supersede(version: _Version) -> None:
    """A version that does not count: its anomalies are kept for the record and block nothing."""
    sheet = version.sheet
    sheet.status, sheet.marks = SheetStatus.SUPERSEDED, []
    sheet.anomalies = [_softened(anomaly) for anomaly in sheet.anomalies]


def _softened(anomaly: Anomaly) -> Anomaly:
    if anomaly.gravity is Gravity.INFO:
        return anomaly
    return replace(anomaly, gravity=Gravity.INFO, message=f"{anomaly.message} (version qui ne compte pas)")


def _contest(versions: list[_Version]) -> None:
    """None counts: whatever any version holds is excluded until one is removed or sent again."""
    files = _listed_files(versions)
    message = (
        f"Des versions différentes de cette fiche ont des dates égales ou contradictoires : {files}. Aucune ne compte."
    )
    remedy = "Retirez de « retours » les versions qui ne doivent pas compter."
    disputed = list(_disputed(versions))
    for version in versions:
        sheet = version.sheet
        sheet.status, sheet.marks = SheetStatus.CONTESTED, []
        where = {"candidate": sheet.candidate, "evaluator": sheet.evaluator, "file": version.file, "sheet": sheet.sheet}
        contest = make("I06", message, gravity=Gravity.BLOCKING, remedy=remedy, **where)
        sheet.anomalies = [contest, *(_softened(anomaly) for anomaly in sheet.anomalies)]
    versions[0].sheet.marks = disputed


def _listed_files(versions: list[_Version]) -> str:
    names = list(dict.fromkeys(version.file for version in versions))
    more = f" ; et {len(names) - _FILES} autres" if len(names) > _FILES else ""
    return " ; ".join(f"« {name} »" for name in names[:_FILES]) + more


def _disputed(versions: list[_Version]) -> Iterator[Mark]:
    """One excluded mark for each place where some version holds something, or hides it."""
    seen: set[Place] = set()
    for version in versions:
        for mark in version.sheet.marks:
            place = mark.place
            if place not in seen and (mark.raw != "" or mark.state == EXCLUDED):
                seen.add(place)
                yield mark._replace(value=None, state=EXCLUDED)


def _warn_of_changes(latest: _Version, others: list[_Version]) -> None:
    """I06 when marks were changed rather than completed: old -> new, cell by cell."""
    sheet = latest.sheet
    if sheet.status is not SheetStatus.RECEIVED:
        return
    changes = dict(change for other in others for change in _changes(other, latest))
    if not changes:
        return
    cells = {mark.place: mark.cell for mark in sheet.marks}
    where = {"candidate": sheet.candidate, "evaluator": sheet.evaluator, "file": latest.file, "sheet": sheet.sheet}
    listed = " ; ".join(list(changes)[:_LISTED])
    if len(changes) > _LISTED:
        listed += f" ; et {len(changes) - _LISTED} autres"
    message = f"{len(others) + 1} versions de cette fiche ; la plus récente compte. Changé : {listed}."
    at = dict.fromkeys(cells.get(place, "") for place in changes.values())
    sheet.anomalies.append(make("I06", message, cell="; ".join(filter(None, at)), **where))


def _changes(old: _Version, new: _Version) -> Iterator[tuple[str, Place]]:
    """Each mark of an old version that the new one does not repeat, in words."""
    before, after = old.sheet.content(), new.sheet.content()
    for place in _values(old):
        raw, value = before[place]
        now_raw, now_value = after.get(place, ("", MISSING))
        if value != now_value:
            candidate, entry, code = place
            person = f"{candidate}, " if candidate != new.sheet.candidate else ""
            name = code if code and code == entry else f"{entry} {code}".strip()
            yield f"{person}{name} : {clip(raw, 40)} → {clip(now_raw, 40) or 'vide'}", place
