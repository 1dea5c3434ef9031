"""Whether data tell of each candidate what a results workbook shows: the one is frozen, the others go on with the
returns."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation

from engine.outputs.delivery.checking import rows
from engine.outputs.delivery.synthesis import WHO, synthesis

_OF_THE_DAY = (WHO, "Nom", "Prénom", "Provisoire", "Motifs")
"""Headings that tell who somebody is, or what becomes of a session that is closed."""


def unlike(workbook: bytes, data: bytes) -> dict[str, list[str]]:
    """By identifier, the headings below which both tell something else. Raises ``ValueError`` or ``KeyError`` when
    either cannot be read."""
    shown = synthesis(workbook)
    compared = ((row[WHO], shown[row[WHO]], row) for row in rows(data) if row[WHO] in shown)
    told = {who: [each for each in mine if _differs(each, mine, theirs)] for who, mine, theirs in compared}
    return {who: headings for who, headings in told.items() if headings}


def _differs(heading: str, shown: Mapping[str, str], row: Mapping[str, str]) -> bool:
    if heading in _OF_THE_DAY or heading not in row:
        return False
    return _worth(shown[heading]) != _worth(row[heading] or row.get(f"{heading} code", ""))


def _worth(text: str) -> Decimal | str:
    """A number whatever its spelling, a text as it is."""
    try:
        return round(Decimal(text.replace(",", ".")), 6)
    except InvalidOperation:
        return text.strip()
