"""The sheet `Oral`: the mean of the complete sheets, criterion by criterion, and each juror's total."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model import OralSection, Outcome, Referential
from engine.results.column import Column, first_fitting
from engine.results.figures import points_format
from engine.results.frame import Book, Line
from engine.results.looks import COUNTED, STATES
from engine.results.people import Field, grey_when_missing, identity, unless_left, write_people
from engine.styles import printed
from engine.values import figure

_ITEM, _SECTION, _TOTAL, _STATE, _COUNT = 31, 38, 46, 34, 30  # pixels
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


def write_oral(book: Book) -> None:
    """Write the sheet."""
    fields = [*identity(book, rotated=True), *_sections(book.referential), *_balance(book.referential)]
    write_people(book, "Oral", fields, lines=_LINES, above="Barème")


def _sections(referential: Referential) -> Iterator[Field]:
    for rank, section in enumerate(referential.oral.sections):
        group = first_fitting((section.title,), _ITEM * len(section.items) + _SECTION)
        yield from _items(section, group)
        total = Column(
            heading=section.title,
            width=_SECTION,
            style=("bold", "center"),
            number="0.0#",
            group=group,
            above=section.points,
            rotated=True,
        )
        yield grey_when_missing(total, lambda outcome, rank=rank: outcome.oral.sections[rank])


def _items(section: OralSection, group: str) -> Iterator[Field]:
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
        yield grey_when_missing(column, lambda outcome, code=item.code: outcome.oral.items.get(code))


def _balance(referential: Referential) -> Iterator[Field]:
    total = Column(
        heading="Total",
        width=_TOTAL,
        style=("bold", "center"),
        number=points_format(referential),
        group=_BALANCE,
        above=referential.oral.points,
        rotated=True,
        opens=True,
        rules=COUNTED,
    )
    yield Field(total, lambda outcome: outcome.oral.value)
    state = Column(heading="État", width=_STATE, style=("center", "text"), group=_BALANCE, rotated=True, rules=STATES)
    yield Field(state, unless_left(lambda outcome: outcome.oral.state))
    sheets = Column(
        heading="Fiches complètes",
        width=_COUNT,
        style=("center",),
        group=_BALANCE,
        above=referential.policy.minimum_jurors,
        rotated=True,
    )
    yield Field(sheets, unless_left(lambda outcome: len(outcome.oral.totals)))
    jurors = Column(heading="Totaux par juré", width=126, style=("note", "text", "wrap", "indented"), stretch=True)
    yield Field(jurors, _totals)


def _totals(outcome: Outcome) -> str:
    """Each complete sheet's total: `J01 : 41,5; J02 : 43`."""
    return "; ".join(printed(f"{juror} : {figure(total)}") for juror, total in outcome.oral.totals.items())
