"""The texts of a workbook, shared by its sheets.

With constant memory, xlsxwriter writes each text inside its cell. That is allowed, but some programs, on phones above
all, show such cells empty: here the texts are gathered in one part, as every spreadsheet program does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import IO

MEMBER = "xl/sharedStrings.xml"
_CONTENT_TYPES, _RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
_INLINE = re.compile(r' t="inlineStr"><is>(.*?)</is></c>', re.DOTALL)
_ITEM = re.compile("<si>(.*?)</si>", re.DOTALL)
_CELL_END = "</c>"
_BLOCK = 1 << 20  # signs read at one time
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
_DECLARED = {
    _CONTENT_TYPES: ("</Types>", f'<Override PartName="/{MEMBER}" ContentType="{_TYPE}"/>'),
    _RELATIONS: (
        "</Relationships>",
        f'<Relationship Id="rIdSharedStrings" Type="{_KIND}" Target="sharedStrings.xml"/>',
    ),
}
"""By part that must name the new one: before what, and how."""
NAMING = frozenset(_DECLARED)


class SharedStrings:
    """The distinct texts met so far, as XML, and how many cells hold one."""

    def __init__(self, texts: Iterable[str] = (), uses: int = 0) -> None:
        self._ranks = {text: rank for rank, text in enumerate(texts)}
        self._uses = uses

    @classmethod
    def resumed(cls, stored: bytes, anew: Mapping[str, str], number: int, uses: int) -> SharedStrings:
        """The first ``number`` texts of a stored part, as they were met in ``uses`` cells; ``anew``: what some of them
        say now, none of which may be among the others. Raises :class:`ValueError` when it does not hold them."""
        texts = [told[1] for told in islice(_ITEM.finditer(stored.decode()), number)]
        if len(texts) < number or anew.keys() - set(texts):
            raise ValueError("not the texts that were stored")
        found = cls((anew.get(text, text) for text in texts), uses)
        if len(found._ranks) < number:
            raise ValueError("a text that was stored already says what another one says now")
        return found

    @property
    def met(self) -> tuple[int, int]:
        """How many distinct texts, in how many cells."""
        return len(self._ranks), self._uses

    def __contains__(self, text: str) -> bool:
        return text in self._ranks

    def share(self, xml: str) -> str:
        """Whole cells, each text replaced by its rank among the shared ones."""
        return _INLINE.sub(self._shared, xml)

    def shared(self, sheet: IO[bytes]) -> Iterator[str]:
        """The same for the content of a sheet, some of it at a time."""
        rest = b""
        while block := sheet.read(_BLOCK):
            whole, end, rest = (rest + block).rpartition(_CELL_END.encode())
            yield self.share((whole + end).decode())
        yield self.share(rest.decode())

    def _shared(self, cell: re.Match[str]) -> str:
        self._uses += 1
        return f' t="s"><v>{self._ranks.setdefault(cell[1], len(self._ranks))}</v></c>'

    def xml(self) -> Iterator[str]:
        """The part that holds them."""
        yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        yield f'<sst xmlns="{_MAIN}" count="{self._uses}" uniqueCount="{len(self._ranks)}">'
        yield from (f"<si>{text}</si>" for text in self._ranks)
        yield "</sst>"


def declared(name: str, content: str) -> str:
    """A part that names the parts of the package (:data:`NAMING`), with the shared texts named too."""
    before, words = _DECLARED[name]
    return content.replace(before, words + before, 1)
