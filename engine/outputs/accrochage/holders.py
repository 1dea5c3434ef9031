"""Holders joined with their birth data: who is declared, who cannot be, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from engine.outputs.accrochage.births import UNREAD, Birth, Births, key


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


def join(holders: Iterable[Holder], births: Births) -> tuple[list[tuple[Holder, Birth]], list[LeftOut]]:
    """Those who can be declared, in their order, each with their birth data; and those who cannot."""
    declared, left_out = [], []
    found = [(holder, _row_of(holder, births)) for holder in holders]
    taken = Counter((each.certification, id(birth)) for each, birth in found if birth and _names(birth, each))
    for holder, birth in found:
        reasons = _reasons(holder, birth)
        if birth and _names(birth, holder) and taken[holder.certification, id(birth)] > 1:
            reasons = (*reasons, _SHARED)
        if birth is None or reasons:
            left_out.append(LeftOut(holder, reasons))
        else:
            declared.append((holder, birth))
    return declared, left_out


def _row_of(holder: Holder, births: Births) -> Birth | None:
    """The last row of a holder's key that bears their name; one of another name where none does."""
    found = (births.get(key(holder.centre, each, holder.identifier)) for each in (holder.session, UNREAD))
    rows = next((each for each in found if each), ())
    named = [birth for birth in rows if _names(birth, holder)]
    return next(reversed(named or list(rows)), None)


def _names(birth: Birth, holder: Holder) -> bool:
    """Whether a row bears the name of a holder."""
    return birth.names(holder.last_name, holder.first_name)


_SHARED = (
    "la même ligne vaudrait pour deux cohortes de ce centre et de cette session ; si ce sont deux personnes, déclarez "
    "ces livraisons l'une après l'autre, chacune avec ses naissances."
)
_NO_DAY = (
    "la livraison ne dit pas la date du jury : le centre la complète dans son registre, rouvre la session, la clôt de "
    "nouveau et livre."
)


def _reasons(holder: Holder, birth: Birth | None) -> tuple[str, ...]:
    reasons = [] if holder.jury else [_NO_DAY]
    if birth is None:
        return (*reasons, "aucune ligne ne porte ce centre, cette session et cet identifiant.")
    reasons += birth.faults
    if not _names(birth, holder):
        reasons.append(f"la ligne porte un autre nom : {birth.last_name} {birth.first_name}.")
    if birth.born is not None and holder.jury is not None and birth.born >= holder.jury:
        reasons.append("la date de naissance n'est pas antérieure au jury.")
    return tuple(reasons)


def technical_identifier(client: str, holder: Holder) -> str:
    """What names a declaration at the receiver's, the same at each run: 32 hexadecimal signs."""
    parts = (client, holder.certification, holder.cohort, holder.identifier)
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
