"""Expressions that count what stands in input cells, in functions shared by Excel 2010 and LibreOffice.

Every count goes through ``COUNTIFS``, which neither errors nor stray text in an input can break.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from engine.forms import Domain, Nature
from engine.templates.layout import Band, Grid
from engine.templates.words import YES_NO_WORDS

_MOST_SQUARES = 20
_GAP = "\u00a0\u00a0\u00a0"

Criterion = tuple[str, str]
"""An area and what its cells must meet, both as they stand in a formula."""
_ANYTHING = '"<>"'


def accepted(domain: Domain, area: str) -> str:
    """How many cells hold something their domain takes."""
    if domain.nature is Nature.YES_NO:
        words = "{" + ",".join(f'"{word}"' for word in YES_NO_WORDS) + "}"
        return f"SUMPRODUCT(COUNTIF({area},{words}))"
    parts = [numbers(domain, area)] + [f'COUNTIF({area},"{state}")' for state in sorted(domain.states)]
    return f"({'+'.join(parts)})"


def numbers(domain: Domain, area: str) -> str:
    """How many cells hold a number of their domain."""
    if domain.step is None:
        return f'COUNTIFS({area},">={domain.minimum:f}",{area},"<={domain.maximum:f}")'
    return f"SUMPRODUCT({_matching(area, domain.values)})"


def reaching(domain: Domain, area: str, minima: str) -> str:
    """How many cells hold a number of their domain that is at least the minimum of their row."""
    return f"SUMPRODUCT({_matching(area, domain.values, _each(minima, '<=', domain.values))})"


def points_given(values: Sequence[Decimal], area: str, maxima: str, codes: str) -> str:
    """How many cells, on rows that have a code, hold one of these values within the maximum of their row."""
    return f"SUMPRODUCT({_matching(area, values, _each(maxima, '>=', values), (codes, _ANYTHING))})"


def points_sum(values: Sequence[Decimal], area: str, maxima: str) -> str:
    """The sum of the cells that hold one of these values within the maximum of their row."""
    return f"SUMPRODUCT({_array(values)}*{_matching(area, values, _each(maxima, '>=', values))})"


def _matching(area: str, values: Sequence[Decimal], *others: Criterion) -> str:
    """For each value, how many cells hold it as a number and meet the other criteria.

    A plain criterion ``3`` would also count the text "3" in Excel, and not in LibreOffice.
    """
    criteria = (_each(area, ">=", values), _each(area, "<=", values), *others)
    return "COUNTIFS(" + ",".join(f"{where},{what}" for where, what in criteria) + ")"


def _each(area: str, sign: str, values: Sequence[Decimal]) -> Criterion:
    return area, f'"{sign}"&{_array(values)}'


def _array(values: Sequence[Decimal]) -> str:
    return "{" + ",".join(f"{value:f}" for value in values) + "}"


def filled(grid: Grid, heading: str, band: Band | None = None) -> str:
    """How many input cells of a column hold anything; the titles' rows are left out."""
    bands = [band] if band else grid.bands
    return f"COUNTA({','.join(grid.column(heading, each) for each in bands)})"


def bar(count: str, total: int) -> str:
    """``■■■□□`` then a gap; an empty text when there would be too many squares."""
    return f'REPT("■",{count})&REPT("□",{total}-{count})&"{_GAP}"' if total <= _MOST_SQUARES else '""'


def empty_bar(total: int) -> str:
    """The same, while nothing is counted."""
    return "□" * total + _GAP if total <= _MOST_SQUARES else ""
