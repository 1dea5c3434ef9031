"""The catalogue of anomalies: code, gravity, title, what to do, and all that follows from a code.

Texts are French: they are read by the secretariat, tutors and jurors.
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum


class Gravity(StrEnum):
    """How serious an anomaly is; a blocking one excludes a value and makes the run end with status 1."""

    BLOCKING = "bloquante"
    WARNING = "avertissement"
    INFO = "info"


class Family(StrEnum):
    """What the first sign of a code says."""

    FILE = "F"
    SHEET = "S"
    IDENTITY = "I"
    VALUE = "V"
    RULE = "R"


class About(StrEnum):
    """What an anomaly is about, however it is worded and wherever it moved: tomorrow's is the same, or another one."""

    CELL = "cell"  # what its cell holds; without a file, the item that its value names
    ROW = "row"  # the row or the column that its value names
    SHEET = "sheet"  # all of a sheet
    CASE = "case"  # all of a candidate, or of the session: its value is what was read


class Mend(StrEnum):
    """Whether its author mends it by filling a fresh copy, which holds what could be read."""

    NEVER = "never"
    BLOCKING = "blocking"  # where it blocks
    ALWAYS = "always"


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue: all that is true of a code, whatever the case."""

    gravity: Gravity
    """The usual one."""
    title: str
    remedy: str
    """What to do when nothing more precise is known."""
    _: KW_ONLY
    about: About = About.CELL
    mend: Mend = Mend.NEVER
    advice: str = ""
    """What its author can do about a sheet that it refuses; the remedy speaks to the secretariat."""
    of_roster: str = ""
    """What to do where the file is the roster."""
    of_input: bool = False
    """Whether it keeps what one input cell holds from being taken."""
    unquoted: bool = False
    """Whether its message leaves out what was typed."""
    of_scale: bool = False
    """Whether the value may be right on another row."""
    of_sheet: bool = False
    """Whether it is about a sheet as a whole, and holds even where another one counts instead."""
    asks_again: bool = False
    """Whether its author mends a sheet that it refuses in a blank one."""
    tells_blanks: bool = False
    """Whether it lists cells that wait to be filled, none of them wrong."""
    tells_change: bool = False
    """Whether it tells of a change since the last run: the next one no longer does, though nothing was mended."""
    damage: bool = False
    """Whether the bytes are not whole, or not written in a way that is known."""
    of_rows: bool = False
    """Whether it may be about rows of a list, whose cells count one by one, so that no other sheet hides it."""
    passing: bool = False
    """Whether another reading of the same bytes may go otherwise."""
    tells_gap: bool = False
    """Whether it says that people rated the same thing far apart."""
    doubts_seal: bool = False
    """Whether it says that the seal of a sheet is not this cohort's."""
    unsealed: bool = False
    """Whether it says that no seal vouches for a sheet."""
    of_name: bool = False
    """Whether it says that a name shown is not that of the identifier."""
    hides_row: bool = False
    """Whether a row that it names stands nowhere, so that nothing is known of what it held."""
    unsigned: bool = False
    """Whether it says that a signature is missing or wrong."""
    of_record: bool = False
    """Whether the jury's record tells it."""
    of_closure: bool = False
    """Whether it says that a closed session no longer stands on what it froze."""


_B, _W, _I = Gravity.BLOCKING, Gravity.WARNING, Gravity.INFO

SAVE_AGAIN = (
    "Ouvrez le fichier dans Excel ou LibreOffice et enregistrez-le au format « Classeur Excel (.xlsx) » ; s'il ne s'y "
    "ouvre pas non plus, demandez le classeur à l'expéditeur."
)
"""The remedy of what this program cannot read and another may."""

REOPEN = '« cohorte reopen DOSSIER --reason "la raison" »'
"""How a session is opened again, in what is written: the same wherever the cohort stands, whoever runs the program."""

COPY_VALUES = (
    "S'il s'ouvre dans Excel ou LibreOffice, reportez-en les valeurs dans la fiche envoyée ; sinon, demandez-la "
    "remplie de nouveau."
)


def _input(title: str, remedy: str, *, of_scale: bool = False, unquoted: bool = False) -> Entry:
    """An anomaly that keeps a cell from being taken: a fresh copy of the sheet mends it."""
    return Entry(_B, title, remedy, mend=Mend.ALWAYS, of_input=True, of_scale=of_scale, unquoted=unquoted)


CATALOGUE: dict[str, Entry] = {
    "F01": Entry(_B, "Fichier vide, tronqué, endommagé, ou que le programme ne sait pas lire", SAVE_AGAIN, damage=True),
    "F02": Entry(
        _B, "Ce n'est pas un classeur", "Demandez le classeur Excel lui-même (.xlsx), et non une copie d'un autre type."
    ),
    "F03": Entry(
        _B,
        "Fichier protégé par un mot de passe",
        "Demandez le classeur enregistré sans mot de passe d'ouverture.",
        of_roster="Enregistrez-le sans mot de passe.",
    ),
    "F04": Entry(
        _B, "Format ancien ou binaire", "Ouvrez le fichier et enregistrez-le au format « Classeur Excel (.xlsx) »."
    ),
    "F05": Entry(
        _B,
        "Fichier refusé par sécurité",
        COPY_VALUES,
        of_roster="Supprimez ce qui s'étend sans fin sous la dernière personne ou à droite du tableau (mises en forme, "
        "fusions, listes de validation), ou recopiez les valeurs dans un registre neuf.",
    ),
    "F06": Entry(
        _B,
        "Fichier illisible",
        "Vérifiez les droits et l'emplacement du fichier, puis relancez.",
        passing=True,
        of_roster="Vérifiez qu'il n'est pas ouvert ailleurs, et vos droits sur ce fichier.",
    ),
    "F07": Entry(
        _B,
        "Fichier en cours d'écriture",
        "Attendez la fin de la copie, puis relancez.",
        passing=True,
        of_roster="Attendez la fin de l'enregistrement, puis relancez la commande.",
    ),
    "F08": Entry(_B, "Lecture interrompue", COPY_VALUES, passing=True),
    "F09": Entry(_W, "Fichier contenant des macros", "Les macros ont été ignorées ; préférez le format .xlsx."),
    "S01": Entry(
        _B,
        "Aucune fiche reconnue dans le classeur",
        "Si c'est une fiche, reportez ses valeurs dans celle d'origine, qui porte une référence en haut de la feuille.",
        about=About.SHEET,
        asks_again=True,
        advice="Renvoyez-nous le classeur qui vous a été adressé, une seule fiche par feuille.",
    ),
    "S02": Entry(
        _B,
        "Fiche d'une autre version du référentiel",
        "Reportez les valeurs dans une fiche de la version en cours.",
        about=About.SHEET,
        asks_again=True,
        advice="Reportez vos réponses dans le classeur de la version en cours ; à défaut, demandez-le-nous.",
    ),
    "S03": Entry(
        _B,
        "Tableau, colonne ou ligne introuvable",
        "Reportez les valeurs dans une fiche d'origine, sans supprimer de ligne ni de colonne.",
        about=About.ROW,
        mend=Mend.ALWAYS,
        asks_again=True,
        hides_row=True,
        advice="Reportez vos réponses dans le classeur qui vous a été adressé, sans en supprimer de ligne ni de "
        "colonne.",
    ),
    "S04": Entry(
        _B,
        "Code en double ou inconnu",
        "Rétablissez la colonne des codes telle qu'elle a été envoyée, et supprimez toute ligne en trop.",
        about=About.ROW,
        mend=Mend.ALWAYS,
        asks_again=True,
    ),
    "S05": Entry(
        _W,
        "Texte verrouillé modifié",
        "Rétablissez le texte d'origine ; la règle du référentiel s'applique.",
        mend=Mend.BLOCKING,
        of_rows=True,
    ),
    "S06": _input(
        "Cellules de saisie fusionnées", "Annulez la fusion et saisissez une valeur par cellule.", unquoted=True
    ),
    "I01": Entry(
        _B,
        "Candidat inconnu",
        "Corrigez l'identifiant, ou inscrivez ce candidat dans la feuille Candidats du registre.",
        about=About.SHEET,
        of_rows=True,
    ),
    "I02": Entry(
        _B,
        "Évaluateur inconnu ou non affecté à ce candidat",
        "Corrigez l'affectation dans le registre, ou retirez la fiche du dossier « retours ».",
        about=About.SHEET,
    ),
    "I03": Entry(
        _B,
        "Sceau non conforme",
        "Reportez les valeurs dans la fiche envoyée par cette cohorte, sans modifier sa référence.",
        about=About.SHEET,
        asks_again=True,
        advice="Reportez vos réponses dans le classeur qui vous a été adressé, sans en changer la référence.",
        doubts_seal=True,
    ),
    "I04": Entry(
        _W,
        "Nom affiché différent de celui de l'identifiant",
        "Vérifiez que la fiche concerne la bonne personne.",
        about=About.SHEET,
        mend=Mend.BLOCKING,
        of_name=True,
        of_rows=True,
    ),
    "I05": Entry(_I, "Même fichier reçu plusieurs fois", "Rien à faire : un seul exemplaire compte."),
    "I06": Entry(
        _W,
        "Plusieurs versions d'une fiche",
        "Vérifiez que la version retenue est la bonne.",
        about=About.SHEET,
        advice="Dites-nous laquelle de ces versions est la bonne, ou renvoyez-la-nous.",
    ),
    "I07": Entry(
        _B,
        "Signature absente ou fausse",
        "Demandez à l'évaluateur de signer avec son code personnel.",
        about=About.SHEET,
        unsigned=True,
        advice="Tapez votre code personnel dans la case de signature, puis renvoyez le classeur.",
    ),
    "I08": Entry(
        _W,
        "Fiche vierge aux identifiants saisis à la main",
        "Vérifiez les identifiants ; préférez la fiche nominative.",
        about=About.SHEET,
        asks_again=True,
        unsealed=True,
        advice="Reportez vos réponses dans le classeur nominatif qui vous a été adressé.",
    ),
    "V01": _input("Valeur hors de l'échelle", "Saisissez une valeur de l'échelle.", of_scale=True),
    "V02": _input("Valeur entre deux échelons", "Saisissez une valeur de l'échelle.", of_scale=True),
    "V03": _input("Valeur qui n'est pas claire", "Saisissez seulement la valeur attendue."),
    "V04": Entry(_I, "Nombre saisi comme un texte", "Rien à faire : la valeur a été comprise."),
    "V05": _input(
        "Date à la place d'une valeur",
        "Recopiez une case vide voisine sur celle-ci, qui a gardé un format de date, puis saisissez la valeur.",
    ),
    "V06": _input("Erreur ou formule sans résultat", "Remplacez la formule par la valeur."),
    "V07": _input("Vrai ou faux à la place d'une valeur", "Saisissez seulement la valeur."),
    "V08": _input(
        "Pourcentage à la place d'une valeur",
        "Recopiez une case vide voisine sur celle-ci, qui a gardé un format de pourcentage, puis saisissez le nombre.",
    ),
    "V09": Entry(_W, "Valeurs manquantes", "Complétez la fiche et renvoyez-la.", about=About.SHEET, tells_blanks=True),
    "V10": _input("Code non admis ici", "Saisissez une valeur, ou un code admis pour cette case."),
    "V11": Entry(_I, "Valeur calculée par une formule", "Rien à faire : le résultat enregistré a été lu."),
    "V12": _input(
        "Mise en forme qui change le sens de la valeur",
        "Demandez quelle valeur vaut ; recopiez une case vide voisine sur celle-ci, puis saisissez la valeur seule.",
    ),
    "V13": Entry(
        _B,
        "Décision du jury qui ne peut pas être prise",
        "Corrigez la ligne avec le président du jury dans la feuille Délibération, signez-la de nouveau, renvoyez-la.",
    ),
    "R01": Entry(_W, "Compétence que personne n'a évaluée", "Demandez ce niveau à un tuteur ou à un formateur."),
    "R02": Entry(_W, "Évaluations très écartées", "Demandez aux évaluateurs de se concerter.", tells_gap=True),
    "R03": Entry(_W, "Pas assez de fiches de jury complètes", "Demandez aux jurés de compléter leur fiche."),
    "R04": Entry(
        _W,
        "Grand oral passé sans la note requise à l'examen national",
        "Vérifiez que le candidat y était admissible.",
        about=About.CASE,
    ),
    "R05": Entry(_W, "Rapport d'activité non conforme, ou jurés en désaccord", "Faites trancher le jury."),
    "R06": Entry(_W, "Travail évalué à 0", "Vérifiez que le zéro est voulu."),
    "R07": Entry(
        _W,
        "Valeur disparue ou changée depuis la dernière consolidation",
        "Vérifiez auprès de qui a rempli la fiche.",
        tells_change=True,
    ),
    "R08": Entry(
        _B,
        "Une décision figée changerait",
        f"La décision figée est maintenue ; voyez avec le jury. Pour décider de nouveau : {REOPEN}, puis une nouvelle "
        "clôture.",
        of_closure=True,
    ),
    "R09": Entry(
        _W,
        "Session postérieure à la fin d'enregistrement de la certification",
        "Vérifiez que chaque candidat est entré en formation avant cette date.",
        about=About.CASE,
    ),
    "R10": Entry(
        _W,
        "Niveau fixé par la commission à côté d'un niveau calculé qui a changé depuis",
        "Montrez le nouveau niveau à la commission : le sien vaut tant que sa fiche reste dans « retours ».",
    ),
    "R11": Entry(
        _B,
        "Les règles ne donnent plus ce que la fiche de délibération proposait",
        "La décision du jury reste ; faites-la confirmer ou changer par une nouvelle délibération signée.",
    ),
    "R12": Entry(_I, "Le jury s'écarte des règles", "Rien à faire : la décision du jury vaut."),
    "R13": Entry(
        _W,
        "Juré lié au candidat",
        "Désignez un autre juré ; s'il s'agit d'une autre personne ou d'une autre entreprise, corrigez le registre.",
        of_record=True,
    ),
    "R14": Entry(
        _B,
        "Composition du jury",
        "Complétez le président et les membres présents dans la feuille Délibération, et signez-la de nouveau.",
        about=About.SHEET,
        of_sheet=True,
        of_record=True,
    ),
    "R15": Entry(
        _W,
        "Grand oral sans dossier complet",
        "Complétez le dossier, ou vérifiez que le jury a reçu ce candidat en connaissance de cause.",
        of_record=True,
    ),
}
