"""Rows, columns and cells inserted, deleted, moved or sorted by LibreOffice: no value is read for another one.

Neighbouring values differ, so that one that was read a row or a column away shows. What cannot be placed waits, and is
told.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from openpyxl.utils import column_index_from_string, get_column_letter

from engine.model.forms import Nature
from engine.model.tables import EXCLUDED, MISSING, VALUE
from tests import cohorts
from tests.cohorts import Book, find
from tests.libreoffice import (
    DeleteCells,
    DeleteColumns,
    DeleteRows,
    InsertCells,
    InsertColumns,
    InsertRows,
    MoveCells,
    Office,
    Sort,
)
from tests.readings import GRILLE, NOTES, ORAL, anomalies, read, typed

pytestmark = pytest.mark.libreoffice


@dataclass(frozen=True)
class Sheet:
    """Where things stand in a filled sheet: rows of the headings and of the table, columns as letters."""

    title: str
    heading: int
    first: int
    last: int
    label: str
    box: str
    end: str
    free: str

    @property
    def middle(self) -> int:
        return (self.first + self.last) // 2


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("gestes") / "cohorte", stayed=True)


def varied(book: Book, kind) -> None:
    """Fill the inputs of the table so that no value is that of its neighbours."""
    form, rank = book.form(kind), 0
    for row in form.rows:
        for entry in (each for each in form.inputs if each.expected):
            domain, rank = form.domain(entry, row), rank + 1
            if domain.nature is Nature.NUMBER:
                steps = int(domain.maximum - domain.minimum) + 1
                value = float(domain.minimum) + rank % steps
            else:
                value = ("Oui", "Non")[rank % 2]
            book.put(kind, entry.name, row.code, value, row.code if form.by_candidate_rows else "")


@pytest.fixture(scope="module")
def sent(cohort, tmp_path_factory):
    """By kind: a filled workbook, what was typed in it, and where things stand."""
    made = {}
    for kind in (GRILLE, ORAL, NOTES):
        book = cohort.filled(kind)
        varied(book, kind)
        path = tmp_path_factory.mktemp("envoi") / f"{kind}.xlsx"
        book.workbook.save(path)
        form, sheet = book.form(kind), book.sheet(kind)
        heading = find(sheet, form.code_heading).row
        rows = [cell.row for cell in sheet["A"] if cell.row > heading and cell.value in form.row_by_code]
        entry = next(each for each in form.inputs if each.decides)
        end = max(find(sheet, each.heading).column for each in form.inputs)
        made[kind] = (
            path,
            typed(read(cohort, cohort.drop(path))),
            Sheet(
                title=kind.record.title,
                heading=heading,
                first=min(rows),
                last=max(rows),
                label=get_column_letter(find(sheet, form.labels[0].heading).column),
                box=get_column_letter(find(sheet, entry.heading).column),
                end=get_column_letter(end),
                free=get_column_letter(sheet.max_column + 3),
            ),
        )
    return made


EDITS = {
    "rows above all": lambda at: [InsertRows(at.title, before=1, count=2)],
    "rows above the headings": lambda at: [InsertRows(at.title, before=at.heading, count=1)],
    "a row within the table": lambda at: [InsertRows(at.title, before=at.middle, count=3)],
    "a row under the table": lambda at: [InsertRows(at.title, before=at.last + 1)],
    "the headings deleted": lambda at: [DeleteRows(at.title, first=at.heading)],
    "two rows deleted": lambda at: [DeleteRows(at.title, first=at.middle, count=2)],
    "the first row deleted": lambda at: [DeleteRows(at.title, first=at.first)],
    "a column before all": lambda at: [InsertColumns(at.title, before="A")],
    "a column before the boxes": lambda at: [InsertColumns(at.title, before=at.box, count=2)],
    "the labels deleted": lambda at: [DeleteColumns(at.title, first=at.label)],
    "the boxes deleted": lambda at: [DeleteColumns(at.title, first=at.box)],
    "the codes deleted": lambda at: [DeleteColumns(at.title, first="A")],
    "the boxes moved aside with their heading": lambda at: [
        MoveCells(at.title, f"{at.box}{at.heading}:{at.box}{at.last}", f"{at.free}{at.heading}")
    ],
    "the boxes moved aside without it": lambda at: [
        MoveCells(at.title, f"{at.box}{at.first}:{at.box}{at.last}", f"{at.free}{at.first}")
    ],
    "some boxes moved up a row": lambda at: [
        MoveCells(at.title, f"{at.box}{at.middle}:{at.box}{at.middle + 1}", f"{at.box}{at.middle - 1}")
    ],
    "a cell inserted among the boxes": lambda at: [InsertCells(at.title, f"{at.box}{at.middle}")],
    "a cell deleted among the boxes": lambda at: [DeleteCells(at.title, f"{at.box}{at.middle}")],
    "a cell deleted among the boxes, sideways": lambda at: [
        DeleteCells(at.title, f"{at.box}{at.middle}", sideways=True)
    ],
    "a cell inserted among the boxes, sideways": lambda at: [
        InsertCells(at.title, f"{at.box}{at.middle}", sideways=True)
    ],
    "a cell deleted in every line, sideways": lambda at: [
        DeleteCells(at.title, f"{at.box}{at.first}:{at.box}{at.last}", sideways=True)
    ],
    "a cell inserted in every line, sideways": lambda at: [
        InsertCells(at.title, f"{at.box}{at.first}:{at.box}{at.last}", sideways=True)
    ],
    "codes and labels of a line deleted": lambda at: [
        DeleteCells(at.title, f"A{at.middle}:{get_column_letter(column_index_from_string(at.box) - 1)}{at.middle}")
    ],
    "the boxes of a line deleted": lambda at: [DeleteCells(at.title, f"{at.box}{at.middle}:{at.end}{at.middle}")],
    "a cell inserted among the codes": lambda at: [InsertCells(at.title, f"A{at.middle}")],
    "a cell deleted among the codes": lambda at: [DeleteCells(at.title, f"A{at.middle}")],
    "a cell deleted among the labels": lambda at: [DeleteCells(at.title, f"{at.label}{at.middle}")],
    "rows sorted with their codes": lambda at: [Sort(at.title, f"A{at.middle}:{at.free}{at.middle + 2}", by=at.label)],
    "rows sorted without their codes": lambda at: [
        Sort(at.title, f"{at.label}{at.middle}:{at.free}{at.middle + 2}", by=at.label)
    ],
}
UNNAMED = {"some boxes moved up a row"}
"""What nothing tells of where cells have no names, as in a list of marks: it is not tried there."""

KEEP_ALL = {name for name in EDITS if name.startswith(("rows above", "a row", "a column"))}


@pytest.mark.parametrize("name", EDITS)
def test_no_value_is_read_for_another(name, sent, cohort, office: Office, tmp_path):
    rank = list(EDITS).index(name)
    for kind in (GRILLE, ORAL, NOTES)[rank % 2 : rank % 2 + 2 - (name in UNNAMED)]:
        source, known, at = sent[kind]
        before = {place: value for place, value in known.items() if place[0] is kind}
        path = office.edit(source, tmp_path / f"{kind}{('.xlsx', '.ods')[rank // 2 % 2]}", EDITS[name](at))
        report = read(cohort, cohort.drop(path))
        marks = [mark for sheet in report.sheets if sheet.kind is kind for mark in sheet.marks]
        after = {(kind, *mark.place): mark for mark in marks}
        for place, mark in after.items():
            if mark.state == VALUE and mark.input not in ("date", "signature", "motif"):
                assert before.get(place) == mark.value, (name, kind, place)
        lost = {place for place in before if place not in after or after[place].state in (EXCLUDED, MISSING)}
        assert not lost or name not in KEEP_ALL, (name, kind, sorted(lost)[:5])
        assert not lost or anomalies(report), (name, kind)
        waits = [place for place in lost if place in after and after[place].state == EXCLUDED]
        assert not waits or any(each.blocking for each in anomalies(report)), (name, kind)
