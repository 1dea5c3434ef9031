"""The sheet `Synthèse`: one row per candidate, from the decision to its reasons."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from engine.model import Bloc, MarkOutcome, NationalExam, Outcome, Referential, State, Unit
from engine.model.values import and_list, figure
from engine.office.styles import printed
from engine.outputs.workbook.brief import brief
from engine.outputs.workbook.column import Column, first_fitting
from engine.outputs.workbook.figures import judged, mark_look, points_format, reached, required, settled, shown_mark
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.looks import COUNTED, DECISIONS_BESIDE, FAILED, PROVISIONAL, STATES, below_or_absent, words
from engine.outputs.workbook.people import (
    Field,
    Formula,
    Look,
    People,
    Spot,
    has_left,
    identity,
    present,
    unless_frozen,
    unless_kept,
    unless_left,
    while_ruled,
)
from engine.outputs.workbook.places import (
    CANDIDATES,
    COMPETENCES,
    NOTES,
    ORAL,
    RULED,
    STATE,
    SUMMARY,
    TOTAL,
    TRANSVERSAL,
    state_of,
)
from engine.outputs.workbook.verdict import (
    DISPLACED,
    ORAL_STATE,
    TRANSVERSAL_STATE,
    UNIT_STATE,
    acquired,
    decision,
    decisions_counted,
)

_STATE_WIDTH = 23  # pixels: a symbol
_REASONS = 300  # pixels


def summary(book: Book) -> People:
    """The sheet."""
    fields = [*_head(book), *map(_unless_left, _conditions(book.referential)), *_tail(book.referential)]
    return People(SUMMARY, fields, lines=(decisions_counted(book), _legend(book.referential)))


def _legend(referential: Referential) -> Line:
    held = (("× 14,00", "held"), (" retenue par le rapport      ", "caption"))
    return (
        ("●", "good"),
        (" validé      ", "caption"),
        ("×", "bad"),
        (" non validé      ○ en attente      ", "caption"),
        ("9,50", "bad_figure"),
        (" sous le seuil      ", "caption"),
        *(held if referential.requires_report else ()),
        ("Case grise : valeur manquante      ", "caption"),
        ("○ ADMIS provisoire", "unsettled"),
        (" : une fiche attendue manque", "caption"),
    )


def _head(book: Book) -> Iterator[Field]:
    yield from identity(book, rotated=True)
    rules = (*DECISIONS_BESIDE, *words({DISPLACED: FAILED}))
    column = Column(heading="Décision", width=150, style=("bold", "text", "indented"), rules=rules)
    yield Field(column, lambda outcome: outcome.decision, formula=while_ruled(lambda spot: spot.here(RULED)))
    provisional = Column(heading="Provisoire", width=30, style=("center", "small"), rotated=True, rules=PROVISIONAL)
    yield Field(provisional, unless_left(lambda outcome: "Oui" if outcome.provisional else "Non"))
    blocs = Column(heading="Blocs acquis", width=53, style=("small", "text", "wrap"), rotated=True)
    yield Field(
        blocs,
        unless_left(lambda outcome: "; ".join(outcome.acquired)),
        lambda outcome: ("unsettled",) if outcome.provisional and not has_left(outcome) else (),
        while_ruled(present(acquired)),
    )
    ruled = Column(heading=RULED, width=88, style=("small", "text"), rules=words({DISPLACED: FAILED}))
    yield Field(ruled, lambda outcome: outcome.by_rules.decision, formula=decision)
    by = Column(heading="Décidé par", width=46, style=("small", "text"))
    yield Field(by, lambda outcome: outcome.decided_by)


def _unless_left(field: Field) -> Field:
    """The same field, empty for a candidate who dropped out."""
    look, formula = field.look, field.formula
    return replace(
        field,
        value=unless_left(field.value),
        look=lambda outcome: () if has_left(outcome) else look(outcome),
        formula=formula and present(formula),
    )


def _conditions(referential: Referential) -> Iterator[Field]:
    yield from _blocs(referential)
    transversal, oral, exam = referential.transversal, referential.oral, referential.national_exam
    if transversal:
        groups = (required(transversal.required), f"≥ {transversal.required}")
        column = _count("Transversales", len(transversal.items), groups)
        yield Field(column, lambda outcome: outcome.transversal.demonstrated, formula=_copied(TRANSVERSAL, TOTAL))
        yield _state(column, lambda outcome: outcome.transversal.state, _copied(TRANSVERSAL, STATE), TRANSVERSAL_STATE)
    if oral:
        column = _figures("Oral", 42, points_format(referential), (f"≥ {figure(oral.at_least)}",))
        yield Field(column, lambda outcome: outcome.oral.value, formula=_copied(ORAL, TOTAL))
        yield _state(column, lambda outcome: outcome.oral.state, _copied(ORAL, STATE), ORAL_STATE)
    if exam:
        yield from _exam(exam)
    if referential.units:
        yield from _units(referential)


def _copied(sheet: str, key: str) -> Formula:
    """What stands in another sheet; a formula would make 0 of a blank."""

    def formula(spot: Spot) -> str:
        cell = spot.cell(sheet, key)
        return f'IF({cell}="","",{cell})'

    return formula


# --------------------------------------------------------------------------------------------- blocs


def _blocs(referential: Referential) -> Iterator[Field]:
    *firsts, last = [bloc.required for bloc in referential.blocs]
    needs = and_list([*(str(number) for number in firsts), required(last)])
    widths = [(30 if len(bloc.competences) < 10 else 38) + _STATE_WIDTH for bloc in referential.blocs]
    group = first_fitting(
        [printed(f"Blocs : {needs}"), needs, f"≥ {and_list([*map(str, firsts), str(last)])}"], sum(widths)
    )
    for rank, bloc in enumerate(referential.blocs):
        yield from _bloc(bloc, group, opens=not rank)


def _bloc(bloc: Bloc, group: str, *, opens: bool) -> Iterator[Field]:
    """How many of its competences reach their minimum, and what follows; a bloc already held stays validated."""
    column = _count(bloc.code, len(bloc.competences), (group,), opens=opens)
    ends = bloc.competences[0].code, bloc.competences[-1].code

    def count(spot: Spot) -> str:
        place = spot.book.places[COMPETENCES]
        return reached(place.cells(*ends, spot.rank), f"{COMPETENCES}!{place.above(*ends)}")

    def state(spot: Spot) -> str:
        levels = spot.book.places[COMPETENCES].cells(*ends, spot.rank)
        missing = f"{len(bloc.competences)}-COUNT({levels})"
        live = settled(spot.here(bloc.code), missing, bloc.required)
        return f'IF({spot.cell(CANDIDATES, bloc.code)}="Oui","{State.VALIDATED}",{live})'

    yield Field(column, lambda outcome: outcome.blocs[bloc.code].demonstrated, formula=count)
    yield _state(column, lambda outcome: outcome.blocs[bloc.code].state, state, state_of(bloc.code))


def _count(heading: str, total: int, groups: tuple[str, ...], *, opens: bool = True) -> Column:
    return _figures(heading, 30 if total < 10 else 38, f'0"/{total}"', groups, opens=opens)


def _figures(heading: str, width: int, number: str, groups: tuple[str, ...], *, opens: bool = True) -> Column:
    return Column(
        heading=heading,
        width=width,
        style=("right",),
        number=number,
        group=first_fitting(groups, width + _STATE_WIDTH),
        rotated=True,
        opens=opens,
        rules=COUNTED,
    )


def _state(column: Column, state: Callable[[Outcome], State], formula: Formula, key: str) -> Field:
    """The state of a condition, beside its figure."""
    heading = f"{column.heading} état"
    return Field(_state_column(heading, column.group), state, formula=formula, key=key)


def _state_column(heading: str, group: str) -> Column:
    return Column(
        heading=heading, width=_STATE_WIDTH, style=("center", "text"), group=group, rotated=True, rules=STATES
    )


# --------------------------------------------------------------------------------------------- marks


def _exam(exam: NationalExam) -> Iterator[Field]:
    column = _figures(exam.code, 42, "0.00", (f"≥ {figure(exam.at_least)}",))
    yield Field(
        column,
        lambda outcome: shown_mark(outcome.exam),
        lambda outcome: mark_look(outcome.exam, exam.at_least),
        _mark(lambda outcome: outcome.exam, exam.code),
    )
    passes = f">={exam.at_least:f}"
    yield _state(
        column,
        lambda outcome: outcome.exam.state,
        unless_kept(exam.code, lambda spot: judged(spot.here(exam.code), passes)),
        state_of(exam.code),
    )


def _mark(mark: Callable[[Outcome], MarkOutcome], code: str) -> Formula:
    """The mark in `Notes`; none where there is none, or where it could not be read."""
    copied = _copied(NOTES, code)
    return lambda spot: "" if shown_mark(mark(spot.outcome)) is None else copied(spot)


def _units(referential: Referential) -> Iterator[Field]:
    bar = figure(referential.unit_rule.above)
    units = referential.units
    names = (f"Unités d'enseignement : plus de {bar}", f"UE : plus de {bar}", f"> {bar}")
    group = first_fitting([printed(name) for name in names], 38 * len(units) + _STATE_WIDTH)
    for rank, unit in enumerate(units):
        column = Column(
            heading=unit.code,
            width=50 if unit.requires_report else 38,
            style=("right",),
            number="0.00",
            group=group,
            rotated=True,
            opens=not rank,
            rules=below_or_absent(referential.unit_rule.above),
        )
        yield _unit(column, unit, referential.unit_rule.above)

    def state(spot: Spot) -> str:
        states = _unit_states(spot)
        every = f'IF(COUNTIF({states},"{State.VALIDATED}")={len(units)},"{State.VALIDATED}","{State.PENDING}")'
        return f'IF(COUNTIF({states},"{State.FAILED}")>0,"{State.FAILED}",{every})'

    column = _state_column("UE état", group)
    yield Field(column, lambda outcome: outcome.unit_state, formula=state, key=UNIT_STATE)


def _unit_states(spot: Spot) -> str:
    """The cells of `Notes` that hold the state of each UE."""
    units = spot.book.referential.units
    return spot.book.places[NOTES].cells(state_of(units[0].code), state_of(units[-1].code), spot.rank)


def _unit(column: Column, unit: Unit, bar: Decimal) -> Field:
    return Field(
        column,
        lambda outcome: shown_mark(outcome.units[unit.code]),
        lambda outcome: _unit_look(outcome.units[unit.code], bar),
        _mark(lambda outcome: outcome.units[unit.code], unit.code),
        key=f"note de {unit.code}",
    )


def _unit_look(mark: MarkOutcome, bar: Decimal) -> Look:
    """What the mark alone does not tell: missing, or above the bar and yet held back by the activity report."""
    precision = mark_look(mark, bar)
    if mark.value is None or mark.value <= bar:
        return (*precision, "pending") if mark.state is State.PENDING else precision
    return {State.FAILED: ("held",), State.PENDING: ("held_open",)}.get(mark.state, precision)


# ---------------------------------------------------------------------------------------------- tail


def _tail(referential: Referential) -> Iterator[Field]:
    if referential.units:
        yield _credits(referential)
    reasons = Column(
        heading="Motifs", width=_REASONS, style=("note", "text", "wrap", "indented"), opens=True, stretch=True
    )
    yield Field(
        reasons,
        lambda outcome: brief(outcome, referential, _REASONS),
        lambda outcome: ("departed",) if has_left(outcome) else (),
    )


def _credits(referential: Referential) -> Field:
    units = referential.units
    total = sum(unit.credits for unit in units)
    column = Column(heading="Crédits", width=32, style=("bold", "center"), group=f"/ {total}", rotated=True, opens=True)

    def formula(spot: Spot) -> str:
        credits = spot.book.places[NOTES].above(state_of(units[0].code), state_of(units[-1].code))
        return f'SUMIF({_unit_states(spot)},"{State.VALIDATED}",{NOTES}!{credits})'

    return Field(column, unless_left(lambda outcome: outcome.credits), formula=unless_frozen(present(formula)))
