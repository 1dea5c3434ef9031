"""Sheets with one row per candidate: who they are, then one field per column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from xlsxwriter.utility import xl_rowcol_to_cell

from engine.model import Candidate, Decision, Outcome, State
from engine.model.rules import unless_presented_formula
from engine.model.texts import bare
from engine.outputs.tables.column import Field as Described
from engine.outputs.tables.column import Item
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.column import USUAL, Column, fitted
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.grid import Shape, Table, first_row
from engine.outputs.workbook.links import inside
from engine.outputs.workbook.places import CANDIDATES, SUMMARY, Place, kept

Look = tuple[str, ...]
_PLAIN: Look = ()


def plain(_: Outcome) -> Look:
    """The look of a cell that looks as its column does, whoever it is about."""
    return _PLAIN


_NARROW = 60  # pixels
_LONGEST = 8_000  # signs of a formula, less some room: what Excel accepts


@dataclass(frozen=True)
class Spot:
    """A candidate's row of a sheet being written, for the formulas that stand in it."""

    book: Book
    sheet: str
    rank: int
    outcome: Outcome

    @property
    def own(self) -> Place:
        """The sheet itself."""
        return self.book.places[self.sheet]

    def here(self, key: str) -> str:
        """A cell of this row."""
        return self.own.here(key, self.rank)

    def run(self, start: str, end: str) -> str:
        """Neighbouring cells of this row."""
        return self.own.run(start, end, self.rank)

    def cell(self, sheet: str, key: str) -> str:
        """The candidate's cell in another sheet."""
        return self.book.places[sheet].cell(key, self.rank)


Formula = Callable[[Spot], str]
"""Makes the formula of a cell, without its sign; an empty one where the value rests on nothing that is shown."""


@dataclass(frozen=True)
class Field:
    """A column and what stands in it for a candidate: ``value``, and the style fragments ``look`` adds.

    ``formula`` gives the same value from what the workbook shows; ``key`` names the column in formulas, by its heading
    unless something else could have that heading too.
    """

    column: Column
    value: Callable[[Outcome], Value]
    look: Callable[[Outcome], Look] = plain
    formula: Formula | None = None
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """How a sheet shows a column described elsewhere; ``shown``: what stands in it instead of the value described."""

    column: Column = USUAL
    shown: Callable[[Outcome], Value] | None = None
    look: Callable[[Outcome], Look] = plain
    formula: Formula | None = None
    key: str = ""


def drawn(
    described: Iterable[Described[Item]], of: Callable[[Outcome], Item], looks: Mapping[str, Drawn]
) -> Iterator[Field]:
    """The fields of a sheet, from the description of its table: ``of`` finds the item of a candidate, ``looks`` are by
    heading."""
    for each in described:
        if each.in_sheet:
            look = looks.get(each.column.name, Drawn())
            column = replace(look.column, heading=each.column.name)
            yield Field(column, look.shown or _read(each, of), look.look, look.formula, look.key)


def _read(described: Described[Item], of: Callable[[Outcome], Item]) -> Callable[[Outcome], Value]:
    def value(outcome: Outcome) -> Value:
        found = described.read(of(outcome))
        return found if not isinstance(found, bool) else "Oui" if found else "Non"

    return value


@dataclass(frozen=True)
class People:
    """A sheet with one row per candidate, in alphabetical order, names kept in sight."""

    name: str
    fields: Sequence[Field]
    lines: Sequence[Line] = ()
    above: str = ""


def by_name(outcomes: Iterable[Outcome]) -> tuple[Outcome, ...]:
    """In the order of the dictionary: letters alone count, without case or accents; then identifiers."""
    return tuple(sorted(outcomes, key=lambda outcome: _alphabetical(outcome.candidate)))


def _alphabetical(candidate: Candidate) -> tuple[str, str, str]:
    return _letters(candidate.last_name), _letters(candidate.first_name), candidate.id.casefold()


def _letters(name: str) -> str:
    return "".join(sign for sign in bare(name) if sign.isalnum())


def has_left(outcome: Outcome) -> bool:
    """Whether the candidate dropped out: what is missing is then no longer awaited."""
    return outcome.decision is Decision.LEFT


def unless_left(value: Callable[[Outcome], Value]) -> Callable[[Outcome], Value]:
    """The same reading, empty for a candidate who dropped out."""
    return lambda outcome: None if has_left(outcome) else value(outcome)


def grey_when_missing(column: Column, value: Callable[[Outcome], Value], formula: Formula | None = None) -> Field:
    """A field whose empty cells are grey, unless nothing is awaited any more."""
    return Field(
        column,
        value,
        lambda outcome: ("pending",) if value(outcome) is None and not has_left(outcome) else _PLAIN,
        formula,
    )


def present(formula: Formula) -> Formula:
    """The same formula; none for a candidate who dropped out."""
    return lambda spot: "" if has_left(spot.outcome) else formula(spot)


def unless_frozen(formula: Formula) -> Formula:
    """The same formula; none where the closure of the session froze the value, whatever the sheets show."""
    return lambda spot: "" if spot.outcome.frozen else formula(spot)


def unless_kept(code: str, formula: Formula, state: Callable[[Outcome], State], nothing: Formula) -> Formula:
    """The formula of the state of a condition, for those too who hold it from an earlier session, or who do not present
    it; ``nothing``: see :func:`unless_presented`."""

    def either(spot: Spot) -> str:
        live = unless_presented(formula, state, nothing)(spot)
        if not live or not spot.outcome.candidate.keeps(code):
            return live
        return f'IF({spot.cell(CANDIDATES, kept(code))}="Oui","{State.VALIDATED}",{live})'

    return either


def unless_presented(formula: Formula, state: Callable[[Outcome], State], nothing: Formula) -> Formula:
    """The same, for those too who present only blocs, and for whom nothing came of it; ``nothing``: the condition on
    cells that tells so, none where it is awaited all the same. What cannot be read stands in no cell, and waits."""

    def either(spot: Spot) -> str:
        live, told = formula(spot), nothing(spot) if spot.outcome.only_blocs else ""
        if not live or not told or state(spot.outcome) is State.PENDING:
            return live
        return f"IF({told},{unless_presented_formula(live)},{live})"

    return either


def no_mark(code: str) -> Formula:
    """The condition that a mark of this sheet was not given."""
    return lambda spot: f'{spot.here(code)}=""'


def while_ruled(formula: Formula) -> Formula:
    """The same formula; none where the jury or a closure decided, whatever the sheets show."""
    return lambda spot: formula(spot) if spot.outcome.live else ""


def identity(book: Book, *, rotated: bool = False) -> tuple[Field, ...]:
    """`Identifiant`, `Nom`, `Prénom`: a candidate who dropped out stands in italics."""
    people = [outcome.candidate for outcome in book.outcomes]
    widths = (
        fitted((person.id for person in people), low=40 if rotated else 82, high=110, size=8),
        fitted((person.last_name for person in people), low=102, high=150, bold=True),
        fitted((person.first_name for person in people), low=70, high=110),
    )
    styles = (("small", "text", "wrap"), ("bold", "text", "wrap"), ("text", "wrap"))
    readers = (
        lambda outcome: outcome.candidate.id,
        lambda outcome: outcome.candidate.last_name,
        lambda outcome: outcome.candidate.first_name,
    )
    return tuple(
        Field(
            Column(heading=heading, width=width, style=style, rotated=rotated and not index, stretch=index == 1),
            reader,
            lambda outcome: ("departed",) if has_left(outcome) else _PLAIN,
        )
        for index, (heading, width, style, reader) in enumerate(
            zip(("Identifiant", "Nom", "Prénom"), widths, styles, readers, strict=True)
        )
    )


def identity_looks(book: Book, *, rotated: bool = False) -> dict[str, Drawn]:
    """How the same columns look where they are described with the others."""
    fields = identity(book, rotated=rotated)
    return {field.column.heading: Drawn(column=field.column, look=field.look) for field in fields}


def place_people(book: Book, sheet: People) -> None:
    """Let the formulas of every sheet know where this one's cells will stand."""
    columns = [field.column for field in sheet.fields]
    keys = [field.key or field.column.heading for field in sheet.fields]
    first = first_row(book, columns, sheet.lines)
    book.places[sheet.name] = Place(sheet.name, keys, first, len(book.outcomes))


def _behind(spot: Spot) -> str | None:
    """From `Synthèse` to the candidate's marks in `Détail`, if there are any; from another sheet to `Synthèse`."""
    if spot.sheet != SUMMARY:
        return spot.book.candidate_link(spot.outcome.candidate.id)
    block = spot.book.sources.block(spot.rank)
    return inside(*spot.book.detail.place(block[0])) if block else None


def _not_presented(fields: Sequence[Field], outcome: Outcome) -> Iterator[tuple[int, Look]]:
    """The sign of what the candidate does not present, where the column is too narrow for the words."""
    for index, field in enumerate(fields):
        if field.column.width < _NARROW and field.value(outcome) == State.NOT_PRESENTED:
            yield index, (*field.look(outcome), "not_presented")


def write_people(book: Book, sheet: People) -> None:
    """Write one sheet, once the places of all are known."""
    fields = sheet.fields
    columns = [field.column for field in fields]
    shape = Shape(frozen=3, above=sheet.above, row_minimum=21.75)
    table = Table(book, sheet.name, columns, lines=sheet.lines, shape=shape)
    live = [(index, field.formula) for index, field in enumerate(fields) if field.formula]
    looking = [(index, field.look) for index, field in enumerate(fields) if field.look is not plain]
    for rank, outcome in enumerate(book.outcomes):
        spot = Spot(book, sheet.name, rank, outcome)
        looks = {index: found for index, look in looking if (found := look(outcome))}
        looks |= dict(_not_presented(fields, outcome)) if outcome.only_blocs else {}
        made = ((index, formula(spot)) for index, formula in live)
        formulas = {index: text for index, text in made if text and len(text) < _LONGEST}
        table.add([field.value(outcome) for field in fields], looks, formulas, {0: _behind(spot)})
    whole = f"A1:{xl_rowcol_to_cell(table.row, len(fields) - 1)}"  # a table of Excel's green corners tells nothing
    table.sheet.ignore_errors({"formula_range": whole, "formula_differs": whole, "number_stored_as_text": whole})
    table.close()
