"""A workbook that stays open from one order to the next. Runs under the Python of LibreOffice: only the standard
library, nothing of the project."""

from __future__ import annotations

import reading


class Kept:
    """An open workbook, what it held when it was opened, and ``what`` tells it from any other.

    Opening one of the results takes a second, what is done to it a tenth: it is done, looked at, and undone. Nobody
    trusts the undoing: what the workbook then holds is compared with what it held.
    """

    def __init__(self, doc, what, wanted):
        self.doc, self.what, self._wanted = doc, what, wanted
        self._held = self._holds()

    def values(self):
        """Return the values of the sheets that are wanted."""
        return {name: reading.lines(self.doc.Sheets.getByName(name)) for name in self._wanted}

    def undo(self):
        """Undo all that was done; return whether everything is again as it was."""
        steps = self.doc.UndoManager
        while steps.isUndoPossible():
            steps.undo()
        steps.clear()
        return self._holds() == self._held

    def _holds(self):
        """Return every text, number and formula, what names point to, what is protected, and the values wanted."""
        sheets = [(name, self.doc.Sheets.getByName(name)) for name in self.doc.Sheets.ElementNames]
        cells = [(name, sheet.isProtected(), reading.formulas(sheet), _names(sheet)) for name, sheet in sheets]
        return cells, _names(self.doc), self.values()


def _names(place):
    return [(each.Name, each.Content) for each in place.NamedRanges]
