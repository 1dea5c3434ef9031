"""The local page sends and fetches by real mail servers: what is shown first is what goes, each message once."""

import html
import re
from email.message import EmailMessage

import pytest
from selenium.webdriver import Keys

from engine.model import Kind
from engine.post import Account, keep, kept
from engine.post.journal import digest
from engine.workspace.cohort import Folder
from tests import cohorts, pages
from tests.mailservers import PASSWORD, USER, post_office, reachable
from tests.pages import Page
from tests.test_browser_pages import focused, press, steady, tab_to, text, until, violations, visit

VARIABLES = ("COHORTE_SMTP", "COHORTE_IMAP", "COHORTE_FROM", "COHORTE_SMTP_USER", "COHORTE_SMTP_PASSWORD")


@pytest.fixture(autouse=True)
def nothing_given(monkeypatch):
    """The environment says nothing of mail."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def page(tmp_path):
    return Page(reachable(tmp_path / "x"))


def told(page, name="courriel"):
    return re.sub(r"\s+", " ", html.unescape(re.sub("<[^>]+>", " ", page.page(name))))


def sent_from(page, **more):
    seen = re.search('name="vu" value="([0-9a-f]+)"', page.page("courriel"))[1]
    return page.do("envoyer", vu=seen, **more)


def settle(page, **more):
    fields = {"envoi": "", "reception": "", "compte": "", "secret": "", "expediteur": "s@centre.example"}
    return page.do("reglages", **(fields | more))


def test_what_would_go_is_shown_then_goes_once(page):
    before = told(page)
    assert "par quel serveur envoyer" in before
    assert "à envoyer" in before
    assert '/envoyer"' not in page.page("courriel")
    with post_office() as served:
        settle(page, envoi=f"smtp://127.0.0.1:{served.port}")
        count = int(re.search(r"Envoyer (\d+) message", told(page))[1])
        assert served.taken == []
        assert f"{count} messages à envoyer" in told(page, "accueil")
        sent_from(page)
        after = told(page)
        assert len(served.taken) == count
        assert f"De s@centre.example : {count} messages envoyés" in after
        assert f"{count} déjà envoyés" in after
        assert "messages à envoyer" not in told(page, "accueil")
        assert '/envoyer"' not in page.page("courriel")


def test_nothing_goes_when_something_else_awaits_than_was_seen(page):
    with post_office() as served:
        settle(page, envoi=f"smtp://127.0.0.1:{served.port}")
        seen = re.search('name="vu" value="([0-9a-f]+)"', page.page("courriel"))[1]
        cohorts.Cohort(page.folder).filled(Kind.NOTES).save()
        page.do("envoyer", vu=seen)
        assert "a changé depuis que la page l'a montré" in told(page).replace("’", "'")
        page.do("envoyer")
        assert served.taken == []


def test_a_message_that_may_have_gone_goes_again_only_when_it_is_asked_for(page):
    draft = next((page.folder / "envois" / "messages").glob("*.eml"))
    for other in set(draft.parent.glob("*.eml")) - {draft}:
        other.unlink()
    (page.folder / ".cohorte" / "envois.jsonl").write_text(
        f'{{"quand": "2026-01-01T08:00:00+01:00", "brouillon": "{digest(draft.read_bytes())}", "fait": "en cours"}}\n'
    )
    with post_office() as served:
        settle(page, envoi=f"smtp://127.0.0.1:{served.port}")
        assert "1 peut-être envoyé" in told(page)
        sent_from(page)
        assert served.taken == []
        sent_from(page, encore="oui")
        assert len(served.taken) == 1


def test_an_account_is_kept_from_the_page_and_never_shown_back(page):
    answer = settle(page, envoi="smtps://s.example", compte=USER, secret=PASSWORD)
    assert answer.status_code == 303
    assert kept(Folder(page.folder).mail).password == PASSWORD
    assert PASSWORD not in page.page("courriel")
    assert "Il est gardé" in told(page)
    settle(page, envoi="smtps://s.example", compte=USER)
    assert kept(Folder(page.folder).mail).password == PASSWORD
    for field, value in (("envoi", "smtps://nom:secret@s.example"), ("reception", "http://x"), ("expediteur", "moi")):
        assert settle(page, **{field: value}).status_code == 409
    assert (
        page.ask("POST", "/c/x/reglages", headers={"Host": pages.HOST, "Origin": "http://ailleurs.example"}).status_code
        == 403
    )
    log = page.folder / ".cohorte" / "journal.jsonl"
    assert not log.exists() or PASSWORD not in log.read_text(encoding="utf-8")


def test_what_was_typed_is_shown_back_when_it_is_refused_but_for_its_password(page):
    settle(page, envoi="smtps://s.example", compte=USER, secret=PASSWORD)
    answer = settle(page, envoi="smtps://autre.example", reception="http://x", compte="autre", secret="un autre secret")
    shown = answer.get_data(as_text=True)
    assert "Ces réglages ne sont pas gardés." in shown
    assert [f'value="{each}"' in shown for each in ("smtps://autre.example", "http://x", "autre")] == [True] * 3
    assert PASSWORD not in shown
    assert "un autre secret" not in shown
    assert kept(Folder(page.folder).mail).smtp == "smtps://s.example"


def test_what_the_environment_says_prevails_and_is_named(page, monkeypatch):
    keep(Folder(page.folder).mail, Account("smtps://nulle.part.invalid", sender="s@centre.example"))
    with post_office() as served:
        monkeypatch.setenv("COHORTE_SMTP", f"smtp://127.0.0.1:{served.port}")
        assert "l'emporte : COHORTE_SMTP." in told(page).replace("’", "'")
        sent_from(page)
        assert served.taken


def test_a_server_that_is_not_there_is_a_sentence(page):
    settle(page, envoi="smtp://127.0.0.1:1")
    sent_from(page)
    assert "ne peut pas être joint" in told(page)


@pytest.fixture
def mailbox(mail_server, monkeypatch):
    """The server, its mailbox empty, its authority known."""
    monkeypatch.setenv("SSL_CERT_FILE", str(mail_server.authority))
    mail_server.empty()
    return mail_server


def answer_with(workbook):
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "Karim Benali <k@x.example>", USER, "Fiches"
    made.set_content("Voici.")
    made.add_attachment(workbook.read_bytes(), maintype="application", subtype="octet-stream", filename=workbook.name)
    return made


@pytest.mark.imap
def test_what_came_is_filed_from_the_page(page, mailbox):
    assert "où est votre boîte" in told(page)
    workbook = next((page.folder / "envois" / "tuteurs").rglob("*.xlsx"))
    mailbox.deliver(answer_with(workbook))
    settle(page, reception=f"imaps://localhost:{mailbox.tls_port}", compte=USER, secret=PASSWORD)
    page.do("relever")
    assert "1 nouveau classeur rangé" in told(page)
    (filed,) = (page.folder / "retours" / "courriel").rglob("*.xlsx")
    assert filed.read_bytes() == workbook.read_bytes()
    assert mailbox.flags() == [True]
    assert filed.name in told(page, "retours")
    page.do("relever")
    assert "Aucun message non lu" in told(page)


@pytest.mark.imap
def test_a_password_that_is_wrong_is_a_sentence_without_it(page, mailbox):
    settle(page, reception=f"imaps://localhost:{mailbox.tls_port}", compte=USER, secret="raté-777")
    page.do("relever")
    assert "pas fait" in told(page)
    assert "raté-777" not in page.page("courriel") + (page.folder / ".cohorte" / "journal.jsonl").read_text("utf-8")


# ------------------------------------------------------------------------------------------ in a browser


@pytest.mark.browser
@pytest.mark.imap
def test_a_season_of_mail_by_the_keyboard_alone(browser, mailbox, tmp_path):
    folder = reachable(tmp_path / "x")
    workbook = next((folder / "envois" / "tuteurs").rglob("*.xlsx"))
    pages.size(browser, *pages.WIDE)
    with post_office() as served, pages.served(folder) as site:
        browser.get(site.address)
        visit(browser, "courriel")
        tab_to(browser, "envoi")
        press(browser, f"smtp://127.0.0.1:{served.port}")
        tab_to(browser, "expediteur")
        press(browser, "s@centre.example", Keys.ENTER)
        until(lambda: "De s@centre.example" in text(browser, "#envoyer"))
        tab_to(browser, "message")
        assert steady(lambda: focused(browser).text).startswith("Envoyer ")
        press(browser, Keys.ENTER)
        until(lambda: "Envoi : fait" in text(browser).replace("\u202f", " "))
        assert served.taken
        until(lambda: "à envoyer" not in text(browser, "#envoyer"))
    mailbox.deliver(answer_with(workbook))
    keep(Folder(folder).mail, Account("", f"imaps://localhost:{mailbox.tls_port}", USER, PASSWORD))
    with pages.served(folder) as site:
        browser.get(site.address)
        visit(browser, "courriel")
        tab_to(browser, "Relever le courriel")
        press(browser, Keys.ENTER)
        until(lambda: "1 nouveau classeur rangé" in text(browser).replace("\u202f", " "))
        visit(browser, "retours")
        assert workbook.name in text(browser, "#retours")


@pytest.mark.browser
@pytest.mark.parametrize("size", [pages.WIDE, pages.NARROW], ids=["screen", "phone"])
def test_the_page_of_mail_is_for_everybody(browser, axe, tmp_path, size):
    folder = reachable(tmp_path / "x")
    long = "x" * 60
    keep(Folder(folder).mail, Account(f"smtp://{long}.example", sender=f"{long}@{long}.example"))
    pages.size(browser, *size)
    with pages.served(folder) as site:
        browser.get(site.address)
        visit(browser, "courriel")
        browser.execute_script("document.getElementById('reglages').open = true")
        assert violations(browser, axe) == []
        assert browser.execute_script("return document.documentElement.scrollWidth") <= size[0]
