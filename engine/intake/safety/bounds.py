"""How much of a parser's memory a workbook may claim, told before a parser sees it."""

from __future__ import annotations

from engine.intake.safety.refusal import RefusedError

MAX_CELLS = 1_000_000  # rows x columns of the smallest rectangles from A1 that hold every value, all sheets together
MAX_WRITTEN = 120_000  # cells that stand in the file, all sheets together
MAX_STRINGS = 400_000  # tags of the shared texts, some four each
MAX_TAGS = 150_000  # tags of a part that describes: styles, names, relationships
MAX_MERGED = 2_000  # merged areas of one sheet
MAX_TEXT = 50_000_000  # bytes of the texts of the cells, a shared one counted for each cell that shows it


class Room:
    """What the sheets of one workbook claim together: a parser would allocate all of it.

    ``most_written``: cells that may stand in the file.
    """

    def __init__(self, most_written: int = MAX_WRITTEN) -> None:
        self._most_written = most_written
        self._cells = self._written = self._text = 0

    def extend(self, sheet: str, rows: int, columns: int) -> None:
        """Claim a rectangle. Raises :class:`RefusedError` F05, as the other claims do."""
        self.check(sheet, rows, columns)
        self._cells += rows * columns

    def check(self, sheet: str, rows: int, columns: int) -> None:
        """Claim a rectangle that may still grow."""
        if self._cells + rows * columns > MAX_CELLS:
            raise RefusedError("F05", f"La feuille « {sheet} » s'étend sur {rows} lignes et {columns} colonnes.")

    def write(self, sheet: str, cells: int) -> None:
        """Claim cells that stand in the file, blank ones too."""
        self._written += cells
        if self._written > self._most_written:
            bound = self._most_written
            raise RefusedError("F05", f"La feuille « {sheet} » contient {cells} cellules, la limite est {bound}.")

    def fill(self, sheet: str, text: int) -> None:
        """Claim the texts of cells, in bytes."""
        self._text += text
        if self._text > MAX_TEXT:
            raise RefusedError("F05", f"Les textes de la feuille « {sheet} » pèsent {self._text // 1_000_000} Mo.")


def check_tags(part: str, content: bytes, bound: int) -> None:
    """Raise :class:`RefusedError` F05 for a part of so many tags that a parser would take far more than its size."""
    tags = content.count(b"<")
    if tags > bound:
        raise RefusedError("F05", f"« {part} » contient {tags} balises, la limite est {bound}.")


def check_merged(sheet: str, count: int) -> None:
    """Raise :class:`RefusedError` F05 where far too many areas are merged."""
    if count > MAX_MERGED:
        raise RefusedError("F05", f"La feuille « {sheet} » contient {count} fusions, la limite est {MAX_MERGED}.")
