"""The local page when what it shows is no longer so: nothing is done, or lost, of what nobody has seen."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.select import Select

from engine.commands.close import last_act
from engine.workspace import clock
from engine.workspace.cohort import Folder
from tests import cohorts, juries, pages, rosters
from tests.pages import Page
from tests.test_browser_mail import told
from tests.test_browser_pages import steady, text, until, visit


def listed(page):
    return re.search('name="vu" value="([0-9a-f]+)"', page.page("session"))[1]


@pytest.fixture
def sitting(tmp_path):
    return juries.make(tmp_path / "promotion")


def test_nothing_is_closed_over_what_the_page_did_not_list(sitting):
    page = Page(sitting.path)
    seen = listed(page)
    spoiled = sitting.drop(sitting.path / "cohorte.xlsx", "retour de plus.xlsx")
    page.do("clore", accepter="oui", vu=seen)
    assert "Ce qui s’oppose à la clôture a changé depuis que la page l’a montré" in told(page, "session")
    assert last_act(Folder(sitting.path)) is None
    assert spoiled.name in page.page("session")
    page.do("clore", accepter="oui", vu=listed(page))
    assert any(spoiled.name in line for line in last_act(Folder(sitting.path)).accepted)


def test_no_loss_is_accepted_but_the_one_that_the_page_told(sitting):
    page, returns = Page(sitting.path), sorted(path for path in sitting.returns.rglob("*") if path.is_file())
    for path in returns[5:]:
        path.rename(sitting.path / f"parti {path.name}")
    page.do("consolider")
    seen = re.search('name="vu" value="(.+?)"', page.page())[1]
    for path in returns[:5]:
        path.unlink()
    before = Folder(sitting.path).results_workbook.read_bytes()
    page.do("consolider", accepter="oui", vu=seen)
    assert "Ce qui manque dans « retours » a changé depuis que la page l’a montré" in told(page, "accueil")
    assert Folder(sitting.path).results_workbook.read_bytes() == before


def test_a_passphrase_stays_until_it_was_read(tmp_path):
    page = Page(juries.make_closed(tmp_path / "promotion").path)
    page.do("livrer")
    (phrase,) = re.findall(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", page.page("session"))
    refused = page.do("livrer")
    assert refused.status_code == 409
    assert "n’est gardé nulle part" in refused.text
    assert page.do("consolider").status_code == 409
    assert phrase in page.page("session")
    assert len(list(Folder(page.folder).deliveries.glob("*.zip"))) == 1
    page.do("vu")
    assert page.do("consolider").status_code == 303


@pytest.mark.browser
def test_what_was_ticked_is_ticked_again_beside_another_list(browser, sitting):
    with pages.served(sitting.path) as site:
        browser.get(site.address)
        visit(browser, "session")
        browser.find_element(By.ID, "accepter").click()
        added = sitting.drop(sitting.path / "cohorte.xlsx", "retour de plus.xlsx")
        until(lambda: added.name in text(browser))
        assert not steady(lambda: browser.find_element(By.ID, "accepter").is_selected())


def test_the_page_reads_again_when_the_certification_changes_and_when_a_day_begins(tmp_path, monkeypatch):
    toml, page = tmp_path / "x" / "autre.toml", Page(tmp_path / "x")
    page.folder.mkdir()
    toml.write_bytes(Path(cohorts.OTHER).read_bytes())
    rosters.book(session=f"Champ | Valeur\nRéférentiel | {toml.name}\n").save(page.folder / "cohorte.xlsx")
    assert "en cours de lecture" not in page.page()
    toml.write_text("rien", encoding="utf-8")
    assert "TOML correct" in page.page()
    read = page.desk.reading(Folder(page.folder))[0]
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    page.page()
    assert page.desk.reading(Folder(page.folder))[0] != read


@pytest.mark.browser
def test_a_double_click_asks_once(browser, tmp_path):
    juries.make_closed(tmp_path / "janvier")
    with pages.served(tmp_path) as site:
        browser.get(site.address)
        browser.find_element(By.ID, "nom").send_keys("juin")
        Select(browser.find_element(By.ID, "reprendre")).select_by_visible_text("janvier")
        button = browser.find_element(By.XPATH, "//button[.='Faire la cohorte']")
        ActionChains(browser).click(button).pause(0.1).click().perform()
        until(lambda: "/juin/" in browser.current_url)
        site.desk.settle()
        assert (tmp_path / "juin" / "cohorte.xlsx").is_file()
        assert not (tmp_path / "juin" / "reprises.xlsx").exists()
