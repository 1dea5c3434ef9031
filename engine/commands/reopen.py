"""``reopen``: a closed session opened again."""

from __future__ import annotations

from pathlib import Path

from engine import ledger
from engine.commands import runs
from engine.commands.cohorts import key_of
from engine.commands.session.recording import withdraw
from engine.model import Act
from engine.model.errors import CohortError
from engine.model.texts import day_and_hour
from engine.workspace import clock
from engine.workspace.cohort import Folder


def reopen(path: Path, reason: str, *, key_file: Path | None = None) -> None:
    """Let the next consolidation decide again; the reason is kept and shown in the results."""
    folder, now = Folder(path), clock.now()
    folder.require()
    if not reason.strip():
        raise CohortError("Donnez la raison de la réouverture : elle est gardée et figure dans les résultats.")
    with runs.alone(folder, "reopen"):
        key = key_of(folder, key_file)
        with ledger.opened(folder, write=True, now=now, key=key) as past:
            if past.closure is None:
                raise CohortError("La session n'est pas close.")
            past.reopen(now, " ".join(reason.split()) + _without_copy(folder, past.closure))
        withdraw(folder)


def _without_copy(folder: Folder, closure: Act) -> str:
    """What the reopening also tells, of a closure that was interrupted before its dated copy was there, or lost it."""
    if not closure.certain or folder.closing_copy(closure.at).exists():
        return ""
    return f" (la clôture du {day_and_hour(closure.at)} n'a pas laissé de copie datée)"
