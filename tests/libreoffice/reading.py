"""What a person sees in an open workbook. Runs under the Python of LibreOffice: only the standard library."""

from __future__ import annotations

TEXT, OTHER = 4, 1 | 2 | 16  # CellFlags: STRING; VALUE, DATETIME, FORMULA
NUMBER_RESULT, ERROR_RESULT = 1, 4  # FormulaResult: VALUE, ERROR
KINDS = ((1024, "boolean"), (6, "datetime"), (2, "date"), (4, "time"), (128, "percent"))  # NumberFormat's bits


def read(doc, wanted=None):
    """Return {sheet: {address: [shown, value, kind, formula]}} for the cells that hold something, in reading order.

    With ``wanted``, a list of sheets, only the errors of the others: what a number shows is asked cell by cell.
    """
    kinds = {}
    sheets = ((name, doc.Sheets.getByName(name)) for name in doc.Sheets.ElementNames)
    return {
        name: _by_address(
            [*_texts(sheet), *_others(doc, sheet, kinds)] if wanted is None or name in wanted else _errors(doc, sheet)
        )
        for name, sheet in sheets
    }


def lines(sheet):
    """Return the values of a sheet, row by row from A1: a float, a text, None for an error."""
    return _used(sheet).DataArray


def formulas(sheet):
    """Return what was typed in a sheet, row by row from A1, as text: formulas as they are."""
    return _used(sheet).FormulaArray


def _used(sheet):
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)
    end = cursor.RangeAddress
    return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def _by_address(contents):
    """Turn (row, column, content) into {address: content}."""
    return {f"{letters(column)}{row + 1}": content for row, column, content in sorted(contents)}


def _texts(sheet):
    """Yield plain text, a whole range at a time: fetching one cell takes a millisecond, and sheets are mostly text."""
    for cells, place in _areas(sheet, TEXT):
        for row, texts in enumerate(cells.DataArray, place.StartRow):
            for column, text in enumerate(texts, place.StartColumn):
                yield row, column, [text, text, "text", None]


def _others(doc, sheet, kinds):
    """Yield numbers of all kinds and formulas."""
    for cells, place in _areas(sheet, OTHER):
        for row, formulas in enumerate(cells.FormulaArray):
            for column, formula in enumerate(formulas):
                content = _content(doc, cells.getCellByPosition(column, row), formula, kinds)
                yield place.StartRow + row, place.StartColumn + column, content


def _errors(doc, sheet):
    """Yield the formulas that give an error."""
    for place in sheet.queryFormulaCells(ERROR_RESULT).RangeAddresses:
        for row in range(place.StartRow, place.EndRow + 1):
            for column in range(place.StartColumn, place.EndColumn + 1):
                cell = sheet.getCellByPosition(column, row)
                yield row, column, _content(doc, cell, cell.Formula, {})


def _areas(sheet, flags):
    for place in sheet.queryContentCells(flags).RangeAddresses:
        yield sheet.getCellRangeByPosition(place.StartColumn, place.StartRow, place.EndColumn, place.EndRow), place


def _content(doc, cell, formula, kinds):
    formula = formula if formula.startswith("=") else None
    if formula and cell.getError():
        return [cell.String, None, "error", formula]
    if formula and cell.FormulaResultType2 != NUMBER_RESULT:
        return [cell.String, cell.String, "text", formula]
    kind = _number_kind(doc, cell.NumberFormat, kinds)
    return [cell.String, bool(cell.Value) if kind == "boolean" else cell.Value, kind, formula]


def _number_kind(doc, key, kinds):
    """Tell what a number is from its format; ``kinds`` remembers the formats already met."""
    if key not in kinds:
        bits = doc.NumberFormats.getByKey(key).Type
        kinds[key] = next((kind for mask, kind in KINDS if bits & mask == mask), "number")
    return kinds[key]


def letters(column):
    """Return a column's letters from its index: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name
