"""The local page: what it shows, what it does, and the server that lasts as long as somebody looks."""

import os
import re
import threading
import urllib.error
import urllib.request
from datetime import datetime
from urllib.parse import quote

import openpyxl
import pytest

from engine.browser import server
from engine.browser.desk import Desk, Job
from engine.browser.views import progress
from engine.commands.consolidate import consolidate
from engine.commands.demo import prepare_demo
from engine.commands.options import Options
from engine.model.errors import BusyError
from engine.workspace import clock, lock
from engine.workspace.cohort import Folder
from tests import cohorts, rosters
from tests.pages import Page


@pytest.fixture
def cohort(tmp_path):
    return cohorts.make(tmp_path / "Promotion d'été")


# ----------------------------------------------------------------------------------------- what is shown


NOW = datetime(2025, 6, 2, 8, 30)
HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7919*7907}}"


def test_hostile_texts_are_shown_as_texts(tmp_path):
    cohort = cohorts.make(tmp_path / "x")
    book = rosters.book(
        "Champ | Valeur\nCohorte | <script>alert(2)</script>\n",
        f"Identifiant | Nom | Prénom | Tuteur\nC01 | {HOSTILE} | Zoé | T01\n",
        "Identifiant | Nom | Prénom | Rôle\nT01 | <b>Benali</b> | Karim | Tuteur\n",
    )
    book.save(cohort.path / "cohorte.xlsx")
    (cohort.path / "retours" / "<svg onload=alert(3)>\u202exslx.pdf").write_bytes(b"%PDF-1.7")
    page = Page(cohort.path)
    for name in ("accueil", "courriel", "retours", "corrections", "decisions", "session"):
        text = page.page(name)
        assert not re.search(r"<(img|svg|b|script)\b(?! src=\"/)", text, re.IGNORECASE)
        assert str(7919 * 7907) not in text
        assert "\u202e" not in text
    assert "&lt;IMG SRC=X ONERROR=ALERT(1)&gt;" in page.page("decisions")
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page.page()
    assert "&lt;svg onload=alert(3)&gt;" in page.page("corrections")


def test_the_errors_of_the_roster_are_listed_each_with_its_cell(tmp_path):
    page = Page(tmp_path / "neuve")
    assert page.ask("POST", "/creer", data={"nom": ""}).status_code == 303
    for name in ("accueil", "retours", "corrections", "decisions", "jury", "session"):  # nothing is wrong yet
        text = page.page(name)
        assert "Ouvrez son registre" in text
        assert "Ouvrir le registre" in text
        assert 'class="banner bad" role="group"' not in text
    rosters.book(candidates="Identifiant | Nom | Prénom | Tuteur\nC01 | A | B | T09\nC01 | C | D |\n").save(
        page.folder / "cohorte.xlsx"
    )
    text = page.page()
    assert re.search("contient 2 erreurs", text)
    assert len(re.findall(r"<li>Candidats!\w+", text)) == 2


@pytest.fixture
def sample(tmp_path):
    prepare_demo(tmp_path / "demo")
    return Page(tmp_path / "demo")


def test_the_page_shows_what_a_consolidation_would_find(sample):
    report = consolidate(sample.folder, Options(dry_run=True))
    text = re.sub(r"\s+", " ", sample.page("corrections"))
    blocking = [anomaly for anomaly in report.anomalies if anomaly.blocking]
    assert len(re.findall("✗ Bloquante", text)) == len(blocking)
    for anomaly in blocking:
        assert not anomaly.cell or f"cellule <strong>{anomaly.cell}</strong>" in text
    decided = sample.page("decisions")
    for outcome in report.outcomes:
        assert outcome.candidate.id in decided
    assert list((sample.folder / "resultats").glob("*.xlsx")) == []  # looking writes nothing


# ------------------------------------------------------------------------------------------ what is done


def test_the_whole_job_is_done_from_the_page(tmp_path):
    page = Page(tmp_path / "Lyon 2026")
    assert "Faire une cohorte" in page.get("/").text
    page.ask("POST", "/creer", data={"nom": "", "referentiel": "cgco_rncp34465"})
    rosters.book(session="Champ | Valeur\nCohorte | Tilleuls\n").save(page.folder / "cohorte.xlsx")
    assert "Préparez les classeurs" in page.page()
    page.do("preparer")
    assert Folder(page.folder).issued()
    assert "déposez ici ceux qui reviennent" in page.page()
    filled = next((page.folder / "envois" / "tuteurs").rglob("*.xlsx"))
    page.drop(filled.name, filled.read_bytes())
    assert "deposes/" in page.page("retours")
    page.do("consolider")
    assert (page.folder / "resultats" / "resultats.xlsx").is_file()
    assert "Les résultats sont écrits" in page.page()
    assert page.get(f"/c/{quote(page.name)}/rapport").text.startswith("<!DOCTYPE html>")
    assert page.do("fiches").headers["Location"].endswith("/decisions")  # where they are opened
    assert "Ouvrir ces pages" in page.page("decisions")
    assert page.do("vu", page="retours").headers["Location"].endswith("/retours")
    assert "pages écrites" not in page.page()
    assert "Aucune délibération signée" in page.page("session")
    page.do("clore")
    assert "ne peut pas être close" in page.page("session")
    assert "Clore la session" in page.page("session")
    page.do("clore", accepter="oui", vu=re.search('name="vu" value="(.+?)"', page.page("session"))[1])
    assert "La session est close depuis" in page.page("session")
    page.do("rouvrir", raison="  ")
    assert "Donnez la raison" in page.page("session")
    page.do("rouvrir", raison="un recours")
    assert "dépassés" in page.page()  # the results still say that it is closed
    assert "Clore la session" in page.page("session")


def test_results_are_up_to_date_in_the_second_that_wrote_them(page, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    page.do("preparer")
    page.do("consolider")
    filled = next((page.folder / "envois" / "tuteurs").rglob("*.xlsx"))
    page.drop(filled.name, filled.read_bytes())
    assert "dépassés" in page.page()
    page.do("consolider")
    assert ", à jour." in page.page()


@pytest.mark.parametrize("touched", ["cohorte.xlsx", "resultats/resultats.xlsx"])
def test_results_of_another_roster_or_that_somebody_changed_are_not_up_to_date(sample, touched):
    sample.do("consolider")
    assert ", à jour." in sample.page()
    book = openpyxl.load_workbook(sample.folder / touched)
    book.worksheets[0].cell(200, 20, "un mot")
    if touched == "cohorte.xlsx":
        book["Candidats"].append(["C99", "Nouvelle", "Venue"])
    book.save(sample.folder / touched)
    assert "dépassés" in sample.page()


def test_a_loss_is_refused_and_may_be_accepted(sample):
    sample.do("consolider")
    for path in (sample.folder / "retours").rglob("*.xlsx"):
        path.unlink()
    sample.do("consolider")
    assert "consolider quand même" in sample.page()
    sample.do("consolider", accepter="oui", vu=re.search('name="vu" value="(.+?)"', sample.page())[1])
    assert "Les résultats sont écrits" in sample.page()


def test_another_run_on_the_cohort_is_told_with_who_runs_it(page):
    with lock.hold(Folder(page.folder).lock):
        page.do("preparer")
    text = page.page()
    assert "Un autre passage est en cours sur cette cohorte" in text
    assert str(os.getpid()) in text


def test_one_thing_is_done_at_a_time_and_the_page_is_not_left_meanwhile(page, monkeypatch):
    monkeypatch.setattr("engine.workspace.progress.monotonic", lambda: 0.0)
    going, go_on = threading.Event(), threading.Event()

    def work(job):
        job.expect(40, "retours lus")
        job.advance(12)
        going.set()
        go_on.wait(20)
        return ["fait"]

    page.desk.start(Folder(page.folder), "Consolidation", work)
    assert going.wait(20)
    try:
        assert page.ask("POST", f"/c/{quote(page.name)}/preparer").status_code == 409
        assert page.ask("POST", "/quitter").status_code == 409
        running = page.get(f"/c/{quote(page.name)}/pouls").json["running"]
        assert running == {"told": "Consolidation\u202f: 12 sur 40 retours lus", "done": 12, "total": 40}
    finally:
        go_on.set()
    page.desk.settle()
    assert page.get(f"/c/{quote(page.name)}/pouls").json["running"] is None or page.desk.looking(Folder(page.folder))
    assert page.ask("POST", "/quitter").status_code == 200
    assert page.left == [True]


def test_an_unforeseen_fault_is_a_sentence_and_goes_to_the_log(page, cohort):
    def work(_):
        raise ZeroDivisionError

    page.desk.start(Folder(page.folder), "Consolidation", work)
    page.desk.settle()
    assert "Erreur imprévue du programme (ZeroDivisionError)" in page.page()
    assert "ZeroDivisionError" in (cohort.path / ".cohorte" / "journal.jsonl").read_text(encoding="utf-8")


def test_the_page_follows_what_happens_in_the_folder(page, cohort):
    page.page()
    before = page.get(f"/c/{quote(page.name)}/pouls").json["version"]
    assert page.get(f"/c/{quote(page.name)}/pouls").json["version"] == before
    (cohort.path / "retours" / "note.xlsx").write_bytes(b"%PDF-1.7")
    page.get(f"/c/{quote(page.name)}/pouls")
    page.desk.settle()
    assert page.get(f"/c/{quote(page.name)}/pouls").json["version"] != before
    assert "note.xlsx" in page.page("corrections")


def test_a_folder_of_cohorts_lists_them_and_makes_more(tmp_path):
    cohorts.make(tmp_path / "lyon")
    cohorts.make(tmp_path / ".cachee")
    page = Page(tmp_path)
    assert re.findall(r'/c/([^/]+)/accueil"', page.get("/").text) == ["lyon"]
    assert page.ask("POST", "/creer", data={"nom": "nantes 2026"}).status_code == 303
    assert (tmp_path / "nantes 2026" / "cohorte.xlsx").is_file()
    for name in ("", "../dehors", "a/b", "con:", ".x", "x."):
        assert page.ask("POST", "/creer", data={"nom": name}).status_code == 409
    assert sorted(path.name for path in tmp_path.iterdir()) == [".cachee", "lyon", "nantes 2026"]


def test_codes_are_shown_to_be_printed_where_signatures_are_required(tmp_path):
    cohort = cohorts.make(tmp_path / "x", signature=True)
    page = Page(cohort.path)
    assert "Codes personnels" in page.page()
    assert page.get("/c/x/codes").text.count("<pre") == 8


# ------------------------------------------------------------------------------------------- the server


def test_the_server_listens_on_this_machine_only_and_stops_when_it_is_left(cohort):
    site = server.prepare(cohort.path)
    assert site.server.socket.getsockname()[0] == "127.0.0.1"
    thread = threading.Thread(target=site.run)
    thread.start()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    home = opener.open(site.address)
    assert home.status == 200
    origin = re.match(r"http://[^/]+", site.address)[0]
    prefix = site.address.rpartition("/")[0]
    asked = urllib.request.Request(f"{prefix}/quitter", data=b"", headers={"Origin": origin})
    assert "C’est fini" in opener.open(asked).read().decode()
    thread.join(timeout=20)
    assert not thread.is_alive()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(f"{origin}/", timeout=5)


def test_the_server_stops_when_nobody_looks_any_more(cohort):
    site = server.prepare(cohort.path)
    thread = threading.Thread(target=site.run, kwargs={"silence": 0.05, "tick": 0.02})
    thread.start()
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_a_machine_that_slept_was_not_silent(monkeypatch):
    presence, clock = server.Presence(), iter([0.0, 36_000.0])
    monkeypatch.setattr(server.time, "sleep", lambda _: None)
    monkeypatch.setattr(server.time, "monotonic", lambda: next(clock))
    assert presence.wait(5) == 10


def test_a_second_job_is_refused_with_the_name_of_the_first(cohort):
    desk, go_on = Desk(), threading.Event()
    desk.start(Folder(cohort.path), "Consolidation", lambda _: [str(go_on.wait(20))])
    with pytest.raises(BusyError, match="Consolidation"):
        desk.start(Folder(cohort.path), "Clôture", lambda _: [])
    go_on.set()
    desk.close()


def test_progress_says_how_long_the_rest_will_take(monkeypatch):
    clock = iter((0.0, 60.0))
    monkeypatch.setattr("engine.workspace.progress.monotonic", lambda: next(clock))
    job = Job(title="Consolidation")
    job.expect(40, "retours lus")
    job.advance(30)
    assert progress(job)["told"] == "Consolidation\u202f: 30 sur 40 retours lus, encore 20 s environ"


def test_progress_says_how_many_of_how_many():
    job = Job(title="Consolidation")
    assert progress(job)["told"] == "Consolidation…"
    job.expect(2, "retours lus")
    job.advance(2)
    assert "puis écriture" in progress(job)["told"]
    assert progress(None) is None
