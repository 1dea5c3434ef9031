"""How the cells of an .ods look, where that changes what a reader understands: its styles and the runs of its texts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from engine.intake.readers.faces import PLAIN, WHITE, Face, Runs, is_white, unseen
from engine.intake.readers.grid import Area, area, place
from engine.intake.readers.ods.formats import Codes
from engine.intake.readers.ooxml.conditions import HIDDEN
from engine.intake.readers.ooxml.odd import local
from engine.model import displays
from engine.model.values import Tell

_CELL, _TEXT, _PARAGRAPH = "table-cell", "text", "paragraph"
_RANGE = re.compile(r"\.\$?([A-Z]{1,3})\$?([0-9]{1,7})(?::[^:]*?\.\$?([A-Z]{1,3})\$?([0-9]{1,7}))?")
_LEVEL = re.compile(r"\s*(0%?)(\s|$)")
_MAX_DEPTH = 100
_LINES = frozenset({"text-line-through-style", "text-line-through-type"})
_SAID = _LINES | {"text-position", "color"}

_Drawn = tuple[bool, bool, bool | None]
"""Whether words are struck, so pale that they hardly show on paper, raised or lowered (``None``: as the cell is)."""


class Looks:
    """The styles of a workbook; ``roots``: the elements that hold them, the document's own last."""

    def __init__(self, *roots: ElementTree.Element) -> None:
        self._styles: dict[tuple[str, str], ElementTree.Element] = {}
        formats: dict[str, ElementTree.Element] = {}
        called: dict[tuple[str, str], ElementTree.Element] = {}  # conditional formats say what people call a style
        for root in roots:
            for element in root.iter():
                tag = local(element.tag)
                if tag in ("style", "default-style"):
                    family = _attribute(element, "family")
                    self._styles[family, _attribute(element, "name")] = element
                    if shown := _attribute(element, "display-name"):
                        called.setdefault((family, shown), element)
                elif tag.endswith("-style") and "datastyle" in element.tag:
                    formats[_attribute(element, "name")] = element
        self._styles = called | self._styles
        self._codes = Codes(formats)
        self._known: dict[str, Face] = {}

    def of_cell(self, name: str) -> Face:
        """The look that a cell style gives."""
        if name not in self._known:
            said = self._said(_CELL, name or "Default")
            code = self._codes.of(said.get("data-style-name", ""))
            tell = Tell.STRUCK if _is_struck(said) else Tell.NONE
            tell |= Tell.PERCENT if displays.is_percent(code) else Tell.NONE
            face = Face(tell, _is_raised(said.get("text-position", "")), code)
            self._known[name] = unseen(
                face, _colour(said.get("color", "")), _colour(said.get("background-color", "transparent"))
            )
        return self._known[name]

    def conditional(self, name: str) -> list[Face]:
        """The looks that a cell style may give besides, by its conditions."""
        style = self._styles.get((_CELL, name))
        maps = [each for each in style if local(each.tag) == "map"] if style is not None else []
        return [face for face in (self.of_cell(_attribute(each, "apply-style-name")) for each in maps) if face]

    def hides(self, name: str) -> bool:
        """Whether a style of tables takes their tab away."""
        style = self._styles.get(("table", name))
        return any(_attribute(each, "display") == "false" for each in (style if style is not None else ()))

    def _said(self, family: str, name: str) -> dict[str, str]:
        """What a style says of the looks that matter, over those it inherits from."""
        seen: set[str] = set()
        found: dict[str, str] = {}
        while name not in seen and len(seen) < _MAX_DEPTH:
            seen.add(name)
            style = self._styles.get((family, name))
            if style is not None:
                found = _said(style) | found
            name = _attribute(style, "parent-style-name") if style is not None and name else ""
        return found

    # ------------------------------------------------------------------------------------ runs of a text

    def runs(self, cell: ElementTree.Element) -> Runs:
        """How the runs of the text of a cell look."""
        found = Runs()
        for paragraph in (each for each in cell if local(each.tag) == "p"):
            self._walk(paragraph, _PARAGRAPH, (False, False, None), found, 0)
        return found

    def _walk(self, element: ElementTree.Element, family: str, above: _Drawn, found: Runs, depth: int) -> None:
        """Collect how an element's own words are drawn, then those within it; ``above``: how those around it are."""
        name = _attribute(element, "style-name")
        said = self._said(family, name) if name else {}
        struck = _is_struck(said) if _LINES & said.keys() else above[0]
        pale = is_white(_colour(said["color"])) if "color" in said else above[1]
        raised = _is_raised(said["text-position"]) if "text-position" in said else above[2]
        drawn = (struck, pale, raised)
        _note(element.text, drawn, found)
        for child in element if depth < _MAX_DEPTH else ():
            self._walk(child, _TEXT, drawn, found, depth + 1)
            _note(child.tail, drawn, found)


def rules(table: ElementTree.Element, looks: Looks) -> Iterator[tuple[Area, Face]]:
    """The conditional formats of a table that change what a reader understands, and where they apply."""
    for group in (each for each in table.iter() if local(each.tag) == "conditional-format"):
        areas = list(_areas(_attribute(group, "target-range-address")))
        for rule in group:
            style = _attribute(rule, "apply-style-name")
            face = looks.of_cell(style) if style else PLAIN
            if any(_attribute(each, "show-value") == "false" for each in rule.iter()):  # icons: on a step
                face = Face(code=HIDDEN)
            if face:
                yield from ((each, face) for each in areas)


def _areas(written: str) -> Iterator[Area]:
    for match in _RANGE.finditer(written):
        first = place(match[1], match[2])
        yield area(first, place(match[3], match[4]) if match[3] else first)


def _attribute(element: ElementTree.Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")


def _said(style: ElementTree.Element) -> dict[str, str]:
    """What a style says itself of the looks that matter."""
    code = _attribute(style, "data-style-name")
    found = {"data-style-name": code} if code else {}
    for properties in (each for each in style if local(each.tag) == "text-properties"):
        found |= {local(key): value for key, value in properties.attrib.items() if local(key) in _SAID}
        if _attribute(properties, "use-window-font-color") == "true":
            found["color"] = ""
    for properties in (each for each in style if local(each.tag) == "table-cell-properties"):
        under = _attribute(properties, "background-color")
        found |= {"background-color": under} if under else {}
    return found


def _colour(written: str) -> str:
    """``RRGGBB`` of ``#rrggbb``; what lies under a cell that says nothing is white."""
    return written.removeprefix("#").upper() if written.startswith("#") else written and WHITE


def _is_struck(said: Mapping[str, str]) -> bool:
    return any(said.get(line, "none") != "none" for line in _LINES)


def _is_raised(position: str) -> bool:
    """Whether a position raises or lowers: ``super 58%``, ``-33% 58%``, not ``0% 100%``."""
    return bool(position) and _LEVEL.match(position) is None


def _note(text: str | None, drawn: _Drawn, found: Runs) -> None:
    if text and text.strip():
        found.struck |= drawn[0]
        found.pale |= drawn[1]
        found.raised.add(drawn[2])
