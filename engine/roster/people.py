"""The sheets of people and of days: headings, lists, rows, and colours that follow the typing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model import Evaluator, Role
from engine.model.carrying import Carried, Carrying
from engine.office import metrics
from engine.office.styles import BRICK, BRICK_TINT, FAINT, HAIRLINE, TINT, Styles, set_page, write_text
from engine.office.typed.layout import NO, YES, Layout
from engine.roster.layout import CANDIDATES, CARRIED, ENROLLED, EVALUATORS, LEFT

TITLE = "Registre de la cohorte"
LAST_ROW = 1_048_575  # lists and text format reach the bottom of the sheet
HEADING_HEIGHT, LINE_HEIGHT = 25.5, 18.0
MARGINS_MM = (10, 10, 12, 13)
PAGE_WIDTH = 1047
"""Pixels across an A4 page in landscape: a wider table is printed on two, each with the names, not smaller."""
Line = Mapping[str, str]
"""The texts of a row, by heading."""

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
DATE = {
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
_TYPED = {"Date": ("date", DATE), "Début": ("hour", _HOUR), "Fin": ("hour", _HOUR)}
"""Columns whose cells are no texts: their style, and what may be typed."""

RESUMED = replace(CANDIDATES, columns=(*CANDIDATES.columns, *CARRIED))
"""The sheet of candidates when some come from another session."""


def write_carried(book: Workbook, styles: Styles, carrying: Carrying, title: str = TITLE) -> None:
    """The sheets of candidates and evaluators, with the rows that another session leaves."""
    for listing in (
        Listing(RESUMED, [_candidate(each) for each in carrying.candidates]),
        Listing(EVALUATORS, [_evaluator(each) for each in carrying.evaluators]),
    ):
        write_people(book, styles, listing, title)


def _candidate(carried: Carried) -> Line:
    candidate = carried.candidate
    return {
        "Identifiant": carried.identifier,
        "Nom": candidate.last_name,
        "Prénom": candidate.first_name,
        "Courriel": candidate.email,
        "Entreprise": candidate.company,
        "Tuteur": ";".join(candidate.tutors),
        "Formateurs": ";".join(candidate.trainers),
        "Blocs acquis": ";".join(candidate.held_blocs),
        "Blocs présentés": ";".join(candidate.presented),
        "À décider": carried.to_decide,
        "Session d'origine": carried.origin,
    }


def _evaluator(evaluator: Evaluator) -> Line:
    external = {True: YES, False: NO, None: ""}
    return {
        "Identifiant": evaluator.id,
        "Nom": evaluator.last_name,
        "Prénom": evaluator.first_name,
        "Rôle": ";".join(role for role in Role if role in evaluator.roles),
        "Courriel": evaluator.email,
        "Qualité": evaluator.quality,
        "Organisme": evaluator.organisation,
        "Extérieur": external[evaluator.external],
    }


def new_sheet(book: Workbook, name: str, *, landscape: bool, title: str = TITLE) -> Worksheet:
    """A sheet on A4."""
    sheet = book.add_worksheet(name)
    set_page(sheet, landscape=landscape, margins_mm=MARGINS_MM, footer=(title, name))
    return sheet


@dataclass(frozen=True)
class Listing:
    """Candidates, evaluators or sittings to be listed; ``example``: the lines only show how one is filled."""

    layout: Layout
    lines: Sequence[Line]
    example: bool = False


def write_people(book: Workbook, styles: Styles, listing: Listing, title: str = TITLE) -> None:
    """The sheet of a listing: headings in row 1, the lines below, then room for all."""
    layout = listing.layout
    sheet = new_sheet(book, layout.name, landscape=True, title=title)
    names = layout.headings.index("Prénom") + 1 if "Prénom" in layout.headings else 0
    sheet.freeze_panes(1, names)
    sheet.repeat_rows(0)
    if sum(column.width for column in layout.columns) > PAGE_WIDTH:
        sheet.fit_to_pages(2, 0)
        sheet.repeat_columns(0, names - 1)
    sheet.set_row(0, HEADING_HEIGHT)
    sheet.set_default_row(LINE_HEIGHT)
    corner = f"{xl_col_to_name(len(layout.columns) - 1)}{LAST_ROW + 1}"
    sheet.ignore_errors({"number_stored_as_text": f"A2:{corner}"})
    for index, column in enumerate(layout.columns):
        style, rule = _TYPED.get(column.heading, ("text", None))
        sheet.set_column_pixels(index, index, column.width, styles("body", style, align="left", indent=1))
        write_text(sheet, 0, index, column.heading, styles("heading", indent=1))
        if column.heading in LISTS:
            sheet.data_validation(1, index, LAST_ROW, index, {"validate": "list", **LISTS[column.heading]})
        if rule is not None:
            sheet.data_validation(1, index, LAST_ROW, index, {**rule, "error_title": column.heading})
    looks = {"italic": True, "font_color": FAINT} if listing.example else {"align": "left"}
    _write_lines(sheet, styles, layout, listing.lines, looks)
    _mark_faults(book, sheet, layout)
    first_free = 2 if listing.example else 1
    sheet.set_selection(first_free, 0, first_free, 0)


def _write_lines(
    sheet: Worksheet, styles: Styles, layout: Layout, lines: Sequence[Line], looks: Mapping[str, object]
) -> None:
    """The rows, each as tall as what is to be read in it."""
    for row, line in enumerate(lines, start=1):
        tallest = 1
        for index, column in enumerate(layout.columns):
            text = line.get(column.heading, "")
            wraps = ("wrap",) if column in CARRIED else ()
            look = styles("body", "text", "hairline", *wraps, indent=1, **looks)
            write_text(sheet, row, index, text, look)
            if wraps:
                tallest = max(tallest, metrics.wrap(text, column.width, 9, indent=1))
        if tallest > 1:
            sheet.set_row(row, metrics.row_height(tallest, 9))


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
