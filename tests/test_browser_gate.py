"""Who may speak to the local page, what it lets be read, and where what is dropped on it goes."""

import io
import re
import threading
from datetime import date
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.browser import desktop, drops
from engine.browser.gate import COOKIE
from engine.browser.views import PAGES
from engine.model.errors import CohortError
from engine.workspace.cohort import Folder
from tests import cohorts, juries
from tests.pages import HOST, OURS, PORT, Page

DAY = date(2026, 3, 2)


@pytest.fixture
def cohort(tmp_path):
    return cohorts.make(tmp_path / "Promotion d'été")


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


def test_whatever_the_pages_offer_to_open_is_there(tmp_path, monkeypatch):
    """Of a session that is closed, before it is delivered and after."""
    shown = []
    monkeypatch.setattr(desktop, "_show", shown.append)
    page = Page(juries.make_closed(tmp_path / "d").path)

    def offered():
        return {(name, what) for name in PAGES for what in re.findall(r'name="quoi" value="(\w+)"', page.page(name))}

    before = offered() - {("corrections", "retour")}
    for _, what in before:
        assert page.do("ouvrir", quoi=what).status_code == 303, what
    assert page.folder / "envois" / "jury" / "Délibération.xlsx" in shown
    page.do("livrer")
    assert offered() - before == {("corrections", "retour"), ("session", "livraisons")}


@pytest.mark.parametrize(
    ("sent_from", "leads_to"),
    [
        (f"http://{HOST}{{}}/c/cohorte/jury", "/c/cohorte/jury"),
        (f"http://{HOST}{{}}/c/cohorte/reglages", "/"),  # what only takes what is sent
        ("http://ailleurs.example{}/c/cohorte/jury", "/"),
        (f"http://{HOST}{{}}/nulle/part", "/"),
        (f"http://{HOST}/c/cohorte/jury", "/"),
        ("", "/"),
    ],
)
def test_what_is_refused_leads_back_to_the_page_it_was_sent_from(page, sent_from, leads_to):
    prefix = page.gate.prefix
    headers = OURS | ({"Referer": sent_from.format(prefix)} if sent_from else {})
    answer = page.ask("POST", "/c/cohorte/ouvrir", headers, data={"quoi": "retour", "fichier": "nulle part.xlsx"})
    assert answer.status_code >= 400
    assert f'href="{prefix}{leads_to}"' in answer.text


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
