"""The mail account of a cohort: by which servers, and as whom.

What a command is given prevails over the variables of its environment, and these over what is kept in
``.cohorte/courriel.json``, a file for its owner only. A name and a password that are kept go to the kept servers, and
to no other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.post.outgoing import is_address
from engine.post.servers import NOBODY, Credentials, Protocol, Server, credentials, private, server, variable
from engine.workspace.files import write_private

_WORDS = {"smtp": "envoi", "imap": "reception", "user": "compte", "password": "mot de passe", "sender": "expediteur"}
"""The fields of an account, as the file names them."""


@dataclass(frozen=True)
class Account:
    """The addresses of the servers, the name and password of the account, the address that messages come from; each
    empty when it is not kept."""

    smtp: str = ""
    imap: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str = ""

    def address(self, protocol: Protocol) -> str:
        """The address of one of its servers."""
        return self.smtp if protocol is Protocol.SMTP else self.imap


@dataclass(frozen=True)
class Asked:
    """What a command was given: the address of a server, the name of the account, the file of its password."""

    url: str = ""
    user: str = ""
    password_file: Path | None = None


def kept(path: Path) -> Account:
    """The account of a file; an empty one when there is none. Raises :class:`CohortError` when others may read it."""
    if not path.exists():
        return Account()
    try:
        found = json.loads(private(path))
        return Account(**{name: str(found.get(word, "")) for name, word in _WORDS.items()})
    except (ValueError, AttributeError) as fault:
        raise CohortError(f"« {path} » ne se lit pas : refaites les réglages du courriel, ou retirez-le.") from fault


def keep(path: Path, account: Account) -> None:
    """Write an account for its owner only. Without a password, the one that is kept for this name stays, unless a
    server becomes another.

    Raises :class:`CohortError` for what could not be used, or not be written.
    """
    if account.smtp:
        server(account.smtp, Protocol.SMTP)
    if account.imap:
        server(account.imap, Protocol.IMAP)
    if account.sender and not is_address(account.sender):
        raise CohortError(f"« {account.sender} » n'est pas une adresse d'où envoyer.")
    if account.user and not account.password:
        account = replace(account, password=_still(path, account))
    if account.password and not account.user:
        raise CohortError("Un mot de passe sans nom : donnez aussi le nom du compte.")
    told = {_WORDS[name]: value for name, value in asdict(account).items() if value}
    try:
        path.parent.mkdir(mode=0o700, exist_ok=True)
        write_private(path, json.dumps(told, ensure_ascii=False, indent=1).encode())
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être écrit : {reason(fault)}.") from fault


def _still(path: Path, account: Account) -> str:
    before = kept(path)
    moved = any(was and new and was != new for was, new in ((before.smtp, account.smtp), (before.imap, account.imap)))
    return before.password if before.user == account.user and not moved else ""


class NoServerError(CohortError):
    """Nobody said by which server."""


def address(protocol: Protocol, asked: str, given: Mapping[str, str], account: Account) -> str:
    """The address of the server to use; empty when nobody said."""
    return asked or given.get(variable(protocol), "") or account.address(protocol)


def reach(protocol: Protocol, asked: Asked, given: Mapping[str, str], account: Account) -> tuple[Server, Credentials]:
    """The server to use, and as whom; ``given``: the variables of the environment. Raises :class:`CohortError`."""
    url = address(protocol, asked.url, given, account)
    if not url:
        raise NoServerError(
            f"Par quel serveur ? Donnez son adresse par --{protocol.word}, par la variable {variable(protocol)}, ou "
            "dans les réglages de la page « Courriel »."
        )
    reached = server(url, protocol)
    theirs = bool(account.address(protocol)) and server(account.address(protocol), protocol) == reached
    known = Credentials(account.user, account.password) if theirs else NOBODY
    return reached, credentials(protocol, asked.user, asked.password_file, given, known)
