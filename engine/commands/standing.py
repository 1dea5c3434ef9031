"""A night that changed nothing: the results stand, to the last word, and the morning page says so."""

from __future__ import annotations

import engine
from engine.assessment import reception
from engine.commands.follow_up import waiting
from engine.commands.grounds import Grounds
from engine.commands.publishing import complete_closure, outputs, pages
from engine.commands.remembering import closed
from engine.commands.report import Report
from engine.ledger.comparison import Evolution, Origin
from engine.model.expected import FileState
from engine.model.texts import day_and_hour
from engine.outputs.briefing import Facts
from engine.workspace.files import write_together


def stands(at: Grounds, inputs: str) -> bool:
    """Whether the results that are there are those that these inputs would give."""
    return at.past.stands(inputs, outputs(at.folder), at.folder.results_workbook)


def let_stand(at: Grounds) -> Report:
    """Write the morning page and remember the night; the report of the results that stand."""
    facts, folder = _facts(at), at.folder
    since = day_and_hour(at.past.last_written.made_at)
    report = Report(
        files=facts.files,
        anomalies=list(facts.anomalies),
        candidates=len(facts.roster.candidates),
        decided=tuple(facts.decided),
        expected=list(facts.expected),
        awaited=facts.owed,
        result=folder.results_workbook,
        follow_up=waiting(folder),
        notices=tuple(at.past.notices),
        remarks=(
            *closed(at.past),
            f"Rien n'a changé depuis la consolidation du {since} : les résultats sont les mêmes.",
        ),
        digests={file.path: file.sha256 for file in at.past.files()},
        evolution=facts.evolution,
    )
    write_together(pages(folder, facts), now=at.now)
    complete_closure(folder, at.past.closure, folder.results_workbook)
    at.past.stand(at.now, engine.__version__, at.stamp)
    return report


def _facts(at: Grounds) -> Facts:
    """What the memory tells of the results that stand."""
    past, last, people = at.past, at.past.last, at.cohort.roster
    expected = reception.expected_sheets(
        people, at.cohort.referential, past.sheets(), past.rated_works(), past.commissioned()
    )
    files = {file.path: FileState(file.state) for file in past.files()}
    return Facts(
        run=at.run(len(files)),
        roster=people,
        decided=tuple(past.decisions().values()),
        files=files,
        anomalies=past.anomalies(),
        expected=expected,
        owed=reception.still_awaited(expected, people.session, at.now.date()),
        evolution=Evolution(since=Origin(number=last.id, made_at=last.made_at) if last else None),
        notices=(*past.notices, *closed(past)),
    )
