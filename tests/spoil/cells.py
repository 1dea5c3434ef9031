"""Input cells badly filled, one at a time (V01 to V12), and the same that merely look odd."""

from __future__ import annotations

from datetime import date, datetime, time

from openpyxl.styles import Font

from engine.model import Kind
from tests.cohorts import Book
from tests.spoil.case import SPOILED, Case, Spoil, cell, edited, typed

GRILLE, TRAVAUX, ORAL, NOTES, VALIDATION = Kind.GRILLE, Kind.TRAVAUX, Kind.ORAL, Kind.NOTES, Kind.VALIDATION
LEVEL, POINTS, MARK = (GRILLE, "niveau", "1.1"), (ORAL, "points", "O08"), (NOTES, "niveau", "UE1")
WORK, FIRST_POINTS = (TRAVAUX, "niveau", "RA1"), (ORAL, "points", "O01")
INTEGER, DECIMAL, PERCENT = "0", "0.00", "0%"


def named(kind: Kind, entry: str, code: str) -> str:
    """How a mark of the spoiled candidate is named."""
    return f"{kind} {SPOILED} {code}" if kind in (NOTES, VALIDATION) else f"{kind} {entry} {code}".strip()


def bad(place, name: str, code: str, value: object, number_format: str = "") -> Case:
    """A value that cannot be used: it alone is lost."""
    return Case(name, code, typed(*place, value, number_format), (place[0],), lost=(named(*place),))


def read(place, name: str, code: str, value: object, result: str, number_format: str = "") -> Case:
    """A value that is understood."""
    return Case(name, code, typed(*place, value, number_format), (place[0],), read={named(*place): result})


def written(place, name: str, code: str, content: str, result: str | None = None) -> Case:
    """A cell as a spreadsheet program stores it."""
    outcome = {"lost": (named(*place),)} if result is None else {"read": {named(*place): result}}
    return Case(name, code, cell(*place, content), (place[0],), **outcome)


def drawn(place, value: object, font: Font) -> Spoil:
    """A value typed in this font."""
    kind, entry, code = place

    def change(book: Book) -> None:
        candidate = SPOILED if kind in (NOTES, VALIDATION) else ""
        book.put(kind, code if candidate else entry, "" if candidate else code, value, candidate).font = font

    return edited(kind, change)


def runs(first: str, second: str, look: str) -> str:
    """A text whose second part has another look, as a spreadsheet program stores it."""
    return f't="inlineStr"><is><r><t>{first}</t></r><r><rPr>{look}</rPr><t>{second}</t></r></is>'


NUMBERS = [
    bad(LEVEL, "niveau 6 sur une échelle de 1 à 5", "V01", 6),
    bad(LEVEL, "niveau 0", "V01", 0),
    bad(LEVEL, "« 4- » que le tableur a changé en -4", "V01", -4),
    bad(LEVEL, "niveau 35, virgule oubliée", "V01", 35),
    bad(LEVEL, "« 1e1 » que le tableur a changé en 10", "V01", 10),
    bad(LEVEL, "« 12/5 » tapé comme un texte", "V01", "12/5"),
    bad(POINTS, "six points sur un critère de cinq", "V01", 6),
    bad(MARK, "note de 20,5", "V01", 20.5),
    bad(MARK, "note de -1", "V01", -1),
    bad(MARK, "note de 125, virgule oubliée", "V01", 125),
    bad(LEVEL, "niveau 3,5", "V02", 3.5),
    bad(LEVEL, "« 1 1/2 » que le tableur a changé en 1,5", "V02", 1.5),
    bad(LEVEL, "niveau 3,4999 affiché 3", "V02", 3.4999, INTEGER),
    bad(LEVEL, "« 3,5 » tapé comme un texte", "V02", "3,5"),
    bad(POINTS, "1,25 point par demi-points", "V02", 1.25),
    read(MARK, "note de 12,345", "", 12.345, "12,345"),
    read(MARK, "note nulle", "", 0, "0"),
    read(MARK, "note de 9,99 affichée 10", "", 9.99, "9,99", INTEGER),
    read(POINTS, "zéro point", "", 0, "0"),
    written(LEVEL, "niveau 3 à l'imprécision du calcul près", "", "><v>3.0000000000000004</v>", "3"),
]  # fmt: skip

UNCLEAR = [
    bad(LEVEL, f"niveau « {text} »", "V03", text)
    for text in (
        *("4+", "3-4", "3 ou 4", "quatre", "4 pts", "½", "²", "①", "3/4", "3,", "1,000", "1e1", "NA", "-", "x", "?"),
        *("4 (à confirmer)", "3 4", "'4", "٣", "Ⅳ"),
    )
]
UNCLEAR += [
    bad(MARK, "note « 12 » suivie de « /10 »", "V03", "12/10"),
    bad(MARK, "note « 12.5.1 »", "V03", "12.5.1"),
    bad((ORAL, "rapport", ""), "rapport conforme « plutôt »", "V03", "plutôt"),
    bad((ORAL, "rapport", ""), "rapport conforme « 1 »", "V03", 1),
    bad((VALIDATION, "", "DP1"), "pièce validée « x »", "V03", "x"),
    bad((NOTES, "", "Plagiat vérifié"), "plagiat vérifié « en cours »", "V03", "en cours"),
    bad((GRILLE, "preuve", "1.1"), "preuve « peut-être »", "V03", "peut-être"),
    bad((TRAVAUX, "date", "RA1"), "date du 31 février", "V03", "31/02/2025"),
    bad((TRAVAUX, "date", "RA1"), "date « juin »", "V03", "juin"),
]

AS_TEXT = [
    read(LEVEL, "niveau 4 enregistré comme un texte", "V04", "4", "4"),
    read(LEVEL, "niveau entouré d'espaces insécables", "V04", "\N{NO-BREAK SPACE}4\u202f", "4"),
    read(LEVEL, "niveau suivi d'un caractère invisible", "V04", "4\u200b", "4"),
    read(LEVEL, "niveau en chiffre pleine chasse", "V04", "４", "4"),
    read(LEVEL, "niveau « 3/5 » tapé comme un texte", "V04", "3/5", "3"),
    read(LEVEL, "niveau « 3 / 5 »", "V04", "3 / 5", "3"),
    read(LEVEL, "niveau « 3 sur 5 »", "V04", "3 sur 5", "3"),
    read(POINTS, "points « 1,5 / 5 »", "V04", "1,5 / 5", "1,5"),
    read(MARK, "note « 12,5 » comme un texte", "V04", "12,5", "12,5"),
    read(MARK, "note « 12.50/20 »", "V04", "12.50/20", "12,5"),
    written(LEVEL, "niveau en texte enrichi", "V04", 't="inlineStr"><is><r><t>4</t></r></is>', "4"),
]

MOMENTS = [
    bad(LEVEL, "« 3/5 » que le tableur a changé en 3 mai", "V05", date(2025, 5, 3)),
    bad(MARK, "« 12/5 » que le tableur a changé en 12 mai", "V05", datetime(2025, 5, 12)),
    bad(LEVEL, "« 3:5 » que le tableur a changé en heure", "V05", time(3, 5)),
    bad(LEVEL, "niveau 4 au format de date", "V05", 4, "dd/mm/yyyy"),
    written(LEVEL, "date écrite au format ISO", "V05", 't="d"><v>2025-05-03</v>'),
]

FORMULAS = [
    bad(LEVEL, "formule sans résultat enregistré", "V06", "=1+3"),
    written(LEVEL, "erreur #N/A", "V06", 't="e"><v>#N/A</v>'),
    written(LEVEL, "erreur #SPILL!, que peu de programmes connaissent", "V06", 't="e"><v>#SPILL!</v>'),
    written(LEVEL, "erreur #DIV/0! d'une formule", "V06", 't="e"><f>1/0</f><v>#DIV/0!</v>'),
    written(LEVEL, "formule au résultat vide", "V06", 't="str"><f>""</f><v></v>'),
    written(FIRST_POINTS, "erreur #REF! dans l'oral", "V06", 't="e"><f>#REF!</f><v>#REF!</v>'),
    written(LEVEL, "formule de tableau sans résultat", "V06", '><f t="array" ref="G12">SUM({1,2})</f>'),
    bad((GRILLE, "experience", "1.1"), "texte libre commencé par « = »", "V06", "=stage"),
    written(LEVEL, "formule au résultat enregistré", "V11", "><f>2+2</f><v>4</v>", "4"),
    written(FIRST_POINTS, "formule partagée au résultat enregistré", "V11",
            '><f t="shared" si="0" ref="D12">1/2</f><v>0.5</v>', "0,5"),
    written(LEVEL, "formule dont le résultat est un texte", "V03", 't="str"><f>"bon"</f><v>bon</v>'),
    written(LEVEL, "formule hors de l'échelle", "V01", "><f>2*3</f><v>6</v>"),
]  # fmt: skip

KINDS = [
    bad(LEVEL, "« VRAI » à la place d'un niveau", "V07", True),
    bad(MARK, "« FAUX » à la place d'une note", "V07", False),
    bad(LEVEL, "80 % à la place d'un niveau", "V08", 0.8, PERCENT),
    bad(MARK, "60 % à la place d'une note", "V08", 0.6, "0.00%"),
    bad(LEVEL, "niveau 4 au format de pourcentage", "V08", 4, "0.0 %"),
    read(LEVEL, "niveau 4 au format « 4,00 »", "", 4, "4", DECIMAL),
    read(LEVEL, "niveau 4 au format « 0 pour cent entre guillemets »", "", 4, "4", '0" %"'),
    read((VALIDATION, "", "DP1"), "pièce validée par VRAI", "", True, "Oui"),
    read((ORAL, "rapport", ""), "rapport conforme « o »", "", "o", "Oui"),
    read((TRAVAUX, "date", "RA1"), "date en texte", "", "3/2/2025", "2025-02-03"),
]

SHOWN = [
    Case("niveau barré", "V12", drawn(LEVEL, 4, Font(strike=True)), lost=(named(*LEVEL),)),
    Case("note barrée, tapée comme un texte", "V12", drawn(MARK, "12,5", Font(strike=True)), (NOTES,),
         lost=(named(*MARK),)),
    Case("réponse barrée sur le rapport", "V12", drawn((ORAL, "rapport", ""), "Oui", Font(strike=True)), (ORAL,),
         lost=("ORAL rapport",)),
    Case("preuve barrée", "V12", drawn((GRILLE, "preuve", "1.1"), "x", Font(strike=True)),
         lost=("GRILLE preuve 1.1",)),
    written(FIRST_POINTS, "points « 1 » suivis d'un 2 en exposant", "V12",
            runs("1", "2", '<vertAlign val="superscript"/>')),
    written(LEVEL, "niveau « 3 » suivi d'un 4 barré", "V12", runs("3", "4", "<strike/>")),
    written(POINTS, "points « 1 » suivis d'un 2 en indice", "V12", runs("1", "2", '<vertAlign val="subscript"/>')),
    bad(LEVEL, "niveau 1 que son format affiche « 5 »", "V12", 1, '"5"'),
    bad(LEVEL, "niveau 2 affiché « 5 » par une condition", "V12", 2, '[>=1]"5";General'),
    bad(LEVEL, "niveau 3 affiché « 30 »", "V12", 3, '0"0"'),
    bad(MARK, "note de 8 que son format cache", "V12", 8, ";;;"),
    bad(MARK, "note de 12 affichée en milliers", "V12", 12, "0,"),
    bad((VALIDATION, "", "DP1"), "« Non » que son format affiche « Oui »", "V12", "Non", '0;0;0;"Oui"'),
    read(LEVEL, "niveau 4 affiché « 4 / 5 »", "", 4, "4", '0" / 5"'),
    Case("niveau 4 en exposant, tout entier", "", drawn(LEVEL, 4, Font(vertAlign="superscript")),
         read={named(*LEVEL): "4"}),
    read(MARK, "note de 12,5 en euros", "", 12.5, "12,5", '#,##0.00 "€"'),
]  # fmt: skip

MISSING = [
    Case("un niveau laissé vide", "V09", typed(*LEVEL, None), lost=(named(*LEVEL),)),
    Case("un niveau effacé à la barre d'espace", "V09", typed(*LEVEL, "   "), lost=(named(*LEVEL),)),
    Case("un niveau fait de caractères invisibles", "V09", typed(*LEVEL, "\u200b\ufeff"), lost=(named(*LEVEL),)),
    Case("toute la colonne des niveaux laissée vide", "V09 R01", edited(
        GRILLE, lambda book: [book.put(GRILLE, "niveau", row.code, None) for row in book.form(GRILLE).rows]
    ), lost=("GRILLE niveau *",)),
    Case("la réponse sur le rapport laissée vide", "V09", typed(ORAL, "rapport", "", None), (ORAL,), ("ORAL rapport",)),
    Case("une note manquante", "V09", typed(*MARK, None), (NOTES,), lost=(named(*MARK),)),
]  # fmt: skip

STATES = [
    bad(LEVEL, "« ABS » à la place d'un niveau", "V10", "ABS"),
    bad(LEVEL, "« disp » à la place d'un niveau", "V10", "disp"),
    bad(POINTS, "« NE » à la place de points", "V10", "NE"),
    bad(POINTS, "« DISP » à la place de points", "V10", "DISP"),
    bad((NOTES, "", "CC1"), "« DISP » à un contrôle continu", "V10", "DISP"),
    bad(WORK, "« ABS » à un travail", "V10", "ABS"),
    read(WORK, "travail non évalué", "", "ne", "NE"),
    read(MARK, "dispense d'une UE", "", " disp ", "DISP"),
]


def pushed_aside(book: Book) -> None:
    """Every level typed one column too far."""
    for row in book.form(GRILLE).rows:
        box = book.cell(GRILLE, "niveau", row.code)
        box.offset(column=1).value, box.value = box.value, None


ASTRAY = [
    Case("niveaux tapés dans la colonne d'à côté", "V03", edited(GRILLE, pushed_aside), lost=("GRILLE niveau *",)),
    Case("« plutôt 2 » à côté d'un niveau", "V03", edited(GRILLE, lambda book: setattr(
        book.cell(GRILLE, "niveau", "1.1").offset(column=1), "value", "plutôt 2"
    ))),
]  # fmt: skip

CASES = [*NUMBERS, *UNCLEAR, *AS_TEXT, *MOMENTS, *FORMULAS, *KINDS, *SHOWN, *MISSING, *STATES, *ASTRAY]
