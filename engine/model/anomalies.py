"""The catalogue of anomalies: code, gravity, title, and what to do; and how one is made.

A message says what was read and why it cannot be used; the remedy says what to do. File, sheet and cell stay
in their own columns. Texts are French: they are read by the secretariat, tutors and jurors.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """How serious an anomaly is; a blocking one excludes a value and makes the run end with status 1."""

    BLOCKING = "bloquante"
    WARNING = "avertissement"
    INFO = "info"


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue: the usual gravity, a title, and what to do when nothing more precise is known."""

    gravity: Gravity
    title: str
    remedy: str


_B, _W, _I = Gravity.BLOCKING, Gravity.WARNING, Gravity.INFO

SAVE_AGAIN = (
    "Ouvrez le fichier dans Excel ou LibreOffice et enregistrez-le au format « Classeur Excel (.xlsx) » ; s'il ne s'y "
    "ouvre pas non plus, demandez le classeur à l'expéditeur."
)
"""The remedy of what this program cannot read and another may."""

COPY_VALUES = (
    "S'il s'ouvre dans Excel ou LibreOffice, reportez-en les valeurs dans la fiche envoyée ; sinon, demandez-la "
    "remplie de nouveau."
)

CATALOGUE: dict[str, Entry] = {
    "F01": Entry(_B, "Fichier vide, tronqué, endommagé, ou que le programme ne sait pas lire", SAVE_AGAIN),
    "F02": Entry(
        _B, "Ce n'est pas un classeur", "Demandez le classeur Excel lui-même (.xlsx), et non une copie d'un autre type."
    ),
    "F03": Entry(
        _B, "Fichier protégé par un mot de passe", "Demandez le classeur enregistré sans mot de passe d'ouverture."
    ),
    "F04": Entry(
        _B, "Format ancien ou binaire", "Ouvrez le fichier et enregistrez-le au format « Classeur Excel (.xlsx) »."
    ),
    "F05": Entry(_B, "Fichier refusé par sécurité", COPY_VALUES),
    "F06": Entry(_B, "Fichier illisible", "Vérifiez les droits et l'emplacement du fichier, puis relancez."),
    "F07": Entry(_B, "Fichier en cours d'écriture", "Attendez la fin de la copie, puis relancez."),
    "F08": Entry(_B, "Lecture interrompue", COPY_VALUES),
    "F09": Entry(_W, "Fichier contenant des macros", "Les macros ont été ignorées ; préférez le format .xlsx."),
    "S01": Entry(
        _B,
        "Aucune fiche reconnue dans le classeur",
        "Reportez les valeurs dans la fiche d'origine : sa référence, en haut de la feuille, permet de la reconnaître.",
    ),
    "S02": Entry(
        _B, "Fiche d'une autre version du référentiel", "Reportez les valeurs dans une fiche de la version en cours."
    ),
    "S03": Entry(
        _B,
        "Tableau, colonne ou ligne introuvable",
        "Reportez les valeurs dans une fiche d'origine, sans supprimer de ligne ni de colonne.",
    ),
    "S04": Entry(_B, "Code en double ou inconnu", "Rétablissez la colonne des codes telle qu'elle a été envoyée."),
    "S05": Entry(
        _W, "Texte verrouillé modifié", "Rétablissez le texte d'origine ; la règle du référentiel s'applique."
    ),
    "S06": Entry(_B, "Cellules de saisie fusionnées", "Annulez la fusion et saisissez une valeur par cellule."),
    "I01": Entry(
        _B,
        "Candidat inconnu",
        "Corrigez l'identifiant, ou inscrivez ce candidat dans la feuille Candidats du registre.",
    ),
    "I02": Entry(
        _B,
        "Évaluateur inconnu ou non affecté à ce candidat",
        "Corrigez l'affectation dans le registre, ou retirez la fiche du dossier « retours ».",
    ),
    "I03": Entry(_B, "Sceau non conforme", "Renvoyez la fiche générée pour cette cohorte, sans modifier sa référence."),
    "I04": Entry(
        _W, "Nom affiché différent de celui de l'identifiant", "Vérifiez que la fiche concerne la bonne personne."
    ),
    "I05": Entry(_I, "Même fichier reçu plusieurs fois", "Rien à faire : un seul exemplaire compte."),
    "I06": Entry(_W, "Plusieurs versions d'une fiche", "Vérifiez que la version retenue est la bonne."),
    "I07": Entry(_B, "Signature absente ou fausse", "Demandez à l'évaluateur de signer avec son code personnel."),
    "I08": Entry(
        _W,
        "Fiche vierge aux identifiants saisis à la main",
        "Vérifiez les identifiants ; préférez la fiche nominative.",
    ),
    "V01": Entry(_B, "Valeur hors de l'échelle", "Saisissez une valeur de l'échelle."),
    "V02": Entry(_B, "Valeur entre deux échelons", "Saisissez une valeur de l'échelle."),
    "V03": Entry(_B, "Valeur qui n'est pas claire", "Saisissez seulement la valeur attendue."),
    "V04": Entry(_I, "Nombre saisi comme un texte", "Rien à faire : la valeur a été comprise."),
    "V05": Entry(
        _B,
        "Date à la place d'une valeur",
        "Recopiez une case vide voisine sur celle-ci, qui a gardé un format de date, puis saisissez le nombre.",
    ),
    "V06": Entry(_B, "Erreur ou formule sans résultat", "Remplacez la formule par la valeur."),
    "V07": Entry(_B, "Vrai ou faux à la place d'une valeur", "Saisissez seulement le nombre."),
    "V08": Entry(
        _B,
        "Pourcentage à la place d'une valeur",
        "Recopiez une case vide voisine sur celle-ci, qui a gardé un format de pourcentage, puis saisissez le nombre.",
    ),
    "V09": Entry(_W, "Valeurs manquantes", "Complétez la fiche et renvoyez-la."),
    "V10": Entry(_B, "Code non admis ici", "Saisissez une valeur, ou un code admis pour cette case."),
    "V11": Entry(_I, "Valeur calculée par une formule", "Rien à faire : le résultat enregistré a été lu."),
    "V12": Entry(
        _B,
        "Mise en forme qui change le sens de la valeur",
        "Demandez quelle valeur vaut ; recopiez une case vide voisine sur celle-ci, puis saisissez le nombre seul.",
    ),
    "R01": Entry(_W, "Compétence que personne n'a évaluée", "Demandez ce niveau à un tuteur ou à un formateur."),
    "R02": Entry(_W, "Évaluations très écartées", "Demandez aux évaluateurs de se concerter."),
    "R03": Entry(_W, "Pas assez de fiches de jury complètes", "Demandez aux jurés de compléter leur fiche."),
    "R04": Entry(
        _W, "Grand oral passé sans la note requise à l'examen national", "Vérifiez que le candidat y était admissible."
    ),
    "R05": Entry(_W, "Rapport d'activité non conforme, ou jurés en désaccord", "Faites trancher le jury."),
    "R06": Entry(_W, "Travail évalué à 0", "Vérifiez que le zéro est voulu."),
    "R07": Entry(_W, "Valeur disparue ou changée depuis la dernière consolidation", "Vérifiez auprès de l'évaluateur."),
    "R08": Entry(_B, "Une décision figée changerait", "La décision figée est maintenue ; voyez avec le jury."),
    "R09": Entry(
        _W,
        "Session postérieure à la fin d'enregistrement de la certification",
        "Vérifiez que chaque candidat est entré en formation avant cette date.",
    ),
    "R15": Entry(
        _W,
        "Grand oral passé sans dossier complet",
        "Complétez le dossier, ou vérifiez que le jury a reçu ce candidat en connaissance de cause.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Anomaly:
    """One row of the anomalies table (see :data:`.tables.ANOMALIES`); identifiers for people, ``/`` in paths."""

    code: str
    message: str
    gravity: Gravity
    remedy: str
    candidate: str = ""
    evaluator: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""

    @property
    def blocking(self) -> bool:
        """Whether a person is needed before the value or the sheet can count."""
        return self.gravity is Gravity.BLOCKING


def make(code: str, message: str, *, gravity: Gravity | None = None, remedy: str = "", **where: str) -> Anomaly:
    """An anomaly of the catalogue; ``where`` takes candidate, evaluator, file, sheet, cell and value."""
    entry = CATALOGUE[code]
    return Anomaly(code=code, message=message, gravity=gravity or entry.gravity, remedy=remedy or entry.remedy, **where)
