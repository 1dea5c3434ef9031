"""The sheets `Notes` and `Validation`: what the secretariat and the référents recorded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pandas as pd

from engine.forms import PLAGIARISM
from engine.model import Kind, Outcome, Referential
from engine.results.column import Column, first_fitting
from engine.results.figures import hides_bar
from engine.results.frame import Book, Line, Value
from engine.results.looks import ABSENCE, NEGATIVE, Rule, below_or_absent, under_or_absent
from engine.results.people import Field, grey_when_missing, identity, write_people
from engine.styles import printed
from engine.tables import EXCLUDED, MISSING, VALUE
from engine.values import figure

Recorded = Mapping[tuple[str, str], Value]
"""What was recorded, by candidate and code: a number or a word."""

_MARK, _ANSWER = 54, 44  # pixels


def write_notes(book: Book, marks: pd.DataFrame) -> None:
    """`Notes`: UE averages, national exam, examinations of the course; no sheet when the referential has none."""
    fields = [*_marks(book.referential, recorded(marks, Kind.NOTES))]
    if fields:
        write_people(book, "Notes", [*identity(book), *fields], lines=_notes_lines(book.referential), above="Seuil")


def write_validation(book: Book, marks: pd.DataFrame) -> None:
    """`Validation`: works and documents; no sheet when the referential has none."""
    fields = [*_answers(book.referential, recorded(marks, Kind.VALIDATION))]
    if fields:
        write_people(book, "Validation", [*identity(book), *fields], lines=_VALIDATION)


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


_VALIDATION: tuple[Line, ...] = (
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


def _field(column: Column, read: Recorded, bar: Decimal | None = None) -> Field:
    def value(outcome: Outcome) -> Value:
        return read.get((outcome.candidate.id, column.heading))

    def precise(outcome: Outcome) -> tuple[str, ...]:
        mark = value(outcome)
        return ("precise",) if bar is not None and isinstance(mark, Decimal) and hides_bar(mark, bar) else ()

    grey = grey_when_missing(column, value)
    return Field(column, value, lambda outcome: grey.look(outcome) + precise(outcome))


def _marks(referential: Referential, read: Recorded) -> Iterator[Field]:
    exam = referential.national_exam
    if referential.units:
        bar = referential.unit_rule.above
        group = _group(("Unités d'enseignement", "UE"), _MARK * len(referential.units))
        for rank, unit in enumerate(referential.units):
            column = _mark(unit.code, group, f"> {figure(bar)}", below_or_absent(bar), opens=not rank)
            yield _field(column, read, bar)
    if exam:
        bar = exam.at_least
        yield _field(_mark(exam.code, "Examen", f"≥ {figure(bar)}", under_or_absent(bar), opens=True), read, bar)
    group = _group(("Contrôles en cours de formation", "Contrôles"), _MARK * len(referential.exams))
    for rank, other in enumerate(referential.exams):
        yield _field(_mark(other.code, group, None, ABSENCE, opens=not rank), read)
    if exam and exam.requires_plagiarism_check:
        column = Column(heading=PLAGIARISM, width=104, style=("center", "text"), opens=True, rules=NEGATIVE)
        yield _field(column, read)


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


def _answers(referential: Referential, read: Recorded) -> Iterator[Field]:
    for title, parts in (("Travaux évalués", referential.works), ("Documents", referential.documents)):
        group = _group((title,), _ANSWER * len(parts))
        for rank, part in enumerate(parts):
            style = ("center", "text")
            column = Column(heading=part.code, width=_ANSWER, style=style, group=group, opens=not rank, rules=NEGATIVE)
            yield _field(column, read)


def _group(names: tuple[str, ...], width: int) -> str:
    return first_fitting([printed(name) for name in names], width)
