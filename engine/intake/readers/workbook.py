"""From guarded bytes to grids: values by calamine, and beside them what calamine hides."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import cast

from python_calamine import CalamineWorkbook

from engine.intake.readers import showing
from engine.intake.readers.grid import Book, Grid, Place
from engine.intake.readers.look import Look
from engine.intake.readers.ods import document as ods
from engine.intake.readers.ooxml import document as ooxml
from engine.intake.safety.bounds import Room
from engine.intake.safety.guard import Package
from engine.intake.safety.refusal import RefusedError
from engine.model.errors import present
from engine.model.values import Raw

Document = ods.Document | ooxml.Document
_DOCUMENTS: Mapping[str, Callable[[Package, Room], Document]] = {"ods": ods.Document, "xlsx": ooxml.Document}


def read(package: Package, room: Room | None = None) -> Book:
    """The sheets of a workbook, in order, and which of them are damaged; ``room``: that of a return unless given.

    Raises :class:`RefusedError` when the workbook cannot be read at all.
    """
    document = _DOCUMENTS[package.kind](package, room or Room())
    looks, damaged = document.looks, dict(document.damaged)
    parser = _open(document.archive()) if looks else None
    lenient = cache(lambda: _open(document.archive_of_known_errors()))
    grids = []
    for name, look in looks.items():
        try:
            rows = _rows(present(parser), lenient, name, look)
        except RefusedError as refused:
            damaged[name] = refused
            continue
        tells, displays = showing.look_again(look, rows)
        notes, pictures = document.attached(name)
        names, dress = partial(_names, document, name), partial(document.dress, name)
        lost, selected = package.lost_name, name in document.selected
        grids.append(
            Grid(
                name,
                rows,
                tells,
                look.merged,
                names,
                lost,
                {},
                displays,
                notes,
                pictures,
                selected,
                name in document.hidden,
                document.since_1904,
                dress,
            )
        )
    return Book(grids, document.saved, document.program, package.macros, damaged)


def _names(document: Document, sheet: str) -> Mapping[str, Place]:
    """The defined names that point at a cell of a sheet."""
    return document.names.get(sheet, {})


def _open(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception as fault:
        raise RefusedError("F01", "La structure du classeur ne se lit pas.") from fault
    except BaseException as fault:
        raise _panic(fault) from fault


def _panic(fault: BaseException) -> BaseException:
    """A panic of the parser is no ordinary exception; anything else (an interruption) goes its way."""
    if type(fault).__name__ == "PanicException":
        return RefusedError("F08", "La lecture du classeur a échoué : sa structure est anormale.")
    return fault


def _rows(parser: CalamineWorkbook, lenient: Callable[[], CalamineWorkbook], name: str, look: Look) -> list[list[Raw]]:
    """The values of a sheet from A1. Raises :class:`RefusedError` where they are not certain.

    ``lenient`` gives the same workbook, the errors of its cells (which the look tells) replaced by a known one: any
    other makes calamine drop the whole sheet.
    """
    rows = _values(parser, name)
    if rows is None:
        rows = _values(lenient(), name)
    if rows is None:
        raise RefusedError("F01", f"Le contenu de la feuille « {name} » ne se lit pas.")
    if not look.confirms(rows):
        message = f"La feuille « {name} » est écrite d'une façon inhabituelle, que deux lectures comprennent autrement."
        raise RefusedError("F01", message)
    look.restore(rows)
    return rows


def _values(parser: CalamineWorkbook, name: str) -> list[list[Raw]] | None:
    """The values that calamine reads, ``None`` when it refuses to."""
    try:
        return cast("list[list[Raw]]", parser.get_sheet_by_name(name).to_python(skip_empty_area=False))
    except Exception:  # whatever it says: another reading is tried, then the sheet is refused
        return None
    except BaseException as fault:
        raise _panic(fault) from fault
