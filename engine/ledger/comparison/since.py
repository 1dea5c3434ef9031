"""Which earlier run a consolidation is compared with: the last one, or the one that somebody names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, time

from engine.ledger.past import RunRow
from engine.model.errors import CohortError

Since = int | datetime | None
"""The number of a run; a moment; or nothing, for the last run."""

_WRITTEN = ("%Y-%m-%d", "%d/%m/%Y", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d/%m/%Y %H:%M")


def parse(text: str) -> int | datetime:
    """``12``, ``2026-11-20``, ``20/11/2026``, ``2026-11-20 08:00``. Raises :class:`ValueError` for anything else."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return int(text)
    for form in _WRITTEN:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise ValueError("attendu : un numéro de consolidation, ou une date comme 2026-11-20 ou 20/11/2026 08:00")


def choose(runs: Sequence[RunRow], since: Since) -> RunRow | None:
    """The run to compare with, ``None`` when there is none yet; ``runs``: the oldest first.

    A moment means the last run made before it (a day: before it began), or the first one of all. Raises
    :class:`CohortError` for the number of no run.
    """
    if not runs or since is None:
        return runs[-1] if runs else None
    if isinstance(since, int):
        return _numbered(runs, since)
    earlier = [run for run in runs if run.made_at < since or (run.made_at == since and since.time() != time())]
    return earlier[-1] if earlier else runs[0]


def _numbered(runs: Sequence[RunRow], number: int) -> RunRow:
    found = next((run for run in runs if run.id == number), None)
    if found is None:
        raise CohortError(
            f"Aucune consolidation ne porte le n° {number} : la mémoire va de la n° {runs[0].id} à la n° {runs[-1].id}."
        )
    return found
