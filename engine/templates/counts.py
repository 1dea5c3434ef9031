"""Expressions that count what stands in input cells, in functions that every spreadsheet program shares.

Every count goes through ``COUNTIFS``, which neither errors nor stray text in an input can break. Where a domain has few
enough values they are counted one by one, so that what is off step does not count; else only the bounds are checked.
Letters are counted one by one, for no order of texts is that of a scale.
Each count is a plain sum: a list of values as one criterion would rest on arrays that a program may not unfold.
Numbers stay out of quoted criteria: ``">="&0.5`` means the same in every country, ``">=0.5"`` does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from engine.model.forms import Domain, Nature
from engine.model.wording import YES_NO_WORDS
from engine.templates.layout import Band, Grid

_MOST_SQUARES = 20
_GAP = "\u00a0\u00a0\u00a0"
_LONGEST = 1_250  # signs of a sum: a formula holds 8,192, and repeats its counts up to six times
_LONGEST_OF_POINTS = 2_600  # the same for points, repeated up to three times
_LONGEST_OF_ROWS = 1_200  # the same for what is asked of some rows, each with its own count, twice
MOST_SIGNS = 8_192
"""What a formula may hold."""
_ANYTHING = '"<>"'

Bar = Decimal | str
"""The least level: a number, or a letter."""

Criterion = tuple[str, str]
"""An area and what its cells must meet, both as they stand in a formula."""


def accepted(domain: Domain, area: str) -> str:
    """How many cells hold something their domain takes."""
    listed: dict[Nature, Sequence[str]] = {Nature.YES_NO: YES_NO_WORDS, Nature.CHOICE: domain.choices}
    listed[Nature.LETTER] = (*domain.choices, *sorted(domain.states))
    words = listed.get(domain.nature, sorted(domain.states))
    parts = [f'COUNTIF({area},"{word}")' for word in words]
    if domain.nature not in listed:
        parts.insert(0, numbers(domain, area))
    return f"({'+'.join(parts)})"


def numbers(domain: Domain, area: str) -> str:
    """How many cells hold a number, or a letter, of their domain."""
    if domain.nature is Nature.LETTER:
        return letters(domain.choices, area)
    one_by_one = _sum(_counted(_equal(area, value)) for value in domain.values)
    return _first_short(one_by_one, _counted(_between(area, domain.minimum, domain.maximum)))


def reaching(domain: Domain, area: str, minima: str, bars: Sequence[Bar]) -> str:
    """How many cells hold a level of their domain that is at least the minimum of their row, one of ``bars``."""
    if domain.nature is Nature.LETTER:
        pairs = ((bar, letter) for bar in bars for letter in domain.at_least(bar))
        return _sum(_counted(((minima, f'"{bar}"'), (area, f'"{letter}"'))) for bar, letter in pairs)
    one_by_one = _sum(_counted((*_equal(area, value), _compared(minima, "<=", value))) for value in domain.values)
    figures = [bar for bar in bars if isinstance(bar, Decimal)]
    by_bar = _sum(_counted((*_between(area, bar, domain.maximum), (minima, f"{bar:f}"))) for bar in figures)
    return _first_short(one_by_one, by_bar)


def at_least(domain: Domain, area: str, bar: Bar, rows: int) -> str:
    """How many cells hold a level of their domain that is at least ``bar``; one of ``rows`` counts of a formula."""
    if isinstance(bar, str):
        return letters(domain.at_least(bar), area)
    one_by_one = _sum(_counted(_equal(area, value)) for value in domain.values if value >= bar)
    return _first_short(one_by_one, _counted(_between(area, bar, domain.maximum)), _LONGEST_OF_ROWS // rows)


def under(domain: Domain, area: str, bar: Bar, rows: int) -> str:
    """How many hold one that is under it."""
    if isinstance(bar, str):
        return letters(domain.under(bar), area)
    one_by_one = _sum(_counted(_equal(area, value)) for value in domain.values if value < bar)
    lowest = (_compared(area, ">=", domain.minimum), _compared(area, "<", bar))
    return _first_short(one_by_one, _counted(lowest), _LONGEST_OF_ROWS // rows)


def letters(some: Iterable[str], area: str) -> str:
    """How many cells hold one of some letters, small or capital; none where there are none."""
    return _sum(f'COUNTIF({area},"{letter}")' for letter in some) or "0"


def demonstrated(level: Domain, levels: str, computed: str, minima: str, bars: Sequence[Decimal]) -> str:
    """How many rows reach their minimum, one of ``bars``, by the level that is typed, else by the computed one."""
    typed = _between(levels, level.minimum, level.maximum)
    terms = []
    for bar in bars:
        row, reached = (minima, f"{bar:f}"), _compared(computed, ">=", bar)
        terms.append(_counted((row, *_between(levels, bar, level.maximum))))
        terms.append(f"{_counted((row, reached))}-{_counted((row, reached, *typed))}")
    return _sum(terms)


def known(level: Domain, levels: str, computed: str) -> str:
    """How many rows have a level, typed or computed."""
    typed, figure = _between(levels, level.minimum, level.maximum), _between(computed, level.minimum, level.maximum)
    return f"({_counted(typed)}+{_counted(figure)}-{_counted((*typed, *figure))})"


def points_given(widest: Domain, area: str, maxima: str, bars: Sequence[Decimal], codes: str) -> str:
    """How many cells, on rows that have a code, hold points within the maximum of their row, one of ``bars``.

    ``widest``: the domain of the row that takes most.
    """
    coded = (codes, _ANYTHING)
    one_by_one = _sum(_counted((*_points(area, maxima, value), coded)) for value in widest.values)
    by_bar = _sum(_counted((*_within(widest, area, maxima, bar), coded)) for bar in bars)
    return _first_short(one_by_one, by_bar, _LONGEST_OF_POINTS)


def points_sum(widest: Domain, area: str, maxima: str, bars: Sequence[Decimal]) -> str:
    """The sum of the points within the maximum of their row."""
    one_by_one = _sum(f"{value:f}*{_counted(_points(area, maxima, value))}" for value in widest.values if value)
    by_bar = _sum(f"SUMIFS({area},{_criteria(_within(widest, area, maxima, bar))})" for bar in bars)
    return _first_short(one_by_one, by_bar, _LONGEST_OF_POINTS)


def _sum(terms: Iterable[str]) -> str:
    """Terms added up, in brackets where there are several."""
    parts = list(terms)
    return f"({'+'.join(parts)})" if len(parts) > 1 else "".join(parts)


def _first_short(one_by_one: str, otherwise: str, longest: int = _LONGEST) -> str:
    """The exact count, where there is one that a formula can hold."""
    return one_by_one if 0 < len(one_by_one) <= longest else otherwise


def _counted(criteria: Iterable[Criterion]) -> str:
    return f"COUNTIFS({_criteria(criteria)})"


def _points(area: str, maxima: str, value: Decimal) -> tuple[Criterion, ...]:
    """This many points, on a row that gives as many."""
    return (*_equal(area, value), _compared(maxima, ">=", value))


def _within(widest: Domain, area: str, maxima: str, bar: Decimal) -> tuple[Criterion, ...]:
    """Points within the maximum of a row that gives ``bar``."""
    return (*_between(area, widest.minimum, bar), (maxima, f"{bar:f}"))


def _equal(area: str, value: Decimal) -> tuple[Criterion, ...]:
    """Criteria met by this number alone: a plain ``3`` would also count the text "3" in Excel, not in LibreOffice."""
    return _compared(area, ">=", value), _compared(area, "<=", value)


def _between(area: str, lowest: Decimal, highest: Decimal) -> tuple[Criterion, ...]:
    return _compared(area, ">=", lowest), _compared(area, "<=", highest)


def _compared(area: str, sign: str, value: Decimal) -> Criterion:
    return area, f'"{sign}"&{value:f}'


def _criteria(criteria: Iterable[Criterion]) -> str:
    return ",".join(f"{where},{what}" for where, what in criteria)


def filled(grid: Grid, heading: str, band: Band | None = None) -> str:
    """How many input cells of a column hold anything; the titles' rows are left out."""
    bands = [band] if band else grid.bands
    return f"COUNTA({','.join(grid.column(heading, each) for each in bands)})"


def bar(count: str, total: int) -> str:
    """``■■■□□`` then a gap; an empty text when there would be too many squares."""
    squares = "■" * total + "□" * total
    return f'MID("{squares}",{total}+1-{count},{total})&"{_GAP}"' if total <= _MOST_SQUARES else '""'


def shown_bar(count: int, total: int) -> str:
    """The text of the bar for a count."""
    return "■" * count + "□" * (total - count) + _GAP if total <= _MOST_SQUARES else ""
