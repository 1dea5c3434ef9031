"""How jurors mark beside each other: each one's mean and that of the other jurors, for the same candidates.

A juror who saw stronger candidates gives more points without being kinder: only candidates whom both heard are
compared. Each pair of complete sheets of one candidate counts once for each of its two jurors.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

import pandas as pd

from engine.outputs.parts import oral_rule
from engine.outputs.workbook.board import Board, Cell, column_of
from engine.outputs.workbook.charts import pairs_chart
from engine.outputs.workbook.jurors import Jury
from engine.outputs.workbook.places import ORAL

_LONGEST = 8_000  # signs of a formula, less some room


@dataclass
class _Juror:
    """What a juror gave (``own``) and what the others gave (``others``), pair by pair; ``sheets``: complete ones."""

    sheets: int = 0
    own: list[Decimal] = field(default_factory=list)
    others: list[Decimal] = field(default_factory=list)


def write_severity(board: Board, marks: pd.DataFrame) -> None:
    """One row per juror who shares a candidate with another; nothing when nobody does."""
    jury = Jury(board.book, marks)
    found = {name: juror for name, juror in sorted(_gather(board, jury).items()) if juror.own}
    if not found:
        return
    board.section(
        "Jurés côte à côte",
        "Moyenne de chaque juré et des autres jurés, pour les mêmes candidats (fiches complètes)",
    )
    top, rows = board.row, []
    for number, (name, juror) in enumerate(found.items(), start=top + 2):
        formulas = _Formulas(board, jury.seats, f"$A{number}")
        own, others = _mean(juror.own), _mean(juror.others)
        rows.append(
            (
                name,
                formulas.cell(juror.sheets, formulas.sheets()),
                formulas.cell(own, formulas.own()),
                formulas.cell(others, formulas.others()),
                Cell(round(own - others, 6), f'IF(C{number}="","",ROUND(C{number}-D{number},6))'),
            )
        )
    block = board.table(("Juré", "Fiches", "La sienne", "Des autres", "Écart"), rows)
    series = {
        "le juré": [_mean(juror.own) for juror in found.values()],
        "les autres, mêmes candidats": [_mean(juror.others) for juror in found.values()],
    }
    board.chart(pairs_chart(board.book.workbook, block, "Jurés, moyenne des totaux", series), top, 2 * len(rows) + 6)


def _gather(board: Board, jury: Jury) -> dict[str, _Juror]:
    found: dict[str, _Juror] = {}
    for outcome in board.book.outcomes:
        totals = [(jury.name(outcome, seat), jury.total(outcome, seat)) for seat in range(jury.seats)]
        complete = [(name, total) for name, total in totals if name and isinstance(total, Decimal)]
        for name, total in complete:
            juror = found.setdefault(name, _Juror())
            juror.sheets += 1
            beside = [other for one, other in complete if one != name]
            juror.others += beside
            juror.own += [total] * len(beside)
    return found


def _mean(values: list[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


class _Formulas:
    """Sums over the seats of `Oral`; ``juror`` is the cell that names one. Only a complete sheet has a number.

    Whether it has is told by operators alone, which every program unfolds over several cells.
    """

    def __init__(self, board: Board, seats: int, juror: str) -> None:
        self._juror = juror
        self._most = oral_rule(board.book.referential).points
        self._names = [column_of(board.book, f"Juré {seat + 1}", ORAL) for seat in range(seats)]
        self._totals = [column_of(board.book, f"total juré {seat}", ORAL) for seat in range(seats)]

    def cell(self, value: int | Decimal, formula: str) -> int | Decimal | Cell:
        """The figure, live unless so many jurors sit together that no cell could hold its formula."""
        return Cell(value, formula) if len(formula) < _LONGEST else value

    def sheets(self) -> str:
        """How many complete sheets."""
        seats = zip(self._names, self._totals, strict=True)
        return "+".join(f"SUMPRODUCT(({name}={self._juror})*{self._is_number(total)})" for name, total in seats)

    def own(self) -> str:
        """The juror's mean over the pairs."""
        return self._over(
            [f"SUMPRODUCT(({name}={self._juror})*{self._is_number(o)},{t})" for name, t, o in self._pairs()]
        )

    def others(self) -> str:
        """The others' mean over the same pairs."""
        return self._over(
            [f"SUMPRODUCT(({name}={self._juror})*{self._is_number(t)},{o})" for name, t, o in self._pairs()]
        )

    def _over(self, sums: list[str]) -> str:
        counts = [
            f"SUMPRODUCT(({name}={self._juror})*{self._is_number(t)}*{self._is_number(o)})"
            for name, t, o in self._pairs()
        ]
        pairs = "+".join(counts)
        return f'IF({pairs}=0,"",({"+".join(sums)})/({pairs}))'

    def _is_number(self, totals: str) -> str:
        """1 for a total; a word is greater than any number."""
        return f'({totals}<>"")*({totals}<={self._most:f})'

    def _pairs(self) -> Iterator[tuple[str, str, str]]:
        """(names, totals, other totals) of each seat beside each other one."""
        for seat, (name, total) in enumerate(zip(self._names, self._totals, strict=True)):
            yield from ((name, total, other) for rank, other in enumerate(self._totals) if rank != seat)
