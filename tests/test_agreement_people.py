"""Lists of people whose identifiers and names no longer agree: neither is believed."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.model.tables import EXCLUDED, VALUE
from tests import cohorts, moving
from tests.readings import BLOCKING, NOTES, VALIDATION, WARNING, anomalies, read
from tests.test_agreement import blocking, rows_of


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("accord") / "cohorte", stayed=True)


def person(cohort, kind, changes):
    """The report of NOTES or VALIDATION where these names stand beside these identifiers."""
    book = cohort.filled(kind)
    sheet = book.sheet(kind)
    for code, names in changes.items():
        row = cohorts.row_of(sheet, code)
        for column, name in zip((2, 3), names, strict=True):
            sheet.cell(row, column).value = name
    return read(cohort, book.save())


def waiting(report):
    return {mark.candidate for sheet in report.sheets for mark in sheet.marks if mark.state == EXCLUDED}


@pytest.mark.parametrize("kind", [NOTES, VALIDATION])
def test_names_exchanged_in_a_list_wait_with_one_message(cohort, kind):
    report = person(cohort, kind, {"007": ("N'Guessan", "Prisca"), "C04": ("Lefèvre", "Éloïse")})
    told = blocking(report)
    assert (told.code, told.candidate) == ("I04", "")
    assert "007 et C04" in told.message
    assert {"007", "C04"} <= waiting(report)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Durand", "Paul"), BLOCKING),  # somebody whom the roster does not know
        (("Nguyen", "Bao"), BLOCKING),
        (("Lefèvre-Roux", "Éloïse"), WARNING),
        (("Lefèvre", None), WARNING),
        ((None, None), WARNING),
    ],
)
def test_one_name_of_a_list(cohort, names, expected):
    report = person(cohort, NOTES, {"007": names})
    (told,) = anomalies(report, "I04")
    assert (str(told.gravity), told.candidate) == (expected, "007")
    assert ("007" in waiting(report)) == (expected == BLOCKING)


def test_first_names_that_travelled_without_the_surnames_tell(cohort):
    report = person(cohort, NOTES, {"007": ("Lefèvre", "Prisca"), "C04": ("N'Guessan", "Éloïse")})
    assert blocking(report).code == "I04"
    assert {"007", "C04"} <= waiting(report)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)), first=st.integers(1, 3), last=st.sampled_from([1, 2, 3, 21]))
def test_no_sort_gives_a_mark_to_somebody_else(cohort, order, first, last):
    """Whatever columns of the list were sorted, but for identifiers and names together, and two homonyms alone."""
    first = min(first, last)
    assume((first, last) != (1, 3))
    assume(order[0] != 0 or order[3] != 3)
    book = cohort.filled(NOTES)
    codes = [row.code for row in book.form(NOTES).rows]
    for rank, code in enumerate(codes):
        book.put(NOTES, "UE1", "", 10 + rank, code)
    sheet = book.sheet(NOTES)
    moving.sort(sheet, rows_of(book, NOTES, codes), range(first, last + 1), list(order))
    report = read(cohort, book.save())
    marks = [mark for each in report.sheets for mark in each.marks if mark.input == "UE1" and mark.state == VALUE]
    assert {mark.candidate: mark.value for mark in marks}.items() <= {c: 10 + r for r, c in enumerate(codes)}.items()
