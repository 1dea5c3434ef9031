"""What the sheets of a package hold, told by a plain XML parser and nothing of the engine: a witness, not a reader.

It knows the rules of the format, takes no shortcut, and gives up (``None``) on what is not well-formed, or says two
things of one cell.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Mapping
from xml.etree import ElementTree

Cells = Mapping[str, tuple[str, str]]
"""By address, the type and the text of a cell that holds something."""


class DoubtError(Exception):
    """The package says nothing certain."""


def hear(content: bytes) -> dict[str, Cells | None] | None:
    """By sheet name, its cells; ``None`` where nothing certain can be said."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {name: package.read(name) for name in package.namelist()}
            return _sheets(parts) if "xl/workbook.xml" in parts else _tables(parts["content.xml"])
    except Exception:  # whatever it is, there is no testimony
        return None


def _sheets(parts: Mapping[str, bytes]) -> dict[str, Cells | None]:
    relations = {
        each.get("Id"): (each.get("Type", ""), each.get("Target", ""))
        for each in ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])
    }
    shared = _shared(parts)
    found: dict[str, Cells | None] = {}
    for element in ElementTree.fromstring(parts["xl/workbook.xml"]).iter():
        if _local(element.tag) == "sheet":
            identifier = next(value for key, value in element.attrib.items() if key.endswith("}id"))
            kind, target = relations[identifier]
            if kind.endswith("/worksheet"):
                if element.get("name") in found:
                    raise DoubtError
                path = posixpath.normpath(posixpath.join("xl", target)) if target[0] != "/" else target[1:]
                found[element.get("name")] = _certain(parts[path], shared)
    return found


def _certain(part: bytes, shared: list[str]) -> Cells | None:
    """The cells of a sheet, ``None`` when it is not sound; its neighbours may be."""
    try:
        return _cells(part, shared)
    except (ElementTree.ParseError, ValueError, LookupError, DoubtError):
        return None


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _shared(parts: Mapping[str, bytes]) -> list[str]:
    if "xl/sharedStrings.xml" not in parts:
        return []
    return ["".join(item.itertext()) for item in ElementTree.fromstring(parts["xl/sharedStrings.xml"])]


def _cells(part: bytes, shared: list[str]) -> Cells:
    cells: dict[str, tuple[str, str]] = {}
    row = column = 0
    seen: set[str] = set()
    for element in ElementTree.fromstring(part).iter():
        if _local(element.tag) == "row":
            row, column = int(element.get("r", row + 1)), 0
        elif _local(element.tag) == "c":
            match = re.fullmatch(r"([A-Z]+)(\d+)", element.get("r", "")) if "r" in element.attrib else None
            if "r" in element.attrib and match is None:
                raise DoubtError
            column = _rank(match[1]) if match else column + 1
            address = f"{_letters(column)}{match[2] if match else row}"
            if address in seen:
                raise DoubtError
            seen.add(address)
            held = _held(element, shared)
            if held[1]:
                cells[address] = held
    return cells


def _held(cell: ElementTree.Element, shared: list[str]) -> tuple[str, str]:
    kind = cell.get("t", "n")
    parts = {_local(child.tag): child for child in cell}
    if len(parts) < len(cell):
        raise DoubtError
    if "is" in parts:
        return "text", "".join(parts["is"].itertext())
    text = "".join(parts["v"].itertext()) if "v" in parts else ""
    if kind == "s" and text:
        return "text", shared[int(text)]
    return {"str": "text", "inlineStr": "text"}.get(kind, kind), text


# -------------------------------------------------------------------------------------- OpenDocument

_TABLE, _OFFICE = (f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("table", "office"))


def _tables(content: bytes) -> dict[str, Cells]:
    found: dict[str, Cells] = {}
    for table in ElementTree.fromstring(content).iter(f"{_TABLE}table"):
        if table.get(f"{_TABLE}name") in found:
            raise DoubtError
        found[table.get(f"{_TABLE}name")] = _table(table)
    return found


def _table(table: ElementTree.Element) -> Cells:
    cells: dict[str, tuple[str, str]] = {}
    row = 1
    for line in table.iter(f"{_TABLE}table-row"):
        column = 1
        for cell in line:
            kind = cell.get(f"{_OFFICE}value-type", "")
            text = "\n".join("".join(part.itertext()) for part in cell)
            held = cell.get(f"{_OFFICE}value", cell.get(f"{_OFFICE}date-value", text))
            if cell.tag.startswith(f"{_TABLE}") and held:
                cells[f"{_letters(column)}{row}"] = ("n" if kind == "float" else "text", held)
            column += int(cell.get(f"{_TABLE}number-columns-repeated", 1))
        row += int(line.get(f"{_TABLE}number-rows-repeated", 1))
    return cells


def _rank(letters: str) -> int:
    rank = 0
    for letter in letters:
        rank = rank * 26 + ord(letter) - 64
    return rank


def _letters(rank: int) -> str:
    letters = ""
    while rank:
        rank, rest = divmod(rank - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
