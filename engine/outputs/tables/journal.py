"""The tables `anomalies` and `fichiers`, and what `Manquants` shows: what is wrong, what came, what is awaited."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from engine.outputs.tables.column import Column, Table, Type, frame_table, text

_CATALOGUE, _RETURNS, _REFERENCE = "docs/anomalies.md", "retours", "référence de chaque fiche"
_CANDIDATES, _EVALUATORS = "registre, feuille Candidats", "registre, feuille Évaluateurs"

ANOMALIES: Mapping[str, Column] = {
    "gravity": text("Gravité", "bloquante, avertissement ou info.", _CATALOGUE),
    "code": text("Code", "Code de l'anomalie.", _CATALOGUE),
    "candidate": text("Candidat", "Identifiant du candidat concerné.", _CANDIDATES),
    "evaluator": text("Évaluateur", "Identifiant de l'évaluateur concerné.", _EVALUATORS),
    "file": text("Fichier", "Chemin sous le dossier retours.", _RETURNS),
    "sheet": text("Feuille", "Nom de la feuille.", _RETURNS),
    "cell": text("Cellule", "Adresse de la cellule, ou des cellules.", _RETURNS),
    "value": text("Valeur", "Ce qui a été lu.", _RETURNS),
    "message": text("Message", "Ce qui ne va pas, en toutes lettres.", _CATALOGUE),
    "remedy": text("Correction", "Ce qu'il faut faire.", _CATALOGUE),
}
"""By column of :data:`engine.model.tables.ANOMALIES`."""

_SYSTEM = "système de fichiers"
_MODIFIED, _SIZE = "Date de modification du fichier, heure locale.", "Taille du fichier."
FILES: Mapping[str, Column] = {
    "file": text("Fichier", "Chemin sous le dossier retours.", _RETURNS),
    "state": text("État", "Accepté, Accepté avec réserves, Refusé, Remplacé ou Ignoré.", "anomalies du fichier"),
    "kind": text("Nature", "Natures des fiches reconnues, séparées par « ; ».", _REFERENCE),
    "candidate": text("Candidat", "Identifiants des candidats, séparés par « ; ».", _REFERENCE),
    "evaluator": text("Évaluateur", "Identifiants des évaluateurs, séparés par « ; ».", _REFERENCE),
    "modified": Column(name="Modifié le", type=Type.MOMENT, meaning=_MODIFIED, source=_SYSTEM),
    "size": Column(name="Taille", type=Type.WHOLE, meaning=_SIZE, source=_SYSTEM, unit="octets"),
    "sha256": text("SHA-256", "Empreinte du contenu.", "contenu du fichier"),
}
"""By column of :data:`engine.model.tables.FILES`."""

MISSING: Mapping[str, Column] = {
    "evaluator": text("Évaluateur", "Identifiant de qui doit la fiche.", _EVALUATORS),
    "name": text("Nom", "Son nom.", _EVALUATORS),
    "email": text("Courriel", "Son adresse.", _EVALUATORS),
    "candidate": text(
        "Candidat", "Identifiant du candidat noté ; vide pour une fiche de toute la cohorte.", _CANDIDATES
    ),
    "kind": text("Nature", "Nature de la fiche attendue.", "référentiel et registre"),
    "candidate_name": text("Nom du candidat", "Son nom.", _CANDIDATES),
    "title": text("Fiche", "La fiche attendue, par son titre.", "référentiel et registre"),
}
"""By column of :data:`engine.model.tables.MISSING_SHEETS`, then in words; in the workbook alone."""


def anomalies(found: pd.DataFrame) -> Table:
    """The table, from that of :data:`engine.model.tables.ANOMALIES`."""
    content = "Une ligne par anomalie, dans l'ordre où elles ont été trouvées."
    return frame_table("anomalies", content, ANOMALIES, found)


def files(returns: pd.DataFrame) -> Table:
    """The table, from that of :data:`engine.model.tables.FILES`."""
    return frame_table("fichiers", "Une ligne par fichier du dossier retours.", FILES, returns)
