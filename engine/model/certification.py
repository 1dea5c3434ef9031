"""The referential: one certification as data, each part a frozen dataclass.

The fields carry the names of the TOML keys they come from, but for those of :data:`engine.model.parts.TOML_KEYS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from engine.model.curriculum import Document, Exam, NationalExam, Unit, UnitRule, Work
from engine.model.parts import Aggregate, Scales
from engine.model.people import ORAL, TRANSVERSAL, Role

if TYPE_CHECKING:
    from engine.model.people import Candidate

_SLOT_MINUTES = 60  # of an oral that does not say how long it is


@dataclass(frozen=True, kw_only=True)
class Certification:
    """What the certification is. ``version`` is stamped on every sheet; ``credits`` is checked against the UEs.

    ``registered_on``: the day it was decided to register it; ``nsf``: codes of its specialities; ``legal_name``: that
    of the certifier. A certificate must bear these three.
    """

    code: str
    title: str
    short_title: str
    level: int
    certifier: str
    version: str
    registration_ends: date | None = None
    credits: int | None = None
    registered_on: date | None = None
    nsf: tuple[str, ...] = ()
    legal_name: str = ""


@dataclass(frozen=True, kw_only=True)
class Competence:
    """One professional competence; demonstrated when its level is at least ``minimum``. No bloc is validated without
    those of its own that are ``mandatory``."""

    code: str
    title: str
    minimum: Decimal
    evidence: tuple[str, ...]
    statement: str = ""
    mandatory: bool = False

    @property
    def shown_title(self) -> str:
        """Its title where minima are shown: whether it is mandatory is told too."""
        return f"{self.title} (obligatoire)" if self.mandatory else self.title


@dataclass(frozen=True, kw_only=True)
class Bloc:
    """A bloc; validated when at least ``required`` of its competences are demonstrated, and the mandatory ones.

    One that has ``at_least`` is validated by a mean instead, when it is at least that and no mark of it is under
    ``floor``: the mean of its exams, and it has no competences; or, where it gives weights (in percent), the mean of
    what each role says of its competences, and of the oral for the jury.
    """

    code: str
    title: str
    required: int = 0
    competences: tuple[Competence, ...] = ()
    at_least: Decimal | None = None
    floor: Decimal | None = None
    trainers_weight: Decimal | None = None
    tutor_weight: Decimal | None = None
    jury_weight: Decimal | None = None

    @property
    def weights(self) -> Mapping[Role, Decimal]:
        """The weight of each role that counts in its mean, in percent; none for a bloc validated another way."""
        given = {Role.TRAINER: self.trainers_weight, Role.TUTOR: self.tutor_weight, Role.JUROR: self.jury_weight}
        return {role: weight for role, weight in given.items() if weight is not None}

    @property
    def mandatory(self) -> tuple[str, ...]:
        """The codes of the competences that it is not validated without."""
        return tuple(competence.code for competence in self.competences if competence.mandatory)


@dataclass(frozen=True, kw_only=True)
class TransversalItem:
    """One transversal competence, rated by jurors on the level scale."""

    code: str
    title: str
    minimum: Decimal


@dataclass(frozen=True, kw_only=True)
class TransversalDomain:
    """A family of transversal competences."""

    title: str
    items: tuple[TransversalItem, ...]


@dataclass(frozen=True, kw_only=True)
class Transversal:
    """The transversal competences: validated when at least ``required`` items reach their minimum."""

    required: int
    domains: tuple[TransversalDomain, ...]

    @property
    def items(self) -> tuple[TransversalItem, ...]:
        """Every item, in the order of the sheet."""
        return tuple(item for domain in self.domains for item in domain.items)


@dataclass(frozen=True, kw_only=True)
class OralItem:
    """One criterion of the grand oral, marked from 0 to ``points``."""

    code: str
    title: str
    points: Decimal


@dataclass(frozen=True, kw_only=True)
class OralSection:
    """A group of criteria of the grand oral."""

    title: str
    items: tuple[OralItem, ...]

    @property
    def points(self) -> Decimal:
        """The section's maximum, in points."""
        return sum((item.points for item in self.items), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class OralStep:
    """One part of the oral's timetable."""

    title: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Oral:
    """The grand oral: validated when the aggregate of the sheets' totals is at least ``at_least`` points."""

    at_least: Decimal
    step: Decimal
    sections: tuple[OralSection, ...]
    duration_minutes: int | None = None
    sequence: tuple[OralStep, ...] = ()

    @property
    def items(self) -> tuple[OralItem, ...]:
        """Every criterion, in the order of the sheet."""
        return tuple(item for section in self.sections for item in section.items)

    @property
    def points(self) -> Decimal:
        """The maximum of the oral, in points (60 for the first certification)."""
        return sum((section.points for section in self.sections), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What the establishment decides: how several opinions become one, and when a gap is worth a warning.

    ``level_worth_zero``: the level that is worth 0 where levels become marks (``None``: level 0).
    """

    competence_from: Aggregate
    transversal_from: Aggregate
    oral_from: Aggregate
    minimum_jurors: int
    rounding: int
    divergence_levels: Decimal
    divergence_points: Decimal
    external_share: Decimal | None = None
    level_worth_zero: Decimal | None = None
    title_requires_ues: bool = False
    show_minima_to_evaluators: bool = False


@dataclass(frozen=True, kw_only=True)
class Referential:
    """One certification as data. A part left out takes its condition, its sheets and its columns with it."""

    certification: Certification
    scales: Scales
    blocs: tuple[Bloc, ...]
    policy: Policy
    transversal: Transversal | None = None
    oral: Oral | None = None
    units: tuple[Unit, ...] = ()
    unit_rule: UnitRule | None = None
    national_exam: NationalExam | None = None
    exams: tuple[Exam, ...] = ()
    works: tuple[Work, ...] = ()
    documents: tuple[Document, ...] = ()
    sources: Mapping[str, str] | None = None
    """What the abbreviations mean that open pieces of evidence and group works (``RA``), in the order of a legend;
    ``None``: nothing is said of them."""

    @cached_property
    def competences(self) -> tuple[Competence, ...]:
        """Every competence, in the order of the blocs."""
        return tuple(competence for bloc in self.blocs for competence in bloc.competences)

    @cached_property
    def rated_blocs(self) -> tuple[Bloc, ...]:
        """The blocs whose competences are rated: those that these validate, by their number or by a mean of roles."""
        return tuple(bloc for bloc in self.blocs if bloc.competences)

    def hears(self, candidate: Candidate) -> bool:
        """Whether a bloc that a candidate presents, and does not hold, rests on the jury's mark."""
        held = {code.casefold() for code in candidate.held_blocs}
        asked = (bloc for bloc in self.blocs if candidate.presents(bloc.code) and bloc.code.casefold() not in held)
        return any(Role.JUROR in bloc.weights for bloc in asked)

    def resting_on(self, code: str) -> tuple[Bloc, ...]:
        """The blocs that rest on a competence, or on an exam: of their mean, or before one of it."""
        return tuple(bloc for bloc in self.blocs if code in self._rests_on[bloc.code])

    @cached_property
    def _rests_on(self) -> Mapping[str, frozenset[str]]:
        found = {bloc.code: {competence.code for competence in bloc.competences} for bloc in self.blocs}
        for bloc in self.blocs:
            found[bloc.code] |= {code for exam in self.exams_of(bloc) for code in (exam.code, exam.after) if code}
        return {code: frozenset(codes) for code, codes in found.items()}

    def exams_of(self, bloc: Bloc) -> tuple[Exam, ...]:
        """The exams that the mean of a bloc is made of."""
        return tuple(exam for exam in self.exams if exam.bloc == bloc.code)

    @cached_property
    def deciding_exams(self) -> frozenset[str]:
        """The codes of the exams that a decision rests on: they count in a mean, or open one that does."""
        counting = [exam for exam in self.exams if exam.bloc]
        return frozenset([*(exam.code for exam in counting), *(exam.after for exam in counting if exam.after)])

    @cached_property
    def column_titles(self) -> Mapping[str, str]:
        """The title of every code that heads a column of NOTES or VALIDATION."""
        exam = (self.national_exam,) if self.national_exam else ()
        return {part.code: part.title for part in (*self.units, *exam, *self.exams, *self.works, *self.documents)}

    @property
    def slot_minutes(self) -> int:
        """How long the jury keeps for each candidate."""
        return (self.oral.duration_minutes if self.oral else None) or _SLOT_MINUTES

    @cached_property
    def keepable(self) -> tuple[str, ...]:
        """The words for the conditions that a candidate may keep from an earlier session, beside blocs."""
        exam = (self.national_exam.code,) if self.national_exam else ()
        jury = ((self.transversal, TRANSVERSAL), (self.oral, ORAL))
        return (*(unit.code for unit in self.units), *exam, *(word for part, word in jury if part is not None))

    @property
    def requires_report(self) -> bool:
        """Whether some UE needs the activity report to be found compliant by the jury."""
        return any(unit.requires_report for unit in self.units)

    @property
    def stamp(self) -> str:
        """The start of every reference of this referential: ``<short title>/<version>``."""
        return f"{self.certification.short_title}/{self.certification.version}"
