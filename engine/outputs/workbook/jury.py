"""The sheet `Jury`: who may sit the grand oral, who not and why, and when each is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from engine.model import Outcome, Referential, State
from engine.model.admission import Admission, Pieces
from engine.office.styles import printed
from engine.outputs.workbook.column import Column
from engine.outputs.workbook.frame import Book, Line, Value
from engine.outputs.workbook.looks import ADMISSIBILITIES, NEGATIVE, STATES
from engine.outputs.workbook.people import Field, People, identity
from engine.outputs.workbook.places import JURY

_STATE, _COUNT, _ANSWER, _WHEN, _ROOM = 30, 56, 84, 116, 110  # pixels
_LINES: tuple[Line, ...] = (
    (("Accès au grand oral, d'après les notes, les travaux et les documents", "caption"),),
    (
        ("●", "good"),
        (" validé      ", "caption"),
        ("×", "bad"),
        (" non validé      ○ en attente      Aucune décision n'en dépend", "caption"),
    ),
)
Reader = Callable[[Admission], Value]


def jury(book: Book) -> People:
    """The sheet."""
    known = {admission.candidate.id: admission for admission in book.admissions}
    fields = [*identity(book), *(_of(known, *each) for each in _columns(book.referential))]
    return People(JURY, fields, lines=_LINES)


def _of(known: Mapping[str, Admission], column: Column, read: Reader) -> Field:
    """A field of each candidate's admission; empty for one who left."""

    def value(outcome: Outcome) -> Value:
        admission = known[outcome.candidate.id]
        return None if admission.admissibility is None else read(admission)

    return Field(column, value)


def _columns(referential: Referential) -> Iterator[tuple[Column, Reader]]:
    word = Column(
        heading="Admissibilité", width=124, style=("bold", "text", "indented"), opens=True, rules=ADMISSIBILITIES
    )
    yield word, lambda admission: admission.admissibility
    exam = referential.national_exam
    if exam is not None:
        yield _state(f"{exam.code} état"), lambda admission: admission.exam
    if referential.works:
        yield from _pieces("Travaux", len(referential.works), lambda admission: admission.works)
    if referential.documents:
        yield from _pieces("Documents", len(referential.documents), lambda admission: admission.documents)
    if exam is not None and exam.requires_plagiarism_check:
        yield _state("Plagiat état"), lambda admission: admission.plagiarism
    style = ("center", "text")
    convened = Column(heading="Convocation", width=_ANSWER, style=style, opens=True, rules=NEGATIVE)
    yield convened, lambda admission: "Oui" if admission.convened else "Non"
    when = Column(heading="Passage", width=_WHEN, style=("center",), number="dd/mm/yyyy hh:mm")
    yield when, lambda admission: admission.seat.start if admission.seat else None
    room = Column(heading="Salle", width=_ROOM, style=("text", "wrap"))
    yield room, lambda admission: admission.seat.room if admission.seat else None
    reasons = Column(heading="Motifs", width=320, style=("note", "text", "wrap", "indented"), opens=True, stretch=True)
    yield reasons, lambda admission: printed(" ; ".join(admission.reasons)) or None


def _pieces(heading: str, total: int, read: Callable[[Admission], Pieces | None]) -> Iterator[tuple[Column, Reader]]:
    """How many are validated, and what follows."""

    def number(admission: Admission) -> Value:
        pieces = read(admission)
        return None if pieces is None else pieces.validated

    def state(admission: Admission) -> State | None:
        pieces = read(admission)
        return None if pieces is None else pieces.state

    count = Column(heading=heading, width=_COUNT, style=("right",), number=f'0"/{total}"', opens=True, rotated=True)
    yield count, number
    yield _state(f"{heading} état"), state


def _state(heading: str) -> Column:
    return Column(heading=heading, width=_STATE, style=("center", "text"), rotated=True, rules=STATES)
