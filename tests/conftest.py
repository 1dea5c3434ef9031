"""Fixtures shared by the tests."""

from __future__ import annotations

import compileall
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NoReturn

import pebble
import pytest
from hypothesis import HealthCheck, settings

from tests import pages
from tests.gnumeric import Gnumeric, GnumericMissing
from tests.libreoffice import Office, OfficeMissing
from tests.mailservers import Dovecot, DovecotMissingError
from tests.validator import Validator, ValidatorMissing

settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")  # no test depends on how busy the machine is
if hasattr(pebble, "CONSTS"):  # absent from the lowest versions
    pebble.CONSTS.sleep_unit = 0.01  # seconds between two looks at a pool: its end is awaited hundreds of times


MEMORY = Path("/dev/shm")
ROOM = 2_000_000_000  # bytes, several times what a run holds at once


def pytest_configure(config: pytest.Config) -> None:
    """Make ready, once for all workers, what is slow and the same for every test."""
    if hasattr(config, "workerinput"):
        return
    compileall.compile_dir(Path(__file__).resolve().parents[1] / "engine", quiet=2)  # hundreds of processes load it
    if "TMPDIR" not in os.environ and _has_room(MEMORY):  # each command waits for the disk until its files are safe
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


def pytest_collection_finish() -> None:
    """Spare each search for garbage what lasts as long as the run: thousands of tests, and what they load."""
    gc.collect()
    gc.freeze()


def _has_room(folder: Path) -> bool:
    """Whether tests can work in a folder of memory; in some containers it is tiny, or nothing in it may be run."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    return shutil.disk_usage(folder).free > ROOM and not os.statvfs(folder).f_flag & os.ST_NOEXEC


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A test's own folder, emptied after it where it takes memory; its name stays taken: caches know files by path."""
    yield tmp_path
    for each in tmp_path.iterdir() if os.environ.get("TMPDIR") == str(MEMORY) and tmp_path.is_dir() else ():
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each, ignore_errors=True)
        else:
            each.unlink(missing_ok=True)


@pytest.fixture
def cohort(tmp_path: Path) -> Any:
    """A cohort whose sheets were issued: its folder, and what to fill them with (:class:`tests.cohorts.Cohort`)."""
    from tests import cohorts  # here: most tests need none of what it loads

    return cohorts.make(tmp_path / "cohorte")


@pytest.fixture
def signed(tmp_path: Path) -> Any:
    """A cohort whose sheets count only once signed by a personal code."""
    from tests import cohorts

    return cohorts.make(tmp_path / "cohorte", signature=True)


@pytest.fixture
def page(cohort: Any) -> pages.Page:
    """The local page, open on the cohort."""
    return pages.Page(cohort.path)


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    """A process that copies itself for each run that is to be killed (:class:`tests.killing.Server`)."""
    from tests.killing import serving

    with serving() as started:
        yield started


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Nights over a cohort of the second certification (:class:`tests.nights.Nights`)."""
    from tests.nights import first

    return first(tmp_path, monkeypatch)


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook as we send them: two protected sheets, unlocked inputs from B3 on, names, a rule and a formula."""
    import xlsxwriter

    path = tmp_path_factory.mktemp("sent") / "Grille à remplir.xlsx"
    with xlsxwriter.Workbook(path) as book:
        unlocked = book.add_format({"locked": False})
        for title in ("Grille", "Travaux"):
            sheet = book.add_worksheet(title)
            sheet.write_string("A1", f"référence {title}")
            for row in range(2, 30):
                sheet.write_blank(row, 1, None, unlocked)
            book.define_name(f"{title}!date", f"={title}!$B$30")
            sheet.protect()
        grid = book.get_worksheet_by_name("Grille")
        grid.data_validation("B3", {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": 5})
        grid.write_formula("D3", "=B3*2", None, "")
        book.define_name("grille_niveau_1.1", "=Grille!$B$3")
        book.define_name("grille_niveau_1.2", "=Grille!$B$4")
    return path


@pytest.fixture(scope="session")
def office() -> Iterator[Office]:
    """One running LibreOffice for the whole run; without it the test is skipped, or fails where it is required."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(Office())
        except OfficeMissing as missing:
            if os.environ.get("COHORTE_REQUIRE_LIBREOFFICE") == "1":
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        yield running


@pytest.fixture(scope="session")
def gnumeric() -> Gnumeric:
    """Gnumeric's converter; without it the test is skipped, or fails where it is required."""
    try:
        return Gnumeric.found()
    except GnumericMissing as missing:
        if os.environ.get("COHORTE_REQUIRE_GNUMERIC") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def validator() -> Validator:
    """The validator of the Open XML SDK; without it the test is skipped, or fails where it is required."""
    try:
        return Validator.found()
    except ValidatorMissing as missing:
        if os.environ.get("COHORTE_REQUIRE_VALIDATOR") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture
def archiver() -> Callable[[str], str]:
    """Where another program that opens archives is; without it the test is skipped, or fails where it is required."""

    def found(program: str) -> str:
        path = shutil.which(program)
        if path is None:
            (pytest.fail if os.environ.get("COHORTE_REQUIRE_ARCHIVERS") == "1" else pytest.skip)(f"{program} is absent")
        return path

    return found


@pytest.fixture(scope="session")
def mail_server() -> Iterator[Dovecot]:
    """A running Dovecot; without it the test is skipped, or fails where it is required."""
    try:
        server = Dovecot()
    except DovecotMissingError as missing:
        if os.environ.get("COHORTE_REQUIRE_IMAP") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    yield server
    server.stop()


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A real browser for the whole run; without it the test is skipped, or fails where it is required."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(pages.chromium())
        except pages.BrowserMissing as missing:
            _absent(missing)
        yield running


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core; without it the test is skipped, or fails where it is required."""
    try:
        return pages.axe()
    except pages.BrowserMissing as missing:
        _absent(missing)


def _absent(missing: pages.BrowserMissing) -> NoReturn:
    if os.environ.get("COHORTE_REQUIRE_BROWSER") == "1":
        pytest.fail(str(missing))
    pytest.skip(str(missing))


def pytest_addoption(parser: pytest.Parser) -> None:
    """How often ``test_crash.py`` kills, how many seasons ``test_season.py`` goes through."""
    parser.addoption("--kills", type=int, default=20, help="how many times a consolidation is killed (test_crash.py)")
    parser.addoption("--seasons", type=int, default=1, help="how many seasons of 30 nights (test_season.py)")


@pytest.fixture(scope="session")
def kills(request: pytest.FixtureRequest) -> int:
    """How many times to kill a consolidation."""
    return request.config.getoption("--kills")
