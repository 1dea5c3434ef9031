"""The letters of a scale as a sheet says them, the highest first: in another order, the levels typed there mean another
thing than what they would be read as."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.intake.readers.grid import Grid, Place
from engine.intake.sheets.headings import Table
from engine.model.forms import Form, Nature
from engine.model.texts import fold

_PANEL = "échelle"
_LETTER = re.compile(r"(?:chelle\s*:\s*|\s{4,}|^)([A-Z])(?=\s{2}|\s*$)", re.MULTILINE)
"""A letter of the panel: after its heading, after the gap between two values, or where a line of it was broken
(:mod:`engine.model.wording`)."""


def otherwise_ordered(grid: Grid, table: Table, form: Form) -> tuple[Place, str] | None:
    """Where a sheet gives the letters of its levels in another order than they have, and that order: ``D > C > B > A``.

    ``None`` where it gives the same, or none: letters that were added or taken away since change no order.
    """
    natures = (form.domain(entry, row) for row in form.rows for entry in form.inputs)
    letters = next((domain.choices for domain in natures if domain.nature is Nature.LETTER), ())
    for place, text in _panels(grid, table) if letters else ():
        told = [letter for letter in _LETTER.findall(text) if letter in letters]
        if not _falls(told, letters):
            return place, " > ".join(told)
    return None


def _panels(grid: Grid, table: Table) -> list[tuple[Place, str]]:
    """The texts above the headings that tell a scale."""
    return [
        ((row, column), value)
        for row, line in enumerate(grid.rows[: table.heading_row])
        for column, value in enumerate(line)
        if isinstance(value, str) and fold(value).startswith(fold(_PANEL))
    ]


def _falls(told: Sequence[str], letters: Sequence[str]) -> bool:
    """Whether letters go from the highest to the lowest; ``letters``: those of the scale, the lowest first."""
    ranks = [letters.index(letter) for letter in told]
    return ranks == sorted(ranks, reverse=True)
