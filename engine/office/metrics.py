"""How wide a text is in Arial, and so how tall its row must be.

Neither Excel nor LibreOffice can be asked to fit the rows of a file that no one has opened yet: heights are
computed here from the widths of Arial (Liberation Sans and Helvetica share them), with some room to spare
because LibreOffice prints its columns wider and draws its screen text wider than nominal.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import lru_cache

_UNITS = 2048  # font units per em
_OTHER = 1366  # a sign that is not listed: as wide as a capital

_REGULAR = {
    285: "\u202f",
    391: "'",
    455: "ijl‘’",
    532: "|¦",
    569: " !,./:;I[\\]ft\xa0·ìíîï",
    682: "()-`r¡¨²³´¸¹“”„",
    684: "{}",
    717: "•",
    727: '"',
    797: "*",
    819: "°",
    961: "^",
    1012: "◊",
    1024: "Jcksvxyz",
    1124: "±÷≤≥≠≈√",
    1139: "#$0123456789?L_abdeghnopqu£§«»–€",
    1196: "+<=>~×−",
    1237: "●○■□",
    1251: "FTZßø",
    1366: "&ABEKPSVXY",
    1479: "CDHNRUw",
    1593: "GOQØ",
    1706: "Mm",
    1821: "%æ",
    1933: "Wœ",
    2027: "▲",
    2048: "ÆŒ—…™→",
    2079: "@",
}
_BOLD = {
    285: "\u202f",
    487: "'",
    569: " ,./I\\ijl\xa0·‘’ìíîï",
    682: "!()-:;[]`ft²³“”",
    797: "*r{}",
    819: "°",
    971: '"',
    1012: "◊",
    1024: "z„",
    1124: "±÷≤≥≠≈√",
    1139: "#$0123456789J_aceksvxy£§«»–€",
    1196: "+<=>^~×−",
    1237: "●○■□",
    1251: "?FLTZbdghnopquß",
    1366: "EPSVXY",
    1479: "&ABCDHKNRU",
    1593: "GOQwØ",
    1706: "M",
    1821: "%mæ",
    1933: "Wœ",
    1997: "@",
    2027: "▲",
    2048: "ÆŒ—…™→",
}


def _by_sign(widths: dict[int, str]) -> dict[str, int]:
    return {sign: width for width, signs in widths.items() for sign in signs}


_WIDTHS = {False: _by_sign(_REGULAR), True: _by_sign(_BOLD)}
LINE_HEIGHTS = {7: 9.5, 8: 10.5, 8.5: 11.25, 9: 12.0, 10: 12.75, 10.5: 13.5, 11: 14.25, 12: 15.0, 20: 25.0}
"""Points per line of text, by font size in points."""


@lru_cache(maxsize=8192)
def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text in pixels (96 per inch), at a font size in points."""
    widths = _WIDTHS[bold]
    units = 0
    for sign in text:
        width = widths.get(sign)
        if width is None:  # an accented letter is as wide as its base
            width = widths.get(unicodedata.normalize("NFD", sign)[0], _OTHER)
        units += width
    return units / _UNITS * size * 4 / 3


@lru_cache(maxsize=8192)
def wrap(text: str, width: float, size: float, *, bold: bool = False, indent: int = 0) -> int:
    """How many lines a text takes in a column ``width`` pixels wide (breaks after a space or a hyphen)."""
    room = (width - 10 - 9 * indent) * 0.92
    return sum(_wrap_line(line, room, size, bold) for line in text.split("\n")) if text else 1


_WORD = re.compile(r"(?:[^\s-]|[\u00a0\u202f])*(?:-|[^\S\u00a0\u202f]+|$)")
"""What holds together on a line, no-break spaces included, with the blank or the hyphen after it."""


def _wrap_line(line: str, room: float, size: float, bold: bool) -> int:
    lines, used = 1, 0.0
    for word in filter(None, _WORD.findall(line)):
        full, visible = text_width(word, size, bold=bold), text_width(word.rstrip(), size, bold=bold)
        if used and used + visible > room:
            lines, used = lines + 1, 0.0
        if visible > room > 0:  # a word longer than the column is cut where the column ends
            lines += math.ceil(visible / room) - 1
            full %= room
        used += full
    return lines


def row_height(lines: int, size: float) -> float:
    """The height in points of a row holding ``lines`` lines at a font size, padding included."""
    return stacked_height((lines, size))


def stacked_height(*parts: tuple[int, float]) -> float:
    """The height in points of a row holding so many lines at a font size, then so many at another..."""
    return math.ceil((6 + sum(lines * LINE_HEIGHTS[size] for lines, size in parts)) / 0.75) * 0.75
