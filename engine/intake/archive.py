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

from engine.intake.refusal import RefusedError

MAX_PART = 20_000_000  # bytes of one member; the largest of a filled workbook has some 100,000
MAX_INFLATED = 48_000_000  # bytes, all members together
MAX_MEMBERS = 2_000

_PICTURE = re.compile(r"(?:^|[/\\])(?:media|pictures)[/\\]|\.(?:png|jpe?g|gif|bmp|tiff?|emf|wmf)$", re.IGNORECASE)
_ENTRY = b"PK\x01\x02"  # begins each entry of the directory
_BEFORE_CONTENT = b"PK\x03\x04"
_LOCAL = struct.Struct("<4s5H3L2H")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_END = struct.Struct("<4s4H2LH")
_VERSION, _UTF8, _FIRST_DAY = 20, 0x800, 33  # of the format, of names; 1 January 1980


def inflate(data: bytes) -> dict[str, bytes]:
    """The members of an archive. Raises :class:`RefusedError` F01, F03 or F05.

    No size is believed: the declared ones are checked against the bounds before anything is inflated, and none is
    inflated beyond what it declares, nor taken without its CRC.
    """
    if data.count(_ENTRY) > MAX_MEMBERS:
        raise RefusedError("F05", f"Le fichier contient plus de {MAX_MEMBERS} éléments.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
        _check_names([entry.filename for entry in entries])
        _check_sizes(entries)
        view = memoryview(data)
        return {entry.filename: _inflate(view, entry) for entry in entries}
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError) as fault:
        raise RefusedError("F01", "Le fichier est tronqué ou endommagé : ses données ne se relisent pas.") from fault


def _check_names(names: list[str]) -> None:
    folded = [name.replace("\\", "/").casefold() for name in names]
    if len(set(folded)) < len(folded):
        raise RefusedError("F05", "Deux éléments du fichier portent le même nom.")
    if any(name.startswith("/") or ".." in name.split("/") or ":" in name for name in folded):
        raise RefusedError("F05", "Un élément du fichier porte un nom qui sort du classeur.")


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    sizes = [entry.file_size for entry in entries]
    for size, bound in ((max(sizes, default=0), MAX_PART), (sum(sizes), MAX_INFLATED)):
        if size > bound:
            what = "le fichier" if bound == MAX_INFLATED else "un élément du fichier"
            message = f"Une fois décompressé, {what} pèse {megabytes(size)}, la limite est de {megabytes(bound)}."
            pictures = sum(entry.file_size for entry in entries if _PICTURE.search(entry.filename))
            if 2 * pictures > sum(sizes):
                message += f" Les images en font {megabytes(pictures)} : supprimez les images du classeur."
            raise RefusedError("F05", message)


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size // 1_000_000} Mo"


def _inflate(data: memoryview, entry: zipfile.ZipInfo) -> bytes:
    if entry.flag_bits & 0x1:
        raise RefusedError("F03", "Le fichier est chiffré par un mot de passe.")
    header = _LOCAL.unpack_from(data, entry.header_offset)
    if header[0] != _BEFORE_CONTENT:
        raise zipfile.BadZipFile(entry.filename)
    start = entry.header_offset + _LOCAL.size + header[-2] + header[-1]
    content = _content(data[start : start + entry.compress_size], entry)
    if len(content) > entry.file_size:
        raise RefusedError("F05", f"« {entry.filename} » se décompresse au-delà de la taille qu'il annonce.")
    if len(content) < entry.file_size or zlib.crc32(content) != entry.CRC:
        raise zipfile.BadZipFile(entry.filename)
    return content


def _content(stored: memoryview, entry: zipfile.ZipInfo) -> bytes:
    """What is stored, one byte more at most than the entry declares."""
    if entry.compress_type == zipfile.ZIP_STORED:
        return bytes(stored)
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(entry.compress_type)
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    content = stream.decompress(stored, entry.file_size + 1)
    if not stream.eof and len(content) <= entry.file_size:
        raise EOFError
    return content


def pack(parts: Mapping[str, bytes]) -> bytes:
    """An archive of these parts, stored as they are."""
    members, directory, offset = [], [], 0
    for name, content in parts.items():
        encoded, size = name.encode(), len(content)
        about = (_VERSION, _UTF8, 0, 0, _FIRST_DAY, zlib.crc32(content), size, size, len(encoded), 0)
        members += (_LOCAL.pack(_BEFORE_CONTENT, *about), encoded, content)
        directory += (_CENTRAL.pack(_ENTRY, _VERSION, *about, 0, 0, 0, 0, offset), encoded)
        offset += _LOCAL.size + len(encoded) + size
    listing = b"".join(directory)
    end = _END.pack(b"PK\x05\x06", 0, 0, len(parts), len(parts), len(listing), offset, 0)
    return b"".join((*members, listing, end))
