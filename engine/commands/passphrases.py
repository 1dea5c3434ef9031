"""The passphrases of deliveries, from a file: one line for all, or a table ``Fichier;Mot de passe``."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.model.texts import bare
from engine.outputs.delivery import passphrase

_HEADINGS = ("fichier", "mot de passe")
_LONGEST = 1_000_000  # bytes of the file


@dataclass(frozen=True)
class Passphrases:
    """What opens each delivery, by the name of its file; ``common``: what opens the others."""

    by_file: Mapping[str, str] = field(default_factory=dict, repr=False)
    common: str = field(default="", repr=False)

    def of(self, path: Path) -> str:
        """What opens a delivery, empty when nothing was given for it."""
        return self.by_file.get(path.name.casefold(), self.common)


def read(path: Path) -> Passphrases:
    """The passphrases of a file. Raises :class:`CohortError`; what the file holds is in no message."""
    try:
        with path.open("rb") as file:
            text = file.read(_LONGEST).decode("utf-8-sig")
    except OSError as fault:
        raise CohortError(f"Le fichier « {path} » ne peut pas être lu : {reason(fault)}.") from fault
    except UnicodeDecodeError as fault:
        raise CohortError(f"Le fichier « {path} » n'est pas un texte en UTF-8.") from fault
    lines = [line for line in csv.reader(io.StringIO(text), delimiter=";") if any(map(str.strip, line))]
    if lines and tuple(bare(each) for each in lines[0]) == _HEADINGS:
        if any(len(line) != len(_HEADINGS) for line in lines):
            raise CohortError(f"« {path} » : chaque ligne doit avoir deux champs, Fichier;Mot de passe.")
        return Passphrases({name.strip().casefold(): passphrase.typed(secret) for name, secret in lines[1:]})
    first = text.partition("\n")[0].strip()
    if not first:
        raise CohortError(f"Le fichier « {path} » est vide : une ligne, le mot de passe.")
    return Passphrases(common=passphrase.typed(first))


def asking(file: Path | None, ask: Callable[[Path], str] | None) -> Callable[[Path], str]:
    """How to know what opens a delivery: what the ``file`` says of it, or else what somebody answers.

    The function raises :class:`CohortError` when nobody can ``ask``.
    """
    known = read(file) if file is not None else Passphrases()

    def answer(path: Path) -> str:
        if said := known.of(path):
            return said
        if ask is None:
            raise CohortError(
                f"Il manque le mot de passe de « {path.name} » : donnez-le par --password-file (une ligne, ou un CSV "
                "Fichier;Mot de passe quand il y en a plusieurs)."
            )
        return passphrase.typed(ask(path))

    return answer
