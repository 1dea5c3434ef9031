"""The table `dictionnaire`: what every column of the other tables means, generated from their descriptions."""

from __future__ import annotations

from collections.abc import Sequence

from engine.outputs.tables.column import Column, Field, Table, Type, read_table

NAME = "dictionnaire"
CONTENT = "Une ligne par colonne des autres tables."
_FIELDS = (
    ("Table", "Nom de la table, qui est celui du fichier.", lambda place: place[0].name),
    ("Colonne", "Nom de la colonne.", lambda place: place[1].name),
    ("Type", f"Type des valeurs : {', '.join(Type)}.", lambda place: str(place[1].type)),
    ("Unité", "Unité des valeurs, et leur maximum.", lambda place: place[1].unit),
    ("Signification", "Ce que la colonne dit.", lambda place: place[1].meaning),
    ("Source", "D'où vient la valeur, ou la règle qui l'établit.", lambda place: place[1].source),
)


def dictionary(tables: Sequence[Table]) -> Table:
    """The dictionary of these tables."""
    fields = (
        Field(Column(name=name, type=Type.TEXT, meaning=meaning, source="description des tables"), read)
        for name, meaning, read in _FIELDS
    )
    return read_table(NAME, CONTENT, fields, lambda: [(table, column) for table in tables for column in table.columns])
