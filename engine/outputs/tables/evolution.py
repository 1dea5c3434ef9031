"""The rows of `Évolution`: what changed since an earlier run. They stand in the workbook alone."""

from __future__ import annotations

from collections.abc import Mapping

from engine.outputs.tables.column import Column, text

_BOTH, _RETURNS = "comparaison des deux consolidations", "retours"

EVOLUTION: Mapping[str, Column] = {
    "object": text("Objet", "Décision, Anomalie, Valeur ou Retour.", _BOTH),
    "turn": text("Changement", "Ce qui lui est arrivé : nouvelle, changée, disparue, levée...", _BOTH),
    "candidate": text("Candidat", "Identifiant du candidat concerné.", "registre, feuille Candidats"),
    "evaluator": text("Évaluateur", "Identifiant de l'évaluateur concerné.", "registre, feuille Évaluateurs"),
    "kind": text("Nature", "Nature de la fiche ; gravité d'une anomalie.", "référence de chaque fiche"),
    "input": text("Saisie", "Ce qui est saisi : niveau, note...", "référentiel"),
    "code": text("Code", "Code de ce qui est noté, ou de l'anomalie.", "référentiel ; docs/anomalies.md"),
    "before": text("Avant", "Ce qui était lu, décidé ou dit ; vide pour ce qui est nouveau.", "mémoire de la cohorte"),
    "after": text("Après", "Ce qui l'est maintenant ; vide pour ce qui a disparu.", "cette consolidation"),
    "file": text("Fichier", "Chemin sous le dossier retours.", _RETURNS),
    "sheet": text("Feuille", "Nom de la feuille.", _RETURNS),
    "cell": text("Cellule", "Adresse de la cellule.", _RETURNS),
}
"""By what each tells, in the order of the columns."""
