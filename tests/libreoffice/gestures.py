"""How each action is done through UNO. Runs under the Python of LibreOffice: only the standard library.

Every gesture takes the open workbook and the action as a plain dictionary, whose keys ``actions.py`` explains; the
``workbook`` of an ImportSheet is the other document, open too. A :class:`ValueError` says in a sentence why something
cannot be done; what LibreOffice refuses raises its own exceptions, often wordless.
"""

import re

import uno

ADDRESS = re.compile(r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(:\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?")
CONTENTS = 1 | 2 | 4 | 16  # CellFlags: VALUE, DATETIME, STRING, FORMULA; notes and formats stay


_SHEET = "com.sun.star.sheet"


def do(book, action):
    """Carry out one action on an open workbook; raise ValueError when it makes no sense there."""
    GESTURES[action["do"]](book, action)


class Book:
    """An open workbook, with what is asked for again and again: every UNO object costs a millisecond to fetch."""

    def __init__(self, doc):
        self.doc, self.sheets, self.names = doc, doc.Sheets, doc.NamedRanges

    def sheet(self, name):
        """Return the sheet of that name."""
        if not self.sheets.hasByName(name):
            raise ValueError(f"no sheet {name!r}: there are {', '.join(self.sheets.ElementNames)}")
        return self.sheets.getByName(name)

    def cells(self, where, sheet):
        """Return the cell range at an address of a sheet, or that a defined name points to."""
        if ADDRESS.fullmatch(where):
            if sheet is None:
                raise ValueError(f"the address {where} needs its sheet")
            return self.sheet(sheet).getCellRangeByName(where)
        name = self._name(where, sheet)
        cells = None if "#REF!" in name.Content else name.getReferredCells()
        if cells is None:
            raise ValueError(f"the name {where} no longer points to a cell")
        if sheet is not None and cells.Spreadsheet.Name != sheet:
            raise ValueError(f"the name {where} points to the sheet {cells.Spreadsheet.Name!r}, not {sheet!r}")
        return cells

    def _name(self, name, sheet):
        """Return a defined name: the given sheet's own, else the workbook's, else the only sheet's that has it."""
        if sheet is not None and (own := self.sheet(sheet).NamedRanges).hasByName(name):
            return own.getByName(name)
        if self.names.hasByName(name):
            return self.names.getByName(name)
        own = {each: self.sheet(each).NamedRanges for each in self.sheets.ElementNames}
        holders = [each for each, names in own.items() if names.hasByName(name)]
        if not holders:
            raise ValueError(f"no name {name}")
        if sheet is not None or len(holders) > 1:
            raise ValueError(f"the name {name} belongs to {' and '.join(holders)}: which?")
        return own[holders[0]].getByName(name)

    def open_sheet(self, name):
        """Return a sheet, its protection taken off."""
        sheet = self.sheet(name)
        if sheet.isProtected():
            sheet.unprotect("")
        if sheet.isProtected():
            raise ValueError(f"the sheet {name!r} is protected by a password")
        return sheet

    def open_sheets(self):
        """Return the row of sheets, the workbook's protection taken off."""
        if self.doc.isProtected():
            self.doc.unprotect("")
        return self.sheets

    def position(self, action):
        """Return where among the sheets an action wants one."""
        return self.sheets.Count if action["position"] is None else action["position"]

    def new_name(self, name):
        """Return a name for a sheet, if it is free: the program would quietly take another, or keep the old one."""
        if self.sheets.hasByName(name):
            raise ValueError(f"there is already a sheet {name!r}")
        return name


def _refuse_locked(cells, where):
    """The program says nothing when asked to fill a locked cell, and does nothing."""
    if cells.CellProtection.IsLocked and cells.Spreadsheet.isProtected():
        raise ValueError(f"{where} is locked and its sheet is protected")


def _type(book, action):
    cells = book.cells(action["where"], action["sheet"])
    _refuse_locked(cells, action["where"])
    cell = cells if cells.supportsService("com.sun.star.sheet.SheetCell") else cells.getCellByPosition(0, 0)
    cell.FormulaLocal = action["text"]


def _clear(book, action):
    cells = book.cells(action["where"], action["sheet"])
    _refuse_locked(cells, action["where"])
    cells.clearContents(CONTENTS)


def _copy_cells(book, action):
    sheet = book.sheet(action["sheet"])
    source, target = (sheet.getCellRangeByName(action[key]) for key in ("cells", "to"))
    _refuse_locked(target, action["to"])
    sheet.copyRange(target.getCellByPosition(0, 0).CellAddress, source.RangeAddress)


def _move_cells(book, action):
    sheet = book.open_sheet(action["sheet"])
    source, target = (sheet.getCellRangeByName(action[key]) for key in ("cells", "to"))
    sheet.moveRange(target.getCellByPosition(0, 0).CellAddress, source.RangeAddress)


def _merge(book, action):
    book.open_sheet(action["sheet"]).getCellRangeByName(action["cells"]).merge(True)


def _insert_rows(book, action):
    book.open_sheet(action["sheet"]).Rows.insertByIndex(action["before"] - 1, action["count"])


def _delete_rows(book, action):
    book.open_sheet(action["sheet"]).Rows.removeByIndex(action["first"] - 1, action["count"])


def _insert_cells(book, action):
    sheet = book.open_sheet(action["sheet"])
    way = uno.Enum(f"{_SHEET}.CellInsertMode", "RIGHT" if action["sideways"] else "DOWN")
    sheet.insertCells(sheet.getCellRangeByName(action["cells"]).RangeAddress, way)


def _delete_cells(book, action):
    sheet = book.open_sheet(action["sheet"])
    way = uno.Enum(f"{_SHEET}.CellDeleteMode", "LEFT" if action["sideways"] else "UP")
    sheet.removeRange(sheet.getCellRangeByName(action["cells"]).RangeAddress, way)


def _column(sheet, letter):
    return sheet.getCellRangeByName(f"{letter}1").RangeAddress.StartColumn


def _insert_columns(book, action):
    sheet = book.open_sheet(action["sheet"])
    sheet.Columns.insertByIndex(_column(sheet, action["before"]), action["count"])


def _delete_columns(book, action):
    sheet = book.open_sheet(action["sheet"])
    sheet.Columns.removeByIndex(_column(sheet, action["first"]), action["count"])


def _insert_sheet(book, action):
    sheets = book.open_sheets()
    sheets.insertNewByName(book.new_name(action["name"]), book.position(action))


def _rename_sheet(book, action):
    book.open_sheets()
    sheet = book.sheet(action["sheet"])
    sheet.Name = book.new_name(action["name"])
    if sheet.Name != action["name"]:
        raise ValueError(f"{action['name']!r} is not a name for a sheet")


def _copy_sheet(book, action):
    sheets = book.open_sheets()
    sheets.copyByName(book.sheet(action["sheet"]).Name, book.new_name(action["name"]), book.position(action))


def _move_sheet(book, action):
    sheets = book.open_sheets()
    here = sheets.ElementNames.index(book.sheet(action["sheet"]).Name)
    there = book.position(action)
    # The program counts the gaps of the row as it stands, the moved sheet still in it.
    sheets.moveByName(action["sheet"], there + 1 if there > here else there)


def _show(book, name, visible):
    book.open_sheets()
    book.sheet(name).IsVisible = visible
    if book.sheet(name).IsVisible != visible:
        raise ValueError(f"the sheet {name!r} is the last visible one")


def _delete_sheet(book, action):
    sheets = book.open_sheets()
    if sheets.Count == 1:
        raise ValueError(f"the sheet {action['sheet']!r} is the only one")
    sheets.removeByName(book.sheet(action["sheet"]).Name)


def _import_sheet(book, action):
    sheets, other = book.open_sheets(), Book(action["workbook"])
    position = book.position(action)
    # Straight to a place before the sheet being shown, LibreOffice 7.4 crashes when the workbook is closed.
    last = sheets.importSheet(other.doc, other.sheet(action["sheet"]).Name, sheets.Count)
    if position < last:
        sheets.moveByName(sheets.ElementNames[last], position)


def _sort(book, action):
    cells = book.open_sheet(action["sheet"]).getCellRangeByName(action["cells"])
    field = uno.createUnoStruct("com.sun.star.table.TableSortField")
    field.Field = _column(cells.Spreadsheet, action["by"]) - cells.RangeAddress.StartColumn
    field.IsAscending = action["ascending"]
    wanted = {"ContainsHeader": False, "SortFields": uno.Any("[]com.sun.star.table.TableSortField", (field,))}
    descriptor = cells.createSortDescriptor()
    for part in descriptor:
        part.Value = wanted.get(part.Name, part.Value)
    uno.invoke(cells, "sort", (descriptor,))


GESTURES = {
    "Type": _type,
    "Clear": _clear,
    "CopyCells": _copy_cells,
    "MoveCells": _move_cells,
    "Merge": _merge,
    "InsertRows": _insert_rows,
    "DeleteRows": _delete_rows,
    "InsertCells": _insert_cells,
    "DeleteCells": _delete_cells,
    "InsertColumns": _insert_columns,
    "DeleteColumns": _delete_columns,
    "InsertSheet": _insert_sheet,
    "RenameSheet": _rename_sheet,
    "CopySheet": _copy_sheet,
    "MoveSheet": _move_sheet,
    "HideSheet": lambda book, action: _show(book, action["sheet"], visible=False),
    "ShowSheet": lambda book, action: _show(book, action["sheet"], visible=True),
    "DeleteSheet": _delete_sheet,
    "ImportSheet": _import_sheet,
    "Sort": _sort,
    "Protect": lambda book, action: book.sheet(action["sheet"]).protect(""),
    "Unprotect": lambda book, action: book.open_sheet(action["sheet"]),
    "Recalculate": lambda book, _action: book.doc.calculateAll(),
}
