"""Whether what identifies a row agrees: its code, and the locked texts beside it.

A row is named twice, by its code and by its label. Where one of them is that of another row, nobody can tell which of
the two moved, nor with which of them the marks went: neither is believed. A text that was merely edited names no other
row, and leaves the code alone to tell.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from engine.intake.readers.grid import Grid, Place, address
from engine.intake.sheets.headings import Table
from engine.intake.sheets.locate import Codes
from engine.model.forms import Form, Label
from engine.model.texts import bare
from engine.model.values import Raw, and_list, exact, shown

_LISTED = 12
"""How many rows a message lists: a person reads no more."""

_FIGURE = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,9})?")


@dataclass(frozen=True)
class Doubt:
    """Rows that are not believed, by code; why, in words, and how to mend it; the ``cells`` that say it."""

    codes: frozenset[str]
    cause: str
    remedy: str
    cells: tuple[Place, ...] = ()


def displaced(
    issued: Mapping[str, Hashable], found: Mapping[str, Hashable], *, identifying: bool
) -> tuple[frozenset[str], frozenset[str]]:
    """The rows of a column that show what another row was issued with, and all the rows that this puts in doubt.

    ``issued`` and ``found`` give what each row should show and shows, ``""`` being nothing. One cell is enough where
    a text is ``identifying``; figures and first names, which several rows share, tell only when they went from some
    rows to others. In doubt are also the rows whose text went elsewhere and, when several moved, every row whose text
    is also another's: rows that show the same may have changed places unseen.
    """
    count = Counter(issued.values())
    wrong = [code for code in issued if found[code] != issued[code]]
    moved = [code for code in wrong if found[code] != "" and count[found[code]]]
    travelled = Counter(found[code] for code in moved) <= Counter(issued[code] for code in wrong)
    if not moved or not (identifying or (len(moved) > 1 and travelled)):
        return frozenset(), frozenset()
    gone = {found[code] for code in moved}
    left = {code for code in wrong if issued[code] in gone}
    alike = {code for code in issued if issued[code] != "" and count[issued[code]] > 1}
    return frozenset(moved), frozenset(moved) | left | (alike if len(moved) > 1 else set())


@dataclass(frozen=True)
class _Column:
    """A locked column: what each row should show and shows, and which rows show another row's text or are in doubt."""

    heading: str
    column: int
    issued: Mapping[str, Hashable]
    found: Mapping[str, Hashable]
    moved: frozenset[str]
    doubted: frozenset[str]


def doubt_of_labels(grid: Grid, form: Form, table: Table, codes: Codes) -> Doubt | None:
    """The rows whose locked texts are those of other rows, ``None`` where every row shows its own or an edited one."""
    rows = {code: row for code, row in codes.rows.items() if code in form.row_by_code}
    columns = [
        compared
        for label in form.lasting_labels
        if label.heading in table.columns and (compared := _compare(grid, form, table, label, rows)).moved
    ]
    if not columns:
        return None
    cells = tuple((rows[code], each.column) for each in columns for code in rows if code in each.moved)
    doubted = frozenset().union(*(each.doubted for each in columns))
    return Doubt(doubted, _cause(form, rows, columns), _REMEDY, cells)


def _compare(grid: Grid, form: Form, table: Table, label: Label, rows: Mapping[str, int]) -> _Column:
    column = table.columns[label.heading]
    if all(_is_to_the_letter(grid.value((row, column)), form, code, label) for code, row in rows.items()):
        return _Column(label.heading, column, {}, {}, frozenset(), frozenset())  # as in nearly every sheet
    issued = {code: _key(form.identity(label, form.shown(form.row_by_code[code], label))) for code in rows}
    found = {code: _key(_named(form, label, grid.value((row, column)))) for code, row in rows.items()}
    identifying = label.names_row and not any(isinstance(key, Decimal) for key in issued.values())
    return _Column(label.heading, column, issued, found, *displaced(issued, found, identifying=identifying))


def _is_to_the_letter(found: Raw, form: Form, code: str, label: Label) -> bool:
    """Whether a cell holds the very text that it is issued with."""
    return isinstance(found, str) and found == form.issued[code, label.heading][0]


def _named(form: Form, label: Label, found: Raw) -> Raw | Decimal:
    return form.identity(label, found) if isinstance(found, str) else found


_REMEDY = (
    "Remettez chaque texte en face de son code (annulez le tri, la suppression ou l'insertion de cellules), ou "
    "reportez les valeurs dans une fiche d'origine."
)


def _cause(form: Form, rows: Mapping[str, int], columns: Sequence[_Column]) -> str:
    headings = and_list([f"« {each.heading} »" for each in columns])
    moved = columns[0].moved
    lines = "de la ligne" if len(moved) == 1 else "des lignes"
    return f"{_guess(rows, columns[0])} : {headings} {lines} {listed(form, moved)}, texte d'autres lignes"


def _guess(rows: Mapping[str, int], compared: _Column) -> str:
    """The likeliest gesture, by which way the texts went."""
    places = {key: rows[code] for code, key in compared.issued.items()}
    steps = {places[compared.found[code]] - rows[code] for code in compared.moved}
    first = address((min(rows[code] for code in compared.moved), compared.column))
    if len(compared.moved) > 1 and len(steps) < 3:
        if max(steps) < 0:
            return f"une cellule a sans doute été insérée vers {first}, qui a poussé la suite vers le bas"
        if min(steps) > 0:
            return f"une cellule a sans doute été supprimée vers {first}, et la suite est remontée"
    return "des lignes ont sans doute été triées ou collées sans leurs codes"


def listed(form: Form, codes: Collection[str]) -> str:
    """Codes in the order of the form, the first of them only when there are many."""
    ordered = [code for code in form.row_by_code if code in codes]
    rest = len(ordered) - _LISTED
    more = [f"{rest} autres"] if rest > 1 else ordered[_LISTED:]
    return and_list(ordered[:_LISTED] + more)


@lru_cache(maxsize=8192, typed=True)  # True is no 1, and every return shows the same texts
def _key(content: Raw | Decimal) -> Hashable:
    """What a locked cell says, whatever its typography; a figure is the same as a number and as a text."""
    if isinstance(content, float):
        content = exact(content)
    if isinstance(content, Decimal):
        return content.normalize()
    text = bare(shown(content))
    return Decimal(text.replace(",", ".")).normalize() if _FIGURE.fullmatch(text) else text
