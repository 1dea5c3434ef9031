"""A file that was dropped on the page, filed below ``retours/deposes/<day>/``: whole or not at all, over nothing."""

from __future__ import annotations

import hashlib
import os
import re
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import IO

from engine.intake.safety.guard import MAX_FILE
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace.cohort import Folder
from engine.workspace.digest import of_file
from engine.workspace.files import beside, clear, create, free, leftovers, safe_name

MOST = MAX_FILE
"""Bytes that a file may hold: what a return may."""

_PIECE = 1 << 16  # bytes read at a time
_LONGEST = 150  # bytes of a name: the one it has while it is written is longer
_DEEPEST = 8  # folders
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # names Windows gives no file


class TooBigError(CohortError):
    """More bytes than a return may hold."""


def file(folder: Folder, name: str, source: IO[bytes], length: int, today: date) -> Path:
    """File ``length`` bytes of ``source`` under a ``name`` that may hold folders (``/``); the path they got.

    Whatever the name holds, the path is below :attr:`Folder.dropped`. The same bytes under one name are filed once.
    Raises :class:`CohortError` when they are too many, fewer than told, or cannot be written.
    """
    if length > MOST:
        raise TooBigError(f"Ce fichier est trop gros : {MOST // 1_000_000} Mo au plus.")
    target = folder.dropped / f"{today:%Y-%m-%d}" / Path(*clean(name))
    made = beside(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = _copy(source, length, made)
        if _holds(target, length, digest):
            return target
        return _put(made, target)
    except OSError as fault:
        raise CohortError(f"Le fichier ne peut pas être déposé : {reason(fault)}.") from fault
    finally:
        with suppress(OSError):
            made.unlink()


def clean(name: str) -> list[str]:
    """The folders and the file of a name, each as every system takes it; what leads elsewhere is left out."""
    parts = [part for part in re.split(r"[/\\]", name) if part.strip(" .")]
    kept = [*parts[:-1][:_DEEPEST], *parts[-1:]] or ["retour.xlsx"]
    return [_clean(part) for part in kept]


def _clean(part: str) -> str:
    """One part of it; a long one is cut before its suffix."""
    stem, dot, suffix = part.rpartition(".")
    if not stem or len(suffix) > 10:
        stem, dot, suffix = part, "", ""
    suffix = safe_name(suffix)
    kept = safe_name(stem).encode("utf-8", "replace")[: _LONGEST - len(suffix.encode("utf-8", "replace"))]
    shown = f"{kept.decode('utf-8', 'ignore')}{dot}{suffix}".rstrip(" .") or "retour"
    return f"_{shown}" if _DEVICES.fullmatch(shown) else shown


def _copy(source: IO[bytes], length: int, made: Path) -> str:
    """Write what comes to a new file; its SHA-256."""
    digest, left = hashlib.sha256(), length
    with os.fdopen(create(made, mode=0o666), "wb") as out:
        while left:
            piece = source.read(min(_PIECE, left))
            if not piece:
                raise CohortError("L'envoi du fichier s'est interrompu : déposez-le de nouveau.")
            digest.update(piece)
            out.write(piece)
            left -= len(piece)
        out.flush()
        os.fsync(out.fileno())
    return digest.hexdigest()


def _holds(path: Path, length: int, digest: str) -> bool:
    """Whether this file holds these bytes already."""
    try:
        return path.stat().st_size == length and of_file(path) == digest
    except OSError:
        return False


def _put(made: Path, target: Path) -> Path:
    """Give a file the first name that nothing bears; two that come at once never get the same one."""
    while True:
        chosen = free(target)
        try:
            try:
                os.link(made, chosen)
            except FileExistsError:
                continue
            except OSError:  # a disk without links: the name is taken first, and replaced by the file
                os.close(create(chosen))
                made.replace(chosen)
        except FileExistsError:
            continue
        return chosen


def tidy(folder: Folder) -> None:
    """Remove what a drop that was interrupted left."""
    clear(leftovers(folder.dropped))
