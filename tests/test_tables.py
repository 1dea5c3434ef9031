from datetime import date
from decimal import Decimal

from engine.model.tables import MARKS, table


def test_cells_keep_their_own_type():
    row = ("f", "s", "A1", "NOTES", "007", "", "UE1", "UE1", "NA", Decimal("10.00"), "value")
    made = table(MARKS, [row, (*row[:9], date(2025, 6, 1), "value"), (*row[:9], None, "missing")])
    assert made["candidate"].astype(object).tolist() == ["007"] * 3
    assert made["raw"].astype(object).tolist() == ["NA"] * 3
    assert made["value"].tolist() == [Decimal("10.00"), date(2025, 6, 1), None]


def test_no_rows_is_an_empty_table_with_its_columns():
    assert list(table(MARKS, []).columns) == list(MARKS)
    assert len(table(MARKS, [])) == 0
