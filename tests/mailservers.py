"""Real mail servers on this machine: one that takes messages, one that holds mailboxes (Dovecot, as Debian has it)."""

from __future__ import annotations

import imaplib
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from engine.commands.templates import issue
from tests import cohorts, rosters

USER, PASSWORD = "secretariat@centre.example", "mot-de-passe-42"
REMOTE = "courrier.example"  # a name that is not this machine's, though it leads here in the tests


def reachable(folder: Path) -> Path:
    """A cohort in a new folder, everybody of which has an address, its first messages written; its folder."""
    cohort = cohorts.make(folder)
    lines = [line for line in cohorts.EVALUATORS.splitlines() if line]
    people = [f"{line} | {line.split()[0].lower()}@centre.example" for line in lines[1:]]
    session = cohorts.SESSION.format(referential=cohorts.CGCO, signature="Non")
    book = rosters.book(session, cohorts.CANDIDATES, "\n".join([f"{lines[0]} | Courriel", *people]))
    issue(rosters.saved(book, cohort.path).parent)
    return cohort.path


# ------------------------------------------------------------------------------------------ certificates


def certificates(folder: Path, *names: str) -> tuple[Path, Path, Path]:
    """An authority of our own and a certificate for these names: (authority, chain, key), as PEM files."""
    authority = trustme.CA()
    made = authority.issue_cert(*names)
    files = folder / "autorite.pem", folder / "chaine.pem", folder / "cle.pem"
    authority.cert_pem.write_to_path(str(files[0]))
    made.private_key_pem.write_to_path(str(files[2]))
    for blob in made.cert_chain_pems:
        blob.write_to_path(str(files[1]), append=True)
    return files


def server_side(chain: Path, key: Path) -> ssl.SSLContext:
    """TLS as a server speaks it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context


def free_port() -> int:
    """A port that nobody listens to."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


# ------------------------------------------------------------------------------------------------- SMTP


@dataclass
class Post:
    """A server that takes messages, and what it took. ``answer``: what it says of an address or of a content."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    answer_to: Callable[[str], str] = lambda _: "250 OK"
    answer_content: Callable[[EmailMessage], str] = lambda _: "250 OK"

    async def handle_RCPT(self, _server, _session, envelope, address, _options):  # noqa: N802 - aiosmtpd's name
        """Accept or refuse one address."""
        answer = self.answer_to(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, _session, envelope):  # noqa: N802 - aiosmtpd's name
        """Accept or refuse a content."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        answer = self.answer_content(message)
        if answer.startswith("250"):
            self.taken.append(message)
            self.envelopes.append((envelope.mail_from, tuple(envelope.rcpt_tos)))
            self.encrypted.append(server.transport.get_extra_info("sslcontext") is not None)
        return answer


class _Controller(Controller):
    """Started without a probe of its own, which knows nothing of our certificates."""

    def _trigger_server(self):
        with socket.create_connection((self.hostname, self.port), timeout=10):
            pass


@contextmanager
def post_office(
    *, starttls: ssl.SSLContext | None = None, tls: ssl.SSLContext | None = None, login: bool = False, **answers
) -> Iterator[Post]:
    """A server that takes messages on this machine, for the time of the block."""
    post = Post(free_port(), **answers)
    more = {"tls_context": starttls} if starttls else {}
    if login:
        more |= {"authenticator": _authenticate, "auth_required": True, "auth_require_tls": starttls is not None}
    controller = _Controller(post, hostname="127.0.0.1", port=post.port, ssl_context=tls, **more)
    controller.start()
    try:
        yield post
    finally:
        controller.stop()


def _authenticate(server, session, envelope, mechanism, data):
    return AuthResult(success=(data.login, data.password) == (USER.encode(), PASSWORD.encode()), handled=False)


# ------------------------------------------------------------------------------------------------- IMAP


class DovecotMissingError(Exception):
    """Dovecot is not on this machine."""


_CONFIGURATION = """
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
ssl_cert = <{chain}
ssl_key = <{key}
ssl_dh =
disable_plaintext_auth = no
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
mail_location = maildir:{place}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
passdb {{
  driver = static
  args = user={name} password={{PLAIN}}{password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


class Dovecot:
    """A running server with one mailbox, in a folder of its own, under an account without rights."""

    def __init__(self, *, encrypts: bool = True) -> None:
        """``encrypts``: whether it offers TLS."""
        if (program := shutil.which("dovecot", path=f"{os.environ['PATH']}:/usr/sbin")) is None:
            raise DovecotMissingError("Dovecot est absent (paquet Debian dovecot-imapd).")
        self._folder = tempfile.TemporaryDirectory(prefix="dovecot-")
        place = Path(self._folder.name)
        place.chmod(0o755)
        import grp

        account = _account()
        self.authority, chain, key = certificates(place, "localhost", "127.0.0.1", REMOTE)
        self.port, self.tls_port = free_port(), free_port()
        self._user = account.pw_uid
        (place / "dovecot.conf").write_text(
            _CONFIGURATION.format(
                place=place,
                ssl="yes" if encrypts else "no",
                chain=chain,
                key=key,
                user=account.pw_name,
                group=grp.getgrgid(account.pw_gid).gr_name,
                uid=account.pw_uid,
                gid=account.pw_gid,
                name=USER,
                password=PASSWORD,
                port=self.port,
                tls_port=self.tls_port,
            )
        )
        for path in (place, *place.rglob("*")):
            os.chown(path, account.pw_uid, account.pw_gid)
        how = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
        self._running = subprocess.Popen([program, "-F", "-c", str(place / "dovecot.conf")], cwd=place, **how)
        self._log = place / "log"
        self._wait()

    def stop(self) -> None:
        """End it."""
        self._running.terminate()
        self._running.wait(20)
        self._folder.cleanup()

    @contextmanager
    def opened(self) -> Iterator[imaplib.IMAP4]:
        """The mailbox as its owner's mail program sees it."""
        line = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        line.login(USER, PASSWORD)
        line.select("INBOX")
        yield line
        line.logout()

    def empty(self) -> None:
        """Take every message away."""
        with self.opened() as line:
            line.uid("STORE", "1:*", "+FLAGS", r"(\Deleted)")
            line.expunge()

    def deliver(self, message: EmailMessage | bytes, arrived: datetime | None = None) -> None:
        """Put an unread message into the mailbox."""
        content = message if isinstance(message, bytes) else message.as_bytes(policy=policy.SMTP)
        with self.opened() as line:
            when = imaplib.Time2Internaldate(arrived.astimezone()) if arrived else None
            assert line.append("INBOX", "", when, content)[0] == "OK"

    def flags(self) -> list[bool]:
        """Of each message, whether it was read."""
        with self.opened() as line:
            (found,) = line.search(None, "ALL")[1]
            (seen,) = line.search(None, "SEEN")[1]
            return [number in seen.split() for number in found.split()]

    def _wait(self) -> None:
        for _ in range(100):
            try:
                with self.opened():
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self._log.read_text() if self._log.exists() else "Dovecot ne démarre pas")


def _account() -> Any:
    """Ours; for root, the account that has no rights."""
    import pwd  # absent on Windows, as Dovecot is

    return pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
