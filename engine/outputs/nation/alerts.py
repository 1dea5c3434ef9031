"""What is unlikely enough to be looked at. An alert asks for harmonisation; it never changes a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, sqrt

LEAST_DECIDED = 5
"""Candidates ADMIS, PARTIEL or AJOURNÉ below which a cohort is too small to say anything."""

UNLIKELY = Fraction(2, 1000)
"""A cohort's probability below which it is looked at."""

LEAST_SHEETS = 10
"""Complete sheets below which a juror marked too few to say anything."""

FAR = 3.0
"""Standard errors from which a juror's mean is looked at."""


def binomial(successes: int, trials: int, rate: Fraction) -> Fraction:
    """The exact two-sided probability of a count: of all counts no likelier than it, at this rate (0 to 1)."""
    yes, no = rate.numerator, rate.denominator - rate.numerator
    weights = [comb(trials, count) * yes**count * no ** (trials - count) for count in range(trials + 1)]
    unlikely = sum(weight for weight in weights if weight <= weights[successes])
    return Fraction(unlikely, rate.denominator**trials)


def of_cohorts(counts: Sequence[tuple[int, int]]) -> list[Fraction | None]:
    """For each cohort's (admitted, decided), its probability at the pooled rate of all the others.

    ``None`` where the cohort is too small, or nobody else was decided.
    """
    admitted, decided = (sum(count) for count in zip(*counts, strict=True)) if counts else (0, 0)
    found: list[Fraction | None] = []
    for mine, all_mine in counts:
        others = decided - all_mine
        enough = all_mine >= LEAST_DECIDED and others > 0
        found.append(binomial(mine, all_mine, Fraction(admitted - mine, others)) if enough else None)
    return found


@dataclass(frozen=True)
class Deviation:
    """A juror's mean total, that of all other jurors, and how many standard errors lie between them (``None``: too few
    sheets, or others that do not vary)."""

    mean: float
    others: float | None
    z: float | None

    @property
    def alert(self) -> bool:
        """Whether it is to be looked at."""
        return self.z is not None and abs(self.z) >= FAR


def of_jurors(totals: Sequence[Sequence[float]]) -> list[Deviation]:
    """Each juror's totals (points, complete sheets only, at least one) against those of all the others.

    The standard error is the others' sample deviation over the square root of the juror's number of sheets.
    """
    sums = [_Sums.of(mine) for mine in totals]
    everybody = sum(sums, _Sums())
    return [_deviation(mine, everybody - mine) for mine in sums]


@dataclass(frozen=True)
class _Sums:
    """How many totals, their sum and that of their squares: exact, so that what one juror adds can be taken away."""

    count: int = 0
    sum: Fraction = Fraction()
    squares: Fraction = Fraction()

    @classmethod
    def of(cls, totals: Sequence[float]) -> _Sums:
        exact = [Fraction(total) for total in totals]
        return cls(len(exact), sum(exact, Fraction()), sum((total * total for total in exact), Fraction()))

    def __add__(self, other: _Sums) -> _Sums:
        return _Sums(self.count + other.count, self.sum + other.sum, self.squares + other.squares)

    def __sub__(self, other: _Sums) -> _Sums:
        return _Sums(self.count - other.count, self.sum - other.sum, self.squares - other.squares)

    @property
    def mean(self) -> Fraction:
        return self.sum / self.count

    @property
    def variance(self) -> Fraction:
        """That of a sample."""
        return (self.squares - self.sum * self.mean) / (self.count - 1) if self.count > 1 else Fraction()


def _deviation(mine: _Sums, others: _Sums) -> Deviation:
    if not others.count:
        return Deviation(float(mine.mean), None, None)
    measurable = mine.count >= LEAST_SHEETS and others.variance > 0
    z = float(mine.mean - others.mean) * sqrt(mine.count / others.variance) if measurable else None
    return Deviation(float(mine.mean), float(others.mean), z)
