"""Expressions that count what stands in input cells, in functions shared by Excel 2010 and LibreOffice.

Every count goes through ``COUNTIFS``, which neither errors nor stray text in an input can break. Where a domain has few
enough values they are counted one by one, so that what is off step does not count; else only the bounds are checked.
Numbers stay out of quoted criteria: ``">="&0.5`` means the same in every country, ``">=0.5"`` does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from engine.forms import Domain, Nature
from engine.templates.layout import Band, Grid
from engine.templates.words import YES_NO_WORDS

_MOST_SQUARES = 20
_GAP = "\u00a0\u00a0\u00a0"
_LONGEST_LIST = 400  # signs: a formula holds 8,192, and repeats its lists of values up to some fifteen times
_ANYTHING = '"<>"'

Criterion = tuple[str, str]
"""An area and what its cells must meet, both as they stand in a formula."""


def accepted(domain: Domain, area: str) -> str:
    """How many cells hold something their domain takes."""
    if domain.nature is Nature.YES_NO:
        words = "{" + ",".join(f'"{word}"' for word in YES_NO_WORDS) + "}"
        return f"SUMPRODUCT(COUNTIF({area},{words}))"
    parts = [numbers(domain, area)] + [f'COUNTIF({area},"{state}")' for state in sorted(domain.states)]
    return f"({'+'.join(parts)})"


def numbers(domain: Domain, area: str) -> str:
    """How many cells hold a number of their domain."""
    values = _listed(domain)
    if values:
        return f"SUMPRODUCT(COUNTIFS({_criteria(*_equal(area, values))}))"
    return f"COUNTIFS({_criteria(*_between(area, domain.minimum, domain.maximum))})"


def reaching(domain: Domain, area: str, minima: str, bars: Sequence[Decimal]) -> str:
    """How many cells hold a number of their domain that is at least the minimum of their row, one of ``bars``."""
    values, array = _listed(domain), _array(bars)
    if values:
        return f"SUMPRODUCT(COUNTIFS({_criteria(*_equal(area, values), _compared(minima, '<=', values))}))"
    bounds = (*_between(area, array, domain.maximum), (minima, array))
    return f"SUMPRODUCT(COUNTIFS({_criteria(*bounds)}))"


def points_given(widest: Domain, area: str, maxima: str, bars: Sequence[Decimal], codes: str) -> str:
    """How many cells, on rows that have a code, hold points within the maximum of their row, one of ``bars``.

    ``widest``: the domain of the row that takes most.
    """
    return f"SUMPRODUCT(COUNTIFS({_criteria(*_within(widest, area, maxima, bars), (codes, _ANYTHING))}))"


def points_sum(widest: Domain, area: str, maxima: str, bars: Sequence[Decimal]) -> str:
    """The sum of the points within the maximum of their row."""
    criteria, values = _criteria(*_within(widest, area, maxima, bars)), _listed(widest)
    if values:
        return f"SUMPRODUCT({_array(values)}*COUNTIFS({criteria}))"
    return f"SUMPRODUCT(SUMIFS({area},{criteria}))"


def _within(widest: Domain, area: str, maxima: str, bars: Sequence[Decimal]) -> tuple[Criterion, ...]:
    values, array = _listed(widest), _array(bars)
    if values:
        return (*_equal(area, values), _compared(maxima, ">=", values))
    return (*_between(area, widest.minimum, array), (maxima, array))


def _listed(domain: Domain) -> tuple[Decimal, ...]:
    """The values of a domain, when they are few enough to be counted one by one."""
    values = domain.values
    return values if len(_array(values)) <= _LONGEST_LIST else ()


def _equal(area: str, values: Sequence[Decimal]) -> tuple[Criterion, ...]:
    """Criteria met by these numbers alone: a plain ``3`` would also count the text "3" in Excel, not in LibreOffice."""
    return _compared(area, ">=", values), _compared(area, "<=", values)


def _between(area: str, lowest: object, highest: object) -> tuple[Criterion, ...]:
    return (area, f'">="&{lowest}'), (area, f'"<="&{highest}')


def _compared(area: str, sign: str, values: Sequence[Decimal]) -> Criterion:
    return area, f'"{sign}"&{_array(values)}'


def _criteria(*criteria: Criterion) -> str:
    return ",".join(f"{where},{what}" for where, what in criteria)


def _array(values: Sequence[Decimal]) -> str:
    return "{" + ",".join(f"{value:f}" for value in values) + "}"


def filled(grid: Grid, heading: str, band: Band | None = None) -> str:
    """How many input cells of a column hold anything; the titles' rows are left out."""
    bands = [band] if band else grid.bands
    return f"COUNTA({','.join(grid.column(heading, each) for each in bands)})"


def bar(count: str, total: int) -> str:
    """``■■■□□`` then a gap; an empty text when there would be too many squares."""
    squares = "■" * total + "□" * total
    return f'MID("{squares}",{total}+1-{count},{total})&"{_GAP}"' if total <= _MOST_SQUARES else '""'


def shown_bar(count: int, total: int) -> str:
    """What that shows for a count."""
    return "■" * count + "□" * (total - count) + _GAP if total <= _MOST_SQUARES else ""
