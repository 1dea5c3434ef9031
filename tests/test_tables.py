from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from engine.model import Mark
from engine.model.packed import Marks, kept, told_alike
from engine.model.tables import MARKS, marks_table, table


def test_cells_keep_their_own_type():
    row = ("f", "s", "A1", "NOTES", "007", "", "UE1", "UE1", "NA", Decimal("10.00"), "value")
    made = table(MARKS, [row, (*row[:9], date(2025, 6, 1), "value"), (*row[:9], None, "missing")])
    assert made["candidate"].astype(object).tolist() == ["007"] * 3
    assert made["raw"].astype(object).tolist() == ["NA"] * 3
    assert made["value"].tolist() == [Decimal("10.00"), date(2025, 6, 1), None]


def test_no_rows_is_an_empty_table_with_its_columns():
    assert list(table(MARKS, []).columns) == list(MARKS)
    assert len(table(MARKS, [])) == 0


def packed(file):
    """Two marks of a sheet, 4 and 4.0, and one of another sheet of the same file."""
    words = ["S", "A1", "NOTES", "C01", "", "UE1", "4", Decimal("4"), "value", "4.0", Decimal("4.0"), "A2", None]
    one = [0, 1, 2, 3, 4, 5, 5, 6, 7, 8, 0, 11, 2, 3, 4, 5, 5, 9, 10, 8]
    return Marks(file, words, one), Marks(file, words, [*one[:8], 12, 8])


def test_packed_marks_make_the_table_that_they_make_one_by_one():
    loose = [Mark("c", "S", "B9", "ORAL", "C02", "E1", "points", "", "é", date(2025, 6, 1), "value")]
    sheets = [*packed("b"), loose, *packed("a"), []]
    made, expected = marks_table(sheets), table(MARKS, [mark for sheet in sheets for mark in sheet])
    pd.testing.assert_frame_equal(made, expected)
    assert list(map(repr, made["value"])) == list(map(repr, expected["value"]))
    assert len(marks_table([])) == 0


def test_packed_marks_are_told_as_they_are_one_by_one():
    (marks, _) = packed("b")
    assert list(told_alike(marks, str)) == list(told_alike(list(marks), str))
    assert [row[8] for row in told_alike(marks, str)] == ["4", "4.0"]


@pytest.mark.parametrize("words", [256, 257, 65_536, 65_537])
def test_packed_marks_have_every_word_whatever_their_number(words):
    told = [f"w{rank}" for rank in range(words)]
    marks = Marks("b", told, [0] * 9 + [words - 1])
    assert list(marks) == [Mark("b", *["w0"] * 9, f"w{words - 1}")]
    with pytest.raises((ValueError, ArithmeticError)):
        Marks("b", told, [0] * 9 + [words])


def test_marks_that_are_kept_stay_packed_and_in_their_order():
    (_, marks) = packed("b")
    found = kept(marks, [False, True])
    assert isinstance(found, Marks)
    assert list(found) == list(marks)[1:] == kept(list(marks), [False, True])
