"""Texts and names that would harm a careless program: each is kept as the text it is, and harms nothing."""

from __future__ import annotations

import sys

from engine.model import Kind
from tests.spoil.case import Case, File, cell, edited, typed

TRAVAUX, ORAL, GRILLE = Kind.TRAVAUX, Kind.ORAL, Kind.GRILLE
SUBJECT = (TRAVAUX, "sujet", "RA1")
TEXTS = {
    "une formule qui lance un programme": "=cmd|' /C calc'!A0",
    "une formule d'un ancien tableur": "@SUM(1+1)*cmd|' /C calc'!A0",
    "une formule à signe plus": "+1+cmd|' /C calc'!A0",
    "une formule à signe moins": "-2+3+cmd|' /C calc'!A0",
    "une formule matricielle": "{=1}",
    "un lien web": "https://exemple.fr/piège",
    "un lien vers un fichier": "file:///etc/passwd",
    "un lien vers un partage": "\\\\serveur\\partage\\outil.exe",
    "un lien de messagerie": "mailto:a@exemple.fr?subject=x",
    "un lien interne": "internal:Synthèse!A1",
    "des balises": "<script>alert(1)</script> & <c r='A1'/>",
    "un séparateur de tableau": "a | b\tc",
    "des retours à la ligne": "premier\nsecond\n\ntroisième",
    "des caractères qui renversent l'écriture": "rapport\u202excod.exe",
    "des caractères invisibles au milieu": "a\u200bb\u2060c",
    "des émojis et des signes rares": "bien 👍🏽 \U0001d54f ﷽",
    "trente-deux mille sept cents caractères": "é" * 32_700,
    "des signes d'échappement": "%s {0} ${HOME} `id` $(id) '; DROP TABLE marks;--",
}  # fmt: skip


def text_kept(name: str, text: str) -> Case:
    def change(book):
        cell = book.put(*SUBJECT, text)
        cell.data_type = "s"

    return Case(
        f"{name} dans un texte libre", "", edited(TRAVAUX, change), (TRAVAUX,), read={"TRAVAUX sujet RA1": text}
    )


def unclear(name: str, text: str) -> Case:
    def change(book):
        cell = book.put(GRILLE, "niveau", "1.1", text)
        cell.data_type = "s"

    return Case(f"{name} à la place d'un niveau", "V03", edited(GRILLE, change), lost=("GRILLE niveau 1.1",))


NAMES = {
    "espaces autour": " Grille .xlsx",
    "accents décomposés": "Grille e\u0301te\u0301.xlsx",
    "écriture renversée": "Grille\u202excslx.xlsx",
    "deux cents caractères": "G" * 200 + ".xlsx",
    "formule": "=HYPERLINK(1).xlsx",
    "émoji": "Grille 👍.xlsx",
    "extension doublée": "Grille.xlsx.xlsx",
    "aucune extension, un point": "Grille.",
    "apostrophes et crochets": "L'[oral] d'été #1 %20 & co.xlsx",
    "majuscules": "GRILLE.XLSX",
}
POSSIBLE = sys.platform == "linux"
NOT_TEXT = b"Grille \xff\xfe.xlsx".decode("utf-8", "surrogateescape")

CASES = [text_kept(name, text) for name, text in TEXTS.items()]
CASES += [
    Case("un caractère de commande dans un texte libre", "", typed(*SUBJECT, "x_x0007_y"), (TRAVAUX,),
         read={"TRAVAUX sujet RA1": "x\x07y"}),
]  # fmt: skip
LONG = "é" * 40_000
CASES += [
    Case("quarante mille caractères dans un texte libre", "", cell(*SUBJECT, f't="inlineStr"><is><t>{LONG}</t></is>'),
         (TRAVAUX,), read={"TRAVAUX sujet RA1": LONG}),
    Case("quarante mille caractères à la place d'un niveau", "V03", cell(
        GRILLE, "niveau", "1.1", f't="inlineStr"><is><t>{LONG}</t></is>'
    ), lost=("GRILLE niveau 1.1",)),
]  # fmt: skip
CASES += [unclear(name, TEXTS[name]) for name in list(TEXTS)[:6]]
CASES += [
    Case(f"nom de fichier : {name}", "", lambda desk, file=file: [File(desk.bytes(GRILLE), file)], possible=POSSIBLE)
    for name, file in NAMES.items()
]
CASES += [
    Case("nom de fichier : octets qui ne sont pas un texte", "", lambda desk: [File(desk.bytes(GRILLE), NOT_TEXT)],
         possible=POSSIBLE)
]  # fmt: skip
