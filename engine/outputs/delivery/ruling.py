"""``deliberation.csv``: for each candidate, what the rules give, what stands, who decided so, and why."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from engine.outputs.data import guarded

HEADINGS = ("Identifiant", "Règles", "Blocs des règles", "Décision", "Blocs", "Décidé par", "Motif")


@dataclass(frozen=True)
class Row:
    """One candidate; blocs by code."""

    candidate: str
    ruled: str
    ruled_blocs: tuple[str, ...]
    decision: str
    blocs: tuple[str, ...]
    decided_by: str
    motive: str


def table(rows: Iterable[Row]) -> bytes:
    """The table, as our other CSV are written."""
    made = io.StringIO(newline="")
    writer = csv.writer(made, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for row in rows:
        writer.writerow(
            map(
                guarded,
                (
                    row.candidate,
                    row.ruled,
                    "; ".join(row.ruled_blocs),
                    row.decision,
                    "; ".join(row.blocs),
                    row.decided_by,
                    row.motive,
                ),
            )
        )
    return made.getvalue().encode("utf-8-sig")
