"""The rules of the decision, each beside the spreadsheet formula that says the same of cells.

A rule is a function of values to a state, three-valued. Its formula has no sign and is in US syntax; it has no implicit
array, so that every program recalculates it alike. The tests recalculate each against its rule.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from statistics import median
from typing import NamedTuple

from engine.model.certification import Bloc, Referential
from engine.model.curriculum import Exam
from engine.model.errors import present
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
    return _rounded(_AGGREGATES[how][0](values), rounding)


def _rounded(number: Decimal, rounding: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-rounding), context=_EXACT)


def aggregate_formula(cells: str, how: Aggregate, rounding: int) -> str:
    """The same of the numbers among some cells."""
    return rounded_formula(f"{_AGGREGATES[how][1]}({cells})", rounding)


def rounded_formula(number: str, rounding: int) -> str:
    """An expression rounded half away from zero.

    A mean is rarely exact in binary, nor is a number that a scale without a step lets in. What is left of a tie after
    ten decimals is one, and is exact once the decimals that are kept stand before the point: every program then rounds
    it alike.
    """
    unit = 10**rounding
    return f"ROUND(ROUND({number}*{unit},{10 - rounding}),0)/{unit}"


def lettered_formula(cells: str, how: Aggregate, ladder: Sequence[str]) -> str:
    """The same of the letters among some cells, the lowest of the scale first; an empty text where there is none.

    Of letters only the lowest or the highest is taken: :mod:`engine.referential.letters` admits nothing else.
    """
    formula = '""'
    for letter in reversed(ladder) if how == "min" else ladder:  # the innermost is looked for last
        formula = f'IF(COUNTIF({cells},"{letter}")>0,"{letter}",{formula})'
    return formula


def rank_formula(cells: str, ladder: Sequence[str]) -> str:
    """Levels as numbers: those of a scale of numbers as they are, letters as their ranks and anything else as 0.

    Only operators: a program may not unfold over several cells what a function is given.
    """
    if not ladder:
        return cells
    return f"({'+'.join(f'{rank}*({cells}={_quoted(letter)})' for rank, letter in enumerate(ladder, start=1))})"


def known_formula(runs: Sequence[str], ladder: Sequence[str]) -> str:
    """How many cells of some runs hold a level: a number, or a letter of the scale."""
    if not ladder:
        return f"COUNT({','.join(runs)})"
    return f"({'+'.join(f'COUNTIF({run},{_quoted(letter)})' for run in runs for letter in ladder)})"


def _quoted(letter: str) -> str:
    return f'"{letter}"'


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


def reached_formula(levels: str, minima: str, ladder: Sequence[str] = ()) -> str:
    """How many levels are at or above their minimum; ``ladder``: the letters of their scale, the lowest first.

    A level is a number or an empty text, and any text is greater than a number: the empty ones are left out.
    """
    reached = f"{rank_formula(levels, ladder)}>={rank_formula(minima, ladder)}"
    return f'SUMPRODUCT(({levels}<>"")*({reached}))'


def with_mandatory(threshold: State, mandatory: Sequence[bool | None]) -> State:
    """A threshold, and items each of which must reach its minimum (``None``: not known yet) whatever the others do."""
    return worst((threshold, settled(mandatory.count(True), mandatory.count(None), len(mandatory))))


def with_mandatory_formula(
    threshold: str, levels: str, minima: str, mandatory: Sequence[bool], ladder: Sequence[str] = ()
) -> str:
    """The same of the formula of the threshold; ``mandatory`` tells which cells of the two runs are meant."""
    if not any(mandatory):
        return threshold
    chosen = "{" + ",".join(str(int(each)) for each in mandatory) + "}"
    under = f"{rank_formula(levels, ladder)}<{rank_formula(minima, ladder)}"
    below = f'SUMPRODUCT(({levels}<>"")*({under})*{chosen})'
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


# ------------------------------------------------------------------------------ a mean of several marks


class Gate(NamedTuple):
    """An exam that may be sat only after another one, from a mark on."""

    code: str
    before: str
    at_least: Decimal

    def opens(self, mark: Decimal) -> bool:
        """Whether this mark opens it."""
        return mark >= self.at_least


class MeanRule(NamedTuple):
    """What a mean must reach: codes and coefficients of its marks, its bar, the floor and the most of one mark."""

    codes: tuple[str, ...]
    coefficients: tuple[Decimal, ...]
    at_least: Decimal
    floor: Decimal | None
    highest: Decimal
    rounding: int
    gates: tuple[Gate, ...] = ()

    def bears(self, mark: Decimal) -> bool:
        """Whether a mark is not under the floor."""
        return self.floor is None or mark >= self.floor


def mean_rule(referential: Referential, bloc: Bloc) -> MeanRule:
    """The rule of a bloc that is validated by the mean of its exams."""
    exams = referential.exams_of(bloc)
    return MeanRule(
        tuple(exam.code for exam in exams),
        tuple(exam.coefficient for exam in exams),
        present(bloc.at_least),
        bloc.floor,
        present(referential.scales.mark).maximum,
        referential.policy.rounding,
        gates(exams),
    )


def gates(exams: Iterable[Exam]) -> tuple[Gate, ...]:
    """Those of some exams that may be sat only after another one."""
    return tuple(Gate(exam.code, exam.after, present(exam.after_at_least)) for exam in exams if exam.after)


def weighted(values: Iterable[Decimal], rule: MeanRule) -> Decimal:
    """The mean of marks by their coefficients, rounded half away from zero."""
    total = sum((each * value for each, value in zip(rule.coefficients, values, strict=True)), Decimal(0))
    return _rounded(_EXACT.divide(total, sum(rule.coefficients)), rule.rounding)


def weighted_formula(cells: Sequence[str], rule: MeanRule) -> str:
    """The same of cells, or of expressions.

    A sum of products of marks is rarely exact in binary: see :func:`rounded_formula`.
    """
    total = "+".join(f"{each:f}*{cell}" for each, cell in zip(rule.coefficients, cells, strict=True))
    return quotient_formula(f"({total})", f"{sum(rule.coefficients):f}", rule.rounding)


def quotient(number: Decimal, divisor: Decimal, rounding: int) -> Decimal:
    """A quotient, rounded half away from zero."""
    return _rounded(_EXACT.divide(number, divisor), rounding)


def quotient_formula(number: str, divisor: str, rounding: int) -> str:
    """The same of two expressions, the product first so that it is divided once."""
    unit = 10**rounding
    return f"ROUND(ROUND({number}*{unit}/{divisor},{10 - rounding}),0)/{unit}"


def mean_formula(cells: Sequence[str], rule: MeanRule, before: Sequence[str] = ()) -> str:
    """The mean once every mark is known and counts; ``before``: the cell of the mark that opens each gate."""
    return f'IF({_counting(cells, rule, before)},{weighted_formula(cells, rule)},"")'


def _counting(cells: Sequence[str], rule: MeanRule, before: Sequence[str]) -> str:
    """Whether every mark is a number, and every gate open."""
    opened = [f"ISNUMBER({cell}),{cell}>={gate.at_least:f}" for cell, gate in zip(before, rule.gates, strict=True)]
    return f"AND({','.join([f'COUNT({_listed(cells)})={len(cells)}', *opened])})"


def _listed(cells: Sequence[str]) -> str:
    return ",".join(cells)


def best_mean(marks: Iterable[Decimal | str | None], rule: MeanRule) -> Decimal:
    """The highest that the mean can still be: a mark that is not known may turn out to be the highest."""
    return weighted((mark if isinstance(mark, Decimal) else rule.highest for mark in marks), rule)


def averaged(
    marks: Collection[Decimal | str | None], rule: MeanRule, before: Iterable[Decimal | str | None] = ()
) -> State:
    """A mean before its bar: an absence or a mark under the floor fails it, and so does what can no longer reach the
    bar; it waits for every mark before it is validated. ``before``: the mark that opens each gate; a closed one fails
    it, one that may still open keeps it waiting."""
    known = [mark for mark in marks if isinstance(mark, Decimal)]
    if ABSENT in marks or not all(map(rule.bears, known)) or best_mean(marks, rule) < rule.at_least:
        return State.FAILED
    gates = [judged(mark, gate.opens) for mark, gate in zip(before, rule.gates, strict=True)]
    return worst([State.VALIDATED if len(known) == len(marks) else State.PENDING, *gates])


def averaged_formula(cells: Sequence[str], rule: MeanRule, before: Sequence[str] = ()) -> str:
    """The same of cells."""
    known = f"COUNT({','.join(cells)})"
    fails = [f'{cell}="{ABSENT}"' for cell in cells]
    fails += [f"AND({known}>0,MIN({','.join(cells)})<{rule.floor:f})"] if rule.floor is not None else []
    best = weighted_formula([f"IF(ISNUMBER({cell}),{cell},{rule.highest:f})" for cell in cells], rule)
    for cell, gate in zip(before, rule.gates, strict=True):
        fails += [f'{cell}="{ABSENT}"', f"AND(ISNUMBER({cell}),{cell}<{gate.at_least:f})"]
    settled = f'IF({_counting(cells, rule, before)},"{State.VALIDATED}","{State.PENDING}")'
    return f'IF(OR({",".join(fails)},{best}<{rule.at_least:f}),"{State.FAILED}",{settled})'


# ----------------------------------------------------------------------------- conditions, the title


def worst(states: Iterable[State]) -> State:
    """Several conditions that must all hold, as one."""
    found = set(states)
    order = (State.FAILED, State.PENDING, State.NOT_PRESENTED)
    return next((state for state in order if state in found), State.VALIDATED)


def worst_formula(states: str, number: int) -> str:
    """The same of ``number`` cells."""
    every = f'IF(COUNTIF({states},"{State.VALIDATED}")={number},"{State.VALIDATED}","{State.PENDING}")'
    return f'IF(COUNTIF({states},"{State.FAILED}")>0,"{State.FAILED}",{every})'


def decide_title(states: Collection[State], blocs: Collection[State]) -> Decision:
    """The decision, from every condition of the title and from the blocs among them."""
    if all(state is State.VALIDATED for state in states):
        return Decision.ADMITTED
    lost = State.FAILED in states or State.NOT_PRESENTED in states  # the title: the blocs are still to be told
    if lost and State.PENDING not in blocs:
        return Decision.PARTIAL if State.VALIDATED in blocs else Decision.REFUSED
    return Decision.PENDING


def unless_presented_formula(live: str) -> str:
    """The state of a condition of somebody who presents only blocs: what nobody gave anything for is not awaited."""
    return f'SUBSTITUTE({live},"{State.PENDING}","{State.NOT_PRESENTED}")'


def title_formula(states: str, blocs: str, number: int, *, only_blocs: bool = False) -> str:
    """The same of the cells of ``number`` conditions; other words may stand between them. ``only_blocs``: whether some
    condition may not be presented."""
    lost = f'COUNTIF({states},"{State.FAILED}")'
    lost += f'+COUNTIF({states},"{State.NOT_PRESENTED}")' if only_blocs else ""
    return (
        f'IF(COUNTIF({states},"{State.VALIDATED}")={number},"{Decision.ADMITTED}",'
        f'IF(OR({lost}=0,COUNTIF({blocs},"{State.PENDING}")>0),"{Decision.PENDING}",'
        f'IF(COUNTIF({blocs},"{State.VALIDATED}")>0,"{Decision.PARTIAL}","{Decision.REFUSED}")))'
    )
