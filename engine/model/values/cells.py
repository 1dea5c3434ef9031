"""A raw cell: what a reader found in it, what its look tells, and how people see it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Flag, auto
from functools import lru_cache
from typing import TypeGuard

Raw = str | float | int | bool | date | datetime | time | timedelta | None

DAYS_TO_1904 = 1462
"""Days between the two dates that workbooks count from."""

_INVISIBLE = "\u00ad\u115f\u1160\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2800\u3164\ufeff"
_EDGES = re.compile(rf"^[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+$")
_TOO_LONG = Decimal(10) ** 15  # from there on a number is shown with an exponent


class Tell(Flag):
    """What a plain reading of a cell hides: told apart by looking at the file itself."""

    NONE = 0
    FORMULA = auto()
    ERROR = auto()
    PERCENT = auto()
    MERGED = auto()
    STRUCK = auto()
    UNSEEN = auto()  # of the colour of what is under it
    RAISED = auto()
    PICTURE = auto()


@lru_cache(maxsize=8192)  # every return holds the same texts
def trim(text: str) -> str:
    """The text without the blanks of any kind, visible or not, at its ends."""
    return _EDGES.sub("", text)


def is_number(raw: Raw) -> TypeGuard[float]:
    """Whether a cell holds a number; true and false are none."""
    return type(raw) in (int, float)


@lru_cache(maxsize=4096)
def exact(number: float) -> Decimal:
    """A stored number at 15 significant digits, as spreadsheets show it."""
    return Decimal(f"{number:.15g}") + 0  # + 0 turns a negative zero into zero


def figure(number: Decimal) -> str:
    """A number as French people read it: decimal comma, no useless zeros."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace(".", ",")


def percent(number: float) -> str:
    """A stored ratio as a percentage, as the cell shows it."""
    return f"{figure(exact(number * 100))} %"


def seen(raw: Raw, tell: Tell) -> str:
    """The text that a person sees in a cell whose number format matters: a ratio as its percentage."""
    return percent(raw) if tell and Tell.PERCENT in tell and is_number(raw) else shown(raw)


def shown(raw: Raw) -> str:
    """The value of a cell, as text for people; blank for nothing."""
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "VRAI" if raw else "FAUX"
    if isinstance(raw, float | int):
        return _shown_number(raw)
    if isinstance(raw, datetime):
        return f"{raw:%d/%m/%Y}" if raw.time() == time() else f"{raw:%d/%m/%Y %H:%M}"
    if isinstance(raw, date):
        return f"{raw:%d/%m/%Y}"
    if isinstance(raw, time):
        return f"{raw:%H:%M:%S}"
    if isinstance(raw, timedelta):
        return _shown_duration(raw)
    return str(raw)


@lru_cache(maxsize=4096)
def _shown_number(raw: float) -> str:
    number = exact(raw)
    return figure(number) if number.is_finite() and abs(number) < _TOO_LONG else f"{raw:g}"


def _shown_duration(span: timedelta) -> str:
    """Hours beyond a day, as spreadsheets show them: ``288:00:00``."""
    seconds = round(abs(span.total_seconds()))
    sign = "-" if span < timedelta() else ""
    return f"{sign}{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def clip(text: str, length: int = 60) -> str:
    """A text short enough for a message; what is cut is marked."""
    return text if len(text) <= length else text[:length] + "…"


def and_list(words: Iterable[str]) -> str:
    """``a, b et c``."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} et {last}" if first else last
