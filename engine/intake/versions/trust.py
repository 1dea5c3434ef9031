"""Versions that nothing vouches for: they never take the place of one that a seal or a signature stands for."""

from __future__ import annotations

from dataclasses import replace

from engine.intake.versions.telling import listed_files, softened, supersede
from engine.intake.versions.version import Version
from engine.model import Kind
from engine.model.anomalies import Anomaly, Family, Gravity, make
from engine.model.returns import SheetStatus

_UNSEALED = "Retirez cette fiche vierge de « retours » ; si ses valeurs sont les bonnes, reportez-les dans l'autre."
_HALF_RENAMED = (
    "Reportez ces valeurs dans la fiche envoyée pour la personne qu'elles concernent, et retirez ce fichier de "
    "« retours »."
)


def give_way(group: list[Version]) -> list[Version]:
    """The versions that may count; the others are told of, and block until a person has looked.

    One that was refused for want of a signature is mended by a good version that comes after it.
    """
    vouched = [each for each in group if each.sheet.vouched and each.answers]
    if not vouched:
        return group
    for version in group:
        if version.sheet.vouched:
            continue
        if version.sheet.status is SheetStatus.EMPTY or _is_mended(version, vouched) or _is_outdone(version, vouched):
            supersede(version)
        else:
            _set_aside(version, vouched)
    return [each for each in group if each.sheet.vouched]


def _is_unsealed(anomaly: Anomaly) -> bool:
    return anomaly.entry.unsealed


def _is_mended(version: Version, vouched: list[Version]) -> bool:
    if not version.refused or any(map(_is_unsealed, version.sheet.anomalies)):
        return False
    after = [good for good in vouched if not good.refused and good.clocks.follows(version.clocks)]
    return bool(after) and all(any(good.said(mark.place) for good in after) for mark in version.doubted(vouched))


def _is_half_renamed(version: Version) -> bool:
    """Whether all that is wrong with it is a sheet beside it, which shows somebody else's name."""
    return not version.refused and not any(map(_is_unsealed, version.sheet.anomalies))


def _is_outdone(version: Version, vouched: list[Version]) -> bool:
    """Whether it came beside a renamed sheet, and a good version comes after it or holds the same."""
    if not _is_half_renamed(version):
        return False
    said = version.sheet.content()
    return any(
        good.clocks.follows(version.clocks) or good.sheet.content() == said for good in vouched if not good.refused
    )


def _set_aside(version: Version, vouched: list[Version]) -> None:
    """It does not count, whatever its dates; what says that nothing vouches for it keeps its gravity."""
    sheet, half_renamed = version.sheet, _is_half_renamed(version)
    sheet.status, sheet.marks = SheetStatus.REFUSED, []
    sheet.anomalies = [_kept(anomaly, vouched) for anomaly in sheet.anomalies]
    if half_renamed:
        sheet.anomalies.insert(0, _beside_renamed(version, vouched))


def _beside_renamed(version: Version, vouched: list[Version]) -> Anomaly:
    """I04 for a sheet that would take the place of another, beside one that was renamed for somebody else."""
    sheet = version.sheet
    message = (
        "Une autre feuille de ce classeur montre le nom d'une autre personne : on ne sait de qui sont les valeurs de "
        f"celle-ci. Elle ne remplace pas celle qui est là ({listed_files(vouched)})."
    )
    where = {"candidate": sheet.candidate, "evaluator": sheet.evaluator, "file": version.file, "sheet": sheet.sheet}
    return make("I04", message, gravity=Gravity.BLOCKING, remedy=_HALF_RENAMED, **where)


def _kept(anomaly: Anomaly, vouched: list[Version]) -> Anomaly:
    if _is_unsealed(anomaly):
        return _against(anomaly, vouched)
    of_sheet = anomaly.family is Family.IDENTITY or anomaly.entry.of_sheet
    if of_sheet and anomaly.blocking and vouched[0].sheet.kind is Kind.DELIBERATION:
        still = f"Elle ne remplace pas la feuille signée qui est là ({listed_files(vouched)})."
        return replace(anomaly, message=make(anomaly.code, f"{anomaly.message} {still}").message)
    return anomaly if of_sheet else softened(anomaly)


def _against(anomaly: Anomaly, vouched: list[Version]) -> Anomaly:
    """I08 beside a sealed version."""
    kind = vouched[0].sheet.kind.record
    other = "nominative de la même personne" if kind.per_candidate or kind.per_evaluator else "scellée de la cohorte"
    told = make(
        "I08",
        f"{anomaly.message} Elle ne compte pas : une fiche {other} est là ({listed_files(vouched)}).",
        gravity=Gravity.BLOCKING,
        remedy=_UNSEALED,
    )
    return replace(anomaly, message=told.message, gravity=told.gravity, remedy=told.remedy)
