"""``send``: the drafts that stand go out, each once."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine import post
from engine.commands import runs
from engine.commands.cohorts import key_of, open_cohort
from engine.commands.night.due import Due, ready
from engine.commands.night.follow_up import bring_up_to_date, due_now
from engine.commands.session.outdated import outdated
from engine.model import Role
from engine.model.errors import CohortError
from engine.post.outgoing import is_address
from engine.post.smtp import Outcome, foreseen
from engine.workspace import clock
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.progress import SILENT, Progress


@dataclass(frozen=True, kw_only=True)
class Sending:
    """How to send; what is not given is as the cohort's mail account has it. ``sender``: the address that messages come
    from, the secretariat's unless it is given; ``again``: also the drafts of which nobody knows whether they went."""

    smtp: str = ""
    user: str = ""
    password_file: Path | None = None
    sender: str = ""
    again: bool = False
    dry_run: bool = False
    key_file: Path | None = None


@dataclass
class Mailing:
    """What became of each draft; ``trouble``: why those that follow the last one were not tried. ``untrue``: how many
    stand, beside those that would go, and are no longer so."""

    outcomes: list[Outcome] = field(default_factory=list)
    sender: str = ""
    dry_run: bool = False
    untrue: int = 0
    trouble: str = ""

    @property
    def needs_a_person(self) -> bool:
        """Whether the exit status is 1."""
        if self.dry_run:
            return any(outcome.sent in _TO_LOOK_AT for outcome in self.outcomes)
        return bool(self.trouble) or any(outcome.needs_a_person for outcome in self.outcomes)


_TO_LOOK_AT = (post.Sent.UNCERTAIN, post.Sent.NOBODY, post.Sent.OUTDATED)


Look = Callable[[Sequence[Outcome]], None]
"""Is shown what is about to go, and raises :class:`engine.model.errors.EngineError` unless it may."""


def send(path: Path, how: Sending, progress: Progress = SILENT, *, approve: Look = lambda _: None) -> Mailing:
    """Send the drafts of ``envois/messages``, ``envois/relances`` and ``envois/convocations``; reminders are brought up
    to date before, and a convocation that no longer holds stays.

    A message that the server refuses stops no other. Raises :class:`CohortError` when nothing could be sent.
    """
    server, who = route(Folder(path), how)
    if how.dry_run:
        return _foreseen(path, how)
    with runs.alone(Folder(path), "send"):
        opened = open_cohort(path)
        sender = sender_of(opened, how)
        key = key_of(opened.folder, how.key_file)
        bring_up_to_date(opened, due_now(opened, key))
        journal, letters = post.Journal(opened.folder.mailed), _letters(opened.folder)
        approve(awaiting(opened, letters, key))
        if how.again:
            _release(letters, journal)
        told, stale = Mailing(sender=sender), outdated(opened, key)
        kept = [letter for letter in letters if _is_outdated(letter, stale, journal)]
        going = [letter for letter in letters if letter not in kept]
        _sent(going, post.Outbox(server, who, sender, journal), told, progress)
        told.outcomes += [Outcome(letter, post.Sent.OUTDATED) for letter in kept]
        return told


def _foreseen(path: Path, how: Sending) -> Mailing:
    """What would go, nothing written."""
    opened = open_cohort(path)
    sender = sender_of(opened, how)
    key = key_of(opened.folder, how.key_file)
    wanted = due_now(opened, key)
    found = awaiting(opened, to_go(opened, wanted), key)
    return Mailing(found, sender, dry_run=True, untrue=ready(opened.folder, wanted).untrue)


def route(folder: Folder, how: Sending) -> tuple[post.Server, post.Credentials]:
    """The server that messages go by, and who asks it. Raises :class:`CohortError` when there is none."""
    asked = post.Asked(how.smtp, how.user, how.password_file)
    return post.reach(post.Protocol.SMTP, asked, os.environ, post.kept(folder.mail))


def to_go(opened: Cohort, wanted: Due) -> list[post.Letter]:
    """The drafts as they are to stand, and the convocations that do. Raises :class:`CohortError` when one cannot be
    read."""
    return [*wanted.letters(), *map(post.load, opened.folder.convocation_drafts())]


def awaiting(opened: Cohort, letters: Iterable[post.Letter], key: bytes) -> list[Outcome]:
    """What would become of each of these drafts. Raises :class:`CohortError` when that cannot be known."""
    journal, stale = post.Journal(opened.folder.mailed), outdated(opened, key)
    return [
        Outcome(letter, post.Sent.OUTDATED) if _is_outdated(letter, stale, journal) else foreseen(letter, journal)
        for letter in letters
    ]


def _is_outdated(letter: post.Letter, stale: Collection[Path], journal: post.Journal) -> bool:
    """Whether a draft is not to go: what it says is no longer so, and it did not go before."""
    return letter.path in stale and journal.fate(letter.digest) is not post.Fate.SENT


def _sent(letters: list[post.Letter], outbox: post.Outbox, told: Mailing, progress: Progress) -> None:
    """Send letters one by one; once the server is gone, what is left is told as not tried."""
    if not letters:
        return
    progress.expect(len(letters), "messages traités")
    with outbox:
        for rank, letter in enumerate(letters):
            try:
                told.outcomes.append(outbox.send(letter, clock.now))
            except CohortError as fault:
                told.trouble = str(fault)
                told.outcomes += [Outcome(each, post.Sent.LATER) for each in letters[rank:]]
                break
            progress.advance(1)


def _letters(folder: Folder) -> list[post.Letter]:
    drafts = (*folder.first_drafts(), *folder.drafts(), *folder.convocation_drafts())
    return [post.load(path) for path in drafts]


def _release(letters: list[post.Letter], journal: post.Journal) -> None:
    for letter in letters:
        if journal.fate(letter.digest) is post.Fate.TRIED:
            journal.note(letter.digest, post.Fate.RELEASED, clock.now())


def sender_of(opened: Cohort, how: Sending) -> str:
    """The address that messages come from: the one that is given or kept, or the first of the secretariat."""
    known = (part.strip() for person in opened.roster.with_role(Role.SECRETARIAT) for part in person.email.split(";"))
    kept = post.kept(opened.folder.mail).sender
    sender = how.sender or os.environ.get("COHORTE_FROM", "") or kept or next(filter(None, known), "")
    if not sender:
        raise CohortError(
            "De quelle adresse envoyer ? Donnez-la par --from, ou inscrivez au registre le courriel d'une personne qui "
            f"a le rôle {Role.SECRETARIAT}."
        )
    if not is_address(sender):
        raise CohortError(
            f"« {sender} » n'est pas une adresse d'où envoyer : attendu par exemple secretariat@centre.fr."
        )
    return sender
