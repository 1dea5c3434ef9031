"""The tidy tables that flow through the stages: their columns, and how rows become a table.

Cells keep the type they were given (``object``): pandas never guesses one, so that ``007`` stays text and a
mark stays an exact ``Decimal``. Columns of few distinct words are categories, which keeps large cohorts small.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

MARKS = (
    "file",  # path below retours/, with "/"
    "sheet",  # name of the sheet in that file
    "cell",  # address, e.g. "H12"
    "kind",  # word of engine.model.Kind
    "candidate",  # identifier as the roster writes it, "" for a single input of NOTES or VALIDATION
    "evaluator",  # identifier as the roster writes it, "" for NOTES
    "input",  # name of the input: "niveau", "points", "UE1"...
    "code",  # code of the row ("2.10"), the heading in NOTES and VALIDATION, "" for a single input
    "raw",  # what the cell holds, as text
    "value",  # Decimal, str, date or None
    "state",  # one of the states below
)

VALUE = "value"  # `value` holds what was read
MISSING = "missing"  # the cell is blank
EXCLUDED = "excluded"  # a blocking anomaly: the item is pending
# A declared state (ABS, NE, DISP) is its own word, with the value None.

FILES = ("file", "state", "kind", "candidate", "evaluator", "modified", "size", "sha256")
"""One row per file of retours/: `modified` a datetime (local time, no zone), `size` in bytes."""

SHEETS = ("file", "sheet", "kind", "candidate", "evaluator", "status")
"""One row per recognised sheet; `status` is one of the words of :class:`engine.intake.SheetStatus`."""

ANOMALIES = ("gravity", "code", "candidate", "evaluator", "file", "sheet", "cell", "value", "message", "remedy")
"""One row per anomaly, fields of :class:`engine.anomalies.Anomaly`."""

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
