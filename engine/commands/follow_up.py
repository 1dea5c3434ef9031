"""What goes out again after a consolidation: the copies to mend and the reminders."""

from __future__ import annotations

from dataclasses import replace

from engine import templates
from engine.assessment import reception
from engine.commands.report import FollowUp
from engine.intake import Intake
from engine.model.errors import CohortError
from engine.office import mail as drafts
from engine.outputs import reminders as mending
from engine.workspace import clock
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import deliver


def follow_up_on(opened: Cohort, key: bytes, read: Intake, expected: list[reception.Expected]) -> FollowUp:
    """Write the copies to mend and the drafts of the reminders; that they could not be is told, the results stand."""
    try:
        copies = _corrections(opened, key, read)
        _reminders(opened, mending.needs(read.sheets, expected, opened.roster), copies)
    except (CohortError, OSError) as fault:
        return replace(waiting(opened.folder), trouble=str(fault))
    return waiting(opened.folder)


def _corrections(opened: Cohort, key: bytes, read: Intake) -> dict[str, dict[str, bytes]]:
    """Write a fresh copy of each workbook that has something to mend; their bytes, by evaluator then by file name."""
    path, people, certification = opened.folder.path, opened.roster, opened.referential
    faulty = mending.to_mend(read.sheets)
    planned = templates.plan(path, people, certification, key) if faulty else []
    again = templates.corrected(planned, path, faulty.keys())
    wanted = {issued.assignment.key for each in again for issued in each.sheets}
    inside = mending.contents((sheet for sheet in read.sheets if sheet.key in wanted), people, certification)
    templates.write_corrections(again, people, certification, path, inside)
    copies: dict[str, dict[str, bytes]] = {}
    for each in again:
        copies.setdefault(each.evaluator.id if each.evaluator else "", {})[each.path.name] = each.path.read_bytes()
    return copies


def _reminders(opened: Cohort, asked: list[mending.Needs], copies: dict[str, dict[str, bytes]]) -> None:
    """Write one draft per evaluator who has something to send or to mend."""
    place, now = opened.folder.reminders, clock.now()
    made = {
        place / mending.file_name(needs): mending.draft(
            needs, copies.get(needs.evaluator.id if needs.evaluator else "", {}), opened.roster, now
        )
        for needs in asked
    }
    stale = [path for path in opened.folder.drafts() if path not in made]
    deliver(opened.folder.outgoing, made.items(), stale, drafts.same_but_for_date)


def waiting(folder: Folder) -> FollowUp:
    """What stands ready to be sent."""
    return FollowUp(corrections=len(folder.corrected()), reminders=len(folder.drafts()))
