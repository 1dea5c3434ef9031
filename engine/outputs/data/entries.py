"""The table `saisies`: every value that was read, and where; by far the longest one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import pandas as pd

from engine.model.tables import EXCLUDED, MISSING, VALUE
from engine.outputs.data.column import Column, Table, Type, Value

NAME = "saisies"
CONTENT = "Une ligne par valeur lue ou écartée, dans l'ordre de lecture, sans les versions remplacées d'une fiche."
_TEXTS = {
    "candidate": ("Candidat", "Identifiant du candidat ; vide pour une saisie unique de NOTES ou de VALIDATION."),
    "kind": ("Nature", "Nature de la fiche."),
    "input": ("Saisie", "Nom de la saisie : niveau, points, rapport, ou le titre de la colonne."),
    "code": (
        "Code",
        "Code de la ligne, ou titre de la colonne dans NOTES et VALIDATION ; vide pour une saisie unique.",
    ),
    "evaluator": ("Évaluateur", "Identifiant de l'évaluateur ; vide pour NOTES."),
    "raw": ("Valeur lue", "Ce que contient la cellule, tel quel."),
}
_PLACE = {
    "file": ("Fichier", "Chemin sous le dossier retours."),
    "sheet": ("Feuille", "Nom de la feuille dans ce fichier."),
    "cell": ("Cellule", "Adresse de la cellule ; vide si elle n'a pas pu être retrouvée."),
}
_READ = "retours"
_RETAINED = (
    ("Nombre retenu", Type.NUMBER, "Le nombre retenu, exact (15 chiffres significatifs).", Decimal),
    ("Date retenue", Type.DATE, "La date retenue.", date),
    ("Texte retenu", Type.TEXT, "Le texte retenu : Oui, Non, x, ou un texte libre.", str),
)
_STATE = "Retenue ; Écartée : une anomalie bloquante l'exclut ; ABS, NE ou DISP : état déclaré, sans valeur."


def entries(marks: pd.DataFrame) -> Table:
    """The table, from that of :data:`engine.model.tables.MARKS`."""
    chosen = marks[marks["state"] != MISSING]
    kept, states = chosen["value"], chosen["state"].astype(object)
    before, state, retained, after = _columns()
    return Table(
        NAME,
        CONTENT,
        (*before, state, *retained, *after),
        (
            *(_words(chosen[name]) for name in _TEXTS),
            [_SHOWN.get(word, word) for word in states],
            *(_only(kept, states, kind) for *_, kind in _RETAINED),
            *(_words(chosen[name]) for name in _PLACE),
        ),
    )


_SHOWN = {VALUE: "Retenue", EXCLUDED: "Écartée"}


def _columns() -> tuple[tuple[Column, ...], Column, tuple[Column, ...], tuple[Column, ...]]:
    def texts(described: dict[str, tuple[str, str]]) -> Iterator[Column]:
        for name, meaning in described.values():
            yield Column(name=name, type=Type.TEXT, meaning=meaning, source=_READ)

    state = Column(name="État", type=Type.TEXT, meaning=_STATE, source="contrôle des valeurs (docs/anomalies.md)")
    retained = (
        Column(
            name=name,
            type=kind,
            meaning=meaning,
            source="contrôle des valeurs",
            unit="celle de la saisie" if kind is Type.NUMBER else "",
        )
        for name, kind, meaning, _ in _RETAINED
    )
    return tuple(texts(_TEXTS)), state, tuple(retained), tuple(texts(_PLACE))


def _words(column: pd.Series) -> Sequence[str]:
    return column.astype(object).tolist()


def _only(values: pd.Series, states: pd.Series, kind: type) -> list[Value]:
    """The retained values of one type, ``None`` in place of the others."""
    return [
        value if state == VALUE and isinstance(value, kind) else None
        for value, state in zip(values, states, strict=True)
    ]
