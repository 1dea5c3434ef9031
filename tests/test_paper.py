"""How a long sheet is parted into pages: a section's title never ends one."""

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from engine.commands.templates import issue
from engine.model import Kind
from engine.templates.paper import page_starts
from tests import cohorts

STATEMENT = "Énoncé officiel de la compétence, tel qu'il a été déposé, avec ses critères et ses conditions. "


@given(st.lists(st.tuples(st.floats(5, 90), st.booleans()), min_size=3, max_size=60))
def test_every_page_holds_what_it_begins_with_and_no_title_ends_one(rows):
    heights, room, heading = [height for height, _ in rows], 200.0, 0
    titles = {row for row, (_, title) in enumerate(rows) if title and row > heading}
    titles -= {row for row in titles if row - 1 in titles}  # a title is not followed by another one
    starts = page_starts(heights, room, heading, titles)
    assert starts == sorted(set(starts))
    assert not {start - 1 for start in starts} & titles
    for first, end in zip([0, *starts], [*starts, len(rows)], strict=True):
        repeated = heights[heading] if first else 0
        assert end - first == 1 or sum(heights[first:end]) + repeated <= room or first + 1 in titles or first in titles


def test_a_sheet_is_parted_only_where_it_must_be():
    assert page_starts([20] * 10, 200, 0, {5}) == []
    assert page_starts([20] * 11, 200, 0, set()) == [10]
    assert page_starts([20] * 11, 200, 0, {9}) == [9]
    assert page_starts([20] * 20, 200, 0, set()) == [10, 19]  # the headings are repeated


def sheet(cohort):
    return openpyxl.load_workbook(cohort.issued(Kind.GRILLE))[Kind.GRILLE.record.title]


def test_a_grid_with_statements_never_ends_a_page_with_the_title_of_a_bloc(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    before = cohort.issued(Kind.GRILLE).read_bytes()
    assert sheet(cohort).sheet_properties.pageSetUpPr.fitToPage
    codes = [competence.code for competence in cohort.referential.competences]
    table = "".join(f"{code};{STATEMENT * (1 + rank % 5)}\n" for rank, code in enumerate(codes))
    (cohort.path / "énoncés.csv").write_text(f"Code;Énoncé\n{table}", encoding="utf-8-sig")
    book = openpyxl.load_workbook(cohort.path / "cohorte.xlsx")
    book["Session"].append(["Énoncés", "énoncés.csv"])
    book.save(cohort.path / "cohorte.xlsx")
    issue(cohort.path)
    assert cohort.issued(Kind.GRILLE).read_bytes() != before
    found = sheet(cohort)
    titles = {
        row[1].row for row in found.iter_rows() if row[1].value and str(row[1].value)[:2] in ("B1", "B2", "B3", "B4")
    }
    starts = {each.id + 1 for each in found.row_breaks.brk}
    assert len(titles) == 4
    assert len(starts) >= 2
    assert not {start - 1 for start in starts} & titles
    properties = found.sheet_properties.pageSetUpPr
    assert not (properties and properties.fitToPage)  # Excel passes over the breaks of a page that is fitted
    assert 40 <= found.page_setup.scale <= 100
