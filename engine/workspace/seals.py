"""References, seals and personal codes: how a sheet says what it is, and how we know that we issued it."""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.model import Kind, Referential
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace import shell
from engine.workspace.files import write_private

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 signs without look-alikes (no 0/O, no 1/I)."""

_SIGNS = 8  # of a seal or a personal code

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
_SLASHES = 5  # in a reference


def parse(text: str) -> Reference | None:
    """The reference a cell's text is, or ``None`` when it is not one (blanks around it are forgiven)."""
    match = _SHAPE.fullmatch(text.strip())
    if match is None or match["kind"] not in Kind.__members__:
        return None
    parts = {name: "" if part == NONE else part for name, part in match.groupdict().items()}
    return Reference(parts["title"], parts["version"], Kind(parts["kind"]), *list(parts.values())[3:])


def references(rows: Iterable[Iterable[object]]) -> Iterator[tuple[Reference, tuple[int, int]]]:
    """The references that stand in the cells of a sheet, each with its row and its column, both from 0."""
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            if isinstance(value, str) and (reference := reference_in(value)) is not None:
                yield reference, (row, column)


def reference_in(text: str) -> Reference | None:
    """The same as :func:`parse`, at once for most texts, which are none."""
    return parse(text) if text.count("/") == _SLASHES else None


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


@lru_cache(maxsize=8192)
def plain_code(text: str) -> str:
    """A code as it is compared: its letters and digits, whatever their case and what parts them."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())


_WITHIN = re.compile(rf"(?<!\w)[{ALPHABET}]{{4}}[\W_]{{0,3}}[{ALPHABET}]{{4}}(?!\w)", re.IGNORECASE)
_LONGEST_CODE = 24  # signs of a code alone, with what may part them


@lru_cache(maxsize=8192)
def codes_in(text: str, known: frozenset[str]) -> frozenset[str]:
    """The known codes, as :func:`plain_code` writes them, that a text holds: one alone, or words of a sentence."""
    if len(text) < _SIGNS:
        return frozenset()
    if len(text) <= _LONGEST_CODE and plain_code(text) in known:
        return frozenset({plain_code(text)})
    return frozenset(map(plain_code, _WITHIN.findall(unicodedata.normalize("NFKC", text)))) & known


def without_codes(text: str, known: frozenset[str], instead: str) -> str:
    """The text with every known code it holds replaced."""
    if plain_code(text) in known:
        return instead
    plain = unicodedata.normalize("NFKC", text)
    return _WITHIN.sub(lambda match: instead if plain_code(match[0]) in known else match[0], plain)


def _short(key: bytes, text: str) -> str:
    digest = hmac.new(key, text.encode(), hashlib.sha256).digest()
    signs = "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:_SIGNS])
    return f"{signs[:4]}-{signs[4:]}"


# ------------------------------------------------------------------------------------------------ key

VARIABLE = "COHORTE_KEY"
"""The environment variable that may hold a cohort's key, as the key file does: in hexadecimal."""

_SHORTEST = 16  # bytes


def key_path(folder: Path) -> Path:
    """Where a cohort's key lives."""
    return folder / ".cohorte" / "cle"


def given_key(file: Path | None = None) -> bytes | None:
    """The key kept out of the cohort's folder: that of ``file``, else of the variable ``COHORTE_KEY``, if any.

    Raises :class:`CohortError` when it is spoiled, or when there is no such file.
    """
    if file is not None:
        return _read(file)
    text = os.environ.get(VARIABLE, "").strip()
    return _decode(text, f"variable {VARIABLE}") if text else None


def make_key(folder: Path) -> bytes:
    """The cohort's key, made (mode 0600, in a folder of mode 0700) when there is none yet."""
    path = key_path(folder)
    if is_missing(path):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(path, f"{secrets.token_hex(32)}\n".encode())
    return _read(path)


def read_key(folder: Path) -> bytes:
    """The key that lives in a cohort's folder. Raises :class:`CohortError` when it is missing or spoiled."""
    path = key_path(folder)
    if is_missing(path):
        raise CohortError(
            f"La clé de la cohorte manque ({path}). Remettez-la depuis une sauvegarde, ou donnez-la par --key-file ou "
            f"{VARIABLE} ; à défaut, {shell.line('init', folder)} en fait une nouvelle, et toutes les fiches sont à "
            "renvoyer (voir docs/cle.md)."
        )
    return _read(path)


def is_missing(path: Path) -> bool:
    """Whether there is no such key file. One that may not be reached is not missing: nobody shall make another."""
    try:
        path.lstat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _read(path: Path) -> bytes:
    try:
        return _decode(path.read_text(encoding="utf-8-sig").strip(), path)
    except OSError as fault:
        raise CohortError(f"La clé ne peut pas être lue ({path}) : {reason(fault)}.") from fault
    except UnicodeDecodeError:
        raise _spoiled(path) from None


def _decode(text: str, source: Path | str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        raise _spoiled(source) from None
    if len(key) < _SHORTEST:
        found = "trop courte pour être la bonne" if key else "vide"
        raise CohortError(f"La clé de la cohorte est {found} ({source}). {_remedy(source)}")
    return key


def _spoiled(source: Path | str) -> CohortError:
    """The reason never shows what was found: it may be most of a key."""
    wanted = f"on attend {2 * _SHORTEST} signes hexadécimaux au moins"
    return CohortError(f"La clé de la cohorte est abîmée ({source}) : {wanted}. {_remedy(source)}")


def _remedy(source: Path | str) -> str:
    """The remedy for a spoiled key, in a file or a variable: of a variable no new key is to be made for a slip."""
    if not isinstance(source, Path):
        return (
            f"La variable {VARIABLE} tient la clé elle-même, et non le nom d'un fichier, qui se donne par --key-file. "
            "Corrigez-la, ou retirez-la si la clé est dans le dossier (voir docs/cle.md)."
        )
    init = "« cohorte init DOSSIER »"
    if len(source.parents) > 1 and source == key_path(source.parents[1]):
        init = shell.line("init", source.parents[1])
    return (
        f"Remettez-la depuis une sauvegarde ; à défaut, mettez ce fichier de côté : {init} en fera une nouvelle, et "
        "toutes les fiches seront à renvoyer (voir docs/cle.md)."
    )
