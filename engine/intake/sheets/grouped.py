"""Marks typed into two sheets at once: while sheets are selected together, what is typed in one goes into the others.

The workbook tells which sheets were selected together when it was saved. Where they also hold the same at the same
addresses, nobody can tell for which of them a value was meant: neither is believed. Sheets that were parted before
saving, or by a program that keeps no such selection, leave only the likeness. Between two kinds of sheet, whose scales
differ, it is no chance, and neither is believed; one evaluator may give two people the same levels: that is told, and
the values stand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from engine.model import Mark
from engine.model.anomalies import Gravity, make
from engine.model.returns import SheetReport, SheetStatus
from engine.model.tables import EXCLUDED

_CLOSING = frozenset({"date", "signature"})
_FEW = 3
"""Fewer values that are the same at the same addresses are chance."""

_MANY, _VARIED = 8, 3
"""How many cells, of how many different values, are no chance where all of them are the same."""

_MENDED = 1
"""How many of them may have been mended since, between two scales where so many are no chance all the same."""

_LISTED = 60
_REMEDY = (
    "Cliquez sur l'onglet d'une autre feuille pour dissocier les feuilles, vérifiez chaque valeur des deux fiches, "
    "puis renvoyez le classeur."
)
_REMEDY_PARTED = (
    "Vérifiez chaque valeur des deux fiches, retapez celles de la fiche à qui elles n'étaient pas destinées, puis "
    "renvoyez le classeur ; si toutes sont justes, renvoyez les deux feuilles dans deux classeurs."
)


def doubt_grouped(sheets: Iterable[tuple[SheetReport, bool]], file: str) -> None:
    """Tell of the sheets of a workbook that were filled at once, and exclude what they share, in place.

    ``sheets``: each recognised sheet, and whether it was selected when the workbook was saved.
    """
    received = [(sheet, selected) for sheet, selected in sheets if sheet.status is SheetStatus.RECEIVED]
    for (one, first), (other, second) in combinations(received, 2):
        if one.key != other.key:
            _compare(one, other, file, together=first and second)


def _compare(one: SheetReport, other: SheetReport, file: str, *, together: bool) -> None:
    here, there = _typed(one), _typed(other)
    both = [cell for cell in here if cell in there]
    same = [cell for cell in both if here[cell].raw == there[cell].raw]
    varied = len(same) >= _MANY and len({here[cell].raw for cell in same}) >= _VARIED
    if together and len(same) >= _FEW:
        blocking = 2 * len(same) >= len(both)
    elif varied and one.kind is not other.kind and len(same) >= len(both) - _MENDED:
        blocking = True
    elif varied and len(same) == len(both):
        blocking = False
    else:
        return
    likeness = _Likeness(same, len(both), together, blocking)
    for sheet, beside in ((one, other), (other, one)):
        _tell(sheet, beside, likeness, file)


def _typed(sheet: SheetReport) -> dict[str, Mark]:
    """The marks of a sheet, by address."""
    return {mark.cell: mark for mark in sheet.marks if mark.cell and mark.raw and mark.input not in _CLOSING}


@dataclass(frozen=True)
class _Likeness:
    """How two sheets are alike: the cells that hold the ``same``, of how many that are filled in ``both``; whether they
    were saved selected ``together``, and whether neither may be believed."""

    same: list[str]
    both: int
    together: bool
    blocking: bool


def _tell(sheet: SheetReport, beside: SheetReport, found: _Likeness, file: str) -> None:
    same, blocking = found.same, found.blocking
    how = "sont sélectionnées ensemble" if found.together else "ont sans doute été sélectionnées ensemble"
    message = (
        f"Les feuilles « {sheet.sheet} » et « {beside.sheet} » {how} : ce qu'on saisit dans l'une s'écrit dans "
        f"l'autre. {len(same)} valeurs sur {found.both} sont les mêmes aux mêmes adresses"
    )
    message += " ; on ne sait pour laquelle elles ont été saisies, elles sont en attente." if blocking else "."
    if blocking:
        cells = set(same)
        sheet.marks = [
            mark._replace(value=None, state=EXCLUDED) if mark.cell in cells else mark for mark in sheet.marks
        ]
    sheet.anomalies.append(
        make(
            "V03",
            message,
            gravity=Gravity.BLOCKING if blocking else Gravity.WARNING,
            remedy=_REMEDY if found.together else _REMEDY_PARTED,
            candidate=sheet.candidate,
            evaluator=sheet.evaluator,
            file=file,
            sheet=sheet.sheet,
            cell="; ".join(same[:_LISTED]),
        )
    )
