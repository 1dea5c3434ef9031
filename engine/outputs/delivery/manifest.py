"""The manifest of a delivery, ``manifeste.json``: what it is, of which closure, and each of its files.

The same delivery always has the same bytes: keys in order, files sorted, UTF-8.
"""

from __future__ import annotations

import hashlib
import json
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from engine.outputs.delivery.names import is_plain

NAME = "manifeste.json"
FORMAT: Literal["cohorte-livraison/1"] = "cohorte-livraison/1"


def _plain(name: str) -> str:
    if not is_plain(name):
        raise ValueError("un chemin relatif est attendu")
    return name


Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def _named(word: str, **bounds: Any) -> Any:
    """A field that the file names by this word."""
    return Field(validation_alias=word, serialization_alias=word, **bounds)


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


class File(_Model):
    """A file of the delivery: its path, its size in bytes, its SHA-256."""

    path: Annotated[str, AfterValidator(_plain)] = _named("chemin")
    size: int = _named("taille", ge=0)
    sha256: Digest


class Closure(_Model):
    """The closure that is delivered: when it was (ISO 8601), and its seal."""

    at: str = _named("date", min_length=1)
    seal: str = _named("sceau", min_length=1)


class Manifest(_Model):
    """What a delivery holds. ``cohort_id``: the same for ever for one cohort, ``cohort`` its name; ``deliberation``:
    the SHA-256 of the return that counted; ``previous``: that of the manifest before."""

    format: Literal["cohorte-livraison/1"] = FORMAT
    cohort_id: str = _named("cohorte_id", pattern=r"^[0-9a-f]{16,64}$")
    number: int = _named("numero", ge=1)
    certification: str
    version: str
    cohort: str = _named("cohorte", default="")
    centre: str
    session: str
    closure: Closure = _named("cloture")
    program: str = _named("programme")
    candidates: int = _named("candidats", ge=0)
    decisions: dict[str, int]
    deliberation: Digest
    previous: Digest | None = _named("precedente")
    files: list[File] = _named("fichiers")

    def as_bytes(self) -> bytes:
        """The manifest as it is written."""
        told: dict[str, Any] = self.model_dump(by_alias=True)
        told["fichiers"].sort(key=lambda file: file["chemin"])
        return f"{json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)}\n".encode()

    @property
    def digest(self) -> str:
        """The SHA-256 of the manifest as it is written."""
        return hashlib.sha256(self.as_bytes()).hexdigest()


class ManifestError(ValueError):
    """Bytes that are no manifest; its text says why, in French."""


def parse(content: bytes) -> Manifest:
    """The manifest of these bytes. Raises :class:`ManifestError`."""
    try:
        read = json.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as fault:
        raise ManifestError("ce n'est pas du JSON") from fault
    if not isinstance(read, dict) or read.get("format") != FORMAT:
        raise ManifestError(f"le format « {FORMAT} » est attendu")
    try:
        found = Manifest.model_validate(read)
    except (ValidationError, RecursionError) as fault:
        where = fault.errors()[0]["loc"] if isinstance(fault, ValidationError) else ()
        raise ManifestError(f"la clé « {'.'.join(map(str, where))} » ne convient pas") from fault
    paths = [file.path for file in found.files]
    if len(set(paths)) != len(paths) or NAME in paths:
        raise ManifestError("un fichier y est nommé deux fois, ou le manifeste s'y nomme")
    return found
