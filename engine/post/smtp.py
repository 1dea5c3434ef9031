"""Sending drafts, each once, by an SMTP server."""

from __future__ import annotations

import base64
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.errors import CohortError
from engine.model.texts import visible
from engine.post import servers
from engine.post.journal import Fate, Journal
from engine.post.outgoing import Letter, message_id, sealed
from engine.post.servers import Credentials, Server

_LONGEST_ANSWER = 200  # signs of what a server answered that are quoted


class Sent(StrEnum):
    """What became of a draft in this run."""

    SENT = "envoyé"
    PARTLY = "envoyé, sauf à certaines adresses"
    BEFORE = "déjà envoyé"
    REFUSED = "refusé par le serveur"
    UNCERTAIN = "peut-être envoyé"
    NOBODY = "sans adresse"
    OUTDATED = "plus à jour"
    LATER = "pas essayé"


@dataclass(frozen=True)
class Outcome:
    """A draft, what became of it, and why, when there is something to say."""

    letter: Letter
    sent: Sent
    why: str = ""

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody must look at it."""
        return self.sent not in (Sent.SENT, Sent.BEFORE)


class Outbox:
    """A connection to a server, opened again when it breaks between two messages. Use it as a context."""

    def __init__(self, server: Server, who: Credentials, sender: str, journal: Journal) -> None:
        """``sender``: the address that messages come from."""
        self._server, self._who, self._sender, self._journal = server, who, sender, journal
        self._line: smtplib.SMTP | None = None

    def __enter__(self) -> Outbox:
        """Connect. Raises :class:`CohortError` when the server cannot be used as it should."""
        self._line = _connected(self._server, self._who)
        return self

    def __exit__(self, *_: object) -> None:
        """Hang up."""
        self._hang_up()

    def send(self, letter: Letter, now: Callable[[], datetime]) -> Outcome:
        """Send one draft, unless it went out before; what the server refused of it may be tried again.

        Raises :class:`CohortError`, nothing of it sent, when the server can be reached no more.
        """
        outcome = foreseen(letter, self._journal)
        if outcome.sent is not Sent.LATER:
            return outcome
        content = sealed(letter, self._sender, now())
        line = self._line = self._line or _connected(self._server, self._who)
        self._journal.note(letter.digest, Fate.TRIED, now(), message=message_id(letter, self._sender))
        outcome = self._handed_over(line, letter, content)
        if outcome.sent in (Sent.SENT, Sent.PARTLY):
            self._journal.note(letter.digest, Fate.SENT, now(), adresses=len(letter.recipients))
        elif outcome.sent is not Sent.UNCERTAIN:
            self._journal.note(letter.digest, Fate.REFUSED, now())
        return outcome

    def _handed_over(self, line: smtplib.SMTP, letter: Letter, content: bytes) -> Outcome:
        """The dialogue about one message: only from its content on can it have gone out without our knowing."""
        refusals: list[str] = []
        began = False
        try:
            code, answer = line.mail(self._sender, ["BODY=8BITMIME"] if line.has_extn("8bitmime") else [])
            if code != _DONE:
                return self._refused(letter, [_said(code, answer)])
            for address in letter.recipients:
                code, answer = line.rcpt(address)
                if code not in _ACCEPTED:
                    refusals.append(f"{address} : {_said(code, answer)}")
            if len(refusals) == len(letter.recipients):
                return self._refused(letter, refusals)
            began = True
            code, answer = line.data(content)
            if code != _DONE:
                return self._refused(letter, [_said(code, answer)])
        except smtplib.SMTPDataError as fault:  # refused before its content was given
            return self._refused(letter, [_said(fault.smtp_code, fault.smtp_error)])
        except (OSError, smtplib.SMTPException, ValueError) as fault:
            self._hang_up()
            if began:
                return Outcome(letter, Sent.UNCERTAIN, "la liaison s'est rompue avant la réponse du serveur")
            return Outcome(letter, Sent.REFUSED, f"la liaison s'est rompue : {servers.why(fault)}")
        return Outcome(letter, Sent.PARTLY if refusals else Sent.SENT, " ; ".join(refusals))

    def _refused(self, letter: Letter, reasons: list[str]) -> Outcome:
        """A message that the server will not take; the next one begins anew."""
        try:
            if self._line is not None:
                self._line.rset()
        except (OSError, smtplib.SMTPException):
            self._hang_up()
        return Outcome(letter, Sent.REFUSED, " ; ".join(reasons))

    def _hang_up(self) -> None:
        if self._line is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._line.quit()
            self._line.close()
        self._line = None


def foreseen(letter: Letter, journal: Journal) -> Outcome:
    """The fate that a draft would have: :attr:`Sent.LATER` for one that is to be sent."""
    fate = journal.fate(letter.digest)
    if fate is Fate.SENT:
        return Outcome(letter, Sent.BEFORE, journal.when(letter.digest))
    if fate is Fate.TRIED:
        return Outcome(letter, Sent.UNCERTAIN, "une commande précédente s'est interrompue pendant son envoi")
    return Outcome(letter, Sent.LATER if letter.recipients else Sent.NOBODY)


_DONE, _WELCOME = 250, 235
_ACCEPTED = (250, 251, 252)


def _said(code: int, answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer)
    return visible(f"{code} {' '.join(text.split())}")[:_LONGEST_ANSWER]


def _connected(server: Server, who: Credentials) -> smtplib.SMTP:
    """A connection, encrypted unless to this machine, where somebody may have said who they are."""
    try:
        line = _dialled(server)
    except (OSError, smtplib.SMTPException, ssl.SSLError) as fault:
        raise servers.refused(server, fault) from fault
    try:
        line.ehlo_or_helo_if_needed()
        if not server.secure:
            _encrypt(line, server)
        if who.user:
            _log_in(line, who)
    except smtplib.SMTPAuthenticationError as fault:
        line.close()
        raise CohortError(
            f"Le serveur {server.name} refuse le nom ou le mot de passe de « {who.user} » "
            f"({_said(fault.smtp_code, fault.smtp_error)})."
        ) from fault
    except smtplib.SMTPNotSupportedError as fault:
        line.close()
        raise CohortError(
            f"Le serveur {server.name} n'accepte pas de mot de passe sur cette liaison : donnez une adresse en "
            "smtps://, ou retirez le nom et le mot de passe."
        ) from fault
    except (OSError, smtplib.SMTPException, ssl.SSLError, ValueError) as fault:
        line.close()
        raise servers.refused(server, fault) from fault
    except CohortError:
        line.close()
        raise
    return line


def _log_in(line: smtplib.SMTP, who: Credentials) -> None:
    """Say who asks; a name or a password beyond ASCII as UTF-8, which the library would not send."""
    if f"{who.user}{who.password}".isascii():
        line.login(who.user, who.password)
        return
    code, answer = line.docmd("AUTH", f"PLAIN {base64.b64encode(who.plain).decode()}")
    if code != _WELCOME:
        raise smtplib.SMTPAuthenticationError(code, answer)


def _dialled(server: Server) -> smtplib.SMTP:
    if server.secure:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=servers.TIMEOUT, context=servers.context())
    return smtplib.SMTP(server.host, server.port, timeout=servers.TIMEOUT)


def _encrypt(line: smtplib.SMTP, server: Server) -> None:
    if line.has_extn("starttls"):
        line.starttls(context=servers.context())
        line.ehlo()
    elif not server.here:
        raise servers.in_clear(server)
