"""The sheet `Statistiques`: counts, rates and native charts, one block under the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from xlsxwriter.chart import Chart
from xlsxwriter.worksheet import Worksheet

from engine.model import Decision, Oral, Outcome, Referential, State
from engine.results.charts import Block, decisions_chart, distribution_chart, stacked_chart
from engine.results.frame import Book, Line, Value, finish_page, write_block, write_value
from engine.results.people import has_left
from engine.styles import printed
from engine.values import figure

NAME = "Statistiques"
_WIDTHS = (120, 62, 70, 70, 56, 16, 115, 115, 115, 115)  # pixels: five columns of figures, then room for the charts
_CHART_COLUMN = 6
_ROW = 17.25  # points
_RATES: Line = (("Taux : part des candidats, abandons exclus, qui ont validé la condition", "caption"),)
_BRACKETS = 10  # of the oral's points, about


def write_statistics(book: Book) -> None:
    """Write the sheet."""
    sheet = book.workbook.add_worksheet(NAME)
    for index, width in enumerate(_WIDTHS):
        sheet.set_column_pixels(index, index, width)
    row = write_block(book, sheet, NAME, (_rate_of_success(book.outcomes), _RATES), _WIDTHS) + 1
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

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> Block:
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


def _rate_of_success(outcomes: Sequence[Outcome]) -> Line:
    found = Counter(outcome.decision for outcome in outcomes)
    decided = found[Decision.ADMITTED] + found[Decision.PARTIAL] + found[Decision.REFUSED]
    if not decided:
        return (("Aucune décision prononcée", "strong"),)
    admitted = found[Decision.ADMITTED]
    share = round(100 * admitted / decided)
    return ((f"{share} % d'admis", "strong"), (f" : {admitted} sur {decided} candidats décidés", "caption"))


def _write_decisions(page: _Page) -> None:
    found = Counter(outcome.decision for outcome in page.book.outcomes)
    figures = {decision: found[decision] for decision in Decision}
    total, top = len(page.book.outcomes), page.row
    rows = [(decision.value, number, _share(number, total)) for decision, number in figures.items()]
    block = page.table(("Décision", "Candidats", "Part"), rows)
    page.chart(decisions_chart(page.book.workbook, block, figures), top, 10)


def _share(part: int, whole: int) -> Decimal | None:
    return Decimal(part) / whole if whole else None


# --------------------------------------------------------------------------------------- conditions


def _conditions(referential: Referential) -> Iterator[tuple[str, Callable[[Outcome], State]]]:
    for bloc in referential.blocs:
        yield bloc.code, lambda outcome, code=bloc.code: outcome.blocs[code].state
    if referential.transversal:
        yield "Transversales", lambda outcome: outcome.transversal.state
    if referential.oral:
        yield "Oral", lambda outcome: outcome.oral.state
    if referential.national_exam:
        yield referential.national_exam.code, lambda outcome: outcome.exam.state
    if referential.units:
        yield "UE", lambda outcome: outcome.unit_state


def _write_conditions(page: _Page) -> None:
    conditions = dict(_conditions(page.book.referential))
    _write_states(page, "Condition", "Conditions, en nombre de candidats", conditions)


def _write_states(
    page: _Page,
    heading: str,
    title: str,
    conditions: Mapping[str, Callable[[Outcome], State]],
) -> None:
    present = [outcome for outcome in page.book.outcomes if not has_left(outcome)]
    counts = {name: Counter(read(outcome) for outcome in present) for name, read in conditions.items()}
    top = page.row
    rows = [
        (name, *(count[state] for state in State), _share(count[State.VALIDATED], len(present)))
        for name, count in counts.items()
    ]
    block = page.table((heading, *(state.value for state in State), "Taux"), rows)
    figures = {state: [count[state] for count in counts.values()] for state in State}
    page.chart(stacked_chart(page.book.workbook, block, printed(title), figures), top, 12)


def _write_units(page: _Page, referential: Referential) -> None:
    units = {unit.code: lambda outcome, code=unit.code: outcome.units[code].state for unit in referential.units}
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
    names = [f"{figure(low)} à {figure(high)}" for low, high in cuts]
    top = page.row
    bar = figure(oral.at_least)
    headings = ("Oral, en points", f"< {bar}", f"≥ {bar}")
    block = page.table(headings, list(zip(names, under, over, strict=True)))
    series = {f"moins de {bar}": under, f"{bar} ou plus": over}
    title = f"Grand oral sur {figure(oral.points)}, en nombre de candidats"
    page.chart(distribution_chart(page.book.workbook, block, title, series), top, 12)
