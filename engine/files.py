"""Writing files whole or not at all, under names that every system takes, and without losing what they replace."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.errors import CohortError
from engine.model import Candidate


def write_whole(target: Path, write: Callable[[Path], None], *, now: datetime | None = None) -> Path:
    """Let ``write`` make a file beside ``target``, then put it in place at once; the path it got.

    With ``now``, a target that another program holds open (Excel on Windows) is not a failure: the file stands beside
    it under a dated name. Raises :class:`CohortError` when the disk or the rights do not allow it; the previous file
    is then intact.
    """
    return write_together({target: write}, now=now)[target]


def write_together(
    makers: Mapping[Path, Callable[[Path], None]], *, now: datetime | None = None, gone: Iterable[Path] = ()
) -> dict[Path, Path]:
    """The same for files that go together: all are made before the first is put in place; the path each got.

    ``gone``: files that would contradict the new ones, removed once all are made.
    """
    made: dict[Path, Path] = {}
    placed: dict[Path, Path] = {}
    target = Path()
    try:
        for target, write in makers.items():
            made[target] = target.with_name(f".{target.name}.{os.getpid()}.part")
            target.parent.mkdir(parents=True, exist_ok=True)
            write(made[target])
            with made[target].open("rb+") as file:
                os.fsync(file.fileno())
        for target in gone:
            target.unlink()
        for target, beside in made.items():
            placed[target] = _put_in_place(beside, target, now)
        return placed
    except OSError as fault:
        raise CohortError(f"« {target} » ne peut pas être écrit : {fault.strerror or fault}.") from fault
    finally:
        for beside in made.values():
            with suppress(OSError):  # in place by now, or in a place that is no folder
                beside.unlink()


def _put_in_place(beside: Path, target: Path, now: datetime | None) -> Path:
    try:
        return beside.replace(target)
    except PermissionError:
        if now is None:
            raise
        return beside.replace(target.with_stem(f"{target.stem} {now:%Y-%m-%d %Hh%M}"))


# ---------------------------------------------------------------------------------------------- names

_FORBIDDEN = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]')
_LONGEST_NAME = 100


def safe_name(name: str) -> str:
    """Somebody's name as a file name takes it on every system."""
    return " ".join(_FORBIDDEN.sub("_", unicodedata.normalize("NFC", name)).split())[:_LONGEST_NAME].strip()


def file_names(candidates: Sequence[Candidate]) -> dict[str, str]:
    """How files name each candidate, by identifier; homonyms get theirs, so that no two files ever collide."""
    plain = {candidate.id: safe_name(candidate.name) for candidate in candidates}
    shared = Counter(map(alike, plain.values()))
    names = {
        identifier: name if shared[alike(name)] == 1 else f"{name} ({identifier})" for identifier, name in plain.items()
    }
    if len(set(map(alike, names.values()))) < len(names):  # somebody's very name ends with another's identifier
        return {identifier: f"{name} ({identifier})" for identifier, name in plain.items()}
    return names


def alike(text: str) -> str:
    """What two file names share when a file system may take them for one."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


# ------------------------------------------------------------------------------------------- delivery

ARCHIVE = "anciens"
Same = Callable[[bytes, bytes], bool]


@dataclass(frozen=True)
class Delivery:
    """What was done: files written and left as they were; where files went, from -> to, under ``anciens/``."""

    written: tuple[Path, ...]
    unchanged: tuple[Path, ...]
    moved: dict[Path, Path]


def deliver(
    root: Path, made: Iterable[tuple[Path, bytes]], stale: Iterable[Path], same: Same = bytes.__eq__
) -> Delivery:
    """Write generated files below ``root``; those that already hold the same are left alone, nothing is lost.

    What they replace moves to ``anciens/`` below ``root``, and so do the ``stale`` ones. Everything is made before
    anything moves. Raises :class:`CohortError` when the disk does not allow it.
    """
    contents, unchanged = {}, []
    for path, content in made:
        if _holds(path, content, same):
            unchanged.append(path)
        else:
            contents[path] = content
    leaving = [path for path in contents if path.exists()] + list(stale)
    moved = {path: _retire(root, path) for path in leaving}
    for path, content in contents.items():
        write_whole(path, lambda target, content=content: target.write_bytes(content))
    return Delivery(tuple(contents), tuple(unchanged), moved)


def _holds(path: Path, content: bytes, same: Same) -> bool:
    try:
        return same(path.read_bytes(), content)
    except OSError:  # absent, or not readable: it will be replaced, or the failure will say why
        return False


def _retire(root: Path, path: Path) -> Path:
    """Move a file to the same place under ``anciens/``, numbered when the name is taken; its new path."""
    target = free(root / ARCHIVE / path.relative_to(root))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        path.rename(target)
    except OSError as fault:
        raise CohortError(
            f"« {path} » ne peut pas être déplacé dans « {ARCHIVE} » : {fault.strerror or fault}. "
            "Fermez-le s'il est ouvert, puis relancez."
        ) from fault
    if path.parent != root and not any(path.parent.iterdir()):
        path.parent.rmdir()
    return target


def free(target: Path) -> Path:
    """``target``, or the first of ``target (2)``, ``target (3)``... that is not taken."""
    candidate, rank = target, 1
    while candidate.exists():
        rank += 1
        candidate = target.with_stem(f"{target.stem} ({rank})")
    return candidate
