"""From guarded bytes to grids: values by calamine, and beside them what calamine hides."""

from __future__ import annotations

import io
from functools import cache
from typing import Any

import python_calamine

from engine.intake import ods, ooxml
from engine.intake.grid import Book, Grid, Place
from engine.intake.guard import Package, RefusedError
from engine.values import Raw, Tell


def read(package: Package) -> Book:
    """The sheets of a workbook, in order, and which of them are damaged.

    Raises :class:`RefusedError` when the workbook cannot be read at all.
    """
    if package.kind == "ods":
        content = ods.tree(package)
        looks, saved = ods.look(content), ods.saved(package)
        names = cache(lambda: ods.names(content))
    else:
        looks, saved = ooxml.look(package), ooxml.saved(package)
        names = cache(lambda: ooxml.names(package))
    workbook = _open(package.data)
    grids, damaged = [], {}
    for name, (tells, merged) in looks.items():
        try:
            rows, errors = _rows(workbook, package, name)
        except RefusedError as refused:
            damaged[name] = refused
            continue
        tells = tells | {place: tells.get(place, Tell.NONE) | Tell.ERROR for place in errors}
        grids.append(Grid(name, rows, tells, merged, lambda name=name: names().get(name, {}), package.lost_name))
    return Book(grids, saved, package.macros, damaged)


def _open(data: bytes) -> Any:
    try:
        return python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except Exception as fault:
        raise RefusedError("F01", "Le classeur est endommagé : sa structure ne se lit pas.") from fault
    except BaseException as fault:
        raise _panic(fault) from fault


def _panic(fault: BaseException) -> BaseException:
    """A panic of the parser is no ordinary exception; anything else (an interruption) goes its way."""
    if type(fault).__name__ == "PanicException":
        return RefusedError("F08", "La lecture du classeur a échoué : sa structure est anormale.")
    return fault


def _rows(workbook: Any, package: Package, name: str) -> tuple[list[list[Raw]], list[Place]]:
    """The values of a sheet from A1, and the cells in error that only the closer look could tell."""
    try:
        return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False), []
    except Exception:
        return _rows_slowly(package, name)  # one error literal it does not know makes calamine drop the whole sheet
    except BaseException as fault:
        raise _panic(fault) from fault


def _rows_slowly(package: Package, name: str) -> tuple[list[list[Raw]], list[Place]]:
    import openpyxl  # slow to import, and seldom needed

    if package.kind != "xlsx":
        raise RefusedError("F01", f"La feuille « {name} » est endommagée.")
    try:
        book = openpyxl.load_workbook(io.BytesIO(package.data), data_only=True)
        lines = [list(line) for line in book[name].iter_rows()]
    except Exception as fault:
        raise RefusedError("F01", f"La feuille « {name} » est endommagée : son contenu ne se lit pas.") from fault
    errors = [
        (row, column) for row, line in enumerate(lines) for column, cell in enumerate(line) if cell.data_type == "e"
    ]
    return [[_plain(cell) for cell in line] for line in lines], errors


def _plain(cell: Any) -> Raw:
    """A cell of openpyxl as calamine gives it: every number a float, errors and nothing as blanks."""
    if cell.value is None or cell.data_type == "e":
        return ""
    return float(cell.value) if isinstance(cell.value, int) and not isinstance(cell.value, bool) else cell.value
