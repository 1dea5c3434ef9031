"""The sheets made for the jury, written from what the returns give now."""

from __future__ import annotations

from engine.commands.grounds import Grounds
from engine.commands.judgement import Judgement
from engine.intake import Intake
from engine.model import Kind, Role
from engine.model.returns import SheetStatus
from engine.outputs import reminders
from engine.templates import Planned, Written, commission, plan
from engine.workspace import keys


def write_sheets(at: Grounds, returns: Intake, judged: Judgement) -> Written:
    """Write the SYNTHESE of each candidate and the DELIBERATION under ``envois/``; those that already say the same are
    left alone."""
    cohort, folder = at.cohort, at.folder.path
    roster, certification = cohort.roster, cohort.referential
    syntheses = (sheet for sheet in returns.sheets if sheet.kind is Kind.SYNTHESE)
    accepted = reminders.accepted(syntheses, roster, certification)
    inside = commission.contents(judged.outcomes, accepted, judged.deliberation, roster, certification)
    keys.note(at.folder, at.key)
    planned = commission.plan(folder, roster, certification, at.key)
    written = commission.write(planned, roster, certification, folder, inside)
    commission.write_beside(_unreturned(at, returns), judged.outcomes, roster, certification, folder)
    return written


def _unreturned(at: Grounds, returns: Intake) -> list[Planned]:
    """The workbooks of jurors that went out, and of which nothing came back."""
    came = {sheet.key for sheet in returns.sheets if sheet.status is not SheetStatus.EMPTY}
    planned = plan(at.folder.path, at.cohort.roster, at.cohort.referential, at.key)
    return [
        each
        for each in planned
        if each.role is Role.JUROR
        and each.path.is_file()
        and not any(issued.assignment.key in came for issued in each.sheets)
    ]
