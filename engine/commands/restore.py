"""``restore``: a return of the archive, as it came."""

from __future__ import annotations

import os
from pathlib import Path

from engine import ledger
from engine.commands import runs
from engine.model.errors import CohortError
from engine.model.texts import INSIDE, container_of
from engine.workspace import clock
from engine.workspace.cohort import Folder
from engine.workspace.files import free, holding, write_whole

RESTORED = "restaures"
"""Below ``resultats/``, where returns that are given back stand."""


def restore(path: Path, start: str, out: Path | None = None) -> Path:
    """Write a return of the archive again, with its own date; the path it got. Never replaces anything.

    ``start``: the beginning of its SHA-256. ``out``: a folder, or the file to make; by default below ``resultats/``.
    """
    folder = Folder(path)
    with runs.alone(folder, "restore"):
        kept = _found(ledger.Archive(folder.archive, clock.now()), start)
        return _put(_target(folder, kept[0], out), *kept)


def _found(archive: ledger.Archive, start: str) -> tuple[ledger.Kept, bytes]:
    found = archive.find(start)
    if len(found) != 1:
        many = "est celle de plusieurs retours archivés" if found else "n'est celle d'aucun retour archivé"
        raise CohortError(
            f"L'empreinte « {start} » {many} : donnez-en au moins {ledger.SHORTEST} signes, tels que "
            "la feuille Fichiers les montre."
        )
    content = archive.content(found[0].digest)
    if content is None:
        raise CohortError(f"Le retour archivé « {found[0].digest} » est abîmé : il ne peut pas être rendu.")
    return found[0], content


def _target(folder: Folder, kept: ledger.Kept, out: Path | None) -> Path:
    """Where a return goes: never over another file."""
    inner = kept.name.rpartition(INSIDE)[2] if container_of(kept.name) else kept.name
    name = Path(inner).name or f"{kept.digest[:12]}.xlsx"
    if out is None:
        return free(folder.results / RESTORED / name)
    if out.is_dir():
        return free(out / name)
    if os.path.lexists(out):
        raise CohortError(f"« {out} » existe déjà : choisissez un autre nom.")
    return out


def _put(target: Path, kept: ledger.Kept, content: bytes) -> Path:
    written = write_whole(target, holding(content))
    ledger.date(written, kept.modified_ns)  # which tells versions apart
    return written
