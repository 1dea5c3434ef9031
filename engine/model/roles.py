"""A bloc validated by a mean of roles: the mark that each role gives it, beside the formula that says the same.

The mark of the trainers, or of the tutors, is the mean over the competences of the bloc of the mean of what they rated,
brought to the scale of marks; that of the jury is the total of the oral, brought there too. Each is rounded as a mean
is: what is shown is what counts. The mean of these marks is then a mean as any other (:mod:`engine.model.rules`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from engine.model.certification import Bloc, Referential
from engine.model.errors import present
from engine.model.forms import ABSENT
from engine.model.outcome import State
from engine.model.people import Role
from engine.model.rules import MeanRule, quotient, quotient_formula

ROLE_WORDS: Mapping[Role, str] = {Role.TRAINER: "formateurs", Role.TUTOR: "tuteur", Role.JUROR: "jury"}
"""What each role is called in a mean: its marks are known by these words."""


def role_rule(referential: Referential, bloc: Bloc) -> MeanRule:
    """The rule of a bloc that is validated by a mean of roles."""
    return MeanRule(
        tuple(ROLE_WORDS[role] for role in bloc.weights),
        tuple(bloc.weights.values()),
        present(bloc.at_least),
        bloc.floor,
        present(referential.scales.mark).maximum,
        referential.policy.rounding,
    )


class Worth(NamedTuple):
    """What a level is worth as a mark: nothing at ``zero``, ``mark`` at the level ``full``."""

    zero: Decimal
    full: Decimal
    mark: Decimal
    rounding: int


def worth(referential: Referential) -> Worth:
    """The marks that the levels of a certification are worth, where a mean of roles needs them."""
    mark = present(referential.scales.mark).maximum
    zero = referential.policy.level_worth_zero or Decimal(0)
    return Worth(zero, referential.scales.level.maximum, mark, referential.policy.rounding)


def rated(levels: Collection[Collection[Decimal]], scale: Worth) -> Decimal | None:
    """The mark that the levels of a role come to, competence by competence; none while it did not rate one of them."""
    if not levels or not all(levels):
        return None
    means = [Fraction(sum(given, Decimal(0))) / len(given) for given in levels]
    mark = (sum(means, Fraction(0)) / len(means) - Fraction(scale.zero)) * Fraction(scale.mark)
    mark /= Fraction(scale.full - scale.zero)
    return quotient(Decimal(mark.numerator), Decimal(mark.denominator), scale.rounding)


def rated_formula(cells: Sequence[str], scale: Worth) -> str:
    """The same; ``cells``: those of each competence, as the arguments of a function."""
    known = ",".join(f"COUNT({each})>0" for each in cells)
    total = "+".join(f"AVERAGE({each})" for each in cells)
    nothing = f"-{len(cells) * scale.zero:f}" if scale.zero else ""
    number = f"({total}{nothing})*{scale.mark:f}"
    divisor = f"{len(cells) * (scale.full - scale.zero):f}"
    return f'IF(AND({known}),{quotient_formula(number, divisor, scale.rounding)},"")'


def heard(total: Decimal, points: Decimal, scale: Worth) -> Decimal:
    """The mark that the total of the oral comes to, out of so many ``points``."""
    return quotient(total * scale.mark, points, scale.rounding)


def heard_formula(total: str, state: str, points: Decimal, scale: Worth) -> str:
    """The same of the cells of the total and of the state of the oral, which an absence fails without a total."""
    mark = quotient_formula(f"{total}*{scale.mark:f}", f"{points:f}", scale.rounding)
    return f'IF(ISNUMBER({total}),{mark},IF({state}="{State.FAILED}","{ABSENT}",""))'
