"""The parts of an outcome and of a referential, for the outputs that exist only where the referential has them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from engine.model import (
    Average,
    Bloc,
    BlocOutcome,
    Count,
    Level,
    MarkOutcome,
    Oral,
    OralOutcome,
    Outcome,
    Referential,
    Scale,
    Transversal,
)
from engine.model.errors import present
from engine.model.roles import ROLE_WORDS
from engine.model.values import figure

B = TypeVar("B", Average, Count)


def bloc_of(code: str) -> Callable[[Outcome], BlocOutcome]:
    """What reads a bloc of an outcome."""
    return lambda outcome: outcome.blocs[code]


def counted_of(code: str) -> Callable[[Outcome], Count]:
    """Reads a bloc that is validated by its competences."""
    return _bloc_as(Count, code)


def average_of(code: str) -> Callable[[Outcome], Average]:
    """Reads a bloc that is validated by a mean."""
    return _bloc_as(Average, code)


def _bloc_as(way: type[B], code: str) -> Callable[[Outcome], B]:
    """Reads a bloc that is validated in this ``way``."""

    def read(outcome: Outcome) -> B:
        found = outcome.blocs[code]
        if not isinstance(found, way):
            raise TypeError(f"{code} is validated otherwise.")
        return found

    return read


def mean_words(bloc: Bloc) -> str:
    """What a mean must reach: ``moyenne ≥ 10, aucune note sous 7 ; formateurs 30 %, tuteur 20 %, jury 50 %``."""
    floor = "" if bloc.floor is None else f", aucune note sous {figure(bloc.floor)}"
    weights = f" ; {weights_words(bloc)}" if bloc.weights else ""
    return f"moyenne ≥ {figure(present(bloc.at_least))}{floor}{weights}"


def weights_words(bloc: Bloc) -> str:
    """What each role weighs in a mean of roles: ``formateurs 30 %, tuteur 20 %, jury 50 %``."""
    return ", ".join(f"{ROLE_WORDS[role]} {figure(weight)} %" for role, weight in bloc.weights.items())


def role_heading(bloc: Bloc, word: str) -> str:
    """The heading of the mark that a role gives a bloc; its key too, for its blank makes it no code."""
    return f"{bloc.code} {word}"


def unit_of(code: str) -> Callable[[Outcome], MarkOutcome]:
    """What reads a UE of an outcome."""
    return lambda outcome: outcome.units[code]


def transversal_of(outcome: Outcome) -> Count:
    """The transversal competences."""
    return present(outcome.transversal)


def oral_of(outcome: Outcome) -> OralOutcome:
    """The grand oral."""
    return present(outcome.oral)


def exam_of(outcome: Outcome) -> MarkOutcome:
    """The national exam."""
    return present(outcome.exam)


def transversal_rule(referential: Referential) -> Transversal:
    """What the transversal competences must reach."""
    return present(referential.transversal)


def oral_rule(referential: Referential) -> Oral:
    """What the grand oral must reach."""
    return present(referential.oral)


def unit_bar(referential: Referential) -> Decimal:
    """What the mark of a UE must exceed."""
    return present(referential.unit_rule).above


def mark_scale(referential: Referential) -> Scale:
    """The scale of the marks."""
    return present(referential.scales.mark)


def shown_level(level: Level, scale: Scale) -> Decimal | str | None:
    """A level as people read it: a number, or a letter; ``None`` where it is not known."""
    return None if level.value is None else scale.shown(level.value)
