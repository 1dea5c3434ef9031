"""What was done to a session as a whole: it was closed, its decisions frozen; it was opened again, for a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from engine.model.outcome import Frozen


class ActKind(StrEnum):
    """What an act does."""

    CLOSE = "clôture"
    REOPEN = "réouverture"


@dataclass(frozen=True, kw_only=True)
class Act:
    """One act, by its ``number`` in the session.

    A closure has the ``decisions`` it freezes, what was pending and was ``accepted`` all the same (in words), and what
    the decisions ``rest_on``: digests of the program, the referential, the roster, and of each return by its path.
    A reopening has its ``reason``. ``seal``: what the cohort's key makes of all of it. Nothing vouches for an act
    that is not ``certain``: that there was one is all that is known.
    """

    number: int
    kind: ActKind
    at: datetime
    reason: str = ""
    accepted: tuple[str, ...] = ()
    decisions: tuple[Frozen, ...] = ()
    rest_on: Mapping[str, str] = field(default_factory=dict)
    returns: Mapping[str, str] = field(default_factory=dict)
    seal: str = ""
    certain: bool = True

    @property
    def closes(self) -> bool:
        """Whether the session is closed after it; a reopening that is not certain opens nothing."""
        return self.kind is ActKind.CLOSE or not self.certain

    @cached_property
    def by_candidate(self) -> Mapping[str, Frozen]:
        """The frozen decisions by identifier, in lower case."""
        return {frozen.candidate.casefold(): frozen for frozen in self.decisions}
