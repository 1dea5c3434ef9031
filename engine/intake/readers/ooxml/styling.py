"""The styles of an .xlsx and the runs of its shared texts: which looks are out of the ordinary."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from xml.etree import ElementTree

from engine.intake.readers.faces import PLAIN, WHITE, Face, Faces, RunReader, Runs, is_on, is_raised, unseen
from engine.intake.readers.ooxml import odd, plain
from engine.intake.readers.ooxml.odd import local
from engine.model import displays
from engine.model.values import Tell

_MATTERS = re.compile(rb"""strike|vertAlign|%|&#|[cC]olor|numFmtId\s*=\s*["'][0\s]*(9|10)\s*["']""")
_CODE = re.compile(rb"""formatCode\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PERCENTS = {"9": "0%", "10": "0.00%"}
_LISTS = frozenset({"numFmts", "fonts", "fills", "cellStyleXfs", "cellXfs"})
_MAY_LOOK_ODD = re.compile(rb"strike|vertAlign|color")
_TEXT = b"<si"
_COUNTS = re.compile(rb"""\s(?:count|uniqueCount)=(?:"[^"]*"|'[^']*')""")
_NAMED = {("0", "", "0"): WHITE, ("1", "", "0"): "000000", ("", "9", "0"): WHITE, ("", "8", "0"): "000000"}
"""What the palettes of nearly all workbooks hold: by rank in the theme, in the list of colours, and tint."""


@lru_cache(maxsize=64)  # returns made from the same workbook often share their styles
def read(styles: bytes) -> Faces:
    """The looks out of the ordinary that a part of styles describes."""
    codes = [one or other for one, other in _CODE.findall(styles)]
    if not _MATTERS.search(styles) and all(_is_plain(code) for code in codes):
        return Faces()
    lists = _lists(_parsed(styles))
    described = (each for each in lists.get("numFmts", ()) if local(each.tag) == "numFmt")
    formats = {_identifier(each): each.get("formatCode", "") for each in described} | _PERCENTS
    fonts = [_font(each) for each in lists.get("fonts", ())]
    named = [_style(each, fonts, formats, []) for each in lists.get("cellStyleXfs", ())]
    inks = [_ink(each) for each in lists.get("fonts", ())]
    fills = [_fill(each) for each in lists.get("fills", ())]
    cells = (
        unseen(_style(each, fonts, formats, named), _one(inks, each, "fontId"), _one(fills, each, "fillId"))
        for each in lists.get("cellXfs", ())
    )
    rules = (rule(each) for each in lists.get("dxfs", ()))
    return Faces(*({rank: face for rank, face in enumerate(faces) if face} for faces in (cells, rules)))


def _lists(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    """The lists of a part of styles, each of them once: a parser may take either of two."""
    lists = {local(element.tag): element for element in root if local(element.tag) == "dxfs"}
    for element in root.iter():
        tag = local(element.tag)
        if tag in _LISTS and lists.setdefault(tag, element) is not element:
            raise odd.damaged()
    return lists


def _parsed(styles: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(styles)
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise odd.damaged() from fault


def _is_plain(code: bytes) -> bool:
    return displays.is_plain(code.decode(errors="replace"))


def _identifier(element: ElementTree.Element) -> str:
    return element.get("numFmtId", "").strip().lstrip("0")


def _font(font: ElementTree.Element) -> Face:
    """What a font, or the properties of a run, adds to a look."""
    found = {local(each.tag): each.attrib for each in font}
    return Face(Tell.STRUCK if is_on(found.get("strike")) else Tell.NONE, is_raised(found.get("vertAlign")))


def _style(style: ElementTree.Element, fonts: list[Face], formats: Mapping[str, str], named: list[Face]) -> Face:
    """The look of one cell style; where it leaves its font to its named style, programs differ: both count."""
    font = _at(fonts, style.get("fontId"))
    if style.get("applyFont") in ("0", "false"):
        under = _at(named, style.get("xfId"))
        font = Face(font.tell | (under.tell & Tell.STRUCK), font.raised or under.raised)
    return _formatted(font, formats.get(_identifier(style), ""))


def _formatted(font: Face, code: str) -> Face:
    percent = Tell.PERCENT if displays.is_percent(code) else Tell.NONE
    return Face(font.tell | percent, font.raised, "" if displays.is_plain(code) else code)


def _ink(font: ElementTree.Element) -> str:
    """The colour of a font, ``""`` for the automatic one, which some programs fit to what is under it."""
    return _colour(_child(font, "color"))


def _fill(fill: ElementTree.Element) -> str:
    """The colour under a cell's text, ``""`` where it is patterned or shaded."""
    pattern = _child(fill, "patternFill")
    kind = "" if pattern is None else pattern.get("patternType", "none")
    if kind == "none":
        return WHITE
    return _colour(_child(pattern, "fgColor")) if pattern is not None and kind == "solid" else ""


def _child(element: ElementTree.Element, tag: str) -> ElementTree.Element | None:
    return next((each for each in element if local(each.tag) == tag), None)


def _colour(element: ElementTree.Element | None) -> str:
    """A colour as it can be compared: red, green and blue, or its rank in a palette with its tint."""
    if element is None or element.get("auto") in ("1", "true"):
        return ""
    if "rgb" in element.attrib:
        return element.get("rgb", "")[-6:].upper()
    told = (element.get("theme", ""), element.get("indexed", ""), element.get("tint", "0"))
    return _NAMED.get(told, f"{told}")


def _one(colours: list[str], style: ElementTree.Element, what: str) -> str:
    rank = style.get(what, "0").strip()
    return colours[int(rank)] if rank.isdecimal() and len(rank) < 7 and int(rank) < len(colours) else ""


def _at(faces: list[Face], rank: str | None) -> Face:
    rank = (rank or "").strip()
    return faces[int(rank)] if rank.isdecimal() and len(rank) < 7 and int(rank) < len(faces) else PLAIN


def rule(element: ElementTree.Element) -> Face:
    """What a conditional format adds to the look of the cells that meet its condition."""
    parts = {local(each.tag): each for each in element}
    font = _font(parts["font"]) if "font" in parts else PLAIN
    face = _formatted(font, parts["numFmt"].get("formatCode", "") if "numFmt" in parts else "")
    ink = _ink(parts["font"]) if "font" in parts else ""
    return unseen(face, ink, _fill_of_rule(parts["fill"]) if "fill" in parts else WHITE)


def _fill_of_rule(fill: ElementTree.Element) -> str:
    """The colour under the text of a cell that meets a rule: a plain one is that of the background, unlike a cell's."""
    pattern = _child(fill, "patternFill")
    if pattern is None or pattern.get("patternType", "solid") not in ("solid", "none"):
        return ""
    colours = [_colour(_child(pattern, tag)) for tag in ("bgColor", "fgColor")]
    return next((colour for colour in colours if colour), WHITE)


class _StringRuns(odd.Target):
    """The runs of shared texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Runs] = []

    def opened(self, path: list[str], attributes: dict[str, str]) -> None:
        if path[1:] == ["si"]:
            self._reader = RunReader()
        elif path[1:2] == ["si"]:
            self._reader.opened(path[2:], attributes)

    def data(self, text: str) -> None:
        if self.path[1:2] == ["si"]:
            self._reader.written(self.path[2:], text)

    def closed(self, path: list[str]) -> None:
        if path[1:] == ["si"]:
            self.found.append(self._reader.runs)


@lru_cache(maxsize=8)
def shared_runs(strings: bytes, *, whole: bool, usual: bool) -> Mapping[int, Runs]:
    """By rank, the runs of shared texts that are struck, white, raised or lowered; of all of them where ``whole``.

    ``usual``: the texts are written as :func:`plain.has_plain_strings` says.
    """
    if not strings or not (whole or _MAY_LOOK_ODD.search(strings)):
        return {}
    found = _by_text(strings) if usual and plain.is_sound(strings) else _all_runs(strings)
    return {rank: runs for rank, runs in found.items() if runs or (whole and len(runs.raised) > 1)}


def _by_text(strings: bytes) -> dict[int, Runs]:
    """The runs of the texts that have some, each parsed as if it came alone: most are in every return."""
    first = strings.find(_TEXT)
    head, runs, rank, end = _COUNTS.sub(b"", strings[:first]), {}, 0, 0
    while (run := strings.find(b"<r>", end)) >= 0:  # what is written as usual has it in a text alone
        start = strings.rindex(b"<si>", end, run)
        rank, end = rank + strings.count(_TEXT, end, start), strings.index(b"</si>", run)
        runs[rank] = _runs_of(head + strings[start:end] + b"</si></sst>")
        rank += 1
    return runs


@lru_cache(maxsize=256)
def _runs_of(strings: bytes) -> Runs:
    """The runs of a list of one text."""
    return _all_runs(strings)[0]


def _all_runs(strings: bytes) -> dict[int, Runs]:
    return dict(enumerate(odd.parse(strings, _StringRuns()).found))
