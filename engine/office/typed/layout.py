"""What a sheet to be typed in holds: its headings, and what to type under each."""

from __future__ import annotations

from dataclasses import dataclass

EXAMPLE = "(exemple)"
"""An identifier that starts so marks a row that is not read; the bracket keeps it from being a real identifier."""

YES, NO = "Oui", "Non"
RESAVE = "Ouvrez-le dans votre tableur et enregistrez-le au format « Classeur Excel (.xlsx) »."


@dataclass(frozen=True)
class Column:
    """A known column: its heading, its width in pixels, and what to type there, in French."""

    heading: str
    width: int
    advice: str
    example: str = ""
    required: bool = False


@dataclass(frozen=True)
class Layout:
    """A known sheet; ``rank`` is its place among the others, for the order of messages; ``optional``: a workbook may
    lack it."""

    rank: int
    name: str
    columns: tuple[Column, ...]
    optional: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """Every known heading, in the order of the blank sheet."""
        return tuple(column.heading for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        """The headings without which the sheet cannot be read."""
        return tuple(column.heading for column in self.columns if column.required)
