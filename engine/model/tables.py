"""The tidy tables that flow through the stages: their columns, and how rows become a table.

Cells keep the type they were given (``object``): pandas never guesses one, so that ``007`` stays text and a
mark stays an exact ``Decimal``. Columns of few distinct words are categories, which keeps large cohorts small.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from engine.model.marks import EXCLUDED, LABEL, MISSING, UNTYPED, VALUE, Mark
from engine.model.packed import WIDTH, Marks, Words

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = [
    "ANOMALIES",
    "EXCLUDED",
    "FILES",
    "LABEL",
    "MARKS",
    "MISSING",
    "MISSING_SHEETS",
    "SHEETS",
    "UNTYPED",
    "VALUE",
    "anomaly_rows",
    "marks_table",
    "table",
]

MARKS = Mark._fields
"""One row per input cell read: :class:`engine.model.Mark`."""

FILES = ("file", "state", "kind", "candidate", "evaluator", "modified", "size", "sha256")
"""One row per file of retours/: `modified` a datetime (local time, no zone), `size` in bytes."""

SHEETS = ("file", "sheet", "kind", "candidate", "evaluator", "status")
"""One row per recognised sheet; `status` is one of the words of :class:`engine.model.returns.SheetStatus`."""

ANOMALIES = ("gravity", "code", "candidate", "evaluator", "file", "sheet", "cell", "value", "message", "remedy")
"""One row per anomaly, fields of :class:`engine.model.anomalies.Anomaly`."""

MISSING_SHEETS = ("evaluator", "name", "email", "candidate", "kind")
"""One row per expected sheet that was not received; `candidate` is "" for NOTES and VALIDATION."""

_FEW_WORDS = frozenset(
    {"file", "sheet", "cell", "kind", "candidate", "evaluator", "input", "code", "state", "gravity", "raw"}
)


def table(columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> pd.DataFrame:
    """A table of these columns; ``None`` and every cell's own type are kept.

    Rows are taken some at a time: all of them together would need many times the memory of the table.
    """
    import pandas as pd  # here and below, so that the readers of returns start without it

    made = [_Words() if name in _FEW_WORDS else _Cells() for name in columns]
    for some in _some(rows):
        for column, cells in zip(made, zip(*some, strict=True), strict=True):
            column.add(cells)
    return pd.DataFrame(
        {name: column.made() for name, column in zip(columns, made, strict=True)}, columns=list(columns)
    )


_AT_ONCE = 5_000  # rows


def _some(rows: Iterable[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    """The rows, some at a time."""
    left = iter(rows)
    while some := list(islice(left, _AT_ONCE)):
        yield some


class _Cells(list[Any]):
    """A column whose cells are kept as they are."""

    add = list.extend

    def made(self) -> pd.Series[Any]:
        """The column of the table."""
        import pandas as pd

        return pd.Series(self, dtype=object)


class _Words(dict[str | None, int]):
    """A column of few words: each is kept once, and its rank for each cell; no word for ``None``."""

    def __init__(self) -> None:
        super().__init__({None: -1})
        self._ranks = array("i")

    def __missing__(self, word: str) -> int:
        return self.setdefault(word, len(self) - 1)

    def add(self, cells: Iterable[str | None]) -> None:
        """Add cells under the others."""
        self._ranks.extend(map(self.__getitem__, cells))

    def made(self) -> pd.Categorical:
        """The column of the table, its words sorted."""
        import numpy as np

        words = [word for word in self if word is not None]
        return _categories([*words, None], np.asarray(self._ranks))


def _categories(words: Sequence[Any], ranks: np.ndarray) -> pd.Categorical:
    """The column of the words of these ranks, those that are there sorted; no word for ``None``."""
    import numpy as np
    import pandas as pd

    there = np.zeros(len(words), dtype=bool)
    there[ranks] = True
    order = sorted((rank for rank in np.flatnonzero(there).tolist() if words[rank] is not None), key=words.__getitem__)
    codes = np.full(len(words), -1, dtype="int32")
    codes[order] = np.arange(len(order))
    return pd.Categorical.from_codes(codes[ranks], categories=pd.Index([words[rank] for rank in order], dtype=object))


def marks_table(sheets: Iterable[Collection[Mark]]) -> pd.DataFrame:
    """The table of :data:`MARKS` of these sheets, the same as :func:`table` makes of their marks.

    What is packed stays so: each word of a file is looked at once, however many cells hold it.
    """
    import numpy as np
    import pandas as pd

    packed = _Packed(sheets)
    known = np.array(packed.words.known, dtype=object)
    made: dict[str, Any] = {}
    for place, name in enumerate(MARKS):
        ranks = packed.column(place)
        few = name in _FEW_WORDS
        made[name] = _categories(packed.words.known, ranks) if few else pd.Series(known[ranks], dtype=object)
    return pd.DataFrame(made, columns=list(MARKS), copy=False)


class _Packed:
    """The marks of many sheets, each cell as the rank of its word among ``words``; a column is made when it is asked.

    The words of each file stand in one array for all, that of its name after the others: thousands of small ones would
    leave holes in the memory of the process.
    """

    def __init__(self, sheets: Iterable[Collection[Mark]]) -> None:
        self.words = Words()
        self._known = array("i")
        self._parts = list(self._added(sheets))

    def _added(self, sheets: Iterable[Collection[Mark]]) -> Iterator[tuple[Sequence[int], int, int]]:
        """Of each sheet, its ranks, and where the words that they mean start and end; nowhere when they are ours."""
        file, own, start = "", None, 0
        for marks in sheets:
            if not isinstance(marks, Marks):
                yield array("i", self.words.ranks(chain.from_iterable(marks))), 0, 0
                continue
            if marks.file != file or marks.words is not own:  # the sheets of a file share one list
                file, own, start = marks.file, marks.words, len(self._known)
                self._known.extend(self.words.ranks([*own, file]))
            yield marks.ranks, start, len(self._known)

    def column(self, place: int) -> np.ndarray:
        """The ranks of a column, by its place among :data:`MARKS`."""
        import numpy as np

        known = np.asarray(self._known)
        made = np.empty(sum(len(ranks) // (WIDTH if end else len(MARKS)) for ranks, _, end in self._parts), "int32")
        last = 0
        for ranks, start, end in self._parts:
            rows = np.asarray(ranks).reshape(-1, WIDTH if end else len(MARKS))
            first, last = last, last + len(rows)
            if not end:
                made[first:last] = rows[:, place]
            elif place:
                made[first:last] = known[start:end].take(rows[:, place - 1])
            else:
                made[first:last] = known[end - 1]
        return made


def anomaly_rows(anomalies: Iterable[Any]) -> pd.DataFrame:
    """The anomalies table."""
    return table(ANOMALIES, (tuple(str(getattr(anomaly, name)) for name in ANOMALIES) for anomaly in anomalies))
