"""From what was read to what is found: anomalies, decisions, changes; and the tables the results are written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import engine
from engine import checks, decide, evolution, ledger, reception, tables
from engine.anomalies import Anomaly
from engine.cohort import Cohort
from engine.evolution import Evolution, Since
from engine.intake import Intake
from engine.model import Outcome, Run


@dataclass(frozen=True)
class Found:
    """What follows from the returns; ``files``: the state of each, by path."""

    marks: object
    outcomes: tuple[Outcome, ...]
    expected: list[reception.Expected]
    anomalies: list[Anomaly]
    files: dict[str, reception.FileState]
    evolution: Evolution


def judge(opened: Cohort, read: Intake, past: ledger.Ledger, now: datetime, since: Since) -> Found:
    """Check and decide; warn about what was there at the last consolidation and is not any more; tell what changed."""
    people, certification = opened.roster, opened.referential
    marks = read.marks()
    expected = reception.expected_sheets(people, certification, read.sheets, read.rated_works())
    decided = decide.decide(marks, people, certification, reception.awaited(expected))
    outcomes, held = ledger.hold(decided, past.closure)
    anomalies = read.anomalies() + checks.run(checks.Evidence(marks, outcomes, people, certification))
    anomalies += held + ledger.regressions(past, read.sheets)
    states = reception.file_states(read.reports, anomalies)
    tonight = evolution.Tonight(
        made_at=now,
        program=engine.__version__,
        files=list(reception.file_rows(read.reports, states)),
        reports=read.reports,
        outcomes=outcomes,
        anomalies=anomalies,
    )
    return Found(marks, outcomes, expected, anomalies, states, evolution.against(past, tonight, since))


def content_of(opened: Cohort, read: Intake, found: Found, run: Run) -> dict[str, Any]:
    """What the results are written from."""
    return {
        "referential": opened.referential,
        "roster": opened.roster,
        "run": run,
        "outcomes": found.outcomes,
        "marks": found.marks,
        "anomalies": tables.anomaly_rows(found.anomalies),
        "files": tables.table(tables.FILES, reception.file_rows(read.reports, found.files)),
        "missing": tables.table(tables.MISSING_SHEETS, reception.missing_rows(found.expected)),
        "evolution": found.evolution,
    }
