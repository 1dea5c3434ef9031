"""What we rest on inside xlsxwriter: methods of its own that we replace, by their names and their arguments."""

import inspect
from zipfile import ZipFile

import pytest
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

from engine.outputs.workbook.frame import LiveSheet


@pytest.mark.parametrize(
    ("owner", "method", "arguments"),
    [
        (Worksheet, "_prepare_formula", ["self", "formula", "expand_future_functions"]),
        (Worksheet, "_write_cell", ["self", "row", "col", "cell"]),
        (XMLwriter, "_xml_formula_element", ["self", "formula", "result", "attributes"]),
    ],
)
def test_a_method_that_we_replace_is_still_there(owner, method, arguments):
    assert list(inspect.signature(getattr(owner, method)).parameters) == arguments
    assert list(inspect.signature(getattr(LiveSheet, method)).parameters) == arguments


TEXTS = [
    "plain", "a & b < c > d", "«\u202fmot\u202f» : l’élève", " before", "after ", "\u00a0", "two\nlines", "tab\there",
    "<r>not rich</r>", "<r>", "_x0041_", "a_x", "\x01", "\x7f", "=A1", "#DIV/0!", "", "0", "œ€😀", '"quoted"',
]  # fmt: skip


def drawn(path, kind):
    """The XML of a sheet of this class that holds every kind of value."""
    book = Workbook(str(path), {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet("A", worksheet_class=kind)
    look = book.add_format({"bold": True})
    for row, text in enumerate(TEXTS):
        sheet.write_string(row, 0, text, look)
        sheet.write_string(row, 1, text)
        if text:
            sheet.write_formula(row, 2, "=A1&B1<2", look, text)
    for row, value in enumerate([0, -0.0, 1, 2.5, 1e21, 1 / 3, True, False], start=len(TEXTS)):
        sheet.write_number(row, 0, value, look)
        sheet.write_formula(row, 1, "=A1", look, value)
        sheet.write_blank(row, 2, None, look)
    book.close()
    with ZipFile(path) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def test_cells_are_spelled_as_xlsxwriter_spells_them(tmp_path):
    assert drawn(tmp_path / "ours.xlsx", LiveSheet) == drawn(tmp_path / "its.xlsx", Worksheet)
