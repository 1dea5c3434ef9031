"""The directory of an OLE container: which streams it holds. Nothing is told by words found among its bytes."""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER, _ENTRY = 512, 128  # bytes
_LAST = 0xFFFFFFFA  # sectors of a greater number end a chain, or are none
_MOST_SECTORS = 2_000


def streams(data: bytes) -> set[str]:
    """The names of its streams and storages; none for a container whose directory cannot be read."""
    try:
        return set(_names(data))
    except (struct.error, IndexError):
        return set()


def _names(data: bytes) -> Iterator[str]:
    size = 1 << min(struct.unpack_from("<H", data, 30)[0], 12)
    if size < _ENTRY:
        return  # a header without sense
    heads = [sector for sector in struct.unpack_from("<109L", data, 76) if sector < _LAST]
    sector, seen = struct.unpack_from("<L", data, 48)[0], 0
    while sector < _LAST and seen < _MOST_SECTORS:
        start = max(size, _HEADER) + sector * size
        for entry in range(start, start + size, _ENTRY):
            length, kind = struct.unpack_from("<HB", data, entry + 64)
            if kind and 2 < length <= 64:
                yield data[entry : entry + length - 2].decode("utf-16-le", "replace")
        table, rank = divmod(sector, size // 4)
        sector = struct.unpack_from("<L", data, max(size, _HEADER) + heads[table] * size + rank * 4)[0]
        seen += 1
