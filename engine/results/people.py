"""Sheets with one row per candidate: who they are, then one field per column."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from engine.model import Candidate, Decision, Outcome
from engine.results.column import Column, fitted
from engine.results.frame import Book, Line, Value
from engine.results.grid import Table
from engine.texts import bare

Look = tuple[str, ...]
_PLAIN: Look = ()


@dataclass(frozen=True)
class Field:
    """A column and what stands in it for a candidate: ``value``, and the style fragments ``look`` adds."""

    column: Column
    value: Callable[[Outcome], Value]
    look: Callable[[Outcome], Look] = lambda _: _PLAIN


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


def grey_when_missing(column: Column, value: Callable[[Outcome], Value]) -> Field:
    """A field whose empty cells are grey, unless nothing is awaited any more."""
    return Field(
        column, value, lambda outcome: ("pending",) if value(outcome) is None and not has_left(outcome) else _PLAIN
    )


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


def write_people(
    book: Book, name: str, fields: Sequence[Field], *, lines: Sequence[Line] = (), above: str = ""
) -> None:
    """Write one sheet, candidates in alphabetical order, names kept in sight."""
    columns = [field.column for field in fields]
    table = Table(book, name, columns, lines=lines, above=above, frozen=3, row_minimum=21.75)
    for outcome in book.outcomes:
        looks = {index: look for index, field in enumerate(fields) if (look := field.look(outcome))}
        table.add([field.value(outcome) for field in fields], looks)
    table.close()
