"""The empty roster: headings, drop-down lists, one example line that is not read, and how to fill it in, in French."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine import REFERENTIAL
from engine.model import Referential, Role
from engine.office import metrics
from engine.office.styles import (
    BRICK,
    BRICK_TINT,
    FAINT,
    HAIRLINE,
    TINT,
    Styles,
    new_workbook,
    printed,
    set_page,
    write_text,
)
from engine.office.typed.layout import EXAMPLE, NO, YES, Column, Layout
from engine.roster.layout import CANDIDATES, ENROLLED, EVALUATORS, FIELDS, LEFT, SESSION, SITTINGS

MADE_AT = datetime(2024, 1, 1)  # recorded in the file: the same bytes whenever it is written
LAST_ROW = 1_048_575  # lists and text format reach the bottom of the sheet
HEADING_HEIGHT, LINE_HEIGHT = 25.5, 18.0
DATES = ("Date du jury", "Date limite")
MARGINS_MM = (10, 10, 12, 13)
ADVICE_WIDTH = 380  # pixels
GUIDE_WIDTHS = (118, 410, 176)  # pixels

LISTS: Mapping[str, Mapping[str, object]] = {
    "Statut": {
        "source": [ENROLLED, LEFT],
        "error_title": "Statut",
        "error_message": f"Laissez vide, ou choisissez {ENROLLED} ou {LEFT}.",
    },
    "Convocation": {
        "source": [YES, NO],
        "error_title": "Convocation",
        "error_message": f"Laissez vide, ou choisissez {YES} ou {NO}.",
    },
    "Extérieur": {
        "source": [YES, NO],
        "error_title": "Extérieur",
        "error_message": f"Laissez vide, ou choisissez {YES} ou {NO}.",
    },
    "Rôle": {"source": [str(role) for role in Role], "show_error": False},  # several roles are typed, not chosen
}
_YES_NO = {
    "validate": "list",
    "source": [YES, NO],
    "error_title": "Signature exigée",
    "error_message": f"Choisissez {YES} ou {NO}.",
}
_DATE = {
    "validate": "date",
    "criteria": "between",
    "minimum": date(2000, 1, 1),
    "maximum": date(2099, 12, 31),
    "error_message": "Tapez une date sous la forme jj/mm/aaaa.",
}

_HOUR = {
    "validate": "time",
    "criteria": "between",
    "minimum": time(0, 0),
    "maximum": time(23, 59),
    "error_message": "Tapez une heure sous la forme hh:mm.",
}
_TYPED = {"Date": ("date", _DATE), "Début": ("hour", _HOUR), "Fin": ("hour", _HOUR)}
"""Columns whose cells are no texts: their style, and what may be typed."""

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


def blank(referential: Referential, reference_name: str = REFERENTIAL) -> bytes:
    """An empty roster, as the bytes of an .xlsx workbook; equal arguments give equal bytes.

    ``reference_name``: the name or path of the referential, written in the sheet `Session`.
    """
    target = io.BytesIO()
    book = new_workbook(target, title="Registre de la cohorte", made_at=MADE_AT)
    styles = Styles(book)
    _write_guide(book, styles, referential)
    _write_session(book, styles, reference_name)
    _write_people(book, styles, CANDIDATES, _examples(CANDIDATES, referential))
    _write_people(book, styles, EVALUATORS, _examples(EVALUATORS, referential))
    _write_people(book, styles, SITTINGS, _examples(SITTINGS, referential))
    book.close()
    return target.getvalue()


# --------------------------------------------------------------------------------------------- tables


def _new_sheet(book: Workbook, name: str, *, landscape: bool) -> Worksheet:
    sheet = book.add_worksheet(name)
    footer = ("Registre de la cohorte", name)
    set_page(sheet, landscape=landscape, margins_mm=MARGINS_MM, footer=footer)
    return sheet


def _write_session(book: Workbook, styles: Styles, reference_name: str) -> None:
    sheet = _new_sheet(book, SESSION.name, landscape=False)
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
            sheet.data_validation(row, 1, row, 1, {**_DATE, "error_title": field.name})
        elif field.name == "Signature exigée":
            sheet.data_validation(row, 1, row, 1, _YES_NO)
    sheet.set_selection(2, 1, 2, 1)


def _examples(layout: Layout, referential: Referential) -> dict[str, str]:
    """What the example line shows, by heading."""
    examples = {column.heading: column.example for column in layout.columns}
    return examples | ({"Blocs acquis": referential.blocs[0].code} if layout is CANDIDATES else {})


def _write_people(book: Workbook, styles: Styles, layout: Layout, examples: Mapping[str, str]) -> None:
    """The sheet of candidates, evaluators or sittings: headings in row 1, the example in row 2, then room for all."""
    sheet = _new_sheet(book, layout.name, landscape=True)
    sheet.freeze_panes(1, layout.headings.index("Prénom") + 1 if "Prénom" in layout.headings else 0)
    sheet.repeat_rows(0)
    sheet.set_row(0, HEADING_HEIGHT)
    sheet.set_default_row(LINE_HEIGHT)
    sheet.ignore_errors({"number_stored_as_text": f"A2:{xl_col_to_name(len(layout.columns) - 1)}{LAST_ROW + 1}"})
    grey = styles("body", "text", "hairline", italic=True, font_color=FAINT, indent=1)
    for index, column in enumerate(layout.columns):
        style, rule = _TYPED.get(column.heading, ("text", None))
        sheet.set_column_pixels(index, index, column.width, styles("body", style, align="left", indent=1))
        write_text(sheet, 0, index, column.heading, styles("heading", indent=1))
        write_text(sheet, 1, index, examples[column.heading], grey)
        if column.heading in LISTS:
            sheet.data_validation(1, index, LAST_ROW, index, {"validate": "list", **LISTS[column.heading]})
        if rule is not None:
            sheet.data_validation(1, index, LAST_ROW, index, {**rule, "error_title": column.heading})
    _mark_faults(book, sheet, layout)
    sheet.set_selection(2, 0, 2, 0)


def _mark_faults(book: Workbook, sheet: Worksheet, layout: Layout) -> None:
    """Colours that follow the typing: an identifier already taken, a required cell still empty, a hairline per line."""
    last = len(layout.columns) - 1
    if layout.headings[0] == "Identifiant":
        taken = book.add_format({"font_color": BRICK, "bg_color": BRICK_TINT, "bold": True})
        criteria = '=AND($A2<>"",MATCH($A2,$A:$A,0)<>ROW())'
        sheet.conditional_format(1, 0, LAST_ROW, 0, {"type": "formula", "criteria": criteria, "format": taken})
    started = f"COUNTA($A2:${xl_col_to_name(last)}2)>0"
    missing = book.add_format({"bg_color": TINT})
    for index, column in enumerate(layout.columns):
        if column.required:
            cell = f"${xl_col_to_name(index)}2"
            criteria = f'=AND({started},{cell}="")'
            sheet.conditional_format(
                1, index, LAST_ROW, index, {"type": "formula", "criteria": criteria, "format": missing}
            )
    line = book.add_format({"bottom": 1, "bottom_color": HAIRLINE})
    sheet.conditional_format(1, 0, LAST_ROW, last, {"type": "formula", "criteria": f"={started}", "format": line})


# ---------------------------------------------------------------------------------------------- guide


def _write_guide(book: Workbook, styles: Styles, referential: Referential) -> None:
    sheet = _new_sheet(book, "Mode d'emploi", landscape=False)
    sheet.hide_gridlines(2)
    for index, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column_pixels(index, index, width)
    certification = referential.certification
    sheet.set_row(0, 33)
    write_text(sheet, 0, 0, "Registre de la cohorte", styles("title"))
    caption = f"{certification.title} ({certification.short_title}), {certification.code}"
    write_text(sheet, 1, 0, printed(caption), styles("caption"))
    for column in range(len(GUIDE_WIDTHS)):
        write_text(sheet, 2, column, "", styles("rule"))
    sheet.set_row(2, 6)
    guide = _Guide(sheet, styles, 3)
    guide.paragraph(
        "Ce fichier est le seul à remplir à la main. Il dit qui sont les candidats, qui les évalue, et à quel titre. "
        "La commande « templates » en tire ensuite un classeur par candidat et par évaluateur."
    )
    guide.section("Feuille Session")
    guide.paragraph("Une ligne par renseignement : écrivez dans la colonne Valeur. Tout y est facultatif.")
    for layout, title in (
        (CANDIDATES, "une ligne par candidat"),
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
