"""Deliveries as the certifier receives them: each read once, the latest of each cohort counted, the others told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.commands.verify import MAY_HOLD_ONE, Passphrase, names, places, receive
from engine.model.errors import EngineError
from engine.model.texts import bare
from engine.outputs.nation import Cohort, Received, State, read_cohort


@dataclass(frozen=True)
class Sent:
    """A delivery to read: where it is, how it is called, what opens it (nothing for a folder)."""

    path: Path
    name: str
    passphrase: str = field(repr=False)


@dataclass(frozen=True)
class Reading:
    """What one delivery gave: its cohort, or why it is refused. ``digest``: that of its manifest; ``cohort_id``,
    ``number`` and ``previous`` (the digest of the manifest before): what it says it is, whatever is wrong with the
    rest."""

    file: str
    sha256: str = ""
    digest: str = ""
    cohort_id: str = ""
    number: int = 0
    previous: str = ""
    cohort: Cohort | None = None
    why: str = ""


def asked(paths: Iterable[Path], passphrase: Passphrase) -> list[Sent]:
    """Each delivery that these paths name with what opens it; asked for at once, so that nobody waits meanwhile."""
    found = list(places(paths))
    named = zip(found, names(found), strict=True)
    return [Sent(place, name, passphrase(place) if _is_shut(place) else "") for place, name in named]


def _is_shut(place: Path) -> bool:
    return not place.is_dir() and place.suffix.lower() not in MAY_HOLD_ONE


def read_delivery(sent: Sent) -> Reading:
    """One delivery, checked and read."""
    checked = receive(sent.path, lambda _: sent.passphrase)
    sha256, known = checked.opened.sha256, checked.manifest
    if known is None:
        return Reading(sent.name, sha256, why=" ".join(map(str, checked.faults)) or "Sans manifeste.")
    told = known.cohort_id, known.number, known.previous or ""
    found = Reading(sent.name, sha256 or known.digest, known.digest, *told)
    if checked.faults:
        return replace(found, sha256=sha256, why=" ".join(map(str, checked.faults)))
    try:
        return replace(found, cohort=read_cohort(checked, sent.name))
    except (KeyError, ValueError) as fault:
        return replace(found, why=f"Ses données ne se lisent pas ({fault}).")


_UNTIL = "La livraison n° {} de cette cohorte est refusée : celle-ci compte en attendant qu'elle soit refaite."
_UNLISTED = "Sa liste des titulaires n'en nomme pas {} : demandez au centre de livrer de nouveau."


def counting(readings: Sequence[Reading], *, one_certification: bool) -> tuple[list[Cohort], list[Received]]:
    """The cohorts that count, and what became of each delivery; the order in which they came changes nothing.

    Of two of one cohort the higher number counts, and what stands in for one that is refused says so; two of one
    number that differ are both refused, and so is the lower one where the higher is of another session, or two of one
    session and people under two keys. With ``one_certification``, those of another than most are refused. Raises
    :class:`EngineError` when none counts.
    """
    readings = _in_line(readings)
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
    ours = [each for each in readings if each.cohort_id == mine.cohort_id]
    others = [each for each in ours if each.cohort]
    number = max(each.number for each in others)
    if number > mine.number:
        other = _other_session(cohort, [each for each in others if each.number == number])
        if other:
            return State.REFUSED, f"La livraison n° {number} est celle de {other}"
        return State.REPLACED, f"La livraison n° {number} de cette cohorte compte."
    alike = [each for each in others if each.number == mine.number]
    if any(each.digest != mine.digest for each in alike):
        other = _other_session(cohort, alike)
        if other:
            return State.REFUSED, f"L'autre livraison n° {number} est celle de {other}"
        return State.REFUSED, f"Deux livraisons n° {number} de cette cohorte diffèrent : demandez laquelle vaut."
    if mine is not min(alike, key=lambda each: (each.file, each.sha256)):
        return State.REPLACED, "La même livraison est déjà là sous un autre nom."
    if twin := _twin(mine, cohort, readings):
        return State.REFUSED, (
            f"« {twin} » est de la même session et des mêmes personnes, sous une autre clé : demandez au centre "
            "laquelle vaut, et écartez l'autre."
        )
    later = max((each.number for each in ours), default=0)
    notes = [_UNTIL.format(later)] * (later > mine.number) + [_UNLISTED.format(cohort.unlisted)] * bool(cohort.unlisted)
    return State.READ, " ".join(notes)


def _in_line(readings: Sequence[Reading]) -> list[Reading]:
    """The same, those of one cohort under one identifier. A centre that lost its key has another, hence another
    identifier; what it delivers then still says which delivery it follows. So does the first delivery of another
    session whose folder was copied from that of the last one: neither its title nor its people are the same."""
    owners = {each.digest: each for each in readings if each.digest}
    before: dict[str, str] = {}

    def first(identifier: str) -> str:
        while identifier in before:
            identifier = before[identifier]
        return identifier

    for each in readings:
        owner = owners.get(each.previous, each)
        followed, mine = first(owner.cohort_id), first(each.cohort_id)
        if followed != mine and not _strangers(owner.cohort, each.cohort):
            before[mine] = followed
    return [replace(each, cohort_id=first(each.cohort_id)) for each in readings]


def _strangers(one: Cohort | None, other: Cohort | None) -> bool:
    """Whether these are surely two sessions: of two titles, and of other people."""
    return one is not None and other is not None and _title(one) != _title(other) and not _same_people(one, other)


def _same_people(one: Cohort, other: Cohort) -> bool:
    """Whether half of the people of the smaller one or more are in both."""
    return 2 * len(one.people & other.people) >= max(1, min(len(one.people), len(other.people)))


def _twin(mine: Reading, cohort: Cohort, readings: Iterable[Reading]) -> str:
    """A delivery of the same session under another key, which has half of its people or more in common, by its file;
    nothing where none is."""
    others = (each for each in readings if each.cohort_id != mine.cohort_id)
    twins = (
        each.file
        for each in others
        if each.cohort
        and (each.cohort.certification, _title(each.cohort)) == (cohort.certification, _title(cohort))
        and _same_people(each.cohort, cohort)
    )
    return min(twins, default="")


def _other_session(mine: Cohort, others: Iterable[Reading]) -> str:
    """Of deliveries that say themselves to be of the same cohort, the one that is of another session or place, and what
    to do; nothing where none is. Cohorts that share a key, or whose folder was copied with it, look like one."""
    titles = {_title(each.cohort): _shown(each.cohort) for each in others if each.cohort}
    strange = sorted(shown for title, shown in titles.items() if title != _title(mine))
    if not strange:
        return ""
    return (
        f"« {strange[0]} », sous la même clé. Si c'est la même session sous un nom corrigé, écartez la plus ancienne ; "
        "sinon, deux cohortes ont une même clé et deux personnes de même identifiant seraient confondues : voyez avec "
        "le centre (docs/cle.md)."
    )


def _shown(cohort: Cohort) -> str:
    return ", ".join(part for part in (cohort.name, cohort.centre, cohort.session) if part)


def _title(cohort: Cohort) -> tuple[str, ...]:
    return tuple(map(bare, (cohort.name, cohort.centre, cohort.session)))


def _most_frequent(codes: Sequence[str]) -> str:
    return min(set(codes), key=lambda code: (-codes.count(code), code), default="")
