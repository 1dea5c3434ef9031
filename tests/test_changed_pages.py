"""A page per candidate that somebody changed by hand is told every night, until it is made again."""

from __future__ import annotations

import openpyxl
import pytest

from engine.commands.fiches import write_fiches
from engine.model.texts import fold
from engine.workspace.cohort import Folder
from tests import cohorts


@pytest.fixture
def cohort(tmp_path):
    made = cohorts.make(tmp_path / "cohorte")
    write_fiches(made.path)
    return made


def pages(cohort):
    return sorted(Folder(cohort.path).pages.glob("*.xlsx"))


def retouch(path):
    book = openpyxl.load_workbook(path)
    book.worksheets[0]["A1"] = "ADMIS avec les félicitations"
    book.save(path)


def told(cohort):
    return [notice for notice in cohort.consolidate().report.notices if "après coup" in notice]


def test_pages_as_they_were_written_are_not_told_of(cohort):
    assert len(pages(cohort)) == 4
    assert told(cohort) == []
    write_fiches(cohort.path, ["007"])
    write_fiches(cohort.path, one_file=True)
    assert told(cohort) == []


def test_a_changed_page_is_told_every_night_until_it_is_made_again(cohort):
    cohort.consolidate()
    changed = pages(cohort)[0]
    retouch(changed)
    for _ in range(2):
        (notice,) = told(cohort)
        assert notice.startswith("1 page de candidat a été modifiée")
        assert changed.name in notice
    morning = Folder(cohort.path).briefing.with_suffix(".txt").read_text(encoding="utf-8")
    assert fold("1 page de candidat a été modifiée") in fold(morning)
    write_fiches(cohort.path)
    assert told(cohort) == []


def test_the_page_of_another_is_told_still_when_some_are_made_again(cohort):
    retouch(pages(cohort)[0])
    retouch(pages(cohort)[3])
    write_fiches(cohort.path, ["C04"])
    (notice,) = told(cohort)
    assert notice.startswith("2 pages")


def test_all_pages_in_one_workbook_are_watched_too(cohort):
    write_fiches(cohort.path, one_file=True)
    together = Folder(cohort.path).pages.with_suffix(".xlsx")
    retouch(together)
    assert "« fiches.xlsx »" in told(cohort)[0]


def test_what_is_nobody_s_page_is_nobody_s_business(cohort):
    cohorts.rewrite(pages(cohort)[0], {}, target=Folder(cohort.path).pages / "mes remarques.xlsx")
    assert told(cohort) == []
    Folder(cohort.path).page_digests.unlink()
    retouch(pages(cohort)[0])
    assert told(cohort) == []
