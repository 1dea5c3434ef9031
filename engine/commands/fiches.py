"""``fiches``: one page per candidate, from what a consolidation would find now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from engine.assessment import decide, reception
from engine.commands import runs
from engine.commands.cohorts import open_cohort, require_candidates
from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.commands.report import Report
from engine.outputs import fiches
from engine.workspace import clock, pages
from engine.workspace.cohort import Folder
from engine.workspace.files import Delivery


def write_fiches(
    path: Path, only: Collection[str] = (), *, one_file: bool = False, key_file: Path | None = None
) -> tuple[Report, Delivery]:
    """Write one page per candidate under ``resultats/fiches/``, from what a consolidation would find now.

    ``only``: identifiers of candidates; ``one_file``: all the pages in ``resultats/fiches.xlsx``. The report holds the
    outcomes of the pages.
    """
    with runs.alone(Folder(path), "fiches"):
        opened = open_cohort(path)
        require_candidates(opened, only)
        report = consolidate(path, Options(dry_run=True, foresee=False, key_file=key_file))
        shared = fiches.shared(opened.referential, opened.roster, report.outcomes)
        kept = {identifier.casefold() for identifier in only}
        chosen = [each for each in report.outcomes if not kept or each.candidate.id.casefold() in kept]
        told = decide.unnamed(chosen, opened.referential, reception.awaited(report.expected, named=False))
        if one_file:
            done = fiches.write_one(shared, told, opened.folder.pages.with_suffix(".xlsx"), clock.now())
        else:
            done = fiches.write_each(shared, told, opened.folder.pages, clock.now(), partial=bool(only))
        pages.note(opened.folder, [*done.written, *done.unchanged])
    return replace(report, outcomes=told), done
