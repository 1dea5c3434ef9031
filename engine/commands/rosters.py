"""The roster's file, or another that people typed, opened as a return is: guarded, within bounds, by the same readers.

It is read in this process: what the guard lets through takes a parser a second or two and some hundred megabytes at
most (docs/limites.md), and every command would pay for a process that is started to read one small file.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from engine import roster
from engine.intake.readers import workbook
from engine.intake.readers.grid import Book, Grid
from engine.intake.safety import guard
from engine.intake.safety.bounds import Room
from engine.intake.safety.refusal import RefusedError
from engine.model import Referential, Roster
from engine.model.anomalies import SAVE_AGAIN
from engine.model.errors import CohortError
from engine.model.texts import visible
from engine.office.typed import text
from engine.office.typed.cells import MisreadError
from engine.roster.statements import STATEMENTS
from engine.workspace import shell

MOST_WRITTEN = 200_000
"""Cells that may stand in the file, or tags where it is not written as usual; 2,000 candidates take 110,000 tags."""


def read_roster(
    path: Path, referential_of: Callable[[str], Referential] | None = None, *, may_be_empty: bool = False
) -> Roster:
    """The roster of this file, with the statements of the file that it names; ``may_be_empty``: without candidates.

    Raises :class:`CohortError` when it cannot be read, with every problem.
    """
    if not path.exists():
        raise CohortError(f"Le registre « {path} » manque ; {shell.line('init', path.parent)} en crée un, vide.")
    book = open_book(path, "Le registre")
    statements = partial(_statements, path.parent)
    return roster.read(path, book, referential_of, statements, may_be_empty=may_be_empty)


def _statements(folder: Path, name: str) -> Book:
    return open_table(folder / name, STATEMENTS.required)


def nobody_yet(problems: Sequence[str]) -> bool:
    """Whether all that is wrong with a roster is that nobody was written in it yet."""
    return len(problems) == 1 and problems[0].endswith(roster.NOBODY)


def open_book(path: Path, called: str) -> Book:
    """A workbook that people typed for us; ``called``: how messages begin (« Le registre »).

    Raises :class:`CohortError` when it cannot be read.
    """
    if not path.exists():
        raise CohortError(f"{called} « {path} » n'existe pas.")
    if not path.is_file():
        raise CohortError(f"{called} « {path} » n'est pas un fichier.")
    try:
        return _workbook(_content(path))
    except RefusedError as refused:
        raise CohortError(_sentence(path, called, refused)) from refused


def _content(path: Path) -> bytes:
    return guard.load(Path(os.path.realpath(path)))


def _workbook(content: bytes) -> Book:
    return workbook.read(guard.open_package(content), Room(MOST_WRITTEN))


_WORKBOOKS = (b"PK", b"\xd0\xcf\x11\xe0")
"""How workbooks begin, those of an old format included, whatever their names end with."""


def open_table(path: Path, headings: Sequence[str]) -> Book:
    """A table that people keep beside, a workbook or a text; ``headings``: those that it bears.

    Raises :class:`CohortError` when it cannot be read.
    """
    try:
        if not path.is_file():
            what = "n'est pas un fichier" if path.exists() else "n'existe pas"
            raise CohortError(f"Le fichier « {path} » {what} ; corrigez ce chemin, ou videz la cellule.")
        content = _content(path)
        if content.startswith(_WORKBOOKS) or not content.strip(b"\0"):
            return _workbook(content)
        return Book([Grid(path.name, [list(row) for row in text.rows(content, headings)])], None)
    except RefusedError as refused:
        raise CohortError(f"Le fichier « {path} » ne peut pas être lu. {refused} {_remedy(refused)}") from refused
    except MisreadError as fault:
        raise CohortError(f"Le fichier « {path} » ne peut pas être lu : {fault}") from fault
    except (OSError, ValueError) as fault:  # a path that the system cannot take
        raise CohortError(
            f"Le fichier « {visible(str(path))} » ne peut pas être cherché ; corrigez ce chemin."
        ) from fault


def _sentence(path: Path, called: str, refused: RefusedError) -> str:
    if isinstance(refused.__cause__, PermissionError):
        return (
            f"{called} « {path} » ne peut pas être lu : il est sans doute ouvert dans un tableur, ou vos droits "
            "ne le permettent pas. Fermez-le, puis relancez la commande."
        )
    return f"{called} « {path} » ne peut pas être lu. {refused} {_remedy(refused)}"


def _remedy(refused: RefusedError) -> str:
    if refused.remedy == SAVE_AGAIN:  # it is how the file is written that is refused, not how far it extends
        return roster.RESAVE
    return refused.entry.of_roster or roster.RESAVE
