"""The local page in a real browser: from a drop to a decision, by the keyboard alone, on a phone, and for everybody."""

import shutil
import time
from pathlib import Path

import pytest
from selenium.common.exceptions import NoSuchElementException, StaleElementReferenceException, WebDriverException
from selenium.webdriver import ActionChains, Keys
from selenium.webdriver.common.by import By

from engine.browser import drops
from engine.commands.consolidate import consolidate
from engine.commands.demo import prepare_demo
from engine.model import Decision
from tests import juries, pages, rosters
from tests.test_jury import enrol

pytestmark = pytest.mark.browser
ALL = ("accueil", "courriel", "retours", "corrections", "decisions", "jury", "session")


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory):
    """The sample cohort and what was found in it."""
    folder = tmp_path_factory.mktemp("sample") / "Promotion 14"
    prepare_demo(folder)
    return folder, consolidate(folder)


@pytest.fixture
def sample(consolidated, tmp_path):
    """The same, for one test alone."""
    return Path(shutil.copytree(consolidated[0], tmp_path / consolidated[0].name))


def until(found, seconds=60):
    """What ``found`` gives, as soon as it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            told = found()
        except WebDriverException as fault:
            if not changing(fault):
                raise
            told = None
        if told:
            return told
        time.sleep(0.1)
    raise AssertionError("it never came")


def steady(read):
    """What ``read`` gives, be it nothing: read again if the page changes meanwhile, as it does by itself."""
    return until(lambda: (read(),))[0]


def changing(fault):
    """Whether an element was not there, or no longer, because the page changes meanwhile."""
    gone = isinstance(fault, NoSuchElementException | StaleElementReferenceException)
    return gone or "does not belong to the document" in str(fault)  # a stale element, in the words of the protocol


def text(browser, selector="main"):
    return steady(lambda: browser.find_element(By.CSS_SELECTOR, selector).text)


def visit(browser, page):
    """Another page of the cohort, once what it shows was read."""
    browser.get(browser.current_url.rsplit("/", 1)[0] + f"/{page}")
    until(
        lambda: "en cours de lecture" not in text(browser) and not browser.find_element(By.ID, "marche").is_displayed()
    )


def test_from_a_drop_to_a_decision(browser, sample, consolidated, tmp_path):
    """Somebody's returns come, are dropped, and they are admitted; the results are then written."""
    outcome = next(each for each in consolidated[1].outcomes if each.decision is Decision.ADMITTED)
    about = outcome.candidate
    theirs = [path for path in (sample / "retours").rglob("*.xlsx") if about.last_name.upper() in path.stem.upper()]
    assert theirs
    desktop = tmp_path / "bureau"
    desktop.mkdir()
    taken = [Path(shutil.move(path, desktop / f"{rank} {path.name}")) for rank, path in enumerate(theirs)]
    consolidate(sample)
    pages.size(browser, *pages.WIDE)
    with pages.served(sample) as site:
        browser.get(site.address)
        visit(browser, "decisions")

        def decision():
            rows = "return [...document.querySelectorAll('.outcomes summary')].map((each) => each.innerText)"
            return next(each for each in browser.execute_script(rows) if f"({about.id})" in each)

        assert "EN ATTENTE" in decision()
        visit(browser, "retours")
        pages.drop(browser, *taken)
        until(lambda: f"{len(taken)} fichiers déposés" in text(browser, "#depot-dit"))
        until(lambda: all(f"/{path.name}" in text(browser, "#retours") for path in taken))  # seen, without a reload
        visit(browser, "decisions")
        assert "ADMIS" in decision()
        visit(browser, "accueil")
        before = (sample / "resultats" / "resultats.xlsx").read_bytes()
        steady(lambda: browser.find_element(By.XPATH, "//button[.='Consolider']").click())
        until(lambda: "Les résultats sont écrits" in text(browser))
        assert (sample / "resultats" / "resultats.xlsx").read_bytes() != before
        assert until(lambda: "à jour" in text(browser, "#etapes"))


def test_a_folder_and_what_is_too_big(browser, sample, tmp_path, monkeypatch):
    monkeypatch.setattr(drops, "MOST", 1000)
    lot = tmp_path / "lot é"
    (lot / "dedans").mkdir(parents=True)
    (lot / "dedans" / "a.xlsx").write_bytes(b"PK")
    (lot / "gros.xlsx").write_bytes(b"x" * 1001)
    with pages.served(sample) as site:
        browser.get(site.address)
        visit(browser, "retours")
        pages.drop(browser, lot)
        until(lambda: "1 fichier déposé. 1 fichier refusé." in text(browser, "#depot-dit"))
        assert "✗ lot é/gros.xlsx : trop gros" in text(browser, "#depot-liste")
    (filed,) = (sample / "retours" / "deposes").rglob("a.xlsx")
    assert filed.parts[-3:] == ("lot é", "dedans", "a.xlsx")


def press(browser, *keys):
    ActionChains(browser).send_keys(*keys).perform()


def focused(browser):
    return browser.switch_to.active_element


def tab_to(browser, label, most=60):
    """Go on with the Tab key until what bears this label has the focus, which is seen at every stop."""
    for _ in range(most):
        press(browser, Keys.TAB)
        stop = browser.execute_script(  # at once: the page may change between two questions
            "const here = document.activeElement;"
            "const outline = getComputedStyle(here.closest('label.button') ?? here).outlineStyle;"
            "return {tag: here.tagName, outline, told: here.innerText || here.id, place: here.outerHTML};"
        )
        if stop["tag"] == "BODY":  # nothing has the focus: a page that is just coming
            continue
        assert stop["outline"] != "none", stop["place"]
        if label in stop["told"]:
            return
    raise AssertionError(f"the keyboard never comes to {label}")


def test_the_job_is_done_by_the_keyboard_alone(browser, tmp_path):
    pages.size(browser, *pages.WIDE)
    with pages.served(tmp_path / "cohortes") as site:
        browser.get(site.address)
        tab_to(browser, "nom")
        press(browser, "lyon", Keys.ENTER)
        folder = tmp_path / "cohortes" / "lyon"
        until(lambda: "Ouvrez son registre" in text(browser))
        rosters.book(session="Champ | Valeur\nCohorte | Tilleuls\n").save(folder / "cohorte.xlsx")
        until(lambda: "Préparez les classeurs" in text(browser))  # the page follows the roster as it is saved
        tab_to(browser, "Préparer les classeurs")
        press(browser, Keys.ENTER)
        until(lambda: "classeurs écrits" in text(browser))
        tab_to(browser, "Déposer, et voir de qui")
        press(browser, Keys.ENTER)
        until(lambda: browser.find_elements(By.ID, "fichiers"))
        filled = next((folder / "envois" / "tuteurs").rglob("*.xlsx"))
        tab_to(browser, "fichiers")
        steady(lambda: focused(browser).send_keys(str(filled)))
        until(lambda: "1 fichier déposé" in text(browser, "#depot-dit"))
        until(lambda: f"/{filled.name}" in text(browser, "#retours"))
        visit(browser, "session")
        tab_to(browser, "accepter")
        press(browser, Keys.SPACE)
        tab_to(browser, "Clore la session")
        press(browser, Keys.ENTER)
        until(lambda: "La session est close depuis" in text(browser))
        tab_to(browser, "Quitter")
        press(browser, Keys.ENTER)
        until(lambda: "C’est fini" in text(browser))


def test_the_jury_is_made_ready_by_the_keyboard_alone(browser, axe, sample):
    enrol(sample, C01=("Entreprise", "Les Tilleuls"))
    pages.size(browser, *pages.WIDE)
    with pages.served(sample) as site:
        browser.get(site.address)
        visit(browser, "jury")
        assert "13 Admissible, 1 Non admissible, 1 Dossier incomplet" in text(browser, "#jury")
        tab_to(browser, "Préparer le jury")
        press(browser, Keys.ENTER)
        until(lambda: "13 convoqués, 13 placés" in text(browser, "#travail"))
        until(lambda: "Ouvrir le planning" in text(browser, "#jury"))
        tab_to(browser, "(C01)")
        press(browser, Keys.ENTER)
        until(lambda: "Passage : 30/01/2025" in text(browser, "#jury"))
        tab_to(browser, "(C08)")
        press(browser, Keys.ENTER)
        until(lambda: "absence" in text(browser, "#jury"))
        assert violations(browser, axe) == []
    assert (sample / "envois" / "jury" / "Planning.xlsx").is_file()


def test_the_next_session_is_begun_by_the_keyboard_alone(browser, axe, tmp_path):
    juries.make_closed(tmp_path / "2025")
    pages.size(browser, *pages.NARROW)
    with pages.served(tmp_path) as site:
        browser.get(site.address)
        tab_to(browser, "nom")
        press(browser, "2026")
        tab_to(browser, "Personne")
        press(browser, Keys.ARROW_DOWN)
        tab_to(browser, "Faire la cohorte")
        press(browser, Keys.ENTER)
        until(lambda: "candidats repris" in text(browser, "#travail").replace("\u202f", " "))
        assert violations(browser, axe) == []
        tab_to(browser, "C’est lu")
        press(browser, Keys.ENTER)
        until(lambda: text(browser, "#travail") == "" and "Préparez les classeurs" in text(browser))


def test_the_morning_page_opens_beside_the_other(browser, sample):
    with pages.served(sample) as site:
        browser.get(site.address)
        visit(browser, "accueil")
        ours = browser.current_window_handle
        tab_to(browser, "Page du matin")
        press(browser, Keys.ENTER)
        (beside,) = until(lambda: set(browser.window_handles) - {ours})
        browser.switch_to.window(beside)
        until(lambda: "Quelqu’un doit intervenir" in text(browser, "h1"))
        browser.close()
        browser.switch_to.window(ours)


def test_the_keyboard_stays_in_a_part_that_is_drawn_again_without_what_had_the_focus(browser, sample):
    with pages.served(sample) as site:
        browser.get(site.address)
        visit(browser, "accueil")
        tab_to(browser, "Déposer, et voir de qui")
        browser.execute_script(
            "const part = document.activeElement.closest('[data-live]'), other = part.cloneNode(true);"
            "other.querySelectorAll('a, button').forEach((each) => each.remove()); exchange(part, other);"
        )
        part = browser.execute_script("return document.activeElement.closest('[data-live]')")
        assert part is not None


def test_nothing_is_wider_than_a_phone(browser, sample):
    pages.size(browser, *pages.NARROW)
    long = "Très_long_nom_sans_blanc_" * 4
    (sample / "retours" / f"{long}.xlsx").write_bytes(b"%PDF-1.7")
    with pages.served(sample) as site:
        browser.get(site.address)
        for page in ALL:
            visit(browser, page)
            browser.execute_script("document.querySelectorAll('details').forEach((each) => (each.open = true))")
            width = browser.execute_script("return document.documentElement.scrollWidth")
            assert width <= 390, page


@pytest.mark.parametrize("size", [pages.WIDE, pages.NARROW], ids=["screen", "phone"])
def test_axe_finds_nothing_to_say(browser, axe, sample, size):
    pages.size(browser, *size)
    with pages.served(sample) as site:
        browser.get(site.address)
        for page in (*ALL, "codes", "rapport", "absente"):
            if page in ALL:
                visit(browser, page)
            else:
                browser.get(browser.current_url.rsplit("/", 1)[0] + f"/{page}")
            browser.execute_script("document.querySelectorAll('details').forEach((each) => (each.open = true))")
            assert violations(browser, axe) == [], page
    with pages.served(sample.parent) as site:
        browser.get(site.address)
        assert violations(browser, axe) == []
        assert [entry for entry in browser.get_log("browser") if "Content Security" in entry["message"]] == []


def violations(browser, axe):
    browser.execute_script(axe)
    return browser.execute_async_script(
        "const done = arguments[0]; axe.run().then((found) => done(found.violations.map("
        "(each) => [each.id, each.nodes.map((node) => node.html)])));"
    )
