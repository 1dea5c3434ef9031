"""The pages that hand each evaluator their personal code, which signs the sheets they fill."""

from __future__ import annotations

from engine.model import Evaluator, Kind, Referential, Role, Roster
from engine.workspace import seals

_WIDTH = 78  # signs: a printed page, and a terminal


def pages(roster: Roster, referential: Referential, key: bytes) -> list[str]:
    """One page for each evaluator, in the roster's order."""
    about = _about(roster, referential)
    return [_page(each, seals.personal_code(key, each.id), about) for each in roster.evaluators]


def _about(roster: Roster, referential: Referential) -> list[str]:
    session, certification = roster.session, referential.certification
    where = ", ".join(filter(None, (session.cohort, session.session, session.centre)))
    return [f"{certification.title} ({certification.short_title})", where]


def _page(person: Evaluator, code: str, about: list[str]) -> str:
    roles = [str(role) for role in Role if role in person.roles]
    lines = [
        "CODE PERSONNEL DE SIGNATURE",
        *filter(None, about),
        "-" * _WIDTH,
        "",
        f"{person.name} ({person.id})",
        ", ".join(roles),
        "",
        f"    Votre code :  {code}",
        "",
        "Où le taper : en bas de chaque feuille que vous remplissez, dans la case",
        "« Signature ou code personnel ». Majuscules, espaces et tiret sont sans importance.",
        *_notes_too(person),
        "",
        "Ce code est personnel : il vaut votre signature. Ne le donnez à personne, ne le",
        "tapez nulle part ailleurs, ne l'envoyez pas par courriel. Si quelqu'un d'autre a",
        "pu le lire, prévenez le secrétariat.",
        "",
    ]
    return "\n".join(lines)


def _notes_too(person: Evaluator) -> list[str]:
    if Role.SECRETARIAT not in person.roles:
        return []
    return [f"Il signe aussi la feuille « {Kind.NOTES.record.title} » de la cohorte."]
