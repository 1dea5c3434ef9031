"""Deliveries as the certifier receives them: each read once, the latest of each cohort counted, the others told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.commands.verify import Passphrase, places, receive
from engine.model.errors import EngineError
from engine.outputs.nation import Cohort, Received, State, read_cohort


@dataclass(frozen=True)
class Reading:
    """What one delivery gave: its cohort, or why it is refused. ``digest``: that of its manifest."""

    file: str
    sha256: str = ""
    digest: str = ""
    cohort: Cohort | None = None
    why: str = ""


def asked(paths: Iterable[Path], passphrase: Passphrase) -> list[tuple[Path, str]]:
    """Each delivery that these paths name with what opens it; asked for at once, so that nobody waits meanwhile."""
    return [(place, "" if place.is_dir() else passphrase(place)) for place in places(paths)]


def read_delivery(place: Path, phrase: str) -> Reading:
    """One delivery, checked and read."""
    checked = receive(place, lambda _: phrase)
    sha256 = checked.opened.sha256
    if checked.manifest is None or checked.faults:
        return Reading(place.name, sha256, why=" ".join(map(str, checked.faults)) or "Sans manifeste.")
    digest = checked.manifest.digest
    try:
        return Reading(place.name, sha256 or digest, digest, read_cohort(checked))
    except (KeyError, ValueError) as fault:
        return Reading(place.name, sha256, why=f"Ses données ne se lisent pas ({fault}).")


def counting(readings: Sequence[Reading], *, one_certification: bool) -> tuple[list[Cohort], list[Received]]:
    """The cohorts that count, and what became of each delivery; the order in which they came changes nothing.

    Of two of one cohort the higher number counts; two of one number that differ are both refused. With
    ``one_certification``, those of another than most are refused. Raises :class:`EngineError` when none counts.
    """
    code = _most_frequent([each.cohort.certification for each in readings if each.cohort])
    counted, received = [], []
    for each in readings:
        state, why = _state(each, readings, code if one_certification else "")
        received.append(Received(each.file, state, each.sha256, why))
        if state is State.READ and each.cohort is not None:
            counted.append(each.cohort)
    if not counted:
        told = "".join(f"\n  - {each.file} : {each.why}" for each in received)
        raise EngineError(f"Aucune livraison n'a pu être lue :{told}")
    return counted, received


def _state(mine: Reading, readings: Sequence[Reading], code: str) -> tuple[State, str]:
    cohort = mine.cohort
    if cohort is None:
        return State.REFUSED, mine.why
    if code and cohort.certification != code:
        return State.REFUSED, f"Autre certification : {cohort.certification} au lieu de {code}."
    others = [each for each in readings if each.cohort and each.cohort.cohort_id == cohort.cohort_id]
    if any(_number(each) > cohort.number for each in others):
        return State.REPLACED, f"La livraison n° {max(map(_number, others))} de cette cohorte compte."
    alike = [each for each in others if _number(each) == cohort.number]
    if any(each.digest != mine.digest for each in alike):
        return State.REFUSED, f"Deux livraisons n° {cohort.number} de cette cohorte diffèrent : demandez laquelle vaut."
    if mine is not min(alike, key=lambda each: (each.file, each.sha256)):
        return State.REPLACED, "La même livraison est déjà là sous un autre nom."
    return State.READ, ""


def _number(reading: Reading) -> int:
    return reading.cohort.number if reading.cohort else 0


def _most_frequent(codes: Sequence[str]) -> str:
    return min(set(codes), key=lambda code: (-codes.count(code), code), default="")
