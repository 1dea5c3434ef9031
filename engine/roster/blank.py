"""The empty roster: headings, drop-down lists, one example line that is not read, and how to fill it in, in French."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine import REFERENTIAL
from engine.model import Referential, Role
from engine.model.carrying import Carrying
from engine.office import metrics
from engine.office.styles import Styles, new_workbook, printed, write_text
from engine.office.typed.layout import EXAMPLE, NO, YES, Column, Layout
from engine.roster.layout import CANDIDATES, EVALUATORS, FIELDS, SESSION, SITTINGS
from engine.roster.people import DATE, HEADING_HEIGHT, RESUMED, TITLE, Listing, new_sheet, write_carried, write_people

CARRIED_TITLE = "Candidats repris d'une session antérieure"
MADE_AT = datetime(2024, 1, 1)  # recorded in the file: the same bytes whenever it is written
DATES = ("Date du jury", "Date limite")
ADVICE_WIDTH = 380  # pixels
GUIDE_WIDTHS = (118, 410, 176)  # pixels

_YES_NO = {
    "validate": "list",
    "source": [YES, NO],
    "error_title": "Signature exigée",
    "error_message": f"Choisissez {YES} ou {NO}.",
}
ROLES = {
    Role.TUTOR: "Suit le candidat en entreprise : grille de compétences, travaux évalués.",
    Role.TRAINER: "Suit le candidat en formation : grille de compétences, travaux évalués.",
    Role.JUROR: "Siège au jury : grand oral, compétences transversales.",
    Role.REFERENT: "Vérifie les travaux et les documents de chaque candidat.",
    Role.SECRETARIAT: "Saisit les notes de la cohorte.",
}

RULES = (
    "Plusieurs valeurs dans une cellule se séparent par un point-virgule : F01;F02.",
    "Les colonnes dont le titre n'est pas connu et les lignes vides sont laissées de côté : vous pouvez en ajouter.",
    "Ni formule, ni cellules fusionnées : écrivez la valeur elle-même, sur chaque ligne.",
    "La ligne grise de chaque feuille est un exemple ; elle n'est pas lue. Remplacez-la ou supprimez-la.",
    "Un évaluateur parti reste dans la liste et sur les lignes de ses candidats : ce qu'il a noté compte encore.",
    "Enregistrez au format .xlsx, sans mot de passe, puis fermez le fichier avant de lancer une commande.",
)


def blank(referential: Referential, reference_name: str = REFERENTIAL, carrying: Carrying | None = None) -> bytes:
    """An empty roster, as the bytes of an .xlsx workbook; equal arguments give equal bytes.

    ``reference_name``: the name or path of the referential, written in the sheet `Session`; ``carrying``: the rows that
    another session leaves, instead of an example.
    """
    target = io.BytesIO()
    book = new_workbook(target, title=TITLE, made_at=MADE_AT)
    styles = Styles(book)
    _write_guide(book, styles, referential, RESUMED if carrying else CANDIDATES)
    _write_session(book, styles, reference_name)
    if carrying:
        write_carried(book, styles, carrying)
    else:
        write_people(book, styles, _example(CANDIDATES, referential))
        write_people(book, styles, _example(EVALUATORS, referential))
    write_people(book, styles, _example(SITTINGS, referential))
    book.close()
    return target.getvalue()


def carried(carrying: Carrying) -> bytes:
    """The rows that another session leaves, to be pasted into a roster; equal arguments give equal bytes."""
    target = io.BytesIO()
    book = new_workbook(target, title=CARRIED_TITLE, made_at=MADE_AT)
    write_carried(book, Styles(book), carrying, CARRIED_TITLE)
    book.close()
    return target.getvalue()


# --------------------------------------------------------------------------------------------- tables


def _write_session(book: Workbook, styles: Styles, reference_name: str) -> None:
    sheet = new_sheet(book, SESSION.name, landscape=False)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(1, 0)
    for column, (heading, width) in enumerate(
        [(column.heading, column.width) for column in SESSION.columns] + [("À savoir", ADVICE_WIDTH)]
    ):
        sheet.set_column_pixels(column, column, width)
        write_text(sheet, 0, column, heading, styles("heading", indent=1))
    sheet.set_row(0, HEADING_HEIGHT)
    for row, field in enumerate(FIELDS, start=1):
        sheet.set_row(row, 27)
        write_text(sheet, row, 0, field.name, styles("body", "bold", "hairline", indent=1))
        kind = "date" if field.name in DATES else "text"
        value = reference_name if field.name == "Référentiel" else ""
        write_text(sheet, row, 1, value, styles("body", "input", "required", kind, align="left", indent=1))
        write_text(sheet, row, 2, printed(field.advice), styles("small", "hairline", "wrap", indent=1))
        if kind == "date":
            sheet.data_validation(row, 1, row, 1, {**DATE, "error_title": field.name})
        elif field.name == "Signature exigée":
            sheet.data_validation(row, 1, row, 1, _YES_NO)
    sheet.set_selection(2, 1, 2, 1)


def _examples(layout: Layout, referential: Referential) -> dict[str, str]:
    """The cells of the example line, by heading."""
    examples = {column.heading: column.example for column in layout.columns}
    return examples | ({"Blocs acquis": referential.blocs[0].code} if layout.name == CANDIDATES.name else {})


def _example(layout: Layout, referential: Referential) -> Listing:
    """The example line: without what would count in silence for whoever is written over it, column by column."""
    shown = _examples(layout, referential)
    return Listing(layout, [shown | dict.fromkeys(_COUNTS & shown.keys(), "")], example=True)


_COUNTS = {"Blocs acquis", "Courriel", "Extérieur"}


# ---------------------------------------------------------------------------------------------- guide


def _write_guide(book: Workbook, styles: Styles, referential: Referential, candidates: Layout) -> None:
    sheet = new_sheet(book, "Mode d'emploi", landscape=False)
    sheet.hide_gridlines(2)
    for index, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column_pixels(index, index, width)
    certification = referential.certification
    sheet.set_row(0, 33)
    write_text(sheet, 0, 0, TITLE, styles("title"))
    caption = f"{certification.title} ({certification.short_title}), {certification.code}"
    write_text(sheet, 1, 0, printed(caption), styles("caption"))
    for column in range(len(GUIDE_WIDTHS)):
        write_text(sheet, 2, column, "", styles("rule"))
    sheet.set_row(2, 6)
    guide = _Guide(sheet, styles, 3)
    guide.paragraph(
        "Ce fichier est le seul à remplir à la main. Il dit qui sont les candidats, qui les évalue, et à quel titre. "
        "Le bouton « Préparer les classeurs » de la page locale, ou « cohorte templates DOSSIER », en tire ensuite un "
        "classeur par candidat et par évaluateur."
    )
    guide.section("Feuille Session")
    guide.paragraph("Une ligne par renseignement : écrivez dans la colonne Valeur. Tout y est facultatif.")
    for layout, title in (
        (candidates, "une ligne par candidat"),
        (EVALUATORS, "une ligne par personne"),
        (SITTINGS, "une ligne par jour et par salle où siège le jury ; facultative"),
    ):
        guide.section(f"Feuille {layout.name} : {title}")
        examples = _examples(layout, referential)
        guide.table(
            ("Colonne", "Ce qu'on y écrit", "Exemple"),
            [_explained(column, examples[column.heading]) for column in layout.columns],
        )
    guide.section("Rôles")
    guide.table(("Rôle", "Ce que fait cette personne"), [(str(role), printed(task)) for role, task in ROLES.items()])
    guide.section("Codes des blocs, pour la colonne Blocs acquis")
    guide.table(("Code", "Bloc"), [(bloc.code, bloc.title) for bloc in referential.blocs])
    keepable = "Pour la colonne Conservés, les codes admis sont : " + ", ".join(referential.keepable) + "."
    if referential.keepable:
        guide.paragraph(keepable)
    guide.section("À respecter")
    for rule in RULES:
        guide.paragraph(f"–  {rule}")


def _explained(column: Column, example: str) -> tuple[str, str, str]:
    advice = f"Obligatoire. {column.advice}" if column.required else column.advice
    return column.heading, printed(advice), example.removeprefix(EXAMPLE).strip()


class _Guide:
    """Writes the guide downwards, each row as tall as its text needs."""

    def __init__(self, sheet: Worksheet, styles: Styles, row: int) -> None:
        self._sheet, self._styles, self._row = sheet, styles, row

    def section(self, title: str) -> None:
        """A title, with some air above."""
        self._sheet.set_row(self._row, 24)
        write_text(self._sheet, self._row, 0, printed(title), self._styles("section", valign="bottom"))
        self._row += 1

    def paragraph(self, text: str) -> None:
        """A text over the whole width."""
        shown, width = printed(text), sum(GUIDE_WIDTHS)
        style = self._styles("body", "wrap")
        self._sheet.merge_range(self._row, 0, self._row, len(GUIDE_WIDTHS) - 1, "", style)
        write_text(self._sheet, self._row, 0, shown, style)
        self._sheet.set_row(self._row, metrics.row_height(metrics.wrap(shown, width, 9), 9))
        self._row += 1

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A small table: headings, then rows whose first text is a name."""
        for column in range(len(GUIDE_WIDTHS)):
            text = headings[column] if column < len(headings) else ""
            write_text(self._sheet, self._row, column, printed(text), self._styles("pale_heading", indent=1))
        self._sheet.set_row(self._row, 18)
        self._row += 1
        for texts in rows:
            self._line(texts)

    def _line(self, texts: Sequence[str]) -> None:
        lines = 1
        for column, width in enumerate(GUIDE_WIDTHS):
            text = texts[column] if column < len(texts) else ""
            bold = ("bold",) if column == 0 else ()
            write_text(self._sheet, self._row, column, text, self._styles("body", "hairline", "wrap", *bold, indent=1))
            lines = max(lines, metrics.wrap(text, width, 9, bold=bool(bold), indent=1))
        self._sheet.set_row(self._row, metrics.row_height(lines, 9))
        self._row += 1
