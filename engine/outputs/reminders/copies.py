"""Received sheets with something to mend, and what their fresh copies hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from engine.model import Kind, Mark, Referential, Roster, forms
from engine.model.anomalies import Anomaly, Gravity
from engine.model.assignments import SheetKey
from engine.model.contents import EMPTY, Contents, Filled
from engine.model.errors import present
from engine.model.forms import Form
from engine.model.marks import SIGNATURE_INPUT, closes
from engine.model.returns import SheetReport, SheetStatus
from engine.model.tables import EXCLUDED, UNTYPED, VALUE
from engine.model.values import expected

_LONGEST_QUOTE = 60  # what a message quotes of a longer text is cut


def to_mend(sheets: Iterable[SheetReport]) -> dict[SheetKey, SheetReport]:
    """The sheets that count and hold something that blocks, which a fresh copy would mend."""
    return {
        sheet.key: sheet
        for sheet in sheets
        if sheet.status is SheetStatus.RECEIVED
        and any(anomaly.blocking and anomaly.mendable for anomaly in sheet.anomalies)
    }


def faults(sheet: SheetReport) -> list[Anomaly]:
    """The faults of a sheet that its owner may mend, the least serious included."""
    return [anomaly for anomaly in sheet.anomalies if anomaly.mendable and anomaly.gravity is not Gravity.INFO]


def contents(sheets: Iterable[SheetReport], roster: Roster, referential: Referential) -> dict[SheetKey, Contents]:
    """The contents of the fresh copies of these sheets: accepted values, and a note wherever one could not be taken."""

    @cache
    def form(kind: Kind) -> Form:
        return present(forms.build(referential, kind, candidates=roster.candidates, candidate_columns=True))

    found: dict[SheetKey, Contents] = {}
    for sheet in sheets:
        cells = dict(_cells(sheet, form(sheet.kind))) if sheet.status in _KEPT else {}
        if cells:
            advice = dict.fromkeys(anomaly.message for anomaly in faults(sheet))
            before = found.get(sheet.key, EMPTY)  # another version may count for other cells
            found[sheet.key] = Contents({**before.cells, **cells}, tuple(dict.fromkeys((*before.advice, *advice))))
    return found


def accepted(sheets: Iterable[SheetReport], roster: Roster, referential: Referential) -> dict[SheetKey, Contents]:
    """The accepted values of these sheets, and none that is to be mended; whoever fills them signs again."""
    found = {}
    for key, inside in contents(sheets, roster, referential).items():
        cells = {
            place: Filled(filled.value)
            for place, filled in inside.cells.items()
            if filled.value is not None and not closes(*place)
        }
        if cells:
            found[key] = Contents(cells)
    return found


_KEPT = (SheetStatus.RECEIVED, SheetStatus.EMPTY)
"""A sheet that its evaluator left empty may hold what the candidate wrote."""


def _cells(sheet: SheetReport, form: Form) -> Iterator[tuple[tuple[str, str], Filled]]:
    """Each input that holds something; whoever sends the sheet again signs it again."""
    wrong = _wrong(sheet)
    for mark in sheet.marks:
        place = _place(mark, form)
        filled = _filled(mark, place, wrong.get(mark.cell, []), form)
        if filled is not None and place[0] != SIGNATURE_INPUT:
            yield place, filled


def _place(mark: Mark, form: Form) -> tuple[str, str]:
    """The input and the row of a mark; where each row is a person, the row is the candidate's."""
    return mark.input, mark.candidate if form.by_candidate_rows else mark.code


def _wrong(sheet: SheetReport) -> Mapping[str, list[Anomaly]]:
    """The faults of each cell of the returned sheet."""
    found: dict[str, list[Anomaly]] = {}
    for anomaly in sheet.anomalies:
        if anomaly.entry.of_input and anomaly.cell:
            found.setdefault(anomaly.cell, []).append(anomaly)
    return found


def _filled(mark: Mark, place: tuple[str, str], wrong: list[Anomaly], form: Form) -> Filled | None:
    state = mark.state
    if state in UNTYPED:
        return None
    if state == VALUE:
        return Filled(mark.value)
    if state != EXCLUDED:
        return Filled(state)  # a declared state is its own word
    note = _note(mark, place, wrong, form)
    return Filled(None, note) if note else None


def _note(mark: Mark, place: tuple[str, str], wrong: list[Anomaly], form: Form) -> str:
    """What was read and what is expected; ``""`` for an optional input whose row or column is gone."""
    name, code = place
    entry = next(entry for entry in (*form.inputs, *form.singles) if entry.name == name)
    row = form.row_by_code.get(code)
    wanted = f"Attendu : {expected(form.domain(entry, row) if row else entry.domain)}."
    if wrong:
        said = " ".join(anomaly.message for anomaly in wrong)
        note = said if wanted in said else f"{said} {wanted}"
        quoted = len(mark.raw) <= _LONGEST_QUOTE and not any(anomaly.entry.unquoted for anomaly in wrong)
        return note if quoted else f"{note}\nSaisi : {mark.raw}"
    if not entry.blocks:
        return ""
    title = entry.heading or entry.label
    lost = f"{row.code}, {title}" if row else title
    if mark.raw:
        read = mark.raw if len(mark.raw) <= _LONGEST_QUOTE else f"{mark.raw[:_LONGEST_QUOTE]}…"
        return (
            f"{lost} : « {read} » a été lu, sans certitude que ce soit de cette ligne ; reportez votre saisie. {wanted}"
        )
    return f"{lost} : la case n'a pas été retrouvée dans votre fichier ; reportez-y votre saisie. {wanted}"
