"""A cohort that is not where it was, or whose roster bears another name: what is said, and what is not done."""

from __future__ import annotations

import pytest

from engine.commands.cohorts import open_cohort
from engine.model.errors import CohortError
from tests import cohorts
from tests.pages import Page


@pytest.fixture
def cohort(tmp_path):
    return cohorts.make(tmp_path / "Promotion d'été")


@pytest.mark.parametrize("name", ["Registre.xlsx", "cohorte.ods", "cohorte.xlsx.xlsx", "Copie de cohorte.XLS"])
def test_a_roster_of_another_name_is_named_instead_of_another_made(cohort, name):
    (cohort.path / "cohorte.xlsx").rename(cohort.path / name)
    with pytest.raises(CohortError) as told:
        open_cohort(cohort.path)
    assert f"Si c'est « {name} », enregistrez-le" in str(told.value)
    assert "init" not in str(told.value)


def test_a_folder_that_was_never_a_cohort_is_told_of_its_own_name_only(tmp_path):
    (tmp_path / "budget.xlsx").touch()
    with pytest.raises(CohortError, match="init"):
        open_cohort(tmp_path)
    (tmp_path / "cohorte.ods").touch()
    with pytest.raises(CohortError, match=r"Si c'est « cohorte\.ods », enregistrez-le"):
        open_cohort(tmp_path)


def test_the_page_makes_no_cohort_in_one_that_lost_its_roster(cohort):
    page = Page(cohort.path)
    (cohort.path / "cohorte.xlsx").rename(cohort.path / "Registre.xlsx")
    for answer in (page.get("/"), page.ask("POST", "/creer", data={"nom": "x"})):
        assert answer.status_code == 409
        assert "Registre.xlsx" in answer.text
    assert not (cohort.path / "x").exists()


def test_a_cohort_that_went_away_while_its_page_is_open_is_told(cohort):
    page = Page(cohort.path.parent)
    page.name = cohort.path.name
    assert page.do("consolider").status_code == 303
    cohort.path.rename(cohort.path.with_name("ailleurs"))
    for answer in (page.get("/c/Promotion d'été/accueil"), page.do("consolider")):
        assert answer.status_code == 404
        assert "n’est plus là" in answer.text
    refused = page.drop("retour.xlsx")
    assert refused.status_code == 404
    assert "n'est plus là" in refused.json["refus"]


def test_no_refusal_of_the_page_is_in_english(cohort):
    page = Page(cohort.path)
    for answer in (page.get("/rien"), page.get("/creer"), page.ask("TRACE", "/")):
        assert answer.status_code in (404, 405)
        assert "Cette page n’existe pas." in answer.text
