"""The decisions that a results workbook shows, and what they rest on, read from the one sheet that has them, within
bounds.

The workbook is ours, and may hold a million cells that say nothing of decisions: its other sheets are not looked at.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as Xml

from engine.model.faults import ZIP_DAMAGE

SHEET = "Synthèse"
WHO, DECISION = "Identifiant", "Décision"
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST = 150_000_000  # bytes of a part
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)")
_COLUMN = re.compile(r"[A-Z]+")
_NOT_THERE = f"il n'a pas de feuille « {SHEET} » telle qu'attendue"


def decisions_of_workbook(content: bytes) -> dict[str, str]:
    """By identifier, the decision that the workbook shows. Raises ``ValueError`` when it shows none."""
    return {who: row[DECISION] for who, row in synthesis(content).items()}


def synthesis(content: bytes) -> dict[str, dict[str, str]]:
    """By identifier, what the workbook shows below each heading, numbers as they are stored. Raises as
    :func:`decisions_of_workbook` does."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            texts = list(_shared(package))
            return _by_person(_rows(_part(package, _path(package)), texts))
    except ValueError:
        raise
    except (*ZIP_DAMAGE, LookupError, Xml.ParseError) as fault:
        raise ValueError("le classeur ne se lit pas") from fault


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > _MOST:
        raise ValueError("le classeur est trop gros")
    content = package.read(name)
    if _DECLARATION.search(content):
        raise ValueError("le classeur contient ce qu'un classeur ne contient pas")
    return content


def _path(package: zipfile.ZipFile) -> str:
    """The part of the sheet."""
    book = Xml.fromstring(_part(package, "xl/workbook.xml"))
    named = [sheet.get(_RELATION) for sheet in book.iter(f"{_MAIN}sheet") if sheet.get("name") == SHEET]
    if len(named) != 1:
        raise ValueError(_NOT_THERE)
    links = Xml.fromstring(_part(package, "xl/_rels/workbook.xml.rels"))
    targets = [link.get("Target", "") for link in links if link.get("Id") in named]
    return f"xl/{targets[0]}"


def _shared(package: zipfile.ZipFile) -> Iterator[str]:
    if "xl/sharedStrings.xml" in package.namelist():
        for _, element in Xml.iterparse(io.BytesIO(_part(package, "xl/sharedStrings.xml"))):
            if element.tag == f"{_MAIN}si":
                yield "".join(part.text or "" for part in element.iter(f"{_MAIN}t"))
                element.clear()


def _rows(sheet: bytes, texts: list[str]) -> Iterator[dict[str, str]]:
    """The texts of each row, by the letters of their column."""
    for _, element in Xml.iterparse(io.BytesIO(sheet)):
        if element.tag == f"{_MAIN}row":
            yield {_letters(cell): text for cell in element if (text := _text(cell, texts))}
            element.clear()


def _letters(cell: Xml.Element) -> str:
    found = _COLUMN.match(cell.get("r", ""))
    return found[0] if found else ""


def _text(cell: Xml.Element, texts: list[str]) -> str:
    if cell.get("t") == "inlineStr":
        return "".join(part.text or "" for part in cell.iter(f"{_MAIN}t"))
    value = cell.findtext(f"{_MAIN}v") or ""
    return texts[int(value)] if cell.get("t") == "s" else value


def _by_person(rows: Iterator[dict[str, str]]) -> dict[str, dict[str, str]]:
    columns: dict[str, str] = {}
    for row in rows:
        columns = {text: letters for letters, text in row.items()}
        if WHO in columns and DECISION in columns:
            break
    else:
        raise ValueError(_NOT_THERE)
    who = columns[WHO]
    told = ({heading: row.get(letters, "") for heading, letters in columns.items()} for row in rows if row.get(who))
    return {row[WHO]: row for row in told}
