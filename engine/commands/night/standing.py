"""A night over the very inputs of the last one: the results stand, to the last word, and the morning page says so.

Those that tell of a change are told again without it: the few sheets that say something else, and nothing but them.
"""

from __future__ import annotations

import engine
from engine.assessment import reception
from engine.commands.grounds import Grounds
from engine.commands.night.due import waiting
from engine.commands.night.remembering import closed, told_by
from engine.commands.night.results import Delivered, complete_closure, outputs, pages
from engine.commands.options import Options
from engine.commands.report import Report
from engine.intake import Survey
from engine.ledger.comparison import Evolution, Origin
from engine.model.expected import FileState
from engine.model.texts import day_and_hour
from engine.outputs.briefing import Facts
from engine.workspace.digest import digest
from engine.workspace.files import write_together


def inputs_of(at: Grounds, seen: Survey, *, parquet: bool) -> str:
    """One digest of all that the results depend on."""
    acts = told_by(at.past.acts)
    seats = str(sorted((who, str(seat)) for who, seat in at.published.seats.items()))
    return digest(at.reading, seen.inputs(), acts, parquet, at.over, seats)


def stands(at: Grounds, inputs: str) -> bool:
    """Whether the results that are there are those that these inputs would give."""
    return at.past.stands(inputs, outputs(at.folder), at.folder.results_workbook)


def standing_again(at: Grounds, options: Options) -> Report | None:
    """Leave the results that stand, or tell them again where they tell of a change; ``None`` in any doubt: they are
    then to be written whole."""
    kept = at.past.retelling
    if not kept:
        return let_stand(at)
    last = at.past.last
    if options.full or not at.past.vouched or last is None:
        return None
    if last.made_at == at.given_at or last.program != engine.__version__:  # which tells something else
        return None
    from engine.commands.night.again import tell_again  # drawing takes what loads slowly, and letting stand does not

    return tell_again(at, kept, options)


def let_stand(at: Grounds) -> Report:
    """Write the morning page and remember the night; the report of the results that stand."""
    facts, folder = facts_of(at), at.folder
    since = day_and_hour(at.past.last_written.made_at)
    remark = f"Rien n'a changé depuis la consolidation du {since} : les résultats sont les mêmes."
    told = report_of(at, facts, Delivered(workbook=folder.results_workbook, follow_up=waiting(folder)), remark)
    write_together(pages(folder, facts), now=at.now)
    complete_closure(folder, at.past.closure, folder.results_workbook)
    at.past.stand(at.now, engine.__version__, at.stamp)
    return told


def report_of(at: Grounds, facts: Facts, delivered: Delivered, *remarks: str) -> Report:
    """The report of results that stand, told again or not."""
    return Report(
        files=facts.files,
        anomalies=list(facts.anomalies),
        candidates=len(facts.roster.candidates),
        decided=tuple(facts.decided),
        expected=list(facts.expected),
        awaited=facts.owed,
        result=delivered.workbook,
        aside=delivered.aside,
        follow_up=delivered.follow_up,
        notices=tuple(at.past.notices),
        remarks=(*closed(at.past), *remarks),
        digests={file.path: file.sha256 for file in at.past.files()},
        evolution=facts.evolution,
    )


def facts_of(at: Grounds) -> Facts:
    """The facts of the standing results, from the memory; decisions in the order of the roster, as they were made."""
    past, last, people = at.past, at.past.last, at.cohort.roster
    expected = reception.expected_sheets(
        people, at.cohort.referential, past.sheets(), past.rated_works(), past.commissioned()
    )
    files = {file.path: FileState(file.state) for file in past.files()}
    decisions = past.decisions()
    ranks = {candidate.id: rank for rank, candidate in enumerate(people.candidates)}
    return Facts(
        run=at.run(len(files)),
        roster=people,
        decided=sorted(decisions.values(), key=lambda each: ranks.get(each.candidate, len(ranks))),
        files=files,
        anomalies=past.anomalies(),
        expected=expected,
        owed=reception.still_awaited(expected, people.session, at.now.date()),
        evolution=Evolution(since=Origin(number=last.id, made_at=last.made_at) if last else None),
        notices=(*past.notices, *closed(past)),
    )
