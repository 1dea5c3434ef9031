"""How marks and points are shown: enough decimals to tell the truth at the bar."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from engine.model import MarkOutcome, Referential
from engine.model.texts import counted

_CENT = Decimal("0.01")


def shown_mark(mark: MarkOutcome) -> Decimal | str | None:
    """The content of the cell of a mark: the mark, `ABS` or `DISP`, or nothing."""
    return mark.value if mark.value is not None else mark.code or None


def mark_look(mark: MarkOutcome, bar: Decimal) -> tuple[str, ...]:
    """More decimals for a mark that two would show on the bar: 10,004 is above 10, and must not read 10,00."""
    return ("precise",) if mark.value is not None and hides_bar(mark.value, bar) else ()


def hides_bar(value: Decimal, bar: Decimal) -> bool:
    """Whether two decimals would show a mark at the bar that it does not have."""
    return value != bar and value.quantize(_CENT, ROUND_HALF_UP) == bar.quantize(_CENT, ROUND_HALF_UP)


def required(number: int) -> str:
    """``3 requises``: how many competences a condition calls for."""
    return counted(number, "requise")


def points_format(referential: Referential) -> str:
    """The number format of the oral's aggregate, with the decimals the policy keeps."""
    return "0." + "0" * referential.policy.rounding if referential.policy.rounding else "0"
