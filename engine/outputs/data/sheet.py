"""CSV that a French spreadsheet opens with a double click: UTF-8 with its mark, semicolons, decimal commas, CRLF.

A spreadsheet guesses: ``007`` becomes 7, ``3/5`` a date, ``=...`` a formula. A text it could take for something else
is preceded by an apostrophe, and so is one that starts with an apostrophe: taking the first one away, when there
is one, always gives the text back. The choice depends on the text alone, so that an identifier is written alike in
every table.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache, partial
from io import StringIO
from pathlib import Path
from typing import NamedTuple

from engine.model.texts import bare
from engine.model.values import figure
from engine.office.styles import safe_text
from engine.outputs.interleaved import interleaved
from engine.outputs.tables.column import Table, Type, Value, told

GUARD = "'"
_STARTS_LIKE_A_WORD = re.compile(r"[^\W\d_]|«")
_MONTHS = (
    "janv(?:ier)?|fevr?(?:ier)?|mars|avr(?:il)?|mai|juin|juil(?:let)?|aout?|sept(?:embre)?|oct(?:obre)?|nov(?:embre)?"
    "|dec(?:embre)?|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?"
    "|october|november|december"
)
_DAYS = (
    "lun(?:di)?|mar(?:di)?|mer(?:credi)?|jeu(?:di)?|ven(?:dredi)?|sam(?:edi)?|dim(?:anche)?"
    "|mon(?:day)?|tue(?:sday)?|wed(?:nesday)?|thu(?:rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?"
)
_DIGIT = re.compile(r"\d")
_LIKE_A_DATE = re.compile(rf"(?:(?:{_MONTHS}|{_DAYS})[\s\-/.,']*)+\d")
_REMEMBERED = 65_536  # values of a column
_END = "\r\n"
_writer = partial(csv.writer, delimiter=";", lineterminator=_END)
_TRUTHS = frozenset({"vrai", "faux", "true", "false"})


@lru_cache(maxsize=8192)
def guarded(text: str) -> str:
    """A text as its field holds it."""
    clean = safe_text(text)
    if clean == f"{text} ":  # a blank that only our workbooks need
        clean = text
    return f"{GUARD}{clean}" if _could_be_misread(clean) else clean


def _could_be_misread(text: str) -> bool:
    """Whether a spreadsheet may take it for a formula, a number, a date, a time or a truth value."""
    digit = _DIGIT.search(text)
    return bool(text) and _misleads(text[: digit.end()] if digit else text)


@lru_cache(maxsize=8192)
def _misleads(head: str) -> bool:
    """The same of a text as far as its first digit: what follows tells nothing more, and many texts begin alike."""
    if not _STARTS_LIKE_A_WORD.match(head):
        return True
    plain = bare(head)
    return plain in _TRUTHS or bool(_LIKE_A_DATE.match(plain))


def restored(field: str) -> str:
    """The text of a field: the inverse of :func:`guarded`."""
    return field.removeprefix(GUARD)


def write_csv(table: Table, target: Path) -> None:
    """Write a table to exactly ``target``, some rows at a time."""
    columns, last = table.columns, len(table.columns) - 1
    fields = [
        told(values, _Once(_SHOW[column.type], alone=not last, last=rank == last).__getitem__)
        for rank, (column, values) in enumerate(zip(columns, table.fill(), strict=True))
    ]
    heading = StringIO(newline="")
    _writer(heading).writerow([guarded(column.name) for column in columns])
    with target.open("wb") as file:
        file.write(heading.getvalue().encode("utf-8-sig"))
        file.writelines(map(interleaved, zip(*fields, strict=True)))


class _Once(dict[Value, bytes]):
    """How each value of a column stands in its field, with what ends it, found once: most come again and again."""

    def __init__(self, show: Callable[[Value], str], *, alone: bool, last: bool) -> None:
        """``alone``: no other column stands beside, and a row of nothing must not look like none. ``last``: none
        follows."""
        super().__init__()
        self._show, self._others, self._end = show, [] if alone else [""], _END if last else ";"
        self._written: list[str] = []
        self._writer = _writer(_To(self._written.append))

    def __missing__(self, value: Value) -> bytes:
        if len(self) >= _REMEMBERED:
            self.clear()
        self._writer.writerow(["" if value is None else self._show(value), *self._others])
        field = self._written.pop().removesuffix(_END).removesuffix(";")
        piece = self[value] = f"{field}{self._end}".encode()
        return piece


class _To(NamedTuple):
    """As much of a file as is written to."""

    write: Callable[[str], object]


@lru_cache(maxsize=8192)
def _number(value: Decimal) -> str:
    return figure(value)


def _moment(value: Value) -> str:
    return f"{value:%d/%m/%Y %H:%M:%S}"


def _day(value: Value) -> str:
    return f"{value:%d/%m/%Y}"


_SHOW: Mapping[Type, Callable[[Value], str]] = {
    Type.TEXT: guarded,
    Type.WHOLE: str,
    Type.NUMBER: _number,
    Type.YES_NO: lambda value: "Oui" if value else "Non",
    Type.DATE: _day,
    Type.MOMENT: _moment,
}
