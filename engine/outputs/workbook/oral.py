"""The sheet `Oral`: the mean of the complete sheets, criterion by criterion, and each juror's total."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pandas as pd

from engine.model import OralSection, Outcome, State
from engine.model.forms import ABSENT
from engine.model.people import ORAL as KEPT_ORAL
from engine.model.rules import aggregate_formula
from engine.outputs.parts import oral_of, oral_rule
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.column import Column, ever_shorter, first_fitting
from engine.outputs.workbook.figures import points_format
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.jurors import Jury
from engine.outputs.workbook.looks import COUNTED, STATES
from engine.outputs.workbook.people import (
    Field,
    Formula,
    People,
    Spot,
    grey_when_missing,
    identity,
    present,
    unless_kept,
    unless_left,
)
from engine.outputs.workbook.places import ORAL, STATE, TOTAL

_ITEM, _SECTION, _TOTAL, _STATE, _COUNT, _JUROR = 31, 38, 46, 34, 30, 56  # pixels
_BALANCE = "Bilan"
_LINES: tuple[Line, ...] = (
    (("Moyenne des fiches complètes, critère par critère", "caption"),),
    (
        ("●", "good"),
        (" validé      ", "caption"),
        ("×", "bad"),
        (" non validé      ○ en attente      Case grise : aucune fiche complète, ou total non arrêté", "caption"),
    ),
)


def oral(book: Book, marks: pd.DataFrame) -> People:
    """The sheet."""
    jury = Jury(book, marks)
    fields = [*identity(book, rotated=True), *_sections(book, jury), *_balance(book, jury), *_jurors(jury)]
    return People(ORAL, fields, lines=_LINES, above="Barème")


def _sections(book: Book, jury: Jury) -> Iterator[Field]:
    for rank, section in enumerate(oral_rule(book.referential).sections):
        group = first_fitting(ever_shorter(section.title), _ITEM * len(section.items) + _SECTION)
        yield from _items(section, jury, group)
        total = Column(
            heading=section.title,
            width=_SECTION,
            style=("bold", "center"),
            number="0.0#",
            group=group,
            above=section.points,
            rotated=True,
        )
        formula = _mean(jury, section.items[0].code, section.items[-1].code)
        yield replace(grey_when_missing(total, _of_section(rank), formula), key=f"section {rank}")


def _of_section(rank: int) -> Callable[[Outcome], Value]:
    return lambda outcome: oral_of(outcome).sections[rank]


def _of_item(code: str) -> Callable[[Outcome], Value]:
    return lambda outcome: oral_of(outcome).items.get(code)


def _mean(jury: Jury, first: str, last: str) -> Formula:
    return lambda spot: jury.mean_formula(spot, first, last)


def _items(section: OralSection, jury: Jury, group: str) -> Iterator[Field]:
    for place, item in enumerate(section.items):
        column = Column(
            heading=item.code,
            width=_ITEM,
            style=("note", "center"),
            number="0.0#",
            group=group,
            above=item.points,
            rotated=True,
            opens=not place,
        )
        yield grey_when_missing(column, _of_item(item.code), _mean(jury, item.code, item.code))


def _balance(book: Book, jury: Jury) -> Iterator[Field]:
    rule, policy = oral_rule(book.referential), book.referential.policy
    total = Column(
        heading="Total",
        width=_TOTAL,
        style=("bold", "center"),
        number=points_format(book.referential),
        group=_BALANCE,
        above=rule.points,
        rotated=True,
        opens=True,
        rules=COUNTED,
    )

    def settled(spot: Spot) -> str:
        """The aggregate, once enough sheets are complete and no other was started."""
        totals = spot.run(*jury.totals)
        only = f"COUNT({totals})+COUNTBLANK({totals})={jury.seats}"
        made = aggregate_formula(totals, policy.oral_from, policy.rounding)
        return f'IF(AND(COUNT({totals})>={policy.minimum_jurors},{only}),{made},"")'

    def judged(spot: Spot) -> str:
        """An absence settles the oral where nothing else was typed; points do by the aggregate."""
        totals, total = spot.run(*jury.totals), spot.here(TOTAL)
        absences = f'COUNTIF({totals},"{ABSENT}")'
        absent = f"AND({absences}>={policy.minimum_jurors},{absences}+COUNTBLANK({totals})={jury.seats})"
        passes = f'IF({total}>={rule.at_least:f},"{State.VALIDATED}","{State.FAILED}")'
        return f'IF({absent},"{State.FAILED}",IF(ISNUMBER({total}),{passes},"{State.PENDING}"))'

    yield Field(total, lambda outcome: oral_of(outcome).value, formula=_unless_held(settled), key=TOTAL)
    state = Column(heading="État", width=_STATE, style=("center", "text"), group=_BALANCE, rotated=True, rules=STATES)
    live = present(unless_kept(KEPT_ORAL, judged, lambda outcome: oral_of(outcome).state, partial(_nothing, jury)))
    yield Field(state, unless_left(lambda outcome: oral_of(outcome).state), formula=live, key=STATE)
    sheets = Column(
        heading="Fiches complètes",
        width=_COUNT,
        style=("center",),
        group=_BALANCE,
        above=policy.minimum_jurors,
        rotated=True,
    )
    complete = present(lambda spot: f"COUNT({spot.run(*jury.totals)})")
    yield Field(sheets, unless_left(lambda outcome: len(oral_of(outcome).totals)), formula=complete)


def _nothing(jury: Jury, spot: Spot) -> str:
    """Whether no sheet holds anything; where a bloc rests on the oral, it is awaited all the same."""
    if spot.book.referential.hears(spot.outcome.candidate):
        return ""
    return f"COUNTBLANK({spot.run(*jury.totals)})={jury.seats}"


def _unless_held(formula: Formula) -> Formula:
    """The same formula; none for somebody whose oral no points of this session settle."""
    return lambda spot: "" if oral_of(spot.outcome).held else formula(spot)


def _jurors(jury: Jury) -> Iterator[Field]:
    """Each juror's total, or what the sheet lacks; then who the jurors are, in the same order."""
    for seat in range(jury.seats):
        column = Column(
            heading=f"Total {seat + 1}",
            width=_JUROR,
            style=("note", "center"),
            number="0.0#",
            group="Totaux par juré",
            opens=not seat,
        )
        yield Field(
            column,
            partial(_total, jury, seat),
            formula=partial(_total_formula, jury, seat),
            key=f"total juré {seat}",
        )
    for seat in range(jury.seats):
        column = Column(
            heading=f"Juré {seat + 1}",
            width=_JUROR,
            style=("note", "text", "center"),
            group="Jurés",
            opens=not seat,
        )
        yield Field(column, partial(_name, jury, seat))


def _total(jury: Jury, seat: int, outcome: Outcome) -> Value:
    return jury.total(outcome, seat)


def _total_formula(jury: Jury, seat: int, spot: Spot) -> str:
    return jury.total_formula(spot, seat)


def _name(jury: Jury, seat: int, outcome: Outcome) -> Value:
    return jury.name(outcome, seat)
