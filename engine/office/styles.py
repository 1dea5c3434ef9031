"""The look shared by every workbook: palette, formats by name, page set-up, safe writing.

Both the templates and the results are written through this module, so that one accent colour, one font and
one way of writing text serve everywhere. Text always goes through :func:`write_text`: xlsxwriter's ``write``
would make formulas of ``=...`` and links of addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.office.metrics import text_width

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

INK, SOFT, FAINT = "#1B2733", "#4A5763", "#5F6B76"  # text, secondary text, labels
ACCENT = "#14506B"
TINT = "#E6F0F5"  # an input to fill; PARTIEL
EDGE = "#5F8799"  # border of an input
HAIRLINE, PANEL, PENDING = "#C9D0D6", "#F1F3F5", "#EEF0F2"
BRICK, BRICK_TINT = "#9B2C14", "#FBEAE5"  # failure, anomaly
WHITE = "#FFFFFF"

FONT = "Arial"
MAX_TEXT = 32_767  # signs a cell can hold
MAX_FOOTER = 255  # signs of a footer, codes included
CUT = " […texte coupé]"

COMMISSION = "◆"
"""Marks a level that the commission set."""

STYLES: Mapping[str, Mapping[str, Any]] = {
    "body": {"font_size": 9},
    "bold": {"bold": True},
    "title": {"font_size": 20, "bold": True, "font_color": ACCENT},
    "caption": {"font_size": 9, "font_color": SOFT},
    "label": {"font_size": 8, "font_color": FAINT},
    "name": {"font_size": 10, "bold": True},
    "reference": {"font_size": 7, "font_color": FAINT, "align": "right"},
    "heading": {"font_size": 8, "bold": True, "font_color": WHITE, "bg_color": ACCENT, "text_wrap": True},
    "pale_heading": {"font_size": 8, "bold": True, "font_color": ACCENT, "bg_color": PANEL, "text_wrap": True},
    "section": {"font_size": 10.5, "bold": True, "font_color": ACCENT},
    "panel": {"font_size": 8, "font_color": SOFT, "bg_color": PANEL, "text_wrap": True},
    "small": {"font_size": 8, "font_color": SOFT},
    "hairline": {"bottom": 1, "bottom_color": HAIRLINE},
    "rule": {"bottom": 2, "bottom_color": ACCENT},
    "input": {"locked": False, "border": 1, "border_color": EDGE},
    "required": {"bg_color": TINT},
    "to_mend": {"bg_color": BRICK_TINT, "border": 2, "border_color": BRICK},
    "center": {"align": "center"},
    "right": {"align": "right"},
    "wrap": {"text_wrap": True},
    "text": {"num_format": "@"},
    "date": {"num_format": "dd/mm/yyyy"},
    "hour": {"num_format": "hh:mm"},
    "indented": {"indent": 1},
    "left_aligned": {"align": "left"},
    "note": {"font_size": 8},
    "fine": {"font_size": 7, "font_color": FAINT},
    "strong": {"font_size": 9, "bold": True, "font_color": INK},
    "good": {"font_size": 9, "font_color": ACCENT},
    "bad": {"font_size": 9, "bold": True, "font_color": BRICK},
    "bad_figure": {"font_size": 9, "bold": True, "underline": 1, "font_color": BRICK},
    "failed": {"bold": True, "underline": 1, "font_color": BRICK, "bg_color": BRICK_TINT},
    "pending": {"font_color": SOFT, "bg_color": PENDING},
    "held": {"font_color": BRICK, "bg_color": BRICK_TINT, "num_format": '"× "0.00##', "shrink": True},
    "not_presented": {"font_color": SOFT, "num_format": ';;;"–"'},
    "held_open": {"font_color": SOFT, "bg_color": PENDING, "num_format": '"○ "0.00##', "shrink": True},
    "unsettled": {"italic": True, "font_color": SOFT, "bg_color": PENDING},
    "departed": {"bold": False, "italic": True, "font_color": FAINT},
    "precise": {"num_format": "0.00##", "shrink": True},
    "whole": {"num_format": "0"},
    "link": {"font_color": ACCENT, "underline": 1},
    "exact": {"num_format": "0.00##########", "shrink": True},
    "signed": {"num_format": "+0.00##########;\u22120.00##########;0", "shrink": True},
    "signed_whole": {"num_format": "+0;\u22120;0"},
    "commission": {"num_format": f'0"{COMMISSION}"'},
    "commission_decimal": {"num_format": f'0.0#"{COMMISSION}"'},
    "commission_letter": {"num_format": f'@"{COMMISSION}"'},
    "code": {"font_size": 8, "bold": True, "font_color": SOFT},
    "figure": {"font_size": 9, "font_color": SOFT, "align": "center"},
    "counter": {"font_size": 20, "bold": True, "font_color": ACCENT, "align": "right"},
    "state": {"font_size": 8, "bold": True, "font_color": SOFT, "align": "right"},
    "level": {"font_size": 11, "bold": True, "align": "center"},
    "points": {"font_size": 10, "bold": True, "align": "center"},
    "choice": {"font_size": 10, "align": "center"},
    "family": {"font_size": 8, "bold": True, "font_color": ACCENT, "align": "center_across"},
    "flat": {"font_size": 7, "font_color": SOFT, "text_wrap": True, "valign": "bottom", "align": "center"},
    "turned": {
        "font_size": 7,
        "font_color": SOFT,
        "rotation": 90,
        "text_wrap": True,
        "valign": "bottom",
        "align": "center",
    },
    "notice": {"font_size": 14, "bold": True, "font_color": INK},
    "reason": {"font_size": 8.5, "font_color": INK},
    "free_text": {"font_size": 8.5, "align": "left", "indent": 1, "text_wrap": True},
}
"""Fragments to combine: ``styles("body", "hairline", "center")``."""

UNSETTLED = ';;;"○ "@" provisoire"'
"""The number format of a decision that a sheet still to come may change."""

WRONG: Mapping[str, Any] = {"bold": True, "underline": 1, "font_color": BRICK, "bg_color": BRICK_TINT}
"""What a conditional format gives to a value that cannot be taken."""


Key = tuple[tuple[str, ...], tuple[tuple[str, Any], ...], bool]
"""What a format was made of: its fragments, its properties, and whether nothing else stands in it."""


class Styles:
    """The formats of one workbook, made once per combination and shared by its cells."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[Key, Format] = {}

    def __call__(self, *names: str, **properties: Any) -> Format:
        """The format that combines named fragments, then explicit xlsxwriter properties (the last one wins)."""
        key = (names, tuple(sorted(properties.items())), False)
        if key not in self._made:
            merged: dict[str, Any] = {"font_color": INK, "valign": "vcenter"}
            for name in names:
                merged |= STYLES[name]
            self._made[key] = self._workbook.add_format(merged | properties)
        return self._made[key]

    def bare(self, properties: Mapping[str, Any]) -> Format:
        """A format with these properties and nothing else, as conditional formats want them."""
        key = ((), tuple(sorted(properties.items())), True)
        if key not in self._made:
            self._made[key] = self._workbook.add_format(dict(properties))
        return self._made[key]

    def numbered(self) -> tuple[list[Key], list[Key]]:
        """What the formats that have a number so far were made of, in the order of these numbers: those of cells, and
        those of conditional formats."""
        made = self._made.items()
        cells = sorted((one.xf_index, key) for key, one in made if one.xf_index is not None)
        colours = sorted((one.dxf_index, key) for key, one in made if one.dxf_index is not None)
        return [key for _, key in cells], [key for _, key in colours]

    def renumber(self, cells: Iterable[Key], colours: Iterable[Key]) -> None:
        """Give formats made of the same the numbers they had in another workbook, which this one continues."""
        for key in cells:
            self._remade(*key)._get_xf_index()
        for key in colours:
            self._remade(*key)._get_dxf_index()

    def _remade(self, names: Iterable[str], properties: Iterable[tuple[str, Any]], bare: bool) -> Format:
        told = dict(properties)
        return self.bare(told) if bare else self(*names, **told)


def new_workbook(
    target: BinaryIO | Path | str,
    *,
    title: str,
    made_at: datetime,
    constant_memory: bool = False,
    workplace: Path | None = None,
) -> Workbook:
    """An empty workbook with our Normal font and properties that depend on nothing but the arguments.

    ``made_at``: recorded as created and modified (no zone). ``constant_memory``: rows must then be written in order,
    and memory does not grow with them: they wait in files in ``workplace``, by default the system's temporary folder.
    """
    options = {
        "default_format_properties": {"font_name": FONT, "font_size": 10},
        "default_row_height": 17,
        "constant_memory": constant_memory,
        "tmpdir": str(workplace) if workplace else None,
        "in_memory": isinstance(target, BytesIO) and not constant_memory,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    from xlsxwriter.workbook import Workbook  # here: a page of text has our colours too, and starts without it

    book = Workbook(target if not isinstance(target, Path) else str(target), options)
    book.set_properties({"title": title, "author": "cohorte", "company": "", "created": made_at})
    book.set_size(2400, 1500)
    return book


_UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = {ord(sign): f"<U+{ord(sign):04X}>" for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"}


def safe_text(text: str) -> str:
    """A text that any cell can hold and any person can read.

    Control characters and lone surrogates become ``�``, direction overrides are shown as such, and what exceeds
    a cell's capacity (counted in UTF-16 units, as spreadsheets do) is cut visibly.
    """
    clean = text if text.isprintable() else _UNSAFE.sub("\ufffd", text).translate(_INVISIBLE)
    if clean.startswith("<r>") and clean.endswith("</r>"):
        clean += " "  # with constant memory, xlsxwriter would take it for its own markup and write it as such
    if len(clean) <= MAX_TEXT // 2:
        return clean
    units = clean.encode("utf-16-le")
    if len(units) <= 2 * MAX_TEXT:
        return clean
    return units[: 2 * (MAX_TEXT - len(CUT))].decode("utf-16-le", "ignore") + CUT


def write_text(sheet: Worksheet, row: int, column: int, text: str, style: Format | None = None) -> None:
    """Write text as text, whatever it starts with; an empty text leaves a formatted blank."""
    if text == "":
        sheet.write_blank(row, column, None, style)
    elif sheet.write_string(row, column, safe_text(text), style) != 0:
        raise ValueError(f"cell {row},{column} of {sheet.get_name()} could not be written")


def write_number(sheet: Worksheet, row: int, column: int, number: Decimal | float, style: Format | None = None) -> None:
    """Write a number; an exact ``Decimal`` becomes the nearest double, which shows the same 15 digits."""
    if sheet.write_number(row, column, float(number), style) != 0:
        raise ValueError(f"cell {row},{column} of {sheet.get_name()} could not be written")


def write_formula(
    sheet: Worksheet, place: tuple[int, int], formula: str, value: Any, style: Format | None = None
) -> None:
    """Write a formula with the value it has now: LibreOffice and Excel's protected view show the stored value."""
    if sheet.write_formula(*place, formula, style, value) != 0:
        raise ValueError(f"cell {place[0]},{place[1]} of {sheet.get_name()} could not be written")


def printed(text: str) -> str:
    """French typography for printed labels: ’ for apostrophes, narrow no-break spaces before ``: ; ? !`` and in « »."""
    text = text.replace("'", "’")
    text = re.sub(r"[ \u00a0]+([:;?!»])", "\u202f\\1", text)
    return re.sub(r"«[ \u00a0]+", "«\u202f", text)


def set_page(
    sheet: Worksheet,
    *,
    landscape: bool,
    margins_mm: tuple[float, float, float, float],
    footer: tuple[str, str],
    fit_height: int = 0,
) -> None:
    """A4, one page wide, with our footer: (left text, centre text), page x/y on the right.

    ``margins_mm``: left, right, top, bottom. ``fit_height``: 1 for a single page, 0 for as many as needed.
    """
    sheet.set_paper(9)
    if landscape:
        sheet.set_landscape()
    left, right, top, bottom = (margin / 25.4 for margin in margins_mm)
    sheet.set_margins(left=left, right=right, top=top, bottom=bottom)
    sheet.fit_to_pages(1, fit_height)
    across = (297 if landscape else 210) - sum(margins_mm[:2])
    sheet.set_footer(_footer(*_side_by_side(*footer, across / 25.4 * 96)), {"margin": 6 / 25.4})


_NUMBER_ROOM = 90  # pixels of « Page 12 sur 34 », and some air


def _side_by_side(left: str, centre: str, width: float) -> tuple[str, str]:
    """The texts of a footer ``width`` pixels wide, the second one under the first where they would print over each
    other; what is too long even so is cut visibly."""
    left, centre = safe_text(left[:MAX_FOOTER]), safe_text(centre[:MAX_FOOTER])
    side = (width - _footer_width(centre)) / 2
    if _footer_width(left) <= side - 10 and side >= _NUMBER_ROOM:
        return left, centre
    lines = [_cut(text, width - _NUMBER_ROOM) for text in (left, centre) if text]
    return "\n".join(lines), ""


def _footer_width(text: str) -> float:
    return text_width(text, 7) / 0.92


def _cut(text: str, room: float) -> str:
    """A text as far as there is room for it, with an ellipsis where it is cut."""
    if _footer_width(text) <= room:
        return text
    while text and _footer_width(f"{text}…") > room:
        text = text[:-1]
    return f"{text}…"


def _footer(left: str, centre: str) -> str:
    """The code of a footer; the longer of its texts is cut when Excel could not take the whole."""
    style = f'&"{FONT},Regular"&7&K{FAINT[1:]} '
    left, centre = left[:MAX_FOOTER], centre[:MAX_FOOTER]
    while True:
        shown = [_literal(text) for text in (left, centre)]
        code = f"&L{style}{shown[0]}&C{style}{shown[1]}&R{style}Page &P sur &N"
        if len(code.encode("utf-16-le")) <= 2 * MAX_FOOTER:
            return code
        left, centre = (f"{left[:-2]}…", centre) if len(left) > len(centre) else (left, f"{centre[:-2]}…")


def _literal(text: str) -> str:
    """A text as a footer's code shows it.

    xlsxwriter would take the G after an ampersand for a picture, and drop the footer: the size is said again between.
    """
    return re.sub(r"&&(?=G|\[Picture\])", "&&&7", text.replace("&", "&&"))
