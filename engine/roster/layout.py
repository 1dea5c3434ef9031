"""What the roster's sheets hold: the headings that :mod:`~engine.roster.blank` writes and the reader looks for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.office.typed.layout import EXAMPLE, Column, Layout

ENROLLED, LEFT = "Inscrit", "Abandon"
NOBODY = "aucun candidat ; écrivez-en un par ligne, sous les titres."
"""What is said of a roster in which nobody was written yet."""


@dataclass(frozen=True)
class Field:
    """One line of the sheet `Session`: its name and what to type, in French."""

    name: str
    advice: str


FIELDS = (
    Field("Référentiel", "Nom d'un référentiel livré, ou chemin d'un fichier .toml."),
    Field("Cohorte", "Nom de la cohorte, tel qu'il paraîtra dans les résultats."),
    Field("Centre", "Centre de formation."),
    Field("Session", "Par exemple : Juin 2025."),
    Field("Date du jury", "Au format jj/mm/aaaa."),
    Field("Président du jury", "Prénom et nom."),
    Field("Signature exigée", "Oui : chaque fiche porte le code personnel de l'évaluateur. Vide : Non."),
    Field("Conservation", "Durée, par exemple 24 mois : ce que « purge » garde de l'historique. Facultatif."),
    Field("Date limite", "Au format jj/mm/aaaa : personne n'est relancé avant. Facultatif."),
)

SESSION = Layout(0, "Session", (Column("Champ", 150, "", required=True), Column("Valeur", 260, "", required=True)))

CANDIDATES = Layout(
    1,
    "Candidats",
    (
        Column(
            "Identifiant",
            104,
            "Unique : 1 à 32 lettres sans accent, chiffres, points ou tirets, sans espace. 007 reste 007.",
            f"{EXAMPLE} 007",
            required=True,
        ),
        Column("Nom", 122, "Nom de famille.", "Lefèvre", required=True),
        Column("Prénom", 100, "Prénom usuel.", "Éloïse", required=True),
        Column("Courriel", 194, "Facultatif.", "eloise.lefevre@exemple.fr"),
        Column("Entreprise", 150, "Facultatif.", "Les Halles du Port"),
        Column("Tuteur", 76, "Identifiant d'un évaluateur qui a le rôle Tuteur.", "T01"),
        Column("Formateurs", 96, "Identifiants d'évaluateurs qui ont le rôle Formateur.", "F01;F02"),
        Column("Jurés", 96, "Identifiants d'évaluateurs qui ont le rôle Juré.", "J01;J02"),
        Column("Blocs acquis", 92, "Codes des blocs déjà acquis lors d'une session précédente."),
        Column("Statut", 76, f"Vide ou {ENROLLED} ; {LEFT} pour un candidat qui a quitté la formation.", ENROLLED),
    ),
)

EVALUATORS = Layout(
    2,
    "Évaluateurs",
    (
        Column("Identifiant", 104, "Comme pour les candidats ; unique parmi les évaluateurs.", f"{EXAMPLE} T01", True),
        Column("Nom", 150, "Nom de famille.", "Benali", required=True),
        Column("Prénom", 120, "Prénom usuel.", "Karim", required=True),
        Column(
            "Rôle",
            160,
            "À choisir dans la liste ; plusieurs rôles : tapez-les, séparés par un point-virgule.",
            "Tuteur;Juré",
            required=True,
        ),
        Column("Courriel", 220, "Facultatif.", "karim.benali@exemple.fr"),
    ),
)
