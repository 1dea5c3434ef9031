"""What only the roster's cells hold: identifiers, roles, statuses."""

from __future__ import annotations

import re

from engine.model import Role
from engine.office.typed.cells import MisreadError, Value, as_list, as_text, fold, shown
from engine.roster.layout import ENROLLED, LEFT

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")
_DEVICES = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)  # names Windows gives no file


def as_identifier(value: Value) -> str:
    """An identifier of the roster."""
    text = as_text(value)
    if not _IDENTIFIER.fullmatch(text):
        raise MisreadError(
            f"l'identifiant « {shown(text)} » n'est pas valable ; il faut 1 à 32 lettres sans accent, chiffres, "
            "points ou tirets, sans espace, en commençant par une lettre ou un chiffre."
        )
    if _DEVICES.fullmatch(text) or text.endswith("."):
        raise MisreadError(
            f"l'identifiant « {text} » ne peut pas nommer un dossier sous Windows ; changez-le "
            "(ni point final, ni CON, PRN, AUX, NUL, COM1, LPT1…)."
        )
    return text


def as_roles(value: Value) -> frozenset[Role]:
    """One or several roles, whatever their case and accents."""
    known = {fold(role): role for role in Role}
    for part in as_list(value):
        if fold(part) not in known:
            raise MisreadError(
                f"le rôle « {shown(part)} » n'existe pas ; choisissez parmi {', '.join(Role)} "
                "(plusieurs rôles : séparez-les par « ; »)."
            )
    return frozenset(known[fold(part)] for part in as_list(value))


def as_dropped_out(value: Value) -> bool:
    """Whether the status says that the candidate has left."""
    statuses = {fold(ENROLLED): False, fold(LEFT): True}
    status = fold(as_text(value))
    if status not in statuses:
        raise MisreadError(
            f"le statut « {shown(value)} » n'existe pas ; laissez vide, ou choisissez {ENROLLED} ou {LEFT}."
        )
    return statuses[status]
