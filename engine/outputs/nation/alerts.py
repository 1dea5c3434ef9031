"""What is unlikely enough to be looked at. An alert asks for harmonisation; it never changes a decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, sqrt
from statistics import fmean, stdev

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
    found = []
    for rank, mine in enumerate(totals):
        others = [total for other, theirs in enumerate(totals) if other != rank for total in theirs]
        mean, elsewhere = fmean(mine), fmean(others) if others else None
        spread = stdev(others) if len(others) > 1 else 0.0
        measurable = len(mine) >= LEAST_SHEETS and elsewhere is not None and spread > 0
        z = (mean - elsewhere) * sqrt(len(mine)) / spread if measurable and elsewhere is not None else None
        found.append(Deviation(mean, elsewhere, z))
    return found
