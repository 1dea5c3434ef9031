"""What a column of a results sheet is, and how wide it must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from engine.office.metrics import text_width
from engine.office.styles import HAIRLINE, STYLES
from engine.outputs.tables.column import Column as Described
from engine.outputs.workbook.looks import Rule

LANDSCAPE_FROM = 760  # pixels: wider tables are printed across the page
_ROOM = {False: 700, True: 1000}  # pixels a sheet fills at least, portrait or landscape
_HEADING_SIZE = 8
_BUTTON = 18  # pixels a filter button takes
_NARROW = 60  # pixels
_IDENTIFIERS = ("Identifiant", "Candidat")


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column: exact ``heading``, ``width`` in pixels, ``style`` fragments and ``number`` format of its cells.

    Without a heading, it is how a column described elsewhere looks.

    ``group`` is printed above a run of columns and centred across it; ``above`` is the minimum shown over the heading;
    ``rotated`` headings stand upright in narrow columns; ``opens`` draws a hairline at the left of a group;
    ``stretch`` marks the column that takes the room a small table leaves; ``rules`` are its conditional formats.
    """

    heading: str = ""
    width: int = 110
    style: tuple[str, ...] = ()
    number: str = ""
    group: str = ""
    above: Decimal | int | str | None = None
    rotated: bool = False
    opens: bool = False
    stretch: bool = False
    rules: tuple[Rule, ...] = ()

    def styled(self, name: str, default: Any, extra: tuple[str, ...] = ()) -> Any:
        """What its style fragments, then the ``extra`` ones, say of an xlsxwriter property."""
        found = (STYLES[style][name] for style in reversed(self.style + extra) if name in STYLES[style])
        return next(found, default)

    @property
    def size(self) -> float:
        """The font size of its cells, in points."""
        size: float = self.styled("font_size", 9)
        return size

    @property
    def edge(self) -> dict[str, Any]:
        """The border at its left."""
        return {"left": 1, "left_color": HAIRLINE} if self.opens else {}

    @property
    def heading_width(self) -> float:
        """The length of its heading, in pixels."""
        return text_width(self.heading, _HEADING_SIZE, bold=True)

    @property
    def tight(self) -> bool:
        """Whether a filter button beside the heading would hide some of it; narrow columns stand together."""
        return (
            bool(self.width)
            and not self.rotated
            and (self.width < _NARROW or self.heading_width + _BUTTON + 8 > self.width)
        )


USUAL = Column(style=("note", "text", "wrap"))
"""How a column looks when nothing more is said."""


def headed(described: Mapping[str, Described], looks: Mapping[str, Column]) -> list[Column]:
    """The columns that these descriptions call for, in their order, with the looks given for their keys."""
    return [replace(looks.get(key, USUAL), heading=each.name) for key, each in described.items()]


def fitted(texts: Iterable[str], *, low: int, high: int, size: float = 9, bold: bool = False) -> int:
    """A width in pixels that holds these texts, within bounds."""
    widest = max((text_width(text, size, bold=bold) for text in texts), default=0.0)
    return min(max(low, round(widest / 0.92) + 14), high)


_LONGEST_SHOWN = 220  # pixels


def showing(identifiers: Iterable[str]) -> int:
    """The width in pixels that shows any of these identifiers on one line, within reason: as links, LibreOffice does
    not fold them, and what it cuts off is where they differ."""
    return fitted(identifiers, low=0, high=_LONGEST_SHOWN, size=8)


def identified(columns: Sequence[Column], room: int) -> list[Column]:
    """The same columns, those that hold one candidate's identifier at least ``room`` pixels wide."""
    return [
        replace(column, width=max(column.width, room)) if column.heading in _IDENTIFIERS else column
        for column in columns
    ]


def first_fitting(texts: Sequence[str], width: float) -> str:
    """The first of these group names that fits in a width; the last one when none does."""
    return next((text for text in texts if text_width(text, _HEADING_SIZE, bold=True) < width - 6), texts[-1])


def ever_shorter(title: str) -> list[str]:
    """A title, then fewer and fewer of its words, then nothing: what does not fit over its columns is cut at both ends
    without a sign."""
    words = title.split(" ")
    return [title, *(f"{' '.join(words[:number])}…" for number in range(len(words) - 1, 0, -1)), ""]


def is_wide(columns: Sequence[Column]) -> bool:
    """Whether these columns are printed in landscape."""
    return sum(column.width for column in columns) > LANDSCAPE_FROM


def stretched(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The same columns, one of them widened where they would leave a good part of the page empty."""
    room = _ROOM[is_wide(columns)] - sum(column.width for column in columns)
    if room <= 0:
        return tuple(columns)
    taker = next((column for column in reversed(columns) if column.stretch), columns[-1])
    return tuple(replace(column, width=column.width + room) if column is taker else column for column in columns)


def heading_height(columns: Sequence[Column]) -> float:
    """The height in points that shows every heading clear of its filter button."""
    lengths = [column.heading_width * 0.75 for column in columns if column.rotated]
    tight = [10.5 for column in columns if column.tight]
    return round(max([*lengths, *tight]) + _BUTTON + 6) if lengths or tight else 24.0
