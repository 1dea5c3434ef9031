"""The kinds of sheet."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of sheet; the value is the word of the reference."""

    GRILLE = "GRILLE"
    TRAVAUX = "TRAVAUX"
    TRANSVERSALE = "TRANSVERSALE"
    ORAL = "ORAL"
    NOTES = "NOTES"
    VALIDATION = "VALIDATION"
