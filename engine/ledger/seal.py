"""What vouches for the memory at rest: the SHA-256 of its file, written beside it once a run has ended.

A run takes it away before it writes anything, and puts a new one when it is done. A file that is no longer what its
seal says was spoiled, or changed by somebody; one without a seal comes from a run that was killed, or from an earlier
version.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from engine.workspace.digest import of_file
from engine.workspace.files import write_private


def holds(path: Path) -> bool | None:
    """Whether a memory is what it was when it was sealed; ``None`` when it bears no seal, or a run left a journal that
    counts too. Raises ``OSError``."""
    told = _told(path)
    if told is None or journal(path).exists() or not path.exists():
        return None
    same = told == of_file(path)
    return same if same or _told(path) == told else None  # a run began in between


def put(path: Path) -> None:
    """Seal a memory that nothing has open; not one that a journal goes with. Raises ``OSError``."""
    if not journal(path).exists():
        write_private(_seal(path), of_file(path).encode())


def lift(path: Path) -> None:
    """Take the seal away. Raises ``OSError``."""
    _seal(path).unlink(missing_ok=True)


def journal(path: Path) -> Path:
    """Where SQLite writes what is not yet in the file."""
    return path.with_name(f"{path.name}-wal")


def _seal(path: Path) -> Path:
    return path.with_suffix(".sha256")


def _told(path: Path) -> str | None:
    with suppress(FileNotFoundError):
        return _seal(path).read_text(encoding="ascii", errors="replace").strip()
    return None
