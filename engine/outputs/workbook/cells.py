"""How cells are spelled in the XML of a sheet: as xlsxwriter would, but a whole row at a time.

Cell by cell, xlsxwriter takes longer to write the results than the engine takes to find them. So the rows of tables
are texts, put together at once from one piece per cell: what follows its address, as far as the number of the next
address (an *ending*). A word that comes again and again gives the same piece, whatever its row. This rests on the file
format alone, which is a standard.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from xlsxwriter.utility import xl_col_to_name

from engine.office.styles import MAX_TEXT, safe_text
from engine.outputs.interleaved import interleaved

Value = str | int | Decimal | date | datetime | None
"""What a cell may hold; nothing but its style for ``None`` and for an empty text."""

_EPOCH = datetime(1899, 12, 30)  # day 0 of spreadsheets
_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")  # what a reader would take for an escaped sign
_SHORT = MAX_TEXT // 2  # signs: of no text so short is anything cut
_ERRORS = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})


def followers(columns: int) -> list[str]:
    """What follows the cell of each column of a row: the next one as far as the number of its address, or the end."""
    return [*(f'<c r="{xl_col_to_name(index)}' for index in range(1, columns)), "</row>"]


def row_cells(number: str, endings: Iterable[str]) -> str:
    """The cells of a row, up to its end; rows count from 1."""
    return number.join(('<c r="A', *endings))


def row_elements(numbers: Sequence[bytes], cells: Iterable[Sequence[Sequence[bytes]]]) -> bytes:
    """The ``<row>`` elements of some rows; by cell, the pieces of its ending, each of them row by row."""
    many = len(numbers)
    columns = [[b'<row r="'] * many, numbers, [b'"><c r="A'] * many]
    for pieces in cells:
        columns += [numbers, *pieces]
    return interleaved(columns)


def ending(value: Value, style: int, follower: str) -> str:
    """What follows the address in a ``<c>`` element, style, type and value, then what follows the element."""
    if type(value) is int:
        return f'" s="{style}"><v>{value}</v></c>{follower}'
    if isinstance(value, str) and value:
        text = value if _is_plain(value) else escaped(value)
        kept = "" if text == text.strip() else ' xml:space="preserve"'
        return f'" s="{style}" t="inlineStr"><is><t{kept}>{text}</t></is></c>{follower}'
    if value is None or isinstance(value, str):
        return f'" s="{style}"/>{follower}'
    told = f"{serial(value):.16G}" if isinstance(value, date) else _exact(value).removesuffix(".0")
    return f'" s="{style}"><v>{told}</v></c>{follower}'


def live_ending(formula: str, value: Value, style: int, follower: str) -> str:
    """The same for a formula (without its sign) and the value it has now; ``None`` is an empty text."""
    if value is None or isinstance(value, str):
        kind, told = "e" if value in _ERRORS else "str", _marked(safe_text(value or ""))
        return f'" s="{style}" t="{kind}"><f>{_marked(formula)}</f><v>{told}</v></c>{follower}'
    told = repr(serial(value)) if isinstance(value, date) else _exact(value)
    return f'" s="{style}"><f>{_marked(formula)}</f><v>{told}</v></c>{follower}'


def escaped(text: str) -> str:
    """A text as the XML of a cell spells it."""
    return _marked(_ESCAPED.sub("_x005F_", safe_text(text)).replace("\r", "_x000D_"))


def _is_plain(text: str) -> bool:
    """Whether a text is spelled as it stands. Each sign is looked for on its own: in a sentence, a pattern of them all
    takes ten times as long."""
    odd = "&" in text or "<" in text or ">" in text or "_x" in text
    return not odd and len(text) <= _SHORT and text.isprintable()


def _marked(text: str) -> str:
    """A text whose signs are none of the XML's own."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _exact(value: int | Decimal) -> str:
    """A number to its last digit."""
    return repr(value) if type(value) is int else repr(float(value))


def serial(day: date) -> float:
    """A date as spreadsheets count it: days since 30 December 1899."""
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    return (moment - _EPOCH).total_seconds() / 86_400
