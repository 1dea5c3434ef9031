"""The passphrases of deliveries, from a file: one line for all, or a table ``Fichier;Mot de passe``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.model.texts import bare, fold
from engine.office.typed.cells import MisreadError
from engine.office.typed.text import SEPARATORS, decoded
from engine.outputs.delivery import passphrase

_HEADINGS = ("fichier", "mot de passe")
_LONGEST = 1_000_000  # bytes of the file


@dataclass(frozen=True)
class Passphrases:
    """What opens each delivery, by the end of its path, part by part; ``common``: what opens the others."""

    by_file: Mapping[tuple[str, ...], str] = field(default_factory=dict, repr=False)
    common: str = field(default="", repr=False)

    def of(self, path: Path) -> str:
        """The passphrase of a delivery, empty when none was given for it."""
        parts = _parts(str(path.absolute()))
        ends = (parts[rank:] for rank in range(len(parts)))
        return next((self.by_file[end] for end in ends if end in self.by_file), self.common)


def read(path: Path) -> Passphrases:
    """The passphrases of a file. Raises :class:`CohortError`; what the file holds is in no message."""
    try:
        with path.open("rb") as file:
            text = decoded(file.read(_LONGEST))
    except OSError as fault:
        raise CohortError(f"Le fichier « {path} » ne peut pas être lu : {reason(fault)}.") from fault
    except MisreadError as fault:
        raise CohortError(f"Le fichier « {path} » ne peut pas être lu : {fault}") from fault
    for separator in SEPARATORS:
        lines = [line for line in csv.reader(io.StringIO(text), delimiter=separator) if any(map(str.strip, line))]
        if lines and tuple(bare(each) for each in lines[0]) == _HEADINGS:
            if any(len(line) != len(_HEADINGS) for line in lines):
                raise CohortError(f"« {path} » : chaque ligne doit avoir deux champs, Fichier;Mot de passe.")
            return Passphrases(_by_file(path, lines[1:]))
    first = text.partition("\n")[0].strip()
    if not first:
        raise CohortError(f"Le fichier « {path} » est vide : une ligne, le mot de passe.")
    return Passphrases(common=first)


def _by_file(path: Path, lines: Iterable[list[str]]) -> dict[tuple[str, ...], str]:
    """The passphrase of each file. Raises :class:`CohortError` where two lines give one file two of them."""
    found: dict[tuple[str, ...], str] = {}
    for name, secret in lines:
        first = found.setdefault(_parts(name), secret.strip())
        if passphrase.readings(first)[0] != passphrase.readings(secret)[0]:
            raise CohortError(
                f"« {path} » donne deux mots de passe à « {name.strip()} » : écrivez aussi le dossier de chacune, "
                "comme Lyon/livraison.zip."
            )
    return found


def _parts(path: str) -> tuple[str, ...]:
    """A path part by part, however its accents are encoded and whatever parts folders."""
    return tuple(fold(part) for part in re.split(r"[\\/]", path) if part.strip(" ."))


def asking(file: Path | None, ask: Callable[[Path], str] | None) -> Callable[[Path], str]:
    """How to know what opens a delivery: what the ``file`` says of it, or else what somebody answers.

    What it gives is empty where the file says nothing of one and nobody can ``ask``: that one is left shut, and the
    others go on. Without any file it then raises :class:`CohortError`.
    """
    known = read(file) if file is not None else Passphrases()

    def answer(path: Path) -> str:
        if said := known.of(path):
            return said
        if ask is None and file is not None:
            return ""
        if ask is None:
            raise CohortError(
                f"Il manque le mot de passe de « {path.name} » : donnez-le par --password-file (une ligne, ou un CSV "
                "Fichier;Mot de passe quand il y en a plusieurs)."
            )
        return ask(path).strip()

    return answer
