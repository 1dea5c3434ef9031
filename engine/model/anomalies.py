"""Anomalies, and how one is made.

A message says what was read and why it cannot be used; the remedy says what to do. File, sheet and cell stay
in their own columns. Texts are French: they are read by the secretariat, tutors and jurors.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict, Unpack

from engine.model.catalogue import CATALOGUE, COPY_VALUES, SAVE_AGAIN, About, Entry, Family, Gravity, Mend

__all__ = ["CATALOGUE", "COPY_VALUES", "SAVE_AGAIN", "About", "Anomaly", "Family", "Gravity", "Where", "make"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Anomaly:
    """One row of the anomalies table (:data:`.tables.ANOMALIES`); identifiers for people, ``/`` in paths."""

    code: str
    message: str
    gravity: Gravity
    remedy: str
    candidate: str = ""
    evaluator: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    value: str = ""

    @property
    def entry(self) -> Entry:
        """The entry of its code in the catalogue."""
        return CATALOGUE[self.code]

    @property
    def family(self) -> Family:
        """The family of its code, from its first letter."""
        return Family(self.code[0])

    @property
    def mendable(self) -> bool:
        """Whether a fresh copy mends it, once filled."""
        mend = self.entry.mend
        return mend is Mend.ALWAYS or (mend is Mend.BLOCKING and self.blocking)

    @property
    def unfinished(self) -> bool:
        """Whether it only lists what a sheet still awaits: told apart from what is wrong, as a sheet to complete."""
        return self.entry.tells_blanks and not self.blocking

    @property
    def of_draft(self) -> bool:
        """Whether it tells of a deliberation that nobody signed: a draft, which decides nothing. Of a missing signature
        it is the only one that warns."""
        return self.entry.unsigned and self.gravity is Gravity.WARNING

    @property
    def blocking(self) -> bool:
        """Whether a person is needed before the value or the sheet can count."""
        return self.gravity is Gravity.BLOCKING


UNFINISHED = ("fiche à compléter", "fiches à compléter")
"""What is said, with a number, of the anomalies that are :attr:`Anomaly.unfinished`."""


class Where(TypedDict, total=False):
    """What an anomaly is about: people by identifier, and the place."""

    candidate: str
    evaluator: str
    file: str
    sheet: str
    cell: str
    value: str


def make(
    code: str, message: str, *, gravity: Gravity | None = None, remedy: str = "", **where: Unpack[Where]
) -> Anomaly:
    """An anomaly of the catalogue; ``where`` takes candidate, evaluator, file, sheet, cell and value."""
    entry = CATALOGUE[code]
    return Anomaly(code=code, message=message, gravity=gravity or entry.gravity, remedy=remedy or entry.remedy, **where)
