"""The conditional formats of a sheet of an .xlsx that would change what a reader understands.

Whether a condition is met is for a spreadsheet program to say: a cell that may be struck counts as struck.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree

from engine.intake.readers.faces import Face
from engine.intake.readers.grid import Area, area, place
from engine.intake.readers.ooxml import odd, styling
from engine.intake.readers.ooxml.odd import local

HIDDEN = ";;;"
"""The number format that shows nothing, as an icon or a bar without its value does."""

_LAST = (1_048_575, 16_383)
_SCALES = frozenset({"iconSet", "dataBar"})
_END = re.compile(r"\$?([A-Z]{0,3})\$?([0-9]{0,7})")


def rules(content: bytes, known: Mapping[int, Face]) -> tuple[tuple[Area, Face], ...]:
    """Where such formats may apply, and the look they give; ``known``: the looks of the workbook, by rank."""
    if b"onditionalFormatting" not in content or not (known or b"showValue" in content or b":dxf" in content):
        return ()
    try:
        root = ElementTree.fromstring(content)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise odd.damaged() from fault
    return tuple(_found(root, known))


def _found(root: ElementTree.Element, known: Mapping[int, Face]) -> Iterator[tuple[Area, Face]]:
    for group in root.iter():
        if local(group.tag) != "conditionalFormatting":
            continue
        written = group.get("sqref", "") + " ".join(each.text or "" for each in group if local(each.tag) == "sqref")
        for rule in group:
            face = _face(rule, known)
            if face:
                yield from ((each, face) for each in areas(written))


def _face(rule: ElementTree.Element, known: Mapping[int, Face]) -> Face | None:
    """The look a rule gives to the cells that meet it; ``None`` for one that changes no meaning."""
    rank = rule.get("dxfId", "")
    if rank.isdecimal() and len(rank) < 7 and int(rank) in known:
        return known[int(rank)]
    for part in rule:
        if local(part.tag) in _SCALES and part.get("showValue") in ("0", "false"):
            return Face(code=HIDDEN)
        if local(part.tag) == "dxf" and styling.rule(part):
            return styling.rule(part)
    return None


def areas(written: str) -> list[Area]:
    """The areas of a list of references."""
    return [_area(each) for each in written.split()]


def _area(written: str) -> Area:
    """The area of a reference; a whole column or row has no row or column."""
    first, _, last = written.partition(":")
    start, end = _END.fullmatch(first), _END.fullmatch(last or first)
    if start is None or end is None:
        raise odd.damaged()
    row, column = place(end[1] or "A", end[2] or "1")
    corner = (row if end[2] else _LAST[0], column if end[1] else _LAST[1])
    return area(place(start[1] or "A", start[2] or "1"), corner)
