"""The workbook `Planning`: who is heard when, who is not and why, and a sheet to sign for each sitting."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model import Candidate, Roster
from engine.model.admission import Admission
from engine.model.certification import OralStep
from engine.model.sittings import Sitting, Slot, in_room
from engine.model.texts import bare
from engine.office import metrics
from engine.office.styles import HAIRLINE, Styles, new_workbook, printed, set_page, write_text
from engine.workspace.cohort import Cohort

_MADE_AT = datetime(2024, 1, 1)  # recorded in the file: the same bytes whenever it is written
_MARGINS_MM = (10, 10, 12, 13)
_HEADING, _ROW = 24.0, 20.0  # points
_SIGNING = 42.0  # points
_PERSON = 190  # pixels
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST = 31  # signs of a sheet's name


@dataclass(frozen=True)
class Row:
    """A candidate in a slot, and how it came to them, in French."""

    candidate: Candidate
    slot: Slot
    standing: str


_Columns = Sequence[tuple[str, int, str]]
"""Heading, width in pixels, style."""
_PLANNING: _Columns = (
    ("Date", 92, "date"),
    ("Début", 62, "hour"),
    ("Fin", 62, "hour"),
    ("Salle", 100, "wrap"),
    ("Identifiant", 96, "wrap"),
    ("Nom", 150, "wrap"),
    ("Prénom", 120, "wrap"),
    ("Jurés", 170, "wrap"),
    ("Statut", 90, "text"),
)
_OTHERS: _Columns = (
    ("Identifiant", 96, "wrap"),
    ("Nom", 150, "wrap"),
    ("Prénom", 120, "wrap"),
    ("Admissibilité", 130, "text"),
    ("Motif", 480, "wrap"),
)


def planning_book(
    rows: Sequence[Row],
    not_convened: Sequence[tuple[Admission, str]],
    unseated: Sequence[tuple[Admission, str]],
    cohort: Cohort,
) -> bytes:
    """The workbook; equal arguments give equal bytes. The last two tell why."""
    target = io.BytesIO()
    book = new_workbook(target, title="Planning du jury", made_at=_MADE_AT)
    styles = Styles(book)
    _list(book, styles, "Planning", _PLANNING, [_cells(row) for row in rows])
    for name, people in (("Non convoqués", not_convened), ("Non placés", unseated)):
        listed = _list(book, styles, name, _OTHERS, [_told(*each) for each in people])
        if not people:
            listed.hide()  # nor is an empty page printed
    names: set[str] = {"planning", "non convoques", "non places"}
    for sitting in sorted(cohort.roster.sittings, key=lambda each: (each.day, each.start)):
        name = _sheet_name(sitting, names)
        signed = _Sitting(name, sitting, _of(sitting, rows), cohort)
        _write_sitting(book.add_worksheet(name), styles, signed)
    book.close()
    return target.getvalue()


def _cells(row: Row) -> tuple[object, ...]:
    slot, person = row.slot, row.candidate
    who = (person.id, person.last_name, person.first_name, "; ".join(person.jurors), row.standing)
    return (slot.start.date(), slot.start.time(), slot.end.time(), slot.room, *who)


def _told(admission: Admission, reason: str) -> tuple[object, ...]:
    person = admission.candidate
    return person.id, person.last_name, person.first_name, str(admission.admissibility or ""), printed(reason)


def _list(book: Workbook, styles: Styles, name: str, columns: _Columns, rows: Iterable[Sequence[object]]) -> Worksheet:
    """A table: its headings, then a line for each row."""
    sheet = book.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_row(0, _HEADING)
    set_page(sheet, landscape=True, margins_mm=_MARGINS_MM, footer=("Planning du jury", name))
    for index, (heading, width, _) in enumerate(columns):
        sheet.set_column_pixels(index, index, width)
        write_text(sheet, 0, index, heading, styles("heading", indent=1))
    for number, cells in enumerate(rows, start=1):
        lines = 1
        for index, (value, (_, width, style)) in enumerate(zip(cells, columns, strict=True)):
            made = styles("body", style, "hairline", align="left", indent=1)
            if isinstance(value, str):
                write_text(sheet, number, index, value, made)
                lines = max(lines, metrics.wrap(value, width, 9, indent=1) if style == "wrap" else 1)
            else:
                sheet.write_datetime(number, index, value, made)
        sheet.set_row(number, max(_ROW, metrics.row_height(lines, 9)))
    return sheet


# ------------------------------------------------------------------------------------------- one sitting


def _of(sitting: Sitting, rows: Iterable[Row]) -> list[Row]:
    start, end = datetime.combine(sitting.day, sitting.start), datetime.combine(sitting.day, sitting.end)
    return [row for row in rows if bare(row.slot.room) == bare(sitting.room) and start <= row.slot.start < end]


def _sheet_name(sitting: Sitting, taken: set[str]) -> str:
    """``30-01 salle A``, shortened and numbered where need be."""
    whole = " ".join(f"{sitting.day:%d-%m} {sitting.room}".translate(_FORBIDDEN).split())[:_LONGEST].strip()
    name, rank = whole, 2
    while bare(name) in taken:
        name, rank = f"{whole[: _LONGEST - 4]} ({rank})", rank + 1
    taken.add(bare(name))
    return name


@dataclass(frozen=True)
class _Sitting:
    """What the sheet of a sitting shows: whom it hears, of which cohort."""

    name: str
    sitting: Sitting
    rows: Sequence[Row]
    cohort: Cohort


def _write_sitting(sheet: Worksheet, styles: Styles, signed: _Sitting) -> None:
    """One page to print: the hour of each part of each oral, and boxes to sign."""
    sitting, roster, referential = signed.sitting, signed.cohort.roster, signed.cohort.referential
    sheet.hide_gridlines(2)
    footer = (", ".join(filter(None, (roster.session.centre, roster.session.cohort))), signed.name)
    set_page(sheet, landscape=True, margins_mm=_MARGINS_MM, footer=footer, fit_height=1)
    parts = referential.oral.sequence if referential.oral else ()
    signers = ["Candidat", *(_signer(identifier, roster) for identifier in sitting.jurors)]
    widths = [58, _PERSON, *[72 for _ in parts], *[104 for _ in signers]]
    for index, width in enumerate(widths):
        sheet.set_column_pixels(index, index, width)
    write_text(sheet, 0, 0, printed(f"Grand oral du {sitting.day:%d/%m/%Y}, {in_room(sitting.room)}"), styles("title"))
    sheet.set_row(0, 28)
    about = ", ".join(filter(None, (referential.certification.title, roster.session.place)))
    write_text(sheet, 1, 0, printed(about), styles("caption"))
    headings = ["Heure", "Candidat", *(part.title for part in parts), *(f"Signature : {who}" for who in signers)]
    lines = 1
    for index, heading in enumerate(headings):
        text = printed(heading)
        write_text(sheet, 3, index, text, styles("heading", "wrap", align="left" if index < 2 else "center"))
        lines = max(lines, metrics.wrap(text, widths[index], 9, bold=True))
    sheet.set_row(3, metrics.row_height(lines, 9) + 6)
    for number, row in enumerate(signed.rows, start=4):
        _write_passage(sheet, styles, number, row, [*_hours(row, parts), *[None for _ in signers]])
    sheet.repeat_rows(3)


def _signer(identifier: str, roster: Roster) -> str:
    person = roster.evaluator(identifier)
    return person.name if person else identifier


def _hours(row: Row, parts: Iterable[OralStep]) -> Iterator[time]:
    """When each part of an oral begins."""
    start = row.slot.start
    for part in parts:
        yield start.time()
        start += timedelta(minutes=part.minutes)


def _write_passage(sheet: Worksheet, styles: Styles, number: int, row: Row, boxes: Iterable[time | None]) -> None:
    """A line: who is heard when, then hours, and boxes to sign where there is none."""
    box = {"border": 1, "border_color": HAIRLINE}
    who = f"{row.candidate.name}\n{row.candidate.id}"
    lines = metrics.wrap(who, _PERSON, 9, indent=1)
    sheet.set_row(number, max(_SIGNING, metrics.row_height(lines, 9)))
    sheet.write_datetime(number, 0, row.slot.start.time(), styles("body", "bold", "hour", align="center", **box))
    write_text(sheet, number, 1, who, styles("body", "wrap", align="left", indent=1, **box))
    for index, hour in enumerate(boxes, start=2):
        if hour is None:
            write_text(sheet, number, index, "", styles("body", **box))
        else:
            sheet.write_datetime(number, index, hour, styles("body", "hour", align="center", **box))
