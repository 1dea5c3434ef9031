"""Whether two results workbooks say the same, the hour of the consolidation aside."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO
from zipfile import ZipFile

from engine.model.faults import ZIP_DAMAGE

_HOUR = "\\d\\d/\\d\\d/\\d{4} à \\d\\d\u00a0h\u00a0\\d\\d"
_MADE = re.compile(
    f"Consolidé le {_HOUR}\\.|{_HOUR}, par le programme| n° \\d+, du {_HOUR}".encode()
    + rb'|(<dcterms:(created|modified) xsi:type="dcterms:W3CDTF">)[^<]*'
)
_BLOCK = 1 << 18  # bytes: the marks of a large cohort unfold to hundreds of megabytes


def same_but_for_date(one: Path, other: Path) -> bool:
    """Compare two results workbooks part by part; a file that is no workbook is like no other.

    What is the same stands at the same place, for dates have one width. Where they do not (a run's number that gains a
    figure), or lie across two blocks, two workbooks that say the same are told apart, and never the other way round.
    """
    try:
        with ZipFile(one) as first, ZipFile(other) as second:
            sizes = [[(part.filename, part.file_size) for part in book.infolist()] for book in (first, second)]
            return sizes[0] == sizes[1] and all(_same_part(first, second, name) for name, _ in sizes[0])
    except ZIP_DAMAGE:
        return False


def _same_part(first: ZipFile, second: ZipFile, name: str) -> bool:
    with first.open(name) as one, second.open(name) as other:
        blocks = zip(_blocks(one), _blocks(other), strict=True)
        return all(mine == its or _undated(mine) == _undated(its) for mine, its in blocks)


def _blocks(part: IO[bytes]) -> Iterator[bytes]:
    while block := part.read(_BLOCK):
        yield block


def _undated(content: bytes) -> bytes:
    return _MADE.sub(b"", content)
