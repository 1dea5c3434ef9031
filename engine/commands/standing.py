"""A night over the very inputs of the last one: the results stand, to the last word, and the morning page says so.

Those that tell of a change are told again without it: the few sheets that say something else, and nothing but them.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import engine
from engine import ledger
from engine.assessment import reception
from engine.commands.follow_up import waiting
from engine.commands.grounds import Grounds
from engine.commands.options import Options
from engine.commands.publishing import Delivered, complete_closure, conclude, outputs, pages, put
from engine.commands.remembering import closed
from engine.commands.report import Report
from engine.commands.retelling import Retelling, packed, unpacked
from engine.ledger.comparison import Evolution, Origin, retold
from engine.model import Awaited, awaiting, tables
from engine.model.expected import FileState
from engine.model.texts import day_and_hour
from engine.outputs import data, workbook
from engine.outputs.briefing import Facts
from engine.workspace import precedents
from engine.workspace.files import write_together


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
    again = unpacked(kept)
    return tell_again(at, again, options) if again else None


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


def tell_again(at: Grounds, again: Retelling, options: Options) -> Report | None:
    """Write what tells of no change any more, and remember the night; its report, or ``None``, nothing touched, when
    the workbook that stands is not the one that was drawn."""
    folder = at.folder
    facts = replace(
        facts_of(at),
        anomalies=again.anomalies,
        files={path: FileState(state) for path, state, *_ in again.files},
        evolution=retold(at.past, again.files),
    )
    anomalies, files = tables.anomaly_rows(again.anomalies), tables.table(tables.FILES, again.files)
    night = _night(at, again)
    journal = data.writers(data.journal(anomalies, files), folder.data, parquet=options.parquet) if night.codes else {}

    tonight = workbook.Tonight(
        decided=facts.decided,
        anomalies=anomalies,
        files=files,
        awaited=_not_come(at, facts),
        evolution=facts.evolution,
    )
    sketches = []

    def draw(beside: Path, place: Path) -> None:
        sketch = workbook.write_again(
            workbook.Standing(
                path=folder.results_workbook,
                sketch=again.sketch,
                referential=at.cohort.referential,
                roster=at.cohort.roster,
                run=facts.run,
            ),
            beside,
            tonight,
            workplace=place,
        )
        sketches.append(sketch)

    try:
        placed = put(at, {**journal, **pages(folder, facts)}, draw, lambda beside: at.past.retell(night, beside))
    except ValueError:
        return None
    precedents.tidy(folder.results_workbook, placed, options.keep, at.now)
    once_more = b"" if facts.evolution.nothing else packed(replace(again, sketch=sketches[-1]))
    return report_of(at, facts, conclude(at, facts, placed, waiting(folder), (True, once_more)))


def _night(at: Grounds, again: Retelling) -> ledger.Retold:
    """The record for the memory of results told again."""
    codes = {anomaly.code for anomaly in at.past.anomalies() if anomaly.entry.tells_change}
    known = {file.path: file.state for file in at.past.files()}
    moved = {path: state for path, state, *_ in again.files if known.get(path) != state}
    return ledger.Retold(made_at=at.now, program=engine.__version__, clock=at.stamp, codes=sorted(codes), states=moved)


def _not_come(at: Grounds, facts: Facts) -> Awaited:
    """The awaited sheets, as the workbook counts them."""
    owed = (row[0] for row in reception.missing_rows(facts.expected))
    return awaiting.awaited(owed, session=at.cohort.roster.session, today=at.now.date())


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
