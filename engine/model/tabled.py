"""The marks of sheets once they stand in the table of all: rows of it, rather than words and ranks of each sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from engine.model.marks import Mark, Value
from engine.model.packed import Telling, mark_of
from engine.model.returns import SheetReport
from engine.model.unfolding import parted

T = TypeVar("T")


def stand_in(marks: pd.DataFrame, sheets: Iterable[SheetReport]) -> None:
    """Have these sheets find their marks in the table of :data:`engine.model.tables.MARKS` that was made of them, in
    this order: a large cohort holds millions, and what stands in the table need not stand beside it too."""
    columns, start = _Columns(marks), 0
    for sheet in sheets:
        rows = Tabled(columns, start, start := start + len(sheet.marks))
        if sheet.found is sheet.marks:
            sheet.found = rows
        sheet.marks = rows


class Tabled(Telling):
    """Rows of such a table that follow each other, each made into a mark again whenever it is looked at."""

    __slots__ = ("_columns", "_end", "_start")

    def __init__(self, columns: _Columns, start: int, end: int) -> None:
        self._columns, self._start, self._end = columns, start, end

    def __len__(self) -> int:
        return self._end - self._start

    def __iter__(self) -> Iterator[Mark]:
        return map(mark_of, zip(*self._columns.of(self._start, self._end), strict=True))

    def told(self, tell: Callable[[Value], T]) -> Iterator[tuple[T, ...]]:
        """See :meth:`.Telling.told`."""
        return zip(*self._columns.told(self._start, self._end, tell), strict=True)


class _Columns:
    """The columns of the table, as few words and the rank of each cell's where they are words."""

    def __init__(self, marks: pd.DataFrame) -> None:
        self._columns = [parted(marks[name]) for name in Mark._fields]
        self._tell: Callable[[Any], Any] | None = None
        self._told: list[np.ndarray | None] = []

    def of(self, start: int, end: int) -> Iterator[list[Any]]:
        """The cells of these rows, column by column."""
        for words, cells in self._columns:
            some = cells[start:end]
            yield some.tolist() if words is None else words[some].tolist()

    def told(self, start: int, end: int, tell: Callable[[Any], T]) -> Iterator[list[T]]:
        """The same of all columns but the file, each cell as ``tell`` tells it: every word once, as long as it is
        asked for the same."""
        if tell is not self._tell:
            self._tell = tell
            self._told = [None if words is None else _objects(map(tell, words)) for words, _ in self._columns]
        for words, (_, cells) in [*zip(self._told, self._columns, strict=True)][1:]:
            some = cells[start:end]
            yield [*map(tell, some.tolist())] if words is None else words[some].tolist()


def _objects(values: Iterable[Any]) -> np.ndarray:
    held = list(values)
    made = np.empty(len(held), dtype=object)
    made[:] = held
    return made
