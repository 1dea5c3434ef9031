"""The table of a sheet: the row of its headings, the column of each, and what stands in the column of codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from engine.intake.readers.grid import Grid
from engine.model.forms import Form, Input
from engine.model.texts import fold
from engine.model.values import Raw, shown, trim


@dataclass(frozen=True)
class Table:
    """A located table: the heading row, each heading's column, and every non-blank cell of the code column.

    ``columns`` holds the headings that stand once, ``twice`` those that stand several times, ``exchanged`` those of
    two columns whose headings were exchanged; ``pushed`` those that stand under the title of another.
    """

    heading_row: int
    code_column: int
    columns: Mapping[str, int]
    twice: frozenset[str]
    codes: tuple[tuple[int, Raw], ...]
    exchanged: frozenset[str] = frozenset()
    pushed: frozenset[str] = frozenset()


def find_table(grid: Grid, form: Form) -> Table | None:
    """The table of a form: the row that holds the code heading, once, and most of its other headings.

    ``None`` where there is none, or where two such rows put a heading in different columns: a legend added above the
    table would have its column read for another.
    """
    rows = dict(_heading_rows(grid, form))
    if not rows or _contradict(rows.values()):
        return None
    index = max(rows, key=lambda row: len(rows[row]))
    places = rows[index]
    code_column = places[form.code_heading][0]
    return Table(
        heading_row=index,
        code_column=code_column,
        columns={heading: found[0] for heading, found in places.items() if len(found) == 1},
        twice=frozenset(heading for heading, found in places.items() if len(found) > 1),
        codes=tuple(_codes(grid, index + 1, code_column)),
    )


def _heading_rows(grid: Grid, form: Form) -> Iterator[tuple[int, Mapping[str, list[int]]]]:
    """Each row that may head the table, with the columns of each heading."""
    wanted = {fold(column.heading): column.heading for column in form.columns}
    for index, line in enumerate(grid.texts):
        places = defaultdict(list)
        for column, text in line:
            heading = wanted.get(fold(text))
            if heading is not None:
                places[heading].append(column)
        if len(places[form.code_heading]) == 1 and len(places) > 1:
            yield index, places


def _contradict(rows: Iterable[Mapping[str, list[int]]]) -> bool:
    """Whether a heading stands in other columns from one row to another."""
    known: dict[str, list[int]] = {}
    return any(known.setdefault(heading, columns) != columns for row in rows for heading, columns in row.items())


def without_exchanged(table: Table, grid: Grid, form: Form) -> Table:
    """The table without the columns whose headings were exchanged, as the names given to their cells tell.

    Columns that were moved take the names of their cells along; headings alone do not.
    """
    stand = {entry: table.columns[entry.heading] for entry in form.inputs if entry.heading in table.columns}
    if list(stand.values()) == sorted(stand.values()):
        return table
    issued = {
        entry: {grid.names[name][1] for name in grid.names if name.startswith(_start(entry, form))} for entry in stand
    }
    exchanged = frozenset(
        one.heading
        for one in stand
        for other in stand
        if one is not other and issued[one] == {stand[other]} and issued[other] == {stand[one]}
    )
    kept = {heading: column for heading, column in table.columns.items() if heading not in exchanged}
    return replace(table, columns=kept, exchanged=exchanged)


def without_pushed(table: Table, grid: Grid, titles: Mapping[str, str]) -> Table:
    """The table without the columns whose heading stands under the title of another column.

    A cell that is inserted among the headings pushes them aside: every mark would be read for its neighbour's.
    ``titles``: by heading.
    """
    if not table.heading_row:
        return table
    issued = {heading: fold(titles.get(heading, "")) for heading in table.columns}
    above = {heading: fold(shown(grid.value((table.heading_row - 1, table.columns[heading])))) for heading in issued}
    wrong = {heading for heading, title in above.items() if title != issued[heading]}
    elsewhere = {heading for heading in wrong if above[heading] and above[heading] in issued.values()}
    gone = {above[heading] for heading in elsewhere}
    pushed = elsewhere | {heading for heading in wrong if issued[heading] in gone}
    first = min((table.columns[heading] for heading in pushed), default=None)
    if first is not None:  # what has no title was pushed with its neighbours
        pushed |= {heading for heading, title in issued.items() if not title and table.columns[heading] > first}
    kept = {heading: column for heading, column in table.columns.items() if heading not in pushed}
    return replace(table, columns=kept, pushed=frozenset(pushed))


def _start(entry: Input, form: Form) -> str:
    """How the names of the cells of an input begin."""
    return f"{form.defined_name(entry)}_".lower()


def _codes(grid: Grid, first: int, column: int) -> Iterator[tuple[int, Raw]]:
    for index in range(first, len(grid.rows)):
        value = grid.value((index, column))
        if isinstance(value, str):
            value = trim(value)
        if value != "":
            yield index, value
