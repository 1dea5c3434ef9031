"""The only links of the results: to the workbook's own sheets, and to the files they were read from.

A link to a file starts from the folder of the results (``../retours/...``), so that it follows the cohort wherever it
is copied. Names of files come from outside: whatever could end an address or be read as an escape is escaped.
"""

from __future__ import annotations

import re

from engine.model.texts import container_of
from engine.office.styles import safe_text

FOLDER = "../retours/"
MOST_LINKS = 65_530
"""Links a sheet may hold in Excel."""

_LONGEST = 2_000  # signs of an address in Excel, a little less than it takes
_SPECIAL = re.compile(r'[ "#%<>?\[\\\]^`{|}]')
CELL = re.compile("[A-Z]{1,3}[1-9][0-9]*")
"""The address of one cell."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def to_return(path: str) -> str | None:
    """The address of a file, from the results; its ``path`` stands below ``retours/``, with ``/``.

    What lies in a message or an archive is found there: the address is that of the container.
    ``None`` for a name that no address can hold: one that is not text or has control signs, or that is too long.
    """
    if _CONTROL.search(path):
        return None
    try:
        path.encode()
    except UnicodeEncodeError:
        return None
    address = FOLDER + _SPECIAL.sub(lambda sign: f"%{ord(sign[0]):02X}", container_of(path) or path)
    return address if len(address) <= _LONGEST else None


def file_link(path: str) -> str | None:
    """The same, as xlsxwriter takes it."""
    address = to_return(path)
    return None if address is None else f"external:{address}"


def cell_link(path: str, sheet: str, cell: str) -> str | None:
    """To a cell of a file, as xlsxwriter takes it; ``None`` for what is no address of a single cell."""
    if container_of(path):
        return file_link(path)
    address = file_link(path)
    return f"{address}#{place(safe_text(sheet), cell)}" if address and sheet and CELL.fullmatch(cell) else None


def place(sheet: str, cell: str = "A1") -> str:
    """A cell of a sheet, as links say it: ``'Grille d''été'!H12``."""
    doubled = sheet.replace("'", "''")
    return f"'{doubled}'!{cell}"


def inside(sheet: str, cell: str = "A1") -> str:
    """The address of a cell of this workbook."""
    return f"internal:{place(sheet, cell)}"
