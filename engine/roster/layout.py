"""What the roster's sheets hold: the headings that :mod:`~engine.roster.blank` writes and the reader looks for."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.people import ORAL, TRANSVERSAL
from engine.office.typed.layout import EXAMPLE, NO, YES, Column, Layout

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
    Field("Conservation", "Durée, par exemple 24 mois : l'historique que « cohorte purge DOSSIER » garde. Facultatif."),
    Field("Date limite", "Au format jj/mm/aaaa : personne n'est relancé avant. Facultatif."),
    Field("Lieu", "Où siège le jury : paraît sur les convocations et au procès-verbal. Facultatif."),
    Field("Fuseau", "Celui des heures de la feuille Journées. Vide : Europe/Paris. Par exemple Indian/Reunion."),
    Field("Courriel du certificateur", "À qui va ce que la session remet. Facultatif."),
    Field("Énoncés", "Fichier .csv ou .xlsx à deux colonnes, Code et Énoncé, à côté de ce registre. Facultatif."),
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
        Column(
            "Convocation",
            92,
            f"Au grand oral. Vide : selon le dossier ; {YES} : même si le dossier ne le permet pas ; "
            f"{NO} : pas à cette session.",
        ),
        Column(
            "Passage",
            130,
            "Un créneau imposé, jj/mm/aaaa hh:mm, suivi de la salle si deux salles commencent à la même heure.",
        ),
        Column(
            "Conservés",
            120,
            "Ce qui reste acquis d'une session antérieure, hors blocs : codes d'UE, de l'épreuve nationale, "
            f"{TRANSVERSAL}, {ORAL}.",
        ),
        Column(
            "Blocs présentés",
            110,
            "Codes des seuls blocs présentés à cette session. Vide : tous, et le titre.",
        ),
    ),
)

CARRIED = (
    Column(
        "À décider",
        300,
        "Ce que le candidat avait aussi validé, hors blocs : copiez dans Conservés, sans la parenthèse, ce que vos "
        "règles gardent. Cette colonne n'est pas lue.",
        "Oral (41,5/60)",
    ),
    Column("Session d'origine", 210, "Celle d'où vient le candidat. Cette colonne n'est pas lue.", "Juin 2025"),
)
"""What a roster also shows of candidates who come from another session; it is not read."""

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
        Column("Qualité", 150, "Pour un juré, au procès-verbal. Facultatif.", "Directeur de magasin"),
        Column("Organisme", 150, "Son entreprise ou son établissement. Facultatif.", "Les Halles du Port"),
        Column("Extérieur", 76, f"Pour un juré. {YES} : ni du certificateur, ni du centre ; sinon {NO}.", YES),
    ),
)

SITTINGS = Layout(
    3,
    "Journées",
    (
        Column("Date", 150, "Jour où le jury siège, au format jj/mm/aaaa.", f"{EXAMPLE} 30/01/2025", required=True),
        Column("Salle", 110, "Une ligne par salle.", "A", required=True),
        Column("Début", 76, "Heure du premier passage, au format hh:mm.", "09:00", required=True),
        Column("Fin", 76, "Heure à laquelle le dernier passage est terminé.", "17:00", required=True),
        Column("Jurés", 130, "Identifiants de ceux qui y siègent.", "J01;J02", required=True),
        Column("Pauses", 190, "Facultatif ; séparées par « ; ».", "12:30-13:30;15:30-15:45"),
    ),
    optional=True,
)
