"""One LibreOffice, ready to fill, convert and read workbooks."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.libreoffice.actions import Action
from tests.libreoffice.installation import OfficeError, OfficeStopped, find_soffice, find_uno_python
from tests.libreoffice.line import Line

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N">
<prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>fr-FR</value></prop>
</item>
</oor:items>
"""
"""A user who writes ``3,5`` and ``31/12/2026``, whatever the language of the menus and of the machine."""

FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".csv": "Text - txt - csv (StarCalc)",
    ".html": "HTML (StarCalc)",
    ".pdf": "calc_pdf_Export",
}
FILTER_OPTIONS = {".csv": "59,34,76,1,,0,false,true"}  # as a French Excel: semicolons, UTF-8, quotes where needed
OPENING = {
    ".csv": {
        "FilterName": FILTERS[".csv"],
        "FilterOptions": "59,34,76,1,,1036,false,true,false,false,false,0,true,true",
    }
}
"""As eager as Excel to see numbers, dates and formulas in what it opens, in French."""
ENCRYPTION = {".xlsx": "OOXPassword", ".ods": "Password"}

START_SECONDS = 120
ORDER_SECONDS = 60


@dataclass(frozen=True)
class Content:
    """What one cell shows and holds.

    ``kind`` is ``number``, ``percent``, ``date``, ``time``, ``datetime`` (all with a float), ``boolean`` (a bool),
    ``text`` (a str) or ``error`` (None); ``formula`` is the formula behind it, in English syntax, if any.
    """

    shown: str
    value: float | bool | str | None
    kind: str
    formula: str | None = None


class Office:
    """A context manager around one running LibreOffice, with its own temporary profile and the French locale.

    Workbooks are copied in and out of a private folder: a source is never locked or touched, and may be the target.
    When LibreOffice crashes, which it does now and then, it is started again and asked once more; when it does not
    answer in time, :class:`OfficeError` is raised and the next order starts it again.
    """

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._line: Line | None = None

    def __enter__(self) -> Office:
        """Start LibreOffice; raise :class:`OfficeMissing` if it is not installed, :class:`OfficeError` if it won't."""
        self._soffice = find_soffice()
        self._python = find_uno_python(self._soffice)
        self._folder = Path(tempfile.mkdtemp(prefix="cohorte-office-"))
        try:
            self._start()
        except OfficeError:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End LibreOffice and remove everything it wrote for itself."""
        if self._line is not None:
            self._line.close()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._line = None

    def edit(
        self,
        source: Path,
        target: Path,
        actions: Iterable[Action] = (),
        *,
        password: str | None = None,
        source_password: str | None = None,
        timeout: float = ORDER_SECONDS,
    ) -> Path:
        """Open ``source``, carry out ``actions`` in turn, save in the format of the target's suffix; return ``target``.

        ``password`` encrypts an .xlsx or .ods target; ``source_password`` opens an encrypted source; ``timeout`` is in
        seconds. Raise :class:`OfficeError` when something cannot be done: then nothing is written.
        """
        suffix = target.suffix.lower()
        if suffix not in FILTERS or (password is not None and suffix not in ENCRYPTION):
            raise OfficeError(f"cannot save as {suffix}{'' if password is None else ' with a password'}")
        with tempfile.TemporaryDirectory(dir=self._running()) as desk:
            result = Path(desk, f"result{suffix}")
            order = {
                "do": "edit",
                "source": _lay(source, desk),
                "source_password": source_password,
                "actions": [_order(action, desk) for action in actions],
                "target": result.as_uri(),
                "filter": FILTERS[suffix],
                "filter_options": FILTER_OPTIONS.get(suffix),
                "password": password,
                "encryption": ENCRYPTION.get(suffix),
            }
            self._ask(order, timeout)
            shutil.copyfile(result, target)
        return target

    def follow(
        self, source: Path, actions: Iterable[Action], wanted: Collection[str]
    ) -> dict[str, list[list[float | str | None]]]:
        """Apply ``actions`` as :meth:`edit` does, store nothing, and return the values that the sheets named in
        ``wanted`` then hold, row by row from A1: half the time, for what formulas alone tell; and less for the same
        source again, which stays open and whose last actions are undone."""
        with tempfile.TemporaryDirectory(dir=self._running()) as desk:
            order = {
                "do": "follow",
                "source": _lay(source, desk),
                "content": hashlib.sha256(source.read_bytes()).hexdigest(),
                "actions": [_order(action, desk) for action in actions],
                "wanted": list(wanted),
            }
            return self._ask(order, ORDER_SECONDS)

    def convert(self, source: Path, target: Path) -> Path:
        """Save ``source`` as ``target`` in the format of its suffix, unchanged, and return ``target``."""
        return self.edit(source, target)

    def read(
        self,
        source: Path,
        *,
        wanted: Collection[str] | None = None,
        source_password: str | None = None,
        timeout: float = ORDER_SECONDS,
    ) -> dict[str, dict[str, Content]]:
        """Return what a workbook shows: ``{sheet: {address: Content}}``, sheets in order, cells that hold something.

        With ``wanted``, the names of some sheets, only the errors of the others: a large workbook takes ten seconds.
        """
        with tempfile.TemporaryDirectory(dir=self._running()) as desk:
            order = {
                "do": "read",
                "source": _lay(source, desk),
                "source_password": source_password,
                "wanted": None if wanted is None else list(wanted),
                "opening": OPENING.get(source.suffix.lower()),
            }
            sheets = self._ask(order, timeout)
        return {
            sheet: {address: Content(*content) for address, content in cells.items()} for sheet, cells in sheets.items()
        }

    def _running(self) -> Path:
        if self._folder is None:
            raise OfficeError("LibreOffice is not started: use it in a with statement")
        if self._line is None:
            self._start()
        return self._folder

    def _start(self) -> None:
        """Start LibreOffice, each time with another profile: one that was just killed may still hold the last one."""
        profile = Path(tempfile.mkdtemp(prefix="profile-", dir=self._folder))
        settings = profile / "user" / "registrymodifications.xcu"
        settings.parent.mkdir()
        settings.write_text(PROFILE, encoding="utf-8")
        pipe = f"{self._folder.name}-{profile.name}"
        typist = Path(__file__).with_name("typist.py")
        command = [self._python, typist, self._soffice, profile.as_uri(), pipe, START_SECONDS]
        self._line = Line([str(part) for part in command], profile / "office.log")
        self._answer(START_SECONDS + 10)

    def _ask(self, order: dict, timeout: float) -> dict | None:
        line = json.dumps(order)
        self._line.send(line)
        try:
            return self._answer(timeout)
        except OfficeStopped:
            self._start()
            self._line.send(line)
            return self._answer(timeout)

    def _answer(self, timeout: float) -> dict | None:
        try:
            answer = json.loads(self._line.receive(timeout))
        except OfficeError:
            self._line.close(patience=0)
            self._line = None
            raise
        if "error" in answer:
            raise OfficeError(answer["error"])
        return answer["result"]


def _lay(source: Path, desk: str) -> str:
    """Copy a workbook into the private folder and return its URI there."""
    copy = Path(tempfile.mkdtemp(dir=desk), f"source{source.suffix}")
    shutil.copyfile(source, copy)
    return copy.as_uri()


def _order(action: Action, desk: str) -> dict:
    order = {"do": type(action).__name__, **asdict(action)}
    if "workbook" in order:
        order["workbook"] = _lay(order["workbook"], desk)
    return order
