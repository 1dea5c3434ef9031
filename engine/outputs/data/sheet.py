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
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from engine.model.texts import bare
from engine.model.values import figure
from engine.office.styles import safe_text
from engine.outputs.tables.column import Table, Type, Value

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
_ROWS_AT_ONCE = 1_000
_END = "\r\n"
_writer = partial(csv.writer, delimiter=";", lineterminator=_END)
_TRUTHS = frozenset({"vrai", "faux", "true", "false"})


@lru_cache(maxsize=65_536)
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
    columns = [
        map(_Once(_SHOW[column.type], alone=len(table.columns) == 1).__getitem__, values)
        for column, values in zip(table.columns, table.fill(), strict=True)
    ]
    rows = map(";".join, zip(*columns, strict=True))
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        _writer(file).writerow([guarded(column.name) for column in table.columns])
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            file.write(_END.join([*some, ""]))


class _Once(dict[Value, str]):
    """How each value of a column stands in its field, found once: most come again and again."""

    def __init__(self, show: Callable[[Value], str], *, alone: bool) -> None:
        """``alone``: no other column stands beside, and a row of nothing must not look like none."""
        super().__init__()
        self._show, self._others = show, [] if alone else [""]
        self._written: list[str] = []
        self._writer = _writer(_To(self._written.append))

    def __missing__(self, value: Value) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        self._writer.writerow(["" if value is None else self._show(value), *self._others])
        field = self[value] = self._written.pop().removesuffix(_END).removesuffix(";")
        return field


class _To(NamedTuple):
    """As much of a file as is written to."""

    write: Callable[[str], object]


@lru_cache(maxsize=65_536)
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
