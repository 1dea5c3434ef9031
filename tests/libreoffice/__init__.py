"""Filling workbooks with a real spreadsheet program, as the people who return them do.

>>> with Office() as office:  # doctest: +SKIP
...     office.edit(sent, returned, [Type("grille_niveau_1.1", "3,5"), InsertRows("Grille", before=9)])

One LibreOffice serves any number of workbooks. Our interpreter cannot talk to it: ``typist.py`` and ``gestures.py`` run
under the Python that has ``uno`` and take their orders from ``office.py`` as JSON lines.
"""

from tests.libreoffice.actions import (
    Action,
    Clear,
    CopyCells,
    CopySheet,
    DeleteCells,
    DeleteColumns,
    DeleteRows,
    DeleteSheet,
    HideSheet,
    ImportSheet,
    InsertCells,
    InsertColumns,
    InsertRows,
    InsertSheet,
    Merge,
    MoveCells,
    MoveSheet,
    Protect,
    Recalculate,
    RenameSheet,
    ShowSheet,
    Sort,
    Type,
    Unprotect,
)
from tests.libreoffice.installation import OfficeError, OfficeMissing
from tests.libreoffice.office import Content, Office
from tests.libreoffice.render import render

__all__ = [
    "Action",
    "Clear",
    "Content",
    "CopyCells",
    "CopySheet",
    "DeleteCells",
    "DeleteColumns",
    "DeleteRows",
    "DeleteSheet",
    "HideSheet",
    "ImportSheet",
    "InsertCells",
    "InsertColumns",
    "InsertRows",
    "InsertSheet",
    "Merge",
    "MoveCells",
    "MoveSheet",
    "Office",
    "OfficeError",
    "OfficeMissing",
    "Protect",
    "Recalculate",
    "RenameSheet",
    "ShowSheet",
    "Sort",
    "Type",
    "Unprotect",
    "render",
]
