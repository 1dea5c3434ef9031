"""Results that tell of a change told again without it: the few sheets that say something else, and nothing but them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import engine
from engine import ledger
from engine.assessment import reception
from engine.commands.grounds import Grounds
from engine.commands.night.due import waiting
from engine.commands.night.publishing import conclude, put
from engine.commands.night.results import pages
from engine.commands.night.retelling import Retelling, packed, unpacked
from engine.commands.night.standing import facts_of, report_of
from engine.commands.options import Options
from engine.commands.report import Report
from engine.ledger.comparison import retold
from engine.model import Awaited, awaiting, tables
from engine.model.expected import FileState
from engine.outputs import data, workbook
from engine.outputs.briefing import Facts
from engine.workspace import precedents


def tell_again(at: Grounds, kept: bytes, options: Options) -> Report | None:
    """Write what tells of no change any more, as was ``kept`` for it, and remember the night; its report, or ``None``,
    nothing touched, when that cannot be read or the workbook that stands is not the one that was drawn."""
    again, folder = unpacked(kept), at.folder
    if again is None:
        return None
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
