"""Where things stand on a sheet: widths and page of each kind, and the rows and columns of its table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell

from engine.model import Kind
from engine.model.forms import Form, Section
from engine.office import metrics

REFERENCE, TITLE, CERTIFICATION, RULE, GAP, FIRST_LINE = range(6)
"""Rows of the header block, counted from 0; the lines about people start at ``FIRST_LINE``."""

_GRILLE = {"Code": 70, "Compétence": 320, "Éléments de preuve": 252, "Auto-évaluation": 72, "Preuve": 54}
_GRILLE |= {"Expérience": 268, "Niveau": 90}
_TRAVAUX = {"Code": 70, "Travail": 320, "Sujet": 272, "Apport": 272, "Niveau": 90, "Date": 102}
_JURY = {"Code": 66, "Compétence": 402, "Critère": 402, "Mini": 72, "Barème": 72, "Niveau": 104, "Points": 104}
_COMMISSION = {"Code": 60, "Compétence": 366, "Mini": 66, "Calculé": 104, "Niveau": 104}
_DELIBERATION = {"Identifiant": 78, "Nom": 138, "Prénom": 104, "Proposé": 98, "Blocs proposés": 112}
_DELIBERATION |= {"Décision": 100, "Blocs": 120, "Motif": 290}
_PEOPLE = {"Identifiant": 84, "Nom": 164, "Prénom": 124}
_NARROWEST_INPUT, _WIDEST_INPUT = 47, 110  # NOTES and VALIDATION: a mark such as 12,25; a title set flat
_LONGEST_IDENTIFIER = 220  # pixels
EDGE = 4
"""The width in pixels of the column that bears the reference; its text runs to the left over blank cells."""

MOST_FROZEN = 192
"""The most points of rows that stay on the screen while the table scrolls: a third of 768 pixels."""

_SIGNED = 240  # pixels: a name, or a signature by hand
_UPRIGHT, _ACROSS = 690, 1030  # the width of a page, margins aside


@dataclass(frozen=True)
class Layout:
    """Widths in pixels, margins in millimetres (left, right, top, bottom), heights in points (the least).

    ``side_margin``: left and right. ``panel_beside``: the panel stands at the right of the names, else below them.
    ``captions``: rows between the header block and the headings; ``in_captions``: the lines and the panel stand at
    their left, over the names of the candidates, so that the block takes little of the screen. ``frozen``: columns that
    stay on the screen, the two first of a sheet across the page unless given. ``texts``, ``date``: the columns of the
    boxes that close the sheet, ``date`` the rightmost wide enough unless given.
    """

    widths: tuple[int, ...]
    landscape: bool
    side_margin: float
    item_height: float
    section_height: float = 0
    panel_beside: bool = False
    captions: int = 0
    in_captions: bool = False
    frozen: int | None = None
    texts: int = 1
    date: int | None = None

    @property
    def margins(self) -> tuple[float, float, float, float]:
        """Those of the page."""
        return self.side_margin, self.side_margin, 10, 13

    @property
    def frozen_columns(self) -> int:
        """How many columns stay on the screen."""
        return self.frozen if self.frozen is not None else 2 * self.landscape

    @property
    def last(self) -> int:
        """The last column of the table."""
        return len(self.widths) - 1

    @property
    def edge(self) -> int:
        """The thin column at the right of the table that bears the reference: whatever column of the table somebody
        deletes, the sheet still says whose it is."""
        return len(self.widths)

    def width(self, first: int, last: int) -> int:
        """The width of columns ``first`` to ``last`` included."""
        return sum(self.widths[first : last + 1])

    def column_from_right(self, width: int) -> int:
        """The first of the last columns that are together at least ``width`` pixels wide; never the two first ones."""
        column = self.last
        while column > 2 and self.width(column, self.last) < width:
            column -= 1
        return column

    @property
    def line_end(self) -> int:
        """The last column that the lines about people run on to."""
        if self.in_captions:
            return len(_PEOPLE) - 1
        return self.panel_column - 1 if self.panel_beside else self.last

    @cached_property
    def panel_column(self) -> int:
        """Where the panel starts when it stands beside the names: leaves them at least 370 pixels."""
        return next(column for column in range(2, self.last + 1) if self.width(0, column - 1) >= 370)

    @cached_property
    def closing_column(self) -> int:
        """The column of the date that closes the sheet."""
        if self.date is not None:
            return self.date
        return max(column for column in range(1, self.last + 1) if self.widths[column] >= 84)

    @cached_property
    def paper_boxes(self) -> tuple[tuple[int, int], ...]:
        """The rooms between the closing boxes, first and last column of each, wide enough for a signature by hand."""
        found, first = [], 2
        for column in range(2, self.closing_column):
            if self.width(first, column) >= _SIGNED:
                found.append((first, column))
                first = column + 1
        return tuple(found[:2])

    @property
    def scale(self) -> float:
        """How small the sheet is printed for its columns to fit a page."""
        left, right, _, _ = self.margins
        across = 297 if self.landscape else 210
        return min(1, (across - left - right) / 25.4 * 96 / (sum(self.widths) * 1.07))

    @property
    def room(self) -> float:
        """Points down a page, margins aside."""
        _, _, top, bottom = self.margins
        return ((210 if self.landscape else 297) - top - bottom) / 25.4 * 72

    def pages_high(self, height: float) -> int:
        """1 when ``height`` points fit one page, or nearly; else 0, as many as needed."""
        return 1 if height * self.scale <= self.room * 1.15 else 0


def layout(form: Form) -> Layout:
    """The layout of a kind of sheet, for the columns it has."""
    if form.kind is Kind.DELIBERATION:
        return _deliberation(form)
    if form.by_candidate_rows:
        return _people(form)
    if form.kind is Kind.SYNTHESE:
        widths = _widths(form, _COMMISSION)
        return Layout(widths, landscape=False, side_margin=18, item_height=21, section_height=25.5)
    if form.kind is Kind.GRILLE:
        return _grille(form)
    if form.kind is Kind.TRAVAUX:
        return _travaux(form)
    item, section = (15.75, 21) if form.kind is Kind.ORAL else (24.75, 28.5)
    return Layout(_widths(form, _JURY), landscape=False, side_margin=18, item_height=item, section_height=section)


def _grille(form: Form) -> Layout:
    headings = [column.heading for column in form.columns]
    by_candidate = any(entry.by_candidate for entry in form.inputs)
    widths = dict(_GRILLE) if by_candidate else _GRILLE | {"Code": 66, "Compétence": 322, "Éléments de preuve": 254}
    if "Mini" in headings:
        widths["Mini"] = 44
        widths["Compétence"] -= 24
        widths["Expérience"] -= 20
    return Layout(
        widths=_widths(form, widths),
        landscape=by_candidate,
        side_margin=10,
        item_height=28.5,
        section_height=25.5,
        panel_beside=True,
        captions=1 if by_candidate else 0,
    )


def _travaux(form: Form) -> Layout:
    return Layout(
        widths=_widths(form, _TRAVAUX),
        landscape=True,
        side_margin=10,
        item_height=33,
        section_height=25.5,
        panel_beside=True,
        captions=1,
    )


def _deliberation(form: Form) -> Layout:
    """Across the page; the boxes that close it stand under the reasons, which are widest."""
    widths = _widths(form, _DELIBERATION | _identifiers(form, _DELIBERATION))
    return Layout(
        widths=widths,
        landscape=True,
        side_margin=10,
        item_height=18,
        frozen=len(_PEOPLE),
        texts=len(widths) - 1,
        date=1,
    )


def _people(form: Form) -> Layout:
    """Narrow columns, widened as far as the page allows; upright when they are few."""
    widths = _PEOPLE | _identifiers(form, _PEOPLE)
    for entry in form.inputs:
        longest = max(metrics.text_width(word, 8, bold=True) for word in entry.heading.split())
        widths[entry.heading] = max(_NARROWEST_INPUT, int(longest / 0.92) + 12)
    landscape = sum(widths.values()) > _UPRIGHT
    spare = (_ACROSS if landscape else _UPRIGHT) - sum(widths.values())
    for entry in form.inputs:
        widths[entry.heading] += max(0, min(spare // len(form.inputs), _WIDEST_INPUT - widths[entry.heading]))
    if not landscape:
        for heading in ("Nom", "Prénom"):
            widths[heading] += max(0, (_UPRIGHT - sum(widths.values())) // 2)
    return Layout(
        widths=_widths(form, widths),
        landscape=landscape,
        side_margin=10,
        item_height=15,
        captions=2,
        in_captions=True,
        frozen=len(_PEOPLE),
    )


def _identifiers(form: Form, usual: Mapping[str, int]) -> dict[str, int]:
    """Room for the whole of each identifier, within reason: they alone tell two people of one name apart."""
    heading = form.code_heading
    longest = max((metrics.text_width(row.code, 8, bold=True) for row in form.rows), default=0)
    return {heading: max(usual[heading], min(int(longest / 0.92) + 22, _LONGEST_IDENTIFIER))}


def _widths(form: Form, by_heading: Mapping[str, int]) -> tuple[int, ...]:
    return tuple(by_heading[column.heading] for column in form.columns)


# ------------------------------------------------------------------------------------------------ grid


@dataclass(frozen=True)
class Band:
    """The rows of one section; ``title`` is its title's row, ``None`` when it has no title."""

    section: Section
    title: int | None
    first: int
    last: int


@dataclass(frozen=True)
class Grid:
    """The rows and columns of a sheet, counted from 0, and the addresses that formulas use."""

    columns: Mapping[str, int]
    lines: int
    panel: int
    heading: int
    bands: tuple[Band, ...]

    @property
    def first(self) -> int:
        """The first row under the headings."""
        return self.heading + 1

    @property
    def last(self) -> int:
        """The last row of the table."""
        return self.bands[-1].last

    @property
    def answers(self) -> int:
        """The row of the first answer asked below the table, under a gap."""
        return self.last + 2

    def column(self, heading: str, band: Band | None = None) -> str:
        """The absolute address of a column: the whole table's, or one section's rows."""
        return self.area(heading, heading, band)

    def area(self, first: str, last: str, band: Band | None = None) -> str:
        """The absolute address of neighbouring columns, from one heading to another."""
        top, bottom = (band.first, band.last) if band else (self.first, self.last)
        return str(xl_range_abs(top, self.columns[first], bottom, self.columns[last]))


def grid(form: Form, place: Layout, lines: int) -> Grid:
    """Where everything stands under ``lines`` lines about people; a panel beside them takes at least three rows."""
    if place.in_captions:
        lines = max(lines, 1)
        panel = FIRST_LINE + lines
        heading = panel + 1
    elif place.panel_beside:
        lines = max(lines, 3)
        panel = FIRST_LINE
        heading = FIRST_LINE + lines + max(1, place.captions)
    else:
        panel = FIRST_LINE + lines + 1
        heading = panel + 1 + max(1, place.captions)
    bands, row = [], heading + 1
    for section in form.sections:
        title = row if section.title else None
        first = row + (title is not None)
        row = first + max(1, len(section.rows))
        bands.append(Band(section, title, first, row - 1))
    columns = {column.heading: index for index, column in enumerate(form.columns)}
    return Grid(columns, lines, panel, heading, tuple(bands))


def cell(row: int, column: int) -> str:
    """A relative address: ``H12``."""
    return str(xl_rowcol_to_cell(row, column))
