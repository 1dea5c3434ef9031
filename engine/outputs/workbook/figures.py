"""How marks and points are shown: enough decimals to tell the truth at the bar."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from engine.model import Aggregate, MarkOutcome, Referential, State
from engine.model.forms import ABSENT, EXEMPT
from engine.model.texts import counted

_CENT = Decimal("0.01")
_FUNCTIONS = {"mean": "AVERAGE", "median": "MEDIAN", "min": "MIN", "max": "MAX"}


def shown_mark(mark: MarkOutcome) -> Decimal | str | None:
    """What the cell of a mark holds: the mark, `ABS` or `DISP`, or nothing."""
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


# ------------------------------------------------------------------------------------------ in formulas


def aggregate(cells: str, how: Aggregate, referential: Referential) -> str:
    """The formula that makes one figure of several, rounded as the policy says; of the numbers alone."""
    return f"ROUND({_FUNCTIONS[how]}({cells}),{referential.policy.rounding})"


def reached(levels: str, minima: str) -> str:
    """The formula that counts the levels at or above their minimum.

    A level is a number or an empty text, and any text is greater than a number: the empty ones are left out.
    """
    return f'SUMPRODUCT(({levels}<>"")*({levels}>={minima}))'


def settled(reached: str, missing: str, required: int) -> str:
    """The formula of the state of a count: settled only when what is missing can no longer change it."""
    return (
        f'IF({reached}>={required},"{State.VALIDATED}",'
        f'IF({reached}+{missing}<{required},"{State.FAILED}","{State.PENDING}"))'
    )


def judged(mark: str, passes: str, report: str = "") -> str:
    """The formula of the state of a mark: ``passes`` is the comparison with its bar, ``report`` another condition."""
    fails = f'OR({mark}="{ABSENT}",AND(ISNUMBER({mark}),NOT({mark}{passes})))'
    known = f'OR(ISNUMBER({mark}),{mark}="{EXEMPT}")'
    if report:
        fails = f'OR({report}="{State.FAILED}",{fails})'
        known = f'AND({report}="{State.VALIDATED}",{known})'
    return f'IF({fails},"{State.FAILED}",IF({known},"{State.VALIDATED}","{State.PENDING}"))'
