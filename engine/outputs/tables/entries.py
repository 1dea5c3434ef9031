"""The table `saisies`: every value that was read, and where; by far the longest one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType

import numpy as np
import pandas as pd

from engine.model import Scales
from engine.model.tables import EXCLUDED, UNTYPED, VALUE
from engine.outputs.tables.column import Coded, Column, Table, Type, Value, text

NAME = "saisies"
CONTENT = "Une ligne par valeur lue ou écartée, dans l'ordre de lecture, sans les versions remplacées d'une fiche."
_READ, _CHECKED = "retours", "contrôle des valeurs"
_CODE = "Code de la ligne, ou titre de la colonne dans NOTES et VALIDATION ; vide pour une saisie unique."

WHAT: Mapping[str, Column] = {
    "candidate": text(
        "Candidat", "Identifiant du candidat ; vide pour une saisie unique de NOTES ou de VALIDATION.", _READ
    ),
    "kind": text("Nature", "Nature de la fiche.", _READ),
    "input": text("Saisie", "Nom de la saisie : niveau, points, rapport, ou le titre de la colonne.", _READ),
    "code": text("Code", _CODE, _READ),
    "evaluator": text("Évaluateur", "Identifiant de l'évaluateur ; vide pour NOTES.", _READ),
    "raw": text("Valeur lue", "Ce que contient la cellule, tel quel.", _READ),
}
WHERE: Mapping[str, Column] = {
    "file": text("Fichier", "Chemin sous le dossier retours.", _READ),
    "sheet": text("Feuille", "Nom de la feuille dans ce fichier.", _READ),
    "cell": text("Cellule", "Adresse de la cellule ; vide si elle n'a pas pu être retrouvée.", _READ),
}
"""By column of :data:`engine.model.tables.MARKS`."""

_EXACT = "Le nombre retenu, exact (15 chiffres significatifs)."
_NUMBER = Column(name="Nombre retenu", type=Type.NUMBER, meaning=_EXACT, source=_CHECKED, unit="celle de la saisie")
_Kept = type[Decimal] | type[date] | type[str]
_RETAINED: Mapping[_Kept, Column] = {
    Decimal: _NUMBER,
    date: Column(name="Date retenue", type=Type.DATE, meaning="La date retenue.", source=_CHECKED),
    str: text("Texte retenu", "Le texte retenu : Oui, Non, x, ou un texte libre.", _CHECKED),
}
"""What was retained, parted by type."""

_STATE = text(
    "État",
    "Retenue ; Écartée : une anomalie bloquante l'exclut ; ABS, NE ou DISP : état déclaré, sans valeur.",
    "contrôle des valeurs (docs/anomalies.md)",
)
_SHOWN = {VALUE: "Retenue", EXCLUDED: "Écartée"}


def entries(marks: pd.DataFrame, scales: Scales) -> Table:
    """The table, from that of :data:`engine.model.tables.MARKS`."""
    retained: Mapping[_Kept, Column] = {**_RETAINED, str: _lettered(scales)} if _alphabets(scales) else _RETAINED
    columns = (*WHAT.values(), _STATE, *retained.values(), *WHERE.values())
    return Table(NAME, CONTENT, columns, lambda: tuple(_filled(marks, retained)))


def _filled(marks: pd.DataFrame, retained: Iterable[_Kept]) -> Iterator[Coded]:
    chosen = np.flatnonzero(~marks["state"].isin(UNTYPED)).astype(np.int32)
    words, ranks = _kept(marks)
    yield from (_coded(marks[name], chosen) for name in WHAT)
    yield _coded(marks["state"], chosen, _SHOWN)
    for kind in retained:
        yield Coded([word if isinstance(word, kind) else None for word in words], ranks, chosen)
    yield from (_coded(marks[name], chosen) for name in WHERE)


def _kept(marks: pd.DataFrame) -> tuple[list[Value], np.ndarray]:
    """What was retained of each mark, as few distinct objects and the rank of its own; 4 and 4.0 are two."""
    values = marks["value"].to_numpy(dtype=object)
    known = {id(value): value for value in values}
    places = {each: place for place, each in enumerate(known)}
    ranks = np.fromiter(map(places.__getitem__, map(id, values)), np.int32, len(values))
    ranks[(marks["state"] != VALUE).to_numpy()] = len(known)
    return [*known.values(), None], ranks


def _coded(column: pd.Series[str], chosen: np.ndarray, shown: Mapping[str, str] = MappingProxyType({})) -> Coded:
    """Some cells of a column of the table of marks, its words as ``shown``."""
    cells = pd.Categorical(column, copy=False)
    return Coded([*(shown.get(word, word) for word in cells.categories), None], np.asarray(cells.codes), chosen)


def _alphabets(scales: Scales) -> list[str]:
    """The letters of the scales that have some, the highest first."""
    found = [scale.ladder for scale in (scales.level, scales.work) if scale is not None and scale.letters]
    return list(dict.fromkeys(" > ".join(reversed(letters)) for letters in found))


def _lettered(scales: Scales) -> Column:
    """The column of texts, where levels are letters."""
    meaning = f"Le texte retenu : Oui, Non, x, une lettre ({' ; '.join(_alphabets(scales))}), ou un texte libre."
    return text("Texte retenu", meaning, _CHECKED)
