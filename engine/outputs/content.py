"""What the results of a cohort are written from, whatever they are written as."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from engine.model import Outcome, Referential, Roster, Run
from engine.model.admission import Admission
from engine.model.changes import Evolution


@dataclass(frozen=True, kw_only=True)
class Content:
    """Everything a consolidation found.

    The tables are those of :mod:`engine.model.tables`: ``marks`` holds the marks of the sheets that count, ``missing``
    the expected sheets that were not received. ``evolution`` is what changed since an earlier run; ``admissions``: of
    everybody, or of nobody where the referential has no oral.
    """

    referential: Referential
    roster: Roster
    run: Run
    outcomes: Sequence[Outcome]
    marks: pd.DataFrame
    anomalies: pd.DataFrame
    files: pd.DataFrame
    missing: pd.DataFrame
    evolution: Evolution
    admissions: Sequence[Admission] = ()
