"""Rows and columns inserted or deleted by programs that leave defined names where they were: nothing is misread."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from engine.model.tables import VALUE
from tests import cohorts
from tests.readings import BLOCKING, GRILLE, ORAL, TRANSVERSALE, TRAVAUX, WARNING, anomalies, excluded, read

ENTRY = {GRILLE: "niveau", TRAVAUX: "niveau", TRANSVERSALE: "niveau", ORAL: "points"}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("noms") / "cohorte")


def varied(cohort, kind, ranks):
    """A filled workbook whose values differ from row to row, with nothing on rows of other ranks."""
    book = cohort.filled(kind)
    form = book.form(kind)
    entry = next(entry for entry in form.inputs if entry.name == ENTRY[kind])
    for rank, row in enumerate(form.rows):
        values = form.domain(entry, row).values
        book.put(kind, entry.name, row.code, values[rank % len(values)] if rank in ranks else None)
    return book


def kept(report, kind):
    marks = [mark for sheet in report.sheets if sheet.kind is kind for mark in sheet.marks]
    return {mark.code: mark.value for mark in marks if mark.input == ENTRY[kind] and mark.state == VALUE}


@pytest.mark.parametrize("kind", ENTRY)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_inserted_or_deleted_each_value_keeps_its_code(cohort, kind, data):
    codes = [row.code for row in cohort.filled(kind).form(kind).rows]
    ranks = data.draw(st.sampled_from([{0}, {len(codes) - 1}, {*range(0, len(codes), 2)}, {*range(len(codes))}]))
    book = varied(cohort, kind, ranks)
    wanted = kept(read(cohort, book.save()), kind)
    sheet = book.sheet(kind)
    change = data.draw(st.sampled_from([sheet.insert_rows, sheet.insert_cols, sheet.delete_rows, sheet.delete_cols]))
    rows = change in (sheet.insert_rows, sheet.delete_rows)
    place = data.draw(st.integers(1, (sheet.max_row if rows else sheet.max_column) + 1))
    gone = {str(cell.value) for cell in next(sheet.iter_rows(place, place) if rows else sheet.iter_cols(place, place))}
    assume(change in (sheet.insert_rows, sheet.insert_cols) or not any(text.count("/") == 5 for text in gone))
    change(place)
    report = read(cohort, book.save())
    found = kept(report, kind)
    assert found.items() <= wanted.items()
    told = anomalies(report, "S03")
    if not told:
        assert found == wanted
    assert [each.code for each in anomalies(report) if each.blocking and each.code != "S03"] == []


@pytest.mark.parametrize(
    ("kind", "heading"),
    [
        (GRILLE, "Compétence"),
        (GRILLE, "Éléments de preuve"),
        (TRAVAUX, "Travail"),
        (TRANSVERSALE, "Compétence"),
        (ORAL, "Critère"),
        (ORAL, "Barème"),
    ],
)
def test_a_column_of_texts_deleted_is_a_warning_and_every_value_is_read(cohort, kind, heading):
    """Whatever went with it: the names of the header, labels of boxes."""
    book = cohort.filled(kind)
    wanted = kept(read(cohort, book.save()), kind)
    book.sheet(kind).delete_cols(cohorts.column_of(book.sheet(kind), heading))
    report = read(cohort, book.save())
    assert kept(report, kind) == wanted
    assert {str(each.gravity) for each in anomalies(report)} <= {WARNING, "info"}
    assert anomalies(report, "V09") == []
    if kind is ORAL:
        assert [m.value for sheet in report.sheets for m in sheet.marks if m.input == "rapport"] == ["Oui"]


def test_an_answer_whose_label_and_rows_are_gone_is_not_looked_for_at_an_old_address(cohort):
    """The label went with its column, and rows inserted above left the name of its box on another row."""
    book = cohort.filled(ORAL)
    sheet = book.sheet(ORAL)
    sheet.insert_rows(cohorts.row_of(sheet, "O02"), 3)
    sheet.delete_cols(cohorts.column_of(sheet, "Critère"))
    (told,) = [each for each in anomalies(read(cohort, book.save()), "S03") if "Rapport" in each.message]
    assert str(told.gravity) == BLOCKING


@pytest.mark.parametrize(
    ("kind", "code", "other"), [(GRILLE, "1.1", "1.2"), (ORAL, "O08", "O07"), (TRAVAUX, "RA1", "DP6")]
)
def test_a_name_that_points_to_the_row_of_another_code_was_not_left_behind(cohort, kind, code, other):
    book = varied(cohort, kind, range(30))
    name, elsewhere = (f"{str(kind).lower()}_{ENTRY[kind]}_{each}" for each in (code, other))
    names = book.workbook.defined_names
    names[name].attr_text = names[elsewhere].attr_text
    report = read(cohort, book.save())
    assert {code, other} == set(excluded(report, ENTRY[kind]))
    (told,) = anomalies(report, "S05")
    assert str(told.gravity) == BLOCKING


def test_a_header_without_its_name_shows_nobody_else(cohort):
    """The panel beside the names is then the next text of the row."""
    book = cohort.filled(GRILLE)
    cohorts.find(book.sheet(GRILLE), "LEFÈVRE Éloïse (007)").value = None
    assert anomalies(read(cohort, book.save()), "I04") == []
