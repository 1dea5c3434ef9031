"""The workbooks of a message, filed below ``retours/courriel/``: nothing is overwritten, nothing filed twice."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import parseaddr
from pathlib import Path, PurePath
from typing import NamedTuple

from engine.model.texts import bare, visible
from engine.post.imap import Unread
from engine.workspace.digest import of_file
from engine.workspace.files import free, safe_name, walk, write_whole

MOST_BYTES = 80_000_000
"""What a message may weigh: it is held in memory whole."""
MOST_ATTACHED = 30_000_000
"""What one workbook may weigh: a larger one would be refused once filed."""
MOST_PARTS = 1_000
"""How many parts of a message are looked at."""

_ENDINGS = (".xlsx", ".xlsm", ".xltx", ".xlsb", ".xls", ".ods", ".fods", ".zip", ".eml", ".msg")
_MAY_HOLD = (
    *(".7z", ".rar", ".tar", ".gz", ".tgz", ".bz2", ".xz", "winmail.dat"),
    *(".pdf", ".doc", ".docx", ".odt", ".rtf", ".csv", ".numbers", ".gnumeric"),
)
"""How the names of files end that are no workbook, and may be a sheet or hold some."""
_ARCHIVE, _MESSAGE = b"PK", "message/rfc822"
_BEGINNINGS = (_ARCHIVE, b"\xd0\xcf\x11\xe0", b"%PDF", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b", b"\x78\x9f\x3e\x22")
"""How their bytes begin, whatever they are named."""
_IN_TEXT = re.compile(rb"^begin [0-7]{3,4} \S", re.MULTILINE)
"""How a file begins that stands in the text itself (uuencode)."""
_TYPES = {
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel.sheet.macroenabled.12": ".xlsm",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/vnd.ms-excel": ".xls",
    _MESSAGE: ".eml",
}
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
_LONGEST_STEM, _LONGEST_SENDER = 80, 60


@dataclass
class Fetched:
    """What became of one message: who sent it and when, its subject, what was filed of it, or why it stays unread."""

    sender: str
    subject: str
    arrived: datetime
    filed: list[Path] = field(default_factory=list)
    known: list[Path] = field(default_factory=list)
    """Where what it holds already was."""
    why: str = ""
    """Why it stays unread; empty once all its workbooks are safe."""


class Filing:
    """Where workbooks go, and what is there already."""

    def __init__(self, place: Path) -> None:
        """``place``: ``retours/courriel``."""
        self._place = place
        self._there: dict[str, Path] | None = None

    def file(self, message: Unread, content: bytes) -> Fetched:
        """File the workbooks of a message. Raises :class:`CohortError` when the disk does not allow it."""
        arrived = message.arrived.astimezone()
        try:
            parsed = message_from_bytes(content, policy=default)
            told = Fetched(_sender(parsed), _subject(parsed), arrived)
            files = list(_files(parsed))
        except _UNREADABLE:
            return Fetched("", "", arrived, why="ses pièces jointes ne se lisent pas")
        folder = self._place / _folder(told)
        for name, data in _workbooks(files):
            if len(data) > MOST_ATTACHED:
                told.why = f"« {visible(name)} » dépasse {MOST_ATTACHED // 1_000_000} Mo"
            else:
                self._put(folder, name, data, told)
        told.why = told.why or _left(files)
        return told

    def _put(self, folder: Path, name: str, data: bytes, told: Fetched) -> None:
        """Write one workbook under a free name, dated as its message; the very bytes sent again only get its date."""
        digest = hashlib.sha256(data).hexdigest()
        standing = self._known().get(digest)
        if standing is None:
            target = free(folder / name)
            self._known()[digest] = standing = write_whole(target, lambda beside: _write(beside, data, told.arrived))
            told.filed.append(standing)
            return
        told.known.append(standing)
        if told.arrived.timestamp() > standing.stat().st_mtime:  # sent again later: it is this one that counts
            os.utime(standing, (told.arrived.timestamp(),) * 2)

    def _known(self) -> dict[str, Path]:
        """The files that are there already, by SHA-256."""
        if self._there is None:
            self._there = {}
            for path in walk(self._place):
                if path.is_file() and not path.is_symlink() and path.stat().st_size <= MOST_ATTACHED:
                    self._there[of_file(path)] = path
        return self._there


def _write(path: Path, data: bytes, dated: datetime) -> None:
    path.write_bytes(data)
    os.utime(path, (dated.timestamp(),) * 2)


_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
"""What the parser of messages raises for some that break its rules."""


class _File(NamedTuple):
    """A part of a message: its name, its type, its bytes."""

    name: str
    kind: str
    content: bytes

    @property
    def ending(self) -> str:
        """How the file of the workbook that it is ends, by its name, its type or its first bytes; empty for another."""
        named = self.name.casefold().strip()
        known = next((each for each in _ENDINGS if named.endswith(each)), _TYPES.get(self.kind, ""))
        unnamed = self.content.startswith(_ARCHIVE) and not PurePath(named).suffix
        return known or (".xlsx" if unnamed else "")

    @property
    def may_hold(self) -> bool:
        """Whether what is no workbook may be a sheet or hold some, by its name or its bytes."""
        in_text = self.kind == "text/plain" and _IN_TEXT.search(self.content) is not None
        named = self.name.casefold().strip().endswith(_MAY_HOLD)
        return named or self.content.startswith(_BEGINNINGS) or in_text


def _files(message: EmailMessage) -> Iterator[_File]:
    """The parts of a message and of those it forwards, which some programs encode as if they were files."""
    for rank, part in enumerate(message.walk()):
        if rank >= MOST_PARTS:
            raise ValueError("too many parts")
        name, kind = part.get_filename() or "", part.get_content_type()
        if not part.is_multipart():
            yield _File(name, kind, _content(part))
        elif kind == _MESSAGE and (content := _forwarded(part)):
            yield _File(name, kind, content)


def _forwarded(part: Message) -> bytes:
    """The bytes of a forwarded message that was encoded as a file; none of any other, whose own parts are looked at."""
    inside = part.get_payload()
    inner = inside[0] if isinstance(inside, list) and inside else None
    if not isinstance(inner, Message) or inner.keys():
        return b""
    coded = Message()
    coded["Content-Transfer-Encoding"] = str(part["Content-Transfer-Encoding"] or "")
    coded.set_payload(inner.get_payload())
    return _content(coded)


def _content(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _workbooks(files: Iterable[_File]) -> Iterator[tuple[str, bytes]]:
    """The workbooks among these: a safe file name, and the bytes."""
    return ((_file_name(each.name, each.ending), each.content) for each in files if each.ending)


def _left(files: Sequence[_File]) -> str:
    """Why a message is left unread though its workbooks are filed: something else may be a sheet, or there is none."""
    if not any(each.ending for each in files):
        return "aucun classeur joint"
    found = next((each.name or "sans nom" for each in files if not each.ending and each.may_hold), "")
    return f"« {visible(found)} » n'est pas un classeur, et peut être une fiche ou en contenir" if found else ""


def _file_name(name: str, ending: str) -> str:
    """A name that every system takes, that no reader of returns passes over, and that ends as it should."""
    whole = name.replace("\\", "/").rpartition("/")[2].strip()
    if whole.casefold().endswith(ending):
        whole = whole[: -len(ending)]
    stem = safe_name(visible(whole))[:_LONGEST_STEM].strip(" .~") or "classeur"
    return f"_{stem}{ending}" if _RESERVED.fullmatch(stem) else f"{stem}{ending}"


def _folder(told: Fetched) -> str:
    """``2025-06-14 karim.benali@centre.example``."""
    sender = re.sub(r"[^a-z0-9@._+-]", "_", bare(told.sender))[:_LONGEST_SENDER].strip(". ")
    return f"{told.arrived:%Y-%m-%d} {sender or 'inconnu'}"


def _sender(message: EmailMessage) -> str:
    try:
        return visible(parseaddr(str(message["From"] or ""))[1])
    except _UNREADABLE:  # a header that cannot be parsed
        return ""


def _subject(message: EmailMessage) -> str:
    try:
        return visible(" ".join(str(message["Subject"] or "").split()))[:_LONGEST_STEM]
    except _UNREADABLE:
        return ""
