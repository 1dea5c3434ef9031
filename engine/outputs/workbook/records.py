"""The sheets `Notes` and `Validation`: what the secretariat and the référents recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from itertools import groupby

import pandas as pd

from engine.model import Average, Kind, Outcome, Referential, State, Unit
from engine.model.forms import PLAGIARISM
from engine.model.marks import REPORT_INPUT
from engine.model.rules import answered_formula, judged_formula
from engine.model.tables import EXCLUDED, MISSING, VALUE
from engine.model.values import figure
from engine.office.styles import printed
from engine.outputs.parts import unit_bar
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.column import Column, first_fitting
from engine.outputs.workbook.figures import hides_bar
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.looks import ABSENCE, NEGATIVE, STATES, Rule, below_or_absent, under_or_absent
from engine.outputs.workbook.people import (
    Field,
    People,
    Spot,
    grey_when_missing,
    identity,
    no_mark,
    present,
    unless_kept,
    unless_left,
)
from engine.outputs.workbook.places import NOTES, REPORT, VALIDATION, state_of

Recorded = Mapping[tuple[str, str], Value]
"""What was recorded, by candidate and code: a number or a word."""

_MARK, _ANSWER, _STATE = 54, 44, 30  # pixels


def notes(book: Book, marks: pd.DataFrame) -> People | None:
    """`Notes`: UE averages, national exam, examinations of the course; no sheet when the referential has none."""
    fields = [*_marks(book, recorded(marks, Kind.NOTES))]
    if not fields:
        return None
    fields += _states(book)
    return People(NOTES, [*identity(book), *fields], lines=_notes_lines(book.referential), above="Seuil")


def validation(book: Book, marks: pd.DataFrame) -> People | None:
    """`Validation`: works and documents; no sheet when the referential has none."""
    fields = [*_answers(book, recorded(marks, Kind.VALIDATION))]
    return People(VALIDATION, [*identity(book), *fields], lines=_VALIDATION_LINES) if fields else None


def _notes_lines(referential: Referential) -> tuple[Line, ...]:
    scale = referential.scales.mark
    out_of = f" sur {figure(scale.maximum)}" if scale else ""
    return (
        ((f"Notes{out_of} relevées par le secrétariat", "caption"),),
        (
            ("ABS", "bad_figure"),
            (" absent, ou note sous le seuil      DISP : dispensé      Case grise : valeur manquante", "caption"),
        ),
    )


_VALIDATION_LINES: tuple[Line, ...] = (
    (("Pièces vérifiées par les référents ; quand deux avis diffèrent, « Non » l'emporte", "caption"),),
    (("Non", "bad_figure"), (" pièce refusée      Case grise : sans réponse", "caption")),
)


def recorded(marks: pd.DataFrame, kind: Kind) -> Recorded:
    """The values of a kind of sheet whose rows are candidates.

    `Non` prevails over another opinion; beside an unreadable one, which might be a `Non`, nothing else is sure.
    """
    found: dict[tuple[str, str], Value] = {}
    chosen = marks[(marks["kind"] == kind) & (marks["state"] != MISSING)]
    columns = (chosen[name].astype(object) for name in ("candidate", "code", "value", "state"))
    for candidate, code, value, state in zip(*columns, strict=True):
        key, read = (candidate, code), value if state in (VALUE, EXCLUDED) else state
        opinions = (read, found.get(key, read))
        found[key] = "Non" if "Non" in opinions else None if None in opinions else read
    return {key: value for key, value in found.items() if value is not None}


def _field(book: Book, kind: Kind, column: Column, read: Recorded, bar: Decimal | None = None) -> Field:
    def value(outcome: Outcome) -> Value:
        return read.get((outcome.candidate.id, column.heading))

    def precise(outcome: Outcome) -> tuple[str, ...]:
        mark = value(outcome)
        return ("precise",) if bar is not None and isinstance(mark, Decimal) and hides_bar(mark, bar) else ()

    def formula(spot: Spot) -> str:
        span = book.sources.spans(spot.rank, kind).get(column.heading)
        if span is None or value(spot.outcome) is None:
            return ""
        if kind is Kind.NOTES:
            mark = book.detail.cell(span[1])
            return f'IF({mark}="","",{mark})'
        given = book.detail.cells(span)
        return f'IF(COUNTIF({given},"Non")>0,"Non",IF(COUNTIF({given},"Oui")>0,"Oui",""))'

    def is_settled(outcome: Outcome) -> bool:
        states = [outcome.blocs[bloc.code].state for bloc in blocs]
        absent = outcome.only_blocs and all(state is State.NOT_PRESENTED for state in states)
        return outcome.candidate.keeps(column.heading) or _is_closed(outcome, column.heading) or absent

    def look(outcome: Outcome) -> tuple[str, ...]:
        missing = grey.look(outcome)
        return (() if missing and is_settled(outcome) else missing) + precise(outcome)

    blocs = book.referential.resting_on(column.heading)
    grey = grey_when_missing(column, value)
    return Field(column, value, look, formula)


def _is_closed(outcome: Outcome, code: str) -> bool:
    """Whether an exam may not be sat, so that nothing is awaited of it."""
    return any(isinstance(bloc, Average) and code in bloc.closed for bloc in outcome.blocs.values())


def _marks(book: Book, read: Recorded) -> Iterator[Field]:
    referential, exam = book.referential, book.referential.national_exam
    field = partial(_field, book, Kind.NOTES)
    if referential.units:
        bar = unit_bar(referential)
        group = _group(("Unités d'enseignement", "UE"), _MARK * len(referential.units))
        for rank, unit in enumerate(referential.units):
            column = _mark(unit.code, group, f"> {figure(bar)}", below_or_absent(bar), opens=not rank)
            yield field(column, read, bar)
    if exam:
        bar = exam.at_least
        yield field(_mark(exam.code, "Examen", f"≥ {figure(bar)}", under_or_absent(bar), opens=True), read, bar)
    for bloc_code, run in groupby(referential.exams, key=lambda exam: exam.bloc):
        others = list(run)
        names = (f"Épreuves de {bloc_code}",) if bloc_code else ("Contrôles en cours de formation", "Contrôles")
        group = _group(names, _MARK * len(others))
        floor = next((bloc.floor for bloc in referential.blocs if bloc.code == bloc_code), None)
        above = None if floor is None else f"≥ {figure(floor)}"
        rules = ABSENCE if floor is None else under_or_absent(floor)
        for rank, other in enumerate(others):
            yield field(_mark(other.code, group, above, rules, opens=not rank), read, floor)
    if exam and exam.requires_plagiarism_check:
        column = Column(heading=PLAGIARISM, width=104, style=("center", "text"), opens=True, rules=NEGATIVE)
        yield field(column, read)


# ---------------------------------------------------------------------------------- states of the UEs


def _states(book: Book) -> Iterator[Field]:
    """The report, then the state of each UE under its credits."""
    units, bar = book.referential.units, f">{unit_bar(book.referential):f}" if book.referential.units else ""
    group = _group(("UE : crédits", "Crédits"), _STATE * len(units))
    if book.referential.requires_report:
        column = replace(_state("Rapport d'activité", ""), opens=True)
        value = unless_left(lambda outcome: outcome.report)
        yield Field(column, value, formula=present(partial(_report, book)), key=REPORT)
    for rank, unit in enumerate(units):
        column = replace(_state(f"{unit.code} état", group), above=unit.credits, opens=not rank)

        def formula(spot: Spot, unit: Unit = unit) -> str:
            return judged_formula(spot.here(unit.code), bar, spot.here(REPORT) if unit.requires_report else "")

        yield Field(
            column,
            unless_left(_state_of(unit.code)),
            formula=present(unless_kept(unit.code, formula, _state_of(unit.code), no_mark(unit.code))),
            key=state_of(unit.code),
        )


def _state_of(code: str) -> Callable[[Outcome], State]:
    return lambda outcome: outcome.units[code].state


def _state(heading: str, group: str) -> Column:
    style = ("center", "text")
    return Column(heading=printed(heading), width=_STATE, style=style, group=group, rotated=True, rules=STATES)


def _report(book: Book, spot: Spot) -> str:
    """Any juror's `Non` fails it; no formula where an answer could not be read, or where there is none."""
    span = book.sources.spans(spot.rank, Kind.ORAL, REPORT_INPUT).get("")
    if span is None or spot.outcome.report_unreadable:
        return ""
    return answered_formula(book.detail.cells(span))


def _mark(code: str, group: str, above: str | None, rules: tuple[Rule, ...], *, opens: bool) -> Column:
    return Column(
        heading=code,
        width=_MARK,
        style=("center",),
        number="0.00",
        group=group,
        above=above,
        opens=opens,
        rules=rules,
    )


def _answers(book: Book, read: Recorded) -> Iterator[Field]:
    referential = book.referential
    codes = ([work.code for work in referential.works], [document.code for document in referential.documents])
    for title, parts in zip(("Travaux évalués", "Documents"), codes, strict=True):
        group = _group((title,), _ANSWER * len(parts))
        for rank, code in enumerate(parts):
            style = ("center", "text")
            column = Column(heading=code, width=_ANSWER, style=style, group=group, opens=not rank, rules=NEGATIVE)
            yield _field(book, Kind.VALIDATION, column, read)


def _group(names: tuple[str, ...], width: int) -> str:
    return first_fitting([printed(name) for name in names], width)
