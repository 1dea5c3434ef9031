"""What is told of several versions of a sheet: what changed, what nobody can order, what is missing (I06, V09)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Any

from engine.intake.versions.order import Verdict
from engine.intake.versions.version import CANDIDATE_PART, MAIN_PART, Part, Place, Version
from engine.model import Mark
from engine.model.anomalies import Anomaly, Gravity, make
from engine.model.returns import SheetStatus
from engine.model.values import and_list, clip

_LISTED, _FILES = 60, 12
"""How many changes, and how many files, a message lists: a person reads no more, and a cell holds a bounded text."""

_UNORDERED = "dont les dates ne disent pas avec certitude laquelle est la dernière"
_REMOVE = "Retirez de « retours » les versions qui ne doivent pas compter."
_REMOVE_TAB = "Supprimez du classeur l'onglet en trop, qu'il soit visible ou masqué, et renvoyez-le."
_GATHER = (
    "Reportez toutes les valeurs dans un seul fichier et renvoyez-le, ou retirez de « retours » la version qui ne doit "
    "pas compter."
)
_DOUBTED = (
    "Faites corriger cette version, ou renvoyer toutes ces valeurs dans une plus récente ; si elle ne doit pas "
    "compter, retirez-la de « retours »."
)
_GATHER_TABS = "Reportez toutes les valeurs dans un seul onglet, supprimez du classeur celui en trop, et renvoyez-le."


def supersede(version: Version) -> None:
    """A version that does not count: its anomalies are kept for the record and block nothing."""
    sheet = version.sheet
    sheet.status, sheet.marks = SheetStatus.SUPERSEDED, []
    sheet.anomalies = [softened(anomaly) for anomaly in sheet.anomalies]


def softened(anomaly: Anomaly) -> Anomaly:
    """The same anomaly of what does not count."""
    if anomaly.gravity is Gravity.INFO:
        return anomaly
    return replace(anomaly, gravity=Gravity.INFO, message=f"{anomaly.message} (version qui ne compte pas)")


def listed_files(versions: Iterable[Version]) -> str:
    """The files of versions, in words; the tabs too of one that holds several."""
    tabs = _tabs(versions)
    more = f" ; et {len(tabs) - _FILES} autres" if len(tabs) > _FILES else ""
    names = (
        f"« {name} »"
        + (f" (onglets {and_list([f'« {tab} »' for tab in sorted(tabs[name])])})" if len(tabs[name]) > 1 else "")
        for name in sorted(tabs)[:_FILES]
    )
    return " ; ".join(names) + more


def _tabs(versions: Iterable[Version]) -> dict[str, list[str]]:
    """The tabs that hold these versions, by file."""
    tabs: dict[str, list[str]] = {}
    for version in versions:
        tabs.setdefault(version.file, []).append(version.sheet.sheet)
    return tabs


def _remove(versions: Iterable[Version]) -> str:
    """What to do about versions of which only one may stay; those of one workbook go by their tabs."""
    tabs = _tabs(versions)
    if all(len(each) == 1 for each in tabs.values()):
        return _REMOVE
    return _REMOVE_TAB if len(tabs) == 1 else f"{_REMOVE} {_REMOVE_TAB}"


def contested(version: Version, versions: Sequence[Version]) -> Anomaly:
    """I06 for one of the versions of a sheet that nothing orders: none counts."""
    message = f"Des versions différentes de cette fiche, {_UNORDERED} : {listed_files(versions)}. Aucune ne compte."
    return _i06(version, message, gravity=Gravity.BLOCKING, remedy=_settling(versions, MAIN_PART))


def _settling(versions: Sequence[Version], part: Part) -> str:
    """What to do about versions of a part that nothing orders: where one holds what another lacks, and the other way
    round, to remove either would lose values."""
    typed = [{place for place, mark in version.said(part).items() if mark.raw} for version in versions]
    if not any(one - other and other - one for one, other in combinations(typed, 2)):
        return _remove(versions)
    return _GATHER_TABS if len(_tabs(versions)) == 1 else _GATHER


def contested_share(version: Version, versions: Sequence[Version]) -> Anomaly:
    """I06 for the candidate's share of a workbook, on which no decision rests."""
    files = listed_files(versions)
    message = f"La part du candidat diffère entre des versions {_UNORDERED} : {files}. Elle n'est pas retenue."
    return _i06(version, message, gravity=Gravity.WARNING, remedy=_settling(versions, CANDIDATE_PART))


def contested_cells(version: Version, places: Sequence[Place], versions: Sequence[Version]) -> Anomaly:
    """I06 for the cells of which the versions say different things, that nothing orders."""
    cells = _cells(version, places)
    message = (
        f"Des versions {_UNORDERED} diffèrent : {listed_files(versions)}. "
        f"Ne comptent pas : {_listing([named(place, version) for place in places])}."
    )
    return _i06(version, message, gravity=Gravity.BLOCKING, remedy=_remove(versions), cell=cells)


def changed(version: Version, count: int, changes: Sequence[tuple[Place, Mark, Mark | None]]) -> Anomaly:
    """I06 where marks were changed rather than completed: old -> new, cell by cell. ``count``: of versions."""
    what = "la plus récente compte" if not version.by_cell else "dans chaque case, la plus récente compte"
    listed = _listing(dict.fromkeys(_change(version, *change) for change in changes))
    places = [place for place, _, _ in changes]
    return _i06(version, f"{count} versions de cette fiche ; {what}. Changé : {listed}.", cell=_cells(version, places))


def halves(version: Version, others: Sequence[Version], lost: Sequence[Mark]) -> Anomaly:
    """I06 where the version that counts lacks most of what others hold."""
    listed = _listing(dict.fromkeys(f"{named(mark.place, version)} ({clip(mark.raw, 40)})" for mark in lost))
    message = (
        f"{len(others) + 1} versions de cette fiche, dont la plus récente compte, mais elle ne reprend pas l'essentiel "
        f"de ce que contient {listed_files(others)} : {listed}. Ces valeurs sont en attente."
    )
    cells = _cells(version, [mark.place for mark in lost])
    return _i06(version, message, gravity=Gravity.BLOCKING, remedy=_GATHER, cell=cells)


def doubted(version: Version, verdicts: Iterable[Verdict]) -> Iterator[Anomaly]:
    """I06 where what others hold waits, because this one comes after them and cannot be used."""
    said = [(other, mark) for each in verdicts for other in each.outdone for mark in each.said[other].values()]
    if said:
        listed = _listing(dict.fromkeys(f"{named(mark.place, version)} ({clip(mark.raw, 40)})" for _, mark in said))
        message = (
            "Cette version, qui ne peut pas être utilisée, a peut-être changé ce que contient "
            f"{listed_files(dict.fromkeys(other for other, _ in said))} : {listed}. Ces valeurs sont en attente."
        )
        cells = _cells(version, [mark.place for _, mark in said])
        yield _i06(version, message, gravity=Gravity.BLOCKING, remedy=_DOUBTED, cell=cells)


def still_missing(anomaly: Anomaly, cells: Sequence[str]) -> Anomaly:
    """V09 for the cells that no version fills."""
    title = anomaly.message.partition(" : ")[0]
    what = "une valeur manque" if len(cells) == 1 else f"{len(cells)} valeurs manquent"
    return replace(anomaly, message=f"{title} : {what}.", cell="; ".join(cells))


def named(place: Place, version: Version) -> str:
    """A mark, in words: « niveau 1.1 », « C02, EN »."""
    candidate, entry, code = place
    person = f"{candidate}, " if candidate != version.sheet.candidate else ""
    is_heading = code == entry or not version.sheet.kind.record.per_candidate
    return person + (code if code and is_heading else f"{entry} {code}".strip())


def _change(version: Version, place: Place, old: Mark, new: Mark | None) -> str:
    now = clip(new.raw, 40) if new else ""
    return f"{named(place, version)} : {clip(old.raw, 40)} → {now or 'vide'}"


def _listing(words: Iterable[str]) -> str:
    words = list(words)
    more = f" ; et {len(words) - _LISTED} autres" if len(words) > _LISTED else ""
    return " ; ".join(words[:_LISTED]) + more


def _cells(version: Version, places: Iterable[Place]) -> str:
    at = {mark.place: mark.cell for marks in version.parts.values() for mark in marks.values()}
    return "; ".join(dict.fromkeys(filter(None, (at.get(place, "") for place in places))))


def _i06(version: Version, message: str, **more: Any) -> Anomaly:
    sheet = version.sheet
    where = {"candidate": sheet.candidate, "evaluator": sheet.evaluator, "file": version.file, "sheet": sheet.sheet}
    return make("I06", message, **where | more)
