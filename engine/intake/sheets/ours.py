"""Workbooks that the program writes or reads, and that are no returns: the roster, the results."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from engine.intake.readers.grid import Grid
from engine.intake.sheets.recognise import references
from engine.model.texts import bare


@dataclass(frozen=True)
class Known:
    """What a workbook is, as a sentence, and what to do with it; ``sheets``: the tabs that it always has."""

    sheets: tuple[str, ...]
    said: str
    remedy: str


ROSTER = Known(
    ("Session", "Candidats", "Évaluateurs"),
    "C'est le registre d'une cohorte, et non une fiche remplie.",
    "Sortez-le des retours : le registre en cours est « cohorte.xlsx », dans le dossier de la cohorte.",
)
RESULTS = Known(
    ("Synthèse", "Anomalies", "Fichiers", "Manquants"),
    "Ce sont les résultats d'une cohorte, que le programme écrit, et non une fiche remplie.",
    "Sortez-les des retours. Ce qui y a été corrigé n'est pas repris : corrigez la fiche elle-même, et renvoyez-la.",
)


def recognise(grids: Collection[Grid]) -> Known | None:
    """What a workbook is by its tabs, ``None`` for one that may be a return.

    A sheet of a roster that bears a reference makes it a return; the results show those of others.
    """
    tabs = {bare(grid.name) for grid in grids}
    if tabs >= set(map(bare, RESULTS.sheets)):
        return RESULTS
    if tabs >= set(map(bare, ROSTER.sheets)) and not any(map(references, grids)):
        return ROSTER
    return None
