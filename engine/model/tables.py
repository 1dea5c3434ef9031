"""The tidy tables that flow through the stages: their columns, and how rows become a table.

Cells keep the type they were given (``object``): pandas never guesses one, so that ``007`` stays text and a
mark stays an exact ``Decimal``. Columns of few distinct words are categories, which keeps large cohorts small.
"""

from __future__ import annotations

from collections.abc import Iterable
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
    """A table of these columns; ``None`` and every cell's own type are kept."""
    import pandas as pd  # here, so that the readers of returns start without it

    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    objects = {name: pd.Series(column, dtype=object) for name, column in zip(columns, values, strict=True)}
    data = {name: pd.Categorical(column) if name in _FEW_WORDS else column for name, column in objects.items()}
    return pd.DataFrame(data, columns=list(columns))


def anomaly_rows(anomalies: Iterable[Any]) -> pd.DataFrame:
    """The anomalies table."""
    return table(ANOMALIES, (tuple(str(getattr(anomaly, name)) for name in ANOMALIES) for anomaly in anomalies))
