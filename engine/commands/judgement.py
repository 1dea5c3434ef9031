"""From what was read to what is found: anomalies, decisions, changes; and the tables the results are written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

import engine
from engine import jury, ledger
from engine.assessment import checks, decide, deliberation, reception
from engine.assessment.evidence import Evidence
from engine.commands.grounds import Grounds
from engine.intake import Intake
from engine.ledger import comparison
from engine.ledger.comparison import Evolution, Since
from engine.model import Awaited, Outcome, Run, tables
from engine.model.admission import Admission
from engine.model.anomalies import Anomaly
from engine.model.deliberation import Deliberation
from engine.model.expected import Expected, FileState
from engine.model.snapshot import Decided
from engine.outputs.content import Content
from engine.workspace.cohort import Cohort

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What the returns alone give: the decisions that stand, who owes what, what is wrong."""

    marks: pd.DataFrame
    outcomes: tuple[Outcome, ...]
    admissions: tuple[Admission, ...]
    expected: list[Expected]
    awaited: Awaited
    anomalies: list[Anomaly]
    deliberation: Deliberation | None


@dataclass(frozen=True, kw_only=True)
class Found(Judgement):
    """The same beside what was known: what is gone is among the anomalies, ``evolution`` tells what changed.

    ``files``: the state of each, by path; ``closing``: whether the session was closed on it.
    """

    files: Mapping[str, FileState]
    evolution: Evolution
    closing: bool = False

    @property
    def decided(self) -> tuple[Decided, ...]:
        """The decisions alone."""
        return tuple(map(Decided.of, self.outcomes))


def judge(at: Grounds, read: Intake) -> Judgement:
    """Decide and check; a session that was closed holds to what it froze."""
    people, certification = at.cohort.roster, at.cohort.referential
    expected = reception.expected_sheets(people, certification, read.sheets, read.rated_works(), read.commissioned())
    marks = read.marks()
    ruled = decide.decide(marks, people, certification, reception.awaited(expected))
    by_jury = deliberation.gather(marks, certification)
    decided, overruled = deliberation.overrule(ruled, by_jury, certification)
    outcomes, held = ledger.hold(decided, at.past.closure)
    seats = at.published.seats
    admitted = jury.admit(marks, outcomes, people, certification)
    admissions = tuple(replace(each, seat=seats.get(each.candidate.id.casefold())) for each in admitted)
    found = [*checks.run(Evidence(marks, outcomes, people, certification)), *jury.warnings(admissions, marks)]
    return Judgement(
        marks=marks,
        outcomes=outcomes,
        admissions=admissions,
        expected=expected,
        awaited=reception.still_awaited(expected, people.session, at.now.date()),
        anomalies=[*read.anomalies(), *found, *overruled, *held],
        deliberation=by_jury if by_jury is not None and by_jury.counts else None,
    )


def compare(at: Grounds, read: Intake, judged: Judgement, since: Since) -> Found:
    """Warn about what was there at the last consolidation and is not any more; tell what changed ``since``."""
    anomalies = judged.anomalies + ledger.regressions(at.past, read.sheets, judged.outcomes)
    states = reception.file_states(read.reports, anomalies)
    tonight = comparison.Tonight(
        given_at=at.given_at,
        program=engine.__version__,
        files=list(reception.file_rows(read.reports, states)),
        reports=read.reports,
        outcomes=judged.outcomes,
        anomalies=anomalies,
    )
    return Found(
        marks=judged.marks,
        outcomes=judged.outcomes,
        admissions=judged.admissions,
        expected=judged.expected,
        awaited=judged.awaited,
        deliberation=judged.deliberation,
        anomalies=anomalies,
        files=states,
        evolution=comparison.against(at.past, tonight, since),
    )


def content_of(opened: Cohort, read: Intake, found: Found, run: Run) -> Content:
    """The content that the results are written from."""
    return Content(
        referential=opened.referential,
        roster=opened.roster,
        run=run,
        outcomes=found.outcomes,
        marks=found.marks,
        admissions=found.admissions,
        anomalies=tables.anomaly_rows(found.anomalies),
        files=tables.table(tables.FILES, reception.file_rows(read.reports, found.files)),
        missing=tables.table(tables.MISSING_SHEETS, reception.missing_rows(found.expected)),
        evolution=found.evolution,
    )
