"""What we rest on inside xlsxwriter: methods of its own that we replace or call, by their names and their arguments."""

import inspect
from datetime import date, datetime
from decimal import Decimal
from zipfile import ZipFile

import pytest
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

from engine.office.styles import safe_text, write_text
from engine.outputs.workbook.cells import ending, followers, live_ending, row_cells
from engine.outputs.workbook.frame import LiveSheet, write_live, write_value


@pytest.mark.parametrize(
    ("owner", "method", "arguments"),
    [
        (Worksheet, "_prepare_formula", ["self", "formula", "expand_future_functions"]),
        (XMLwriter, "_xml_formula_element", ["self", "formula", "result", "attributes"]),
    ],
)
def test_a_method_that_we_replace_is_still_there(owner, method, arguments):
    assert list(inspect.signature(getattr(owner, method)).parameters) == arguments
    assert list(inspect.signature(getattr(LiveSheet, method)).parameters) == arguments


@pytest.mark.parametrize(
    ("owner", "method", "arguments"),
    [
        (Worksheet, "_write_single_row", ["self", "current_row_num"]),
        (Worksheet, "_check_dimensions", ["self", "row", "col", "ignore_row", "ignore_col"]),
        (Format, "_get_xf_index", ["self"]),
    ],
)
def test_a_method_that_we_call_is_still_there(owner, method, arguments):
    assert list(inspect.signature(getattr(owner, method)).parameters) == arguments


TEXTS = [
    "plain", "a & b < c > d", "«\u202fmot\u202f» : l’élève", " before", "after ", "\u00a0", "two\nlines", "tab\there",
    "<r>not rich</r>", "<r>", "_x0041_", "a_x", "\x01", "\x7f", "=A1", "#DIV/0!", "", "0", "œ€😀", '"quoted"',
]  # fmt: skip


VALUES = [0, Decimal(1), Decimal("2.50"), Decimal("-0.1"), Decimal(1) / 3, 123456789012345, Decimal("19.999999999")]
PLAIN = [*VALUES, None, date(2025, 6, 30), datetime(2025, 6, 30, 14, 5, 59)]


def sheet_of(path, kind, draw):
    """The rows of a sheet of this class, then what follows them, drawn so: it is given the sheet and a format."""
    book = Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    draw(book.add_worksheet("A", worksheet_class=kind), book.add_format({"bold": True}))
    book.close()
    with ZipFile(path) as package:
        return package.read("xl/worksheets/sheet1.xml").decode().partition("<sheetData>")[2].split("</row>")


def drawn_by_cells(sheet, look):
    for row, text in enumerate(TEXTS):
        sheet.set_row(row, 30)
        write_text(sheet, row, 0, text, look)
        write_live(sheet, (row, 1), "A1&B1<2", safe_text(text), look)
    for row, value in enumerate(PLAIN, start=len(TEXTS)):
        sheet.set_row(row, 16.5)
        write_value(sheet, row, 0, value, look)
        write_live(sheet, (row, 1), "A1", value if value in VALUES else None, look)
    sheet.set_row(len(TEXTS) + len(PLAIN), 17.25)
    sheet.write_url(len(TEXTS) + len(PLAIN), 0, "internal:'A'!A1", look, "there")


def drawn_by_rows(sheet, look):
    style, (first, last) = look._get_xf_index(), followers(2)
    for row, text in enumerate(TEXTS):
        sheet.begin(row, 30)
        sheet.lay(row_cells(str(row + 1), [ending(text, style, first), live_ending("A1&B1<2", text, style, last)]))
    for row, value in enumerate(PLAIN, start=len(TEXTS)):
        sheet.begin(row, 16.5)
        told = live_ending("A1", value if value in VALUES else None, style, last)
        sheet.lay(row_cells(str(row + 1), [ending(value, style, first), told]))
    row = len(TEXTS) + len(PLAIN)
    sheet.begin(row, 17.25)
    assert sheet.lead(row, 0, "internal:'A'!A1", "there")
    sheet.lay(row_cells(str(row + 1), [ending("there", style, "</row>")]))


def test_rows_are_spelled_as_xlsxwriter_spells_cells(tmp_path):
    ours = sheet_of(tmp_path / "ours.xlsx", LiveSheet, drawn_by_rows)
    assert ours == sheet_of(tmp_path / "its.xlsx", LiveSheet, drawn_by_cells)
