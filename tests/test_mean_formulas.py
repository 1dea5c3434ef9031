"""Formulas of means, of exams and of roles: another program meets every tie as exact arithmetic does."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest

from engine.model import State
from engine.model.roles import Worth, heard, heard_formula, rated, rated_formula
from engine.model.rules import (
    Gate,
    MeanRule,
    aggregate,
    aggregate_formula,
    averaged,
    averaged_formula,
    best_mean,
    mean_formula,
    weighted,
)
from tests.recalculation import recalculated

# -------------------------------------------------------------------------------------------- of exams


def check_means(program, folder):
    """Marks whose mean is a tie, or next to one, and marks that are missing, in two kinds of mean."""
    found, lines = list(means()), []
    for row, (marks, rule) in enumerate(found, start=1):
        cells = [f"{letter}{row}" for letter in "CDE"[: len(marks)]]
        before = cells[: len(rule.gates)]
        lines.append(((mean_formula(cells, rule, before), averaged_formula(cells, rule, before)), marks))
    wanted = [[shown_mean(marks, rule), str(averaged(marks, rule, first(marks, rule)))] for marks, rule in found]
    assert recalculated(program, folder, lines) == wanted
    assert len(found) > 900
    assert {state for _, state in wanted} == set(State) - {State.NOT_PRESENTED}


def shown_mean(marks, rule):
    known = [mark for mark in marks if isinstance(mark, Decimal)]
    opened = all(isinstance(mark, Decimal) and mark >= 10 for mark in first(marks, rule))
    return float(weighted(known, rule)) if len(known) == len(marks) and opened else ""


def first(marks, rule):
    """The marks that open the exams of a rule: its first ones."""
    return marks[: len(rule.gates)]


def means():
    gates = (Gate("b", "a", Decimal(10)),)
    rules = (
        MeanRule(("a", "b", "c"), tuple(map(Decimal, (3, 2, 1))), Decimal(10), Decimal(7), Decimal(20), 2),
        MeanRule(("a", "b"), (Decimal(4), Decimal("2.5")), Decimal(10), None, Decimal(20), 2),
        MeanRule(("a", "b"), (Decimal(1), Decimal(1)), Decimal("9.5"), Decimal("6.25"), Decimal(20), 1),
        MeanRule(("a", "b"), (Decimal(1), Decimal(1)), Decimal(10), Decimal(7), Decimal(20), 0),
        MeanRule(("a", "b"), (Decimal(1), Decimal(2)), Decimal(10), None, Decimal(20), 2, gates),
    )
    firsts = [Decimal(text) for text in ("7", "6.99", "8.35", "9.15", "9.99", "10", "10.01", "11.05", "13.33", "20")]
    for rule in rules:
        whole = Fraction(sum(rule.coefficients))
        for marks in product(firsts, repeat=len(rule.codes) - 1):
            rest = sum(Fraction(each) * Fraction(mark) for each, mark in zip(rule.coefficients, marks, strict=False))
            for gap in map(Fraction, ("0", "-1/2", "1/2", "-1")):
                aimed = (Fraction(rule.at_least) + gap / 10**rule.rounding) * whole
                last = (aimed - rest) / Fraction(rule.coefficients[-1])
                for mark in neighbours(last):
                    yield (*marks, mark), rule
            yield from (((*marks, other), rule) for other in (None, "ABS", Decimal(0)))
            yield (None, *marks), rule


def neighbours(last):
    """A mark and its neighbours, as far as a mark can be there."""
    cents = Decimal(last.numerator) / last.denominator
    found = {cents.quantize(Decimal("0.0001")), cents.quantize(Decimal("0.01"))}
    return sorted(mark for mark in found if 0 <= mark <= 20)


def test_the_highest_that_a_mean_can_still_be():
    rule = MeanRule(("a", "b"), (Decimal(1), Decimal(3)), Decimal(10), None, Decimal(20), 2)
    assert best_mean((Decimal(4), None), rule) == 16
    assert averaged((Decimal(4), None), rule) is State.PENDING
    assert averaged((None, Decimal("6.65")), rule) is State.FAILED  # 9,9875 with the highest
    assert averaged((None, Decimal("6.66")), rule) is State.PENDING  # 9,995, which is 10,00


# -------------------------------------------------------------------------------------- of several opinions


def check_opinions(program, folder):
    """Levels of a scale without a step, totals in tenths: what several people make of them, at a tie or next to one."""
    found, lines = list(opinions()), []
    for row, (values, words, rounding) in enumerate(found, start=1):
        lines.append(([aggregate_formula(f"C{row}:E{row}", how, rounding) for how in words], values))
    wanted = [[float(aggregate(values, how, rounding)) for how in words] for values, words, rounding in found]
    assert recalculated(program, folder, lines) == wanted
    assert len(found) > 300


def opinions():
    for rounding, bar in product((1, 2, 3), map(Decimal, ("1.01", "2.68", "4.15", "12.4", "36.1", "-0.7"))):
        for gap, apart in product(
            map(Decimal, ("0", "0.0004", "-0.0004")), map(Decimal, ("0", "0.137", "0.7", "0.951"))
        ):
            mean = bar - Decimal(5).scaleb(-rounding - 1) + gap
            yield (mean + apart, mean - apart), ("mean", "median"), rounding
            yield (mean + apart, mean, mean - apart), ("mean", "median"), rounding
            yield (mean, mean + 1), ("min", "max"), rounding


# -------------------------------------------------------------------------------------------- of roles


def check_roles(program, folder):
    """Levels of three competences, some rated twice or by nobody, on two scales; and totals of an oral."""
    found, lines = list(rated_levels()), []
    for row, (levels, scale, total) in enumerate(found, start=1):
        cells = [f"{first}{row}:{second}{row}" for first, second in ("EF", "GH", "IJ")]
        formulas = rated_formula(cells, scale), heard_formula(f"C{row}", f"D{row}", Decimal(30), scale)
        given = [value for pair in levels for value in (*pair, "NE", "NE")[:2]]
        lines.append((formulas, [total, "Non validé" if total is None else "Validé", *given]))
    wanted = [[_shown(rated(levels, scale)), _heard(total, scale)] for levels, scale, total in found]
    assert recalculated(program, folder, lines) == wanted
    assert len(found) > 900
    assert sum(has_tie(levels, scale) for levels, scale, _ in found) > 50


def _shown(mark):
    return "" if mark is None else float(mark)


def _heard(total, scale):
    return "ABS" if total is None else float(heard(total, Decimal(30), scale))


def has_tie(levels, scale):
    """Whether the mark, not rounded, is half way between two that are."""
    if not all(levels):
        return False
    mean = sum(Fraction(sum(given)) / len(given) for given in levels) / len(levels)
    mark = (mean - Fraction(scale.zero)) * Fraction(scale.mark) / Fraction(scale.full - scale.zero)
    doubled = 2 * mark * 10**scale.rounding
    return doubled.denominator == 1 and doubled.numerator % 2 == 1


def rated_levels():
    wholes, halves = [Decimal(number) for number in (1, 2, 4)], [Decimal(number) / 2 for number in (0, 3, 10)]
    for values, zero, full, rounding in (
        (wholes, Decimal(1), Decimal(4), 2),
        (wholes, Decimal(0), Decimal(4), 1),
        (halves, Decimal(0), Decimal(10), 0),
        (halves, Decimal("-0.5"), Decimal(5), 3),
    ):
        scale = Worth(zero, full, Decimal(20), rounding)
        groups = [(), *((value,) for value in values), *product(values, repeat=2)]
        for rank, levels in enumerate(product(groups, groups, groups[1:4])):
            yield levels, scale, None if rank % 7 == 0 else Decimal(rank % 61) / 2


def test_the_mean_of_roles_is_a_mean_as_any_other():
    rule = MeanRule(("formateurs", "tuteur"), (Decimal("62.5"), Decimal("37.5")), Decimal(10), None, Decimal(20), 2)
    assert weighted((Decimal("9.99"), Decimal("10.01")), rule) == Decimal("10.00")  # 9,9975
    assert averaged_formula(["A1", "B1"], rule).count("ABS") == 2
    assert "62.5*A1+37.5*B1" in mean_formula(["A1", "B1"], rule)


# ----------------------------------------------------------------------------------------------- both

CHECKS = pytest.mark.parametrize("check", [check_means, check_opinions, check_roles])


@CHECKS
@pytest.mark.libreoffice
def test_formulas_meet_every_tie_as_exact_arithmetic_does(check, office, tmp_path):
    check(office, tmp_path)


@CHECKS
@pytest.mark.gnumeric
def test_another_program_meets_every_tie_alike(check, gnumeric, tmp_path):
    check(gnumeric, tmp_path)
