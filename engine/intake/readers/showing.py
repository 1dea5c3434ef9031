"""What cells show, once it is known what they hold: by their number formats, and by rules that may apply to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.intake.readers.grid import Area, Place
from engine.intake.readers.look import Look
from engine.model import displays
from engine.model.values import Raw, Tell, exact


def look_again(look: Look, rows: list[list[Raw]]) -> tuple[Mapping[Place, Tell], Mapping[Place, tuple[str, ...]]]:
    """The tells of the cells, and what each one may show that has number formats out of the ordinary."""
    if not look.codes and not look.rules:
        return look.tells, {}
    tells, codes = dict(look.tells), [*look.codes.items()]
    for area, face in look.rules:
        for place in _held(area, rows):
            tells[place] = tells.get(place, Tell.NONE) | face.tell
            codes += [(place, face.code)] if face.code else []
    shown: dict[Place, tuple[str, ...]] = {}
    for place, code in codes:
        value = _value(rows, place)
        if isinstance(value, str | float) and value != "":
            shown[place] = (*shown.get(place, ()), _shown(value, code))
    return tells, shown


def _value(rows: list[list[Raw]], place: Place) -> Raw:
    row, column = place
    return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""


def _held(area: Area, rows: list[list[Raw]]) -> Iterator[Place]:
    """The cells of an area that hold something."""
    (top, left), (bottom, right) = area
    for row in range(top, min(bottom + 1, len(rows))):
        for column in range(left, min(right + 1, len(rows[row]))):
            if rows[row][column] != "":
                yield row, column


def _shown(value: str | float, code: str) -> str:
    return displays.of_text(code, value) if isinstance(value, str) else displays.of_number(code, exact(value))
