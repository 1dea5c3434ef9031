"""What input cells take: validations with a stop message, and formats that show what is wrong.

A rule is the same everywhere: the drop-down list or formula that stops a typing mistake, and the conditional formats
that catch what a paste let through.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

from engine.model import wording
from engine.model.forms import Domain, Nature
from engine.model.values import figure
from engine.office import styles
from engine.templates.canvas import Canvas

_LONGEST_LIST = 255  # signs that Excel takes for the list of a validation
_TITLES = {
    Nature.NUMBER: "Valeur non admise",
    Nature.YES_NO: "Oui ou Non",
    Nature.TICK: "x, ou rien",
    Nature.DATE: "Date",
    Nature.CHOICE: "Décision",
    Nature.LETTER: "Valeur non admise",
}


@dataclass(frozen=True)
class Cells:
    """Cells of one column, as runs of rows (first, last), from top to bottom."""

    column: int
    runs: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, column: int, rows: Sequence[int]) -> Cells:
        """The cells of these rows, in order."""
        runs: list[tuple[int, int]] = []
        for row in rows:
            if runs and runs[-1][1] == row - 1:
                runs[-1] = (runs[-1][0], row)
            else:
                runs.append((row, row))
        return cls(column, tuple(runs))

    @property
    def first(self) -> str:
        """The relative address of the first cell, which the formulas of a rule speak of."""
        return str(xl_rowcol_to_cell(self.runs[0][0], self.column))

    @property
    def ranges(self) -> str:
        """``H12:H16 H18:H27``."""
        return " ".join(xl_range(first, self.column, last, self.column) for first, last in self.runs)

    @property
    def corners(self) -> list[list[int]]:
        """[first row, column, last row, column] of each run."""
        return [[first, self.column, last, self.column] for first, last in self.runs]


def validate(canvas: Canvas, domain: Domain, cells: Cells) -> None:
    """Stop what the cells do not take, with a message that says what is allowed; free text is left alone."""
    if domain.nature in (Nature.TEXT, Nature.CODES):
        return
    first, *others = cells.corners
    options: dict[str, Any] = _criteria(domain, cells.first) | {
        "error_title": _TITLES[domain.nature],
        "error_message": styles.printed(wording.stop_message(domain, canvas.form)),
        "error_type": "warning" if domain.nature is Nature.DATE else "stop",
        "other_cells": others,
    }
    if canvas.sheet.data_validation(*first, options) != 0:
        raise ValueError(f"{cells.ranges} of {canvas.sheet.get_name()} could not be validated")


def _criteria(domain: Domain, address: str) -> dict[str, Any]:
    """A list where there is one to choose from, else a formula: lists of decimals depend on the reader's settings."""
    choices = _choices(domain)
    if choices and len(",".join(choices)) <= _LONGEST_LIST:
        return {"validate": "list", "source": choices}
    return {"validate": "custom", "value": f"={_holds(domain, address)}"}


def _choices(domain: Domain) -> list[str]:
    if domain.nature is Nature.YES_NO:
        return ["Oui", "Non"]
    if domain.nature is Nature.TICK:
        return ["x"]
    if domain.nature is Nature.CHOICE:
        return list(map(str, domain.choices))
    if domain.nature is Nature.LETTER:
        return [*reversed(domain.choices), *_states(domain)]
    if domain.nature is Nature.NUMBER and all(value == int(value) for value in domain.values):
        return [figure(value) for value in domain.values] + _states(domain) if domain.values else []
    return []


def _states(domain: Domain) -> list[str]:
    return sorted(domain.states)


def _holds(domain: Domain, address: str) -> str:
    """A formula that is true when a cell that is not blank holds what its domain takes, false for anything else."""
    if domain.nature is Nature.NUMBER:
        return f"IF(ISNUMBER({address}),{_in_range(domain, address)},{_one_of(address, _states(domain))})"
    if domain.nature is Nature.DATE:
        return f"IF(ISNUMBER({address}),{address}>=1,LEN({address})=10)"
    if domain.nature is Nature.LETTER:
        return _one_of(address, [*domain.choices, *_states(domain)])
    words = {Nature.YES_NO: wording.YES_NO_WORDS, Nature.TICK: wording.TICKS}
    return _one_of(address, words.get(domain.nature, domain.choices))


def _in_range(domain: Domain, address: str) -> str:
    tests = [f"{address}>={domain.minimum:f}", f"{address}<={domain.maximum:f}"]
    if domain.step is not None:
        rank = f"({address}-{domain.minimum:f})/{domain.step:f}"
        tests.append(f"ABS({rank}-ROUND({rank},0))<0.000001")
    return f"AND({','.join(tests)})"


def _one_of(address: str, accepted: Sequence[str]) -> str:
    tests = [f'UPPER({address})="{word.upper()}"' for word in accepted]
    if not tests:
        return "FALSE"
    return tests[0] if len(tests) == 1 else f"OR({','.join(tests)})"


def mark(canvas: Canvas, domain: Domain, cells: Cells, *, to_fill: bool) -> None:
    """Show what a cell does not take in brick, bold and underlined; whiten the tint of one that is well filled."""
    if domain.nature in (Nature.TEXT, Nature.CODES, Nature.DATE):
        if to_fill:
            show(canvas, cells, f"LEN({cells.first})>0", {"bg_color": styles.WHITE})
        return
    holds = _holds(domain, cells.first)
    wrong = f"IF(ISERROR({cells.first}),TRUE,IF(LEN({cells.first})=0,FALSE,NOT({holds})))"
    show(canvas, cells, wrong, styles.WRONG)
    if to_fill:
        right = f"IF(ISERROR({cells.first}),FALSE,IF(LEN({cells.first})=0,FALSE,{holds}))"
        show(canvas, cells, right, {"bg_color": styles.WHITE})  # no number format: 80% must go on showing as 80%


def show(canvas: Canvas, cells: Cells, formula: str, properties: Mapping[str, Any]) -> None:
    """Change the look of cells where a formula, written for the first of them, is true."""
    column = cells.column
    options = {"type": "formula", "criteria": f"={formula}", "format": canvas.conditional(properties)}
    if len(cells.runs) > 1:
        options["multi_range"] = cells.ranges
    first, last = cells.runs[0][0], cells.runs[-1][1]
    if canvas.sheet.conditional_format(first, column, last, column, options) != 0:
        raise ValueError(f"{cells.ranges} of {canvas.sheet.get_name()} could not be given a conditional format")
