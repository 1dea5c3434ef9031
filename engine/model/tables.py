"""The tidy tables that flow through the stages: their columns, and how rows become a table.

Cells keep the type they were given (``object``): pandas never guesses one, so that ``007`` stays text and a
mark stays an exact ``Decimal``. Columns of few distinct words are categories, which keeps large cohorts small.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.model.marks import EXCLUDED, LABEL, MISSING, UNTYPED, VALUE, Mark

if TYPE_CHECKING:
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
        import pandas as pd

        words = [word for word in self if word is not None]
        order = sorted(range(len(words)), key=words.__getitem__)
        codes = np.full(len(words) + 1, -1, dtype="int32")  # the last one, which -1 points at too, is for no word
        codes[order] = np.arange(len(words))
        categories = pd.Index([words[rank] for rank in order], dtype=object)
        return pd.Categorical.from_codes(codes[np.asarray(self._ranks)], categories=categories)


def anomaly_rows(anomalies: Iterable[Any]) -> pd.DataFrame:
    """The anomalies table."""
    return table(ANOMALIES, (tuple(str(getattr(anomaly, name)) for name in ANOMALIES) for anomaly in anomalies))
