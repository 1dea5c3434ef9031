"""From what was read to what is found: anomalies, decisions, changes; and the tables the results are written from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import engine
from engine import ledger
from engine.assessment import checks, decide, reception
from engine.intake import Intake
from engine.ledger import comparison as evolution
from engine.ledger.comparison import Evolution, Since
from engine.model import Awaited, Outcome, Run, tables
from engine.model.anomalies import Anomaly
from engine.model.errors import LossError
from engine.model.expected import Expected, FileState
from engine.model.snapshot import Decided
from engine.model.texts import counted, day_and_hour
from engine.workspace.cohort import Cohort

_NAMED = 3
"""How many of the returns that are gone a sentence names."""


@dataclass(frozen=True)
class Found:
    """What follows from the returns; ``files``: the state of each, by path."""

    marks: object
    outcomes: tuple[Outcome, ...]
    expected: list[Expected]
    awaited: Awaited
    anomalies: list[Anomaly]
    files: dict[str, FileState]
    evolution: Evolution

    @property
    def decided(self) -> tuple[Decided, ...]:
        """The decisions alone."""
        return tuple(map(Decided.of, self.outcomes))


def judge(opened: Cohort, read: Intake, past: ledger.Ledger, now: datetime, since: Since) -> Found:
    """Check and decide; warn about what was there at the last consolidation and is not any more; tell what changed."""
    people, certification = opened.roster, opened.referential
    marks = read.marks()
    expected = reception.expected_sheets(people, certification, read.sheets, read.rated_works())
    decided = decide.decide(marks, people, certification, reception.awaited(expected))
    outcomes, held = ledger.hold(decided, past.closure)
    anomalies = read.anomalies() + checks.run(checks.Evidence(marks, outcomes, people, certification))
    anomalies += held + ledger.regressions(past, read.sheets, outcomes)
    states = reception.file_states(read.reports, anomalies)
    tonight = evolution.Tonight(
        made_at=now,
        program=engine.__version__,
        files=list(reception.file_rows(read.reports, states)),
        reports=read.reports,
        outcomes=outcomes,
        anomalies=anomalies,
    )
    owed = reception.still_awaited(expected, people.session, now.date())
    return Found(marks, outcomes, expected, owed, anomalies, states, evolution.against(past, tonight, since))


def weigh_loss(opened: Cohort, read: Intake, past: ledger.Ledger, *, accepted: bool) -> None:
    """Stop when more than half of the returns that counted at the last consolidation are gone; once that is
    ``accepted``, note it. Raises :class:`LossError`."""
    lost = ledger.loss(past, read.reports, opened.roster)
    if lost.heavy:
        told = _loss_in_words(lost, past, opened)
        if not accepted:
            raise LossError(
                f"{told} Vérifiez que le disque ou le partage qui porte « {opened.folder.returns} » est bien monté et "
                "complet, puis relancez ; s'ils ont été retirés exprès, relancez « consolidate » avec --accept-loss."
            )
        past.notices.append(told)


def _loss_in_words(lost: ledger.Loss, past: ledger.Ledger, opened: Cohort) -> str:
    last = past.last
    when = "que garde l'archive" if last.rebuilt else f"à la consolidation du {day_and_hour(last.made_at)}"
    names = ", ".join(f"« {path} »" for path in lost.gone[:_NAMED])
    others = len(lost.gone) - _NAMED
    names += f" et {counted(others, 'autre', 'autres')}" if others > 0 else ""
    counts = f"{len(lost.gone)} des {lost.counted} retours qui comptaient {when} ne sont plus"
    if lost.counted == 1:
        counts = f"Le seul retour qui comptait {when} n'est plus"
    return f"{counts} dans « {opened.folder.returns.name} » : {names}."


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
