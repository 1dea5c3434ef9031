"""The number formats of an .ods, written as the codes that other spreadsheets use."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from engine.intake.readers.ooxml.odd import local
from engine.model import displays

_CONDITION = re.compile(r"value\(\)\s*(<=|>=|<>|!=|=|<|>)\s*(-?[0-9.]+)")
_DATED = frozenset({"day", "month", "year", "era", "day-of-week", "week-of-year", "quarter"})
_DATED |= {"hours", "minutes", "seconds"}
_UNTOLD = "d"
"""The code of a format that shows something else than the number, be it unknown what."""

_MOST = 20
_FACTORS = {"1": "", "1000": ",", "1000000": ",,"}


class Codes:
    """The codes of the formats of a workbook, by the name of their style."""

    def __init__(self, styles: Mapping[str, ElementTree.Element]) -> None:
        self._styles = styles
        self._known: dict[str, str] = {"": ""}

    def of(self, name: str) -> str:
        """The code of a format, "" for one that shows any number as it is."""
        if name not in self._known:
            style = self._styles.get(name)
            code = self._code(style) if style is not None else ""
            self._known[name] = "" if displays.is_plain(code) else code
        return self._known[name]

    def _code(self, style: ElementTree.Element) -> str:
        own = _section(style)
        maps = [each for each in style if local(each.tag) == "map"][:3]
        parts = [self._conditional(each) for each in maps]
        if parts and local(style.tag) == "text-style":  # what it says itself is for texts
            parts += [""] * (3 - len(parts))
        return ";".join([*parts, own])

    def _conditional(self, rule: ElementTree.Element) -> str:
        condition = _CONDITION.fullmatch(_attribute(rule, "condition").strip())
        style = self._styles.get(_attribute(rule, "apply-style-name"))
        if condition is None or style is None:
            return _UNTOLD
        return f"[{condition[1].replace('!=', '<>')}{condition[2]}]{_section(style)}"


def _section(style: ElementTree.Element) -> str:
    in_percents = local(style.tag) == "percentage-style"
    return "".join(_part(part, in_percents=in_percents) for part in style)


def _part(part: ElementTree.Element, *, in_percents: bool) -> str:
    tag = local(part.tag)
    if tag == "text" and in_percents:  # elsewhere a « % » is a text like any other, and changes no number
        return "%".join(map(_quoted, (part.text or "").split("%")))
    if tag == "number":
        return _number(part)
    if tag in ("text", "currency-symbol"):
        return _quoted(part.text or "")
    if tag in _DATED:
        return _UNTOLD
    return {
        "text-content": "@",
        "text-properties": "[White]" if _attribute(part, "color").lower() == "#ffffff" else "",
        "boolean": "General",
        "scientific-number": "0.0E+0",
        "fraction": "# ?/?" if _attribute(part, "min-integer-digits") else "?/?",
    }.get(tag, "")


def _number(part: ElementTree.Element) -> str:
    factor = _FACTORS.get(_attribute(part, "display-factor").partition(".")[0] or "1")
    decimals, least = _attribute(part, "decimal-places"), _count(_attribute(part, "min-integer-digits") or "0")
    within = (each for each in part if local(each.tag) == "embedded-text")
    embedded = {_count(_attribute(each, "position")): each.text or "" for each in within}
    if factor is None:
        return _UNTOLD
    if not decimals and not factor and not embedded:
        return "General"
    slots = max([least, 1, *(position + 1 for position in embedded)])
    whole = "".join(
        ("0" if left <= least else "#") + (_quoted(embedded[left - 1]) if left - 1 in embedded else "")
        for left in range(slots, 0, -1)
    )
    return whole + ("." + "0" * _count(decimals) if _count(decimals or "0") else "") + factor


def _count(written: str) -> int:
    return min(int(written), _MOST) if re.fullmatch("[0-9]{1,6}", written) else 0


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '"\\""') + '"' if text else ""


def _attribute(element: ElementTree.Element, name: str) -> str:
    """An attribute, whatever its namespace."""
    return next((value for key, value in element.attrib.items() if local(key) == name), "")
