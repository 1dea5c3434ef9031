"""What the workbook says of each sheet and of each key, in French: a title, and what to type."""

from __future__ import annotations

from collections.abc import Mapping

from engine.referential.workbook.sheets import LABEL, VALUE

Said = tuple[str, str]
"""A title, and what to type."""

SHEETS: Mapping[str, Said] = {
    "certification": ("Certification", "Ce qu'est la certification : une seule ligne."),
    "scales": ("Échelles", "level toujours ; work s'il y a des travaux ; mark s'il y a des notes."),
    "scales.labels": ("Sens des valeurs", "Ce que veut dire une valeur d'une échelle ; pas forcément chacune."),
    "bloc": ("Blocs de compétences", "Une ligne par bloc, dans l'ordre de la grille."),
    "bloc.competences": ("Compétences", "Une ligne par compétence, dans l'ordre de la grille."),
    "transversal": ("Compétences transversales", "Une seule ligne ; aucune s'il n'y en a pas."),
    "transversal.domains": ("Domaines transversaux", "Une ligne par domaine, dans l'ordre de la fiche."),
    "transversal.domains.items": ("Items transversaux", "Une ligne par item, dans l'ordre de la fiche."),
    "oral": ("Grand oral", "Une seule ligne ; aucune s'il n'y a pas d'oral."),
    "oral.sections": ("Groupes de critères", "Une ligne par groupe, dans l'ordre de la fiche."),
    "oral.sections.items": ("Critères de l'oral", "Une ligne par critère, dans l'ordre de la fiche."),
    "oral.sequence": ("Déroulé de l'oral", "Une ligne par temps de l'épreuve. Facultatif."),
    "ue": ("Unités d'enseignement", "Une ligne par UE ; aucune s'il n'y en a pas."),
    "ue_rule": ("Barre des UE", "Une seule ligne, avec les UE et jamais sans."),
    "national_exam": ("Examen national", "Une seule ligne ; aucune s'il n'y en a pas."),
    "national_exam.deliverable": ("Pièces du dossier de l'examen", "Une ligne par pièce. Facultatif."),
    "exam": (
        "Épreuves de la formation",
        "Notes enregistrées ; elles ne décident que dans la moyenne d'un bloc. Facultatif.",
    ),
    "work": ("Travaux évalués", "Évalués par le tuteur ou un formateur. Facultatif."),
    "document": ("Documents", "Ce que le référent vérifie. Facultatif."),
    "sources": ("Abréviations", "Ce que veut dire ce qui ouvre une preuve (RA, DP) ; une ligne chacune."),
    "policy": ("Règles de l'établissement", "Ce que l'établissement décide : une seule ligne."),
}

_ALWAYS: Mapping[str, Said] = {
    "code": ("Code", "Lettres sans accent, chiffres, points ; unique dans tout le référentiel."),
    "title": ("Intitulé", "Tel qu'il paraîtra sur les fiches et dans les résultats."),
    "minimum": ("Minimum", "Niveau, sur l'échelle, à partir duquel c'est démontré."),
    "required": ("Nombre requis", "Combien doivent atteindre leur minimum."),
    "at_least": ("Seuil", "À atteindre (≥)."),
    "ue": ("UE", "Code d'une UE."),
    "competence": ("Compétence", "Code de la compétence que cela éclaire."),
    "duration_minutes": ("Durée (minutes)", "En minutes. Facultatif."),
}
"""What a key means wherever it stands, unless a sheet says otherwise."""

_OF_A_SHEET: Mapping[tuple[str, str], Said] = {
    ("certification", "code"): ("Code", "Code d'enregistrement, par exemple RNCP34465."),
    ("certification", "short_title"): ("Intitulé court", "Sans espace ni « / » : il ouvre la référence des fiches."),
    ("certification", "level"): ("Niveau", "Niveau de qualification : 3 à 8."),
    ("certification", "certifier"): ("Certificateur", "Son nom."),
    ("certification", "version"): ("Version", "Sans espace ni « / » ; une fiche d'une autre version est refusée."),
    ("certification", "registration_ends"): ("Fin d'enregistrement", "Une date jj/mm/aaaa. Facultatif."),
    ("certification", "registered_on"): ("Date d'enregistrement", "Date de la décision, jj/mm/aaaa. Facultatif."),
    ("certification", "nsf"): ("Codes NSF", "Un par ligne (Alt+Entrée). Facultatif."),
    ("certification", "legal_name"): ("Dénomination légale", "Celle du certificateur, pour les attestations."),
    ("certification", "credits"): ("Crédits", "La somme de ceux des UE. Facultatif."),
    ("scales", "scales"): ("Échelle", "level, work ou mark."),
    ("scales", "minimum"): ("Plus petite valeur", "Un nombre. Vide pour une échelle en lettres."),
    ("scales", "maximum"): ("Plus grande valeur", "Un nombre. Vide pour une échelle en lettres."),
    ("scales", "letters"): ("Lettres", "De la plus haute à la plus basse : A > B > C > D. Vide : des nombres."),
    ("scales", "step"): ("Pas", "Écart entre deux valeurs ; vide : tous les décimaux sont admis."),
    ("scales.labels", "scales"): ("Échelle", "level, work ou mark."),
    ("scales.labels", VALUE): ("Valeur", "Une valeur de l'échelle."),
    ("scales.labels", LABEL): ("Sens", "Ce qu'elle veut dire."),
    ("sources", VALUE): ("Abréviation", "Telle qu'elle ouvre les preuves : RA."),
    ("sources", LABEL): ("Sens", "Ce qu'elle veut dire, avec une majuscule."),
    ("bloc.competences", "bloc"): ("Bloc", "Code de son bloc."),
    ("bloc.competences", "evidence"): ("Preuves attendues", "Une par ligne (Alt+Entrée) ; vide s'il n'y en a pas."),
    ("bloc.competences", "statement"): ("Libellé enregistré", "Montré sous la désignation. Facultatif."),
    ("bloc.competences", "mandatory"): ("Obligatoire", "Oui : le bloc n'est pas validé sans elle. Facultatif."),
    ("bloc", "required"): ("Nombre requis", "Compétences à démontrer ; vide pour un bloc validé par une moyenne."),
    ("bloc", "at_least"): ("Moyenne à atteindre", "Moyenne de ses épreuves (≥). Vide : validé par ses compétences."),
    ("bloc", "floor"): ("Note plancher", "Aucune épreuve de la moyenne sous cette note. Facultatif."),
    ("bloc", "trainers_weight"): ("Poids des formateurs", "En %, dans une moyenne de rôles. Facultatif."),
    ("bloc", "tutor_weight"): ("Poids du tuteur", "En %, dans une moyenne de rôles. Facultatif."),
    ("bloc", "jury_weight"): ("Poids du jury", "En % : la note du grand oral. Facultatif."),
    ("exam", "bloc"): ("Bloc", "Code du bloc dont elle compte dans la moyenne. Facultatif."),
    ("exam", "coefficient"): ("Coefficient", "Dans cette moyenne ; vide : 1."),
    ("exam", "after"): ("Après l'épreuve", "Code de l'épreuve qui doit d'abord être réussie. Facultatif."),
    ("exam", "after_at_least"): ("Note qui l'ouvre", "À avoir (≥) à cette épreuve pour passer celle-ci."),
    ("transversal.domains.items", "domains"): ("Domaine", "Intitulé de son domaine."),
    ("oral", "at_least"): ("Seuil (points)", "Total à atteindre (≥), au plus le total des points."),
    ("oral", "step"): ("Pas (points)", "Plus petit écart entre deux notes d'un critère."),
    ("oral.sections.items", "sections"): ("Groupe", "Intitulé de son groupe."),
    ("oral.sections.items", "points"): ("Points", "Le critère est noté de 0 à ce nombre."),
    ("oral.sequence", "minutes"): ("Durée (minutes)", "En minutes."),
    ("ue", "credits"): ("Crédits", "Accordés quand l'UE est validée."),
    ("ue", "requires_report"): ("Rapport exigé", "Oui : l'UE demande aussi un rapport jugé conforme à l'oral."),
    ("ue_rule", "above"): ("Barre", "Une UE est validée strictement au-dessus de cette note."),
    ("national_exam", "requires_plagiarism_check"): ("Contrôle du plagiat", "Oui : colonne « Plagiat vérifié »."),
    ("exam", "mode"): ("Forme", "Écrit, oral… Facultatif."),
    ("work", "ue"): ("UE", "Codes, séparés par « ; ». Facultatif."),
    ("work", "file"): ("Dossier", "Ce qui le réunit à d'autres travaux. Facultatif."),
    ("work", "language"): ("Langue", "De rédaction, quand elle est imposée. Facultatif."),
    ("policy", "competence_from"): ("Avis sur une compétence", "Comment plusieurs deviennent un."),
    ("policy", "transversal_from"): ("Avis sur un item", "Comment plusieurs deviennent un."),
    ("policy", "oral_from"): ("Totaux d'oral", "Comment plusieurs deviennent un."),
    ("policy", "minimum_jurors"): ("Jurés au moins", "Fiches d'oral complètes sans lesquelles on attend."),
    ("policy", "rounding"): ("Décimales", "Gardées avant de comparer à un seuil, de 0 à 6."),
    ("policy", "divergence_levels"): ("Écart (niveaux)", "Entre évaluateurs, à partir duquel on avertit."),
    ("policy", "divergence_points"): ("Écart (points)", "Entre totaux d'oral, à partir duquel on avertit."),
    ("policy", "external_share"): ("Part d'extérieurs", "Au jury, de 0 à 1. Facultatif."),
    ("policy", "level_worth_zero"): ("Niveau qui vaut 0", "Sur 20, dans une moyenne de rôles. Facultatif."),
    ("policy", "title_requires_ues"): ("UE exigées", "Oui : le titre demande aussi toutes les UE."),
    ("policy", "show_minima_to_evaluators"): ("Minima montrés", "Oui : la grille montre les minima."),
}

WORDS: Mapping[str, str] = {
    "mean": "la moyenne",
    "median": "la médiane",
    "min": "le plus petit",
    "max": "le plus grand",
}
"""What the words that a key admits mean."""


def said(sheet: str, key: str) -> Said:
    """The title and the help of a key in a sheet; the key itself where nobody has said it yet."""
    return _OF_A_SHEET.get((sheet, key)) or _ALWAYS.get(key) or (key, "")
