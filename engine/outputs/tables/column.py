"""What a table is: columns that say what they mean, and their values, column by column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import chain, islice
from typing import Generic, TypeVar

import numpy as np
import pandas as pd

AT_ONCE = 1_000
"""Cells of a column that are told at one time."""
_FEW = 65_536  # words of a column: what each is told as can be held

Value = str | int | bool | Decimal | date | datetime | None
Item = TypeVar("Item")
T = TypeVar("T")


class Type(StrEnum):
    """What a column holds; ``None`` is allowed in each."""

    TEXT = "texte"
    WHOLE = "entier"
    NUMBER = "nombre décimal"
    YES_NO = "Oui ou Non"
    DATE = "date"
    MOMENT = "date et heure"


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: its ``name`` in every format, and what the dictionary says of it.

    ``source`` tells where the value or the rule behind it comes from, keys of the referential with their values.
    """

    name: str
    type: Type
    meaning: str
    source: str
    unit: str = ""


class Coded(Collection[Value]):
    """A column of few distinct words: each is kept once, and its rank for each cell."""

    def __init__(self, words: Sequence[Value], ranks: np.ndarray, chosen: np.ndarray) -> None:
        """``ranks``: integers into ``words``; ``chosen``: the places of those of the cells, for a copy of them would
        take memory."""
        self._words, self._ranks, self._chosen = words, ranks, chosen

    def __len__(self) -> int:
        return len(self._chosen)

    def __iter__(self) -> Iterator[Value]:
        return map(self._words.__getitem__, chain.from_iterable(ranks.tolist() for ranks in self._blocks()))

    def __contains__(self, value: object) -> bool:
        return any(each == value for each in self)

    def told(self, tell: Callable[[Value], T]) -> Iterator[Sequence[T]]:
        """Each cell as ``tell`` tells it, :data:`AT_ONCE` at a time; where words are few, each is told once."""
        if len(self._words) > _FEW:
            return _told(self, tell)
        words = np.empty(len(self._words), dtype=object)
        words[:] = [tell(word) for word in self._words]
        return (words[ranks].tolist() for ranks in self._blocks())

    def _blocks(self) -> Iterator[np.ndarray]:
        starts = range(0, len(self), AT_ONCE)
        return (self._ranks[self._chosen[start : start + AT_ONCE]] for start in starts)


class _Read(Collection[Value], Generic[Item]):
    """A column read from its items whenever it is looked at: the cells of a long table take more memory than these."""

    def __init__(self, items: Sequence[Item], read: Callable[[Item], Value]) -> None:
        self._items, self._read = items, read

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Value]:
        return map(self._read, self._items)

    def __contains__(self, value: object) -> bool:
        return any(each == value for each in self)


def told(cells: Collection[Value], tell: Callable[[Value], T]) -> Iterator[Sequence[T]]:
    """The same of any column."""
    return cells.told(tell) if isinstance(cells, Coded) else _told(cells, tell)


def _told(cells: Collection[Value], tell: Callable[[Value], T]) -> Iterator[Sequence[T]]:
    left = map(tell, cells)
    while some := list(islice(left, AT_ONCE)):
        yield some


@dataclass(frozen=True)
class Table:
    """One table to export under ``name``. ``fill`` gives the cells of each column, all of the same length: it is asked
    when they are written, for they take more memory than what they are made of."""

    name: str
    content: str
    columns: tuple[Column, ...]
    fill: Callable[[], tuple[Collection[Value], ...]]


@dataclass(frozen=True)
class Field(Generic[Item]):
    """A column, and how its value is read from an item: an outcome, a row...

    ``in_sheet``: whether the workbook's sheet of these items has the column too.
    """

    column: Column
    read: Callable[[Item], Value]
    in_sheet: bool = True


def read_table(name: str, content: str, fields: Iterable[Field[Item]], items: Callable[[], Iterable[Item]]) -> Table:
    """The table of one row per item; they are asked for when it is written."""
    known = tuple(fields)

    def fill() -> tuple[Collection[Value], ...]:
        asked = list(items())
        return tuple(_Read(asked, field.read) for field in known)

    return Table(name, content, tuple(field.column for field in known), fill)


def frame_table(name: str, content: str, described: Mapping[str, Column], frame: pd.DataFrame) -> Table:
    """The table of a data frame, from the description of each of its columns that is told."""
    columns = tuple(described.values())
    return Table(name, content, columns, lambda: tuple(frame[key].astype(object).tolist() for key in described))


def text(name: str, meaning: str, source: str) -> Column:
    """A column of texts."""
    return Column(name=name, type=Type.TEXT, meaning=meaning, source=source)
