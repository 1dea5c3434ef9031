"""Paths that hold nothing to check, and what they are: an empty folder, the roster, the results, several cohorts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine import intake
from engine.commands.cohorts import open_cohort
from engine.model.texts import counted
from engine.workspace.cohort import Folder, cohorts_in, enclosing
from engine.workspace.shell import line


@dataclass(frozen=True)
class NoReturn:
    """A path, what it is and what to do, as sentences."""

    path: Path
    said: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.path} : {self.said}\n  À faire : {self.to_do}"


def part(paths: Iterable[Path]) -> tuple[list[Path], list[NoReturn]]:
    """The paths that may hold returns, and the others.

    Raises :class:`engine.model.errors.RosterError` for a roster that has errors.
    """
    asked = {path: _recognise(path, enclosing(path.absolute())) for path in paths}
    return [path for path, told in asked.items() if told is None], [told for told in asked.values() if told]


def _recognise(path: Path, cohort: Folder | None) -> NoReturn | None:
    place = path.absolute()
    if cohort is not None and place == cohort.roster:
        return _roster(path, cohort)
    if cohort is not None and cohort.results in (place, *place.parents):
        return _results(path, cohort)
    held = cohorts_in(place) if cohort is None and place.is_dir() else []
    if held:
        return _cohorts(path, held)
    looked_at = cohort.returns if cohort is not None and place == cohort.path else place
    if place.is_dir() and not (looked_at.is_dir() and intake.collect(looked_at)):
        return _empty(path, cohort)
    return None


def _roster(path: Path, cohort: Folder) -> NoReturn:
    people = open_cohort(cohort.path).roster
    said = f"c'est le registre de la cohorte, et non une fiche remplie. Il est sans erreur : {people.counts}."
    return NoReturn(path, said, f"{line('templates', cohort.path)} en tire les classeurs à envoyer.")


def _results(path: Path, cohort: Folder) -> NoReturn:
    said = "ce sont les résultats de la cohorte, que le programme écrit : il n'y a rien à y vérifier."
    check, again = line("check", cohort.returns), line("consolidate", cohort.path)
    return NoReturn(path, said, f"{check} vérifie ce qui est revenu ; {again} les refait.")


def _cohorts(path: Path, held: Sequence[Folder]) -> NoReturn:
    count = counted(len(held), "cohorte", "cohortes")
    said = f"ce dossier contient {count}, et non des fiches remplies : registres, envois et résultats n'en sont pas."
    checks = line("check", *(each.path for each in held[:_NAMED]))
    others = f", et de même pour les {len(held) - _NAMED} autres" if len(held) > _NAMED else ""
    return NoReturn(path, said, f"{checks} vérifie ce qui y est revenu{others}.")


_NAMED = 6  # cohorts, before the rest are only counted


def _empty(path: Path, cohort: Folder | None) -> NoReturn:
    if cohort is None:
        to_do = "indiquez un classeur rempli, ou le dossier où il se trouve."
        return NoReturn(path, "ce dossier est vide : il n'y a rien à vérifier.", to_do)
    open_cohort(cohort.path)  # sees that the roster is sound
    to_do = f"déposez dans « {cohort.returns} » les classeurs qui reviennent"
    said = "rien n'y est encore revenu : il n'y a rien à vérifier."
    return NoReturn(path, said, f"{to_do} ; {line('status', cohort.path)} dit lesquels sont attendus.")
