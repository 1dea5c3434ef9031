"""What a cohort's memory is asked for: who sent what, a return given back.

They raise :class:`engine.errors.EngineError` when nothing could be done.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine import ledger, pipeline, styles
from engine.cohort import Folder
from engine.errors import CohortError
from engine.files import free, write_whole
from engine.model import Roster


@dataclass(frozen=True)
class History:
    """What was sent about one candidate, and the people it names."""

    candidate: str
    roster: Roster
    versions: list[ledger.Version]


def history(path: Path, candidate: str) -> History:
    """What each evaluator sent about a candidate, as far as the memory goes; writes nothing."""
    opened = pipeline.open_cohort(path)
    person = opened.roster.candidate(candidate)
    folder = opened.folder
    with ledger.opened(folder.memory, folder.results, write=False, now=styles.now()) as past:
        versions = ledger.history(past, person.id if person else candidate)
        notices = past.notices
    if not versions:
        why = "n'est pas au registre, et rien" if person is None else "est au registre, et rien"
        reason = f"« {candidate} » {why} de ce qu'une consolidation a lu ne parle de lui."
        raise CohortError("\n".join([*notices, reason]))
    return History(person.id if person else candidate, opened.roster, versions)


def restore(path: Path, digest: str, out: Path | None = None) -> Path:
    """Write a return of the archive again, with its own date; the path it got. Never replaces anything.

    ``digest``: the beginning of its SHA-256. ``out``: a folder, or the file to make; by default below ``resultats/``.
    """
    folder = Folder(path)
    folder.require()
    archive = ledger.Archive(folder.archive, styles.now())
    found = archive.find(digest)
    if len(found) != 1:
        many = "plusieurs retours archivés" if found else "aucun retour archivé"
        raise CohortError(
            f"L'empreinte « {digest} » est celle de {many} : donnez-en au moins {ledger.SHORTEST} signes, tels que "
            "« history » ou la feuille Fichiers les montrent."
        )
    (kept,) = found
    content = archive.content(kept.digest)
    if content is None:
        raise CohortError(f"Le retour archivé « {kept.digest} » est abîmé : il ne peut pas être rendu.")
    return _put(_target(folder, kept, out), content, kept.modified_ns)


def _target(folder: Folder, kept: ledger.Kept, out: Path | None) -> Path:
    """Where a return goes: never over another file."""
    name = Path(kept.name).name or f"{kept.digest[:12]}.xlsx"
    if out is None:
        return free(folder.results / "restaures" / name)
    if out.is_dir():
        return free(out / name)
    if os.path.lexists(out):
        raise CohortError(f"« {out} » existe déjà : choisissez un autre nom.")
    return out


def _put(target: Path, content: bytes, modified_ns: int) -> Path:
    written = write_whole(target, lambda beside: beside.write_bytes(content))
    ledger.date(written, modified_ns)  # which tells versions apart
    return written
