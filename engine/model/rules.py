"""The rules of the decision, each beside the spreadsheet formula that says the same of cells.

A rule is a function of values to a state, three-valued. Its formula has no sign and is in US syntax; it has no implicit
array, so that every program recalculates it alike. The tests recalculate each against its rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from statistics import median

from engine.model.forms import ABSENT, EXEMPT
from engine.model.outcome import Decision, State
from engine.model.parts import Aggregate

_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
"""Wide enough that a quotient of marks never meets a rounding tie by accident."""


# ------------------------------------------------------------------------- several opinions as one


def mean(values: Collection[Decimal]) -> Decimal:
    """The mean, not rounded."""
    return _EXACT.divide(sum(values, Decimal(0)), Decimal(len(values)))


_AGGREGATES: Mapping[str, tuple[Callable[[Collection[Decimal]], Decimal], str]] = {
    "mean": (mean, "AVERAGE"),
    "median": (median, "MEDIAN"),  # the mean of two marks is exact: a half
    "min": (min, "MIN"),
    "max": (max, "MAX"),
}


def aggregate(values: Collection[Decimal], how: str, rounding: int) -> Decimal:
    """Several opinions as one (mean, median, min or max), rounded to ``rounding`` decimals, half away from zero."""
    return _AGGREGATES[how][0](values).quantize(Decimal(1).scaleb(-rounding), context=_EXACT)


def aggregate_formula(cells: str, how: Aggregate, rounding: int) -> str:
    """The same of the numbers among some cells."""
    return f"ROUND({_AGGREGATES[how][1]}({cells}),{rounding})"


# ------------------------------------------------------------------------------------------ a count


def settled(reached: int, missing: int, required: int) -> State:
    """A count of demonstrated items: settled only when those that are missing can no longer change it."""
    if reached >= required:
        return State.VALIDATED
    return State.FAILED if reached + missing < required else State.PENDING


def settled_formula(reached: str, missing: str, required: int) -> str:
    """The same of two numbers."""
    return (
        f'IF({reached}>={required},"{State.VALIDATED}",'
        f'IF({reached}+{missing}<{required},"{State.FAILED}","{State.PENDING}"))'
    )


def reached_formula(levels: str, minima: str) -> str:
    """How many levels are at or above their minimum.

    A level is a number or an empty text, and any text is greater than a number: the empty ones are left out.
    """
    return f'SUMPRODUCT(({levels}<>"")*({levels}>={minima}))'


def with_mandatory(threshold: State, mandatory: Sequence[bool | None]) -> State:
    """A threshold, and items each of which must reach its minimum (``None``: not known yet) whatever the others do."""
    return worst((threshold, settled(mandatory.count(True), mandatory.count(None), len(mandatory))))


def with_mandatory_formula(threshold: str, levels: str, minima: str, mandatory: Sequence[bool]) -> str:
    """The same of the formula of the threshold; ``mandatory`` tells which cells of the two runs are meant."""
    if not any(mandatory):
        return threshold
    chosen = "{" + ",".join(str(int(each)) for each in mandatory) + "}"
    below = f'SUMPRODUCT(({levels}<>"")*({levels}<{minima})*{chosen})'
    unknown = f'SUMPRODUCT(({levels}="")*{chosen})'
    every = f'IF({unknown}>0,"{State.PENDING}","{State.VALIDATED}")'
    return f'IF({below}>0,"{State.FAILED}",SUBSTITUTE({threshold},"{State.VALIDATED}",{every}))'


# ------------------------------------------------------------------------------- a mark, the report


def judged(mark: Decimal | str | None, passes: Callable[[Decimal], bool]) -> State:
    """A mark before its bar; `ABS` fails, `DISP` passes, nothing waits."""
    if isinstance(mark, Decimal):
        return State.VALIDATED if passes(mark) else State.FAILED
    return {ABSENT: State.FAILED, EXEMPT: State.VALIDATED}.get(mark or "", State.PENDING)


def judged_formula(mark: str, passes: str, report: str = "") -> str:
    """The same, and ``report`` another condition: ``passes`` is the comparison with the bar, as ``>10``."""
    fails = f'OR({mark}="{ABSENT}",AND(ISNUMBER({mark}),NOT({mark}{passes})))'
    known = f'OR(ISNUMBER({mark}),{mark}="{EXEMPT}")'
    if report:
        fails = f'OR({report}="{State.FAILED}",{fails})'
        known = f'AND({report}="{State.VALIDATED}",{known})'
    return f'IF({fails},"{State.FAILED}",IF({known},"{State.VALIDATED}","{State.PENDING}"))'


def answered(given: Collection[object]) -> State:
    """Several answers to one question: any `Non` fails it, none at all leaves it pending."""
    if "Non" in given:
        return State.FAILED
    return State.VALIDATED if given else State.PENDING


def answered_formula(given: str) -> str:
    """The same of some cells."""
    said = f'IF(COUNTIF({given},"Oui")>0,"{State.VALIDATED}","{State.PENDING}")'
    return f'IF(COUNTIF({given},"Non")>0,"{State.FAILED}",{said})'


# ----------------------------------------------------------------------------- conditions, the title


def worst(states: Iterable[State]) -> State:
    """Several conditions that must all hold, as one."""
    found = set(states)
    return next((state for state in (State.FAILED, State.PENDING) if state in found), State.VALIDATED)


def worst_formula(states: str, number: int) -> str:
    """The same of ``number`` cells."""
    every = f'IF(COUNTIF({states},"{State.VALIDATED}")={number},"{State.VALIDATED}","{State.PENDING}")'
    return f'IF(COUNTIF({states},"{State.FAILED}")>0,"{State.FAILED}",{every})'


def decide_title(states: Collection[State], blocs: Collection[State]) -> Decision:
    """The decision, from every condition of the title and from the blocs among them."""
    if all(state is State.VALIDATED for state in states):
        return Decision.ADMITTED
    if State.FAILED in states and State.PENDING not in blocs:
        return Decision.PARTIAL if State.VALIDATED in blocs else Decision.REFUSED
    return Decision.PENDING


def title_formula(states: str, blocs: str, number: int) -> str:
    """The same of the cells of ``number`` conditions; other words may stand between them."""
    return (
        f'IF(COUNTIF({states},"{State.VALIDATED}")={number},"{Decision.ADMITTED}",'
        f'IF(OR(COUNTIF({states},"{State.FAILED}")=0,COUNTIF({blocs},"{State.PENDING}")>0),"{Decision.PENDING}",'
        f'IF(COUNTIF({blocs},"{State.VALIDATED}")>0,"{Decision.PARTIAL}","{Decision.REFUSED}")))'
    )
