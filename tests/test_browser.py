"""The server of the local page: who may speak to it, what it files, what it shows, what it does."""

import io
import os
import re
import threading
import urllib.error
import urllib.request
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import commands
from engine.browser import desktop, drops, next_step, server
from engine.browser.app import make_app
from engine.browser.desk import Desk, Job
from engine.browser.gate import COOKIE, Gate
from engine.browser.places import Place
from engine.browser.views import progress
from engine.model.errors import BusyError, CohortError
from engine.workspace import lock
from engine.workspace.cohort import Folder
from tests import cohorts, rosters

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
OURS = {"Host": HOST, "Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
DAY = date(2026, 3, 2)


class Page:
    """A page that is asked without a socket: what a browser that was let in sends, unless told otherwise."""

    def __init__(self, folder):
        self.desk, self.gate, self.left, self.folder = Desk(), Gate(PORT), [], Path(folder)
        app = make_app(
            Place(self.folder), self.desk, self.gate, seen=lambda: None, leave=lambda: self.left.append(True)
        )
        self.client = app.test_client()
        self.client.set_cookie(COOKIE, self.gate.session, domain="127.0.0.1", path=self.gate.prefix)
        self.name = self.folder.name

    def ask(self, method, path, headers=OURS, **more):
        return self.client.open(
            self.gate.prefix + path, method=method, headers=headers, base_url=f"http://{HOST}", **more
        )

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def page(self, page="accueil"):
        """A page of the cohort, once it was read."""
        self.get(f"/c/{quote(self.name)}/{page}")
        self.desk.settle()
        return self.get(f"/c/{quote(self.name)}/{page}").text

    def do(self, action, **form):
        """Something asked for, and done."""
        answer = self.ask("POST", f"/c/{quote(self.name)}/{action}", data=form)
        self.desk.settle()
        return answer

    def drop(self, name, content=b"PK", **headers):
        return self.ask(
            "POST",
            f"/c/{quote(self.name)}/deposer",
            headers=OURS | {"X-Nom": quote(name, safe="")} | headers,
            data=content,
        )


@pytest.fixture
def cohort(tmp_path):
    return cohorts.make(tmp_path / "Promotion d'été")


@pytest.fixture
def page(cohort):
    return Page(cohort.path)


# ---------------------------------------------------------------------------------------- who may speak


def test_the_first_address_lets_one_browser_in_and_serves_once(page):
    page.client.delete_cookie(COOKIE, domain="127.0.0.1", path=page.gate.prefix)
    assert page.get("/").status_code == 403
    first = page.gate.address.removeprefix(f"http://{HOST}{page.gate.prefix}")
    assert page.get("/entrer?jeton=wrong").status_code == 403
    entered = page.get(first)
    assert entered.status_code == 303
    cookie = entered.headers["Set-Cookie"]
    assert all(part in cookie for part in ("HttpOnly", "SameSite=Strict", f"Path={page.gate.prefix}"))
    assert page.gate.session in cookie
    assert page.get("/").status_code == 303
    page.client.delete_cookie(COOKIE, domain="127.0.0.1", path=page.gate.prefix)
    assert page.get(first).status_code == 403
    assert page.get("/entrer?jeton=").status_code == 403


@pytest.mark.parametrize("path", ["/", "/c/x/accueil", "/page.css", "/page.js", "/c/x/pouls", "/c/x/rapport"])
@pytest.mark.parametrize("cookie", ["", "wrong", "é"])
def test_nothing_is_read_without_the_cookie(page, path, cookie):
    page.client.delete_cookie(COOKIE, domain="127.0.0.1", path=page.gate.prefix)
    answer = page.get(path, headers=OURS | {"Cookie": f"{COOKIE}={cookie}"})
    assert answer.status_code == 403
    assert "Tilleuls" not in answer.text


@pytest.mark.parametrize(
    "host", ["evil.example", f"evil.example:{PORT}", "127.0.0.1", "127.0.0.1:1", f"127.0.0.1.evil.example:{PORT}", ""]
)
def test_another_name_for_this_machine_is_refused(page, host):
    assert page.get("/", headers=OURS | {"Host": host}).status_code == 403


def test_localhost_is_a_name_of_this_machine(page):
    page.client.set_cookie(COOKIE, page.gate.session, domain="localhost", path=page.gate.prefix)
    assert page.get("/", headers=OURS | {"Host": f"localhost:{PORT}"}).status_code == 303


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": f"https://{HOST}"},
        {"Origin": f"http://{HOST}.evil.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none", "Origin": None},
        {"Sec-Fetch-Site": None, "Origin": None},
    ],
)
@pytest.mark.parametrize("action", ["consolider", "deposer", "clore", "ouvrir"])
def test_what_another_page_asks_for_is_refused(page, action, sent):
    headers = {name: value for name, value in (OURS | sent).items() if value is not None}
    assert page.ask("POST", f"/c/{quote(page.name)}/{action}", headers=headers, data=b"x").status_code == 403
    assert not (Folder(page.folder).returns / "deposes").exists()


def test_every_answer_forbids_what_it_does_not_need(page):
    for answer in (page.get("/c/x/accueil"), page.get("/page.js"), page.get("/", headers={"Host": "evil"})):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert not any(name.lower().startswith("access-control") for name, _ in answer.headers)


def test_pages_hold_no_script_nor_style_of_their_own(page, cohort):
    for name in ("accueil", "retours", "corrections", "decisions", "session"):
        text = page.page(name)
        assert re.findall(r"<script(?! src=)|<style|\sstyle=|\son\w+=|javascript:|https?://", text) == []


# ------------------------------------------------------------------------------------- what may be read


@pytest.mark.parametrize(
    "path",
    [
        "/c/../accueil",
        "/c/..%2F..%2Fetc/accueil",
        "/c/.cohorte/accueil",
        "/c/autre/accueil",
        "/c/autre/rapport",
        "/.cohorte/cle",
        "/assets/page.css",
        "/pages/base.html",
        "/static/page.js",
    ],
)
def test_only_this_cohort_is_served(page, path):
    assert page.get(path).status_code == 404


def test_only_what_is_listed_is_opened(page, cohort, monkeypatch):
    shown = []
    monkeypatch.setattr(desktop, "show", shown.append)
    (cohort.path / "retours" / "lot").mkdir()
    for name in ("a.xlsx", "b.exe", "c.xlsm", "lot/d.bat"):
        (cohort.path / "retours" / name).write_bytes(b"x")
    (cohort.path / "retours" / "lien.xlsx").symlink_to(cohort.path / "cohorte.xlsx")
    page.page()
    for what in ("registre", "envois", "retours"):
        assert page.do("ouvrir", quoi=what).status_code == 303
    assert [path.name for path in shown] == ["cohorte.xlsx", "envois", "retours"]
    shown.clear()
    for name in ("a.xlsx", "b.exe", "c.xlsm", "lot/d.bat"):
        page.do("ouvrir", quoi="retour", fichier=name)
    assert [path.name for path in shown] == ["a.xlsx", "retours", "retours", "lot"]  # no program is started
    shown.clear()
    assert page.do("ouvrir", quoi="retour", fichier="../cohorte.xlsx").status_code == 404
    assert page.do("ouvrir", quoi="retour", fichier="lien.xlsx").status_code == 409
    assert page.do("ouvrir", quoi="/etc/passwd").status_code == 404
    assert shown == []


def test_what_cannot_be_opened_is_told(tmp_path, monkeypatch):
    with pytest.raises(CohortError, match="n'existe pas encore"):
        desktop.show(tmp_path / "absent.xlsx")
    monkeypatch.setattr(desktop.shutil, "which", lambda _: None)
    with pytest.raises(CohortError, match="Ouvrez-le vous-même"):
        desktop.show(tmp_path)


# -------------------------------------------------------------------------------------------- dropping


def test_a_dropped_file_lies_below_the_returns_and_nothing_is_overwritten(page, cohort):
    today = f"{date.today():%Y-%m-%d}"
    assert page.drop("Grille.xlsx", b"one").json == {"fichier": f"deposes/{today}/Grille.xlsx"}
    assert page.drop("Grille.xlsx", b"two").json == {"fichier": f"deposes/{today}/Grille (2).xlsx"}
    assert page.drop("Grille.xlsx", b"one").json == {"fichier": f"deposes/{today}/Grille.xlsx"}  # there already
    assert page.drop("lot 1/été/Grille.xlsx", b"one").json["fichier"].endswith("/lot 1/été/Grille.xlsx")
    place = cohort.path / "retours" / "deposes" / today
    found = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file())
    assert found == ["Grille (2).xlsx", "Grille.xlsx", "lot 1/été/Grille.xlsx"]
    assert (place / "Grille.xlsx").read_bytes() == b"one"


@given(st.text(max_size=300))
def test_no_name_leads_out_of_its_folder_nor_to_a_name_that_a_system_refuses(name):
    parts = drops.clean(name)
    assert parts
    for part in parts:
        assert part not in ("", ".", "..")
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202e]', part)
        assert not part.endswith((".", " "))
        assert len(part.encode("utf-8", "replace")) <= 170
        assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", part)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../cohorte.xlsx", ["cohorte.xlsx"]),
        ("..\\..\\cohorte.xlsx", ["cohorte.xlsx"]),
        ("/etc/passwd", ["etc", "passwd"]),
        ("C:\\Users\\x\\Grille.xlsx", ["C_", "Users", "x", "Grille.xlsx"]),
        ("CON.xlsx", ["_CON.xlsx"]),
        ("a\u202exslx.exe", ["a_xslx.exe"]),
        ("x" * 400 + ".xlsx", ["x" * 100 + ".xlsx"]),
        ("", ["retour.xlsx"]),
        ("...", ["retour.xlsx"]),
    ],
)
def test_a_hostile_name_is_made_harmless(name, kept):
    assert drops.clean(name) == kept


def test_a_file_is_bounded_and_a_half_one_is_not_kept(page, cohort, monkeypatch):
    monkeypatch.setattr(drops, "MOST", 10)
    assert page.drop("a.xlsx", b"x" * 11).status_code == 413
    assert page.drop("a.xlsx", b"x" * 10).status_code == 200
    with pytest.raises(CohortError, match="interrompu"):
        drops.file(Folder(cohort.path), "b.xlsx", io.BytesIO(b"123"), 5, DAY)
    left = [path.name for path in (cohort.path / "retours").rglob("*") if path.is_file()]
    assert left == ["a.xlsx"]


def test_a_size_must_be_told(page):
    answer = page.ask(
        "POST",
        f"/c/{quote(page.name)}/deposer",
        headers=OURS | {"X-Nom": "a.xlsx", "Transfer-Encoding": "chunked"},
        input_stream=io.BytesIO(b"xyz"),
    )
    assert answer.status_code == 411


def test_files_of_one_name_that_come_at_once_are_all_kept(cohort):
    folder = Folder(cohort.path)
    contents = [bytes([rank]) * 2000 for rank in range(12)]
    threads = [
        threading.Thread(target=drops.file, args=(folder, "a.xlsx", io.BytesIO(each), len(each), DAY))
        for each in contents
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(path.read_bytes() for path in (folder.dropped / "2026-03-02").iterdir()) == contents


def test_a_disk_without_links_keeps_every_file_too(cohort, monkeypatch):
    def refuse(*_):
        raise OSError("no links here")

    monkeypatch.setattr(drops.os, "link", refuse)
    folder = Folder(cohort.path)
    names = [drops.file(folder, "a.xlsx", io.BytesIO(each), 1, DAY).name for each in (b"1", b"2", b"1")]
    assert names == ["a.xlsx", "a (2).xlsx", "a.xlsx"]


# ----------------------------------------------------------------------------------------- what is shown


HOSTILE = "<img src=x onerror=alert(1)>\"'&{{7*7}}"


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
    for name in ("accueil", "retours", "corrections", "decisions", "session"):
        text = page.page(name)
        assert not re.search(r"<(img|svg|b|script)\b(?! src=\"/)", text, re.IGNORECASE)
        assert "49" not in re.sub(r"\d{3,}", "", text)
        assert "\u202e" not in text
    assert "&lt;IMG SRC=X ONERROR=ALERT(1)&gt;" in page.page("decisions")
    assert "&lt;script&gt;alert(2)&lt;/script&gt;" in page.page()
    assert "&lt;svg onload=alert(3)&gt;" in page.page("corrections")


def test_the_errors_of_the_roster_are_listed_each_with_its_cell(tmp_path):
    page = Page(tmp_path / "neuve")
    assert page.ask("POST", "/creer", data={"nom": ""}).status_code == 303
    assert "Ouvrez son registre" in page.page()
    rosters.book(candidates="Identifiant | Nom | Prénom | Tuteur\nC01 | A | B | T09\nC01 | C | D |\n").save(
        page.folder / "cohorte.xlsx"
    )
    text = page.page()
    assert re.search("contient 2 erreurs", text)
    assert len(re.findall(r"<li>Candidats!\w+", text)) == 2


@pytest.fixture
def sample(tmp_path):
    commands.prepare_demo(tmp_path / "demo")
    return Page(tmp_path / "demo")


def test_the_page_shows_what_a_consolidation_would_find(sample):
    report = commands.consolidate(sample.folder, dry_run=True)
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
    assert next_step.issued(Folder(page.folder)) > 0
    assert "déposez ici ceux qui reviennent" in page.page()
    filled = next((page.folder / "envois" / "tuteurs").rglob("*.xlsx"))
    page.drop(filled.name, filled.read_bytes())
    assert "deposes/" in page.page("retours")
    page.do("consolider")
    assert (page.folder / "resultats" / "resultats.xlsx").is_file()
    assert "Les résultats sont écrits" in page.page()
    assert page.get(f"/c/{quote(page.name)}/rapport").text.startswith("<!DOCTYPE html>")
    assert page.do("vu", page="retours").headers["Location"].endswith("/retours")
    assert "Les résultats sont écrits" not in page.page()
    page.do("clore")
    assert "ne peut pas être close" in page.page("session")
    assert "Clore la session" in page.page("session")
    page.do("clore", accepter="oui")
    assert "La session est close depuis" in page.page("session")
    page.do("rouvrir", raison="  ")
    assert "Donnez la raison" in page.page("session")
    page.do("rouvrir", raison="un recours")
    assert "Clore la session" in page.page("session")


def test_a_loss_is_refused_and_may_be_accepted(sample):
    sample.do("consolider")
    for path in (sample.folder / "retours").rglob("*.xlsx"):
        path.unlink()
    sample.do("consolider")
    assert "consolider quand même" in sample.page()
    sample.do("consolider", accepter="oui")
    assert "Les résultats sont écrits" in sample.page()


def test_another_run_on_the_cohort_is_told_with_who_runs_it(page):
    with lock.hold(Folder(page.folder).lock):
        page.do("preparer")
    text = page.page()
    assert "Un autre passage est en cours sur cette cohorte" in text
    assert str(os.getpid()) in text


def test_one_thing_is_done_at_a_time_and_the_page_is_not_left_meanwhile(page):
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


def test_progress_says_how_many_of_how_many():
    job = Job("Consolidation")
    assert progress(job)["told"] == "Consolidation…"
    job.expect(2, "retours lus")
    job.advance(2)
    assert "puis écriture" in progress(job)["told"]
    assert progress(None) is None
