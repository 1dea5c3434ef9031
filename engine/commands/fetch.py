"""``fetch``: the workbooks of unread messages, filed below ``retours/courriel/``."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from engine import post
from engine.commands import runs
from engine.post.imap import Unread
from engine.post.incoming import MOST_BYTES
from engine.workspace.cohort import Folder
from engine.workspace.progress import SILENT, Progress


@dataclass(frozen=True, kw_only=True)
class Fetching:
    """How to fetch; what is not given is as the cohort's mail account has it."""

    imap: str = ""
    user: str = ""
    password_file: Path | None = None


@dataclass
class Collected:
    """What became of each unread message."""

    messages: list[post.Fetched] = field(default_factory=list)

    @property
    def filed(self) -> int:
        """How many workbooks are new."""
        return sum(len(message.filed) for message in self.messages)

    @property
    def left(self) -> list[post.Fetched]:
        """The messages that stay unread."""
        return [message for message in self.messages if message.why]


def fetch(path: Path, how: Fetching, progress: Progress = SILENT) -> Collected:
    """File the workbooks of unread messages; a message is marked as read once all of them are safe on the disk.

    Nothing is deleted on the server. Raises :class:`CohortError` when it cannot be used, or the disk written.
    """
    asked = post.Asked(how.imap, how.user, how.password_file)
    server, who = post.reach(post.Protocol.IMAP, asked, os.environ, post.kept(Folder(path).mail))
    found = Collected()
    with runs.alone(Folder(path), "fetch"), post.Mailbox(server, who) as mailbox:
        filing = post.Filing(Folder(path).fetched)
        unread = mailbox.unread()
        progress.expect(len(unread), "messages lus")
        for message in unread:
            found.messages.append(_taken_in(mailbox, message, filing))
            progress.advance(1)
    return found


def _taken_in(mailbox: post.Mailbox, message: Unread, filing: post.Filing) -> post.Fetched:
    if message.size > MOST_BYTES:
        arrived = message.arrived.astimezone()
        return post.Fetched("", "", arrived, why=f"il pèse plus de {MOST_BYTES // 1_000_000} Mo")
    told = filing.file(message, mailbox.content(message))
    if not told.why:
        mailbox.mark_as_read(message)
    return told
