"""Who could settle what is still unknown: the people of a candidate's file, in words."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.model import Candidate
from engine.model.outcome import COMMISSION
from engine.model.texts import plural
from engine.model.values import and_list

NOBODY = "personne n'est désigné au registre"
SECRETARIAT = "secrétariat"
UNTOLD = "non indiqué"
"""Whoever filled a blank sheet without writing who: it is refused, and what it holds waits all the same."""


class Named:
    """The people of a candidate's file, by their identifiers; ``only``: some of them."""

    def __init__(self, candidate: Candidate) -> None:
        self._candidate = candidate

    def raters(self, only: Collection[str] | None = None) -> str:
        """Those who rate the competences: ``tuteur T01, formateurs F01 et F02``."""
        groups = (("tuteur", self._candidate.tutors), ("formateur", self._candidate.trainers))
        if only is None or COMMISSION not in only:
            return _named(groups, "évaluateur", only)
        others = [one for one in only if one != COMMISSION]
        return ", ".join([*([_named(groups, "évaluateur", others)] if others else []), COMMISSION])

    def jurors(self, only: Collection[str] | None = None) -> str:
        """The jury: ``jurés J01 et J02``."""
        return _named((("juré", self._candidate.jurors),), "juré", only)


class Unnamed:
    """The same people for the candidate's own eyes: nobody is named, so that no one's mark is told."""

    def raters(self, only: Collection[str] | None = None) -> str:
        """Those who rate the competences."""
        return COMMISSION if only is not None and set(only) == {COMMISSION} else "tuteur ou formateur"

    def jurors(self, only: Collection[str] | None = None) -> str:  # noqa: ARG002 - whoever they are
        """The jury."""
        return "jury"


People = Named | Unnamed


def _named(roles: Sequence[tuple[str, Sequence[str]]], other: str, only: Collection[str] | None) -> str:
    """People by role, each once, in the order of the roster; whoever it does not list comes last."""
    left = {one.casefold(): one or UNTOLD for one in (_all(roles) if only is None else only)}
    groups = []
    for role, people in roles:
        keys = [one.casefold() for one in people]
        groups.append((role, [left.pop(key) for key in keys if key in left]))
    groups.append((other, list(left.values())))
    return ", ".join(f"{plural(len(people), role)} {and_list(people)}" for role, people in groups if people) or NOBODY


def _all(roles: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    return [one for _, people in roles for one in people]
