"""Lines that people add to a list and that are nobody's, and pictures that stand for a signature."""

from __future__ import annotations

import re

import pytest

from tests import cohorts
from tests.cohorts import column_of, rewrite, row_of
from tests.readings import BLOCKING, INFO, NOTES, ORAL, WARNING, anomalies, read, typed


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return cohorts.make(tmp_path_factory.mktemp("lignes") / "cohorte", stayed=True)


def with_line(cohort, text, heading, content):
    """The marks, a line of ``content`` under the last person, called so under a heading."""
    book = cohort.filled(NOTES)
    sheet = book.sheet(NOTES)
    row = row_of(sheet, "C04") + 1
    sheet.cell(row, column_of(sheet, heading)).value = text
    for entry in ("UE1", "UE2", "EN"):
        sheet.cell(row, column_of(sheet, entry)).value = content
    return read(cohort, book.save())


@pytest.mark.parametrize("text", ["Moyenne", "Moy. générale", "Maxi", "Nb présents", "Note moyenne", "Notes maximales"])
@pytest.mark.parametrize(("content", "gravity"), [("=AVERAGE(D9:D12)", INFO), (12.5, WARNING)])
@pytest.mark.parametrize("heading", ["Identifiant", "Nom"])
def test_a_calculation_under_the_last_person_blocks_nothing(cohort, text, content, gravity, heading):
    report = with_line(cohort, text, heading, content)
    told = [str(each.gravity) for each in anomalies(report, "I01")]
    assert told in ([gravity], [])
    assert told == [gravity] or content != 12.5
    assert {candidate for _, candidate, *_ in typed(report) if candidate} == {"007", "C02", "C03", "C04"}


@pytest.mark.parametrize("text", ["Classe", "Promotion 2025"])
def test_a_line_of_all_blocks_nothing(cohort, text):
    told = anomalies(with_line(cohort, text, "Identifiant", "=AVERAGE(D9:D12)"), "I01")
    assert [str(each.gravity) for each in told] == [INFO]


@pytest.mark.parametrize("text", ["Martin", "Noté Jean", "Notre-Dame"])
def test_a_line_of_marks_that_may_be_somebodys_blocks(cohort, text):
    told = anomalies(with_line(cohort, text, "Nom", 12.5), "I01")
    assert [str(each.gravity) for each in told] == [BLOCKING]


def test_a_picture_that_wps_places_in_the_box_signs(cohort):
    book = cohort.filled(ORAL)
    path, cell = book.save(), book.cell(ORAL, "signature").coordinate.encode()
    picture = rb'<c r="%s"\1 t="str"><f>_xlfn.DISPIMG("ID_0A",1)</f><v>=DISPIMG("ID_0A",1)</v></c>' % cell
    sheet = re.compile(rb'<c r="%s"( s="\d+")?[^>]*>.*?</c>' % cell)
    rewrite(path, {"xl/worksheets/sheet1.xml": lambda part: sheet.sub(picture, part)})
    report = read(cohort, path)
    assert typed(report)[ORAL, "007", "signature", ""] == "(image)"
    assert anomalies(report) == []
