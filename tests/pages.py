"""A local page that runs for a test, and a real browser to look at it: Chromium, headless, nothing of it kept."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from engine.browser import server
from engine.browser.app import make_app
from engine.browser.desk import Desk
from engine.browser.gate import COOKIE, Gate
from engine.browser.places import Place
from engine.browser.server import Site

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
OURS = {"Host": HOST, "Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
WIDE, NARROW = (1366, 768), (390, 844)


class BrowserMissing(Exception):  # noqa: N818 - it tells a state of the machine, which tests turn into a skip
    """There is no Chromium on this machine, or nothing to drive it."""


@contextmanager
def served(folder: Path) -> Iterator[Site]:
    """The page of a folder, as ``open`` serves it."""
    site = server.prepare(folder)
    thread = threading.Thread(target=site.run, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.server.shutdown()
        thread.join(timeout=30)


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser without a window, under a profile of its own. Raises :class:`BrowserMissing`."""
    program, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if program is None or driver is None:
        raise BrowserMissing("no chromium, or no chromedriver, on this machine")
    try:
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service
    except ImportError as missing:
        raise BrowserMissing(str(missing)) from missing
    options = webdriver.ChromeOptions()
    options.binary_location = program
    with tempfile.TemporaryDirectory(prefix="chromium-", ignore_cleanup_errors=True) as profile:
        for flag in (*FLAGS, f"--user-data-dir={profile}"):
            options.add_argument(flag)
        browser = webdriver.Chrome(options=options, service=Service(driver))
        try:
            yield browser
        finally:
            browser.quit()


def size(browser: Any, width: int, height: int) -> None:
    """Give the page exactly this many pixels, as a screen of that size does."""
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
    )


AXE = Path(__file__).parents[1] / ".ci" / "tools" / "node_modules" / "axe-core" / "axe.min.js"
"""Where `.ci/run` installs what looks for faults of accessibility."""


def axe() -> str:
    """The script of axe-core. Raises :class:`BrowserMissing`."""
    if not AXE.is_file():
        raise BrowserMissing(f"axe-core is not installed: npm install --prefix {AXE.parents[2]} axe-core")
    return AXE.read_text(encoding="utf-8")


def drop(browser: Any, *files: Path) -> None:
    """Drop files from the desktop where the page takes them, as a hand does: they come in, stay, and are let go."""
    box = browser.execute_script(
        "const target = document.getElementById('depot');"
        "target.scrollIntoView({block: 'center'}); return target.getBoundingClientRect();"
    )
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    held = {"items": [], "files": [str(path) for path in files], "dragOperationsMask": 1}
    for moment in ("dragEnter", "dragOver", "drop"):
        browser.execute_cdp_cmd("Input.dispatchDragEvent", {"type": moment, "data": held, **place})


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
