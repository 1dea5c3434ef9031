"""A sheet of an .xlsx that is not written as usual, read by a real XML parser: its tells, and what its cells hold.

What the cells hold is only compared with what calamine reads: where the two differ, the sheet is not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar
from xml.etree import ElementTree

from engine.intake.readers.faces import Faces, RunReader, Runs
from engine.intake.readers.grid import Area, Place, area, place
from engine.intake.readers.look import Held, Look, spread_formulas
from engine.intake.safety.bounds import Room, check_merged
from engine.intake.safety.refusal import RefusedError
from engine.model.values import Tell

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COUNT = re.compile(r"[0-9]{1,9}")
_PICTURE = re.compile(r"\s*(_xl\w+\.)*(IMAGE|DISPIMG)\(", re.IGNORECASE)
_CELL = ["worksheet", "sheetData", "row", "c"]
_MAX_DEPTH = 200

T = TypeVar("T", bound="Target")


@dataclass(frozen=True)
class Shared:
    """The texts that cells point at; ``runs``: those of them that are struck, raised or lowered."""

    texts: Sequence[str]
    runs: Mapping[int, Runs]


def look(name: str, content: bytes, faces: Faces, shared: Shared, room: Room) -> Look:
    """The look at a sheet. Raises :class:`RefusedError` F01 or F05."""
    room.write(name, content.count(b"<"))
    sheet = parse(content, _Sheet(faces, shared))
    check_merged(name, len(sheet.merged))
    rows = max((row for row, _ in sheet.holding), default=0) + 1
    room.extend(name, rows, max((column for _, column in sheet.holding), default=0) + 1)
    room.fill(name, sum(len(held.value) for held in sheet.held.values() if isinstance(held.value, str)))
    spread_formulas(name, sheet.spread, sheet.tells, room)
    return Look(sheet.tells, tuple(sheet.merged), sheet.held, sheet.codes)


def shared_strings(content: bytes) -> list[str]:
    """The texts that cells point at."""
    return parse(content, _Strings()).texts


def parse(content: bytes, target: T) -> T:
    """Feed a part to a target. Raises :class:`RefusedError` F01 when it is not sound XML."""
    parser = ElementTree.XMLParser(target=target)
    try:
        parser.feed(content)
        parser.close()
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise damaged() from fault
    return target


def damaged() -> RefusedError:
    """The refusal of a workbook whose parts are not what they should be."""
    return RefusedError("F01", "La structure du classeur n'est pas de celles que le programme sait lire.")


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


class Target:
    """What the parser calls; no tree is built, whatever the size or the depth of the part."""

    def __init__(self) -> None:
        self.path: list[str] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        self.path.append(local(tag))
        if len(self.path) > _MAX_DEPTH:
            raise RefusedError("F05", "Une partie du classeur est imbriquée sans fin.")
        self.opened(self.path, attributes)

    def end(self, _tag: str) -> None:
        """An element ends."""
        self.closed(self.path)
        self.path.pop()

    def opened(self, path: list[str], attributes: dict[str, str]) -> None:
        """The element at the end of ``path`` begins."""

    def closed(self, path: list[str]) -> None:
        """The element at the end of ``path`` ends."""

    def close(self) -> None:
        """The whole part was sound."""


class _Strings(Target):
    """The shared strings; how a text is pronounced (``rPh``) is no part of it."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._text: list[str] = []

    def opened(self, path: list[str], _attributes: dict[str, str]) -> None:
        if path[1:] == ["si"]:
            self._text = []

    def data(self, text: str) -> None:
        if self.path[-1] == "t" and "rPh" not in self.path:
            self._text.append(text)

    def closed(self, path: list[str]) -> None:
        if path[1:] == ["si"]:
            self.texts.append(_unescaped("".join(self._text)))


@dataclass
class _Cell:
    """A cell being read."""

    place: Place
    kind: str
    tell: Tell
    style: int = 0
    parts: set[str] = field(default_factory=set)
    texts: list[str] = field(default_factory=list)
    formula: list[str] = field(default_factory=list)
    reader: RunReader = field(default_factory=RunReader)


class _Sheet(Target):
    """The cells of a sheet."""

    def __init__(self, faces: Faces, shared: Shared) -> None:
        super().__init__()
        self.faces, self.strings, self.runs = faces, shared.texts, shared.runs
        self.tells: dict[Place, Tell] = {}
        self.codes: dict[Place, str] = {}
        self.merged: list[Area] = []
        self.spread: list[Area] = []
        self.holding: set[Place] = set()
        self.held: dict[Place, Held] = {}
        self._row, self._column = 0, 0
        self._cell: _Cell | None = None

    def opened(self, path: list[str], attributes: dict[str, str]) -> None:
        tag = path[-1]
        if tag == "row":
            self._row, self._column = number(attributes.get("r", str(self._row + 1))), 0
        elif tag == "c":
            self._open_cell(path, attributes)
        elif self._cell is not None:
            self._part(self._cell, path, attributes)
        elif tag == "mergeCell":
            self.merged.append(_area(attributes.get("ref", "")))

    def _open_cell(self, path: list[str], attributes: dict[str, str]) -> None:
        if path != _CELL:  # one that stands elsewhere may be read, or not
            raise damaged()
        where = cell(attributes["r"]) if "r" in attributes else (self._row - 1, self._column)
        if where in self.holding:
            raise RefusedError("F01", "Une cellule figure deux fois dans la feuille : on ne sait laquelle vaut.")
        self._column = where[1] + 1
        kind = attributes.get("t", "n")
        tell = Tell.ERROR if kind == "e" else Tell.NONE
        if tell and "vm" in attributes:  # a picture placed in the cell, an error to programs that know none
            tell = Tell.PICTURE
        style = number(attributes.get("s", "0"))
        self._cell = _Cell(where, kind, tell, style)

    def _part(self, cell: _Cell, path: list[str], attributes: dict[str, str]) -> None:
        """A part of a cell: its formula, its value or its text, each of them once."""
        if len(path) == len(_CELL) + 1:
            if path[-1] in cell.parts or path[-1] not in ("f", "v", "is"):
                raise damaged()
            cell.parts.add(path[-1])
            if path[-1] == "f" and attributes.get("t") in ("array", "dataTable") and ":" in attributes.get("ref", ""):
                self.spread.append(_area(attributes["ref"]))
        elif path[len(_CELL)] == "is":
            cell.reader.opened(path[len(_CELL) + 1 :], attributes)

    def data(self, text: str) -> None:
        cell, inside = self._cell, self.path[len(_CELL) :]
        if cell is None:
            return
        if inside[:1] == ["is"]:
            cell.reader.written(inside[1:], text)
        if inside == ["f"]:
            cell.formula.append(text)
        if inside == ["v"] or (inside[:1] == ["is"] and inside[-1] == "t" and "rPh" not in inside):
            cell.texts.append(text)

    def closed(self, path: list[str]) -> None:
        cell = self._cell
        if path != _CELL or cell is None:
            return
        self._cell = None
        self._look_at(cell)
        if cell.parts:
            self.holding.add(cell.place)
        held = self._held(cell.kind, "".join(cell.texts))
        if held.value != "":
            self.held[cell.place] = held

    def _look_at(self, cell: _Cell) -> None:
        """Note what a plain reading of the cell hides."""
        face = self.faces.of(cell.style)
        tell = cell.tell | face.tell | cell.reader.runs.tell(face)
        if "f" in cell.parts:
            is_picture = _PICTURE.match("".join(cell.formula)) and cell.kind in ("e", "str")  # WPS: its own formula
            tell = tell & ~Tell.ERROR | Tell.PICTURE if is_picture else tell | Tell.FORMULA
        text = "".join(cell.texts)
        if cell.kind == "s" and text.isdecimal() and int(text) in self.runs:
            tell |= self.runs[int(text)].tell(face)
        if tell:
            self.tells[cell.place] = tell
        if face.code:
            self.codes[cell.place] = face.code

    def _held(self, kind: str, text: str) -> Held:
        """The value of a cell of this type, written as ``text``."""
        if kind == "e" or text == "":
            return Held("")
        try:
            return Held(self.strings[number(text)]) if kind == "s" else _READERS[kind](text)
        except (KeyError, ValueError, IndexError) as fault:
            raise damaged() from fault


def _numeric(text: str) -> Held:
    return Held(float(text), dated=True)


def _boolean(text: str) -> Held:
    return Held({"1": True, "true": True, "0": False, "false": False}[text])


def _textual(text: str) -> Held:
    return Held(_unescaped(text))


def _moment(text: str) -> Held:
    return Held(text, dated=True)


_READERS = {"n": _numeric, "b": _boolean, "str": _textual, "inlineStr": _textual, "d": _moment}


def number(text: str) -> int:
    """A count or a rank. Raises :class:`RefusedError` F01 for what is none, as :func:`cell` does."""
    if not _COUNT.fullmatch(text):
        raise damaged()
    return int(text)


def cell(written: str) -> Place:
    """The cell of an address."""
    match = _ADDRESS.fullmatch(written)
    if match is None:
        raise damaged()
    return place(match[1], match[2])


def _area(reference: str) -> Area:
    first, _, last = reference.partition(":")
    return area(cell(first), cell(last))


def _unescaped(text: str) -> str:
    """A text as spreadsheets show it: ``_x0034_`` stands for the character of that code."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
