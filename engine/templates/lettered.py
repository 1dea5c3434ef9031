"""SYNTHESE with a scale of letters: what the commission's letters, else the computed ones, come to.

The computed letter of a row is that of the day of issue: the letters that are typed are all that still moves, and a
formula needs to count nothing else. So it stays short, however many competences a bloc has.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from engine.model.forms import Domain, Row
from engine.model.forms.jury import COMPUTED
from engine.templates.counts import letters
from engine.templates.layout import Band, Grid, cell

Placed = Sequence[tuple[int, Row]]
"""Some rows of a section, with where each stands."""


def demonstrated(level: Domain, grid: Grid, band: Band) -> str:
    """How many rows of a section reach their minimum."""
    return "+".join(_reaching(level, grid, place, row) for place, row in _placed(band))


def known(level: Domain, grid: Grid, band: Band) -> str:
    """How many have a letter, typed or computed."""
    rows = list(_placed(band))
    computed = sum(row.labels[COMPUTED] in level.choices for _, row in rows)
    others = [place for place, row in rows if row.labels[COMPUTED] not in level.choices]
    counted = [letters(level.choices, area) for area in _areas(grid, others)]
    return f"({'+'.join([str(computed), *counted])})"


def mandatory(level: Domain, grid: Grid, rows: Placed) -> tuple[str, str]:
    """The conditions that all of these rows reach their minimum, and that one does not."""
    reached = "+".join(_reaching(level, grid, place, row) for place, row in rows)
    below = "+".join(_under(level, grid, place, row) for place, row in rows)
    return f"{reached}={len(rows)}", f"{below}>0"


def _reaching(level: Domain, grid: Grid, place: int, row: Row) -> str:
    """1 when the row reaches its minimum, else 0: by what is computed, unless another letter is typed."""
    typed, enough = cell(place, grid.columns["Niveau"]), level.at_least(row.minimum)
    computed = row.labels[COMPUTED] in enough
    return f"1-{letters(level.under(row.minimum), typed)}" if computed else letters(enough, typed)


def _under(level: Domain, grid: Grid, place: int, row: Row) -> str:
    """1 when the row is under its minimum, else 0."""
    typed, short = cell(place, grid.columns["Niveau"]), level.under(row.minimum)
    computed = row.labels[COMPUTED] in short
    return f"1-{letters(level.at_least(row.minimum), typed)}" if computed else letters(short, typed)


def _placed(band: Band) -> Iterable[tuple[int, Row]]:
    return enumerate(band.section.rows, start=band.first)


def _areas(grid: Grid, places: Sequence[int]) -> Iterable[str]:
    """The cells of the commission on these rows, as runs of neighbours."""
    column = grid.columns["Niveau"]
    for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0]):
        found = [place for _, place in run]
        first, last = cell(found[0], column), cell(found[-1], column)
        yield first if first == last else f"{first}:{last}"
