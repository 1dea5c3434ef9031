"""Holders joined with their birth data: who is declared, who cannot be, and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from engine.outputs.accrochage.births import UNREAD, Birth, Key, key, same


@dataclass(frozen=True)
class Holder:
    """Somebody whom a jury awarded the whole certification; ``cohort``: what names their cohort for ever; ``jury``: its
    day, where the centre's roster says it."""

    cohort: str
    identifier: str
    last_name: str
    first_name: str
    centre: str
    session: str
    certification: str
    jury: date | None


@dataclass(frozen=True)
class LeftOut:
    """A holder who cannot be declared, and why (French sentences, without birth data but for what is at fault)."""

    holder: Holder
    reasons: tuple[str, ...]


def join(holders: Iterable[Holder], births: Mapping[Key, Birth]) -> tuple[list[tuple[Holder, Birth]], list[LeftOut]]:
    """Those who can be declared, in their order, each with their birth data; and those who cannot."""
    declared, left_out = [], []
    for holder in holders:
        found = (births.get(key(holder.centre, each, holder.identifier)) for each in (holder.session, UNREAD))
        birth = next((each for each in found if each is not None), None)
        reasons = _reasons(holder, birth)
        if birth is None or reasons:
            left_out.append(LeftOut(holder, reasons))
        else:
            declared.append((holder, birth))
    return declared, left_out


_NO_DAY = (
    "la livraison ne dit pas la date du jury : le centre la complète dans son registre, rouvre la session, la clôt de "
    "nouveau et livre."
)


def _reasons(holder: Holder, birth: Birth | None) -> tuple[str, ...]:
    reasons = [] if holder.jury else [_NO_DAY]
    if birth is None:
        return (*reasons, "aucune ligne ne porte ce centre, cette session et cet identifiant.")
    reasons += birth.faults
    theirs, named = (holder.last_name, holder.first_name), (birth.last_name, birth.first_name)
    if tuple(map(same, theirs)) != tuple(map(same, named)):
        reasons.append(f"la ligne porte un autre nom : {' '.join(named)}.")
    if birth.born is not None and holder.jury is not None and birth.born >= holder.jury:
        reasons.append("la date de naissance n'est pas antérieure au jury.")
    return tuple(reasons)


def technical_identifier(client: str, holder: Holder) -> str:
    """What names a declaration at the receiver's, the same at each run: 32 hexadecimal signs."""
    parts = (client, holder.certification, holder.cohort, holder.identifier)
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
