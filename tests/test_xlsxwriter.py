"""What we rest on inside xlsxwriter: methods of its own that we replace, by their names and their arguments."""

import inspect

import pytest
from xlsxwriter.worksheet import Worksheet
from xlsxwriter.xmlwriter import XMLwriter

from engine.outputs.workbook.frame import LiveSheet


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
