"""The sheet `Statistiques`: counts, rates and native charts, one block under the other, all read from `Synthèse`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from engine.model import Decision, Oral, Outcome, Referential, State
from engine.results.charts import Block, decisions_chart, distribution_chart, stacked_chart
from engine.results.frame import Book, Line, Live, Value, finish_page, write_block, write_live, write_value
from engine.results.people import has_left
from engine.results.places import NOTES, SUMMARY, state_of
from engine.results.verdict import ORAL_STATE, TRANSVERSAL_STATE, UNIT_STATE
from engine.styles import printed
from engine.values import figure

NAME = "Statistiques"
_WIDTHS = (120, 62, 70, 70, 56, 16, 115, 115, 115, 115)  # pixels: five columns of figures, then room for the charts
_CHART_COLUMN = 6
_ROW = 17.25  # points
_RATES: Line = (("Taux : part des candidats, abandons exclus, qui ont validé la condition", "caption"),)
_BRACKETS = 10  # of the oral's points, about


@dataclass(frozen=True)
class _Cell:
    """A figure, and the formula that gives it."""

    value: Value
    formula: str


def write_statistics(book: Book) -> None:
    """Write the sheet."""
    sheet = book.workbook.add_worksheet(NAME)
    for index, width in enumerate(_WIDTHS):
        sheet.set_column_pixels(index, index, width)
    row = write_block(book, sheet, NAME, (_rate_of_success(book), _RATES), _WIDTHS) + 1
    page = _Page(book, sheet, row)
    _write_decisions(page)
    _write_conditions(page)
    if book.referential.oral:
        _write_oral(page, book.referential.oral)
    if book.referential.units:
        _write_units(page, book.referential)
    finish_page(book, sheet, NAME, landscape=False, fit_height=1)


class _Page:
    """The sheet being filled: small tables one under the other, each with its chart on the right."""

    def __init__(self, book: Book, sheet: Worksheet, row: int) -> None:
        self.book, self.sheet, self.row = book, sheet, row

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[Value | _Cell]]) -> Block:
        """Write one table; returns what its chart reads."""
        styles, top = self.book.styles, self.row
        self.sheet.set_row(self.row, _ROW)
        for index, heading in enumerate(headings):
            look = styles("heading", "left_aligned" if index == 0 else "right", text_wrap=False)
            write_value(self.sheet, self.row, index, heading, look)
        for row in rows:
            self.row += 1
            self.sheet.set_row(self.row, _ROW)
            for index, value in enumerate(row):
                percent = {"num_format": "0 %"} if headings[index] in ("Part", "Taux") else {}
                look = styles("body", "hairline", "text" if index == 0 else "right", **percent)
                if isinstance(value, _Cell):
                    write_live(self.sheet, self.row, index, value.formula, value.value, look)
                else:
                    write_value(self.sheet, self.row, index, value, look)
        self.row += 1
        return Block(NAME, top + 1, [str(row[0]) for row in rows])

    def chart(self, chart: Chart, top: int, rows: int) -> None:
        """Insert a chart ``rows`` rows tall beside the table that starts at ``top``; the next one goes below both."""
        chart.set_size({"width": sum(_WIDTHS[_CHART_COLUMN:]), "height": round(rows * _ROW * 4 / 3)})
        self.sheet.insert_chart(top, _CHART_COLUMN, chart, {"object_position": 2})
        below = max(self.row, top + rows) + 1
        while self.row < below:
            self.sheet.set_row(self.row, _ROW)
            self.row += 1


def _column(book: Book, key: str, sheet: str = SUMMARY) -> str:
    """A column of a sheet, from the first candidate to the last."""
    return f"{sheet}!{book.places[sheet].column(key)}"


def _rate_of_success(book: Book) -> Live:
    found = Counter(outcome.decision for outcome in book.outcomes)
    known = (Decision.ADMITTED, Decision.PARTIAL, Decision.REFUSED)
    decided, none = sum(found[decision] for decision in known), "Aucune décision prononcée"
    words = (printed(" % d'admis : "), " sur ", " candidats décidés")

    def formula() -> str:
        counts = [f'COUNTIF({_column(book, "Décision")},"{decision}")' for decision in known]
        total = "+".join(counts)
        share = f'ROUND(100*{counts[0]}/({total}),0)&"{words[0]}"&{counts[0]}&"{words[1]}"&({total})&"{words[2]}"'
        return f'IF({total}=0,"{none}",{share})'

    if not decided:
        return Live(none, formula)
    admitted = found[Decision.ADMITTED]
    share = (Decimal(100 * admitted) / decided).quantize(Decimal(1), ROUND_HALF_UP)
    return Live(f"{share}{words[0]}{admitted}{words[1]}{decided}{words[2]}", formula)


def _write_decisions(page: _Page) -> None:
    found = Counter(outcome.decision for outcome in page.book.outcomes)
    figures = {decision: found[decision] for decision in Decision}
    total, top = len(page.book.outcomes), page.row
    column, everyone = _column(page.book, "Décision"), f"COUNTA({_column(page.book, 'Identifiant')})"
    rows = [
        (
            decision.value,
            _Cell(number, f'COUNTIF({column},"{decision}")'),
            _Cell(_share(number, total), f'IF({everyone}=0,"",B{top + rank + 2}/{everyone})'),
        )
        for rank, (decision, number) in enumerate(figures.items())
    ]
    block = page.table(("Décision", "Candidats", "Part"), rows)
    page.chart(decisions_chart(page.book.workbook, block, figures), top, 10)


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


# --------------------------------------------------------------------------------------- conditions


@dataclass(frozen=True)
class _Condition:
    """Whose candidates are counted by state: how it is read, and the column it stands in."""

    state: Callable[[Outcome], State]
    column: str


def _conditions(book: Book) -> Iterator[tuple[str, _Condition]]:
    referential = book.referential
    for bloc in referential.blocs:
        column = _column(book, state_of(bloc.code))
        yield bloc.code, _Condition(lambda outcome, code=bloc.code: outcome.blocs[code].state, column)
    if referential.transversal:
        yield "Transversales", _Condition(lambda outcome: outcome.transversal.state, _column(book, TRANSVERSAL_STATE))
    if referential.oral:
        yield "Oral", _Condition(lambda outcome: outcome.oral.state, _column(book, ORAL_STATE))
    if referential.national_exam:
        code = referential.national_exam.code
        yield code, _Condition(lambda outcome: outcome.exam.state, _column(book, state_of(code)))
    if referential.units:
        yield "UE", _Condition(lambda outcome: outcome.unit_state, _column(book, UNIT_STATE))


def _write_conditions(page: _Page) -> None:
    _write_states(page, "Condition", "Conditions, en nombre de candidats", dict(_conditions(page.book)))


def _write_states(page: _Page, heading: str, title: str, conditions: Mapping[str, _Condition]) -> None:
    present = [outcome for outcome in page.book.outcomes if not has_left(outcome)]
    counts = {name: Counter(map(one.state, present)) for name, one in conditions.items()}
    top, decisions = page.row, _column(page.book, "Décision")
    rows = []
    for number, (name, condition) in enumerate(conditions.items(), start=top + 2):
        count = counts[name]
        states = [
            _Cell(count[state], f'COUNTIFS({condition.column},"{state}",{decisions},"<>{Decision.LEFT}")')
            for state in State
        ]
        rate = f'IF(SUM(B{number}:D{number})=0,"",B{number}/SUM(B{number}:D{number}))'
        rows.append((name, *states, _Cell(_share(count[State.VALIDATED], len(present)), rate)))
    block = page.table((heading, *(state.value for state in State), "Taux"), rows)
    figures = {state: [count[state] for count in counts.values()] for state in State}
    page.chart(stacked_chart(page.book.workbook, block, printed(title), figures), top, 12)


def _write_units(page: _Page, referential: Referential) -> None:
    units = {
        unit.code: _Condition(
            lambda outcome, code=unit.code: outcome.units[code].state, _column(page.book, state_of(unit.code), NOTES)
        )
        for unit in referential.units
    }
    _write_states(page, "UE", "Unités d'enseignement, en nombre de candidats", units)


# --------------------------------------------------------------------------------------------- oral


def brackets(oral: Oral) -> list[tuple[Decimal, Decimal]]:
    """The scale of the oral cut in about ten brackets, the bar being one of the cuts."""
    width = oral.points / _BRACKETS
    below = [oral.at_least - width * rank for rank in range(int(oral.at_least / width) + 1)]
    above = [oral.at_least + width * rank for rank in range(1, int((oral.points - oral.at_least) / width) + 1)]
    cuts = sorted({Decimal(0), *below, *above, oral.points})
    return list(pairwise(cuts))


def _write_oral(page: _Page, oral: Oral) -> None:
    found = [
        outcome.oral.value for outcome in page.book.outcomes if not has_left(outcome) and outcome.oral.value is not None
    ]
    cuts = brackets(oral)
    counts = [sum(low <= value < high or value == high == oral.points for value in found) for low, high in cuts]
    under = [number if high <= oral.at_least else 0 for number, (_, high) in zip(counts, cuts, strict=True)]
    over = [number - less for number, less in zip(counts, under, strict=True)]
    top, bar = page.row, figure(oral.at_least)
    headings = ("Oral, en points", f"< {bar}", f"≥ {bar}")
    rows = [
        (f"{figure(low)} à {figure(high)}", *_bracket(page.book, low, high, numbers))
        for (low, high), *numbers in zip(cuts, under, over, strict=True)
    ]
    block = page.table(headings, rows)
    series = {f"moins de {bar}": under, f"{bar} ou plus": over}
    title = f"Grand oral sur {figure(oral.points)}, en nombre de candidats"
    page.chart(distribution_chart(page.book.workbook, block, title, series), top, 12)


def _bracket(book: Book, low: Decimal, high: Decimal, numbers: Sequence[int]) -> tuple[Value | _Cell, ...]:
    """Who is in a bracket, under the bar or over it: the bar is one of the cuts, so that one of the two is 0."""
    column, oral = _column(book, "Oral"), book.referential.oral
    upper = "<=" if high == oral.points else "<"
    formula = f'COUNTIFS({column},">="&{low:f},{column},"{upper}"&{high:f})'
    under = high <= oral.at_least
    return (_Cell(numbers[0], formula), 0) if under else (0, _Cell(numbers[1], formula))
