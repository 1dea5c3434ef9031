"""Messages and archives as mail programs and file managers make them."""

from __future__ import annotations

import email.utils
import struct
from datetime import datetime
from email.message import EmailMessage

from tests.packages import zipped

XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def message(pieces: dict[str, bytes], *, sent: datetime | None = None, subject: str = "Ma fiche") -> EmailMessage:
    """A message with these files attached; ``sent``: its date, local."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "tuteur@exemple.fr", "secretariat@exemple.fr", subject
    if sent is not None:
        made["Date"] = email.utils.format_datetime(sent.astimezone())
    made.set_content("Bonjour,\n\nvoici ma fiche.\n")
    for name, content in pieces.items():
        made.add_attachment(content, maintype=XLSX[0], subtype=XLSX[1], filename=name)
    return made


def eml(pieces: dict[str, bytes], **more) -> bytes:
    """The same, as it is saved."""
    return message(pieces, **more).as_bytes()


def archive(pieces: dict[str, bytes]) -> bytes:
    """An archive of files."""
    return zipped(pieces)


# ---------------------------------------------------------------------------------------- messages of Outlook

_ENTRY = struct.Struct("<64sHBBLLL16sLQQLQ")
_SECTOR, _SHORTEST = 512, 4096  # bytes; a shorter stream would stand elsewhere
_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_ROOT, _STORAGE, _STREAM = 5, 1, 2

Tree = dict[str, "bytes | Tree"]


def msg(pieces: dict[str, bytes | Tree], *, sent: datetime | None = None) -> bytes:
    """A message as Outlook keeps it, with these files attached; a tree of :func:`outlook` is a message attached."""
    return compound(outlook(pieces, sent=sent))


def outlook(pieces: dict[str, bytes | Tree], *, sent: datetime | None = None, header: int = 32) -> Tree:
    """The storages and streams of such a message; ``header``: 24 for one that is attached to another."""
    properties = bytes(header)
    if sent is not None:
        moment = 116_444_736_000_000_000 + int(sent.timestamp()) * 10_000_000
        properties += struct.pack("<LLQ", 0x00390040, 0, moment)
    tree: Tree = {"__properties_version1.0": properties}
    for rank, (name, content) in enumerate(pieces.items()):
        data = "__substg1.0_37010102" if isinstance(content, bytes) else "__substg1.0_3701000D"
        tree[f"__attach_version1.0_#{rank:08X}"] = {"__substg1.0_3707001F": name.encode("utf-16-le"), data: content}
    return tree


def compound(tree: Tree) -> bytes:
    """An OLE container of these storages and streams; the shortest streams are followed by zeros."""
    entries, streams = [["Root Entry", _ROOT, _FREE, _FREE, b""]], []
    _list(tree, 0, entries)
    streams = [entry[4].ljust(_SHORTEST, b"\0") if entry[1] == _STREAM else b"" for entry in entries]
    room = [-(-len(content) // _SECTOR) for content in streams]
    directory = -(-len(entries) * _ENTRY.size // _SECTOR)
    tables = 1
    while tables * (_SECTOR // 4) < tables + directory + sum(room):
        tables += 1
    chain, starts, body = [_TABLE] * tables + _chain(tables, directory), [], b""
    for content, count in zip(streams, room, strict=True):
        starts.append(len(chain) if count else _END)
        chain += _chain(len(chain), count)
        body += content.ljust(count * _SECTOR, b"\0")
    listing = b"".join(_entry(*each) for each in zip(entries, starts, streams, strict=True))
    table = struct.pack(f"<{len(chain)}L", *chain).ljust(tables * _SECTOR, b"\xff")
    heads = [*range(tables), *[_FREE] * (109 - tables)]
    header = struct.pack("<8s16s6H10L", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 62, 3, 0xFFFE, 9, 6, 0, 0, 0, tables,
                         tables, 0, 4096, _END, 0, _END, 0)  # fmt: skip
    return header + struct.pack("<109L", *heads) + table + listing.ljust(directory * _SECTOR, b"\0") + body


def _list(tree: Tree, parent: int, entries: list[list]) -> None:
    """Add the entries of a storage: each is the next one of the one before."""
    before = None
    for name, content in tree.items():
        rank = len(entries)
        entries[parent if before is None else before][3 if before is None else 2] = rank
        is_storage = isinstance(content, dict)
        entries.append([name, _STORAGE if is_storage else _STREAM, _FREE, _FREE, b"" if is_storage else content])
        before = rank
        if is_storage:
            _list(content, rank, entries)


def _entry(entry: list, start: int, content: bytes) -> bytes:
    name, kind, after, child, _ = entry
    encoded = f"{name}\0".encode("utf-16-le")
    return _ENTRY.pack(encoded, len(encoded), kind, 1, _FREE, after, child, b"", 0, 0, 0, start, len(content))


def _chain(start: int, count: int) -> list[int]:
    return [*range(start + 1, start + count), _END] if count else []
