"""The planning: every convened candidate in a slot, or the reason why not."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.jury.bonds import bonds
from engine.jury.sittings.seats import seat
from engine.model import Candidate, Referential, Roster
from engine.model.admission import Admission, Seat
from engine.model.sittings import Sitting, Slot, slots
from engine.model.texts import bare
from engine.model.values import and_list


class Standing(StrEnum):
    """How a slot came to a candidate."""

    FIXED = "Fixé"
    KEPT = "Maintenu"
    NEW = "Nouveau"
    MOVED = "Déplacé"


@dataclass(frozen=True, kw_only=True)
class Hearing:
    """One candidate in one slot."""

    candidate: Candidate
    slot: Slot
    standing: Standing


@dataclass(frozen=True, kw_only=True)
class Planning:
    """What the days of the jury hold: the hearings by slot; in the roster's order, who gets none, and why."""

    hearings: tuple[Hearing, ...] = ()
    unseated: tuple[tuple[Candidate, str], ...] = ()


@dataclass(frozen=True)
class _Wish:
    """A candidate to be heard: the slots that fit, by rank, and why there is none."""

    candidate: Candidate
    options: tuple[int, ...]
    reason: str = ""


def plan(
    admissions: Sequence[Admission],
    roster: Roster,
    referential: Referential,
    published: Mapping[str, Seat],
    *,
    anew: bool = False,
) -> Planning:
    """Seat whoever is convened: fixed slots first, then those ``published`` that still fit, then the others.

    ``published``: by candidate, without case, what was last told. ``anew``: it only says who is moved. Without sittings
    nobody is seated, and nobody is without a seat either.
    """
    if not roster.sittings:
        return Planning()
    offered = slots(roster.sittings, referential.slot_minutes)
    wishes = [_wish(each.candidate, offered, roster) for each in admissions if each.convened]
    held = _held(wishes, offered, {} if anew else published)
    free = [wish for wish in wishes if wish.candidate.id not in held]
    taken = set(held.values())
    for wish, rank in zip(
        free, seat([[rank for rank in wish.options if rank not in taken] for wish in free]), strict=True
    ):
        if rank is not None:
            held[wish.candidate.id] = rank
    hearings = [
        Hearing(
            candidate=wish.candidate,
            slot=offered[held[wish.candidate.id]],
            standing=_standing(wish.candidate, offered[held[wish.candidate.id]], published),
        )
        for wish in wishes
        if wish.candidate.id in held
    ]
    order = {slot.key: rank for rank, slot in enumerate(offered)}
    return Planning(
        hearings=tuple(sorted(hearings, key=lambda hearing: order[hearing.slot.key])),
        unseated=tuple((wish.candidate, wish.reason or _FULL) for wish in wishes if wish.candidate.id not in held),
    )


_FULL = "aucun créneau libre ne lui convient"


def _held(wishes: Collection[_Wish], offered: Sequence[Slot], published: Mapping[str, Seat]) -> dict[str, int]:
    """The slots that are not to be given again: the fixed ones, then the published ones that still fit."""
    held = {wish.candidate.id: wish.options[0] for wish in wishes if wish.candidate.passage and wish.options}
    taken = set(held.values())
    for wish in wishes:
        told = published.get(wish.candidate.id.casefold())
        if told is None or wish.candidate.passage:
            continue
        for rank in wish.options:
            if rank not in taken and _is(offered[rank], told):
                held[wish.candidate.id] = rank
                taken.add(rank)
    return held


def _is(slot: Slot, told: Seat) -> bool:
    return slot.start == told.start and bare(slot.room) == bare(told.room)


def _standing(candidate: Candidate, slot: Slot, published: Mapping[str, Seat]) -> Standing:
    told = published.get(candidate.id.casefold())
    if candidate.passage:
        return Standing.FIXED
    if told is None:
        return Standing.NEW
    return Standing.KEPT if _is(slot, told) else Standing.MOVED


# ------------------------------------------------------------------------------------ which slots fit whom


def _wish(candidate: Candidate, offered: Sequence[Slot], roster: Roster) -> _Wish:
    reason = next(_against(candidate, offered, roster), "")
    if reason:
        return _Wish(candidate, (), reason)
    return _Wish(candidate, tuple(rank for rank, slot in enumerate(offered) if fits(candidate, slot, roster)))


def fits(candidate: Candidate, slot: Slot, roster: Roster) -> bool:
    """Whether the jury of the candidate sits there whole, nobody there is bound to them, and it is the fixed slot."""
    if not candidate.jurors:
        return False
    if not _sits_whole(candidate, slot) or bonds(candidate, slot.jurors, roster):
        return False
    return candidate.passage is None or slot.answers(candidate.passage)


def _sits_whole(candidate: Candidate, where: Slot | Sitting) -> bool:
    """Whether all the candidate's jurors sit there."""
    return {juror.casefold() for juror in candidate.jurors} <= {juror.casefold() for juror in where.jurors}


def _against(candidate: Candidate, offered: Sequence[Slot], roster: Roster) -> Iterator[str]:
    """Why no slot at all fits a candidate."""
    if not candidate.jurors:
        yield "aucun juré ne lui est affecté au registre"
        return
    for bond in bonds(candidate, candidate.jurors, roster):
        yield bond.reason
    whole = [slot for slot in offered if _sits_whole(candidate, slot)]
    if not whole and any(_sits_whole(candidate, sitting) for sitting in roster.sittings):
        yield f"aucune séance qui réunit {_jury(candidate)} n'est assez longue pour un passage"
    elif not whole:
        yield f"aucune séance ne réunit {_jury(candidate)}"
    elif not any(fits(candidate, slot, roster) for slot in whole):
        bound = next((bond.reason for slot in whole for bond in bonds(candidate, slot.jurors, roster)), "")
        if candidate.passage is None or bound:
            yield bound
        else:
            when = candidate.passage.start
            yield f"au créneau imposé du {when:%d/%m/%Y} à {when:%H:%M}, {_jury(candidate)} ne siège pas au complet"


def _jury(candidate: Candidate) -> str:
    return f"son jury ({and_list(candidate.jurors)})"
