"""What a candidate is marked on and hands in: teaching units, exams, works, documents."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from engine.model.parts import Flag, Number, Part, Text, Whole


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
    """An examination during the course; recorded and reported when missing.

    It decides nothing, unless it is one of a ``bloc`` that is validated by a mean, where it weighs ``coefficient``. It
    may be sat only ``after`` another exam whose mark is at least ``after_at_least``.
    """

    code: Text
    title: Text
    ue: Text | None = None
    competence: Text | None = None
    mode: Text | None = None
    duration_minutes: Whole | None = None
    bloc: Text | None = None
    coefficient: Number = Decimal(1)
    after: Text | None = None
    after_at_least: Number | None = None


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
