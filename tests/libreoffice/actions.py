"""What a person may do to a workbook: the orders given to :meth:`Office.edit`, carried out in turn.

``where`` is an address (``"C7"``, with its ``sheet``) or a defined name (``"grille_niveau_1.1"``; its ``sheet`` is
needed only when several sheets hold that name). Rows are numbered and columns lettered as the program shows them; the
position of a sheet counts from 0, ``None`` meaning the end.

Changing the structure of a protected sheet or workbook first takes the (passwordless) protection off, as a person
would have to, and leaves it off. Typing, clearing and pasting never do: on a locked cell of a protected sheet they are
errors, so that a template whose inputs are locked by mistake cannot be filled.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Action:
    """One gesture; the subclasses are what :meth:`Office.edit` takes."""


@dataclass(frozen=True)
class Type(Action):
    """Type ``text`` in a cell and press Enter, in French: ``3,5`` is a number, ``3/5`` a date, ``80%`` a percentage.

    A leading apostrophe makes text; a leading ``=`` a formula, with ``;`` and the decimal comma but English function
    names (``=SUM(B3;1,5)``), since the French ones come with a language pack that may be absent. Validation rules
    do not stop it: they do not stop a paste either.
    """

    where: str
    text: str
    sheet: str | None = None


@dataclass(frozen=True)
class Clear(Action):
    """Press Delete on a cell or a range: the contents go, the format stays."""

    where: str
    sheet: str | None = None


@dataclass(frozen=True)
class CopyCells(Action):
    """Copy a range and paste it at ``to``: contents, formats and validation rules, as Ctrl+C and Ctrl+V do."""

    sheet: str
    cells: str
    to: str


@dataclass(frozen=True)
class MoveCells(Action):
    """Cut a range and paste it at ``to``; names and formulas follow it."""

    sheet: str
    cells: str
    to: str


@dataclass(frozen=True)
class Merge(Action):
    """Merge a range; as the program does by default, hidden cells keep their contents."""

    sheet: str
    cells: str


@dataclass(frozen=True)
class InsertRows(Action):
    """Insert ``count`` rows above row ``before``."""

    sheet: str
    before: int
    count: int = 1


@dataclass(frozen=True)
class DeleteRows(Action):
    """Delete ``count`` rows from row ``first`` on."""

    sheet: str
    first: int
    count: int = 1


@dataclass(frozen=True)
class InsertColumns(Action):
    """Insert ``count`` columns left of column ``before`` (a letter)."""

    sheet: str
    before: str
    count: int = 1


@dataclass(frozen=True)
class DeleteColumns(Action):
    """Delete ``count`` columns from column ``first`` (a letter) on."""

    sheet: str
    first: str
    count: int = 1


@dataclass(frozen=True)
class InsertSheet(Action):
    """Add an empty sheet."""

    name: str
    position: int | None = None


@dataclass(frozen=True)
class RenameSheet(Action):
    """Rename a sheet."""

    sheet: str
    name: str


@dataclass(frozen=True)
class CopySheet(Action):
    """Copy a sheet within the workbook; the copy gets its own, sheet-scoped names."""

    sheet: str
    name: str
    position: int | None = None


@dataclass(frozen=True)
class MoveSheet(Action):
    """Move a sheet so that it stands at ``position``."""

    sheet: str
    position: int | None = None


@dataclass(frozen=True)
class HideSheet(Action):
    """Hide a sheet; the last visible one cannot be."""

    sheet: str


@dataclass(frozen=True)
class ShowSheet(Action):
    """Show a hidden sheet again."""

    sheet: str


@dataclass(frozen=True)
class DeleteSheet(Action):
    """Delete a sheet; the last one cannot be."""

    sheet: str


@dataclass(frozen=True)
class ImportSheet(Action):
    """Copy a sheet of another workbook into this one; a name already taken gets a suffix (``Grille_2``)."""

    workbook: Path
    sheet: str
    position: int | None = None


@dataclass(frozen=True)
class Sort(Action):
    """Sort the rows of a range (without its headings) by one of its columns, by default from the last to the first."""

    sheet: str
    cells: str
    by: str
    ascending: bool = False


@dataclass(frozen=True)
class InsertCells(Action):
    """Insert blank cells; those under them move down (``sideways``: those beside them, right), the others do not."""

    sheet: str
    cells: str
    sideways: bool = False


@dataclass(frozen=True)
class DeleteCells(Action):
    """Delete cells; those under them move up (``sideways``: those beside them, left), the others do not."""

    sheet: str
    cells: str
    sideways: bool = False


@dataclass(frozen=True)
class Protect(Action):
    """Protect a sheet without a password."""

    sheet: str


@dataclass(frozen=True)
class Unprotect(Action):
    """Take off a sheet's protection, which must have no password."""

    sheet: str


@dataclass(frozen=True)
class Recalculate(Action):
    """Compute every formula again, those that did not change too (Ctrl+Shift+F9)."""
