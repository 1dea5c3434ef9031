"""Rows by the hundred thousand, laid into a sheet whose frame xlsxwriter has drawn.

The rows of most tables wait in a file until their sheet is put together (:class:`.frame.LiveSheet`). Those of `Détail`
are too many to be copied: in their stead, the sheet has one model row per kind of value, and the real rows take the
place of the models, in their styles, when the workbook itself is put together.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, LargeZipFile, ZipFile, ZipInfo

from engine.outputs.workbook.shared import MEMBER, NAMING, SharedStrings, declared

Styles = Sequence[int]
"""The style of each cell of a model row."""

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same date for every member: the same rows give the same bytes
_COMPRESSION = 2  # half the time of the default, for a file a fifth larger
_STYLE = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"')
_DIMENSION = re.compile(r'(<dimension ref="[A-Z]+\d+:[A-Z]+)\d+')
_RELATIONS = re.compile(r"(.*/)([^/]+)")
_LINKS_END = "</hyperlinks>"  # every sheet has one link at least: home
_SHEETS = "xl/worksheets/sheet"
_BLOCK = 1 << 18  # bytes
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_HYPERLINK = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"


@dataclass(frozen=True)
class Link:
    """Where a cell leads: to a place (``location``) of the file at ``address`` or, without one, of this workbook."""

    cell: str
    location: str
    address: str = ""


@dataclass(frozen=True)
class LongTable:
    """A table still to be laid: in ``member``, the sheet's file, ``models`` are its model rows, the sheet's last ones.

    ``last`` is the last row once laid (rows count from 1); ``rows`` takes the styles of the model rows, and makes the
    ``<row>`` elements in order, some at a time; ``links`` are those of its cells.
    """

    member: str
    models: range
    last: int
    rows: Callable[[list[Styles]], Iterator[bytes]]
    links: Sequence[Link] = ()


def lay(source: BinaryIO, target: Path, tables: Sequence[LongTable], late: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Copy a workbook to ``target``, the model rows of its long tables replaced by the real ones.

    The ``late`` members stand after all others, in this order, and before the texts. By late member, how many texts the
    parts before it share, in how many cells: what :func:`lay_again` calls for.

    Members above 2 GiB call for ZIP64, which some programs do not read: it is kept for a table that turns out so long.
    """
    try:
        return _lay(source, target, tables, late)
    except (RuntimeError, LargeZipFile):  # zipfile's words for a member that became too large for its header
        return _lay(source, target, tables, late, large=True)


def _lay(
    source: BinaryIO, target: Path, tables: Sequence[LongTable], late: Sequence[str], *, large: bool = False
) -> dict[str, tuple[int, int]]:
    texts, long = SharedStrings(), {table.member: table for table in tables}
    with ZipFile(source) as old, ZipFile(target, "w") as new:
        for name in (name for name in old.namelist() if name not in late):
            with old.open(name) as content, _opened(new, name, large=large and name in long) as output:
                for part in _parts(name, content, long.get(name), texts):
                    output.write(part)
        for table in tables:
            if addresses := _addresses(table.links):
                with _opened(new, _RELATIONS.sub(r"\1_rels/\2.rels", table.member)) as output:
                    output.write(_relations(addresses).encode())
        return _end(old, new, late, texts)


def _end(old: ZipFile, new: ZipFile, late: Sequence[str], texts: SharedStrings) -> dict[str, tuple[int, int]]:
    """Copy the late members, then write the texts; what was shared before each of them."""
    shared, there = {}, frozenset(old.namelist())
    for name in (name for name in late if name in there):
        shared[name] = texts.met
        with old.open(name) as content, _opened(new, name) as output:
            for part in _parts(name, content, None, texts):
                output.write(part)
    with _opened(new, MEMBER) as output:
        output.writelines(part.encode() for part in texts.xml())
    return shared


def lay_again(
    source: BinaryIO, stored: Path, target: Path, late: Sequence[str], texts: Callable[[bytes], SharedStrings]
) -> dict[str, tuple[int, int]]:
    """Copy a stored workbook to ``target`` as it is up to the first of its ``late`` members, these being those of
    ``source``; what :func:`lay` told, of these members.

    ``texts`` makes those that all other parts share of the stored ones. Raises :class:`ValueError` for a workbook that
    :func:`lay` did not write so.
    """
    shutil.copyfile(stored, target)
    with ZipFile(source) as old, ZipFile(target, "a") as new:
        first = next((rank for rank, info in enumerate(new.filelist) if info.filename == late[0]), 0)
        end = new.filelist[first:]
        if not first or any(info.filename not in (*late, MEMBER) for info in end):
            raise ValueError("not the members that were laid")
        kept = texts(new.read(MEMBER))
        new.start_dir = end[0].header_offset  # what stands before is left alone, to the last byte
        del new.filelist[first:]
        for info in end:
            del new.NameToInfo[info.filename]
        return _end(old, new, late, kept)


def _parts(name: str, content: IO[bytes], table: LongTable | None, texts: SharedStrings) -> Iterator[bytes]:
    """The new content of a member of the workbook; ``table``: the one to be laid in it, if any."""
    if table is not None:
        yield from _laid(content.read().decode(), table, texts)
    elif name.startswith(_SHEETS) and name.endswith(".xml"):
        yield from (part.encode() for part in texts.shared(content))
    elif name in NAMING:
        yield declared(name, _slashed(content.read()).decode()).encode()
    else:
        blocks = iter(lambda: content.read(_BLOCK), b"")
        yield from map(_slashed, blocks) if name.endswith(".rels") else blocks


def _slashed(paths: bytes) -> bytes:
    """xlsxwriter writes \\ in paths, which only some programs take for /."""
    return paths.replace(b"\\", b"/")


def _opened(archive: ZipFile, name: str, *, large: bool = False) -> IO[bytes]:
    info = ZipInfo(name, _LONG_AGO)
    info.compress_type, info.external_attr = ZIP_DEFLATED, 0o600 << 16
    # What is opened by its ZipInfo does not take the archive's own level, and this one is not in the type stubs.
    info._compresslevel = _COMPRESSION  # type: ignore[attr-defined]
    return archive.open(info, "w", force_zip64=large)


def _laid(xml: str, table: LongTable, texts: SharedStrings) -> Iterator[bytes]:
    start, end = xml.index(f'<row r="{table.models.start}"'), xml.index("</sheetData>")
    models = xml[start:end].split("</row>")[: len(table.models)]
    yield texts.share(_DIMENSION.sub(rf"\g<1>{table.last}", xml[:start], count=1)).encode()
    yield from table.rows([[int(style) for style in _STYLE.findall(row)] for row in models])
    yield xml[end:].replace(_LINKS_END, f"{_hyperlinks(table.links)}{_LINKS_END}", 1).encode()


def _addresses(links: Iterable[Link]) -> dict[str, str]:
    """The files that are led to, each once, and the identifier of its relation."""
    found = dict.fromkeys(link.address for link in links if link.address)
    return {address: f"rId{rank}" for rank, address in enumerate(found, start=1)}


def _hyperlinks(links: Sequence[Link]) -> str:
    addresses = _addresses(links)
    parts = []
    for link in links:
        target = f' r:id="{addresses[link.address]}"' if link.address else ""
        parts.append(f'<hyperlink ref="{link.cell}"{target} location="{escape(link.location)}"/>')
    return "".join(parts)


def _relations(addresses: Mapping[str, str]) -> str:
    parts = [
        f'<Relationship Id="{known}" Type="{_HYPERLINK}" Target="{escape(address)}" TargetMode="External"/>'
        for address, known in addresses.items()
    ]
    return f'{_XML}<Relationships xmlns="{_PACKAGE}">{"".join(parts)}</Relationships>'
