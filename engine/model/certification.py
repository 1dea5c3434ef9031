"""The referential: one certification as data, each part a frozen dataclass.

The fields carry the names of the TOML keys they come from, but for those of :data:`TOML_KEYS`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, Strict

from engine.model.people import ORAL, TRANSVERSAL


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


_SLOT_MINUTES = 60  # of an oral that does not say how long it is

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


class Part:
    """Base of every part of a referential: a key of the file that no field has is an error."""

    __pydantic_config__ = ConfigDict(extra="forbid", alias_generator=toml_key)


@dataclass(frozen=True, kw_only=True)
class Scale(Part):
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
class Scales(Part):
    """The scales in use: levels of competence, levels of assessed works, marks (usually out of 20)."""

    level: Scale
    work: Scale | None = None
    mark: Scale | None = None


@dataclass(frozen=True, kw_only=True)
class Certification(Part):
    """What the certification is. ``version`` is stamped on every sheet; ``credits`` is checked against the UEs.

    ``registered_on``: the day it was decided to register it; ``nsf``: codes of its specialities; ``legal_name``: that
    of the certifier. A certificate must bear these three.
    """

    code: Text
    title: Text
    short_title: Text
    level: Whole
    certifier: Text
    version: Text
    registration_ends: Day | None = None
    credits: Whole | None = None
    registered_on: Day | None = None
    nsf: tuple[Text, ...] = ()
    legal_name: Text = ""


@dataclass(frozen=True, kw_only=True)
class Competence(Part):
    """One professional competence; demonstrated when its level is at least ``minimum``."""

    code: Text
    title: Text
    minimum: Number
    evidence: tuple[Text, ...]
    statement: Text = ""


@dataclass(frozen=True, kw_only=True)
class Bloc(Part):
    """A bloc of competences; validated when at least ``required`` of them are demonstrated."""

    code: Text
    title: Text
    required: Whole
    competences: tuple[Competence, ...]


@dataclass(frozen=True, kw_only=True)
class TransversalItem(Part):
    """One transversal competence, rated by jurors on the level scale."""

    code: Text
    title: Text
    minimum: Number


@dataclass(frozen=True, kw_only=True)
class TransversalDomain(Part):
    """A family of transversal competences."""

    title: Text
    items: tuple[TransversalItem, ...]


@dataclass(frozen=True, kw_only=True)
class Transversal(Part):
    """The transversal competences: validated when at least ``required`` items reach their minimum."""

    required: Whole
    domains: tuple[TransversalDomain, ...]

    @property
    def items(self) -> tuple[TransversalItem, ...]:
        """Every item, in the order of the sheet."""
        return tuple(item for domain in self.domains for item in domain.items)


@dataclass(frozen=True, kw_only=True)
class OralItem(Part):
    """One criterion of the grand oral, marked from 0 to ``points``."""

    code: Text
    title: Text
    points: Number


@dataclass(frozen=True, kw_only=True)
class OralSection(Part):
    """A group of criteria of the grand oral."""

    title: Text
    items: tuple[OralItem, ...]

    @property
    def points(self) -> Decimal:
        """The section's maximum, in points."""
        return sum((item.points for item in self.items), Decimal(0))


@dataclass(frozen=True, kw_only=True)
class OralStep(Part):
    """One part of the oral's timetable."""

    title: Text
    minutes: Whole


@dataclass(frozen=True, kw_only=True)
class Oral(Part):
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
class Unit(Part):
    """A teaching unit (UE); its ``credits`` are granted when its average is strictly above the UE bar."""

    code: Text
    title: Text
    credits: Whole
    requires_report: Flag = False


@dataclass(frozen=True, kw_only=True)
class UnitRule(Part):
    """The bar of the UEs: an average equal to ``above`` fails."""

    above: Number


@dataclass(frozen=True, kw_only=True)
class Deliverable(Part):
    """One piece of the national exam's file."""

    title: Text
    competence: Text | None = None
    ue: Text | None = None


@dataclass(frozen=True, kw_only=True)
class NationalExam(Part):
    """The national exam: validated when its mark is at least ``at_least``."""

    code: Text
    title: Text
    at_least: Number
    requires_plagiarism_check: Flag = False
    deliverables: tuple[Deliverable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exam(Part):
    """A mandatory examination during the course; recorded, reported when missing, never decisive."""

    code: Text
    title: Text
    ue: Text | None = None
    competence: Text | None = None
    mode: Text | None = None
    duration_minutes: Whole | None = None


@dataclass(frozen=True, kw_only=True)
class Work(Part):
    """An assessed work, rated by the tutor or a trainer; recorded, never decisive."""

    code: Text
    title: Text
    competence: Text | None = None
    ue: tuple[Text, ...] = ()
    file: Text | None = None
    language: Text | None = None


@dataclass(frozen=True, kw_only=True)
class Document(Part):
    """A document the référent checks (sheet VALIDATION)."""

    code: Text
    title: Text


@dataclass(frozen=True, kw_only=True)
class Policy(Part):
    """What the establishment decides: how several opinions become one, and when a gap is worth a warning."""

    competence_from: Aggregate
    transversal_from: Aggregate
    oral_from: Aggregate
    minimum_jurors: Whole
    rounding: Whole
    divergence_levels: Number
    divergence_points: Number
    external_share: Number | None = None
    title_requires_ues: Flag = False
    show_minima_to_evaluators: Flag = False


@dataclass(frozen=True, kw_only=True)
class Referential(Part):
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
        """What a candidate may keep from an earlier session, beside blocs."""
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
