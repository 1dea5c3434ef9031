"""From a draft on the disk to a message that can be sent."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from engine.model.errors import CohortError
from engine.post.journal import digest

_UNFOLDED = SMTP.clone(max_line_length=998)
_RECIPIENTS = ("To", "Cc", "Bcc")
_REMADE = ("X-Unsent", "From", "Sender", "Date", "Message-ID", "Bcc")
"""Headers that sending makes, or leaves out."""
_ADDRESS = re.compile(r"[^\s@<>,;:\"()\[\]\x00-\x1f\x7f]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True)
class Letter:
    """A draft that stands. ``digest``: the SHA-256 of what it says, whatever day it was made."""

    path: Path
    digest: str
    recipients: tuple[str, ...]
    subject: str
    attached: tuple[str, ...]


def load(path: Path) -> Letter:
    """The draft of a file. Raises :class:`CohortError` when it cannot be read."""
    try:
        return parse(path, path.read_bytes())
    except OSError as fault:
        raise _unreadable(path) from fault


def parse(path: Path, content: bytes) -> Letter:
    """The draft that stands, or is to stand, at a path. Raises :class:`CohortError` when it cannot be read."""
    try:
        message = message_from_bytes(content, policy=SMTP)
        recipients = tuple(dict.fromkeys(_addresses(message)))
        subject = " ".join(str(message["Subject"] or "").split())
        attached = tuple(part.get_filename() or "" for part in message.iter_attachments())
    except (ValueError, LookupError, TypeError, AttributeError, IndexError) as fault:
        raise _unreadable(path) from fault
    return Letter(path, digest(content), recipients, subject, attached)


def _unreadable(path: Path) -> CohortError:
    return CohortError(f"Le brouillon « {path} » ne peut pas être lu : remplacez-le, ou retirez-le.")


def is_address(text: str) -> bool:
    """Whether a text may be an address to send from or to."""
    return _ADDRESS.fullmatch(text) is not None


def sealed(letter: Letter, sender: str, now: datetime) -> bytes:
    """The bytes that go out: from ``sender``, dated, no longer a draft, copies hidden from the others left out.

    The identifier follows from what is said and to whom: were it to go out twice, programs would see one message.
    Raises :class:`CohortError` when the draft is not there any more as it was read.
    """
    try:
        content = letter.path.read_bytes()
    except OSError as fault:
        raise _unreadable(letter.path) from fault
    if digest(content) != letter.digest:
        raise CohortError(f"Le brouillon « {letter.path} » a changé pendant l'envoi : relancez la même commande.")
    message = message_from_bytes(content, policy=SMTP)
    for name in _REMADE:
        del message[name]
    message["From"] = sender
    message["Date"] = format_datetime(now.astimezone())
    message["Message-ID"] = message_id(letter, sender)
    return message.as_bytes(policy=_UNFOLDED)


def message_id(letter: Letter, sender: str) -> str:
    """``<f3a1...@centre.example>``."""
    return f"<{letter.digest[:40]}@{sender.rpartition('@')[2]}>"


def _addresses(message: EmailMessage) -> list[str]:
    found = [
        address.addr_spec
        for name in _RECIPIENTS
        for header in message.get_all(name, [])
        for address in header.addresses
    ]
    return [address for address in found if is_address(address)]
