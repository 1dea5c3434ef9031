from datetime import date
from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model import Kind, Mark
from engine.model.marks import as_text
from engine.model.packed import Marks, told_alike
from engine.model.returns import SheetReport, SheetStatus
from engine.model.tabled import Tabled, stand_in
from engine.model.tables import marks_table

WORDS = ["S", "A1", "A2", "NOTES", "C01", "", "UE1", "4", Decimal("4"), "4.0", Decimal("4.0"), "value", None]
WORDS += [date(2025, 6, 1), "é", "missing"]
CELLS = len(Mark._fields) - 1


def report(marks, **other):
    return SheetReport("S", Kind.NOTES, marks=marks, found=marks, **other)


def mark(code="UE1", raw="4", value=Decimal("4.0"), state="value"):
    return Mark("f", "S", "A1", "NOTES", "C01", "", code, code, raw, value, state)


def tabled(*sheets):
    """The table of these sheets, which then stand in it."""
    table = marks_table(sheet.marks for sheet in sheets)
    stand_in(table, sheets)
    return table


texts = st.sampled_from([rank for rank, word in enumerate(WORDS) if isinstance(word, str)])
values = st.integers(0, len(WORDS) - 1)
packed = st.lists(st.tuples(*[texts] * (CELLS - 2), values, texts), max_size=5).map(
    lambda rows: Marks("f", WORDS, [rank for row in rows for rank in row])
)
loose = st.lists(st.tuples(*[st.just("x")] * (CELLS - 1), values.map(WORDS.__getitem__), st.just("value"))).map(
    lambda rows: [Mark(*row) for row in rows]
)


@given(st.lists(st.one_of(packed, loose), max_size=6))
def test_marks_that_stand_in_the_table_are_those_that_it_was_made_of(found):
    sheets = [report(marks) for marks in found]
    before = [list(marks) for marks in found]
    told = [list(told_alike(marks, as_text)) for marks in found]
    again = tabled(*sheets)
    for sheet, marks, alike in zip(sheets, before, told, strict=True):
        assert isinstance(sheet.marks, Tabled)
        assert sheet.found is sheet.marks
        assert len(sheet.marks) == len(marks)
        assert list(map(repr, sheet.marks)) == list(map(repr, marks))  # 4 and 4.0 are two
        assert sheet.marks == marks
        assert list(told_alike(sheet.marks, as_text)) == alike
    pd.testing.assert_frame_equal(marks_table(sheet.marks for sheet in sheets), again)


def test_what_was_read_and_does_not_all_count_is_kept_beside():
    read = [mark("UE1"), mark("UE2", "12", Decimal("12")), mark("UE3", "", None, "missing")]
    sheet = report(read)
    sheet.marks = [read[0], mark("UE2", "13", Decimal("13")), read[2]]
    tabled(report([mark("EN")]), sheet)
    assert [each.raw for each in sheet.marks] == ["4", "13", ""]
    assert sheet.found == read
    assert sheet.left_out == "1"


def test_a_sheet_that_counts_for_nothing_has_no_row():
    sheet = report([mark()], status=SheetStatus.SUPERSEDED)
    sheet.marks = []
    other = report([mark("UE2")])
    tabled(sheet, other)
    assert list(sheet.marks) == []
    assert [each.code for each in other.marks] == ["UE2"]
    assert [each.code for each in sheet.found] == ["UE1"]


@pytest.mark.parametrize("again", [as_text, repr])
def test_each_word_is_told_as_whoever_asks_tells_it(again):
    one, other = report([mark()]), report([mark("UE2", "4.0")])
    tabled(one, other)
    for tell in (as_text, again, as_text):
        for sheet in (one, other):
            assert list(told_alike(sheet.marks, tell)) == list(told_alike(list(sheet.marks), tell))
