"""Messages ready to be reviewed and sent: any mail program opens them as drafts. Nothing is ever sent from here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from engine.office import styles

_WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_ARCHIVE = ("application", "zip")
_UNFOLDED = SMTP.clone(max_line_length=998)  # what a line may hold: some programs lose spaces where headers are folded
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(\.{_ATOM})*@{_ATOM}(\.{_ATOM})*")


@dataclass(frozen=True, kw_only=True)
class Message:
    """What is written to whom. ``page``: the same as ``body``, in HTML; ``workbooks`` (an archive too) and
    ``invitations`` (to a calendar): what is attached, by file name.

    ``recipients``: cells of the roster, several addresses parted by ``;``; those a message cannot bear are left out.
    """

    recipients: Iterable[str]
    subject: str
    body: str
    page: str = ""
    workbooks: Mapping[str, bytes] = field(default_factory=dict)
    invitations: Mapping[str, bytes] = field(default_factory=dict)


def draft(written: Message, now: datetime, *, boundary: str = "") -> bytes:
    """One draft. ``boundary`` parts the message's pieces: the same arguments give the same bytes. ``X-Unsent`` makes
    mail programs open it as a message to review and send.
    """
    message = EmailMessage(policy=SMTP)
    message["X-Unsent"] = "1"
    message["From"] = ""
    message["To"] = _addresses(written.recipients)
    message["Subject"] = one_line(written.subject)
    message["Date"] = format_datetime(now)
    message.set_content(written.body, charset="utf-8", cte="quoted-printable")
    if written.page:
        message.add_alternative(written.page, subtype="html", charset="utf-8", cte="quoted-printable")
    for name, content in written.workbooks.items():
        maintype, subtype = _ARCHIVE if name.endswith(".zip") else _WORKBOOK
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    for name, content in written.invitations.items():
        parameters = {"method": "PUBLISH", "charset": "utf-8"}
        message.add_attachment(content, maintype="text", subtype="calendar", filename=name, params=parameters)
    if message.is_multipart():
        message.set_boundary(boundary)
    return message.as_bytes(policy=_UNFOLDED)


def same_but_for_date(one: bytes, other: bytes) -> bool:
    """Whether two drafts say the same; the day they were made is no difference."""
    return _undated(one) == _undated(other)


def errand(content: bytes) -> tuple[set[str], list[str]]:
    """To whom a draft goes, and what it writes in their calendar: who rewords it by hand leaves these as they are."""
    message = message_from_bytes(content, policy=SMTP)
    invitations = [part for part in message.iter_attachments() if part.get_content_type() == "text/calendar"]
    recipients = {address.addr_spec for header in message.get_all("To", []) for address in header.addresses}
    return recipients, [_undated_events(part.get_content()) for part in invitations]


def _undated_events(calendar: str) -> str:
    """An invitation without the moment it was made, which another time zone of this machine tells otherwise."""
    return "\n".join(line for line in calendar.splitlines() if not line.startswith("DTSTAMP"))


def one_line(text: str) -> str:
    """A text on one line, whatever was read in a return; nothing in it turns the direction of reading."""
    return " ".join(styles.safe_text(text).split())


def _undated(content: bytes) -> bytes:
    return re.sub(rb"(?m)^Date: .*$", b"", content, count=1)


def _addresses(cells: Iterable[str]) -> tuple[Address, ...]:
    texts = [part.strip() for cell in cells for part in cell.split(";")]
    return tuple(Address(addr_spec=text) for text in dict.fromkeys(texts) if _ADDRESS.fullmatch(text))
