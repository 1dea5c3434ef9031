"""What frames every results sheet: the workbook's own facts, the title block, the page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from engine.model import Outcome, Referential, Roster, Run
from engine.model.admission import Admission
from engine.model.texts import day_and_hour
from engine.office.metrics import text_width
from engine.office.styles import Styles, printed, safe_text, set_page, write_formula, write_number, write_text
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.column import showing
from engine.outputs.workbook.integrity import Fingerprint, Group, rulings, scales
from engine.outputs.workbook.links import inside
from engine.outputs.workbook.places import HOME, SUMMARY, Marks, Place
from engine.outputs.workbook.sources import Sources

_TITLE, _LINE, _RULE = 31.5, 15.0, 6.0  # points
_BESIDE_THE_HOUR = 280  # pixels: with the hour beside it, such a session stands on one line of any sheet
_USUAL = 20  # pixels of a row that says nothing of its height


@dataclass(frozen=True)
class Live:
    """A line of the title block that a formula keeps true: ``text`` is what it gives now."""

    text: str
    formula: Callable[[], str]


Line = Sequence[tuple[str, str]] | Live
"""A line of the title block: pieces of text, each with the name of its style; or a formula."""


class LiveSheet(Worksheet):  # type: ignore[misc]  # xlsxwriter brings no types
    """A sheet of many formulas, of functions that every spreadsheet program has, and of rows that come as texts."""

    def __init__(self) -> None:
        super().__init__()
        self._led: list[tuple[int, int, str, str]] = []

    def begin(self, row: int, height: float) -> None:
        """Begin a row after all those written before it, ``height`` points tall; :meth:`lay` is to follow."""
        self._write_single_row(row)
        self._check_dimensions(row, self.dim_colmin or 0)
        pixels = int(height * 4 / 3 + 0.5)
        own = "" if pixels == _USUAL else f' ht="{pixels * 0.75:g}" customHeight="1"'
        self.fh.write(f'<row r="{row + 1}"{own}>')

    def lay(self, cells: str) -> None:
        """Write the cells of a row, spelled by :mod:`.cells`."""
        self.fh.write(cells)

    def lead(self, row: int, column: int, address: str, text: str) -> bool:
        """Whether a cell that is laid, of that text, can be made to lead to this address."""
        if len(address) > self.max_url_length // 2:  # which are UTF-16 units
            parts = (part.encode("utf-16-le") for part in address.split("#", 1))
            if any(len(part) > 2 * self.max_url_length for part in parts):
                return False
        self._led.append((row, column, address, text))
        return True

    def _write_hyperlinks(self) -> None:
        """Those of the laid cells too: what xlsxwriter makes of a link takes memory, and is made for one sheet at a
        time."""
        self.ignore_write_string = True
        for row, column, address, text in self._led:
            self.write_url(row, column, address, None, text)
        super()._write_hyperlinks()
        self.hyperlinks.clear()

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        """Without its sign. xlsxwriter would look in each formula, those of colours too, for a hundred newer functions,
        at length: ours use none."""
        return formula.lstrip("=")

    def _xml_formula_element(self, formula: str, result: object, attributes: Sequence[tuple[str, object]] = ()) -> None:
        """An empty text is stored as such: xlsxwriter would leave its type out."""
        kind = [("t", "str")] if result == "" else []
        super()._xml_formula_element(formula, result, [*attributes, *kind])


@dataclass(kw_only=True)
class Frame:
    """A workbook being written, and what every sheet needs to know of it, whatever it shows.

    ``identifiers``: the candidates, in the order of every sheet. ``places`` tells where the table of each sheet of
    people stands, by its name: it is filled in before any sheet is written, for each refers to the others. ``listed``
    tells the same of every sheet with a table, by its headings, once it is written.
    """

    workbook: Workbook
    styles: Styles
    referential: Referential
    roster: Roster
    run: Run
    identifiers: tuple[str, ...]
    places: dict[str, Place] = field(default_factory=dict)
    listed: dict[str, Place] = field(default_factory=dict)
    _reserved: dict[str, Worksheet] = field(default_factory=dict)

    def reserve(self, name: str) -> None:
        """Give a sheet its place among the others, before it is drawn."""
        self._reserved[name] = self.workbook.add_worksheet(name)

    def sheet(self, name: str) -> Worksheet:
        """The sheet of that name, to be drawn: at the place it was given, or after all others."""
        return self._reserved.pop(name, None) or self.workbook.add_worksheet(name)

    @cached_property
    def ranks(self) -> dict[str, int]:
        """The rank of each candidate, by identifier: the same in every sheet."""
        return {identifier: rank for rank, identifier in enumerate(self.identifiers)}

    @cached_property
    def identifier_width(self) -> int:
        """How wide, in pixels, a column that leads to a candidate must be."""
        return showing(self.identifiers)

    @property
    def letters(self) -> tuple[str, ...]:
        """Those of the scale of the levels, the lowest first; none where levels are numbers."""
        return self.referential.scales.level.ladder

    def candidate_link(self, identifier: str) -> str | None:
        """The address of a candidate's row in `Synthèse`; ``None`` for nobody of the roster."""
        rank = self.ranks.get(identifier)
        return None if rank is None else inside(SUMMARY, self.places[SUMMARY].here("Identifiant", rank))

    @property
    def version(self) -> str:
        """``référentiel du 15/03/2024``, or the version as written when it is not a date."""
        version = self.referential.certification.version
        try:
            return f"référentiel du {date.fromisoformat(version):%d/%m/%Y}"
        except ValueError:
            return f"référentiel, version {version}"

    @property
    def session(self) -> str:
        """``Promotion 12, Lyon, juin 2025``, as far as the roster says."""
        return self.roster.session.title

    @property
    def captions(self) -> tuple[str, ...]:
        """What stands at the right of the title block: the certification, then the session and the time.

        The last one alone tells the hour, and is never folded: a night that draws some sheets again changes it in all.
        """
        certification, made_at = self.referential.certification, self.run.made_at
        made = f"Consolidé le {day_and_hour(made_at)}."
        if self.run.closure is not None:
            made = f"Session close le {day_and_hour(self.run.closure.at)}. {made}"
        title = f"{certification.title} ({certification.short_title}), {certification.code}, {self.version}"
        if text_width(self.session, 8) > _BESIDE_THE_HOUR:
            return title, f"{self.session}.", made
        return title, f"{self.session}. {made}" if self.session else made


@dataclass(kw_only=True)
class Book(Frame):
    """The same with all that is shown.

    ``sources`` gives the rows of the marks; ``detail`` tells where they stand, and is filled in as ``places`` is.
    ``digests``: the SHA-256 of each file.
    """

    outcomes: tuple[Outcome, ...]
    sources: Sources
    admissions: tuple[Admission, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    detail: Marks = field(init=False)

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """What the marks come to, as they were read."""
        return Fingerprint(self.sources.marks, self.letters, rulings(self.sources.marks))

    @cached_property
    def scales(self) -> dict[str, Group]:
        """The inputs that a decision rests on, by what they hold."""
        return scales(self.referential)


def write_value(sheet: Worksheet, row: int, column: int, value: Value, style: Format) -> None:
    """Write a value for what it is; nothing but a formatted blank for ``None``."""
    if value is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, str):
        write_text(sheet, row, column, value, style)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, style)
    else:
        write_number(sheet, row, column, value, style)


def write_live(sheet: Worksheet, place: tuple[int, int], formula: str, value: Value, style: Format) -> None:
    """Write a formula without its sign at a row and column, with the value that was found; ``None``: an empty text."""
    stored = "" if value is None else float(value) if isinstance(value, Decimal) else value
    write_formula(sheet, place, f"={formula}", stored, style)


def block_height(book: Frame, lines: Sequence[Line], widths: Sequence[int]) -> int:
    """How many rows :func:`write_block` takes."""
    return 2 + len(_rows_of_block(lines, book.captions, sum(widths)))


def block_points(rows: int) -> float:
    """How tall these rows of a block are, in points."""
    return _TITLE + (rows - 2) * _LINE + _RULE


def write_block(book: Frame, sheet: Worksheet, title: str, lines: Sequence[Line], widths: Sequence[int]) -> int:
    """Title, lines and captions, closed by an accent rule; returns the row that follows."""
    sheet.hide_gridlines(2)
    sheet.set_row(0, _TITLE)
    write_text(sheet, 0, 0, title, book.styles("title"))
    if title != HOME:
        sheet.write_url(0, len(widths) - 1, inside(HOME), book.styles("label", "link", "right"), HOME)
    row = 1
    for line, caption in _rows_of_block(lines, book.captions, sum(widths)):
        sheet.set_row(row, _LINE)
        _write_line(book, sheet, row, line)
        if caption:
            write_text(sheet, row, len(widths) - 1, printed(caption), book.styles("label", "right"))
        row += 1
    sheet.set_row(row, _RULE)
    for index in range(len(widths)):
        sheet.write_blank(row, index, None, book.styles("rule"))
    return row + 1


def _rows_of_block(lines: Sequence[Line], captions: Sequence[str], width: int) -> list[tuple[Line, str]]:
    """Captions stand at the right of the lines, or under them where the sheet is too narrow for both."""
    nothing: Line = ()
    rows = max(len(lines), len(captions))
    beside = list(zip([*lines, *[nothing] * rows][:rows], [*captions, *[""] * rows][:rows], strict=True))
    if all(_length(line) + text_width(caption, 8) + 40 < width for line, caption in beside):
        return beside
    below = [piece for caption in captions for piece in _folded(printed(caption), width)]
    return [(line, "") for line in [*lines, *([(piece, "label")] for piece in below)]]


def _folded(caption: str, width: int) -> list[str]:
    """A caption on as many lines as its sheet asks for: one that runs out of it makes the whole page print smaller."""
    pieces = [""]
    for word in caption.split(" "):
        longer = f"{pieces[-1]} {word}".strip()
        if pieces[-1] and text_width(longer, 8) > 0.92 * width:
            pieces.append(word)
        else:
            pieces[-1] = longer
    return pieces


def _length(line: Line) -> float:
    if isinstance(line, Live):
        return text_width(line.text, 9, bold=True)
    return sum(text_width(text, 9, bold=True) for text, _ in line)


def _write_line(book: Frame, sheet: Worksheet, row: int, line: Line) -> None:
    if isinstance(line, Live):
        write_live(sheet, (row, 0), line.formula(), line.text, book.styles("strong"))
        return
    pieces = [(safe_text(printed(text)), book.styles("caption", style)) for text, style in line if text]
    if len(pieces) > 1:
        flat = [part for text, style in pieces for part in (style, text)]
        sheet.write_rich_string(row, 0, *flat, book.styles("caption"))
    elif pieces:
        write_text(sheet, row, 0, *pieces[0])


def finish_page(book: Frame, sheet: Worksheet, title: str, *, landscape: bool, fit_height: int = 0) -> None:
    """A4, one page wide, with the sheet's title and the session in the footer."""
    left = f"{title}, {book.session}" if book.session else title
    centre = f"{book.referential.certification.short_title}, {book.version}"
    margins = (7, 7, 10, 13) if landscape else (12, 12, 10, 13)
    set_page(sheet, landscape=landscape, margins_mm=margins, footer=(left, centre), fit_height=fit_height)
