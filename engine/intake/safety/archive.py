"""ZIP archives: inflating one that nobody vouches for, and packing parts for a parser that trusts its archive.

An archive may be read in several ways: two directories, two members of a name, sizes that lie. What was checked is
therefore packed again, so that the parser cannot see anything else.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import BinaryIO

from engine.intake.safety.refusal import SEND_AGAIN, RefusedError
from engine.model.anomalies import SAVE_AGAIN
from engine.model.faults import ZIP_DAMAGE

MAX_PART = 20_000_000  # bytes of one member; the largest of a filled workbook has some 100,000
MAX_INFLATED = 48_000_000  # bytes, all members together
MAX_MEMBERS = 2_000
_MAX_DIRECTORY = 2_000_000  # bytes of the directory of an archive that is only weighed
_BY_CHANCE = 1_000_000  # bytes by which a damaged member may outgrow what it declares
_TAIL = 65_557  # bytes at the end of an archive within which its directory is announced

_PICTURE = re.compile(r"(?:^|[/\\])(?:media|pictures)[/\\]|\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf)$", re.IGNORECASE)
_ENTRY = b"PK\x01\x02"  # begins each entry of the directory
_BEFORE_CONTENT = b"PK\x03\x04"
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_ENCRYPTED = 0x1  # of the flags of an entry
_VERSION, _UTF8, _FIRST_DAY = 20, 0x800, 33  # of the format, of names; 1 January 1980


def inflate(data: bytes, picture_head: int = 0) -> dict[str, bytes]:
    """The members of an archive. Raises :class:`RefusedError` F01, F03 or F05.

    Of pictures, which nothing parses, only the first ``picture_head`` bytes are given, and their size is not bounded.
    No size is believed: the declared ones are checked against the bounds before anything is inflated, and no member is
    taken that holds more or less than it declares, or not what its CRC says.
    """
    if data.count(_ENTRY) > MAX_MEMBERS:
        raise RefusedError("F05", f"Le fichier contient plus de {MAX_MEMBERS} éléments.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
        _check_names([entry.filename for entry in entries])
        _check_sizes(entries)
        view = memoryview(data)
        return {
            entry.filename: _head(view, entry, picture_head) if _is_picture(entry) else _inflate(view, entry)
            for entry in entries
        }
    except ZIP_DAMAGE as fault:
        message = "Le fichier est tronqué ou endommagé : ses données ne se relisent pas."
        raise RefusedError("F01", message, remedy=SEND_AGAIN) from fault


def is_damaged(data: bytes) -> bool:
    """Whether bytes begin as an archive, whose members are not what it says of them."""
    if not data.startswith(b"PK"):
        return False
    try:
        inflate(data)
    except RefusedError as refused:
        return refused.entry.damage
    return False


def _check_names(names: list[str]) -> None:
    folded = [name.replace("\\", "/").casefold() for name in names]
    if len(set(folded)) < len(folded):
        raise RefusedError("F05", "Deux éléments du fichier portent le même nom.", remedy=SAVE_AGAIN)
    if any(name.startswith("/") or ".." in name.split("/") or ":" in name for name in folded):
        raise RefusedError("F05", "Un élément du fichier porte un nom qui sort du classeur.", remedy=SAVE_AGAIN)


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    sizes = [entry.file_size for entry in entries if not _is_picture(entry)]
    for size, bound in ((max(sizes, default=0), MAX_PART), (sum(sizes), MAX_INFLATED)):
        if size > bound:
            what = "le fichier" if bound == MAX_INFLATED else "un élément du fichier"
            raise RefusedError(
                "F05", f"Une fois décompressé, {what} pèse {megabytes(size)}, la limite est de {megabytes(bound)}."
            )


def _is_picture(entry: zipfile.ZipInfo) -> bool:
    return _PICTURE.search(entry.filename) is not None and not entry.filename.lower().endswith((".xml", ".rels", "/"))


def weight_of_pictures(file: BinaryIO) -> int:
    """How many bytes of an archive too large to be read its pictures take; 0 when its directory cannot be had."""
    try:
        size = file.seek(0, io.SEEK_END)
        file.seek(max(0, size - _TAIL))
        tail = file.read(_TAIL)
        end = tail.rindex(b"PK\x05\x06")
        if struct.unpack_from("<L", tail, end + 12)[0] > _MAX_DIRECTORY:
            return 0
        with zipfile.ZipFile(file) as archive:
            return sum(entry.compress_size for entry in archive.infolist() if _is_picture(entry))
    except ZIP_DAMAGE:
        return 0


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size // 1_000_000} Mo"


def _inflate(data: memoryview, entry: zipfile.ZipInfo) -> bytes:
    stored = _stored(data, entry)
    content = _content(stored, entry)
    if len(content) > entry.file_size and _deceives(stored, entry):
        raise RefusedError("F05", f"« {entry.filename} » se décompresse au-delà de la taille qu'il annonce.")
    if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
        raise zipfile.BadZipFile(entry.filename)
    return content


def _deceives(stored: memoryview, entry: zipfile.ZipInfo) -> bool:
    """Whether a member that holds more than it declares was made so: it is sound, by its CRC, or goes on far longer
    than what was damaged by chance."""
    if entry.compress_type == zipfile.ZIP_STORED:
        return zlib.crc32(stored) == entry.CRC
    most = entry.file_size + _BY_CHANCE
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    content = stream.decompress(stored, most)
    return len(content) == most or (stream.eof and zlib.crc32(content) == entry.CRC)


def _head(data: memoryview, entry: zipfile.ZipInfo, length: int) -> bytes:
    """The first bytes of a member, unchecked; none of one that is compressed in a way that is not read."""
    if not length or entry.flag_bits & _ENCRYPTED:
        return b""
    stored = _stored(data, entry)
    if entry.compress_type == zipfile.ZIP_DEFLATED:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(stored, length)
    return bytes(stored[:length]) if entry.compress_type == zipfile.ZIP_STORED else b""


def _stored(data: memoryview, entry: zipfile.ZipInfo) -> memoryview:
    """A member as it is stored."""
    header = _LOCAL.unpack_from(data, entry.header_offset)
    told_twice = header[2] & _ENCRYPTED, header[3]
    if header[0] != _BEFORE_CONTENT or told_twice != (entry.flag_bits & _ENCRYPTED, entry.compress_type):
        raise zipfile.BadZipFile(entry.filename)
    if entry.flag_bits & _ENCRYPTED:
        raise RefusedError("F03", "Le fichier est chiffré par un mot de passe.")
    start = entry.header_offset + _LOCAL.size + header[-2] + header[-1]
    return data[start : start + entry.compress_size]


def _content(stored: memoryview, entry: zipfile.ZipInfo) -> bytes:
    """The stored bytes, one more at most than the entry declares."""
    if entry.compress_type == zipfile.ZIP_STORED:
        return bytes(stored)
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise RefusedError(
            "F05", "Le fichier est compressé d'une façon que le programme ne lit pas.", remedy=SAVE_AGAIN
        )
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    content = stream.decompress(stored, entry.file_size + 1)
    if not stream.eof and len(content) <= entry.file_size:
        raise EOFError
    return content


def pack(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts, stored as they are."""
    members: list[bytes] = []
    directory: list[bytes] = []
    offset = 0
    for name, content in parts.items():
        encoded, size = name.encode(), len(content)
        about = (_VERSION, _UTF8, 0, 0, _FIRST_DAY, zlib.crc32(content), size, size, len(encoded), 0)
        members += (_LOCAL.pack(_BEFORE_CONTENT, *about), encoded, content)
        directory += (_CENTRAL.pack(_ENTRY, _VERSION, *about, 0, 0, 0, 0, offset), encoded)
        offset += _LOCAL.size + len(encoded) + size
    listing = b"".join(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(listing), offset, 0)
    return b"".join((*members, listing, end))
