"""How a word of the results looks: a symbol, a weight and a tint, so that grey print and any eye can tell.

A cell keeps its word; the symbol comes from the number format of a conditional format. On any cell at most one rule
is true: LibreOffice drops the number format of one when two are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.model import Decision, State
from engine.model.admission import Admissibility
from engine.model.anomalies import Gravity
from engine.model.expected import FileState
from engine.model.forms import ABSENT
from engine.model.rules import rank_formula
from engine.office.styles import (
    ACCENT,
    BRICK,
    BRICK_TINT,
    FAINT,
    INK,
    PENDING,
    SOFT,
    STYLES,
    TINT,
    UNSETTLED,
    WHITE,
)

Look = Mapping[str, Any]

FAILED: Look = STYLES["failed"]
WAITING: Look = STYLES["pending"]


@dataclass(frozen=True)
class Rule:
    """A conditional format of a column.

    ``formula`` is in US syntax; in it ``{here}`` is the cell, ``{next}`` its right neighbour and ``{above}`` the cell
    of the same column in the row above the headings.
    """

    formula: str
    look: Look


def _symbol(sign: str, **look: Any) -> Look:
    return {"num_format": f';;;"{sign}"', **look}


def _signed(sign: str, **look: Any) -> Look:
    return {"num_format": f';;;"{sign} "@', **look}


def words(looks: Mapping[str, Look]) -> tuple[Rule, ...]:
    """How each of these words looks, where a cell holds it."""
    return tuple(Rule(f'{{here}}="{word}"', look) for word, look in looks.items())


_DECISIONS: Mapping[str, Look] = {
    Decision.ADMITTED: _signed("●", bold=True, font_color=WHITE, bg_color=ACCENT),
    Decision.PARTIAL: _signed("◊", bold=True, font_color=ACCENT, bg_color=TINT),
    Decision.REFUSED: _signed("×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
    Decision.PENDING: _signed("○", bold=True, font_color=SOFT, bg_color=PENDING),
    Decision.LEFT: _signed("–", italic=True, font_color=FAINT),
}
DECISIONS = words(_DECISIONS)
"""The decision, in words behind its symbol."""

SETTLED = (Decision.ADMITTED, Decision.PARTIAL, Decision.REFUSED)
"""The decisions that are final, unless they are provisional."""


def _beside_provisional(word: Decision) -> Iterator[Rule]:
    here, look = f'{{here}}="{word}"', _DECISIONS[word]
    if word not in SETTLED:
        yield Rule(here, look)
        return
    color = BRICK if word is Decision.REFUSED else ACCENT
    unsettled = {"num_format": UNSETTLED, "bold": True, "italic": True, "font_color": color, "bg_color": PENDING}
    yield Rule(f'AND({here},{{next}}<>"Oui")', look)
    yield Rule(f'AND({here},{{next}}="Oui")', unsettled)


DECISIONS_BESIDE = tuple(rule for word in Decision for rule in _beside_provisional(word))
"""The same, at the left of the column `Provisoire`: what a sheet still to come may change does not look settled."""

STATES = words(
    {
        State.VALIDATED: _symbol("●", font_color=ACCENT),
        State.FAILED: _symbol("×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
        State.PENDING: _symbol("○", font_color=SOFT, bg_color=PENDING),
    }
)
"""The state of a condition, as its symbol alone: the column is narrow."""

ADMISSIBILITIES = words(
    {
        Admissibility.ADMISSIBLE: _signed("●", bold=True, font_color=ACCENT),
        Admissibility.EXEMPT: _signed("–", font_color=SOFT),
        Admissibility.REFUSED: _signed("×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
        Admissibility.INCOMPLETE: _signed("○", bold=True, font_color=SOFT, bg_color=PENDING),
    }
)
"""Who may sit the grand oral, in words behind a symbol."""

STATE_WORDS = words(
    {
        State.VALIDATED: _signed("●", font_color=ACCENT),
        State.FAILED: _signed("×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
        State.PENDING: _signed("○", font_color=SOFT, bg_color=PENDING),
    }
)
"""The state of a condition, in words behind its symbol."""

COUNTED = (
    Rule(f'{{next}}="{State.FAILED}"', FAILED),
    Rule(f'{{next}}="{State.PENDING}"', WAITING),
)
"""A figure that takes the look of the state on its right."""


def below(ladder: Sequence[str]) -> tuple[Rule, ...]:
    """A level under the minimum that stands above its column; ``ladder``: the letters of their scale, if any."""
    here, above = (rank_formula(cell, ladder) for cell in ("{here}", "{above}"))
    known = f"{here}>0" if ladder else f"ISNUMBER({here})"
    return (Rule(f"AND({known},{here}<{above})", FAILED),)


def below_or_absent(bar: Decimal) -> tuple[Rule, ...]:
    """A mark that must be above ``bar`` and is not, or a declared absence."""
    return (Rule(f'OR({{here}}="{ABSENT}",AND(ISNUMBER({{here}}),{{here}}<={bar:f}))', FAILED),)


def under_or_absent(bar: Decimal) -> tuple[Rule, ...]:
    """A mark that must be at least ``bar`` and is not, or a declared absence."""
    return (Rule(f'OR({{here}}="{ABSENT}",AND(ISNUMBER({{here}}),{{here}}<{bar:f}))', FAILED),)


PROVISIONAL = words({"Oui": {"bold": True}, "Non": _symbol("–", font_color=FAINT)})
NEGATIVE = words({"Non": FAILED})
ABSENCE = words({ABSENT: FAILED})

WIDE_GAP = (Rule("{here}>=0.5", {"num_format": '"▲ "0 %', "bold": True, "font_color": INK}),)
"""A gap of half its scale or more."""

REPORTED = (Rule('{here}<>""', _signed("▲", bold=True, font_color=INK)),)
"""What an anomaly reports."""

GRAVITIES = words(
    {
        Gravity.BLOCKING: _signed("×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
        Gravity.WARNING: _signed("▲", bold=True, font_color=INK),
        Gravity.INFO: _signed("–", font_color=SOFT, bg_color=PENDING),
    }
)
"""The gravity of an anomaly."""

FILE_STATES = words(
    {
        FileState.ACCEPTED: _signed("●", font_color=ACCENT),
        FileState.WITH_RESERVES: _signed("▲", bold=True, font_color=INK),
        FileState.REFUSED: _signed("×", bold=True, font_color=BRICK, bg_color=BRICK_TINT),
        FileState.REPLACED: _signed("□", font_color=SOFT, bg_color=PENDING),
        FileState.IGNORED: _signed("–", font_color=SOFT, bg_color=PENDING),
    }
)
"""What became of a return."""

ATTENTION = {
    "calm": Rule("{here}=0", {"num_format": '"● "0', "font_color": ACCENT}),
    "grave": Rule("{here}>0", {"num_format": '"× "0', "bold": True, "font_color": BRICK, "bg_color": BRICK_TINT}),
    "waiting": Rule("{here}>0", {"num_format": '"○ "0', "bold": True, "font_color": INK, "bg_color": PENDING}),
    "warning": Rule("{here}>0", {"num_format": '"▲ "0', "bold": True, "font_color": INK}),
}
"""How a number of things to look at is shown: none, or any, by how grave they are."""

SAMPLES: Mapping[str, Look] = {
    "good": {"font_color": ACCENT},
    "bad": {"bold": True, "font_color": BRICK, "bg_color": BRICK_TINT},
    "waiting": WAITING,
    "bad_figure": FAILED,
    "strong": {"bold": True},
    "held": {name: look for name, look in STYLES["held"].items() if name in ("font_color", "bg_color")},
    "unsettled": {"bold": True, "italic": True, "font_color": ACCENT, "bg_color": PENDING},
    "departed": {"italic": True, "font_color": FAINT},
}
"""The looks that the legend explains."""
