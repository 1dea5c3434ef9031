"""The sheets that show what decisions rest on: `Compétences`, `Transversales`, `Oral`, `Notes`, `Validation`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import pandas as pd

from engine.forms import PLAGIARISM
from engine.model import Kind, Level, OralSection, Outcome, Referential, TransversalDomain
from engine.results.figures import hides_bar, points_format
from engine.results.grid import Book, Column, Line, Value, first_fitting
from engine.results.looks import ABSENCE, BELOW, NEGATIVE, STATES, Rule, below_or_absent, under_or_absent
from engine.results.people import Field, Look, has_left, identity, write_people
from engine.styles import printed
from engine.tables import EXCLUDED, MISSING, VALUE
from engine.values import figure

Recorded = Mapping[tuple[str, str], Value]
"""What was recorded by candidate and code: a number or a word."""

_LEVEL_WIDTH, _ITEM_WIDTH, _TOTAL_WIDTH, _MARK_WIDTH, _ANSWER_WIDTH = 36, 34, 46, 46, 40  # pixels


def write_marks(book: Book, marks: pd.DataFrame) -> None:
    """Write the five sheets, those the referential calls for."""
    referential = book.referential
    write_people(book, "Compétences", [*identity(book), *_competences(referential)], lines=_LEVELS, above="Mini")
    if referential.transversal:
        write_people(book, "Transversales", [*identity(book), *_transversal(referential)], lines=_LEVELS, above="Mini")
    if referential.oral:
        write_people(book, "Oral", [*identity(book), *_oral(referential)], lines=_ORAL, above="Barème")
    if notes := list(_notes(referential, _recorded(marks, Kind.NOTES))):
        write_people(book, "Notes", [*identity(book), *notes], lines=_NOTES, above="Seuil")
    if answers := list(_validation(referential, _recorded(marks, Kind.VALIDATION))):
        write_people(book, "Validation", [*identity(book), *answers], lines=_VALIDATION)


_LEVELS: tuple[Line, ...] = (
    (("Niveau retenu, face au minimum du référentiel", "caption"),),
    (
        ("2", "bad_figure"),
        (" sous le minimum      Case grise : niveau manquant, ou valeur à corriger", "caption"),
    ),
)
_ORAL: tuple[Line, ...] = (
    (("Moyenne des fiches complètes, critère par critère", "caption"),),
    (
        ("●", "good"),
        (" validé      ", "caption"),
        ("×", "bad"),
        (" non validé      ○ en attente      Case grise : aucune fiche complète", "caption"),
    ),
)
_NOTES: tuple[Line, ...] = (
    (("Notes sur 20 relevées par le secrétariat", "caption"),),
    (
        ("9,50", "bad_figure"),
        (" sous le seuil      ABS : absent      DISP : dispensé      Case grise : note manquante", "caption"),
    ),
)
_VALIDATION: tuple[Line, ...] = (
    (("Pièces vérifiées par les référents ; quand deux avis diffèrent, « Non » l'emporte", "caption"),),
    (("Non", "bad_figure"), (" pièce refusée      Case grise : sans réponse", "caption")),
)


# ------------------------------------------------------------------------------------------- levels


def _competences(referential: Referential) -> Iterator[Field]:
    for bloc in referential.blocs:
        names = (f"{bloc.code} {bloc.title}", f"{bloc.code}, {bloc.required} requises", bloc.code)
        group = _group(names, _LEVEL_WIDTH * len(bloc.competences))
        for rank, competence in enumerate(bloc.competences):
            column = _level_column(competence.code, competence.minimum, group, opens=not rank)
            yield Field(column, *_level("levels", competence.code))


def _level_column(code: str, minimum: Decimal, group: str, *, opens: bool) -> Column:
    return Column(
        heading=code, width=_LEVEL_WIDTH, style=("center",), group=group, above=minimum, opens=opens, rules=BELOW
    )


def _level(levels: str, code: str):
    """How an item's level is read from an outcome, and how it looks when it is missing."""

    def find(outcome: Outcome) -> Level | None:
        return getattr(outcome, levels).get(code)

    def value(outcome: Outcome) -> Value:
        level = find(outcome)
        return level.value if level else None

    return value, lambda outcome: _missing(outcome, value(outcome))


def _missing(outcome: Outcome, value: Value) -> Look:
    return ("pending",) if value is None and not has_left(outcome) else ()


def _transversal(referential: Referential) -> Iterator[Field]:
    for domain in referential.transversal.domains:
        group = _group((domain.title,), _LEVEL_WIDTH * len(domain.items) + _TOTAL_WIDTH)
        for rank, item in enumerate(domain.items):
            column = _level_column(item.code, item.minimum, group, opens=not rank)
            yield Field(column, *_level("transversal_levels", item.code))
        yield _domain_total(domain, group)
    total = len(referential.transversal.items)
    required = referential.transversal.required
    column = Column(
        heading="Total",
        width=_TOTAL_WIDTH,
        style=("bold", "center"),
        number=f'0"/{total}"',
        group="Bilan",
        above=required,
        opens=True,
    )
    yield Field(column, lambda outcome: outcome.transversal.demonstrated)
    yield _state_field("Bilan", lambda outcome: outcome.transversal.state)


def _domain_total(domain: TransversalDomain, group: str) -> Field:
    codes = [item.code for item in domain.items]

    def demonstrated(outcome: Outcome) -> int:
        found = (outcome.transversal_levels.get(code) for code in codes)
        return sum(level is not None and level.demonstrated for level in found)

    column = Column(
        heading=domain.title,
        width=_TOTAL_WIDTH,
        style=("bold", "center"),
        number=f'0"/{len(codes)}"',
        group=group,
        rotated=True,
    )
    return Field(column, demonstrated)


def _state_field(group: str, state) -> Field:
    column = Column(heading="État", width=40, style=("center", "text"), group=group, rules=STATES)
    return Field(column, lambda outcome: None if has_left(outcome) else state(outcome))


# --------------------------------------------------------------------------------------------- oral


def _oral(referential: Referential) -> Iterator[Field]:
    oral = referential.oral
    for rank, section in enumerate(oral.sections):
        yield from _oral_section(rank, section)
    total = Column(
        heading="Total",
        width=_TOTAL_WIDTH,
        style=("bold", "center"),
        number=points_format(referential),
        group="Bilan",
        above=oral.points,
        opens=True,
    )
    yield Field(total, lambda outcome: outcome.oral.value, lambda outcome: _missing(outcome, outcome.oral.value))
    yield _state_field("Bilan", lambda outcome: outcome.oral.state)
    sheets = Column(
        heading="Fiches complètes",
        width=38,
        style=("center",),
        group="Bilan",
        above=referential.policy.minimum_jurors,
        rotated=True,
    )
    yield Field(sheets, lambda outcome: len(outcome.oral.totals))
    jurors = Column(heading="Totaux par juré", width=150, style=("note", "text", "wrap", "indented"), stretch=True)
    yield Field(jurors, _totals)


def _oral_section(rank: int, section: OralSection) -> Iterator[Field]:
    group = _group((section.title,), _ITEM_WIDTH * len(section.items) + _TOTAL_WIDTH)
    for place, item in enumerate(section.items):
        column = Column(
            heading=item.code,
            width=_ITEM_WIDTH,
            style=("note", "center"),
            number="0.0#",
            group=group,
            above=item.points,
            rotated=True,
            opens=not place,
        )
        yield Field(column, *_point(item.code))
    column = Column(
        heading=section.title,
        width=_TOTAL_WIDTH,
        style=("bold", "center"),
        number="0.0#",
        group=group,
        above=section.points,
        rotated=True,
    )
    yield Field(
        column,
        lambda outcome: outcome.oral.sections[rank],
        lambda outcome: _missing(outcome, outcome.oral.sections[rank]),
    )


def _point(code: str):
    def value(outcome: Outcome) -> Value:
        return outcome.oral.items.get(code)

    return value, lambda outcome: _missing(outcome, value(outcome))


def _totals(outcome: Outcome) -> str:
    """Each complete sheet's total, `J01 : 41,5; J02 : 43`."""
    return "; ".join(printed(f"{juror} : {figure(total)}") for juror, total in outcome.oral.totals.items())


# ---------------------------------------------------------------------------------- notes, validation


def _recorded(marks: pd.DataFrame, kind: Kind) -> Recorded:
    """The values of a sheet whose rows are candidates; `Non` prevails over another opinion."""
    found: dict[tuple[str, str], Value] = {}
    chosen = marks[(marks["kind"] == kind) & (marks["candidate"] != "")]
    columns = (chosen[name].astype(object) for name in ("candidate", "code", "value", "state"))
    for candidate, code, value, state in zip(*columns, strict=True):
        if state in (MISSING, EXCLUDED):
            continue
        read = value if state == VALUE else state
        key = (candidate, code)
        found[key] = "Non" if "Non" in (read, found.get(key)) else read
    return found


def _recorded_field(column: Column, recorded: Recorded, bar: Decimal | None = None) -> Field:
    code = column.heading

    def value(outcome: Outcome) -> Value:
        return recorded.get((outcome.candidate.id, code))

    def look(outcome: Outcome) -> Look:
        read = value(outcome)
        if bar is not None and isinstance(read, Decimal) and hides_bar(read, bar):
            return ("precise",)
        return _missing(outcome, read)

    return Field(column, value, look)


def _notes(referential: Referential, recorded: Recorded) -> Iterator[Field]:
    exam = referential.national_exam
    if referential.units:
        bar = referential.unit_rule.above
        group = _group(("Unités d'enseignement", "UE"), _MARK_WIDTH * len(referential.units))
        for rank, unit in enumerate(referential.units):
            column = _mark_column(unit.code, group, f"> {figure(bar)}", below_or_absent(bar), opens=not rank)
            yield _recorded_field(column, recorded, bar)
    if exam:
        column = _mark_column(
            exam.code, "Examen", f"≥ {figure(exam.at_least)}", under_or_absent(exam.at_least), opens=True
        )
        yield _recorded_field(column, recorded, exam.at_least)
    group = _group(("Contrôles en cours de formation", "Contrôles"), _MARK_WIDTH * len(referential.exams))
    for rank, other in enumerate(referential.exams):
        yield _recorded_field(_mark_column(other.code, group, None, ABSENCE, opens=not rank), recorded)
    if exam and exam.requires_plagiarism_check:
        column = Column(heading=PLAGIARISM, width=96, style=("center", "text"), opens=True, rules=NEGATIVE)
        yield _recorded_field(column, recorded)


def _mark_column(code: str, group: str, above: str | None, rules: tuple[Rule, ...], *, opens: bool) -> Column:
    return Column(
        heading=code,
        width=_MARK_WIDTH,
        style=("right",),
        number="0.00",
        group=group,
        above=above,
        opens=opens,
        rules=rules,
    )


def _validation(referential: Referential, recorded: Recorded) -> Iterator[Field]:
    for title, parts in (("Travaux évalués", referential.works), ("Documents", referential.documents)):
        group = _group((title,), _ANSWER_WIDTH * len(parts))
        for rank, part in enumerate(parts):
            column = Column(
                heading=part.code,
                width=_ANSWER_WIDTH,
                style=("center", "text"),
                group=group,
                opens=not rank,
                rules=NEGATIVE,
            )
            yield _recorded_field(column, recorded)


def _group(names: tuple[str, ...], width: int) -> str:
    return first_fitting([printed(name) for name in names], width)
