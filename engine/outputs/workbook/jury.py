"""The sheet `Jury`: who may sit the grand oral, who not and why, and when each is heard."""

from __future__ import annotations

from collections.abc import Callable

from engine.model import Outcome, Referential
from engine.model.admission import Admission
from engine.office.styles import printed
from engine.outputs.tables.jury import fields
from engine.outputs.workbook.column import Column
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.looks import ADMISSIBILITIES, NEGATIVE, STATES
from engine.outputs.workbook.people import Drawn, People, drawn, identity_looks
from engine.outputs.workbook.places import JURY

_LINES: tuple[Line, ...] = (
    (("Accès au grand oral, d'après les notes, les travaux et les documents", "caption"),),
    (
        ("●", "good"),
        (" validé      ", "caption"),
        ("×", "bad"),
        (" non validé      ○ en attente      Aucune décision n'en dépend", "caption"),
    ),
)


def jury(book: Book) -> People:
    """The sheet."""
    known = {admission.candidate.id: admission for admission in book.admissions}

    def of(outcome: Outcome) -> Admission:
        return known[outcome.candidate.id]

    planned = any(admission.seat for admission in book.admissions)
    looks = identity_looks(book) | _looks(book.referential, planned=planned) | {"Motifs": _reasons(of)}
    return People(JURY, [*drawn(fields(book.referential), of, looks)], lines=_LINES)


def _looks(referential: Referential, *, planned: bool) -> dict[str, Drawn]:
    """By heading; when and where each is heard take no room while nothing is ``planned``."""
    exam = referential.national_exam.code if referential.national_exam else ""
    state = Column(width=30, style=("center", "text"), rotated=True, rules=STATES)
    columns = {
        "Admissibilité": Column(width=124, style=("bold", "text", "indented"), opens=True, rules=ADMISSIBILITIES),
        "Travaux": _pieces(len(referential.works)),
        "Documents": _pieces(len(referential.documents)),
        **{f"{name} état": state for name in (exam, "Travaux", "Documents", "Plagiat")},
        "Convocation": Column(width=100, style=("center", "text"), opens=True, rules=NEGATIVE),
        "Passage": Column(width=116 if planned else 78, style=("center",), number="dd/mm/yyyy hh:mm"),
        "Salle": Column(style=("text", "wrap")) if planned else Column(width=64),
    }
    return {heading: Drawn(column=column) for heading, column in columns.items()}


def _pieces(total: int) -> Column:
    return Column(width=56, style=("right",), number=f'0"/{total}"', opens=True, rotated=True)


def _reasons(of: Callable[[Outcome], Admission]) -> Drawn:
    def shown(outcome: Outcome) -> str | None:
        admission = of(outcome)
        return None if admission.admissibility is None else printed(" ; ".join(admission.reasons))

    column = Column(width=320, style=("note", "text", "wrap", "indented"), opens=True, stretch=True)
    return Drawn(column=column, shown=shown)
