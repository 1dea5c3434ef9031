"""The nouns every stage shares: the referential, the roster, the decisions. Frozen, and free of any I/O.

Levels, points and marks are ``Decimal``: bars such as 36/60 or 10.00 are compared exactly.
The fields of the referential carry the names of the TOML keys they come from, but for those of ``TOML_KEYS``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, Strict


def _exact(number: Any) -> Any:
    """An int or a Decimal of the TOML file as a Decimal; anything else is left for the type check to refuse."""
    if isinstance(number, int) and not isinstance(number, bool):
        return Decimal(number)
    if isinstance(number, Decimal):
        return number
    raise ValueError("number expected")


# Bounded, so that arithmetic on any valid number stays exact and cheap.
Number = Annotated[Decimal, BeforeValidator(_exact), Field(max_digits=12, decimal_places=6)]
Whole = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Text = Annotated[str, Strict()]
Day = Annotated[date, Strict()]
Aggregate = Literal["mean", "median", "min", "max"]


TOML_KEYS = {
    "blocs": "bloc",
    "units": "ue",
    "unit_rule": "ue_rule",
    "deliverables": "deliverable",
    "exams": "exam",
    "works": "work",
    "documents": "document",
}
"""The fields whose key in the file has another name: ``[[bloc]]`` reads well there, ``blocs`` here."""


def toml_key(field_name: str) -> str:
    """The key of the TOML file that a field of the referential comes from."""
    return TOML_KEYS.get(field_name, field_name)


class _Part:
    """Base of every part of a referential: a key of the file that no field has is an error."""

    __pydantic_config__ = ConfigDict(extra="forbid", alias_generator=toml_key)


# ------------------------------------------------------------------------------------------ referential


@dataclass(frozen=True, kw_only=True)
class Scale(_Part):
    """A scale of values: its bounds, its step (``None``: any decimal) and the wording of some of its values."""

    minimum: Number
    maximum: Number
    step: Number | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> tuple[Decimal, ...]:
        """Every value of a scale that has a step, smallest first (empty without a step)."""
        if self.step is None:
            return ()
        count = int((self.maximum - self.minimum) / self.step)
        return tuple(self.minimum + self.step * index for index in range(count + 1))


@dataclass(frozen=True, kw_only=True)
class Scales(_Part):
    """The scales in use: levels of competence, levels of assessed works, marks (usually out of 20)."""

    level: Scale
    work: Scale | None = None
    mark: Scale | None = None


@dataclass(frozen=True, kw_only=True)
class Certification(_Part):
    """What the certification is. ``version`` is stamped on every sheet; ``credits`` is checked against the UEs."""

    code: Text
    title: Text
    short_title: Text
    level: Whole
    certifier: Text
    version: Text
    registration_ends: Day | None = None
    credits: Whole | None = None


@dataclass(frozen=True, kw_only=True)
class Competence(_Part):
    """One professional competence; demonstrated when its level is at least ``minimum``."""

    code: Text
    title: Text
    minimum: Number
    evidence: tuple[Text, ...]
    statement: Text = ""


@dataclass(frozen=True, kw_only=True)
class Bloc(_Part):
    """A bloc of competences; validated when at least ``required`` of them are demonstrated."""

    code: Text
    title: Text
    required: Whole
    competences: tuple[Competence, ...]


@dataclass(frozen=True, kw_only=True)
class TransversalItem(_Part):
    """One transversal competence, rated by jurors on the level scale."""

    code: Text
    title: Text
    minimum: Number


@dataclass(frozen=True, kw_only=True)
class TransversalDomain(_Part):
    """A family of transversal competences."""

    title: Text
    items: tuple[TransversalItem, ...]


@dataclass(frozen=True, kw_only=True)
class Transversal(_Part):
    """The transversal competences: validated when at least ``required`` items reach their minimum."""

    required: Whole
    domains: tuple[TransversalDomain, ...]

    @property
    def items(self) -> tuple[TransversalItem, ...]:
        """Every item, in the order of the sheet."""
        return tuple(item for domain in self.domains for item in domain.items)


@dataclass(frozen=True, kw_only=True)
class OralItem(_Part):
    """One criterion of the grand oral, marked from 0 to ``points``."""

    code: Text
    title: Text
    points: Number


@dataclass(frozen=True, kw_only=True)
class OralSection(_Part):
    """A group of criteria of the grand oral."""

    title: Text
    items: tuple[OralItem, ...]

    @property
    def points(self) -> Decimal:
        """The section's maximum, in points."""
        return sum((item.points for item in self.items), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class OralStep(_Part):
    """One part of the oral's timetable."""

    title: Text
    minutes: Whole


@dataclass(frozen=True, kw_only=True)
class Oral(_Part):
    """The grand oral: validated when the aggregate of the sheets' totals is at least ``at_least`` points."""

    at_least: Number
    step: Number
    sections: tuple[OralSection, ...]
    duration_minutes: Whole | None = None
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
class Unit(_Part):
    """A teaching unit (UE); its ``credits`` are granted when its average is strictly above the UE bar."""

    code: Text
    title: Text
    credits: Whole
    requires_report: Flag = False


@dataclass(frozen=True, kw_only=True)
class UnitRule(_Part):
    """The bar of the UEs: an average equal to ``above`` fails."""

    above: Number


@dataclass(frozen=True, kw_only=True)
class Deliverable(_Part):
    """One piece of the national exam's file."""

    title: Text
    competence: Text | None = None
    ue: Text | None = None


@dataclass(frozen=True, kw_only=True)
class NationalExam(_Part):
    """The national exam: validated when its mark is at least ``at_least``."""

    code: Text
    title: Text
    at_least: Number
    requires_plagiarism_check: Flag = False
    deliverables: tuple[Deliverable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exam(_Part):
    """A mandatory examination during the course; recorded, reported when missing, never decisive."""

    code: Text
    title: Text
    ue: Text | None = None
    competence: Text | None = None
    mode: Text | None = None
    duration_minutes: Whole | None = None


@dataclass(frozen=True, kw_only=True)
class Work(_Part):
    """An assessed work, rated by the tutor or a trainer; recorded, never decisive."""

    code: Text
    title: Text
    competence: Text | None = None
    ue: tuple[Text, ...] = ()
    file: Text | None = None
    language: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Document(_Part):
    """A document the référent checks (sheet VALIDATION)."""

    code: Text
    title: Text


@dataclass(frozen=True, kw_only=True)
class Policy(_Part):
    """What the establishment decides: how several opinions become one, and when a gap is worth a warning."""

    competence_from: Aggregate
    transversal_from: Aggregate
    oral_from: Aggregate
    minimum_jurors: Whole
    rounding: Whole
    divergence_levels: Number
    divergence_points: Number
    title_requires_ues: Flag = False
    show_minima_to_evaluators: Flag = False


@dataclass(frozen=True, kw_only=True)
class Referential(_Part):
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

    @cached_property
    def competences(self) -> tuple[Competence, ...]:
        """Every competence, in the order of the blocs."""
        return tuple(competence for bloc in self.blocs for competence in bloc.competences)

    @property
    def requires_report(self) -> bool:
        """Whether some UE needs the activity report to be found compliant by the jury."""
        return any(unit.requires_report for unit in self.units)

    @property
    def stamp(self) -> str:
        """The start of every reference of this referential: ``<short title>/<version>``."""
        return f"{self.certification.short_title}/{self.certification.version}"


# --------------------------------------------------------------------------------------------- sheets


class Kind(StrEnum):
    """The kinds of sheet; the value is the word of the reference."""

    GRILLE = "GRILLE"
    TRAVAUX = "TRAVAUX"
    TRANSVERSALE = "TRANSVERSALE"
    ORAL = "ORAL"
    NOTES = "NOTES"
    VALIDATION = "VALIDATION"


# --------------------------------------------------------------------------------------------- roster


class Role(StrEnum):
    """What an evaluator of the roster may be."""

    TUTOR = "Tuteur"
    TRAINER = "Formateur"
    JUROR = "Juré"
    REFERENT = "Référent"
    SECRETARIAT = "Secrétariat"


@dataclass(frozen=True, kw_only=True)
class Evaluator:
    """A person of the roster's sheet `Évaluateurs`."""

    id: str
    last_name: str
    first_name: str
    roles: frozenset[Role]
    email: str = ""

    @property
    def name(self) -> str:
        """The name as shown on sheets: ``BENALI Karim``."""
        return shown_name(self.last_name, self.first_name)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person of the roster's sheet `Candidats`; evaluators are identifiers, in the roster's order."""

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

    @property
    def name(self) -> str:
        """The name as shown on sheets: ``LEFÈVRE Éloïse``."""
        return shown_name(self.last_name, self.first_name)


@dataclass(frozen=True, kw_only=True)
class Session:
    """The roster's sheet `Session`."""

    referential: str = "cgco_rncp34465"
    cohort: str = ""
    centre: str = ""
    session: str = ""
    jury_date: date | None = None
    president: str = ""
    signature_required: bool = False


@dataclass(frozen=True, kw_only=True)
class Roster:
    """The whole of ``cohorte.xlsx``. Identifiers are compared without regard to case."""

    session: Session
    candidates: tuple[Candidate, ...]
    evaluators: tuple[Evaluator, ...]

    def candidate(self, identifier: str) -> Candidate | None:
        """The candidate of this identifier, or ``None``."""
        return self._candidates.get(identifier.casefold())

    def evaluator(self, identifier: str) -> Evaluator | None:
        """The evaluator of this identifier, or ``None``."""
        return self._evaluators.get(identifier.casefold())

    def with_role(self, role: Role) -> tuple[Evaluator, ...]:
        """The evaluators who have this role, in the roster's order."""
        return tuple(evaluator for evaluator in self.evaluators if role in evaluator.roles)

    @cached_property
    def _candidates(self) -> dict[str, Candidate]:
        return {candidate.id.casefold(): candidate for candidate in self.candidates}

    @cached_property
    def _evaluators(self) -> dict[str, Evaluator]:
        return {evaluator.id.casefold(): evaluator for evaluator in self.evaluators}


def shown_name(last_name: str, first_name: str) -> str:
    """``NOM Prénom``, as the sheets show it."""
    return f"{last_name.upper()} {first_name}".strip()


# ------------------------------------------------------------------------------------------- outcomes


class State(StrEnum):
    """A condition, three-valued."""

    VALIDATED = "Validé"
    FAILED = "Non validé"
    PENDING = "En attente"


class Decision(StrEnum):
    """What is decided for a candidate."""

    ADMITTED = "ADMIS"
    PARTIAL = "PARTIEL"
    REFUSED = "AJOURNÉ"
    PENDING = "EN ATTENTE"
    LEFT = "SORTI"


@dataclass(frozen=True, kw_only=True)
class Level:
    """One item's aggregated value: ``value`` is ``None`` when nobody rated it or when it is pending.

    ``pending`` is true when a blocking anomaly excluded one of the values it would rest on.
    """

    value: Decimal | None
    minimum: Decimal
    pending: bool = False

    @property
    def demonstrated(self) -> bool:
        """Whether the item is known to reach its minimum."""
        return self.value is not None and not self.pending and self.value >= self.minimum

    @property
    def missing(self) -> bool:
        """Whether the item could still be demonstrated once its value is known."""
        return self.pending or self.value is None


@dataclass(frozen=True, kw_only=True)
class Count:
    """A bloc or the transversal competences: how many are demonstrated, out of how many, and what follows."""

    demonstrated: int
    missing: int
    total: int
    required: int
    state: State
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A mark and its condition. ``value`` is the exact mark; ``code`` is ``ABS`` or ``DISP`` when that was declared;
    ``unreadable`` when a blocking anomaly excluded what was typed."""

    value: Decimal | None
    code: str
    state: State
    unreadable: bool = False


@dataclass(frozen=True, kw_only=True)
class OralOutcome:
    """The grand oral. ``value`` (points) is the rounded aggregate, only when points settled the state.

    ``absences``: the jurors whose sheet says ``ABS``; ``absent`` when they are enough to settle the oral.
    ``items`` and ``sections`` are means over the complete sheets, for reading only; ``totals`` maps each juror
    whose sheet is complete to the total of that sheet.
    """

    value: Decimal | None
    state: State
    absent: bool
    conflict: bool
    items: Mapping[str, Decimal]
    sections: tuple[Decimal | None, ...]
    totals: Mapping[str, Decimal]
    incomplete: tuple[str, ...]
    absences: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """Everything decided for one candidate; parts the referential leaves out are empty or ``None``."""

    candidate: Candidate
    decision: Decision
    provisional: bool
    levels: Mapping[str, Level]
    blocs: Mapping[str, Count]
    transversal_levels: Mapping[str, Level]
    transversal: Count | None
    oral: OralOutcome | None
    exam: Mark | None
    units: Mapping[str, Mark]
    unit_state: State | None
    report: State | None
    credits: int
    reasons: tuple[str, ...]

    @property
    def acquired(self) -> tuple[str, ...]:
        """The codes of the blocs validated or held, in the referential's order."""
        return tuple(code for code, bloc in self.blocs.items() if bloc.state is State.VALIDATED)


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a consolidation was made of, for the headings of the results workbook."""

    made_at: datetime
    program_version: str
    returns: int = 0


def conditions(outcome: Outcome, *, with_units: bool) -> Iterator[State]:
    """The conditions of the title, in the order of the rules; ``with_units`` follows ``policy.title_requires_ues``."""
    yield from (bloc.state for bloc in outcome.blocs.values())
    if outcome.transversal is not None:
        yield outcome.transversal.state
    if outcome.oral is not None:
        yield outcome.oral.state
    if outcome.exam is not None:
        yield outcome.exam.state
    if with_units and outcome.unit_state is not None:
        yield outcome.unit_state
