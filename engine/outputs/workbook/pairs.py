"""A condition in `Synthèse`: its figure, and its state beside it."""

from __future__ import annotations

from engine.outputs.workbook.column import Column, first_fitting
from engine.outputs.workbook.looks import COUNTED, STATES
from engine.outputs.workbook.people import Drawn, Formula, Spot

STATE_WIDTH = 23  # pixels: a symbol


def counting(total: int, groups: tuple[str, ...], *, opens: bool = True) -> Column:
    """A column that counts out of a total; ``groups``: its title above, from long to short."""
    return figures(30 if total < 10 else 38, f'0"/{total}"', groups, opens=opens)


def figures(width: int, number: str, groups: tuple[str, ...], *, opens: bool = True) -> Column:
    """A column of figures, that has room for its state beside it."""
    group = first_fitting(groups, width + STATE_WIDTH)
    return Column(width=width, style=("right",), number=number, group=group, rotated=True, opens=opens, rules=COUNTED)


def pair(heading: str, column: Column, count: Formula, state: Formula, key: str) -> dict[str, Drawn]:
    """A figure, and the state of its condition beside it."""
    return {heading: Drawn(column=column, formula=count), f"{heading} état": state_beside(column.group, state, key)}


def state_beside(group: str, formula: Formula, key: str) -> Drawn:
    """The column of a state, a symbol wide."""
    column = Column(width=STATE_WIDTH, style=("center", "text"), group=group, rotated=True, rules=STATES)
    return Drawn(column=column, formula=formula, key=key)


def copied(sheet: str, key: str) -> Formula:
    """What stands in another sheet; a formula would make 0 of a blank."""

    def formula(spot: Spot) -> str:
        cell = spot.cell(sheet, key)
        return f'IF({cell}="","",{cell})'

    return formula
