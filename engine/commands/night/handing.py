"""The drafts that hand the workbooks out: one per evaluator, as long as somebody has something to be handed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from engine import post
from engine.model import Evaluator
from engine.model.assignments import SheetKey
from engine.model.errors import CohortError
from engine.office import mail
from engine.outputs import reminders
from engine.post import Fate, Journal
from engine.templates import Planned
from engine.workspace import clock
from engine.workspace.cohort import Cohort
from engine.workspace.files import deliver


def hand_out(opened: Cohort, planned: Collection[Planned], *, fresh: Collection[Path] = ()) -> None:
    """Write a draft for whoever has workbooks to receive, and withdraw those that are no longer true; what has come is
    not known. ``planned``, ``fresh``: as for :func:`handed`."""
    put(opened, *handed(opened, planned, fresh=fresh))


def put(opened: Cohort, made: Mapping[Path, bytes], kept: Collection[Path]) -> None:
    """Write these drafts; of the others that stand, withdraw what is not ``kept``."""
    folder = opened.folder
    stale = [path for path in folder.first_drafts() if path not in made and path not in kept]
    deliver(folder.outgoing, made.items(), stale, mail.same_but_for_date)


def handed(
    opened: Cohort,
    planned: Collection[Planned],
    *,
    fresh: Collection[Path] = (),
    owed: Collection[SheetKey] | None = None,
    reminded: Collection[str] = (),
) -> tuple[dict[Path, bytes], set[Path]]:
    """The drafts that hand workbooks out, by path, and those that went and stay as they stand.

    ``planned``: every workbook of the cohort; ``fresh``: those that were just written, which are handed out beside what
    stands in a draft that has not gone. ``owed``: the sheets that have not come, as far as it is known: a workbook
    whose sheets all came need not be handed out. ``reminded``: who is written to otherwise, the workbooks attached.
    """
    folder, journal = opened.folder, Journal(opened.folder.mailed)
    groups: dict[str, list[Planned]] = {}
    for each in planned:
        if each.path.is_file():
            groups.setdefault(each.evaluator.id if each.evaluator else "", []).append(each)
    made: dict[Path, bytes] = {}
    kept: set[Path] = set()
    for person, books in groups.items():
        path = folder.first_messages / reminders.draft_name(books[0].evaluator)
        standing = _standing(path, journal)
        if person in reminded:
            continue
        still = [each for each in books if owed is None or any(issued.assignment.key in owed for issued in each.sheets)]
        new = [each for each in still if each.path in fresh]
        if standing and standing[1] and not new:  # it went: it stands as long as anything of it is owed
            kept |= {path} if any(each.path.name in standing[0] for each in still) else set()
            continue
        carried = standing[0] if standing and not standing[1] else ()
        chosen = [each for each in still if each.path in fresh or each.path.name in carried]
        if chosen:
            made[path] = _draft(opened, books[0].evaluator, chosen)
    return made, kept


def withdraw_sent(opened: Cohort, names: Collection[str]) -> None:
    """Remove the drafts that went with a workbook of one of these names attached: they hold it as it was then."""
    journal = Journal(opened.folder.mailed)
    for path in opened.folder.first_drafts():
        standing = _standing(path, journal)
        if standing is None or (standing[1] and not set(names).isdisjoint(standing[0])):
            path.unlink(missing_ok=True)


def _standing(path: Path, journal: Journal) -> tuple[tuple[str, ...], bool] | None:
    """The attachments of the draft at a path, and whether it went, or may have; ``None`` when there is no draft."""
    if not path.is_file():
        return None
    try:
        letter = post.load(path)
    except CohortError:
        return None
    return letter.attached, journal.fate(letter.digest) in (Fate.SENT, Fate.TRIED)


def _draft(opened: Cohort, person: Evaluator | None, books: Collection[Planned]) -> bytes:
    attached = {each.path.name: each.path.read_bytes() for each in books}
    return reminders.first_message(person, attached, opened.roster, opened.referential, clock.now())
