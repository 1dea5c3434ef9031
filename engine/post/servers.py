"""Which mail server may be spoken to, and as whom: never in clear text, but to this very machine."""

from __future__ import annotations

import os
import ssl
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from smtplib import SMTPResponseException
from urllib.parse import unquote, urlsplit

from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace import shell

TIMEOUT = 60  # seconds that a server may take to answer
_HERE = frozenset({"127.0.0.1", "::1", "localhost"})
_LONGEST_SECRET = 4096  # bytes of a password file


class Protocol(Enum):
    """What is spoken: the scheme of the address, and the usual ports, with TLS from the start and without."""

    SMTP = ("smtp", 465, 587)
    IMAP = ("imap", 993, 143)

    @property
    def word(self) -> str:
        """``smtp``; the scheme that begins with TLS has one more ``s``."""
        return str(self.value[0])

    def port(self, *, secure: bool) -> int:
        """The usual port, with TLS from the start or without."""
        return int(self.value[1 if secure else 2])


@dataclass(frozen=True)
class Server:
    """A mail server. ``secure``: TLS from the first byte; otherwise STARTTLS, which only this machine may go without.

    ``mailbox``: the folder of messages, for IMAP.
    """

    protocol: Protocol
    host: str
    port: int
    secure: bool
    mailbox: str = "INBOX"

    @property
    def here(self) -> bool:
        """Whether it is this very machine: what is said to it goes through no network."""
        return self.host.casefold() in _HERE

    @property
    def name(self) -> str:
        """``smtp.centre.example:587``."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Credentials:
    """Who asks; no user: nobody in particular."""

    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def plain(self) -> bytes:
        """The message of the mechanism PLAIN (RFC 4616)."""
        return f"\0{self.user}\0{self.password}".encode()


NOBODY = Credentials()


def server(url: str, protocol: Protocol) -> Server:
    """The server of an address. Raises :class:`CohortError` for one that cannot be used, or that holds a secret."""
    word = protocol.word
    example = f"« {word}s://{word}.exemple.fr » ou « {word}://{word}.exemple.fr »"
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as fault:
        raise CohortError(f"L'adresse du serveur ne se lit pas : attendu {example}.") from fault
    if "@" in parts.netloc:
        raise CohortError(
            "L'adresse du serveur ne doit contenir ni nom ni mot de passe : d'autres comptes de la machine la "
            f"liraient. Donnez-les par les variables {variable(protocol, 'USER')} et "
            f"{variable(protocol, 'PASSWORD')}, ou par --user et --password-file."
        )
    if parts.scheme.casefold() not in (word, f"{word}s") or not host or parts.query or parts.fragment:
        raise CohortError(f"L'adresse du serveur ne se lit pas : attendu {example}.")
    secure = parts.scheme.casefold() == f"{word}s"
    folder = unquote(parts.path).strip("/")
    if folder and protocol is Protocol.SMTP:
        raise CohortError(f"L'adresse du serveur s'arrête après son nom et son port : attendu {example}.")
    if not folder.isascii() or not folder.isprintable():
        raise CohortError(
            "Le dossier de messages ne peut avoir que des lettres sans accent, des chiffres et des points."
        )
    return Server(protocol, host, port or protocol.port(secure=secure), secure, folder or "INBOX")


def credentials(
    protocol: Protocol, user: str, password_file: Path | None, given: Mapping[str, str], known: Credentials = NOBODY
) -> Credentials:
    """Who asks: an option, the variables ``given``, or whom this server is ``known`` to serve; the password by a file
    for its owner only, its variable, or as it is known for this very name."""
    name = user or given.get(variable(protocol, "USER"), "") or known.user
    secret = given.get(variable(protocol, "PASSWORD"), "") or (known.password if name == known.user else "")
    if password_file is not None:
        secret = _secret(password_file)
    if secret and not name:
        raise CohortError(
            f"Un mot de passe sans nom : donnez aussi --user, ou la variable {variable(protocol, 'USER')}."
        )
    if name and not secret:
        raise CohortError(
            f"Il manque le mot de passe de « {name} » : donnez-le par --password-file, par la variable "
            f"{variable(protocol, 'PASSWORD')}, ou dans les réglages de la page « Courriel »."
        )
    return Credentials(name, secret)


def context() -> ssl.SSLContext:
    """How TLS is spoken: certificates are verified, by the authorities of the system or of ``SSL_CERT_FILE``."""
    return ssl.create_default_context()


def refused(server: Server, fault: Exception) -> CohortError:
    """Why a server cannot be used, in one sentence."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        return CohortError(
            f"Le certificat du serveur {server.name} n'est pas reconnu ({why(fault)}) : rien ne lui a été "
            "confié. Vérifiez son nom ; si son autorité est celle de votre établissement, indiquez-la par la variable "
            "SSL_CERT_FILE."
        )
    if isinstance(fault, ssl.SSLError):
        return CohortError(
            f"Le serveur {server.name} ne parle pas TLS comme attendu : essayez "
            f"« {server.protocol.word}{'' if server.secure else 's'}:// », ou un autre port."
        )
    if isinstance(fault, TimeoutError):
        return CohortError(f"Le serveur {server.name} ne répond pas. Vérifiez son nom, son port et le réseau.")
    return CohortError(
        f"Le serveur {server.name} ne peut pas être joint : {why(fault)}. Vérifiez son nom, son port et le réseau."
    )


_CERTIFICATES = {
    9: "il n'est pas encore valable",
    10: "il n'est plus valable",
    18: "il n'est garanti par aucune autorité",
    19: "son autorité n'est pas connue de cette machine",
    20: "son autorité n'est pas connue de cette machine",
    62: "il est au nom d'un autre serveur",
    64: "il est au nom d'un autre serveur",
}
"""What is wrong with a certificate, by the number that OpenSSL gives it."""


def why(fault: Exception) -> str:
    """Why a dialogue with a server failed, in French: the libraries' own words are English."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(fault.verify_code, f"erreur {fault.verify_code} d'OpenSSL")
    if isinstance(fault, ssl.SSLError):
        return "le chiffrement a échoué"
    if isinstance(fault, TimeoutError):
        return "le serveur ne répond pas"
    if isinstance(fault, SMTPResponseException):
        return f"réponse {fault.smtp_code} du serveur"
    if isinstance(fault, OSError) and fault.errno is not None:
        return reason(fault)
    return "le serveur a coupé la liaison, ou ne répond pas comme un serveur de courrier"


def in_clear(server: Server) -> CohortError:
    """Why a server that offers no encryption is refused."""
    return CohortError(
        f"Le serveur {server.name} ne propose pas de chiffrement (STARTTLS) : rien ne lui a été envoyé, les messages "
        f"et le mot de passe seraient lisibles en chemin. Utilisez son adresse « {server.protocol.word}s:// »."
    )


def variable(protocol: Protocol, what: str = "") -> str:
    """``COHORTE_SMTP``, ``COHORTE_SMTP_USER``: the variable that says this."""
    return f"COHORTE_{protocol.word.upper()}{'_' if what else ''}{what}"


def private(path: Path) -> str:
    """The text of a short file that only its owner may read. Raises :class:`CohortError`."""
    try:
        with path.open("rb") as file:
            mode, content = os.fstat(file.fileno()).st_mode, file.read(_LONGEST_SECRET)
        if os.name != "nt" and stat.S_IMODE(mode) & 0o077:
            raise CohortError(
                f"Le fichier « {path} » peut être lu par d'autres que vous : réservez-le par "
                f"{shell.command('chmod', '600', path)}, puis relancez."
            )
        return content.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as fault:
        raise CohortError(f"Le fichier du mot de passe « {path} » ne peut pas être lu.") from fault


def _secret(path: Path) -> str:
    """The first line of a file that only its owner may read."""
    secret = private(path).partition("\n")[0].rstrip("\r")
    if not secret:
        raise CohortError(f"Le fichier du mot de passe « {path} » est vide : une ligne, le mot de passe.")
    return secret
