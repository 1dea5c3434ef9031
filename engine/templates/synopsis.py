"""The sheet « Synthèse » that a juror reads before the grand oral: a candidate's levels, minima and blocs.

It bears no reference and asks for nothing: what comes back of it is read nowhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model import (
    SYNTHESIS,
    Average,
    Bloc,
    Count,
    MarkOutcome,
    Outcome,
    Referential,
    wording,
)
from engine.model.errors import present
from engine.model.roles import ROLE_WORDS
from engine.model.values import figure
from engine.office import metrics, styles
from engine.office.styles import Styles

_WIDTHS = (66, 400, 66, 104)  # pixels: code, title, minimum, level
_HEADINGS = ("Code", "Compétence", "Mini", "Niveau")


@dataclass(frozen=True)
class _Synopsis:
    """The sheet being drawn, and whose outcome by which rules it shows."""

    sheet: Worksheet
    look: Styles
    referential: Referential
    outcome: Outcome


def draw(book: Workbook, look: Styles, referential: Referential, outcome: Outcome) -> None:
    """Draw the sheet of one candidate."""
    sheet = book.add_worksheet(SYNTHESIS)
    sheet.hide_gridlines(2)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column_pixels(column, column, width)
    person = outcome.candidate
    styles.write_text(sheet, 0, 1, SYNTHESIS, look("title"))
    sheet.set_row(0, 33)
    about = styles.printed(f"{person.name} ({person.id}), au jour de l'envoi ; à lire seulement")
    runs_on = metrics.text_width(about, 9) <= sum(_WIDTHS[1:]) * 0.92
    styles.write_text(sheet, 1, 1, about, look("caption", *(() if runs_on else ("wrap",))))
    sheet.set_row(1, max(15.75, 0 if runs_on else metrics.row_height(metrics.wrap(about, _WIDTHS[1], 9), 9)))
    for column, heading in enumerate(_HEADINGS):
        align = "left_aligned" if column < 2 else "center"
        styles.write_text(sheet, 2, column, heading, look("heading", align))
    sheet.set_row(2, 20.25)
    row, page = 3, _Synopsis(sheet, look, referential, outcome)
    for bloc in referential.blocs:
        row = _bloc(page, row, bloc)
    sheet.freeze_panes(3, 0)
    sheet.protect("", {"format_rows": True, "format_columns": True})
    styles.set_page(sheet, landscape=False, margins_mm=(18, 18, 10, 13), footer=(f"{SYNTHESIS}, {person.name}", ""))
    sheet.repeat_rows(2)
    sheet.print_area(0, 0, row - 1, len(_WIDTHS) - 1)


def _bloc(page: _Synopsis, row: int, bloc: Bloc) -> int:
    """A bloc: its state, then its competences or the marks of its mean; the row after them."""
    sheet, look, referential, outcome = page.sheet, page.look, page.referential, page.outcome
    found, exams, scale = outcome.blocs[bloc.code], referential.exams_of(bloc), referential.scales.level
    title = styles.printed(f"{bloc.code}  {bloc.title}")
    style = look("section", "hairline", "wrap")
    sheet.write_blank(row, 0, None, style)
    styles.write_text(sheet, row, 1, title, style)
    bar = f"≥ {figure(present(bloc.at_least))}" if bloc.at_least is not None else ""
    needed = f"{found.required} sur {found.total}" if isinstance(found, Count) else bar
    styles.write_text(sheet, row, 2, needed, look("small", "hairline", "center"))
    state = "Déjà acquis" if found.held else str(found.state)
    styles.write_text(sheet, row, 3, state, look("small", "hairline", "center"))
    sheet.set_row(row, max(25.5, metrics.row_height(metrics.wrap(title, _WIDTHS[1], 10.5, bold=True), 10.5)))
    for place, competence in enumerate(bloc.competences, start=row + 1):
        title, level = styles.printed(competence.shown_title), wording.computed(outcome.levels[competence.code], scale)
        styles.write_text(sheet, place, 0, competence.code, look("code", "hairline", "text", indent=1))
        styles.write_text(sheet, place, 1, title, look("body", "hairline", "wrap"))
        _level(sheet, look, place, 2, scale.shown(competence.minimum))
        _level(sheet, look, place, 3, level)
        sheet.set_row(place, max(18, metrics.row_height(metrics.wrap(title, _WIDTHS[1], 9), 9)))
    row += 1 + len(bloc.competences)
    if isinstance(found, Average):
        told = {exam.code: f"{exam.title} ({wording.in_mean(exam)})" for exam in exams}
        told |= {
            ROLE_WORDS[role]: f"Note, {ROLE_WORDS[role]} ({figure(bloc.weights[role])} %)" for role in bloc.weights
        }
        for place, name in enumerate(told, start=row):
            _mark(sheet, look, place, ("" if bloc.weights else name, told[name]), found.marks[name])
        row += len(told)
    return row


def _level(sheet: Worksheet, look: Styles, row: int, column: int, level: Decimal | str) -> None:
    """A level: a figure, a letter, or why there is none."""
    if isinstance(level, Decimal):
        styles.write_number(sheet, row, column, level, look("figure", "hairline"))
        return
    size = "figure" if len(level) == 1 else "small"
    styles.write_text(sheet, row, column, level, look(size, "hairline", "center"))


def _mark(sheet: Worksheet, look: Styles, row: int, told: tuple[str, str], mark: MarkOutcome) -> None:
    """A mark of a mean, of an exam or of a role: its code, and its title with what it weighs."""
    code, title = told[0], styles.printed(told[1])
    styles.write_text(sheet, row, 0, code, look("code", "hairline", "text", indent=1))
    styles.write_text(sheet, row, 1, title, look("body", "hairline", "wrap"))
    sheet.write_blank(row, 2, None, look("figure", "hairline"))
    if mark.value is not None:
        styles.write_number(sheet, row, 3, mark.value, look("figure", "hairline"))
    else:
        shown = wording.TO_MEND if mark.unreadable else mark.code
        styles.write_text(sheet, row, 3, shown, look("small", "hairline", "center"))
    sheet.set_row(row, max(18, metrics.row_height(metrics.wrap(title, _WIDTHS[1], 9), 9)))
