"""Reading the unread messages of an IMAP mailbox. Nothing is deleted there; reading marks nothing as read."""

from __future__ import annotations

import imaplib
import re
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from engine.model.errors import CohortError
from engine.model.texts import visible
from engine.post import servers
from engine.post.servers import Credentials, Server

_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_ARRIVED = re.compile(rb'INTERNALDATE "([^"]+)"')
_FAULTS = (OSError, imaplib.IMAP4.error, ssl.SSLError, ValueError)


_Part = bytes | tuple[bytes, bytes] | None
"""A part of what a server answers."""


@dataclass(frozen=True)
class Unread:
    """A message that nobody has read: its number in the mailbox, its size in bytes, when the server received it."""

    number: str
    size: int
    arrived: datetime


class Mailbox:
    """A folder of messages on a server. Use it as a context. Raises :class:`CohortError` when it cannot be used."""

    def __init__(self, server: Server, who: Credentials) -> None:
        """``server``: with the folder to open."""
        self._server, self._who = server, who

    def __enter__(self) -> Mailbox:
        """Connect, and open the folder."""
        self._line = _connected(self._server, self._who)
        try:
            name = self._server.mailbox.replace("\\", "\\\\").replace('"', '\\"')
            self._require(self._line.select(f'"{name}"'), f"le dossier « {self._server.mailbox} » ne s'ouvre pas")
        except _FAULTS as fault:
            self._hang_up()
            raise self._broken(fault) from fault
        except CohortError:
            self._hang_up()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up; the folder is not closed, which would delete what others marked."""
        self._hang_up()

    def unread(self) -> list[Unread]:
        """The unread messages, oldest first."""
        found = self._asked("SEARCH", "UNSEEN", "UNDELETED")
        numbers = sorted((found[0] if isinstance(found[0], bytes) else b"").split(), key=int)
        return [message for message in map(self._about, numbers) if message is not None]

    def _about(self, number: bytes) -> Unread | None:
        """The size and the date of a message; ``None`` when it went away in between."""
        facts = self._asked("FETCH", number.decode(), "(RFC822.SIZE INTERNALDATE)")
        told = b" ".join(part if isinstance(part, bytes) else b" ".join(part) for part in facts if part)
        size, arrived = _SIZE.search(told), _ARRIVED.search(told)
        return Unread(number.decode(), int(size[1]), _moment(arrived[1])) if size and arrived else None

    def content(self, message: Unread) -> bytes:
        """The bytes of a message, which stays unread."""
        parts = [part for part in self._asked("FETCH", message.number, "(BODY.PEEK[])") if isinstance(part, tuple)]
        return parts[0][1] if parts else b""

    def mark_as_read(self, message: Unread) -> None:
        """Mark a message as read: what it holds is safe."""
        self._asked("STORE", message.number, "+FLAGS.SILENT", r"(\Seen)")

    def _asked(self, *command: str) -> Sequence[_Part]:
        try:
            answer = self._line.uid(*command)
        except _FAULTS as fault:
            raise self._broken(fault) from fault
        return self._require(answer, f"« {command[0]} » est refusé")

    def _require(self, answer: tuple[str, Sequence[_Part]], what: str) -> Sequence[_Part]:
        status, data = answer
        if status != "OK":
            said = b" ".join(part for part in data if isinstance(part, bytes)).decode("utf-8", "replace")
            raise CohortError(f"Le serveur {self._server.name} : {what} ({visible(said)}).")
        return data

    def _broken(self, fault: Exception) -> CohortError:
        return CohortError(
            f"La liaison avec le serveur {self._server.name} s'est rompue "
            f"({servers.why(fault)}). Ce qui était rangé le reste : "
            "relancez la commande pour la suite."
        )

    def _hang_up(self) -> None:
        with suppress(*_FAULTS):
            self._line.logout()


def _moment(text: bytes) -> datetime:
    """``24-Jan-2025 08:30:00 +0100``, whatever the language of this machine."""
    day, clock, zone = text.decode("ascii", "replace").strip().split(" ")
    number, month, year = day.split("-")
    digits = f"{int(year):04d}-{_MONTHS.index(month.title()) + 1:02d}-{int(number):02d}T{clock}{zone[:3]}:{zone[3:]}"
    return datetime.fromisoformat(digits)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _connected(server: Server, who: Credentials) -> imaplib.IMAP4:
    """A connection, encrypted unless to this machine, where somebody has said who they are."""
    if not who.user:
        raise CohortError(
            "Une boîte aux lettres ne s'ouvre pas sans nom : donnez --user et --password-file, ou les variables "
            "COHORTE_IMAP_USER et COHORTE_IMAP_PASSWORD."
        )
    try:
        line = _dialled(server)
        if not server.secure:
            _encrypt(line, server)
    except _FAULTS as fault:
        raise servers.refused(server, fault) from fault
    try:
        if "AUTH=PLAIN" in line.capabilities:
            line.authenticate("PLAIN", lambda _: who.plain)
        else:
            line.login(who.user, who.password)
    except imaplib.IMAP4.error as fault:
        with suppress(*_FAULTS):
            line.logout()
        raise CohortError(
            f"Le serveur {server.name} refuse le nom ou le mot de passe de « {who.user} » ({visible(_text(fault))})."
        ) from fault
    except (OSError, ValueError) as fault:
        raise servers.refused(server, fault) from fault
    return line


def _dialled(server: Server) -> imaplib.IMAP4:
    if server.secure:
        return imaplib.IMAP4_SSL(server.host, server.port, ssl_context=servers.context(), timeout=servers.TIMEOUT)
    return imaplib.IMAP4(server.host, server.port, timeout=servers.TIMEOUT)


def _encrypt(line: imaplib.IMAP4, server: Server) -> None:
    if "STARTTLS" in line.capabilities:
        line.starttls(servers.context())
    elif not server.here:
        line.shutdown()
        raise servers.in_clear(server)


def _text(fault: Exception) -> str:
    said = fault.args[0] if fault.args else ""
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
