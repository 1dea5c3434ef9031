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
    """A function that reads a bloc of an outcome."""
    return lambda outcome: outcome.blocs[code]


def counted_of(code: str) -> Callable[[Outcome], Count]:
    """A function that reads a bloc validated by its competences."""
    return _bloc_as(Count, code)


def average_of(code: str) -> Callable[[Outcome], Average]:
    """A function that reads a bloc validated by a mean."""
    return _bloc_as(Average, code)


def _bloc_as(way: type[B], code: str) -> Callable[[Outcome], B]:
    """A function that reads a bloc validated in this ``way``."""

    def read(outcome: Outcome) -> B:
        found = outcome.blocs[code]
        if not isinstance(found, way):
            raise TypeError(f"{code} is validated otherwise.")
        return found

    return read


def mean_words(bloc: Bloc) -> str:
    """The thresholds of a mean: ``moyenne ≥ 10, aucune note sous 7 ; formateurs 30 %, tuteur 20 %, jury 50 %``."""
    floor = "" if bloc.floor is None else f", aucune note sous {figure(bloc.floor)}"
    weights = f" ; {weights_words(bloc)}" if bloc.weights else ""
    return f"moyenne ≥ {figure(present(bloc.at_least))}{floor}{weights}"


def weights_words(bloc: Bloc) -> str:
    """The weights of a mean of roles: ``formateurs 30 %, tuteur 20 %, jury 50 %``."""
    return ", ".join(f"{ROLE_WORDS[role]} {figure(weight)} %" for role, weight in bloc.weights.items())


def role_heading(bloc: Bloc, word: str) -> str:
    """The heading of the mark that a role gives a bloc; its key too, for its blank makes it no code."""
    return f"{bloc.code} {word}"


def unit_of(code: str) -> Callable[[Outcome], MarkOutcome]:
    """A function that reads a UE of an outcome."""
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
    """The rule of the transversal competences."""
    return present(referential.transversal)


def oral_rule(referential: Referential) -> Oral:
    """The rule of the grand oral."""
    return present(referential.oral)


def unit_bar(referential: Referential) -> Decimal:
    """The threshold that the mark of a UE must exceed."""
    return present(referential.unit_rule).above


def mark_scale(referential: Referential) -> Scale:
    """The scale of the marks."""
    return present(referential.scales.mark)


def shown_level(level: Level, scale: Scale) -> Decimal | str | None:
    """A level as people read it: a number, or a letter; ``None`` where it is not known."""
    return None if level.value is None else scale.shown(level.value)
