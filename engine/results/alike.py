"""Whether two results workbooks say the same, the hour of the consolidation aside."""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

_MADE = re.compile(
    r"Consolidé le \d\d/\d\d/\d{4} à \d\d\u00a0h\u00a0\d\d\."
    r"| n° \d+, du \d\d/\d\d/\d{4} à \d\d\u00a0h\u00a0\d\d"
    r'|(<dcterms:(created|modified) xsi:type="dcterms:W3CDTF">)[^<]*'
)


def same_but_for_date(one: Path, other: Path) -> bool:
    """Compare two results workbooks part by part; a file that is no workbook is like no other."""
    try:
        with ZipFile(one) as first, ZipFile(other) as second:
            names = first.namelist()
            return names == second.namelist() and all(_same(first.read(name), second.read(name)) for name in names)
    except (OSError, BadZipFile):
        return False


def _same(one: bytes, other: bytes) -> bool:
    return one == other or _undated(one) == _undated(other)


def _undated(content: bytes) -> str:
    return _MADE.sub("", content.decode("utf-8", "surrogateescape"))
