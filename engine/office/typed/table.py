"""From the workbook to tables: the sheets and headings found, and the rows that hold something."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sized
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeVar

from engine.model.texts import address
from engine.model.values import Tell
from engine.office.typed.cells import FREE_TEXT, Cell, MisreadError, fold, shown
from engine.office.typed.layout import EXAMPLE, RESAVE, Layout

if TYPE_CHECKING:
    from engine.intake.readers.grid import Area, Book, Grid

T = TypeVar("T")
Cells = Mapping[int, Cell]  # by column, from 1

TITLE_ROWS = 20  # how many rows may stand above and with the headings


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands, ordered as people read: by sheet, then row, then column (0: the whole sheet)."""

    rank: int
    sheet: str
    row: int = 0
    column: int = 0

    @property
    def address(self) -> str:
        """The address within its sheet: ``D5``."""
        return address((self.row - 1, self.column - 1))

    def __str__(self) -> str:
        return f"{self.sheet}!{self.address}" if self.row else self.sheet


@dataclass
class Problems:
    """Everything wrong with the workbook, gathered so that it is reported at once."""

    _found: list[tuple[Place, str]] = field(default_factory=list)

    def add(self, place: Place, sentence: str) -> None:
        """Record one problem: ``sentence`` is French, and follows its place and a colon."""
        self._found.append((place, sentence))

    def __bool__(self) -> bool:
        return bool(self._found)

    def sentences(self) -> list[str]:
        """Every problem with its place, in the order of the workbook."""
        return [f"{place} : {sentence}" for place, sentence in sorted(self._found)]


@dataclass(frozen=True)
class Row:
    """One data row; ``cells`` holds only cells that are not blank, ``merged`` the headings lost in a merged range."""

    number: int
    cells: Mapping[str, Cell]
    merged: frozenset[str]
    table: Table

    def place(self, heading: str) -> Place:
        """Where the cell under a heading that the sheet has stands."""
        return Place(self.table.layout.rank, self.table.title, self.number, self.table.columns[heading])

    def report(self, heading: str, sentence: str) -> None:
        """Record a problem of the cell under this heading."""
        self.table.problems.add(self.place(heading), sentence)

    def read(self, heading: str, convert: Callable[..., T], default: T) -> T:
        """The cell under a heading, converted; the default when it is blank, or unreadable (then reported)."""
        cell = self.cells.get(heading)
        if cell is None or heading in self.merged:
            if heading not in self.merged:
                self._require(heading)
            return default
        try:
            found = convert(cell.content if convert in FREE_TEXT else cell.precise)
        except MisreadError as fault:
            self.report(heading, str(fault))
            return default
        if isinstance(found, Sized) and not found:  # a list that is a lone separator
            self._require(heading)
            return default
        return found

    def _require(self, heading: str) -> None:
        if heading in self.table.layout.required:
            self.report(heading, f"la cellule « {heading} » est vide ; remplissez-la.")

    @property
    def is_example(self) -> bool:
        """Whether it is the example line of the blank workbook."""
        first = self.cells.get(self.table.layout.headings[0])
        return first is not None and fold(str(first.value)).startswith(EXAMPLE)


@dataclass(frozen=True)
class Table:
    """A sheet whose headings were found: ``columns`` maps known headings to column numbers; ``strange`` has the cells
    under each heading that is not known, which comes first."""

    layout: Layout
    title: str
    columns: Mapping[str, int]
    heading_row: int
    problems: Problems
    rows: list[Row] = field(default_factory=list)
    strange: dict[int, list[Cell]] = field(default_factory=dict)


def find_table(book: Book, layout: Layout, problems: Problems) -> Table | None:
    """The sheet of a layout with its data rows, or ``None`` when it cannot be read (the problems say why)."""
    sheet = _find_sheet(book, layout, problems)
    return None if sheet is None else read_table(sheet, layout, problems)


def has_headings(sheet: Grid, layout: Layout) -> bool:
    """Whether one of the first rows of a sheet bears every required heading."""
    filled = _filled(sheet, TITLE_ROWS)
    headings = _headings(filled.get(_find_heading_row(filled, layout), {}))
    return headings.keys() >= set(map(fold, layout.required))


def read_table(sheet: Grid, layout: Layout, problems: Problems) -> Table | None:
    """The data rows of a sheet, whatever its name; ``None`` when its headings cannot be found."""
    filled = _filled(sheet)
    heading_row = _find_heading_row(filled, layout)
    columns = _find_columns(filled.get(heading_row, {}), Place(layout.rank, sheet.name, heading_row), layout, problems)
    if columns is None:
        return None
    table = Table(layout, sheet.name, columns, heading_row, problems)
    table.strange.update(_strange(filled[heading_row], columns))
    hidden = _hidden(_merged_data(sheet, table), list(filled), table)
    for number, cells in filled.items():
        known = {heading: cells[column] for heading, column in columns.items() if column in cells}
        if number < heading_row or not known:
            continue
        row = Row(number, known, frozenset(hidden.get(number, ())), table)
        _report_struck(row)
        if number > heading_row:
            _take(row, cells)
    return table


def _strange(headings: Cells, columns: Mapping[str, int]) -> dict[int, list[Cell]]:
    """The headings of which nothing is known, by column."""
    known = set(columns.values())
    return {column: [cell] for column, cell in headings.items() if column not in known and isinstance(cell.value, str)}


def _take(row: Row, cells: Cells) -> None:
    """Add a row below the headings to its table, unless it is these headings once more."""
    table = row.table
    if all(each in row.cells and fold(str(row.cells[each].value)) == fold(each) for each in table.layout.required):
        row.report(table.layout.required[0], "les titres des colonnes sont répétés ; supprimez cette ligne.")
        return
    table.rows.append(row)
    if not row.is_example:
        for column, below in table.strange.items():
            if column in cells:
                below.append(cells[column])


def _report_struck(row: Row) -> None:
    """A line struck through, wholly or in part: whether it still holds is for people to say. Told once."""
    struck = {heading: cell for heading, cell in row.cells.items() if cell.tell & Tell.STRUCK}
    if struck and not row.is_example:
        addresses = ", ".join(cell.address for cell in sorted(struck.values(), key=lambda cell: cell.column))
        row.report(
            min(struck, key=lambda heading: struck[heading].column),
            f"texte barré ({addresses}) ; supprimez la ligne si elle ne vaut plus, sinon enlevez le format barré.",
        )


def _find_sheet(book: Book, layout: Layout, problems: Problems) -> Grid | None:
    titles = [*(sheet.name for sheet in book.grids), *book.damaged]
    found = [title for title in titles if fold(title) == fold(layout.name)]
    place = Place(layout.rank, layout.name)
    if len(found) > 1:
        problems.add(place, f"plusieurs feuilles portent ce nom ({_quoted(found)}) ; gardez-en une.")
    elif not found and layout.optional:
        _report_misnamed(book, titles, layout, problems)
    elif not found and titles:
        problems.add(place, f"cette feuille manque ; feuilles trouvées : {_quoted(titles)}.")
    elif not found:
        problems.add(place, "cette feuille manque ; le classeur n'en contient aucune.")
    elif found[0] in book.damaged:
        problems.add(place, f"{_within(str(book.damaged[found[0]]))} {RESAVE}")
    else:
        return next(sheet for sheet in book.grids if sheet.name == found[0])
    return None


def _report_misnamed(book: Book, titles: Iterable[str], layout: Layout, problems: Problems) -> None:
    """A sheet that the workbook may lack, and whose name was nearly typed, or that bears all its headings under another
    name: it would silently go unread."""
    near = look_alike(layout.name, {fold(title): title for title in titles})
    bearing = {sheet.name for sheet in book.grids if has_headings(sheet, layout)}
    for title in titles:
        if fold(title) == near or title in bearing:
            sentence = f"cette feuille n'est pas connue ; le nom attendu est « {layout.name} »."
            problems.add(Place(layout.rank, shown(title)), sentence)


def _within(sentence: str) -> str:
    """A sentence that follows a colon."""
    return sentence[:1].lower() + sentence[1:]


def _quoted(titles: Iterable[str]) -> str:
    return ", ".join(f"« {shown(title)} »" for title in titles)


def _filled(sheet: Grid, most: int | None = None) -> Mapping[int, Cells]:
    """The cells that are not blank, by row then column, in order; ``most``: of the first rows that hold some. A formula
    or an error is not blank, whatever it left to read."""
    rows: dict[int, dict[int, Cell]] = {}
    held = {
        (row, column)
        for row, line in enumerate(sheet.rows)
        for column, value in enumerate(line)
        if value is not None and value != ""
    }
    for place in sorted(held | sheet.tells.keys()):
        cell = _cell(sheet, place)
        if cell.is_blank:
            continue
        if len(rows) == most and cell.row not in rows:
            break
        rows.setdefault(cell.row, {})[cell.column] = cell
    return rows


def _cell(sheet: Grid, place: tuple[int, int]) -> Cell:
    value = sheet.value(place)
    about = sheet.tells.get(place, Tell.NONE), sheet.displays.get(place, ())
    return Cell(place[0] + 1, place[1] + 1, "" if value is None else value, *about)


def _headings(cells: Cells) -> dict[str, list[Cell]]:
    found: dict[str, list[Cell]] = {}
    for cell in cells.values():
        if isinstance(cell.value, str):
            found.setdefault(fold(cell.value), []).append(cell)
    return found


def _find_heading_row(filled: Mapping[int, Cells], layout: Layout) -> int:
    """The first row with every required heading, else the one with the most known headings; 0 for none."""
    required, known = set(map(fold, layout.required)), set(map(fold, layout.headings))
    best, most = 0, 0
    for number, cells in list(filled.items())[:TITLE_ROWS]:
        headings = _headings(cells).keys()
        if required <= headings:
            return number
        if len(known & headings) > most:
            best, most = number, len(known & headings)
    return best


def _find_columns(cells: Cells, place: Place, layout: Layout, problems: Problems) -> dict[str, int] | None:
    """The column of each known heading; ``None`` when a required one is missing."""
    if not cells:
        problems.add(place, f"les titres de colonnes manquent : {', '.join(layout.required)}.")
        return None
    headings = _headings(cells)
    columns: dict[str, int] = {}
    unknown = headings.keys() - set(map(fold, layout.headings))
    for heading in layout.headings:
        found = headings.get(fold(heading), [])
        if found:
            columns[heading] = found[0].column
        for double in found[1:]:
            twin = Place(place.rank, place.sheet, place.row, double.column)
            problems.add(twin, f"la colonne « {heading} » est déjà en {found[0].address} ; gardez-en une.")
        if not found:
            near = look_alike(heading, unknown)
            _report_absent(heading, headings[near][0] if near else None, place, layout, problems)
    return columns if columns.keys() >= set(layout.required) else None


def _report_absent(heading: str, near: Cell | None, place: Place, layout: Layout, problems: Problems) -> None:
    """A required column is missing, or one that looks much like this one, ``near`` it, would silently go unread."""
    if near is not None:
        problems.add(
            Place(place.rank, place.sheet, place.row, near.column),
            f"la colonne « {shown(near.value)} » n'est pas connue ; le titre attendu est « {heading} ».",
        )
    elif heading in layout.required:
        problems.add(Place(place.rank, place.sheet, place.row, 1), f"la colonne « {heading} » manque sur cette ligne.")


def look_alike(word: str, others: Iterable[str]) -> str | None:
    """The one of these folded texts that is most likely the word mistyped, or ``None``."""
    return next(iter(get_close_matches(fold(word), list(others), 1, 0.85)), None)


def _merged_data(sheet: Grid, table: Table) -> list[Area]:
    """The merged areas that hide cells of the table, each reported."""
    columns = {column - 1 for column in table.columns.values()}
    found = [
        area
        for area in sheet.merged
        if area[1][0] >= table.heading_row and any(area[0][1] <= column <= area[1][1] for column in columns)
    ]
    for (top, left), (bottom, right) in found:
        coord = ":".join(dict.fromkeys(map(address, ((top, left), (bottom, right)))))
        place = Place(table.layout.rank, table.title, top + 1, left + 1)
        table.problems.add(
            place, f"cellules fusionnées ({coord}) ; défusionnez-les et écrivez la valeur sur chaque ligne."
        )
    return found


def _hidden(merged: Iterable[Area], rows: list[int], table: Table) -> dict[int, set[str]]:
    """By row, among those that hold something, the headings whose cell lies in a merged area.

    Areas of a sound sheet do not overlap, so that the cells they hide are no more than those of its rows; where they
    do, the work is bounded: they are reported in any case.
    """
    hidden: dict[int, set[str]] = {}
    left_to_find = 2 * len(rows) * len(table.columns)
    for (top, left), (bottom, right) in merged:
        headings = {heading for heading, column in table.columns.items() if left < column <= right + 1}
        covered = rows[bisect_left(rows, top + 1) : bisect_right(rows, bottom + 1)]
        left_to_find -= len(covered)
        if left_to_find < 0:
            break
        for number in covered:
            hidden.setdefault(number, set()).update(headings)
    return hidden
