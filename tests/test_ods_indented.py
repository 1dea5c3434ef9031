"""An .ods by what its elements hold, whatever stands between them."""

from __future__ import annotations

import re

import pytest

from engine.intake.readers import workbook
from engine.intake.safety import guard
from tests.packages import ods

ROWS = (
    b"<table:table-row><table:table-cell office:value-type='string'><text:p>a <text:span>b</text:span> "
    b"<text:span>c</text:span></text:p><text:p>d</text:p></table:table-cell>"
    b"<table:table-cell office:value-type='float' "
    b"office:value='3'><text:p>3</text:p></table:table-cell></table:table-row>"
)


@pytest.mark.parametrize("blank", [b"", b" ", b"\n", b"\r\n\t  "])
@pytest.mark.parametrize("where", ["table:table-cell", "table:table-row", "text:p"])
def test_blanks_between_elements_are_not_text(blank, where):
    spaced = re.sub(rb"(<%s|</%s>)" % (where.encode(), where.encode()), lambda tag: _spaced(tag[0], blank), ROWS)
    (grid,) = workbook.read(guard.open_package(ods(spaced))).grids
    assert grid.rows == [["a b c\nd", 3.0]]


def _spaced(tag: bytes, blank: bytes) -> bytes:
    return tag + blank if tag.startswith(b"</") else blank + tag
