"""Writing files whole or not at all, under names that every system takes, and without losing what they replace."""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.model import Candidate
from engine.model.errors import CohortError
from engine.model.faults import reason

Writer = Callable[[Path], object]
"""Makes one file at the path it is given."""


def holding(content: bytes) -> Writer:
    """A function that writes these bytes."""
    return lambda beside: beside.write_bytes(content)


def write_whole(target: Path, write: Writer, *, now: datetime | None = None) -> Path:
    """Let ``write`` make a file beside ``target``, then put it in place at once; the path it got.

    With ``now``, a target that another program holds open (Excel on Windows) is not a failure: the file stands beside
    it under a dated name. Raises :class:`CohortError` when the disk or the rights do not allow it; the previous file
    is then intact.
    """
    return write_together({target: write}, now=now)[target]


def write_together(
    makers: Mapping[Path, Writer],
    *,
    now: datetime | None = None,
    gone: Iterable[Path] = (),
    ready: Callable[[Mapping[Path, Path]], None] = lambda _: None,
) -> dict[Path, Path]:
    """The same for files that go together: all are made before the first is put in place; the path each got.

    ``gone``: files that would contradict the new ones, removed once all are made. ``ready`` is told just before where
    each was made.
    """
    with made_beside(makers) as made:
        ready(made)
        for target in gone:
            target.unlink()
        return {target: put_in_place(beside, target, now) for target, beside in made.items()}


@contextmanager
def made_beside(writers: Mapping[Path, Writer]) -> Iterator[dict[Path, Path]]:
    """Files made beside their targets and safe on the disk: by target, the path that :func:`put_in_place` takes.

    Nothing has moved yet when the block begins: whatever fails before leaves every target as it was. What the block
    did not put in place is removed. Raises :class:`CohortError` for any ``OSError``, the block's own included.
    """
    made = {target: beside(target) for target in writers}
    about = next(iter(writers), Path())
    try:
        for about, write in writers.items():
            _make(made[about], write)
        yield made
        for folder in {target.parent for target in writers}:
            sync_folder(folder)
    except OSError as fault:
        about = next((target for target, beside in made.items() if fault.filename == str(beside)), about)
        raise CohortError(f"« {about} » ne peut pas être écrit : {reason(fault)}.") from fault
    finally:
        for path in made.values():
            with suppress(OSError):  # put in place, or in a place that is no folder
                path.unlink()


def beside(target: Path) -> Path:
    """The name, in the same folder, under which a file is made before it takes its place. Nobody can tell it before:
    no link may stand there that would lead what is written elsewhere."""
    return target.with_name(f".{target.name}.{secrets.token_hex(6)}.part")


NO_LINK = getattr(os, "O_NOFOLLOW", 0)
"""For :func:`os.open`: a file that is a link to another is refused, on systems that can."""


def create(path: Path, content: bytes = b"", mode: int = 0o600) -> int:
    """Open a new file to write, its ``content`` in it; its descriptor. Raises ``OSError`` when anything stands there,
    be it a link that leads nowhere."""
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | NO_LINK | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, mode)
    try:
        while content:
            content = content[os.write(descriptor, content) :]
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _make(path: Path, write: Writer) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(create(path, mode=0o666))
    write(path)
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def write_private(target: Path, content: bytes) -> None:
    """Write a file for its owner only, whole or not at all, safe on the disk. Raises ``OSError``."""
    made = beside(target)
    try:
        descriptor = create(made, content)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        made.replace(target)
    finally:
        with suppress(OSError):
            made.unlink()


_TRIES, _PAUSE = 3, 0.2  # seconds between tries: a virus scanner holds a file for an instant


def put_in_place(beside: Path, target: Path, now: datetime | None = None) -> Path:
    """Rename a file that was made beside its target, which it replaces at once; the path it got.

    With ``now``, a target held open elsewhere gets a neighbour under a dated name. Raises ``OSError``.
    """
    if now is None:
        return beside.replace(target)
    for rank in range(_TRIES):
        try:
            return beside.replace(target)
        except PermissionError:
            if rank < _TRIES - 1:
                time.sleep(_PAUSE)
    return beside.replace(free(dated(target, now)))


def dated(target: Path, moment: datetime) -> Path:
    """The name beside ``target`` that bears a date: ``resultats 2025-06-14 02h10.xlsx``."""
    return target.with_stem(f"{target.stem} {moment:%Y-%m-%d %Hh%M}")


def free(target: Path) -> Path:
    """``target``, or the first of ``target (2)``, ``target (3)``... that is not taken."""
    candidate, rank = target, 1
    while candidate.exists():
        rank += 1
        candidate = target.with_stem(f"{target.stem} ({rank})")
    return candidate


_CANNOT = {errno.EINVAL, errno.EACCES, errno.EBADF, errno.ENOTSUP, errno.EISDIR, errno.EPERM}


def sync_folder(folder: Path) -> None:
    """Make the renames in a folder safe, on systems that can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as fault:
        if fault.errno not in _CANNOT:
            raise
    finally:
        os.close(descriptor)


@contextmanager
def workplace(beside: Path) -> Iterator[Path]:
    """A folder for what a file is made of, for its owner only and gone once it is made: a killed run leaves nothing
    outside the places that the next one clears."""
    place = beside.with_suffix(".d.part")
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        clear([place])


def walk(folder: Path, unreadable: list[OSError] | None = None) -> Iterator[Path]:
    """Every file below a folder, in no order; a link is a file, wherever it leads.

    Without recursion: folders may be nested deeper than calls. What cannot be listed goes to ``unreadable``.
    """
    waiting = [folder]
    while waiting:
        try:
            with os.scandir(waiting.pop()) as entries:
                found = list(entries)
        except OSError as fault:
            if unreadable is not None:
                unreadable.append(fault)
            continue
        for entry in found:
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            else:
                yield Path(entry.path)


_LEFT_OVER = re.compile(r"\..+\.[0-9a-f]+(\.d)?\.part")


def leftovers(folder: Path, *, below: bool = True) -> list[Path]:
    """The files and folders that interrupted runs left in a folder, ``below`` it too, under the names made here."""
    found = folder.rglob("*.part") if below else folder.glob("*.part")
    return sorted(path for path in found if _LEFT_OVER.fullmatch(path.name))


_FORSAKEN = 86_400  # seconds after which nobody is writing a file any more


def forsaken(target: Path) -> list[Path]:
    """What interrupted runs left of a file, where no lock tells them from one that goes on: it has lain for a day."""
    found = []
    for path in leftovers(target.parent, below=False):
        with suppress(OSError):  # gone meanwhile
            if path.name.startswith(f".{target.name}.") and time.time() - path.lstat().st_mtime > _FORSAKEN:
                found.append(path)
    return found


def clear(paths: Iterable[Path]) -> None:
    """Remove leftovers; one that cannot be removed is left for the next time."""
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink()


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
    """The key of a file name: the same for two that a file system may take for one."""
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

    What they replace moves to ``anciens/`` below ``root``, and so do the ``stale`` ones. Everything is made and safe
    on the disk before anything moves. Raises :class:`CohortError` when the disk does not allow it.
    """
    contents, unchanged = {}, []
    for path, content in made:
        if _holds(path, content, same):
            unchanged.append(path)
        else:
            contents[path] = content
    writers = {path: holding(content) for path, content in contents.items()}
    with made_beside(writers) as ready:
        moved = {path: _retire(root, path) for path in stale}
        for target, beside in ready.items():
            if target.exists():
                moved[target] = _retire(root, target)
            put_in_place(beside, target)
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
            f"« {path} » ne peut pas être déplacé dans « {ARCHIVE} » : {reason(fault)}. "
            "Fermez-le s'il est ouvert, puis relancez."
        ) from fault
    if path.parent != root and not any(path.parent.iterdir()):
        path.parent.rmdir()
    return target
