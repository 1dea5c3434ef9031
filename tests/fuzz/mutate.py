"""Ways to spoil a workbook: its bytes, or the XML of one of its parts. Each says what it did."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from random import Random

TOKEN = re.compile(rb"<[^>]*>|[^<]+")
ATTRIBUTE = re.compile(rb'\s([A-Za-z:]+)="([^"]*)"')
CELL = re.compile(rb"<c [^>]*?/>|<c [^>]*>.*?</c>", re.DOTALL)
ROW = re.compile(rb"<row [^>]*?/>|<row [^>]*>.*?</row>", re.DOTALL)
VALUES = (
    *(b"", b"0", b"-1", b"1", b"7", b"999999999999", b"1e400", b"NaN", b"x", b"\xc3\xa9", b"&#0;", b"&lt;", b"&amp;"),
    *(b"A0", b"A1", b"G12", b"G13", b"XFD1048576", b"ZZZZ9", b"A1:B2", b"G12:G13", b"1:1", b"#REF!"),
    *(b"s", b"n", b"e", b"b", b"d", b"str", b"inlineStr", b"hidden", b"shared", b"array", b"rId1", b"rId99"),
)
JUNK = (
    *(
        b" ",
        b"\n\n",
        b"<!-- x -->",
        b"<?x y?>",
        b"<x/>",
        b"<x>",
        b"</x>",
        b"<![CDATA[x]]>",
        b"&#53;",
        b"&x;",
        b"&",
        b"<",
    ),
    *(
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"<v>9</v>",
        b"<f>1+1</f>",
        b"</c>",
        b"<c>",
        b'<c r="G12"><v>1</v></c>',
        b"</row>",
    ),
    *(b"<row>", b"</sheetData>", b'<mergeCells><mergeCell ref="G12:G13"/></mergeCells>', b'<row r="12"/>'),
)


def packed(members: Mapping[str, bytes]) -> bytes:
    """A package of these members, stored as they are: quick to make and to read."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    return made.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    """The members of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def mutate(content: bytes, parts: Mapping[str, bytes], chance: Random) -> tuple[bytes, list[str]]:
    """A spoiled package, and what was done to it; ``parts`` are its members."""
    done: list[str] = []
    if chance.random() < 0.25:
        for _ in range(chance.randint(1, 3)):
            content = _spoil_bytes(content, chance, done)
        return content, done
    parts = dict(parts)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        _spoil_part(parts, chance, done)
    return packed(parts), done


# --------------------------------------------------------------------------------------------- bytes


def _spoil_bytes(content: bytes, chance: Random, done: list[str]) -> bytes:
    way = chance.choice(("flip", "flip", "zero", "cut", "truncate", "repeat", "insert", "header"))
    at = chance.randrange(max(1, len(content)))
    size = chance.choice((1, 4, 30, 500))
    done.append(f"{way} {size} at {at}")
    piece = content[at : at + size]
    made = {
        "flip": lambda: content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :],
        "zero": lambda: content[:at] + bytes(len(piece)) + content[at + size :],
        "cut": lambda: content[:at] + content[at + size :],
        "truncate": lambda: content[:at],
        "repeat": lambda: content[:at] + piece + content[at:],
        "insert": lambda: content[:at] + chance.randbytes(size) + content[at:],
        "header": lambda: _flip_header(content, chance),
    }
    return made[way]()


def _flip_header(content: bytes, chance: Random) -> bytes:
    """One byte of a member's header, in the directory or before its data: names, sizes, flags, offsets."""
    starts = [match.start() for match in re.finditer(rb"PK\x01\x02|PK\x03\x04|PK\x05\x06", content)]
    if not starts:
        return content
    at = chance.choice(starts) + chance.randrange(4, 60)
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


# ----------------------------------------------------------------------------------------------- XML


def _spoil_part(parts: dict[str, bytes], chance: Random, done: list[str]) -> None:
    names = sorted(parts)
    sheets = [name for name in names if "sheet" in name.lower() or name == "content.xml"]
    name = chance.choice(sheets) if sheets and chance.random() < 0.75 else chance.choice(names)
    way = chance.choice(WAYS)
    parts[name] = way(parts[name], chance)
    done.append(f"{way.__name__.strip('_')} in {name}")
    if chance.random() < 0.03:
        gone = chance.choice(names)
        parts.pop(gone, None)
        done.append(f"without {gone}")


def _one(pattern: re.Pattern[bytes], content: bytes, chance: Random) -> re.Match[bytes] | None:
    """A match taken at random: the first one from some place on."""
    found = pattern.search(content, chance.randrange(max(1, len(content))))
    return found or pattern.search(content)


def _replace(content: bytes, match: re.Match[bytes] | None, by: bytes, group: int = 0) -> bytes:
    return content if match is None else content[: match.start(group)] + by + content[match.end(group) :]


def _delete_token(content: bytes, chance: Random) -> bytes:
    return _replace(content, _one(TOKEN, content, chance), b"")


def _repeat_token(content: bytes, chance: Random) -> bytes:
    match = _one(TOKEN, content, chance)
    return _replace(content, match, match[0] * 2) if match else content


def _delete_cell(content: bytes, chance: Random) -> bytes:
    return _replace(content, _one(CELL, content, chance), b"")


def _repeat_cell(content: bytes, chance: Random) -> bytes:
    match = _one(CELL, content, chance)
    return _replace(content, match, match[0] * 2) if match else content


def _delete_row(content: bytes, chance: Random) -> bytes:
    return _replace(content, _one(ROW, content, chance), b"")


def _repeat_row(content: bytes, chance: Random) -> bytes:
    match = _one(ROW, content, chance)
    return _replace(content, match, match[0] * 2) if match else content


def _move_cell(content: bytes, chance: Random) -> bytes:
    """A cell's XML put at another place, its address unchanged."""
    match = _one(CELL, content, chance)
    if match is None:
        return content
    without = _replace(content, match, b"")
    place = _one(CELL, without, chance)
    return without if place is None else without[: place.start()] + match[0] + without[place.start() :]


def _set_attribute(content: bytes, chance: Random) -> bytes:
    return _replace(content, _one(ATTRIBUTE, content, chance), chance.choice(VALUES), 2)


def _set_cell_attribute(content: bytes, chance: Random) -> bytes:
    return _replace(
        content, _one(re.compile(rb'<c [^>]*?([rst])="([^"]*)"'), content, chance), chance.choice(VALUES), 2
    )


def _rename_attribute(content: bytes, chance: Random) -> bytes:
    return _replace(content, _one(ATTRIBUTE, content, chance), chance.choice((b"r", b"t", b"s", b"x:r", b"R")), 1)


def _delete_attribute(content: bytes, chance: Random) -> bytes:
    return _replace(content, _one(ATTRIBUTE, content, chance), b"")


def _delete_addresses(content: bytes, chance: Random) -> bytes:
    return re.sub(rb'(<c) r="[A-Z]+\d+"', rb"\1", content)


def _requote(content: bytes, chance: Random) -> bytes:
    match = _one(ATTRIBUTE, content, chance)
    return _replace(content, match, b" " + match[1] + b" = '" + match[2] + b"'") if match else content


def _insert_junk(content: bytes, chance: Random) -> bytes:
    match = _one(TOKEN, content, chance)
    return content if match is None else content[: match.end()] + chance.choice(JUNK) + content[match.end() :]


def _rename_tag(content: bytes, chance: Random) -> bytes:
    match = _one(re.compile(rb"</?([A-Za-z:]+)"), content, chance)
    return _replace(content, match, chance.choice((b"x", b"c", b"v", b"row", b"C", b"is", b"t", b"f", b"x:c")), 1)


def _rename_every_tag(content: bytes, chance: Random) -> bytes:
    """One kind of element under another name, or a prefix, wherever it stands."""
    match = _one(re.compile(rb"<([A-Za-z]+)"), content, chance)
    by = chance.choice((b"x", b"x:" + match[1], match[1].upper())) if match else b""
    return re.sub(rb"(</?)" + match[1] + rb"(?=[ />])", rb"\1" + by, content) if match else content


def _truncate(content: bytes, chance: Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _encode_text(content: bytes, chance: Random) -> bytes:
    """A text written with references to its characters: another spelling of the same."""
    match = _one(re.compile(rb">([ -%'-;=?-~]+)<"), content, chance)
    return _replace(content, match, b"".join(b"&#%d;" % byte for byte in match[1]), 1) if match else content


def _quote_text(content: bytes, chance: Random) -> bytes:
    match = _one(re.compile(rb">([ -%'-;=?-~]+)<"), content, chance)
    return _replace(content, match, b"<![CDATA[" + match[1] + b"]]>", 1) if match else content


def _declare_encoding(content: bytes, chance: Random) -> bytes:
    named = chance.choice((b"UTF-16", b"ISO-8859-1", b"utf-8", b"x"))
    return b'<?xml version="1.0" encoding="' + named + b'"?>' + re.sub(rb"^<\?xml.*?\?>", b"", content)


def _encode_part(content: bytes, chance: Random) -> bytes:
    try:
        return content.decode().encode(chance.choice(("utf-16", "utf-16-le", "utf-32")))
    except UnicodeDecodeError:
        return content


def _flip_byte(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(max(1, len(content)))
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


WAYS = (
    *(_delete_token, _repeat_token, _delete_cell, _repeat_cell, _delete_row, _repeat_row, _move_cell, _set_attribute),
    *(_set_cell_attribute, _set_cell_attribute, _rename_attribute, _delete_attribute, _delete_addresses, _requote),
    *(_insert_junk, _insert_junk, _rename_tag, _rename_every_tag, _truncate, _encode_text, _quote_text),
    *(_declare_encoding, _encode_part, _flip_byte, _flip_byte),
)
