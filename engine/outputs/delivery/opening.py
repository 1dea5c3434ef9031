"""A delivery opened: its members read within bounds, and all that is wrong with the archive itself.

Nothing is believed that the archive announces: names, sizes and ratios are looked at before anything is expanded, and
what expands beyond what was announced is cut short.
"""

from __future__ import annotations

import hashlib
import io
import os
import stat
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pyzipper
from pyzipper.zipfile_aes import AESZipInfo

from engine.model.faults import ZIP_DAMAGE
from engine.outputs.delivery.faults import Fault, Nature
from engine.outputs.delivery.names import is_plain
from engine.outputs.delivery.passphrase import readings
from engine.workspace.files import NO_LINK, walk

MOST_BYTES = 500_000_000  # of an archive
MOST_MEMBERS = 20_000
MOST_EXPANDED = 1_000_000_000  # bytes of all members; 2,000 candidates take some 200 MB
MOST_OF_ONE = 200_000_000  # bytes of one member
_RATIO = 1_032  # what DEFLATE can do at most
_KEPT = (".csv", ".json", ".xlsx", ".txt")
_SLICE = 1 << 20
_AES_256, _AE_2 = 3, 2
_END, _END_BYTES = b"PK\x05\x06", 22  # what an archive without a comment ends with
_DAMAGE = (*ZIP_DAMAGE, pyzipper.BadZipFile)  # which is another than the standard library's
_LITTER = frozenset({"thumbs.db", "desktop.ini", "ehthumbs.db"})


@dataclass(frozen=True)
class Member:
    """A member as it was read. ``content``: of those that are looked into; ``None`` for documents to print."""

    size: int
    sha256: str
    content: bytes | None


@dataclass
class Opened:
    """What was read of a delivery, and what is wrong with it so far; ``sha256``: of the archive, empty for a folder."""

    path: Path
    members: dict[str, Member] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    sha256: str = ""

    @property
    def shut(self) -> bool:
        """Whether nothing of it could be read."""
        return not self.members and bool(self.faults)


def open_archive(path: Path, passphrase: Callable[[Path], str]) -> Opened:
    """Read an archive; the ``passphrase`` is asked for once, if there is anything to open with it."""
    found = Opened(path)
    try:
        with _regular(path) as file:
            if os.fstat(file.fileno()).st_size > MOST_BYTES:
                found.faults.append(Fault(Nature.TOO_BIG, detail=f"plus de {MOST_BYTES // 1_000_000} Mo"))
                return found
            found.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(max(0, file.tell() - _END_BYTES))
            if file.read(len(_END)) != _END:
                found.faults.append(Fault(Nature.NOT_ARCHIVE))
                return found
            with pyzipper.AESZipFile(file) as archive:
                _read(archive, found, passphrase)
    except _DAMAGE:
        found.faults.append(Fault(Nature.NOT_ARCHIVE))
    return found


def _regular(path: Path) -> io.BufferedReader:
    """A regular file, opened to read. Raises ``OSError``."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    file = os.fdopen(descriptor, "rb")
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        file.close()
        raise OSError("not a regular file")
    return file


def _read(archive: pyzipper.AESZipFile, found: Opened, passphrase: Callable[[Path], str]) -> None:
    entries = archive.infolist()
    if min((entry.header_offset for entry in entries), default=1):
        found.faults.append(Fault(Nature.NOT_ARCHIVE))
        return
    found.faults += _before_opening(entries)
    if any(fault.nature is Nature.TOO_BIG for fault in found.faults):
        return
    left_out = {fault.member for fault in found.faults}
    to_read = [entry for entry in entries if entry.filename not in left_out]
    if not to_read:
        return
    phrase = passphrase(found.path)
    if not phrase:
        found.faults.append(Fault(Nature.PASSPHRASE, detail="aucun n'a été donné pour elle"))
        return
    archive.setpassword(_fitting(archive, to_read[0], readings(phrase)).encode())
    wrong = []
    for entry in to_read:
        try:
            found.members[entry.filename] = _member(archive, entry)
        except RuntimeError as fault:
            if "password" in str(fault).lower():
                wrong.append(entry.filename)
            else:
                found.faults.append(Fault(Nature.DAMAGED, entry.filename))
        except _DAMAGE:
            found.faults.append(Fault(Nature.DAMAGED, entry.filename))
    if wrong and not found.members:
        found.faults = [fault for fault in found.faults if fault.nature is not Nature.DAMAGED]
        found.faults.append(Fault(Nature.PASSPHRASE))
    else:
        found.faults += [Fault(Nature.DAMAGED, name) for name in wrong]


def _fitting(archive: pyzipper.AESZipFile, entry: AESZipInfo, phrases: Sequence[str]) -> str:
    """The first passphrase that opens a member; the first of all where none does."""
    for phrase in phrases if len(phrases) > 1 else ():  # the only one is tried as the members are read
        try:
            with archive.open(entry, pwd=phrase.encode()):
                return phrase
        except (RuntimeError, *_DAMAGE):
            continue
    return phrases[0]


def _before_opening(entries: list[AESZipInfo]) -> Iterator[Fault]:
    """The faults of what an archive announces."""
    if len(entries) > MOST_MEMBERS:
        yield Fault(Nature.TOO_BIG, detail=f"plus de {MOST_MEMBERS} fichiers")
        return
    if sum(entry.file_size for entry in entries) > MOST_EXPANDED:
        yield Fault(Nature.TOO_BIG, detail=f"plus de {MOST_EXPANDED // 1_000_000} Mo une fois ouverte")
    known = Counter(entry.filename.casefold() for entry in entries)
    for entry in entries:
        if entry.file_size > MOST_OF_ONE or entry.file_size > (entry.compress_size + 1) * _RATIO:
            yield Fault(Nature.TOO_BIG, entry.filename)
        elif not is_plain(entry.filename) or known[entry.filename.casefold()] > 1:
            yield Fault(Nature.NAME, entry.filename)
        elif not _encrypted(entry):
            yield Fault(Nature.IN_CLEAR, entry.filename)


def _encrypted(entry: AESZipInfo) -> bool:
    return (
        bool(entry.flag_bits & 1)
        and entry.wz_aes_strength == _AES_256
        and entry.wz_aes_version == _AE_2
        and entry.compress_type in (pyzipper.ZIP_STORED, pyzipper.ZIP_DEFLATED)
    )


def _member(archive: pyzipper.AESZipFile, entry: AESZipInfo) -> Member:
    """A member, read to its end, where it is authenticated. Raises ``BadZipFile`` for one that has not the size it
    announces."""
    with archive.open(entry) as stream:
        read = _taken(stream, entry.file_size, entry.filename)
    if read.size != entry.file_size:
        raise pyzipper.BadZipFile("cut short")
    return read


def _taken(stream: IO[bytes], most: int, name: str) -> Member:
    digest, size, kept = hashlib.sha256(), 0, bytearray()
    keeps = name.lower().endswith(_KEPT)
    while part := stream.read(_SLICE):
        size += len(part)
        if size > most:
            raise ValueError("more than it may be")
        digest.update(part)
        if keeps:
            kept += part
    return Member(size, digest.hexdigest(), bytes(kept) if keeps else None)


# --------------------------------------------------------------------------------------------- extracted


def open_folder(path: Path) -> Opened:
    """Read a folder in which a delivery was extracted; what systems leave in folders by themselves is not looked at."""
    found = Opened(path)
    left = MOST_EXPANDED
    for file in walk(path):
        name = file.relative_to(path).as_posix()
        if file.name.startswith(".") or file.name.casefold() in _LITTER:
            continue
        if len(found.members) >= MOST_MEMBERS or left <= 0:
            found.faults.append(Fault(Nature.TOO_BIG))
            return found
        if not is_plain(name):
            found.faults.append(Fault(Nature.NAME, name))
            continue
        try:
            with _unlinked(file) as stream:
                found.members[name] = _taken(stream, min(MOST_OF_ONE, left), name)
            left -= found.members[name].size
        except ValueError:
            found.faults.append(Fault(Nature.TOO_BIG, name))
        except OSError:
            found.faults.append(Fault(Nature.DAMAGED, name))
    return found


def _unlinked(path: Path) -> io.BufferedReader:
    if path.is_symlink():
        raise OSError("a link")
    return os.fdopen(os.open(path, os.O_RDONLY | NO_LINK | getattr(os, "O_BINARY", 0)), "rb")
