"""How the figures of a session spread around their bars: the oral's points, the exam's and the UEs' marks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from engine.model import Outcome, Referential, Scale
from engine.model.values import figure
from engine.office.styles import printed
from engine.outputs.parts import exam_of, mark_scale, oral_of, unit_bar
from engine.outputs.workbook.board import Board, Cell, column_of
from engine.outputs.workbook.charts import distribution_chart
from engine.outputs.workbook.people import has_left

_BRACKETS = 10  # of the scale, about


@dataclass(frozen=True)
class _Marked:
    """A figure with a bar: ``key`` names its column in `Synthèse`; ``strict``: it must be above the bar."""

    name: str
    key: str
    low: Decimal
    high: Decimal
    bar: Decimal
    value: Callable[[Outcome], Decimal | None]
    strict: bool = False


def brackets(low: Decimal, high: Decimal, bar: Decimal) -> list[tuple[Decimal, Decimal]]:
    """A scale cut in about ten brackets, the bar being one of the cuts."""
    width = (high - low) / _BRACKETS
    below = [bar - width * rank for rank in range(int((bar - low) / width) + 1)]
    above = [bar + width * rank for rank in range(1, int((high - bar) / width) + 1)]
    return list(pairwise(sorted({low, *below, *above, high})))


def write_spread(board: Board) -> None:
    """One table and its chart per figure."""
    marked = list(_marked(board.book.referential))
    if marked:
        note = "Nombre de candidats par tranche, abandons exclus ; hachures : sous le seuil"
        board.section("Notes et points face à leur seuil", note, new_page=True)
    for one in marked:
        _write(board, one)


def _marked(referential: Referential) -> Iterator[_Marked]:
    oral, exam = referential.oral, referential.national_exam
    if oral:
        yield _Marked(
            "Grand oral", "Oral", Decimal(0), oral.points, oral.at_least, lambda outcome: oral_of(outcome).value
        )
    if exam:
        code, bar, scale = exam.code, exam.at_least, mark_scale(referential)
        yield _Marked(code, code, scale.minimum, scale.maximum, bar, lambda outcome: exam_of(outcome).value)
    for unit in referential.units:
        yield _of_unit(unit.code, mark_scale(referential), unit_bar(referential))


def _of_unit(code: str, scale: Scale, bar: Decimal) -> _Marked:
    key = f"note de {code}"
    return _Marked(code, key, scale.minimum, scale.maximum, bar, lambda outcome: outcome.units[code].value, strict=True)


def _write(board: Board, one: _Marked) -> None:
    present = (one.value(outcome) for outcome in board.book.outcomes if not has_left(outcome))
    values = [value for value in present if value is not None]
    cuts = brackets(one.low, one.high, one.bar)
    numbers = [_inside(values, one, low, high) for low, high in cuts]
    under = [number if high <= one.bar else 0 for number, (_, high) in zip(numbers, cuts, strict=True)]
    over = [number - less for number, less in zip(numbers, under, strict=True)]
    names = _names(one)
    cells = column_of(board.book, one.key)
    rows = [
        (f"{figure(low)} à {figure(high)}", *_pair(one, cells, low, high, both))
        for (low, high), *both in zip(cuts, under, over, strict=True)
    ]
    top = board.row
    block = board.table((one.name, *(f"{sign} {figure(one.bar)}" for sign in _signs(one))), rows)
    title = printed(f"{one.name} sur {figure(one.high)}, en nombre de candidats")
    board.chart(
        distribution_chart(board.book.workbook, block, title, dict(zip(names, (under, over), strict=True))), top, 12
    )


def _signs(one: _Marked) -> tuple[str, str]:
    return ("≤", ">") if one.strict else ("<", "≥")


def _names(one: _Marked) -> tuple[str, str]:
    bar = figure(one.bar)
    return (f"{bar} ou moins", f"plus de {bar}") if one.strict else (f"moins de {bar}", f"{bar} ou plus")


def _inside(values: Sequence[Decimal], one: _Marked, low: Decimal, high: Decimal) -> int:
    """How many values are in a bracket: a mark on a cut is on the same side of it as on the side of its bar."""
    if one.strict:
        return sum(low < value <= high or value == low == one.low for value in values)
    return sum(low <= value < high or value == high == one.high for value in values)


def _pair(
    one: _Marked, cells: str, low: Decimal, high: Decimal, numbers: Sequence[int]
) -> tuple[int | Cell, int | Cell]:
    """Who is in a bracket, under the bar or over it: the bar is one of the cuts, so that one of the two is 0."""
    if one.strict:
        lower, upper = ">=" if low == one.low else ">", "<="
    else:
        lower, upper = ">=", "<=" if high == one.high else "<"
    formula = f'COUNTIFS({cells},"{lower}"&{low:f},{cells},"{upper}"&{high:f})'
    under = high <= one.bar
    return (Cell(numbers[0], formula), 0) if under else (0, Cell(numbers[1], formula))
