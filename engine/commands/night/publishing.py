"""What goes to ``resultats/``: the workbook, the data and the morning page, swapped in together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from engine import ledger
from engine.commands.grounds import Grounds
from engine.commands.judgement import Found, content_of
from engine.commands.night import remembering, retelling
from engine.commands.night.follow_up import follow_up_on
from engine.commands.night.results import Delivered, complete_closure, outputs, pages
from engine.commands.options import Options
from engine.commands.report import FollowUp
from engine.intake import Intake
from engine.outputs import briefing, data, workbook
from engine.outputs.content import Content
from engine.workspace import keys, precedents
from engine.workspace.cohort import Folder
from engine.workspace.files import Writer, workplace, write_together
from engine.workspace.heap import give_back


def deliver(at: Grounds, read: Intake, found: Found, night: ledger.Night, options: Options) -> Delivered:
    """Write what was found, then what goes out again; the results may stand for another night, told again where they
    tell of a change."""
    folder, run = at.folder, at.run(len(read.reports))
    if keys.any_own(read.sheets):
        keys.note(folder, at.key)
    facts = briefing.Facts(
        run=run,
        roster=at.cohort.roster,
        decided=found.decided,
        files=found.files,
        anomalies=found.anomalies,
        expected=found.expected,
        owed=found.awaited,
        evolution=found.evolution,
        notices=(*at.past.notices, *remembering.closed(at.past)),
    )
    placed, sketch = write_results(at, content_of(at.cohort, read, found, run), pages(folder, facts), night, options)
    follow_up = follow_up_on(at.cohort, at.key, read, found.expected, found.awaited)
    quiet = _at_rest(found)
    again = None if quiet or options.since is not None else retelling.of(read, found, sketch)
    may_stand = options.since is None and (quiet or again is not None)
    return conclude(at, facts, placed, follow_up, (may_stand, retelling.packed(again) if again else b""))


def conclude(
    at: Grounds,
    facts: briefing.Facts,
    placed: Mapping[Path, Path],
    follow_up: FollowUp,
    standing: tuple[bool, bytes],
) -> Delivered:
    """Tell what could not be written where it belongs, complete a closure, and note whether the results may stand
    (``standing``), with what telling them again calls for."""
    folder, may_stand, again = at.folder, *standing
    written, aside = placed[folder.results_workbook], tuple(path for aim, path in placed.items() if path != aim)
    troubles = troubles_of(aside, follow_up)
    if troubles:
        write_together(pages(folder, replace(facts, troubles=troubles)), now=at.now)
    complete_closure(folder, at.past.closure, written)
    at.past.finish(outputs(folder) if may_stand and not troubles else "", again)
    return Delivered(workbook=written, aside=aside, follow_up=follow_up)


def _at_rest(found: Found) -> bool:
    """Whether these results tell of no change since an earlier run, and so would be the same the night after."""
    told = found.evolution
    nothing_new = told.first or (told.nothing and not told.notes)
    return nothing_new and not any(anomaly.entry.tells_change for anomaly in found.anomalies)


def write_results(
    at: Grounds, content: Content, morning: Mapping[Path, Writer], night: ledger.Night, options: Options
) -> tuple[dict[Path, Path], workbook.Sketch]:
    """Write the workbook, the data, the pages and the night, all or nothing; the path each got, and what drawing the
    workbook again calls for."""
    tables = data.tables(content)
    makers = {**data.writers(tables, at.folder.data, parquet=options.parquet), **morning}
    sketches = []

    def draw(beside: Path, place: Path) -> None:
        sketches.append(workbook.write(beside, content, workplace=place))

    gone = [path for path in at.folder.data.glob("*.parquet") if path not in makers]
    placed = put(at, makers, draw, lambda beside: at.past.keep(night, beside), gone)
    precedents.tidy(at.folder.results_workbook, placed, options.keep, at.now)
    return placed, sketches[-1]


def put(
    at: Grounds,
    makers: Mapping[Path, Writer],
    draw: Callable[[Path, Path], None],
    remember: Callable[[Path], int],
    gone: Iterable[Path] = (),
) -> dict[Path, Path]:
    """Make all of this, and let ``draw`` make the workbook with what it needs in a folder of its own; the path each
    got.

    The memory is told before anything takes its place (``remember``), and has it confirmed after.
    """
    kept = []

    def write(beside: Path) -> None:
        give_back()
        with workplace(beside) as place:
            draw(beside, place)
        give_back()
        kept.append(remember(beside))

    # the workbook is the last one made, and the last put in place: once it is new, so is all the rest
    placed = swap(at.folder, {**makers, at.folder.results_workbook: write}, at.now, gone)
    at.past.deliver(*kept)
    return placed


def swap(
    folder: Folder, makers: Mapping[Path, Writer], made_at: datetime, gone: Iterable[Path] = ()
) -> dict[Path, Path]:
    """Make all that goes to ``resultats/``, keep a copy of the workbook that stands there, then swap them all; the path
    each got."""
    target = folder.results_workbook

    def keep_previous(made: Mapping[Path, Path]) -> None:
        if not workbook.same_but_for_date(made[target], target):
            precedents.keep(target)

    return write_together(makers, now=made_at, gone=gone, ready=keep_previous)


def troubles_of(aside: Sequence[Path], follow_up: FollowUp) -> list[str]:
    """A sentence on the files that were not replaced, and one on the drafts that are not up to date."""
    found = []
    if aside:
        names = ", ".join(f"« {path.name} »" for path in aside)
        found.append(f"des fichiers ouverts ailleurs n'ont pas été remplacés, et les nouveaux sont {names}.")
    if follow_up.trouble:
        found.append(f"les relances ne sont pas à jour : {follow_up.trouble}")
    return found
