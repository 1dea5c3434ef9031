"""What the jury's signed sheet says: who sat, and what was decided for each candidate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.model.outcome import Decision, Ruling


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """One candidate's row. ``decision`` and ``blocs`` (the codes typed): ``None`` for a blank cell.

    ``unreadable``: the headings of the cells that cannot be taken for certain. ``proposed``: what the sheet showed on
    the day of issue, ``None`` where it shows nothing. ``cells``: where each input stands, by name.
    """

    candidate: str
    decision: Decision | None = None
    blocs: tuple[str, ...] | None = None
    motive: str = ""
    unreadable: tuple[str, ...] = ()
    proposed: Ruling | None = None
    file: str = ""
    sheet: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Deliberation:
    """The sheet that came back signed: identifiers of the ``president`` and of the ``members`` present, what happened
    that day, the verdicts by identifier (in lower case), the return it stands in."""

    president: str = ""
    members: tuple[str, ...] = ()
    incidents: str = ""
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    file: str = ""

    @property
    def counts(self) -> bool:
        """Whether it was taken: of versions in an order that nobody knows none is, and their candidates wait."""
        return bool(self.president)


def listed(text: str) -> tuple[str, ...]:
    """The words of a cell that holds several, parted by semicolons or commas."""
    return tuple(word.strip() for word in text.replace(",", ";").split(";") if word.strip())
