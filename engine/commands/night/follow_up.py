"""What goes out again after a consolidation: the copies to mend and the reminders."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from engine import templates
from engine.assessment import reception
from engine.commands.grounds import grounds, look, read
from engine.commands.night import handing
from engine.commands.night.due import Due, waiting
from engine.commands.report import FollowUp
from engine.intake import Intake
from engine.model import Awaited
from engine.model.assignments import SheetKey
from engine.model.errors import CohortError
from engine.model.expected import Expected, Receipt
from engine.model.faults import reason
from engine.office import mail
from engine.outputs import reminders
from engine.templates import Planned
from engine.workspace import clock
from engine.workspace.cohort import Cohort
from engine.workspace.files import deliver


class Outgoing:
    """The workbooks of a cohort as they were sent: by evaluator, and by what they hold."""

    def __init__(self, opened: Cohort, key: bytes, *, settled: bool = False) -> None:
        """``key``: what seals them; ``settled``: the copies to mend that stand were made of the very same returns."""
        self.opened, self.settled, self._key = opened, settled, key

    @cached_property
    def planned(self) -> list[Planned]:
        """Every workbook of the cohort."""
        opened = self.opened
        return templates.plan(opened.folder.path, opened.roster, opened.referential, self._key)

    @cached_property
    def _by_evaluator(self) -> Mapping[str, list[Planned]]:
        found: dict[str, list[Planned]] = defaultdict(list)
        for each in self.planned:
            found[each.evaluator.id if each.evaluator else ""].append(each)
        return found

    def holding(self, person: str, sheets: Collection[SheetKey]) -> dict[str, bytes]:
        """Those of one evaluator (``""``: the secretariat) that hold one of these sheets, by file name; one that is not
        there is left out."""
        return {
            each.path.name: each.path.read_bytes()
            for each in self._by_evaluator.get(person, ())
            if any(issued.assignment.key in sheets for issued in each.sheets) and each.path.is_file()
        }


def follow_up_on(opened: Cohort, key: bytes, returns: Intake, expected: list[Expected], awaited: Awaited) -> FollowUp:
    """Write the copies to mend and the drafts; that they could not be is told, the results stand."""
    try:
        put_out(opened, due(Outgoing(opened, key), returns, expected, awaited))
    except (CohortError, OSError) as fault:
        return replace(waiting(opened.folder), trouble=str(fault))
    return waiting(opened.folder)


def due(sent: Outgoing, returns: Intake, expected: list[Expected], awaited: Awaited) -> Due:
    """What is to stand now that these returns are there; writes nothing. Raises :class:`CohortError` when a workbook or
    a draft that stands cannot be read."""
    try:
        return _due(sent, returns, expected, awaited)
    except OSError as fault:
        raise CohortError(f"« {fault.filename} » ne peut pas être lu : {reason(fault)}.") from fault


def _due(sent: Outgoing, returns: Intake, expected: list[Expected], awaited: Awaited) -> Due:
    asked = reminders.needs(returns.sheets, expected, sent.opened.roster)
    copies = _corrections(sent, returns)
    reminded = {needs.evaluator.id if needs.evaluator else "" for needs in asked} if awaited.late else set()
    owed = {item.assignment.key for item in expected if item.receipt is not Receipt.RECEIVED}
    made, kept = handing.handed(sent.opened, sent.planned, owed=owed, reminded=reminded)
    return Due(
        copies={path: content for own in copies.values() for path, content in own.items()},
        asked=_letters(sent, asked, copies, late=awaited.late),
        handed=made,
        kept=frozenset(kept),
    )


def due_now(opened: Cohort, key: bytes) -> Due:
    """The same of the returns as they are now. Raises :class:`CohortError` when they cannot be read, or most of them
    are gone: everybody would look late."""
    with grounds(opened, key) as at:
        found = read(at, look(at))
    people = opened.roster
    expected = reception.expected_sheets(
        people, opened.referential, found.sheets, found.rated_works(), found.commissioned()
    )
    awaited = reception.still_awaited(expected, people.session, at.now.date())
    return due(Outgoing(opened, key), found, expected, awaited)


def put_out(opened: Cohort, wanted: Due) -> None:
    """Write what is to stand, and withdraw what is no longer true."""
    folder = opened.folder
    templates.put_corrections(folder.path, wanted.copies, wanted.kept)
    stale = [path for path in folder.drafts() if path not in wanted.asked and path not in wanted.kept]
    deliver(folder.outgoing, wanted.asked.items(), stale, mail.same_but_for_date)
    handing.put(opened, wanted.handed, wanted.kept)


def bring_up_to_date(opened: Cohort, wanted: Due) -> None:
    """The same before anything is sent. Raises :class:`CohortError` when it cannot be done."""
    try:
        put_out(opened, wanted)
    except (CohortError, OSError) as fault:
        raise CohortError(f"Les brouillons ne sont pas à jour, rien n'a été envoyé : {fault}") from fault


Copies = dict[str, dict[Path, bytes]]
"""Workbooks by evaluator (``""``: the secretariat), then by path."""


def _corrections(sent: Outgoing, returns: Intake) -> Copies:
    """A fresh copy of each workbook that has something to mend."""
    opened = sent.opened
    people, certification = opened.roster, opened.referential
    faulty = reminders.to_mend(returns.sheets)
    again = templates.corrected(sent.planned if faulty else [], opened.folder.path, faulty.keys())
    wanted = {issued.assignment.key for each in again for issued in each.sheets}
    inside = reminders.contents((sheet for sheet in returns.sheets if sheet.key in wanted), people, certification)
    copies: Copies = {}
    if sent.settled:
        made = {each.path: each.path.read_bytes() for each in again}
    else:
        made = templates.corrections(again, opened, inside)
    for each in again:
        copies.setdefault(each.evaluator.id if each.evaluator else "", {})[each.path] = made[each.path]
    return copies


def _letters(sent: Outgoing, asked: list[reminders.Needs], copies: Copies, *, late: bool) -> dict[Path, bytes]:
    """A draft for each evaluator who is ``late`` or has something to mend, by path.

    Before anybody is late, what is to be mended is asked for beside the copies, and is no reminder.
    """
    folder, roster, now = sent.opened.folder, sent.opened.roster, clock.now()
    place = folder.reminders if late else folder.corrections
    made: dict[Path, bytes] = {}
    for needs in asked if late else [each.patient() for each in asked]:
        if needs.anything:
            person = needs.evaluator.id if needs.evaluator else ""
            attached = {path.name: content for path, content in copies.get(person, {}).items()}
            blanks = sent.holding(person, needs.asked_again)
            made[place / reminders.file_name(needs)] = reminders.draft(needs, attached, roster, now, blanks)
    return made
