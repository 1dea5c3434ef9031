"""The sheet `Candidats`: the roster as it was read, and whether what is said of each candidate stands in place."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from engine.model import Outcome
from engine.office.metrics import text_width
from engine.office.styles import printed
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.column import Column, first_fitting
from engine.outputs.workbook.frame import Book, Line, Live
from engine.outputs.workbook.integrity import Group, in_scale, rows_in_place
from engine.outputs.workbook.looks import NEGATIVE
from engine.outputs.workbook.people import Field, Formula, People, Spot, identity
from engine.outputs.workbook.places import (
    AS_READ,
    CANDIDATES,
    COMPETENCES,
    IN_PLACE,
    IN_SCALE,
    NOTES,
    ORAL,
    TRANSVERSAL,
    kept,
    presented,
)

_LINES: tuple[Line, ...] = (
    (("Le registre tel qu'il a été lu", "caption"),),
    (("« Lignes en place » : Non quand un tri a séparé le candidat des valeurs qui le concernent.", "caption"),),
)
_LINE = 2 + len(_LINES)  # the row, from 1, of the line on values: under the title and the lines above
_BLOC, _PEOPLE = 34, 120  # pixels
_IN_SCALE = "Valeurs dans leur échelle"


def candidates(book: Book) -> People:
    """The sheet."""
    return People(CANDIDATES, [*identity(book), *_registered(book), *_verified(book)], lines=(*_LINES, _values(book)))


def _registered(book: Book) -> Iterator[Field]:
    status = Column(heading="Statut", width=72, style=("note", "text"))
    yield Field(status, lambda outcome: "Abandon" if outcome.candidate.dropped_out else "Inscrit")
    blocs = book.referential.blocs
    group = first_fitting(("Blocs déjà acquis", "Déjà acquis", "Acquis"), _BLOC * len(blocs))
    for rank, bloc in enumerate(blocs):
        column = Column(heading=bloc.code, width=_BLOC, style=("note", "text", "center"), group=group, opens=not rank)
        yield Field(column, _held(bloc.code))
    yield from _presented(book)
    yield from _kept(book)
    readers: dict[str, Callable[[Outcome], Sequence[str]]] = {
        "Tuteur": lambda outcome: outcome.candidate.tutors,
        "Formateurs": lambda outcome: outcome.candidate.trainers,
        "Jurés": lambda outcome: outcome.candidate.jurors,
    }
    for rank, (heading, reader) in enumerate(readers.items()):
        column = Column(heading=heading, width=_PEOPLE, style=("note", "text", "wrap", "indented"), opens=not rank)
        yield Field(column, _joined(reader))


def _held(code: str) -> Callable[[Outcome], Value]:
    return lambda outcome: "Oui" if outcome.blocs[code].held else None


def _presented(book: Book) -> Iterator[Field]:
    """The blocs that each candidate presents, where somebody presents only some."""
    if not any(outcome.candidate.presented for outcome in book.outcomes):
        return
    blocs = book.referential.blocs
    group = first_fitting(("Blocs présentés", "Présentés"), _BLOC * len(blocs))
    for rank, bloc in enumerate(blocs):
        column = Column(heading=bloc.code, width=_BLOC, style=("note", "text", "center"), group=group, opens=not rank)
        yield Field(column, partial(_presents, bloc.code), key=presented(bloc.code))


def _presents(code: str, outcome: Outcome) -> str | None:
    if outcome.blocs[code].held:
        return None
    return "Oui" if outcome.candidate.presents(code) else "Non"


def _joined(reader: Callable[[Outcome], Sequence[str]]) -> Callable[[Outcome], Value]:
    return lambda outcome: "; ".join(reader(outcome))


def _kept(book: Book) -> Iterator[Field]:
    """What somebody holds from an earlier session beside blocs: a column for each such condition."""
    people = [outcome.candidate for outcome in book.outcomes]
    codes = [code for code in book.referential.keepable if any(person.keeps(code) for person in people)]
    width = max([_BLOC, *(round(text_width(code, 8, bold=True)) + 22 for code in codes)])
    for rank, code in enumerate(codes):
        style = ("note", "text", "center")
        column = Column(heading=code, width=width, style=style, group="Conservés", opens=not rank)
        reader = partial(_keeps, code)
        yield Field(column, reader, key=kept(code))


def _keeps(code: str, outcome: Outcome) -> str | None:
    return "Oui" if outcome.candidate.keeps(code) else None


def _verified(book: Book) -> Iterator[Field]:
    """Whether the candidate's rows stand in place, in their scales, and whether their values are what was read."""
    yield _condition("Lignes en place", IN_PLACE, _in_place, opens=True)
    groups = book.scales
    for rank, (heading, group) in enumerate(groups.items()):
        yield _condition(heading, f"{IN_SCALE} {rank}", partial(_in_scale, group), group=_IN_SCALE, opens=not rank)
    yield _condition("Telles que lues", AS_READ, _as_read, opens=True)


def _condition(heading: str, key: str, condition: Formula, *, group: str = "", opens: bool = False) -> Field:
    """A column that says `Oui` as long as a condition holds for the candidate.

    Cells that were deleted or shifted apart make errors: it then does not hold.
    """
    width, style = (_BLOC * 2 if group else 104), ("note", "text", "center")
    column = Column(heading=heading, width=width, style=style, group=group, opens=opens, rules=NEGATIVE)

    def formula(spot: Spot) -> str:
        holds = condition(spot)
        return f'IFERROR(IF(AND({holds}),"Oui","Non"),"Non")' if holds else ""

    return Field(column, lambda _: "Oui", formula=formula, key=key)


def undisturbed(spot: Spot) -> str:
    """A condition for another sheet: the candidate's rows stand in place, and their values in their scales."""
    last = len(spot.book.scales) - 1
    cells = spot.book.places[CANDIDATES].cells(IN_PLACE, f"{IN_SCALE} {last}", spot.rank)
    return f'COUNTIF({cells},"Oui")={last + 2}'


def _in_place(spot: Spot) -> str:
    """Each sheet that the decision rests on has the same identifier; the candidate's marks stand in their places."""
    sheets = [name for name in (COMPETENCES, TRANSVERSAL, ORAL, NOTES) if name in spot.book.places]
    same = [f"{spot.cell(name, 'Identifiant')}={spot.here('Identifiant')}" for name in sheets]
    block = spot.book.sources.block(spot.rank)
    return ",".join([*same, rows_in_place(spot.book.detail, block)] if block else same)


def _in_scale(group: Group, spot: Spot) -> str:
    block = spot.book.sources.block(spot.rank)
    return in_scale(spot.book.detail, block, group) if block else ""


def _as_read(spot: Spot) -> str:
    block = spot.book.sources.block(spot.rank)
    return spot.book.fingerprint.unchanged(spot.book.detail, block) if block else ""


# ----------------------------------------------------------------------------------- all the values at once


AS_THEY_WERE, SHUFFLED = "telles qu'elles ont été lues", "déplacées"
_TYPED_OVER = "changées à la main ; les décisions ne sont plus celles du programme"
_VALUES = printed("Valeurs de Détail : ")


def _values(book: Book) -> Live:
    """Whether any value was changed, and whether this was done by moving it."""

    def formula() -> str:
        changed = f'COUNTIF({book.places[CANDIDATES].column(AS_READ)},"Non")'
        same = book.fingerprint.same_altogether(book.detail)
        words = f'IF({changed}=0,"{AS_THEY_WERE}",IFERROR(IF({same},"{SHUFFLED}","{_TYPED_OVER}"),"{SHUFFLED}"))'
        return f'"{_VALUES}"&{words}'

    return Live(f"{_VALUES}{AS_THEY_WERE}", formula)


VALUES_LINE = f"{CANDIDATES}!$A${_LINE}"
"""The cell of that line."""


def values_are(word: str) -> str:
    """A condition for the formulas of another sheet: what that line says."""
    return f'{VALUES_LINE}="{_VALUES}{word}"'
