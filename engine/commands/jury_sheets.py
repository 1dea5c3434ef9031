"""The sheets made for the jury, written from what the returns give now."""

from __future__ import annotations

from engine.commands.grounds import Grounds
from engine.commands.judgement import Judgement
from engine.intake import Intake
from engine.model import Kind
from engine.outputs import reminders
from engine.templates import Written, commission
from engine.workspace import keys


def write_sheets(at: Grounds, returns: Intake, judged: Judgement) -> Written:
    """Write the SYNTHESE of each candidate and the DELIBERATION under ``envois/``; those that already say the same are
    left alone."""
    cohort, folder = at.cohort, at.folder.path
    roster, certification = cohort.roster, cohort.referential
    syntheses = (sheet for sheet in returns.sheets if sheet.kind is Kind.SYNTHESE)
    accepted = reminders.accepted(syntheses, roster, certification)
    inside = commission.contents(judged.outcomes, accepted, judged.deliberation, roster)
    keys.note(at.folder, at.key)
    planned = commission.plan(folder, roster, certification, at.key)
    return commission.write(planned, roster, certification, folder, inside)
