"""Who may sit the grand oral: what a candidate's file holds, and whether they are convened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from engine.model.outcome import State
from engine.model.people import Candidate


class Admissibility(StrEnum):
    """What a candidate's file says of the grand oral."""

    EXEMPT = "Dispensé"
    ADMISSIBLE = "Admissible"
    REFUSED = "Non admissible"
    INCOMPLETE = "Dossier incomplet"
    NOT_PRESENTED = "Non présenté"

    @property
    def opens(self) -> bool:
        """Whether nothing in the file stands against the oral."""
        return self in (Admissibility.EXEMPT, Admissibility.ADMISSIBLE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pieces:
    """The works, or the documents, of a file: how many are validated, and what follows from all of them."""

    validated: int
    state: State


@dataclass(frozen=True, kw_only=True, slots=True)
class Bond:
    """Why a juror may not hear a candidate, in French."""

    juror: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Seat:
    """The slot that a candidate was told: when, and in which room."""

    start: datetime
    room: str


@dataclass(frozen=True, kw_only=True)
class Admission:
    """A candidate before the grand oral. ``admissibility`` is ``None`` for one who left; parts that the referential
    does not ask for are ``None``.

    ``lacks``: what the file lacks and who can answer, the exam aside, which ``exam_lacks`` tells. ``bonds``: those of
    the candidate's own jurors. ``seat``: the slot last published, if any.
    """

    candidate: Candidate
    admissibility: Admissibility | None
    exam: State | None = None
    works: Pieces | None = None
    documents: Pieces | None = None
    plagiarism: State | None = None
    lacks: tuple[str, ...] = ()
    exam_lacks: str = ""
    bonds: tuple[Bond, ...] = ()
    seat: Seat | None = None

    @property
    def convened(self) -> bool:
        """Whether the candidate is to sit the grand oral."""
        if self.candidate.dropped_out:
            return False
        by_the_file = self.admissibility is Admissibility.ADMISSIBLE
        return by_the_file if self.candidate.convened is None else self.candidate.convened

    @property
    def exam_failed(self) -> bool:
        """Whether the national exam alone closes the oral."""
        return self.exam is State.FAILED

    @property
    def reasons(self) -> tuple[str, ...]:
        """Everything the file lacks, a failed or missing exam first."""
        return (*([self.exam_lacks] if self.exam_lacks else []), *self.lacks)
