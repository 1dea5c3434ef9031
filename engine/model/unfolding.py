"""Rows of a table of marks made into objects, some at a time: a large cohort has millions, and one of each is much."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

_AT_ONCE = 10_000  # rows


def rows(marks: pd.DataFrame, chosen: pd.Series[bool]) -> Iterator[Any]:
    """The chosen rows of the table of :data:`engine.model.tables.MARKS`, in its order, each with its columns as
    attributes."""
    places = np.flatnonzero(chosen)
    for start in range(0, len(places), _AT_ONCE):
        yield from marks.iloc[places[start : start + _AT_ONCE]].astype(object).itertuples(index=False)


class ByCandidate:
    """Some columns of the chosen rows of that table, candidate by candidate."""

    def __init__(self, marks: pd.DataFrame, chosen: pd.Series[bool], columns: Sequence[str]) -> None:
        people = pd.Categorical(marks["candidate"], copy=False)
        places = np.flatnonzero(chosen).astype(np.int32)
        ranks = np.asarray(people.codes)[places]
        order = np.argsort(ranks, kind="stable")
        bounds = np.searchsorted(ranks[order], np.arange(len(people.categories) + 1)).tolist()
        self._places = places[order]
        self._spans = dict(zip(people.categories, pairwise(bounds), strict=True))
        self._columns = [_taken(marks[name]) for name in columns]

    def places(self, candidate: str) -> NDArray[np.int32]:
        """Where the rows of a candidate stand in the table, counted from 0."""
        start, end = self._spans.get(candidate, (0, 0))
        return self._places[start:end]

    def of(self, candidate: str) -> Iterator[tuple[Any, ...]]:
        """The cells of these columns in the rows of a candidate, row by row, in the order of the table."""
        places = self.places(candidate)
        return zip(*(taken(places) for taken in self._columns), strict=True)


def parted(column: pd.Series[Any]) -> tuple[NDArray[np.object_] | None, NDArray[Any]]:
    """The words of a column and the rank of each cell's; for one that holds no words, ``None`` and its cells."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return None, column.to_numpy(dtype=object)
    cells = pd.Categorical(column, copy=False)
    return np.array([*cells.categories, None], dtype=object), np.asarray(cells.codes)  # no word has the rank -1


def _taken(column: pd.Series[Any]) -> Callable[[NDArray[np.int32]], list[Any]]:
    """What gives some cells of a column, by their places; no column of words is ever unfolded whole."""
    words, cells = parted(column)
    if words is None:
        return lambda places: cells[places].tolist()
    return lambda places: words[cells[places]].tolist()
