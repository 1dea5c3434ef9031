"""What a candidate is marked on and hands in: teaching units, exams, works, documents."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A teaching unit (UE); its ``credits`` are granted when its average is strictly above the UE bar."""

    code: str
    title: str
    credits: int
    requires_report: bool = False


@dataclass(frozen=True, kw_only=True)
class UnitRule:
    """The bar of the UEs: an average equal to ``above`` fails."""

    above: Decimal


@dataclass(frozen=True, kw_only=True)
class Deliverable:
    """One piece of the national exam's file."""

    title: str
    competence: str | None = None
    ue: str | None = None


@dataclass(frozen=True, kw_only=True)
class NationalExam:
    """The national exam: validated when its mark is at least ``at_least``."""

    code: str
    title: str
    at_least: Decimal
    requires_plagiarism_check: bool = False
    deliverables: tuple[Deliverable, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Exam:
    """An examination during the course; recorded and reported when missing.

    It decides nothing, unless it is one of a ``bloc`` that is validated by a mean, where it weighs ``coefficient``. It
    may be sat only ``after`` another exam whose mark is at least ``after_at_least``.
    """

    code: str
    title: str
    ue: str | None = None
    competence: str | None = None
    mode: str | None = None
    duration_minutes: int | None = None
    bloc: str | None = None
    coefficient: Decimal = Decimal(1)
    after: str | None = None
    after_at_least: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class Work:
    """An assessed work, rated by the tutor or a trainer; recorded, never decisive."""

    code: str
    title: str
    competence: str | None = None
    ue: tuple[str, ...] = ()
    file: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True)
class Document:
    """A document the référent checks (sheet VALIDATION)."""

    code: str
    title: str
