"""Evaluators named in a cell of the roster: who they are, and what is wrong where nobody is found."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engine.model import Evaluator, Role
from engine.office.typed.cells import as_list, fold, shown
from engine.office.typed.table import Row
from engine.roster.layout import EVALUATORS

_WHO = {Role.TUTOR: "le tuteur", Role.TRAINER: "le formateur", Role.JUROR: "le juré"}


def several(row: Row, heading: str) -> tuple[str, ...]:
    """The values of a cell that may hold several; one that stands twice is reported and kept once."""
    kept: dict[str, str] = {}
    nothing: tuple[str, ...] = ()
    for part in row.read(heading, as_list, nothing):
        if kept.setdefault(part.casefold(), part) is not part:
            row.report(heading, f"« {shown(part)} » est écrit deux fois ; gardez-en un.")
    return tuple(kept.values())


class Directory:
    """The evaluators by identifier, and by whatever else a person may have typed instead."""

    def __init__(self, evaluators: Iterable[Evaluator]) -> None:
        self.by_id = {evaluator.id.casefold(): evaluator for evaluator in evaluators if evaluator.id}
        self._aliases: dict[str, str] = {}
        for evaluator in self.by_id.values():
            last, first = evaluator.last_name, evaluator.first_name
            for alias in (evaluator.id.lstrip("0"), last, f"{last} {first}", f"{first} {last}"):
                self._aliases.setdefault(fold(alias), evaluator.id)

    def advice(self, typed: str) -> str:
        """How to mend an identifier that nobody has."""
        words = [word for word in re.split(r"[\s,/|+&]+", typed.casefold()) if word]
        if len(words) > 1 and all(word in self.by_id for word in words):
            return "séparez les identifiants par « ; »"
        meant = self._aliases.get(fold(typed).lstrip("0"))
        return f"s'agit-il de « {meant} » ?" if meant else "corrigez l'identifiant, ou ajoutez cette personne"


def assigned(row: Row, heading: str, role: Role, directory: Directory | None) -> tuple[str, ...]:
    """The evaluators named in a cell, as the sheet `Évaluateurs` spells them; those who cannot be are reported."""
    typed = several(row, heading)
    if directory is None:
        return typed
    found = []
    for identifier in typed:
        evaluator = directory.by_id.get(identifier.casefold())
        who = f"{_WHO[role]} « {shown(identifier)} »"
        if evaluator is None:
            advice = directory.advice(identifier)
            end = "" if advice.endswith("?") else "."
            row.report(heading, f"{who} n'est pas dans la feuille {EVALUATORS.name} ; {advice}{end}")
        elif role not in evaluator.roles:
            roles = ", ".join(other for other in Role if other in evaluator.roles)
            row.report(
                heading,
                f"{who} ({evaluator.name}) n'a pas le rôle {role} mais {roles} ; corrigez l'identifiant, "
                f"ou ajoutez ce rôle dans la feuille {EVALUATORS.name}.",
            )
        else:
            found.append(evaluator.id)
    return tuple(found)
