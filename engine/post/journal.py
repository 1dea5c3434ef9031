"""What was sent, so that nothing goes out twice: ``.cohorte/envois.jsonl``, one JSON object a line.

A line is written before a message goes out, and another once the server has answered: when the second one is missing,
nobody can tell whether the message went, and it is neither sent again nor forgotten. A draft is known by the SHA-256 of
what it says; the journal names nobody.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace.files import NO_LINK


class Fate(StrEnum):
    """What became of a draft, the last time it was tried; ``RELEASED``: somebody asked that it be tried again."""

    TRIED = "en cours"
    SENT = "envoyé"
    REFUSED = "refusé"
    RELEASED = "à renvoyer"


@dataclass
class Journal:
    """What was sent from one cohort. Raises :class:`CohortError` where it cannot be read or written."""

    path: Path
    _fates: dict[str, tuple[Fate, str]] = field(init=False, repr=False)
    _whole: int = field(init=False, repr=False)  # bytes of the lines that are not cut short

    def __post_init__(self) -> None:
        """Read what is there."""
        self._fates = {}
        self._whole = 0
        for line, end in _lines(self.path):
            self._fates[line["brouillon"]] = (Fate(line["fait"]), line["quand"])
            self._whole = end

    def fate(self, digest: str) -> Fate | None:
        """The fate of a draft; ``None`` when it was never tried. One that was tried, and of which no answer is
        known, is :attr:`Fate.TRIED`."""
        found = self._fates.get(digest)
        return found[0] if found else None

    def when(self, digest: str) -> str:
        """The day and hour of the last line about a draft, as ISO 8601 with its zone."""
        return self._fates[digest][1]

    def note(self, digest: str, fate: Fate, now: datetime, **facts: str | int) -> None:
        """Add a line, safe on the disk when this returns."""
        moment = now.astimezone().isoformat(timespec="seconds")
        line = json.dumps({"quand": moment, "brouillon": digest, "fait": fate} | facts, ensure_ascii=False)
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | NO_LINK | getattr(os, "O_BINARY", 0)
            descriptor = os.open(self.path, flags, 0o600)
            try:
                os.ftruncate(descriptor, self._whole)
                self._whole += os.write(descriptor, f"{line}\n".encode())
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as fault:
            raise CohortError(f"« {self.path} » ne peut pas être écrit : {reason(fault)}.") from fault
        self._fates[digest] = (fate, moment)


def _lines(path: Path) -> Iterator[tuple[dict[str, str], int]]:
    """The lines of a journal, and where each ends. The last one may have been cut short as it was written: the one
    before then says what is known."""
    try:
        lines = path.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être lu : {reason(fault)}.") from fault
    end = 0
    for rank, line in enumerate(lines):
        end += len(line)
        try:
            read = json.loads(line)
            Fate(read["fait"])
            yield {name: str(read[name]) for name in ("brouillon", "fait", "quand")}, end
        except (ValueError, KeyError, TypeError) as fault:
            if rank == len(lines) - 1 and not line.endswith(b"\n"):
                return
            raise CohortError(
                f"« {path} », ligne {rank + 1}, ne se lit pas : sans lui, des messages partiraient deux fois. "
                "Rendez-le d'une sauvegarde, ou retirez cette ligne."
            ) from fault


def count_sent(path: Path, drafts: Iterable[Path]) -> int:
    """How many of these drafts went out, as far as they and the journal at ``path`` can be read."""
    try:
        journal = Journal(path)
        return sum(_went(journal, draft) for draft in drafts) if path.exists() else 0
    except (CohortError, OSError):
        return 0


def _went(journal: Journal, draft: Path) -> bool:
    try:
        return journal.fate(digest(draft.read_bytes())) is Fate.SENT
    except OSError:  # one that cannot be read did not go, and hides no other
        return False


def digest(content: bytes) -> str:
    """The SHA-256 of a draft, the day it was made aside."""
    return hashlib.sha256(re.sub(rb"(?m)^Date: .*$", b"", content, count=1)).hexdigest()
