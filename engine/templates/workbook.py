"""Workbooks in memory: forms become sheets. The same arguments always give the same bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cached_property
from io import BytesIO

from xlsxwriter.utility import xl_range
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model import WORKBOOKS, Candidate, Evaluator, Kind, Outcome, Referential, Role, Roster, forms, wording
from engine.model.assignments import SheetKey
from engine.model.contents import EMPTY, Contents
from engine.model.errors import present
from engine.model.faults import ZIP_DAMAGE
from engine.model.forms import Form, Row, Section
from engine.office import styles
from engine.office.styles import Styles
from engine.templates import captions, guide, header, synopsis, table
from engine.templates.canvas import Canvas, Cover
from engine.templates.layout import EDGE, FIRST_LINE, MOST_FROZEN, grid, layout
from engine.templates.paper import put_on_paper
from engine.templates.planning import Issued, Planned
from engine.workspace import seals

_NO_GREEN_CORNER = ("number_stored_as_text", "formula_range", "formula_differs")  # "1.1" is meant as text
_BLANK_ROWS = 40  # of an unassigned NOTES or VALIDATION


_NOTHING: Mapping[SheetKey, Contents] = {}


@dataclass(frozen=True)
class Sheet:
    """One sheet to draw, and what stands in it beforehand."""

    form: Form
    cover: Cover
    contents: Contents = EMPTY


def _asked(form: Form, candidate: Candidate | None) -> Form:
    return form.asked_of(candidate) if candidate else form


class Renderer:
    """Draws the workbooks of one cohort; each form is built once."""

    def __init__(self, roster: Roster, referential: Referential) -> None:
        self._roster = roster
        self._referential = referential
        self._forms: dict[tuple[Kind, bool], Form] = {}

    def render(
        self,
        planned: Planned,
        contents: Mapping[SheetKey, Contents] = _NOTHING,
        *,
        origin: str = "",
        about: Outcome | None = None,
    ) -> bytes:
        """The bytes of one workbook; ``contents``: what stands in its sheets beforehand; ``origin``: what
        :func:`origin_of` is to find again; ``about``: whose synthesis is to be read beside."""
        sheets = []
        for issued in planned.sheets:
            inside = contents.get(issued.assignment.key, EMPTY)
            sheets.append(Sheet(self._form(issued, inside), self._cover(issued), inside))
        return workbook(planned.path.stem, self._referential, sheets, origin, about)

    def _form(self, issued: Issued, inside: Contents) -> Form:
        """The form of a sheet; the candidate's columns stay where they were filled, whoever is first by now."""
        assignment = issued.assignment
        staying = [each for each in self._roster.candidates if not each.dropped_out]
        if inside.issued:
            made = forms.build(self._referential, assignment.kind, candidates=staying, issued=inside.issued)
            return _asked(present(made), assignment.candidate)
        by_candidate = any(name in forms.CANDIDATE_INPUTS for name, _ in inside.cells)
        name = (assignment.kind, assignment.candidate_columns or by_candidate)
        if name not in self._forms:
            form = forms.build(self._referential, assignment.kind, candidates=staying, candidate_columns=name[1])
            self._forms[name] = present(form)
        return _asked(self._forms[name], assignment.candidate)

    def _cover(self, issued: Issued) -> Cover:
        assignment = issued.assignment
        candidate, evaluator, role = assignment.candidate, assignment.evaluator, assignment.role
        lines = []
        if candidate:
            lines.append(("Candidat", shown(candidate)))
        if evaluator:
            lines.append((wording.evaluator(role), _as(evaluator, role, candidate)))
        session = self._roster.session
        if not candidate and session.cohort:
            lines.append(("Cohorte", session.cohort))
        if self._session:
            lines.append(("Session", self._session))
        people = [shown(candidate)] if candidate else []
        people += [f"par {evaluator.name}"] if evaluator else []
        footer = ", ".join(people) or session.cohort or self._session
        return Cover(str(issued.reference), tuple(lines), footer, signed=session.signature_required)

    @cached_property
    def _session(self) -> str:
        session = self._roster.session
        return ", ".join(part for part in (session.centre, session.session) if part)


def render(
    planned: Planned, roster: Roster, referential: Referential, contents: Mapping[SheetKey, Contents] = _NOTHING
) -> bytes:
    """The bytes of one planned workbook; ``contents``: what stands in its sheets beforehand, nothing by default."""
    return Renderer(roster, referential).render(planned, contents)


def shown(person: Candidate | Evaluator) -> str:
    """``LEFÈVRE Éloïse (C007)``."""
    return f"{person.name} ({person.id})"


def _as(evaluator: Evaluator, role: Role, candidate: Candidate | None) -> str:
    """``BENALI Karim (T012), tuteur, Maison Duvallon``: the quality, where the label does not say it."""
    parts = [shown(evaluator)]
    if role in (Role.TUTOR, Role.TRAINER):
        parts.append(role.lower())
    if role is Role.TUTOR and candidate and candidate.company:
        parts.append(candidate.company)
    return ", ".join(parts)


def blank(referential: Referential) -> dict[str, bytes]:
    """The unassigned workbooks, by file name: identifiers are typed by hand."""
    made = {}
    for title, kinds in WORKBOOKS.items():
        part = [
            forms.build_unassigned(referential, kind, candidate_columns=kind.record.candidate_part) for kind in kinds
        ]
        sheets = [Sheet(_with_rows(form), _blank_cover(referential, form)) for form in part if form is not None]
        if sheets:
            made[f"{title}.xlsx"] = workbook(title, referential, sheets)
    return made


def _with_rows(form: Form) -> Form:
    if not form.by_candidate_rows:
        return form
    return replace(form, sections=(Section("", (Row("", {}),) * _BLANK_ROWS),))


def _blank_cover(referential: Referential, form: Form) -> Cover:
    asked = tuple((single.label, None) for single in form.singles if single.name in forms.IDENTITIES)
    return Cover(str(seals.blank(referential, form.kind)), asked, "Fiche vierge")


# ------------------------------------------------------------------------------------------- workbooks


class _PlainSheet(Worksheet):  # type: ignore[misc] # xlsxwriter brings no types
    """A worksheet whose formulas use no function younger than Excel 2010.

    Looking for those, 130 patterns over each formula, is half the time that xlsxwriter takes to write our workbooks.
    Should it rename this method, only that time would come back.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


_ORIGIN = "Modèle"
_PROPERTIES = "docProps/custom.xml"


def origin_of(content: bytes) -> str:
    """The SHA-256 of the blank workbook that a filled one was made from, ``""`` where none is told."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            found = re.search(r"<vt:lpwstr>([0-9a-f]{64})</vt:lpwstr>", package.read(_PROPERTIES).decode())
    except (*ZIP_DAMAGE, KeyError):
        return ""  # somebody else's file
    return found[1] if found else ""


def workbook(
    title: str, referential: Referential, sheets: Sequence[Sheet], origin: str = "", about: Outcome | None = None
) -> bytes:
    """A workbook of these sheets and their guide; ``origin`` stands in its properties, ``about``: whose synthesis is
    to be read beside."""
    target = BytesIO()
    book = styles.new_workbook(target, title=title, made_at=_made_at(referential))
    if origin:
        book.set_custom_property(_ORIGIN, origin)
    look = Styles(book)
    for each in sheets:
        _sheet(book, look, referential, each)
    if about is not None:
        synopsis.draw(book, look, referential, about)
    advice = {each.form.title: each.contents.advice for each in sheets}
    signed = any(each.cover.signed for each in sheets)
    guide.draw(book, look, guide.lines(referential, [each.form for each in sheets], signed=signed), referential, advice)
    book.close()
    return target.getvalue()


def _made_at(referential: Referential) -> datetime:
    """A date that depends on the referential alone, so that the same sheets give the same bytes."""
    try:
        day = date.fromisoformat(referential.certification.version)
    except ValueError:
        day = date(2000, 1, 1)
    return datetime.combine(day, time())


def _sheet(book: Workbook, look: Styles, referential: Referential, drawn: Sheet) -> None:
    form, cover = drawn.form, drawn.cover
    sheet = book.add_worksheet(form.title, worksheet_class=_PlainSheet)
    place = layout(form)
    where = grid(form, place, len(cover.lines))
    canvas = Canvas(book, sheet, look, form, referential, place, where, cover, drawn.contents)
    for column, width in enumerate(place.widths):
        sheet.set_column_pixels(column, column, width)
    sheet.set_column_pixels(place.edge, place.edge, EDGE)
    header.draw(canvas)
    captions.draw(canvas)
    last = table.draw(canvas)
    header.colour_states(canvas)
    _on_screen(canvas, last)
    put_on_paper(canvas, last)


def _on_screen(canvas: Canvas, last: int) -> None:
    sheet, where = canvas.sheet, canvas.grid
    sheet.hide_gridlines(2)
    if canvas.contents.faulty:
        sheet.set_tab_color(styles.BRICK)
    tall = sum(canvas.heights[row] for row in range(where.first)) > MOST_FROZEN
    sheet.freeze_panes(0 if tall else where.first, canvas.layout.frozen_columns)
    sheet.set_selection(*_first_input(canvas) * 2)
    sheet.protect("", {"format_rows": True, "format_columns": True})
    sheet.ignore_errors(dict.fromkeys(_NO_GREEN_CORNER, xl_range(0, 0, last, canvas.layout.edge)))


def _first_input(canvas: Canvas) -> tuple[int, int]:
    """The cell where the person who opens the sheet starts typing."""
    if any(text is None for _, text in canvas.cover.lines):
        return FIRST_LINE, 1
    if canvas.sheet.comments:
        row = min(canvas.sheet.comments)
        return row, min(canvas.sheet.comments[row])
    if canvas.form.rows and not canvas.form.rows[0].code:
        return canvas.grid.first, 0
    entry = next(entry for entry in canvas.form.inputs if not entry.by_candidate)
    return canvas.grid.bands[0].first, canvas.grid.columns[entry.heading]
