"""Workbooks made by hand, as no spreadsheet program writes them: raw XML in, bytes of a file out."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_ODS = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = "".join(f' xmlns:{name}="{_ODS}:{name}:1.0"' for name in ("office", "table", "text"))


def zipped(parts: dict[str, bytes]) -> bytes:
    """An archive of these members, compressed."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return made.getvalue()


def xlsx(*sheets: bytes, strings: bytes = b"", tail: bytes = b"", **more: bytes) -> bytes:
    """A workbook whose sheets `F0`, `F1`... hold these rows, ``tail`` after them; ``more``: other parts below `xl/`."""
    listed = "".join(f'<sheet name="F{rank}" sheetId="{rank + 1}" r:id="r{rank}"/>' for rank in range(len(sheets)))
    links = [(f"r{rank}", "worksheet", f"worksheets/sheet{rank}.xml") for rank in range(len(sheets))]
    links += [("s", "sharedStrings", "sharedStrings.xml"), ("t", "styles", "styles.xml")]
    related = "".join(f'<Relationship Id="{key}" Type="{_OFFICE}/{kind}" Target="{to}"/>' for key, kind, to in links)
    parts = {
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>'.encode()
        ),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_LINKS}">{related}</Relationships>'.encode(),
    }
    for rank, rows in enumerate(sheets):
        parts[f"xl/worksheets/sheet{rank}.xml"] = (
            f'<worksheet xmlns="{_MAIN}"><sheetData>'.encode() + rows + b"</sheetData>" + tail + b"</worksheet>"
        )
    if strings:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{_MAIN}">'.encode() + strings + b"</sst>"
    return zipped(parts | {f"xl/{name}.xml": content for name, content in more.items()})


def ods(rows: bytes) -> bytes:
    """A workbook whose one sheet holds these rows."""
    start = f'<office:document-content{_SPACES}><office:body><office:spreadsheet><table:table table:name="F0">'
    end = b"</table:table></office:spreadsheet></office:body></office:document-content>"
    mimetype = b"application/vnd.oasis.opendocument.spreadsheet"
    return zipped({"mimetype": mimetype, "content.xml": start.encode() + rows + end})


def cells(rows: int, columns: int, cell: bytes) -> bytes:
    """A full rectangle, ``@`` being each cell's address; at most 26 columns."""
    lines = (
        b"".join(cell.replace(b"@", b"%c%d" % (ord("A") + column, row)) for column in range(columns))
        for row in range(1, rows + 1)
    )
    return b"".join(b'<row r="%d">%s</row>' % (row, line) for row, line in enumerate(lines, start=1))


def expanding(declared: int, megabytes: int = 3000, name: str = "xl/sharedStrings.xml") -> bytes:
    """An archive of some 3 MB whose one member expands to so many megabytes of spaces, whatever it declares."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = squeezer.compress(b" " * 1_000_000) + squeezer.flush(zlib.Z_FULL_FLUSH)
    stored = block * megabytes + squeezer.flush()
    about = (20, 0, zipfile.ZIP_DEFLATED, 0, 33, 0, len(stored), declared, len(name), 0)
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", *about) + name.encode()
    entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *about, 0, 0, 0, 0, 0) + name.encode()
    start = len(local) + len(stored)
    return local + stored + entry + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(entry), start, 0)
