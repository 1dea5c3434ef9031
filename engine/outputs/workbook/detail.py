"""The sheet `Détail`: every mark that has a value, with where it was read. By far the longest one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from xlsxwriter.utility import xl_col_to_name

from engine.office.styles import safe_text
from engine.outputs.tables.column import text
from engine.outputs.tables.entries import WHAT, WHERE
from engine.outputs.workbook.bulk import Link, LongTable, Styles
from engine.outputs.workbook.cells import Value, ending, followers, row_elements
from engine.outputs.workbook.column import Column, headed
from engine.outputs.workbook.frame import Book, Line, Live
from engine.outputs.workbook.grid import Shape, Table, first_row
from engine.outputs.workbook.integrity import IDENTITY, kept, landmark, maxima
from engine.outputs.workbook.links import CELL, place, to_return
from engine.outputs.workbook.places import SUMMARY, Marks, part_name
from engine.outputs.workbook.sources import Rows

_DESCRIBED = {**WHAT, "value": text("Valeur retenue", "Ce qui a été retenu.", "contrôle des valeurs"), **WHERE}
"""By column of the table of marks; the data part what was retained by type."""
_KEPT = list(_DESCRIBED).index("value")
_PLAIN = ("note", "text")
_LOOKS = {
    "candidate": Column(width=76, style=_PLAIN),
    "kind": Column(width=112, style=_PLAIN),
    "input": Column(width=80, style=_PLAIN),
    "code": Column(width=60, style=_PLAIN),
    "evaluator": Column(width=86, style=_PLAIN),
    "raw": Column(width=150, style=_PLAIN),
    "value": Column(width=112, style=("note", "bold", "left_aligned")),
    "file": Column(width=330, style=_PLAIN),
    "sheet": Column(width=150, style=_PLAIN),
    "cell": Column(width=66, style=_PLAIN),
}
_REMEMBERED = 4_096  # words of a column: its numbers and its files, not every sentence that somebody wrote
_DIGEST = Column(heading="Empreinte", width=92, style=("fine", "text"))
_DIGITS = 12  # of the digest: enough to find the file; the whole stands in `Fichiers`
_MOST_FILE_LINKS = 40_000
"""Marks that lead to their file: beyond, programs take long to open the sheet; `Fichiers` leads there all the same."""
_PRINTED = 60
"""Rows printed of a sheet that nobody wants on paper by surprise."""
_MAXIMUM = Column(heading="Maximum", width=0, style=("fine", "right"))
_LANDMARK = Column(heading="Repère", width=0, style=("fine", "text"))
_NUMBER = Column(heading="N°", width=60, style=("fine", "right"))
Look = tuple[int, str]
"""Style and follower of the cells of a column."""
_KEYS = (*_DESCRIBED, "digest", "maximum", "landmark", "number")
_NOTE = (
    "Chaque valeur retenue, avec le fichier, la feuille et la cellule où elle a été lue. "
    "Les autres feuilles la reprennent ici même : filtrez, mais ne triez pas. "
    "Empreinte : le début du SHA-256 du fichier."
)


def _columns(*, linked: bool = False) -> list[Column]:
    """Those of the table of marks, the file's digest, then what tells whether a row still stands in its place.

    That is its number, and two hidden columns: the most its value may be, where it depends on the row, and a landmark.
    """
    linking = {"cell": Column(width=66, style=(*_PLAIN, "link"))} if linked else {}
    return [*headed(_DESCRIBED, _LOOKS | linking), _DIGEST, _MAXIMUM, _LANDMARK, _NUMBER]


def _lines(book: Book, rank: int = 0) -> tuple[Line, ...]:
    start, end = book.sources.parts[rank]
    number = end - start

    def formula() -> str:
        count = f"COUNTA({book.detail.here(rank)})"
        grouped = f'IF({count}<1000,{count},INT({count}/1000)&"\u202f"&RIGHT({count},3))'
        return f'{grouped}&IF({count}>1," valeurs"," valeur")'

    counted = f"{number:,}".replace(",", "\u202f") + (" valeurs" if number > 1 else " valeur")
    return (Live(counted, formula), ((_NOTE, "caption"),))


def place_detail(book: Book) -> None:
    """Let the formulas of every sheet know where the marks will stand."""
    book.detail = Marks(book.sources.parts, _KEYS, first_row(book, _columns(), _lines(book)))


def write_detail(book: Book) -> list[LongTable]:
    """Frame its sheets; their rows, marks in the order of :class:`Sources`, are laid once the workbook is written."""
    starts = _starts(book)
    return [_part(book, rank, starts) for rank in range(len(book.sources.parts))]


def _part(book: Book, rank: int, starts: Mapping[int, str]) -> LongTable:
    """Frame one sheet; ``starts``: by row of the marks, who comes there first."""
    start, end = book.sources.parts[rank]
    chosen, linked = book.sources.marks.part(start, end), len(book.sources.marks) <= _MOST_FILE_LINKS
    own = {row - start: identifier for row, identifier in starts.items() if start <= row < end}
    columns = _columns(linked=linked)
    table = Table(book, part_name(rank), columns, lines=_lines(book, rank), shape=Shape(frozen=1))
    first = table.first
    table.add([None] * len(columns))
    table.add([None] * len(columns), {_KEPT: ("date",), 0: ("link",)})
    for hidden in (_MAXIMUM, _LANDMARK):
        table.sheet.set_column(columns.index(hidden), columns.index(hidden), None, None, {"hidden": True})
    table.close(last=first + len(chosen) - 1, printed_rows=_PRINTED)
    return LongTable(
        f"xl/worksheets/sheet{book.workbook.worksheets().index(table.sheet) + 1}.xml",
        range(first + 1, first + 3),
        first + len(chosen),
        lambda styles: _rows(book, chosen, start, styles, own),
        [*_home_links(book, own, first), *(_file_links(chosen, first) if linked else ())],
    )


def _starts(book: Book) -> dict[int, str]:
    """The first row of each candidate's marks, counted from the first mark, and whose they are."""
    blocks = ((outcome.candidate.id, book.sources.block(rank)) for rank, outcome in enumerate(book.outcomes))
    return {block[0]: identifier for identifier, block in blocks if block}


def _home_links(book: Book, starts: Mapping[int, str], first: int) -> Iterator[Link]:
    """From the first of a candidate's marks to the row of `Synthèse`; no program takes a link per mark."""
    for row, identifier in starts.items():
        address = place(SUMMARY, book.places[SUMMARY].here("Identifiant", book.ranks[identifier]))
        yield Link(f"A{first + row + 1}", address)


def _file_links(chosen: Rows, first: int) -> Iterator[Link]:
    """From the address of a mark to that very cell, in the file it was read from."""
    letter = xl_col_to_name(list(_DESCRIBED).index("cell"))
    addresses: dict[str, str | None] = {}
    columns = (chosen.each(name) for name in ("file", "sheet", "cell"))
    for row, (file, sheet, cell) in enumerate(zip(*columns, strict=True), start=first + 1):
        address = addresses[file] if file in addresses else addresses.setdefault(file, to_return(file))
        if address and CELL.fullmatch(cell):
            yield Link(f"{letter}{row}", place(safe_text(sheet), cell), address)


def _rows(book: Book, chosen: Rows, start: int, styles: list[Styles], starts: Mapping[int, str]) -> Iterator[str]:
    """The rows of a sheet; ``start``: how many marks stand in those before."""
    follower = dict(zip(_KEYS, followers(len(_KEYS)), strict=True))
    plain, dated = ([(style, follower[key]) for key, style in zip(_KEYS, row, strict=True)] for row in styles)
    columns = [
        _values(chosen, plain[index], dated[index]) if name == "value" else _texts(chosen, name, plain[index])
        for index, name in enumerate(_DESCRIBED)
    ]
    columns[0] = (ending(starts[row], *dated[0]) if row in starts else told for row, told in enumerate(columns[0]))
    digest, maximum, mark, number = plain[len(columns) :]
    digests = _texts(chosen, "file", digest, lambda file: book.digests.get(str(file), "")[:_DIGITS])
    points = maxima(book.referential)
    most = _texts(chosen, "code", maximum, lambda code: points.get(str(code), ""))
    names = zip(*(_told(chosen, name) for name in IDENTITY), strict=True)
    landmarks = (ending(landmark(rank, identity), *mark) for rank, identity in enumerate(names, start=start + 1))
    numbers = (ending(rank, *number) for rank in range(start + 1, start + len(chosen) + 1))
    return row_elements(book.detail.first + 1, [*columns, digests, most, landmarks, numbers])


def _told(chosen: Rows, name: str) -> Iterator[str]:
    """A column as plain words."""
    return map([str(word) for word in chosen.words(name)].__getitem__, chosen.each_code(name))


def _texts(chosen: Rows, name: str, look: Look, told: Callable[[object], Value] = str) -> Iterator[str]:
    """A column of words, each ``told``; those that come again and again are rendered once."""
    words = chosen.words(name)

    def rendered(code: int) -> str:
        return ending(told(words[code]), *look)

    if len(words) > _REMEMBERED:
        return map(lru_cache(_REMEMBERED)(rendered), chosen.each_code(name))
    return map([rendered(code) for code in range(len(words))].__getitem__, chosen.each_code(name))


def _values(chosen: Rows, plain: Look, dated: Look) -> Iterator[str]:
    """`Valeur retenue`: a number, a date or a text."""

    @lru_cache(_REMEMBERED)
    def rendered(value: Value) -> str:
        return ending(value, *(dated if isinstance(value, date) else plain))

    return map(rendered, kept(chosen))
