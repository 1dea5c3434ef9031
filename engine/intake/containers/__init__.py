"""Messages and archives: what lies in ``retours/`` and holds workbooks without being one.

::

    contents.py   what was found in one: its pieces, when it was sent, how deep one may lie in another
    zipped.py     archives
    messages.py   messages as mail sends them (.eml)
    outlook.py    messages as Outlook keeps them (.msg)

A container is told by its content, whatever its name, and read in memory: nothing of it is written under a name that it
gives. A piece is named after its container, ``message.eml › pièce.xlsx``.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from engine.intake.containers import messages, outlook, zipped
from engine.intake.containers.contents import Contents, Piece, unique_names
from engine.intake.safety import guard
from engine.intake.safety.refusal import RefusedError
from engine.model.texts import INSIDE

__all__ = ["INSIDE", "Contents", "Piece", "open_container", "piece"]

_KINDS = (zipped, messages, outlook)


def open_container(data: bytes) -> Contents | None:
    """What a message or an archive holds, ``None`` for anything else. Raises :class:`RefusedError` F01, F03 or F05."""
    contents = Contents.begun()
    if not contents.open(data, "", _KINDS):
        return None
    return contents.named(unique_names(contents.pieces))


def piece(path: Path, digest: str) -> bytes:
    """A piece of a container by its SHA-256, ``b""`` when it is no longer there. Raises ``OSError``."""
    return _by_digest(path, path.stat().st_mtime_ns).get(digest, b"")


@lru_cache(maxsize=4)
def _by_digest(path: Path, _modified_ns: int) -> dict[str, bytes]:
    try:
        contents = open_container(guard.load(path))
    except RefusedError:
        return {}
    pieces = contents.pieces if contents else ()
    return {hashlib.sha256(each.content).hexdigest(): each.content for each in pieces}
