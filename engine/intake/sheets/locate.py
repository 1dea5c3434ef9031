"""Where things stand in a sheet: the table by its headings and codes, single inputs by their labels.

Never by address: inserted, deleted or moved rows and columns change nothing, and what cannot be found is said.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache

from engine.intake.readers.grid import Grid, Place
from engine.intake.sheets.headings import Table
from engine.model.forms import IDENTITIES, Form, Input, Row
from engine.model.texts import fold
from engine.model.values import Raw, Tell, exact, shown, trim

HEADER_ROWS = 15
"""A reference stands within these first rows."""

_NEAR = 3
"""How many rows below its label a box is looked for."""

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")

IN_FULL = "Mettez la cellule au format Texte, puis retapez l'identifiant avec tous ses chiffres."
"""The remedy where a number may be several identifiers."""


@dataclass(frozen=True)
class Codes:
    """The rows of a table: found once (``rows``), found again (``twice``), and cells that name no row (``unknown``).

    ``turned``: rows whose code became a number that can only be theirs.
    """

    rows: Mapping[str, int]
    twice: Mapping[str, tuple[int, ...]]
    unknown: tuple[tuple[int, Raw], ...]
    turned: Mapping[str, int]


def match_codes(table: Table, form: Form) -> Codes:
    """Which row each code stands on. A number is a code only where it can be no other: 2.1 may be `2.10`."""
    by_text = {fold(code): code for code in form.row_by_code}
    numbers = Counter(value for _, value in table.codes if isinstance(value, float))
    written = {by_text[fold(value)] for _, value in table.codes if isinstance(value, str) and fold(value) in by_text}
    found: dict[str, list[int]] = defaultdict(list)
    unknown, turned = [], {}
    for index, value in table.codes:
        code = by_text.get(fold(value)) if isinstance(value, str) else None
        if code is None and isinstance(value, float):
            code = _only_reading(value, form, written if numbers[value] == 1 else set())
            if code is not None and not form.by_candidate_rows:
                turned[code] = index
        if code is None:
            unknown.append((index, value))
        else:
            found[code].append(index)
    return Codes(
        rows={code: places[0] for code, places in found.items() if len(places) == 1},
        twice={code: tuple(places) for code, places in found.items() if len(places) > 1},
        unknown=tuple(unknown),
        turned=turned,
    )


def rows_without_code(grid: Grid, table: Table, form: Form) -> list[Place]:
    """The first input that somebody filled on each row that bears no identifier, where each row is a person; below the
    labels that close the sheet, on each that bears a name."""
    columns = sorted(table.columns[entry.heading] for entry in form.inputs if entry.heading in table.columns)
    coded = {row for row, _ in table.codes}
    within, boxes = table_rows(grid, table, form), {find_single(grid, form, entry, table) for entry in form.singles}
    names = [table.columns[label.heading] for label in form.labels if label.heading in table.columns]
    last = within.stop if form.kind.record.sparse else len(grid.rows)
    captions = _captions(form)
    below = (
        row for row in range(within.stop, last) if not any(caption(text) in captions for _, text in grid.texts[row])
    )
    named = [row for row in below if any(text_of(grid, (row, column)) for column in names)]
    lines = ([(row, column) for column in columns] for row in (*within, *named) if row not in coded)
    filled = (next((place for place in line if place not in boxes and text_of(grid, place)), None) for line in lines)
    return [place for place in filled if place is not None]


def table_rows(grid: Grid, table: Table, form: Form) -> range:
    """The rows below the headings, down to the labels that close the sheet."""
    captions = _captions(form)
    first = table.heading_row + 1
    closing = (
        row for row in range(first, len(grid.rows)) if any(caption(text) in captions for _, text in grid.texts[row])
    )
    return range(first, next(closing, len(grid.rows)))


def _only_reading(number: float, form: Form, written: Set[str]) -> str | None:
    """The one code that a program may have turned into this number, or ``None``; an identifier is its digits.

    Where several may have been, those that stand ``written`` beside were not: with `2.10` there, 2.1 is `2.1`. The
    other way round proves nothing: somebody may have typed `2.1` twice.
    """
    if form.by_candidate_rows:
        readings = turned_into(number, form.row_by_code)
        return readings[0] if readings == [f"{exact(number):f}"] else None
    readings = [code for code in form.row_by_code if _as_number(code) == number]
    left = [code for code in readings if code not in written]
    certain = readings if len(readings) == 1 else left
    return certain[0] if len(certain) == 1 and (len(readings) == 1 or certain[0] == f"{number:.15g}") else None


def turned_into(raw: Raw, identifiers: Iterable[str]) -> list[str]:
    """The identifiers that a program may have turned into a number: its digits, whatever zeros stood before."""
    digits = f"{exact(raw):f}" if isinstance(raw, float) else ""
    return [each for each in identifiers if (each.lstrip("0") or "0") == digits]


def unsure(number: str, identifiers: Iterable[str]) -> str:
    """What is told of a number that may be several identifiers."""
    return f"Le nombre {number} peut être l'identifiant {' ou '.join(identifiers)}"


def _as_number(code: str) -> float | None:
    try:
        return float(code)
    except ValueError:
        return None


def find_single(grid: Grid, form: Form, entry: Input, table: Table | None) -> Place | None:
    """The cell of a single input: beside or under its label; by its defined name when the label does not tell."""
    labels = frozenset(map(fold, entry.captions))
    first, last = _zone(grid, form, entry, table)
    places = [
        (row, column) for row in range(first, last) for column, text in grid.texts[row] if caption(text) in labels
    ]
    box = _box(places[0], grid, form, entry, table) if len(places) == 1 else None
    named = _named(grid, form, entry, table)
    if box is None or named is None:
        return box or named
    aside = named[0] == box[0] and text_of(grid, named) and not text_of(grid, box)
    return named if aside else box  # a label pushed along its row does not take its answer with it


def _named(grid: Grid, form: Form, entry: Input, table: Table | None) -> Place | None:
    """The cell that the name of a single input points to; ``None`` where names are plainly not on their rows.

    A box that stands in the last column of the table is there still when a program moved columns and left names behind.
    """
    place = grid.names.get(form.defined_name(entry).lower())
    last = form.inputs[-1]
    if place is None or not entry.beside or table is None:
        return place
    if last.heading not in table.columns:  # a blank cell may only be what came in the place of a deleted box
        return place if text_of(grid, place) else None
    rows = {row: value for row, value in table.codes if isinstance(value, str) and value in form.row_by_code}
    found = {row: grid.names.get(form.defined_name(last, code).lower()) for row, code in rows.items()}
    if any(each is not None and each[0] != row for row, each in found.items()):
        return None
    return place[0], table.columns[last.heading]


def _captions(form: Form) -> frozenset[str]:
    """Every label of a single input, as it is compared."""
    return frozenset(fold(text) for entry in form.singles for text in entry.captions)


@lru_cache(maxsize=8192)
def caption(text: str) -> str:
    """A label as it is compared: folded, without its colon."""
    return fold(text).rstrip(": ")


def _zone(grid: Grid, form: Form, entry: Input, table: Table | None) -> tuple[int, int]:
    """The rows where a label may stand: the header for an identity, below the last code for the others."""
    if entry.name in IDENTITIES:
        return 0, min(table.heading_row if table else HEADER_ROWS, len(grid.rows))
    if table is None:
        return 0, len(grid.rows)
    known = [row for row, value in table.codes if isinstance(value, str) and value in form.row_by_code]
    return max(known, default=table.heading_row) + 1, len(grid.rows)


def _box(label: Place, grid: Grid, form: Form, entry: Input, table: Table | None) -> Place | None:
    """The box of a label: a row or a column inserted between the two does not part them."""
    row, column = label
    if entry.name in IDENTITIES:
        return _beside(label, grid)
    if not entry.beside:
        return _under(label, grid, form)
    last = form.inputs[-1].heading
    if table is None:
        return row, column + 1
    return (row, table.columns[last]) if last in table.columns else None


def _beside(label: Place, grid: Grid) -> Place:
    """The next cell; when it is blank, the first one to its right that holds an identifier."""
    row, column = label
    after = [(row, place) for place in range(column + 1, len(grid.rows[row]))]
    if not after or text_of(grid, after[0]):
        return row, column + 1
    return next((place for place in after if IDENTIFIER.fullmatch(text_of(grid, place))), after[0])


def _under(label: Place, grid: Grid, form: Form) -> Place:
    """The cell below; when it is blank, the first one that is not before the next label."""
    row, column = label
    captions = _captions(form)
    below = [(row + down, column) for down in range(1, _NEAR + 1)]
    filled = next((place for place in below if text_of(grid, place)), below[0])
    return below[0] if caption(text_of(grid, filled)) in captions else filled


def text_of(grid: Grid, place: Place) -> str:
    """What a person wrote in a cell: not what a formula shows there."""
    return "" if Tell.FORMULA in grid.tell(place) else trim(shown(grid.value(place)))


def header_label(grid: Grid, labels: frozenset[str], before: int) -> Place | None:
    """Where one of these labels (folded) stands in the header."""
    rows = range(min(before, len(grid.rows)))
    return next(((row, column) for row in rows for column, text in grid.texts[row] if caption(text) in labels), None)


def shown_beside(grid: Grid, labels: frozenset[str], before: int) -> tuple[str, Place] | None:
    """The text to the right of a header label (folded), with its place."""
    label = header_label(grid, labels, before)
    if label is None:
        return None
    places = ((label[0], column) for column in range(label[1] + 1, len(grid.rows[label[0]])))
    return next(((text, place) for place in places if (text := text_of(grid, place))), None)


def missing_rows(form: Form, codes: Codes) -> tuple[Row, ...]:
    """The rows of the form that stand nowhere."""
    return tuple(row for row in form.rows if row.code not in codes.rows and row.code not in codes.twice)
