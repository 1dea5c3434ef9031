"""A local page that runs for a test, and a real browser to look at it: Chromium, headless, nothing of it kept."""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.browser import server
from engine.browser.server import Site

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


def drop(browser: Any, target: Any, *files: Path) -> None:
    """Drop files from the desktop on an element, as a hand does: they come in, stay over it, and are let go."""
    browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", target)
    box = browser.execute_script("return arguments[0].getBoundingClientRect()", target)
    place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    held = {"items": [], "files": [str(path) for path in files], "dragOperationsMask": 1}
    for moment in ("dragEnter", "dragOver", "drop"):
        browser.execute_cdp_cmd("Input.dispatchDragEvent", {"type": moment, "data": held, **place})
