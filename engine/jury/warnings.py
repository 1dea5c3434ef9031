"""What is told of admissions: who sits without an admissible file, and before whom nobody may sit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from engine.model import Kind
from engine.model.admission import Admission
from engine.model.anomalies import Anomaly, make
from engine.model.marks import POINTS_INPUT
from engine.model.tables import VALUE

if TYPE_CHECKING:
    import pandas as pd


def warnings(admissions: Iterable[Admission], marks: pd.DataFrame) -> Iterator[Anomaly]:
    """The anomalies R13 and R15 of these admissions; ``marks``: the table of :data:`engine.model.tables.MARKS`."""
    points = (marks["kind"] == Kind.ORAL) & (marks["input"] == POINTS_INPUT) & (marks["state"] == VALUE)
    sat = frozenset(marks["candidate"][points])
    for admission in admissions:
        yield from _without_a_file(admission, sat=admission.candidate.id in sat)
        for bond in admission.bonds:
            message = f"Jury : {bond.reason} ; il ne peut pas entendre ce candidat."
            yield make("R13", message, candidate=admission.candidate.id, evaluator=bond.juror)


def _without_a_file(admission: Admission, *, sat: bool) -> Iterator[Anomaly]:
    """The oral sat, or about to be, without an admissible file; where it was sat, R04 tells of a failed exam."""
    known = admission.admissibility
    if known is None or known.opens or not (sat or admission.convened):
        return
    lacks = admission.lacks if sat and admission.exam_failed else admission.reasons
    if lacks:
        what = "Le grand oral a été passé" if sat else "Le candidat est convoqué au grand oral"
        message = f"{what} sans dossier complet : {' ; '.join(lacks)}."
        yield make("R15", message, candidate=admission.candidate.id)
