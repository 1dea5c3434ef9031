"""References, seals and personal codes: how a sheet says what it is, and how we know that we issued it."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from engine.errors import CohortError
from engine.model import Kind, Referential

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs without look-alikes (no 0/O, no 1/I)."""

NONE = "-"
"""What stands for a part that a reference does not have."""


@dataclass(frozen=True)
class Reference:
    """``<short title>/<version>/<KIND>/<candidate>/<evaluator>/<seal>``; empty strings for parts that are ``-``."""

    title: str
    version: str
    kind: Kind
    candidate: str = ""
    evaluator: str = ""
    seal: str = ""

    @property
    def unsealed(self) -> str:
        """The part that the seal vouches for."""
        parts = (self.title, self.version, str(self.kind), self.candidate or NONE, self.evaluator or NONE)
        return "/".join(parts)

    def __str__(self) -> str:
        return f"{self.unsealed}/{self.seal or NONE}"


_SHAPE = re.compile(
    r"(?P<title>[^/\s]+)/(?P<version>[^/\s]+)/(?P<kind>[A-Z]+)"
    r"/(?P<candidate>[^/\s]+)/(?P<evaluator>[^/\s]+)/(?P<seal>[^/\s]+)"
)


def parse(text: str) -> Reference | None:
    """The reference a cell's text is, or ``None`` when it is not one (blanks around it are forgiven)."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None or match["kind"] not in Kind.__members__:
        return None
    parts = {name: "" if part == NONE else part for name, part in match.groupdict().items()}
    return Reference(parts["title"], parts["version"], Kind(parts["kind"]), *list(parts.values())[3:])


def issue(key: bytes, referential: Referential, kind: Kind, candidate: str = "", evaluator: str = "") -> Reference:
    """The sealed reference of one sheet of this cohort."""
    title, version = referential.certification.short_title, referential.certification.version
    bare = Reference(title, version, kind, candidate, evaluator)
    return Reference(title, version, kind, candidate, evaluator, seal(key, bare))


def blank(referential: Referential, kind: Kind) -> Reference:
    """The reference of an unassigned sheet."""
    return Reference(referential.certification.short_title, referential.certification.version, kind)


def seal(key: bytes, reference: Reference) -> str:
    """HMAC-SHA256 of the reference without its seal, shortened to eight signs: ``K7M4-9QXT``."""
    return _short(key, reference.unsealed)


def is_genuine(key: bytes, reference: Reference) -> bool:
    """Whether the reference bears the seal this cohort's key gives it."""
    return hmac.compare_digest(reference.seal.encode(), seal(key, reference).encode())


def personal_code(key: bytes, evaluator: str) -> str:
    """The code that an evaluator types as a signature, derived from the cohort's key."""
    return _short(key, f"code:{evaluator.casefold()}")


def _short(key: bytes, text: str) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()
    signs = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:8])
    return f"{signs[:4]}-{signs[4:]}"


# ------------------------------------------------------------------------------------------------ key


def key_path(folder: Path) -> Path:
    """Where a cohort's key lives."""
    return folder / ".cohorte" / "cle"


def make_key(folder: Path) -> bytes:
    """The cohort's key, made (mode 0600, in a folder of mode 0700) when there is none yet."""
    path = key_path(folder)
    if path.exists():
        return read_key(folder)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    return read_key(folder)


def read_key(folder: Path) -> bytes:
    """The cohort's key. Raises :class:`CohortError` when it is missing or spoiled."""
    path = key_path(folder)
    try:
        key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    except FileNotFoundError:
        raise CohortError(
            f"La clé de la cohorte manque ({path}). Remettez-la depuis une sauvegarde ; "
            "à défaut, la commande « templates » en crée une, et les fiches déjà envoyées sont à renvoyer."
        ) from None
    except (OSError, ValueError) as fault:
        raise CohortError(f"La clé de la cohorte ne peut pas être lue ({path}) : {fault}") from fault
    if len(key) < 16:
        raise CohortError(f"La clé de la cohorte est trop courte pour être la bonne ({path}).")
    return key
