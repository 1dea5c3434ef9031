"""How words and figures look on a page: symbol, weight and tint together, so that grey print tells them apart."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engine.model import Decision, MarkOutcome, Outcome, State
from engine.office.styles import ACCENT, BRICK, BRICK_TINT, FAINT, PENDING, SOFT, TINT, UNSETTLED, WHITE

Look = Mapping[str, Any]

SYMBOLS: Mapping[str, str] = {
    State.VALIDATED: "●",
    State.FAILED: "×",
    State.PENDING: "○",
    State.NOT_PRESENTED: "–",
    Decision.ADMITTED: "●",
    Decision.PARTIAL: "◊",
    Decision.REFUSED: "×",
    Decision.PENDING: "○",
    Decision.LEFT: "–",
}
DECISIONS: Mapping[Decision, Look] = {
    Decision.ADMITTED: {"font_color": WHITE, "bg_color": ACCENT, "border": 1, "border_color": ACCENT},
    Decision.PARTIAL: {"font_color": ACCENT, "bg_color": TINT, "border": 1, "border_color": ACCENT},
    Decision.REFUSED: {"font_color": BRICK, "bg_color": BRICK_TINT, "border": 1, "border_color": BRICK},
    Decision.PENDING: {"font_color": SOFT, "bg_color": PENDING, "border": 1, "border_color": SOFT},
    Decision.LEFT: {"font_color": FAINT, "italic": True, "border": 1, "border_color": FAINT},
}
STATES: Mapping[State, Look] = {
    State.VALIDATED: {"font_color": ACCENT, "bold": True},
    State.FAILED: {"font_color": BRICK, "bold": True},
    State.PENDING: {"font_color": SOFT, "bold": True},
    State.NOT_PRESENTED: {"font_color": SOFT},
}
REACHED = "#8FB2C2"
"""The bars of what reaches its minimum: lighter than a failure's, in grey too."""
FAILED: Look = {"bold": True, "underline": 1, "font_color": BRICK}
MISSING: Look = {"bg_color": PENDING}


def signed(state: State | Decision) -> str:
    """The number format that shows a word behind its symbol."""
    return f';;;"{SYMBOLS[state]} "@'


def decision_look(outcome: Outcome) -> dict[str, Any]:
    """The look of a decision; one that a sheet still to come may change does not look settled."""
    look = {"num_format": signed(outcome.decision), **DECISIONS[outcome.decision]}
    if not outcome.provisional or outcome.decision in (Decision.PENDING, Decision.LEFT):
        return look
    color = look["border_color"]
    return look | {"num_format": UNSETTLED, "italic": True, "font_color": color, "bg_color": PENDING, "font_size": 12}


def alone(state: State) -> str:
    """The number format that shows the symbol instead of the word."""
    return f';;;"{SYMBOLS[state]}"'


def level_format(value: Decimal | str | None) -> str:
    """A level with the decimals it has; a letter is a text."""
    if isinstance(value, str):
        return "@"
    if value is None:
        return "0"
    return "0" if value == value.to_integral_value() else "0.0###"


def mark_format(value: Decimal, bar: Decimal) -> str:
    """Two decimals, or as many as it takes not to show a mark at the bar that it does not have."""
    decimals = 2
    while decimals < 15 and value != bar and _rounded(value, decimals) == _rounded(bar, decimals):
        decimals += 1
    return f"0.{'0' * decimals}"


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def mark_look(mark: MarkOutcome, below: bool) -> Look:
    """The look of a mark: failing by itself, held back by something else, or missing."""
    if mark.value is None and not mark.code:
        return {} if mark.state is State.NOT_PRESENTED else MISSING
    return FAILED if below or (mark.state is State.FAILED and mark.value is None) else {}
