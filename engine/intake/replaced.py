"""Values that the commission's level replaces: what is wrong with them needs nobody any more, and warns."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from engine.model import Kind
from engine.model.anomalies import Anomaly, Gravity
from engine.model.catalogue import About
from engine.model.marks import VALUE
from engine.model.returns import SheetReport

Fixed = Collection[tuple[str, str]]
"""(candidate, competence) of each level that the commission set."""


def soften(sheets: Iterable[SheetReport]) -> None:
    """Lessen, in place, what is wrong with the levels that the commission set otherwise."""
    known = list(sheets)
    fixed = {
        (mark.candidate, mark.code)
        for sheet in known
        if sheet.kind is Kind.SYNTHESE
        for mark in sheet.marks
        if mark.input == "niveau" and mark.state == VALUE
    }
    for sheet in known if fixed else ():
        if sheet.kind is Kind.GRILLE:
            sheet.anomalies = [
                replace(each, gravity=Gravity.WARNING) if each.blocking and _is_about(each, sheet, fixed) else each
                for each in sheet.anomalies
            ]


def _is_about(anomaly: Anomaly, sheet: SheetReport, fixed: Fixed) -> bool:
    """Whether it is about such levels alone."""
    if anomaly.entry.about is About.ROW:
        return (sheet.candidate, anomaly.value) in fixed
    places = {mark.cell: (mark.candidate, mark.code) for mark in sheet.marks if mark.input == "niveau" and mark.cell}
    cells = anomaly.cell.split("; ")
    return all(places.get(cell) in fixed for cell in cells)
