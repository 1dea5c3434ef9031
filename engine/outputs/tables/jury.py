"""The table `jury`: who may sit the grand oral, who not and why, and when each is heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.model import Referential, State
from engine.model.admission import Admissibility, Admission, Pieces
from engine.model.outcome import ASKED
from engine.model.values import figure
from engine.outputs.tables.column import Column, Field, Table, Type, Value, read_table, text

NAME = "jury"
CONTENT = "Une ligne par candidat : son accès au grand oral, dans l'ordre du registre."
_ROSTER = "registre, feuille Candidats"
_STATES = ", ".join(ASKED)


def jury(admissions: Sequence[Admission], referential: Referential) -> Table:
    """The table; what follows the name of a candidate who left is empty."""
    return read_table(NAME, CONTENT, fields(referential), lambda: admissions)


def fields(referential: Referential) -> Iterator[Field[Admission]]:
    """Its columns, which are those of the sheet `Jury`."""
    yield Field(text("Identifiant", "Identifiant du candidat.", _ROSTER), lambda each: each.candidate.id)
    yield Field(text("Nom", "Nom du candidat.", _ROSTER), lambda each: each.candidate.last_name)
    yield Field(text("Prénom", "Prénom du candidat.", _ROSTER), lambda each: each.candidate.first_name)
    meaning = f"Ce que le dossier permet : {', '.join(Admissibility)}. Aucune décision n'en dépend."
    yield _of(text("Admissibilité", meaning, "règle d'accès au grand oral"), lambda each: str(each.admissibility))
    exam = referential.national_exam
    if exam is not None:
        source = f"national_exam.at_least = {figure(exam.at_least)}"
        yield _state(f"{exam.code} état", exam.title, source, lambda each: each.exam)
    if referential.works:
        source = "fiches TRAVAUX et VALIDATION"
        yield from _pieces("Travaux", "travaux évalués et validés", source, len(referential.works), lambda e: e.works)
    if referential.documents:
        total = len(referential.documents)
        yield from _pieces("Documents", "documents validés", "fiche VALIDATION", total, lambda e: e.documents)
    if exam is not None and exam.requires_plagiarism_check:
        yield _state("Plagiat état", "contrôle du plagiat", "fiche NOTES", lambda each: each.plagiarism)
    yield from _day()
    reasons = "Ce qui manque au dossier, est refusé ou reste à corriger, et qui peut répondre."
    yield _of(text("Motifs", reasons, "règle d'accès au grand oral"), lambda each: " ; ".join(each.reasons))


def _day() -> Iterator[Field[Admission]]:
    """Whether they are convened, and when they are heard."""
    meaning, source = "Oui : convoqué au grand oral.", "admissibilité ; registre, Convocation"
    convened = Column(name="Convocation", type=Type.YES_NO, meaning=meaning, source=source)
    yield _of(convened, lambda each: each.convened)
    meaning, source = "Début du passage, à l'heure de la session ; vide sans créneau publié.", "dernier planning publié"
    passage = Column(name="Passage", type=Type.MOMENT, meaning=meaning, source=source)
    yield _of(passage, lambda each: each.seat.start if each.seat else None)
    yield _of(text("Salle", "Salle du passage.", source), lambda each: each.seat.room if each.seat else None)


def _of(column: Column, read: Callable[[Admission], Value]) -> Field[Admission]:
    """A field that is empty for a candidate who left."""
    return Field(column, lambda each: None if each.admissibility is None else read(each))


def _state(name: str, title: str, source: str, state: Callable[[Admission], State | None]) -> Field[Admission]:
    column = text(name, f"État, {title} : {_STATES}.", source)
    return _of(column, lambda each: None if state(each) is None else str(state(each)))


def _pieces(
    name: str, title: str, source: str, total: int, read: Callable[[Admission], Pieces | None]
) -> Iterator[Field[Admission]]:
    """How many are validated, and what follows."""

    def number(each: Admission) -> Value:
        pieces = read(each)
        return None if pieces is None else pieces.validated

    def state(each: Admission) -> State | None:
        pieces = read(each)
        return None if pieces is None else pieces.state

    meaning = f"Nombre de {title}."
    column = Column(name=name, type=Type.WHOLE, meaning=meaning, unit=f"pièces, sur {total}", source=source)
    yield _of(column, number)
    yield _state(f"{name} état", title, source, state)
