"""The sheets `Compétences` and `Transversales`: every level against its minimum."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from engine.model import Outcome, Referential, TransversalDomain
from engine.results.column import Column, first_fitting
from engine.results.figures import required
from engine.results.frame import Book, Line, Value
from engine.results.looks import BELOW, COUNTED, STATES
from engine.results.people import Field, grey_when_missing, identity, unless_left, write_people
from engine.styles import printed

_LEVEL, _TOTAL, _STATE = 36, 46, 40  # pixels
_LINES: tuple[Line, ...] = (
    (("Niveau retenu, face au minimum du référentiel", "caption"),),
    (("2", "bad_figure"), (" sous le minimum      Case grise : niveau manquant, ou valeur à corriger", "caption")),
)


def write_competences(book: Book) -> None:
    """`Compétences`: a column per competence, grouped by bloc."""
    fields = [*identity(book), *_competences(book.referential)]
    write_people(book, "Compétences", fields, lines=_LINES, above="Mini")


def write_transversal(book: Book) -> None:
    """`Transversales`: a column per item, a total per domain, the total and its state."""
    fields = [*identity(book), *_domains(book.referential), *_balance(book.referential)]
    write_people(book, "Transversales", fields, lines=_LINES, above="Mini")


def _competences(referential: Referential) -> Iterator[Field]:
    for bloc in referential.blocs:
        total = len(bloc.competences)
        names = [
            printed(f"{bloc.code} : {required(bloc.required)} sur {total}"),
            f"{bloc.code}, {bloc.required}/{total}",
        ]
        group = first_fitting([*names, bloc.code], _LEVEL * total)
        for rank, competence in enumerate(bloc.competences):
            yield _level("levels", competence.code, competence.minimum, group, opens=not rank)


def _level(
    levels: Literal["levels", "transversal_levels"], code: str, minimum: Decimal, group: str, *, opens: bool
) -> Field:
    column = Column(heading=code, width=_LEVEL, style=("center",), group=group, above=minimum, opens=opens, rules=BELOW)

    def value(outcome: Outcome) -> Value:
        return getattr(outcome, levels)[code].value

    return grey_when_missing(column, value)


def _domains(referential: Referential) -> Iterator[Field]:
    for domain in referential.transversal.domains:
        group = first_fitting((domain.title,), _LEVEL * len(domain.items) + _TOTAL)
        for rank, item in enumerate(domain.items):
            yield _level("transversal_levels", item.code, item.minimum, group, opens=not rank)
        yield _domain_total(domain, group)


def _domain_total(domain: TransversalDomain, group: str) -> Field:
    codes = [item.code for item in domain.items]
    column = Column(
        heading=domain.title,
        width=_TOTAL,
        style=("bold", "center"),
        number=f'0"/{len(codes)}"',
        group=group,
        rotated=True,
    )
    levels = unless_left(lambda outcome: sum(outcome.transversal_levels[code].demonstrated for code in codes))
    return Field(column, levels)


def _balance(referential: Referential) -> Iterator[Field]:
    transversal = referential.transversal
    total = Column(
        heading="Total",
        width=_TOTAL,
        style=("bold", "center"),
        number=f'0"/{len(transversal.items)}"',
        group="Bilan",
        above=transversal.required,
        opens=True,
        rules=COUNTED,
    )
    yield Field(total, unless_left(lambda outcome: outcome.transversal.demonstrated))
    state = Column(heading="État", width=_STATE, style=("center", "text"), group="Bilan", rules=STATES)
    yield Field(state, unless_left(lambda outcome: outcome.transversal.state))
