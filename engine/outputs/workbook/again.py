"""The workbook that stands, told again: nothing moved since, but what told of a change tells of none.

Only `Évolution` and `Accueil` are then drawn, after `Anomalies` and `Fichiers` when an anomaly told of a change too.
The other sheets stand before them in the file, and say nothing that depends on them: their bytes are left alone. They
are those of a whole writing because these sheets are always drawn last, so that styles and texts are numbered alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pandas as pd

from engine.model import Awaited, Referential, Roster, Run
from engine.model.changes import Evolution
from engine.model.snapshot import Decided
from engine.office.styles import Styles, new_workbook, printed
from engine.outputs.workbook.bulk import lay_again
from engine.outputs.workbook.cells import escaped
from engine.outputs.workbook.frame import Frame, LiveSheet
from engine.outputs.workbook.places import ANOMALIES, EVOLUTION, FILES, HOME, Place
from engine.outputs.workbook.shared import SharedStrings

TITLE = "Résultats"
JOURNAL = (ANOMALIES, FILES)
"""Drawn after all other sheets, but for the last ones."""
LAST = (EVOLUTION, HOME)
"""Drawn after all: they always tell something else the night after a change."""
_ALL = ("xl/workbook.xml", "xl/styles.xml", "docProps/core.xml")
"""The members that depend on every sheet."""


@dataclass(kw_only=True)
class Sketch:
    """What drawing some sheets again calls for, as plain JSON takes it.

    ``styles`` and ``colours``: the formats of the sheets drawn before, in the order of their numbers; ``sheets``: name,
    filter, print area and repeated rows of each sheet; ``places`` and ``listed``: the arguments of each :class:`Place`;
    ``near`` and ``wide_gaps``: what `Accueil` counts of other sheets; ``texts``: how many the sheets drawn before
    share, in how many cells; ``caption``: the only one of them that tells the hour.
    """

    again: list[str]
    identifiers: list[str]
    styles: list[Any] = field(default_factory=list)
    colours: list[Any] = field(default_factory=list)
    sheets: list[Any] = field(default_factory=list)
    places: dict[str, Any] = field(default_factory=dict)
    listed: dict[str, Any] = field(default_factory=dict)
    near: int = 0
    wide_gaps: int = 0
    texts: list[int] = field(default_factory=list)
    caption: str = ""

    def as_json(self) -> dict[str, Any]:
        """The same, for :class:`Sketch` to be made of."""
        return asdict(self)


def sketched(book: Frame, again: Sequence[str], near: int, wide_gaps: int) -> Sketch:
    """What has been drawn, as the sheets to be drawn ``again`` must find it; :func:`complete` adds the rest."""
    settle(book)
    styles, colours = book.styles.numbered()
    return Sketch(
        again=list(again),
        identifiers=list(book.identifiers),
        styles=styles,
        colours=colours,
        places={name: _place(place) for name, place in book.places.items()},
        listed={name: _place(place) for name, place in book.listed.items()},
        near=near,
        wide_gaps=wide_gaps,
        caption=_caption(book),
    )


def settle(book: Frame) -> None:
    """Number the styles of the rows that wait to be written: the last one of each sheet does until the end."""
    for sheet in book.workbook.worksheets():
        for row in sheet.table.values():
            for cell in row.values():
                if cell.format is not None:
                    cell.format._get_xf_index()


def complete(sketch: Sketch, book: Frame, shared: Mapping[str, tuple[int, int]]) -> Sketch:
    """The same once all is written; ``shared``: what :func:`.bulk.lay` told."""
    sketch.sheets = [
        [sheet.name, sheet.autofilter_area, sheet.print_area_range, sheet.repeat_row_range]
        for sheet in book.workbook.worksheets()
    ]
    sketch.texts = list(shared[late_members(book, sketch.again)[0]])
    return sketch


def late_members(book: Frame, names: Sequence[str]) -> list[str]:
    """The members that are laid last, whether there are links or not: those of these sheets, then those of all."""
    ranks = {sheet.name: rank for rank, sheet in enumerate(book.workbook.worksheets(), start=1)}
    places = [(f"xl/worksheets/sheet{ranks[name]}.xml", ranks[name]) for name in names]
    own = [part for place, rank in places for part in (place, f"xl/worksheets/_rels/sheet{rank}.xml.rels")]
    return [*own, *_ALL]


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A results workbook that stands, and what it was drawn by; ``run`` is the new one."""

    path: Path
    sketch: Sketch
    referential: Referential
    roster: Roster
    run: Run


@dataclass(frozen=True, kw_only=True)
class Tonight:
    """What the sheets that are drawn again tell; ``awaited``: of the sheets that have not come.

    The tables are :data:`engine.model.tables.ANOMALIES` and :data:`engine.model.tables.FILES`.
    """

    decided: Sequence[Decided]
    anomalies: pd.DataFrame
    files: pd.DataFrame
    awaited: Awaited
    evolution: Evolution


def draw_again(
    standing: Standing, target: Path, draw: Callable[[Frame], Sketch], workplace: Path | None = None
) -> Sketch:
    """Write the workbook that stands to exactly ``target``, some of its sheets drawn again; what ``draw`` gives, for
    another night.

    Raises :class:`ValueError` when it is not the one that was sketched, :class:`OSError` when it cannot be written.
    """
    sketch, run = standing.sketch, standing.run
    with TemporaryFile(dir=workplace) as framed:
        workbook = new_workbook(framed, title=TITLE, made_at=run.made_at, constant_memory=True, workplace=workplace)
        workbook.worksheet_class = LiveSheet
        book = Frame(
            workbook=workbook,
            styles=Styles(workbook),
            referential=standing.referential,
            roster=standing.roster,
            run=run,
            identifiers=tuple(sketch.identifiers),
            places=dict(_places(sketch.places)),
            listed=dict(_places(sketch.listed)),
        )
        book.styles.renumber(sketch.styles, sketch.colours)
        for name, *ranges in sketch.sheets:
            book.reserve(name)
            if name not in sketch.again:
                sheet = book.sheet(name)
                sheet.autofilter_area, sheet.print_area_range, sheet.repeat_row_range = ranges
        drawn = draw(book)
        workbook.close()
        anew = {sketch.caption: _caption(book)}
        shared = lay_again(
            framed,
            standing.path,
            target,
            late_members(book, sketch.again),
            lambda stored: SharedStrings.resumed(stored, anew, *sketch.texts),
        )
        return complete(drawn, book, shared)


def _place(place: Place) -> list[Any]:
    return [list(place.keys), place.first, place.count]


def _places(told: Mapping[str, Any]) -> Iterator[tuple[str, Place]]:
    for name, (keys, first, count) in told.items():
        yield name, Place(name, keys, first, count)


def _caption(book: Frame) -> str:
    """What every sheet says of the hour, as the part of the texts holds it."""
    return f"<t>{escaped(printed(book.captions[-1]))}</t>"
