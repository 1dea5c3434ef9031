"""The roster: the people of a cohort, and who evaluates whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from engine import REFERENTIAL
from engine.model.sittings import Passage, Sitting
from engine.model.spans import Span
from engine.model.texts import counted

TRANSVERSAL, ORAL = "TRANSVERSALES", "ORAL"
"""What stands for the transversal competences and for the grand oral among what a candidate keeps."""


class Role(StrEnum):
    """What an evaluator of the roster may be."""

    TUTOR = "Tuteur"
    TRAINER = "Formateur"
    JUROR = "Juré"
    REFERENT = "Référent"
    SECRETARIAT = "Secrétariat"


@dataclass(frozen=True, kw_only=True)
class Evaluator:
    """A person of the roster's sheet `Évaluateurs`; ``quality`` and ``organisation``: as the jury's record shows them;
    ``external``: neither of the certifier nor of the centre (``None``: the roster does not say)."""

    id: str
    last_name: str
    first_name: str
    roles: frozenset[Role]
    email: str = ""
    quality: str = ""
    organisation: str = ""
    external: bool | None = None

    @property
    def name(self) -> str:
        """The name as shown on sheets: ``BENALI Karim``."""
        return shown_name(self.last_name, self.first_name)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person of the roster's sheet `Candidats`; evaluators are identifiers, in the roster's order.

    ``convened``: whether to sit the grand oral whatever their file says (``None``: their file says). ``passage``: when
    they are to be heard. ``kept``: what is held from an earlier session beside blocs, as typed. ``presented``: the only
    blocs that are presented, all of them when there is none.
    """

    id: str
    last_name: str
    first_name: str
    email: str = ""
    company: str = ""
    tutors: tuple[str, ...] = ()
    trainers: tuple[str, ...] = ()
    jurors: tuple[str, ...] = ()
    held_blocs: tuple[str, ...] = ()
    dropped_out: bool = False
    convened: bool | None = None
    passage: Passage | None = None
    kept: tuple[str, ...] = ()
    presented: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name as shown on sheets: ``LEFÈVRE Éloïse``."""
        return shown_name(self.last_name, self.first_name)

    def keeps(self, condition: str) -> bool:
        """Whether a condition (the code of a UE or of the exam, :data:`TRANSVERSAL`, :data:`ORAL`) is held from an
        earlier session."""
        return condition.casefold() in (each.casefold() for each in self.kept)

    def presents(self, bloc: str) -> bool:
        """Whether a bloc is presented at this session, or held already."""
        asked = (*self.presented, *self.held_blocs)
        return not self.presented or bloc.casefold() in (each.casefold() for each in asked)

    @property
    def may_be_heard(self) -> bool:
        """Whether the grand oral is open to them at all, whatever their file."""
        return not self.dropped_out and self.convened is not False

    def assigned(self, role: Role) -> tuple[str, ...]:
        """The identifiers of those who assess this candidate in this quality."""
        return {Role.TUTOR: self.tutors, Role.TRAINER: self.trainers, Role.JUROR: self.jurors}.get(role, ())


@dataclass(frozen=True, kw_only=True)
class Session:
    """The roster's sheet `Session`; ``retention``: how long what no longer counts is kept; ``deadline``: the day until
    which nobody is late; ``place``: where the jury sits, ``time_zone``: whose hours those of the sittings are;
    ``statements``: the file of the registered wordings, ``""`` for none."""

    referential: str = REFERENTIAL
    cohort: str = ""
    centre: str = ""
    session: str = ""
    jury_date: date | None = None
    deadline: date | None = None
    president: str = ""
    place: str = ""
    time_zone: str = "Europe/Paris"
    certifier_email: str = ""
    signature_required: bool = False
    retention: Span | None = None
    statements: str = ""

    @property
    def title(self) -> str:
        """``Promotion des Tilleuls, CFA de Lyon, juin 2025``; without what the roster leaves blank."""
        return ", ".join(filter(None, (self.cohort, self.centre, self.session)))

    @property
    def short_title(self) -> str:
        """The same without the centre, for those who know it."""
        return ", ".join(filter(None, (self.cohort, self.session)))


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The whole of ``cohorte.xlsx``. Identifiers are compared without regard to case.

    ``statements``: the registered wordings of the file that it names, by code of competence.
    """

    session: Session
    candidates: tuple[Candidate, ...]
    evaluators: tuple[Evaluator, ...]
    sittings: tuple[Sitting, ...] = ()
    statements: Mapping[str, str] = field(default_factory=dict)

    @property
    def counts(self) -> str:
        """``16 candidats, 1 évaluateur``."""
        candidates = counted(len(self.candidates), "candidat", "candidats")
        return f"{candidates}, {counted(len(self.evaluators), 'évaluateur', 'évaluateurs')}"

    def candidate(self, identifier: str) -> Candidate | None:
        """The candidate of this identifier, or ``None``."""
        return self._candidates.get(identifier.casefold())

    def evaluator(self, identifier: str) -> Evaluator | None:
        """The evaluator of this identifier, or ``None``."""
        return self._evaluators.get(identifier.casefold())

    def with_role(self, role: Role) -> tuple[Evaluator, ...]:
        """The evaluators who have this role, in the roster's order."""
        return self._by_role[role]

    @cached_property
    def _candidates(self) -> dict[str, Candidate]:
        return {candidate.id.casefold(): candidate for candidate in self.candidates}

    @cached_property
    def _evaluators(self) -> dict[str, Evaluator]:
        return {evaluator.id.casefold(): evaluator for evaluator in self.evaluators}

    @cached_property
    def _by_role(self) -> dict[Role, tuple[Evaluator, ...]]:
        return {role: tuple(person for person in self.evaluators if role in person.roles) for role in Role}


def shown_name(last_name: str, first_name: str) -> str:
    """``NOM Prénom``, as the sheets show it."""
    return f"{last_name.upper()} {first_name}".strip()
