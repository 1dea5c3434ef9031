"""The state of a bloc, live: enough of its competences reach their minimum, and each of the mandatory ones does."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from engine.model.forms import Domain, Nature, Row
from engine.model.forms.jury import COMPUTED
from engine.templates import counts, lettered
from engine.templates.layout import Band, Grid, cell

DONE, OPEN, FAILED = "●", "○", "×"


def state(reached: str, left: str, required: int, waiting: str, mandatory: tuple[str, str] | None = None) -> str:
    """The formula: ``waiting`` is what is said as long as the ``left`` levels could still settle it; ``mandatory``: the
    conditions that all the mandatory ones are reached, and that one is not."""
    enough, lost = f"{reached}>={required}", f"{reached}+{left}<{required}"
    if mandatory:
        enough, lost = f"AND({enough},{mandatory[0]})", f"OR({lost},{mandatory[1]})"
    return f'IF({enough},"{DONE} validé",IF({lost},"{FAILED} non validé","{OPEN} {waiting}"))'


def shown(reached: int, left: int, required: int, waiting: str, mandatory: Collection[bool | None] = ()) -> str:
    """The words that it shows; ``mandatory``: whether each of those is reached (``None``: not known yet)."""
    if reached >= required and all(mandatory):
        return f"{DONE} validé"
    return f"{FAILED} non validé" if reached + left < required or False in mandatory else f"{OPEN} {waiting}"


def typed(level: Domain, grid: Grid, band: Band) -> tuple[str, str] | None:
    """The conditions on the mandatory rows of a section, from the levels that are typed; ``None`` without such rows."""
    places = _mandatory(band)
    cells = [cell(place, grid.columns["Niveau"]) for place, _ in places]
    bars = [row.minimum for _, row in places]
    reached = [counts.at_least(level, each, bar, len(places)) for each, bar in zip(cells, bars, strict=True)]
    below = [counts.under(level, each, bar, len(places)) for each, bar in zip(cells, bars, strict=True)]
    return (f"{'+'.join(reached)}={len(places)}", f"{'+'.join(below)}>0") if places else None


def typed_or_computed(level: Domain, grid: Grid, band: Band) -> tuple[str, str] | None:
    """The same from the commission's levels, else from the computed ones."""
    reached, known = [], []
    if level.nature is Nature.LETTER:
        rows = _mandatory(band)
        return lettered.mandatory(level, grid, rows) if rows else None
    for place, row in _mandatory(band):
        levels, computed, minimum = (cell(place, grid.columns[name]) for name in ("Niveau", COMPUTED, "Mini"))
        reached.append(counts.demonstrated(level, levels, computed, minimum, [row.figure("Mini")]))
        known.append(counts.known(level, levels, computed))
    if not known:
        return None
    return f"{'+'.join(reached)}={len(known)}", f"{'+'.join(reached)}<{'+'.join(known)}"


def _mandatory(band: Band) -> Sequence[tuple[int, Row]]:
    """The mandatory rows of a section, with where each stands."""
    return [(place, row) for place, row in enumerate(band.section.rows, start=band.first) if row.mandatory]
