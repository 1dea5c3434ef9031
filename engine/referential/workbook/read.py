"""The workbook of a referential, as a person left it, to the parsed file that TOML would give; every fault by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from engine.model import Referential
from engine.model.errors import ReferentialError
from engine.office.styles import printed
from engine.office.typed import cells
from engine.office.typed.cells import MisreadError, fold
from engine.office.typed.layout import Column, Layout
from engine.office.typed.table import Place, Problems, Row, find_table
from engine.referential.checking import examine
from engine.referential.document import Key, plain
from engine.referential.workbook import texts
from engine.referential.workbook.sheets import LABEL, VALUE, Shape, Sheet, is_list, sheets
from engine.referential.workbook.wording import said
from engine.referential.workbook.write import GUIDE, named

if TYPE_CHECKING:
    from engine.intake.readers.grid import Book, Grid


def read(book: Book, source: str) -> Referential:
    """The referential that a workbook holds; ``source`` is how errors call it.

    Raises :class:`ReferentialError` with every fault, each with its sheet and its cell.
    """
    reading = _Reading(book)
    for sheet in sheets():
        reading.take(sheet)
    reading.report_unknown_sheets()
    referential, found = examine(reading.document)
    if not reading.problems:  # what could not be read would be told again as missing
        for key, sentence in found:
            reading.problems.add(reading.place(key), f"{sentence}.")
    if referential is None or reading.problems:
        raise ReferentialError(source, reading.problems.sentences())
    return referential


@dataclass
class _Reading:
    """What was read so far: the parsed file, and where each of its values stands."""

    book: Book
    document: dict[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    places: dict[Key, Place] = field(default_factory=dict)
    headings: dict[Key, Mapping[str, int]] = field(default_factory=dict)
    owners: dict[str, list[tuple[str, Key]]] = field(default_factory=dict)

    def take(self, sheet: Sheet) -> None:
        """Read one sheet. One that is not there is a part left out."""
        rank = sheets().index(sheet)
        if fold(sheet.name) not in map(fold, (*(grid.name for grid in self.book.grids), *self.book.damaged)):
            return
        required = {sheet.link, *sheet.required}
        columns = (Column(key, 0, "", required=key in required) for key in sheet.headings)
        layout = Layout(rank, sheet.name, tuple(columns))
        table = find_table(self.book, layout, self.problems)
        if table is None:
            return
        grid = next(each for each in self.book.grids if each.name == table.title)
        self._report_unknown(grid, table.heading_row, set(table.columns.values()), rank, sheet)
        if sheet.shape is Shape.WORDS and sheet.owner is None:
            self.document[sheet.key] = {}  # an empty sheet says that there is none
        rows = [row for row in table.rows if not _is_meaning(row, sheet, table.heading_row)]
        for row in rows:
            self._take_row(sheet, row, first=row is rows[0])

    def _take_row(self, sheet: Sheet, row: Row, *, first: bool) -> None:
        found = self._owner(sheet, row)
        if found is None:
            return
        owner, key = found
        if sheet.shape is Shape.WORDS:
            self._take_word(owner.setdefault(sheet.key, {}), (*key, sheet.key), row, _number if sheet.owner else _text)
            return
        part = dict(self._values(sheet, row))
        if sheet.shape is Shape.LIST:
            elements = owner.setdefault(sheet.key, [])
            key = (*key, sheet.key, len(elements))
            elements.append(part)
        elif sheet.shape is Shape.TABLES:
            name = row.read(sheet.key, _text, "")
            tables = owner.setdefault(sheet.key, {})
            if not name or name in tables:
                row.report(sheet.key, f"il faut ici l'un de ces mots, une seule fois : {', '.join(sheet.members)}.")
                return
            key = (*key, sheet.key, name)
            tables[name] = part
        elif first:
            key = (*key, sheet.key)
            owner[sheet.key] = part
        else:
            row.report(sheet.headings[0], "cette feuille n'a qu'une ligne ; supprimez celle-ci.")
            return
        self._remember(sheet, key, row)

    def _take_word(self, words: dict[str, str], key: Key, row: Row, named: Callable[[cells.Value], Any]) -> None:
        value = row.read(VALUE, named, None)
        if value is None:
            return  # empty or unreadable: told already
        name = plain(value) if isinstance(value, Decimal) else str(value)
        if name in words:
            row.report(VALUE, f"la valeur {name} a déjà son sens plus haut ; gardez-en un.")
            return
        (words[name],) = row.read(LABEL, lambda cell: (_text(cell),), ("",))  # one that is said to be empty is read
        self.places[(*key, name)] = row.place(VALUE)

    def _values(self, sheet: Sheet, row: Row) -> Iterator[tuple[str, Any]]:
        """What stands under each key; an empty cell leaves its key out, but a list is then an empty one."""
        for key, hint in sheet.columns.items():
            if key not in row.cells and key not in row.merged:
                if is_list(hint):
                    yield key, []
                continue
            value = row.read(key, _reader(hint, key), None)
            if value is not None:
                yield key, value

    def _remember(self, sheet: Sheet, key: Key, row: Row) -> None:
        """Where the values of a row stand, and by which name what belongs to it calls it."""
        self.places[key] = row.place(sheet.headings[0])
        self.headings[key] = row.table.columns
        for name in sheet.columns.keys() & row.table.columns.keys():
            self.places[(*key, name)] = row.place(name)
        self.owners.setdefault(sheet.name, []).append((str(key[-1]), key))

    def _owner(self, sheet: Sheet, row: Row) -> tuple[dict[str, Any], Key] | None:
        """The part that a row belongs to and its key; ``None`` when it does not say which, then reported."""
        if sheet.owner is None:
            part: dict[str, Any] = self.document
            key: Key = ()
            for step in sheet.path[:-1]:
                part, key = part.setdefault(step, {}), (*key, step)
                self.places.setdefault(key, Place(row.table.layout.rank, sheet.name))
            return part, key
        wanted = row.read(sheet.owner.key, _text, "")
        known = dict(self._names(sheet.owner))
        if wanted in known:
            return self._part(known[wanted]), known[wanted]
        if sheet.owner.key not in row.cells or not wanted:
            return None  # empty or unreadable: told already
        admitted = ", ".join(f"« {name} »" for name in list(known)[:12]) or "aucun"
        row.report(sheet.owner.key, f"on attend un nom de la feuille {sheet.owner.name} ({admitted}).")
        return None

    def _names(self, owner: Sheet) -> list[tuple[str, Key]]:
        found = self.owners.get(owner.name, [])
        if owner.shape is Shape.TABLES:
            return found
        called = named([self._part(key) for _, key in found])
        return [(name, key) for (name, _), (_, key) in zip(called, found, strict=True)]

    def _part(self, key: Key) -> Any:
        part: Any = self.document
        for step in key:
            part = part[step]
        return part

    def _report_unknown(self, grid: Grid, heading_row: int, known: set[int], rank: int, sheet: Sheet) -> None:
        """A column that nothing reads would be left aside in silence."""
        for column, heading in enumerate(grid.rows[heading_row - 1], start=1):
            if column not in known and heading is not None and str(heading).strip():
                place = Place(rank, grid.name, heading_row, column)
                keys = ", ".join(sheet.headings)
                self.problems.add(place, f"clé inconnue « {cells.shown(heading)} » ; les clés ici sont {keys}.")

    def report_unknown_sheets(self) -> None:
        """A sheet that nothing reads, unless it is our page of advice or an empty one."""
        known = {fold(sheet.name) for sheet in sheets()} | {fold(GUIDE)}
        for grid in self.book.grids:
            filled = any(str(value).strip() for line in grid.rows for value in line if value is not None)
            if fold(grid.name) not in known and filled:
                names = ", ".join(sheet.name for sheet in sheets())
                self.problems.add(
                    Place(len(sheets()), grid.name), f"cette feuille n'est pas connue ; les feuilles lues sont {names}."
                )

    def place(self, key: Key) -> Place:
        """Where the value of a key stands: its cell, else that of its heading in its row, else its sheet."""
        for length in range(len(key), 0, -1):
            start = key[:length]
            if start in self.places:
                place, rest = self.places[start], key[length:]
                column = self.headings.get(start, {}).get(str(rest[0])) if rest else None
                return replace(place, column=column) if column else place
        names = [sheet.name for sheet in sheets()]
        name = next((name for name in names if name == key[0]), names[0])
        return Place(names.index(name), name)


# -------------------------------------------------------------------------------------------------- one cell


def _is_meaning(row: Row, sheet: Sheet, heading_row: int) -> bool:
    """Whether a row is ours, which says the keys in French."""
    here = [key for key in sheet.headings if key in row.table.columns]
    meanings = [fold(printed(said(sheet.name, key)[0])) for key in here]
    written = [fold(str(row.cells[key].value)) if key in row.cells else "" for key in here]
    return row.number == heading_row + 1 and meanings == written


def _text(value: cells.Value) -> str:
    return texts.read(cells.as_path(value))


def _reader(hint: Any, key: str) -> Any:
    if is_list(hint):
        separators = "\n;" if key in ("ue", "nsf") else "\n"
        return lambda value: texts.read_list(cells.as_path(value), separators)
    return {bool: cells.as_yes_no, date: _date, int: _number, Decimal: _number}.get(hint, _text)


def _number(value: cells.Value) -> int | Decimal | str:
    """A number as the file would hold it; a text that is none stays one, to be told as such."""
    if isinstance(value, bool | date) or not isinstance(value, str | int | float):
        raise MisreadError(f"« {cells.shown(value)} » au lieu d'un nombre.")
    try:
        number = Decimal(cells.clean(value).replace(",", ".")) if isinstance(value, str) else Decimal(repr(value))
    except InvalidOperation:
        return str(value)
    if not number.is_finite():
        return str(value)
    return int(number) if number == number.to_integral_value() and number.adjusted() < 30 else number


def _date(value: cells.Value) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, str):
        try:
            return date.fromisoformat(cells.clean(value))
        except ValueError:
            pass
    return value if isinstance(value, date) else cells.as_date(value)
