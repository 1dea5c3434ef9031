"""Input cells: how they look, what they hold beforehand, and their defined names."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from engine.model import Kind, Measure
from engine.model.contents import Filled
from engine.model.forms import Domain, Input, Nature
from engine.office import metrics, styles
from engine.templates import rules
from engine.templates.canvas import Canvas


def column(canvas: Canvas, entry: Input) -> None:
    """Draw and name the input cells of a column, then say what they take."""
    at = canvas.grid.columns[entry.heading]
    rows_of: dict[Domain, list[int]] = defaultdict(list)
    for band in canvas.grid.bands:
        for row, item in enumerate(band.section.rows, start=band.first):
            domain = canvas.form.domain(entry, item)
            rows_of[domain].append(row)
            filled, look = canvas.filled(entry.name, item.code), _look(canvas.form.kind, entry)
            _write(canvas, row, at, filled, domain, *look, num_format=_number_format(domain))
            if not canvas.form.by_candidate_rows:
                _name(canvas, entry, row, at, item.code)
    for domain, rows in rows_of.items():
        cells = rules.Cells.of(at, rows)
        rules.validate(canvas, domain, cells)
        rules.mark(canvas, domain, cells, to_fill=entry.blocks and not canvas.form.kind.record.sparse)


def single(canvas: Canvas, entry: Input, row: int, at: int, *look: str, **properties: Any) -> None:
    """Draw and name a single input, to fill unless it is optional."""
    to_fill = entry.name not in _OPTIONAL
    shown = ("input", "required") if to_fill else ("input",)
    properties.setdefault("num_format", _number_format(entry.domain))
    _write(canvas, row, at, canvas.filled(entry.name), entry.domain, *look, *shown, **properties)
    _name(canvas, entry, row, at)
    cells = rules.Cells.of(at, [row])
    rules.validate(canvas, entry.domain, cells)
    rules.mark(canvas, entry.domain, cells, to_fill=to_fill)


_OPTIONAL = frozenset({"motif", "incidents"})


def _write(canvas: Canvas, row: int, at: int, filled: Filled, domain: Domain, *look: str, **properties: Any) -> None:
    """Write what an input holds; one that is to be mended stands out and says why."""
    value = filled.value
    style = canvas.style(*look, *(("to_mend",) if filled.note else ()), **properties)
    if isinstance(value, Decimal):
        styles.write_number(canvas.sheet, row, at, value, style)
    elif isinstance(value, date) and value.year >= _FIRST_YEAR:
        canvas.sheet.write_datetime(row, at, value, style)
    else:
        text = f"{value.day:02}/{value.month:02}/{value.year:04}" if isinstance(value, date) else value or ""
        styles.write_text(canvas.sheet, row, at, text, style)
        if text and domain.nature is Nature.TEXT:
            canvas.taller(row, metrics.row_height(metrics.wrap(text, canvas.layout.widths[at], 9, indent=1), 9))
    if filled.note:
        canvas.note(row, at, filled.note)


_FIRST_YEAR = 1901  # older days are no dates for a spreadsheet: they are texts


def _look(kind: Kind, entry: Input) -> tuple[str, ...]:
    """The fragments of style of the input cells of a column; tinted when they are expected."""
    if entry.domain.nature is Nature.TEXT and not entry.blocks:
        return "input", "free_text"
    if entry.domain.nature is Nature.CODES:
        return "input", "free_text"
    if not entry.blocks or entry.domain.nature is Nature.CHOICE or kind.record.sparse:
        return "input", "choice"
    levels = kind.record.measure is Measure.LEVEL
    return "input", "required", "level" if levels else "points"


def _number_format(domain: Domain) -> str:
    """Numbers are typed into General cells: only there does a spreadsheet keep the mark of what it made of `3/5` (a
    date), `3:5` (a time) or `80%` (a percentage); a cell with decimals would keep 46145 or 0.8 and say nothing."""
    return {Nature.TEXT: "@", Nature.CODES: "@", Nature.DATE: "dd/mm/yyyy"}.get(domain.nature, "General")


def _name(canvas: Canvas, entry: Input, row: int, at: int, code: str = "") -> None:
    name = canvas.form.defined_name(entry, code)
    address = xl_rowcol_to_cell(row, at, row_abs=True, col_abs=True)
    if canvas.book.define_name(name, f"='{canvas.sheet.get_name()}'!{address}") != 0:
        raise ValueError(f"{name!r} cannot name a cell")
