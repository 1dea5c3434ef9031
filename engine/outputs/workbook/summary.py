"""The sheet `Synthèse`: one row per candidate, from the decision to its reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal

from engine.model import MarkOutcome, NationalExam, Outcome, Referential, State, Unit
from engine.model.errors import present as known
from engine.model.rules import (
    judged_formula,
    worst_formula,
)
from engine.model.values import figure
from engine.office.styles import printed
from engine.outputs.parts import exam_of, unit_bar, unit_of
from engine.outputs.tables.decisions import fields
from engine.outputs.workbook.blocs import of_blocs
from engine.outputs.workbook.brief import brief
from engine.outputs.workbook.column import Column, first_fitting
from engine.outputs.workbook.figures import mark_look, points_format, required, shown_mark
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.looks import DECISIONS_BESIDE, FAILED, PROVISIONAL, below_or_absent, words
from engine.outputs.workbook.pairs import STATE_WIDTH, copied, counting, figures, pair, state_beside
from engine.outputs.workbook.people import (
    Drawn,
    Formula,
    Look,
    People,
    Spot,
    drawn,
    has_left,
    identity_looks,
    no_mark,
    present,
    unless_frozen,
    unless_kept,
    unless_left,
    unless_presented,
    while_ruled,
)
from engine.outputs.workbook.places import (
    DECIDED_BY,
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

_REASONS = 300  # pixels


def summary(book: Book) -> People:
    """The sheet: the columns of `decisions`, in their order."""
    conditions = {heading: _unless_left(look) for heading, look in _conditions(book.referential).items()}
    looks = _head(book) | conditions | _tail(book.referential)
    shown = [*drawn(fields(book.referential), lambda outcome: outcome, looks)]
    return People(SUMMARY, shown, lines=(decisions_counted(book), _legend(book)))


def _legend(book: Book) -> Line:
    absent = "– non présenté      " if any(outcome.only_blocs for outcome in book.outcomes) else ""
    held = (("× 14,00", "held"), (" retenue par le rapport      ", "caption"))
    return (
        ("●", "good"),
        (" validé      ", "caption"),
        ("×", "bad"),
        (f" non validé      ○ en attente      {absent}", "caption"),
        ("9,50", "bad_figure"),
        (" sous le seuil      ", "caption"),
        *(held if book.referential.requires_report else ()),
        ("Case grise : valeur manquante      ", "caption"),
        ("○ ADMIS provisoire", "unsettled"),
        (" : une fiche attendue manque", "caption"),
    )


def _head(book: Book) -> dict[str, Drawn]:
    small, lost = ("small", "text"), words({DISPLACED: FAILED})
    decided = Column(width=150, style=("bold", "text", "indented"), rules=(*DECISIONS_BESIDE, *lost))
    provisional = Column(width=30, style=("center", "small"), rotated=True, rules=PROVISIONAL)
    return identity_looks(book, rotated=True) | {
        "Décision": Drawn(column=decided, formula=while_ruled(lambda spot: spot.here(RULED))),
        "Provisoire": Drawn(column=provisional),
        "Blocs acquis": Drawn(
            column=Column(width=53, style=(*small, "wrap"), rotated=True),
            look=_unsettled,
            formula=while_ruled(present(acquired)),
        ),
        RULED: Drawn(column=Column(width=74, style=small, rotated=True, rules=lost), look=_unsettled, formula=decision),
        DECIDED_BY: Drawn(column=Column(width=44, style=small, rotated=True)),
    }


def _unsettled(outcome: Outcome) -> Look:
    return ("unsettled",) if outcome.provisional and not has_left(outcome) else ()


def _unless_left(look: Drawn) -> Drawn:
    """The same, without looks nor formula for a candidate who dropped out."""
    of_present, formula, shown = look.look, look.formula, look.shown
    return replace(
        look,
        shown=shown and unless_left(shown),
        look=lambda outcome: () if has_left(outcome) else of_present(outcome),
        formula=formula and present(formula),
    )


def _conditions(referential: Referential) -> dict[str, Drawn]:
    transversal, oral, exam = referential.transversal, referential.oral, referential.national_exam
    found = of_blocs(referential)
    if transversal:
        groups = (required(transversal.required), f"≥ {transversal.required}")
        column, total = counting(len(transversal.items), groups), copied(TRANSVERSAL, TOTAL)
        found |= pair("Transversales", column, total, copied(TRANSVERSAL, STATE), TRANSVERSAL_STATE)
    if oral:
        column = figures(42, points_format(referential), (f"≥ {figure(oral.at_least)}",))
        found |= pair("Oral", column, copied(ORAL, TOTAL), copied(ORAL, STATE), ORAL_STATE)
    if exam:
        found |= _exam(exam)
    if referential.units:
        found |= _units(referential)
    return found


# --------------------------------------------------------------------------------------------- marks


def _exam(exam: NationalExam) -> dict[str, Drawn]:
    column, passes = figures(42, "0.00", (f"≥ {figure(exam.at_least)}",)), f">={exam.at_least:f}"
    mark = Drawn(
        column=column,
        shown=lambda outcome: shown_mark(exam_of(outcome)),
        look=lambda outcome: mark_look(exam_of(outcome), exam.at_least),
        formula=_mark(exam_of, exam.code),
    )

    def judged(spot: Spot) -> str:
        return judged_formula(spot.here(exam.code), passes)

    state = unless_kept(exam.code, judged, lambda outcome: exam_of(outcome).state, no_mark(exam.code))
    return {exam.code: mark, f"{exam.code} état": state_beside(column.group, state, state_of(exam.code))}


def _mark(mark: Callable[[Outcome], MarkOutcome], code: str) -> Formula:
    """The mark in `Notes`; none where there is none, or where it could not be read."""
    there = copied(NOTES, code)
    return lambda spot: "" if shown_mark(mark(spot.outcome)) is None else there(spot)


def _units(referential: Referential) -> dict[str, Drawn]:
    bar, units = figure(unit_bar(referential)), referential.units
    names = (f"Unités d'enseignement : plus de {bar}", f"UE : plus de {bar}", f"> {bar}")
    group = first_fitting([printed(name) for name in names], 38 * len(units) + STATE_WIDTH)

    def state(spot: Spot) -> str:
        return worst_formula(_unit_states(spot), len(units))

    found = {unit.code: _unit(unit, group, unit_bar(referential), opens=not rank) for rank, unit in enumerate(units)}

    def nothing(spot: Spot) -> str:
        return f'COUNTIF({_unit_states(spot)},"{State.PENDING}")=0'

    live = unless_presented(state, lambda outcome: known(outcome.unit_state), nothing)
    return found | {"UE état": state_beside(group, live, UNIT_STATE)}


def _unit_states(spot: Spot) -> str:
    """The cells of `Notes` that hold the state of each UE."""
    units = spot.book.referential.units
    return spot.book.places[NOTES].cells(state_of(units[0].code), state_of(units[-1].code), spot.rank)


def _unit(unit: Unit, group: str, bar: Decimal, *, opens: bool) -> Drawn:
    column = Column(
        width=50 if unit.requires_report else 38,
        style=("right",),
        number="0.00",
        group=group,
        rotated=True,
        opens=opens,
        rules=below_or_absent(bar),
    )
    return Drawn(
        column=column,
        shown=lambda outcome: shown_mark(outcome.units[unit.code]),
        look=lambda outcome: _unit_look(outcome.units[unit.code], bar),
        formula=_mark(unit_of(unit.code), unit.code),
        key=f"note de {unit.code}",
    )


def _unit_look(mark: MarkOutcome, bar: Decimal) -> Look:
    """The look of a UE: missing, or above the threshold and yet held back by the activity report."""
    precision = mark_look(mark, bar)
    if mark.value is None or mark.value <= bar:
        return (*precision, "pending") if mark.state is State.PENDING else precision
    return {State.FAILED: ("held",), State.PENDING: ("held_open",)}.get(mark.state, precision)


# ---------------------------------------------------------------------------------------------- tail


def _tail(referential: Referential) -> dict[str, Drawn]:
    reasons = Drawn(
        column=Column(width=_REASONS, style=("note", "text", "wrap", "indented"), opens=True, stretch=True),
        shown=lambda outcome: brief(outcome, referential, _REASONS),
        look=lambda outcome: ("departed",) if has_left(outcome) else (),
    )
    return {"Crédits": _credits(referential.units), "Motifs": reasons}


def _credits(units: Sequence[Unit]) -> Drawn:
    group = f"/ {sum(unit.credits for unit in units)}"

    def formula(spot: Spot) -> str:
        credits = spot.book.places[NOTES].above(state_of(units[0].code), state_of(units[-1].code))
        return f'SUMIF({_unit_states(spot)},"{State.VALIDATED}",{NOTES}!{credits})'

    column = Column(width=32, style=("bold", "center"), group=group, rotated=True, opens=True)
    return Drawn(column=column, formula=unless_frozen(present(formula)))
