"""What a page showed, told from anything else: nothing is done of what nobody has seen."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from engine.commands.consolidate import consolidate
from engine.commands.options import Options
from engine.model.errors import BusyError, LossError
from engine.workspace.cohort import Folder


def digest(lines: Iterable[str]) -> str:
    """What stands in the page for a list that it shows: another text for any other list."""
    return hashlib.sha256("\n".join(sorted(lines)).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def approval(seen: str, what: str) -> Callable[[Sequence[str]], None]:
    """A function that refuses any list but the one that was ``seen``, with a sentence that begins with ``what``."""

    def approve(lines: Sequence[str]) -> None:
        if digest(lines) != seen:
            raise BusyError(f"{what} a changé depuis que la page l'a montré : regardez-le, puis recommencez.")

    return approve


def is_lost(folder: Folder, key_file: Path | None, seen: str) -> bool:
    """Whether the loss that was ``seen`` is what a consolidation would find; raises :class:`BusyError` for another."""
    try:
        consolidate(folder.path, Options(dry_run=True, foresee=False, key_file=key_file))
    except LossError as loss:
        approval(seen, "Ce qui manque dans « retours »")([str(loss)])
        return True
    return False
