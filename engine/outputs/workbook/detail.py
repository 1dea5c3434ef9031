"""The sheet `Détail`: every mark that has a value, with where it was read. By far the longest one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice, tee

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from engine.office.styles import MAX_TEXT, safe_text
from engine.outputs.tables.column import text
from engine.outputs.tables.entries import WHAT, WHERE
from engine.outputs.workbook.bulk import Link, LongTable, Styles
from engine.outputs.workbook.cells import Value, ending, escaped, followers, row_elements
from engine.outputs.workbook.column import Column, headed
from engine.outputs.workbook.frame import Book, Line, Live
from engine.outputs.workbook.grid import Shape, Table, first_row
from engine.outputs.workbook.integrity import BETWEEN, IDENTITY, kept, maxima
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
_IN_LANDMARK = MAX_TEXT // 16  # signs of a word: a cell holds all of them, and the number, whatever they weigh
Look = tuple[int, str]
"""Style and follower of the cells of a column."""
Pieces = list[bytes]
"""What stands in each of some rows."""
Cells = Sequence[Pieces]
"""The pieces that follow each other in the cells of a column, for some rows."""
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


def _rows(book: Book, chosen: Rows, start: int, styles: list[Styles], starts: Mapping[int, str]) -> Iterator[bytes]:
    """The rows of a sheet, block by block; ``start``: how many marks stand in those before."""
    follower = dict(zip(_KEYS, followers(len(_KEYS)), strict=True))
    plain, dated = ({key: (style, follower[key]) for key, style in zip(_KEYS, row, strict=True)} for row in styles)
    points = maxima(book.referential)
    ranks, same = tee(_counted(chosen, start + 1))
    columns = {name: _texts(chosen, name, plain[name]) for name in (*WHAT, *WHERE)} | {
        "value": _values(chosen, plain["value"], dated["value"]),
        "digest": _texts(chosen, "file", plain["digest"], lambda file: book.digests.get(str(file), "")[:_DIGITS]),
        "maximum": _texts(chosen, "code", plain["maximum"], lambda code: points.get(str(code), "")),
        "landmark": _landmarks(chosen, ranks, plain["landmark"]),
        "number": _numbers(same, plain["number"]),
    }
    columns["candidate"] = _leading(chosen, columns["candidate"], starts, dated["candidate"])
    cells = zip(*(columns[key] for key in _KEYS), strict=True)
    return map(row_elements, _counted(chosen, book.detail.first + 1), cells)


def _counted(chosen: Rows, first: int) -> Iterator[Pieces]:
    """The number of each row, from ``first``."""
    for block in chosen.blocks():
        yield [b"%d" % (first + row) for row in block]


def _texts(chosen: Rows, name: str, look: Look, told: Callable[[object], Value] = str) -> Iterator[Cells]:
    """A column of words, each ``told``; those that come again and again are rendered once."""
    words = chosen.words(name)

    def rendered(code: int) -> bytes:
        return ending(told(words[code]), *look).encode()

    if len(words) > _REMEMBERED:
        remembered = lru_cache(_REMEMBERED)(rendered)
        return (([*map(remembered, codes.tolist())],) for codes in chosen.codes_by_block(name))
    return zip(_chosen(chosen, name, [rendered(code) for code in range(len(words))]))


def _chosen(chosen: Rows, name: str, pieces: Sequence[bytes]) -> Iterator[Pieces]:
    """What stands for each row of a column of words; ``pieces``: for each of its words."""
    by_code = np.array(pieces, dtype=object)
    return (by_code[codes].tolist() for codes in chosen.codes_by_block(name))


def _leading(chosen: Rows, cells: Iterator[Cells], starts: Mapping[int, str], look: Look) -> Iterator[Cells]:
    """The column of candidates, the first cell of each in the look of a link."""
    for block, (told,) in zip(chosen.blocks(), cells, strict=True):
        for row in starts.keys() & block:
            told[row - block.start] = ending(starts[row], *look).encode()
        yield (told,)


def _values(chosen: Rows, plain: Look, dated: Look) -> Iterator[Cells]:
    """`Valeur retenue`: a number, a date or a text."""

    @lru_cache(_REMEMBERED)
    def rendered(value: Value) -> bytes:
        return ending(value, *(dated if isinstance(value, date) else plain)).encode()

    told = map(rendered, kept(chosen))
    return (([*islice(told, len(block))],) for block in chosen.blocks())


def _landmarks(chosen: Rows, ranks: Iterator[Pieces], look: Look) -> Iterator[Cells]:
    """What :func:`.integrity.rows_in_place` compares, from its words: hardly two are alike, so none is made twice."""
    named = {name: [BETWEEN + str(word)[:_IN_LANDMARK] for word in chosen.words(name)] for name in IDENTITY}
    *others, last = IDENTITY
    # how a text is opened depends on the last of its signs: the last word says it, as the only one of a text
    opened = [ending(word, *look).partition(BETWEEN) for word in named[last]]
    return zip(
        _chosen(chosen, last, [opening.encode() for opening, _, _ in opened]),
        ranks,
        *(_chosen(chosen, name, [escaped(word).encode() for word in named[name]]) for name in others),
        _chosen(chosen, last, [f"{BETWEEN}{rest}".encode() for _, _, rest in opened]),
        strict=True,
    )


def _numbers(ranks: Iterator[Pieces], look: Look) -> Iterator[Cells]:
    before, _, after = (piece.encode() for piece in ending(0, *look).rpartition("0"))
    return (([before] * len(told), told, [after] * len(told)) for told in ranks)
