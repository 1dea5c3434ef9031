"""The tables `anomalies` and `fichiers`: what is wrong, and what became of each return."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from engine.outputs.data.column import Column, Table, Type

_CATALOGUE = "docs/anomalies.md"
_ANOMALIES = {
    "gravity": ("Gravité", "bloquante, avertissement ou info.", _CATALOGUE),
    "code": ("Code", "Code de l'anomalie.", _CATALOGUE),
    "candidate": ("Candidat", "Identifiant du candidat concerné.", "registre, feuille Candidats"),
    "evaluator": ("Évaluateur", "Identifiant de l'évaluateur concerné.", "registre, feuille Évaluateurs"),
    "file": ("Fichier", "Chemin sous le dossier retours.", "retours"),
    "sheet": ("Feuille", "Nom de la feuille.", "retours"),
    "cell": ("Cellule", "Adresse de la cellule, ou des cellules.", "retours"),
    "value": ("Valeur", "Ce qui a été lu.", "retours"),
    "message": ("Message", "Ce qui ne va pas, en toutes lettres.", _CATALOGUE),
    "remedy": ("Correction", "Ce qu'il faut faire.", _CATALOGUE),
}
_FILES = {
    "file": ("Fichier", "Chemin sous le dossier retours.", "retours"),
    "state": ("État", "Accepté, Accepté avec réserves, Refusé, Remplacé ou Ignoré.", "anomalies du fichier"),
    "kind": ("Nature", "Natures des fiches reconnues, séparées par « ; ».", "référence de chaque fiche"),
    "candidate": ("Candidat", "Identifiants des candidats, séparés par « ; ».", "référence de chaque fiche"),
    "evaluator": ("Évaluateur", "Identifiants des évaluateurs, séparés par « ; ».", "référence de chaque fiche"),
    "modified": ("Modifié le", "Date de modification du fichier, heure locale.", "système de fichiers"),
    "size": ("Taille", "Taille du fichier.", "système de fichiers"),
    "sha256": ("SHA-256", "Empreinte du contenu.", "contenu du fichier"),
}
_TYPES = {"modified": Type.MOMENT, "size": Type.WHOLE}
_UNITS = {"size": "octets"}


def anomalies(found: pd.DataFrame) -> Table:
    """The table, from that of :data:`engine.model.tables.ANOMALIES`."""
    return _table("anomalies", "Une ligne par anomalie, dans l'ordre où elles ont été trouvées.", _ANOMALIES, found)


def files(returns: pd.DataFrame) -> Table:
    """The table, from that of :data:`engine.model.tables.FILES`."""
    return _table("fichiers", "Une ligne par fichier du dossier retours.", _FILES, returns)


def _table(name: str, content: str, described: Mapping[str, tuple[str, str, str]], found: pd.DataFrame) -> Table:
    columns = tuple(
        Column(name=shown, type=_TYPES.get(key, Type.TEXT), meaning=meaning, source=source, unit=_UNITS.get(key, ""))
        for key, (shown, meaning, source) in described.items()
    )
    return Table(name, content, columns, tuple(found[key].astype(object).tolist() for key in described))
