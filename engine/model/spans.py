"""Spans of time as people type them: ``24 mois``, ``2 ans``, ``90 jours``, or shorter ``24m``, ``2a``, ``90j``."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.model.texts import bare, counted

_SHAPE = re.compile(r"0*([1-9][0-9]{0,4})\s*(j|jours?|m|mois|a|ans?|annees?)")


@dataclass(frozen=True)
class Span:
    """A whole number of months, or of days."""

    months: int = 0
    days: int = 0

    def __str__(self) -> str:
        if self.days:
            return counted(self.days, "jour")
        return f"{self.months} mois"

    def before(self, moment: datetime) -> datetime:
        """The moment that was this long ago: the same day of its month, or the last one."""
        month = moment.year * 12 + moment.month - 1 - self.months
        if month < 12:
            return datetime.min
        year, month = month // 12, month % 12 + 1
        day = min(moment.day, monthrange(year, month)[1])
        return moment.replace(year=year, month=month, day=day) - timedelta(days=self.days)


def parse(text: str) -> Span:
    """The span a text is. Raises ``ValueError``, in French, when it is none."""
    match = _SHAPE.fullmatch(bare(text))
    if match is None:
        raise ValueError(f"« {text} » n'est pas une durée ; écrivez par exemple 24 mois, 2 ans ou 90 jours")
    count, unit = int(match[1]), match[2][0]
    return {"j": Span(days=count), "m": Span(months=count), "a": Span(months=12 * count)}[unit]
