"""Files to admissibility: who may sit the grand oral, and what is lacking to those who may not. It decides nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from engine.jury.bonds import bonds
from engine.model import ORAL, Candidate, Kind, Outcome, Referential, Role, Roster, State
from engine.model.admission import Admissibility, Admission, Pieces
from engine.model.forms import PLAGIARISM
from engine.model.marks import LEVEL_INPUT
from engine.model.tables import EXCLUDED, VALUE
from engine.model.unfolding import ByCandidate
from engine.model.values import and_list, figure

if TYPE_CHECKING:
    import pandas as pd

_SECRETARIAT = "secrétariat"
_UNKNOWN = ""
"""Stands for an answer that could not be read."""


@dataclass
class _File:
    """What was said of one candidate: by code, the answers; the works that somebody rated, or tried to."""

    answers: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    rated: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)

    def answer(self, code: str) -> str | None:
        """`Non` prevails; beside an answer that cannot be read nothing else is sure; ``None``: nobody answered."""
        given = self.answers.get(code, set())
        return next((word for word in ("Non", _UNKNOWN, "Oui") if word in given), None)


def admit(
    marks: pd.DataFrame, outcomes: Sequence[Outcome], roster: Roster, referential: Referential
) -> tuple[Admission, ...]:
    """The admission of every candidate, in the order of the outcomes; none where the certification has no oral.

    ``marks``: the table of :data:`engine.model.tables.MARKS`, holding only sheets that count.
    """
    if referential.oral is None:
        return ()
    kinds = [str(kind) for kind in (Kind.NOTES, Kind.VALIDATION, Kind.TRAVAUX)]
    chosen = marks["kind"].isin(kinds) & marks["state"].isin([VALUE, EXCLUDED])
    said = ByCandidate(marks, chosen, ("kind", "input", "code", "state", "value"))
    return tuple(_admission(each, _file(said.of(each.candidate.id)), roster, referential) for each in outcomes)


def _file(said: Iterator[tuple[Any, ...]]) -> _File:
    """The file of a candidate from what was said of it: kind, input, code, state and value of each mark."""
    found = _File()
    for kind, entry, code, state, value in said:
        if kind != Kind.TRAVAUX:
            found.answers[code].add(str(value) if state == VALUE else _UNKNOWN)
        elif entry == LEVEL_INPUT:
            (found.rated if state == VALUE else found.unreadable).add(code)
    return found


def _admission(outcome: Outcome, file: _File, roster: Roster, referential: Referential) -> Admission:
    candidate = outcome.candidate
    if candidate.dropped_out:
        return Admission(candidate=candidate, admissibility=None)
    if outcome.only_blocs and not referential.hears(candidate) and not candidate.keeps(ORAL):
        lacks = ("ne présente que des blocs",)
        return Admission(candidate=candidate, admissibility=Admissibility.NOT_PRESENTED, lacks=lacks)
    rated = referential.scales.work is not None
    works = [work.code for work in referential.works]
    documents = [document.code for document in referential.documents]
    checked = bool(referential.national_exam and referential.national_exam.requires_plagiarism_check)
    plagiarism = _state(file.answer(PLAGIARISM)) if checked else None
    exam = outcome.exam.state if outcome.exam is not None else None
    lacks = (
        *(_about_plagiarism(file) if plagiarism not in (None, State.VALIDATED) else ()),
        *(_unrated(works, file, candidate) if rated else ()),
        *_unanswered(works, file, roster, "travail", "travaux"),
        *_unanswered(documents, file, roster, "document", "documents"),
    )
    return Admission(
        candidate=candidate,
        admissibility=_admissibility(candidate, exam, lacks),
        exam=exam,
        works=_pieces(works, file, file.rated if rated else works) if works else None,
        documents=_pieces(documents, file, documents) if documents else None,
        plagiarism=plagiarism,
        lacks=lacks,
        exam_lacks=_about_the_exam(outcome, referential),
        bonds=bonds(candidate, candidate.jurors, roster),
    )


def _admissibility(candidate: Candidate, exam: State | None, lacks: Collection[str]) -> Admissibility:
    if candidate.keeps(ORAL):
        return Admissibility.EXEMPT
    if exam is State.FAILED:
        return Admissibility.REFUSED
    return Admissibility.INCOMPLETE if lacks or exam is State.PENDING else Admissibility.ADMISSIBLE


def _state(answer: str | None) -> State:
    return {"Oui": State.VALIDATED, "Non": State.FAILED}.get(answer or "", State.PENDING)


def _pieces(codes: Sequence[str], file: _File, rated: Collection[str]) -> Pieces:
    states = [_state(file.answer(code)) for code in codes]
    validated = sum(state is State.VALIDATED and code in rated for code, state in zip(codes, states, strict=True))
    if State.FAILED in states:
        return Pieces(validated=validated, state=State.FAILED)
    return Pieces(validated=validated, state=State.VALIDATED if validated == len(codes) else State.PENDING)


# ------------------------------------------------------------------------------------------ what is lacking


def _about_the_exam(outcome: Outcome, referential: Referential) -> str:
    exam, mark = referential.national_exam, outcome.exam
    if exam is None or mark is None or mark.state is State.VALIDATED:
        return ""
    if mark.state is State.PENDING:
        return f"{exam.code} : note {'à corriger' if mark.unreadable else 'attendue'} ({_SECRETARIAT})"
    if mark.value is None:
        return f"{exam.code} : absence"
    return f"{exam.code} : {figure(mark.value)}, il faut {figure(exam.at_least)}"


def _about_plagiarism(file: _File) -> Iterator[str]:
    words = {None: "sans réponse", _UNKNOWN: "à corriger"}
    answer = file.answer(PLAGIARISM)
    yield f"« {PLAGIARISM} » : {words.get(answer, str(answer))} ({_SECRETARIAT})"


def _unrated(works: Sequence[str], file: _File, candidate: Candidate) -> Iterator[str]:
    raters = (("tuteur", candidate.tutors), ("formateur", candidate.trainers))
    asked = ", ".join(_many(role, people) for role, people in raters if people) or "personne n'est désigné au registre"
    missing = [code for code in works if code not in file.rated]
    spoiled = [code for code in missing if code in file.unreadable]
    silent = [code for code in missing if code not in file.unreadable]
    yield from _told(silent, "travail que personne n'a évalué", "travaux que personne n'a évalués", asked)
    yield from _told(spoiled, "travail à l'évaluation illisible", "travaux à l'évaluation illisible", asked)


def _unanswered(codes: Sequence[str], file: _File, roster: Roster, one: str, several: str) -> Iterator[str]:
    """Phrases on the pieces that the référents refused, answered unreadably, or did not answer for."""
    referents = [each.id for each in roster.with_role(Role.REFERENT)]
    asked = _many("référent", referents) if referents else "aucun référent au registre"
    kinds: tuple[tuple[str | None, str, str], ...] = (
        ("Non", "refusé", "refusés"),
        (_UNKNOWN, "à la réponse illisible", "à la réponse illisible"),
        (None, "sans réponse", "sans réponse"),
    )
    answers = {code: file.answer(code) for code in codes}
    for answer, singular, plural in kinds:
        found = [code for code in codes if answers[code] == answer]
        yield from _told(found, f"{one} {singular}", f"{several} {plural}", asked)


def _told(codes: Sequence[str], one: str, several: str, asked: str) -> Iterator[str]:
    """``travaux refusés : RA1 et RA2 (référent R01)``; nothing for no code."""
    if codes:
        yield f"{several if len(codes) > 1 else one} : {and_list(codes)} ({asked})"


def _many(role: str, people: Sequence[str]) -> str:
    return f"{role}s {and_list(people)}" if len(people) > 1 else f"{role} {people[0]}"
