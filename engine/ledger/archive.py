"""Every return in which a sheet was ever recognised, kept by the SHA-256 of its content.

One gzip file each, ``archive/ab/abcd....gz``: its header bears the path the return came under and the moment it was
kept, its own date is the return's, and what it holds is checked against its name whenever it is taken out. Any program
that reads gzip gives the workbook back. A package, which is compressed already, stands in it as it came.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import zlib
from collections.abc import Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import repeat
from pathlib import Path
from urllib.parse import quote, unquote

from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.model.returns import Original
from engine.workspace.files import beside, create, sync_folder

SHORTEST = 6
"""How many signs of a SHA-256 name a return at least."""

_THREADS = 4
_ZIP = b"PK\x03\x04"  # how a package begins: compressed again, it would lose a twentieth of its size at great cost
_FEW = 100  # returns
_HAS_NAME, _NAME = 8, 10  # the flag in the fourth byte of a gzip file, and where the name then begins


@dataclass(frozen=True)
class Kept:
    """One return of the archive: the path below ``retours/`` it came under, the system's date of it (ns), and when it
    was kept (local, no zone)."""

    digest: str
    name: str
    modified_ns: int
    kept_at: datetime


class Archive:
    """The archive of a cohort, in a folder that may not be there yet; returns are kept as of ``now``."""

    def __init__(self, folder: Path, now: datetime) -> None:
        self.folder, self._now = folder, now

    def keep(self, returns: Iterable[Original]) -> set[str]:
        """Keep returns; those it holds are left alone.

        The paths of those whose content is no longer that one. Raises :class:`CohortError` when it cannot be written.
        """
        held = self.digests()
        new = {each.digest: each for each in returns if each.digest not in held}
        if not new:
            return set()
        try:
            self._make_room(new)
            with ThreadPoolExecutor(_THREADS) as threads:
                kept = list(threads.map(self._keep, new.values(), repeat(_each_alone(len(new)))))
            self._make_safe(new)
        except OSError as fault:
            raise CohortError(
                f"Les retours ne peuvent pas être archivés dans « {self.folder} » : {reason(fault)}."
            ) from fault
        return {each.path for each, done in zip(new.values(), kept, strict=True) if not done}

    def _keep(self, item: Original, alone: bool) -> bool:
        """Keep one return; it is made under another name first, so that what stands under its own is whole."""
        try:
            data = item.load()
        except OSError:
            return False
        if hashlib.sha256(data).hexdigest() != item.digest:
            return False
        self._put(data, Kept(item.digest, item.path, item.modified_ns, self._now), alone)
        return True

    def _put(self, data: bytes, kept: Kept, alone: bool) -> None:
        target = self._place(kept.digest)
        made = beside(target)
        try:
            _write(made, _compressed(data, kept.name, kept.kept_at), alone)
            date(made, kept.modified_ns)
            made.replace(target)
        except BaseException:
            with suppress(OSError):
                made.unlink()
            raise

    def put_beside(self, content: bytes, kept: Kept) -> str:
        """Keep what is left of a return beside it, as if it had come in its place; its SHA-256. Raises ``OSError``."""
        new = hashlib.sha256(content).hexdigest()
        self._make_room([new])
        self._put(content, replace(kept, digest=new), alone=True)
        self._make_safe([new])
        return new

    def _make_room(self, digests: Iterable[str]) -> None:
        """Make the folders of returns."""
        for folder in self._folders(digests):
            folder.mkdir(mode=0o700, exist_ok=True)

    def _make_safe(self, digests: Collection[str]) -> None:
        """Make the names of returns safe on the disk, and what they hold unless each was made so alone."""
        if not _each_alone(len(digests)):
            os.sync()
            return
        for folder in self._folders(digests):
            sync_folder(folder)

    def _folders(self, digests: Iterable[str]) -> list[Path]:
        """The archive, then the folder in it of each return."""
        return [self.folder, *{self._place(digest).parent for digest in digests}]

    def remove(self, digest: str) -> None:
        """Keep a return no longer. Raises ``OSError``."""
        self._place(digest).unlink(missing_ok=True)

    def digests(self) -> set[str]:
        """The SHA-256 of everything it holds."""
        return {path.stem for path in self.folder.glob("??/*.gz")}

    def find(self, start: str) -> list[Kept]:
        """The returns whose SHA-256 starts so; none for fewer than :data:`SHORTEST` signs."""
        start = start.lower()
        if len(start) < SHORTEST or not start.isalnum():
            return []
        return [_described(path) for path in sorted(self.folder.glob(f"{start[:2]}/{start}*.gz"))]

    def all(self) -> Iterator[Kept]:
        """Everything it holds."""
        return (_described(path) for path in sorted(self.folder.glob("??/*.gz")))

    def unpack(self, place: Path) -> dict[Path, Kept]:
        """Every return that is still what it was, put in a folder under names of no meaning, with its own date."""
        found = {}
        for kept in self.all():
            content = self.content(kept.digest)
            if content is not None:
                path = place / f"{kept.digest}.xlsx"
                path.write_bytes(content)
                date(path, kept.modified_ns)
                found[path] = kept
        return found

    def content(self, digest: str) -> bytes | None:
        """A return as it came, ``None`` when it is not there, or is no longer what it was."""
        try:
            data = gzip.decompress(self._place(digest).read_bytes())
        except (OSError, EOFError, zlib.error):
            return None
        return data if hashlib.sha256(data).hexdigest() == digest else None

    def _place(self, digest: str) -> Path:
        return self.folder / digest[:2] / f"{digest}.gz"


def date(path: Path, modified_ns: int) -> None:
    """Give a file the date of the return it holds; some dates cannot be written on some systems."""
    with suppress(OSError, OverflowError):
        os.utime(path, ns=(modified_ns, modified_ns))


def _each_alone(number: int) -> bool:
    """Whether so many files are made safe one by one: for few of them, rather than wait for all that the whole machine
    has to write; for any number, where a system cannot do that."""
    return number <= _FEW or not hasattr(os, "sync")


def _write(path: Path, content: bytes, alone: bool) -> None:
    """Write a file for its owner only, safe on the disk at once if it is made so ``alone``."""
    descriptor = create(path, content)
    try:
        if alone:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _compressed(data: bytes, name: str, now: datetime) -> bytes:
    made = io.BytesIO()
    plain = quote(name, safe=" ", errors="surrogateescape")
    moment = min(max(0, int(now.timestamp())), 2**32 - 1)
    level = 0 if data.startswith(_ZIP) else 1
    with gzip.GzipFile(plain, "wb", compresslevel=level, fileobj=made, mtime=moment) as packed:
        packed.write(data)
    return made.getvalue()


def _described(path: Path) -> Kept:
    """The header of an archived return."""
    try:
        with path.open("rb") as file:
            head, modified = file.read(4096), os.fstat(file.fileno()).st_mtime_ns
    except OSError:
        head, modified = b"", 0
    name = head[_NAME:].partition(b"\0")[0] if len(head) > _NAME and head[3] & _HAS_NAME else b""
    kept_at = datetime.fromtimestamp(int.from_bytes(head[4:8], "little"))
    return Kept(path.stem, unquote(name.decode("latin-1"), errors="surrogateescape"), modified, kept_at)
