"""The references that stand in the workbooks sent out, as a look at the key needs them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from engine.workspace import seals
from engine.workspace.cohort import Folder
from engine.workspace.files import ARCHIVE, walk
from engine.workspace.seals import Reference

_ENOUGH = 12  # workbooks: they were all made with one key
_ROWS = 15  # a reference stands within them


def references(folder: Folder) -> Iterator[Reference]:
    """The references of the latest workbooks under ``envois/``, replaced ones aside; a file that cannot be read has
    none. Raises ``OSError``."""
    for path in sorted(_workbooks(folder), key=lambda path: path.stat().st_mtime, reverse=True)[:_ENOUGH]:
        try:
            book = CalamineWorkbook.from_path(path)
            rows = [row for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python(nrows=_ROWS)]
        except CalamineError:
            continue
        yield from (reference for reference, _ in seals.references(rows))


def _workbooks(folder: Folder) -> Iterator[Path]:
    for path in walk(folder.outgoing):
        if (
            path.suffix == ".xlsx"
            and ARCHIVE not in path.relative_to(folder.outgoing).parts
            and not path.name.startswith(("~$", "."))
        ):
            yield path
