"""What goes out again after a consolidation: the copies to mend and the reminders."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from engine import post, templates
from engine.assessment import reception
from engine.commands.grounds import grounds, look, read
from engine.commands.handing import hand_out
from engine.commands.report import FollowUp
from engine.intake import Intake
from engine.model import Awaited
from engine.model.assignments import SheetKey
from engine.model.errors import CohortError
from engine.model.expected import Expected, Receipt
from engine.office import mail
from engine.outputs import reminders
from engine.templates import Planned
from engine.workspace import clock
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import deliver


class Outgoing:
    """The workbooks of a cohort as they were sent: by evaluator, and by what they hold."""

    def __init__(self, opened: Cohort, key: bytes) -> None:
        """``key``: what seals them."""
        self._opened, self._key = opened, key

    @cached_property
    def planned(self) -> list[Planned]:
        """Every workbook of the cohort."""
        opened = self._opened
        return templates.plan(opened.folder.path, opened.roster, opened.referential, self._key)

    def holding(self, person: str, sheets: Collection[SheetKey]) -> dict[str, bytes]:
        """Those of one evaluator (``""``: the secretariat) that hold one of these sheets, by file name; one that is not
        there is left out."""
        return {
            each.path.name: each.path.read_bytes()
            for each in self.planned
            if (each.evaluator.id if each.evaluator else "") == person
            and any(issued.assignment.key in sheets for issued in each.sheets)
            and each.path.is_file()
        }


def follow_up_on(opened: Cohort, key: bytes, returns: Intake, expected: list[Expected], awaited: Awaited) -> FollowUp:
    """Write the copies to mend and the drafts; that they could not be is told, the results stand."""
    try:
        sent = Outgoing(opened, key)
        copies = _corrections(opened, sent, returns)
        asked = reminders.needs(returns.sheets, expected, opened.roster)
        reminded = _ask(opened, sent, asked, copies, late=awaited.late)
        owed = {item.assignment.key for item in expected if item.receipt is not Receipt.RECEIVED}
        hand_out(opened, sent.planned, owed=owed, reminded=reminded)
    except (CohortError, OSError) as fault:
        return replace(waiting(opened.folder), trouble=str(fault))
    return waiting(opened.folder)


def bring_up_to_date(opened: Cohort, key: bytes) -> None:
    """Withdraw what is no longer true of the drafts and of the copies to mend, as a consolidation would, and write the
    new ones. Raises :class:`CohortError` when they cannot be, or most returns are gone: everybody would look late."""
    with grounds(opened, key) as at:
        found = read(at, look(at))
    people = opened.roster
    expected = reception.expected_sheets(
        people, opened.referential, found.sheets, found.rated_works(), found.commissioned()
    )
    awaited = reception.still_awaited(expected, people.session, at.now.date())
    done = follow_up_on(opened, key, found, expected, awaited)
    if done.trouble:
        raise CohortError(f"Les brouillons ne sont pas à jour, rien n'a été envoyé : {done.trouble}")


def _corrections(opened: Cohort, sent: Outgoing, returns: Intake) -> dict[str, dict[str, bytes]]:
    """Write a fresh copy of each workbook that has something to mend; their bytes, by evaluator then by file name."""
    path, people, certification = opened.folder.path, opened.roster, opened.referential
    faulty = reminders.to_mend(returns.sheets)
    again = templates.corrected(sent.planned if faulty else [], path, faulty.keys())
    wanted = {issued.assignment.key for each in again for issued in each.sheets}
    inside = reminders.contents((sheet for sheet in returns.sheets if sheet.key in wanted), people, certification)
    templates.write_corrections(again, opened, inside)
    copies: dict[str, dict[str, bytes]] = {}
    for each in again:
        copies.setdefault(each.evaluator.id if each.evaluator else "", {})[each.path.name] = each.path.read_bytes()
    return copies


def _ask(
    opened: Cohort, sent: Outgoing, asked: list[reminders.Needs], copies: dict[str, dict[str, bytes]], *, late: bool
) -> set[str]:
    """Write one draft per evaluator who is ``late`` or has something to mend, and withdraw the others; the identifiers
    of those who are reminded.

    Before anybody is late, what is to be mended is asked for beside the copies, and is no reminder.
    """
    place, now = opened.folder.reminders if late else opened.folder.corrections, clock.now()
    made: dict[Path, bytes] = {}
    for needs in asked if late else [each.patient() for each in asked]:
        if needs.anything:
            person = needs.evaluator.id if needs.evaluator else ""
            blanks = sent.holding(person, needs.asked_again)
            draft = reminders.draft(needs, copies.get(person, {}), opened.roster, now, blanks)
            made[place / reminders.file_name(needs)] = draft
    stale = [path for path in opened.folder.drafts() if path not in made]
    deliver(opened.folder.outgoing, made.items(), stale, mail.same_but_for_date)
    return {needs.evaluator.id if needs.evaluator else "" for needs in asked} if late else set()


def waiting(folder: Folder) -> FollowUp:
    """The drafts that are ready to be sent, and how many of them went."""
    messages, letters = folder.first_drafts(), folder.drafts()
    return FollowUp(
        corrections=len(folder.corrected()),
        messages=len(messages),
        reminders=len(letters),
        sent=post.count_sent(folder.mailed, (*messages, *letters)),
    )
