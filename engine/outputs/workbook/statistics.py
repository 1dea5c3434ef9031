"""The sheet `Statistiques`: counts, rates and native charts, every figure a formula over the other sheets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import pandas as pd

from engine.model import Authority, BlocOutcome, Decision, MarkOutcome, OralOutcome, Outcome, Referential, State
from engine.model.errors import present as sure
from engine.model.outcome import ASKED
from engine.office.styles import printed
from engine.outputs.parts import bloc_of, exam_of, oral_of, transversal_of, unit_of
from engine.outputs.workbook.board import WIDTHS, Board, Cell, column_of
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.charts import decisions_chart, stacked_chart
from engine.outputs.workbook.frame import Book, Live, finish_page, write_block
from engine.outputs.workbook.looks import SETTLED
from engine.outputs.workbook.people import has_left
from engine.outputs.workbook.places import DECIDED_BY, NOTES, RULED, STATISTICS, state_of
from engine.outputs.workbook.severity import write_severity
from engine.outputs.workbook.shares import write_competences, write_sections
from engine.outputs.workbook.spread import write_spread
from engine.outputs.workbook.tallies import provisional_told, provisional_words
from engine.outputs.workbook.verdict import ORAL_STATE, TRANSVERSAL_STATE, UNIT_STATE


def write_statistics(book: Book, marks: pd.DataFrame) -> None:
    """Write the sheet."""
    sheet = book.workbook.add_worksheet(STATISTICS)
    for index, width in enumerate(WIDTHS):
        sheet.set_column_pixels(index, index, width)
    board = Board(book, sheet, write_block(book, sheet, STATISTICS, (_rate_of_success(book),), WIDTHS) + 1)
    board.section("Décisions et conditions", "Taux : part des candidats, abandons exclus, qui ont validé la condition")
    _write_decisions(board)
    if any(outcome.decided_by is Authority.JURY for outcome in book.outcomes):
        _write_jury(board)
    _write_conditions(board)
    if book.referential.units:
        _write_units(board, book.referential)
    write_competences(board)
    if book.referential.oral:
        write_sections(board)
        write_severity(board, marks)
    write_spread(board)
    sheet.freeze_panes(1, 0)
    finish_page(book, sheet, STATISTICS, landscape=False)


def _rate_of_success(book: Book) -> Live:
    found = Counter(outcome.decision for outcome in book.outcomes)
    decided, none = sum(found[decision] for decision in SETTLED), "Aucune décision prononcée"
    unsure = sum(outcome.provisional and outcome.decision in SETTLED for outcome in book.outcomes)
    words = (printed(" % d'admis : "), " sur ", " candidats décidés")

    def formula() -> str:
        column = column_of(book, "Décision")
        counts = [f'COUNTIF({column},"{decision}")' for decision in SETTLED]
        total = "+".join(counts)
        share = f'ROUND(100*{counts[0]}/({total}),0)&"{words[0]}"&{counts[0]}&"{words[1]}"&({total})&"{words[2]}"'
        provisional = f'{column_of(book, "Provisoire")},"Oui"'
        open_ones = f'(COUNTIF({provisional})-COUNTIFS({column},"{Decision.PENDING}",{provisional}))'
        return f'IF({total}=0,"{none}",{share}&{provisional_words(open_ones)})'

    if not decided:
        return Live(none, formula)
    admitted = found[Decision.ADMITTED]
    share = (Decimal(100 * admitted) / decided).quantize(Decimal(1), ROUND_HALF_UP)
    told = f"{share}{words[0]}{admitted}{words[1]}{decided}{words[2]}"
    return Live(told + provisional_told(unsure), formula)


def _write_decisions(board: Board) -> None:
    found = Counter(outcome.decision for outcome in board.book.outcomes)
    unsure = Counter(outcome.decision for outcome in board.book.outcomes if outcome.provisional)
    open_ones = {decision: unsure[decision] if decision in SETTLED else 0 for decision in Decision}
    others = {decision: found[decision] - open_ones[decision] for decision in Decision}
    total, top = len(board.book.outcomes), board.row
    column, everyone = column_of(board.book, "Décision"), f"COUNTA({column_of(board.book, 'Identifiant')})"
    provisional = f'{column_of(board.book, "Provisoire")},"Oui"'
    rows = [
        (
            decision.value,
            Cell(found[decision], f'COUNTIF({column},"{decision}")'),
            Cell(_share(found[decision], total), f'IF({everyone}=0,"",B{number}/{everyone})'),
            Cell(open_ones[decision], f'COUNTIFS({column},"{decision}",{provisional})') if decision in SETTLED else 0,
            Cell(others[decision], f"B{number}-D{number}"),
        )
        for number, decision in enumerate(Decision, start=top + 2)
    ]
    block = board.table(("Décision", "Candidats", "Part", "Provisoires", "Autres"), rows)
    board.chart(decisions_chart(board.book.workbook, block, others, open_ones), top, 10)


def _write_jury(board: Board) -> None:
    """How many candidates the jury decided for, and of them its departures from the rules."""
    by_jury = [outcome for outcome in board.book.outcomes if outcome.decided_by is Authority.JURY]
    departures = [outcome for outcome in by_jury if outcome.departs]
    same_word = sum(outcome.decision is outcome.by_rules.decision for outcome in departures)
    stands, by, ruled = (column_of(board.book, heading) for heading in ("Décision", DECIDED_BY, RULED))
    otherwise = f'SUMPRODUCT(({by}="{Authority.JURY}")*({stands}<>{ruled}))'
    if same_word:
        otherwise = f"{otherwise}+{same_word}"
    rows: list[tuple[Value | Cell, ...]] = [
        ("Décidés par le jury", Cell(len(by_jury), f'COUNTIF({by},"{Authority.JURY}")')),
        ("Écarts aux règles", Cell(len(departures), otherwise)),
        ("dont les blocs seuls", same_word),
    ]
    board.table(("Jury", "Candidats"), rows)
    board.row += 1


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
        column = column_of(book, state_of(bloc.code))
        yield bloc.code, _Condition(_state(bloc_of(bloc.code)), column)
    if referential.transversal:
        yield "Transversales", _Condition(_state(transversal_of), column_of(book, TRANSVERSAL_STATE))
    if referential.oral:
        yield "Oral", _Condition(_state(oral_of), column_of(book, ORAL_STATE))
    if referential.national_exam:
        code = referential.national_exam.code
        yield code, _Condition(_state(exam_of), column_of(book, state_of(code)))
    if referential.units:
        yield "UE", _Condition(lambda outcome: sure(outcome.unit_state), column_of(book, UNIT_STATE))


def _state(part: Callable[[Outcome], BlocOutcome | OralOutcome | MarkOutcome]) -> Callable[[Outcome], State]:
    return lambda outcome: part(outcome).state


def _write_conditions(board: Board) -> None:
    _write_states(board, "Condition", "Conditions, en nombre de candidats", dict(_conditions(board.book)))


def _write_states(board: Board, heading: str, title: str, conditions: Mapping[str, _Condition]) -> None:
    present = [outcome for outcome in board.book.outcomes if not has_left(outcome)]
    counts = {name: Counter(map(one.state, present)) for name, one in conditions.items()}
    top, decisions = board.row, column_of(board.book, "Décision")
    absent = (State.NOT_PRESENTED,) if any(outcome.only_blocs for outcome in present) else ()
    rows: list[Sequence[Value | Cell]] = []
    for number, (name, condition) in enumerate(conditions.items(), start=top + 2):
        count = counts[name]
        states = {
            state: Cell(count[state], f'COUNTIFS({condition.column},"{state}",{decisions},"<>{Decision.LEFT}")')
            for state in State
        }
        others = (states.pop(State.NOT_PRESENTED),) if absent else ()
        asked = len(present) - count[State.NOT_PRESENTED]
        rate = f'IF(SUM(B{number}:D{number})=0,"",B{number}/SUM(B{number}:D{number}))'
        shown = [states[state] for state in ASKED]
        rows.append((name, *shown, Cell(_share(count[State.VALIDATED], asked), rate), *others))
    block = board.table((heading, *ASKED, "Taux", *absent), rows)
    figures = {state: [count[state] for count in counts.values()] for state in ASKED}
    board.chart(stacked_chart(board.book.workbook, block, printed(title), figures), top, 12)


def _write_units(board: Board, referential: Referential) -> None:
    units = {
        unit.code: _Condition(_state(unit_of(unit.code)), column_of(board.book, state_of(unit.code), NOTES))
        for unit in referential.units
    }
    _write_states(board, "UE", "Unités d'enseignement, en nombre de candidats", units)
