"""How a long sheet is parted into pages: a section's title never ends one, and what closes it is never parted."""

from pathlib import Path

import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import referential
from engine.commands.templates import issue
from engine.model import Candidate, Kind, Roster
from engine.model.contents import Contents, Filled
from engine.model.forms.jury import PROPOSED, PROPOSED_BLOCS
from engine.model.people import Session
from engine.templates.commission import plan
from engine.templates.paper import page_starts
from engine.templates.workbook import render
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
    assert page_starts([20] * 11, 200, 0, {8, 9}) == [8]  # so are several rows that belong together


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
    parted_between_blocs(sheet(cohort))


def test_nor_does_the_copy_to_mend_of_one_where_much_was_written(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte")
    book = cohort.filled(Kind.GRILLE)
    for code in ("1.1", "1.4", "2.1", "2.9", "3.2"):
        book.put(Kind.GRILLE, "experience", code, STATEMENT * 9)
    book.put(Kind.GRILLE, "niveau", "4.2", "quatre")
    book.save()
    cohort.consolidate()
    (copy,) = (cohort.path / "envois" / "a_corriger" / "T01").glob("*.xlsx")
    parted_between_blocs(openpyxl.load_workbook(copy)[Kind.GRILLE.record.title])


def parted_between_blocs(found):
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


LONG = "de La Rochefoucauld-Montmorency-Laval d'Entraigues"
REASON = "Panne de projection au milieu de l'oral, que le jury a suspendu puis repris ; les critères sont tenus. "


def listing(number):
    """The jury's sheet about so many people, some with long names and reasons, as it goes out again."""
    people = [
        Candidate(id=f"C{rank:03}", last_name=LONG if rank % 3 else "Roy", first_name="Marie-Élisabeth Joséphine")
        for rank in range(number)
    ]
    roster = Roster(session=Session(cohort="Promotion"), candidates=tuple(people), evaluators=())
    shown = {(one.id, PROPOSED): "PARTIEL" for one in people} | {(one.id, PROPOSED_BLOCS): "B1; B2" for one in people}
    cells = {("motif", one.id): Filled(REASON * (rank % 3)) for rank, one in enumerate(people)}
    cells["incidents", ""] = Filled(REASON * 4)
    certification = referential.load("cgco_rncp34465")
    (planned,) = (
        each for each in plan(Path(), roster, certification, b"0" * 32) if each.sheets[0].assignment.candidate is None
    )
    return render(planned, roster, certification, {planned.sheets[0].assignment.key: Contents(cells, issued=shown)})


@pytest.mark.libreoffice
def test_the_signatures_of_a_jury_stand_under_the_last_decision_on_one_page(office, tmp_path):
    for number in (1, 15, 16, 17, 18, 20, 33, 40, 60):
        source = tmp_path / f"{number}.xlsx"
        source.write_bytes(listing(number))
        office.convert(source, source.with_suffix(".pdf"))
        pages = [page.extract_text() for page in pypdf.PdfReader(source.with_suffix(".pdf")).pages]
        (closing,) = [page for page in pages if "Président du jury (" in page]
        for text in (f"C{number - 1:03}", "Membres présents", "Incidents", "Signature du président", "Date"):
            assert text in closing, (number, text)
        assert all(any(f"C{rank:03}" in page for page in pages) for rank in range(number))


def test_what_a_jury_told_of_the_day_is_seen_whole_when_the_sheet_goes_out_again(tmp_path):
    (tmp_path / "délibération.xlsx").write_bytes(listing(1))
    book = openpyxl.load_workbook(tmp_path / "délibération.xlsx")
    found = book[Kind.DELIBERATION.record.title]
    heights = {}
    for name in ("incidents", "president", "signature"):
        ((_, address),) = book.defined_names[f"deliberation_{name}"].destinations
        heights[name] = found.row_dimensions[found[address].row].height
    assert heights["president"] == heights["signature"] == 30
    assert heights["incidents"] > 4 * 2 * 10  # two lines of it four times
