"""The kinds of sheet, each with all that is said of it whatever the certification.

What a sheet of a kind holds is in :mod:`engine.model.forms`; what its panel says, in :mod:`engine.model.wording`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from engine.model.people import ORAL, TRANSVERSAL, Role


class Measure(StrEnum):
    """What is typed in the main inputs of a kind of sheet."""

    LEVEL = "level"  # on a scale of levels
    POINTS = "points"  # out of the item's own maximum
    MARK = "mark"  # out of 20
    ANSWER = "answer"  # Oui or Non
    DECISION = "decision"  # the word of a decision


@dataclass(frozen=True, kw_only=True)
class KindRecord:
    """What is true of every sheet of a kind."""

    title: str
    """On the tab and in the sheet's header."""
    noun: str
    """Within a sentence."""
    workbook: str
    """The workbook that holds it, by title; ``rank``: its place there."""
    rank: int = 0
    filled_by: tuple[Role, ...]
    measure: Measure
    per_candidate: bool = True
    """One for each candidate. Otherwise it is about the cohort, and each row is a candidate."""
    per_evaluator: bool = True
    """One for each person who fills it. Otherwise whoever has the role fills the only one."""
    decides: bool = False
    """Whether a decision rests on what is typed in it."""
    provisional: bool = False
    """Whether a result stays provisional while it is missing: a later one could still move a mean."""
    candidate_part: bool = False
    """Whether the candidate fills columns of the first one."""
    condition: str = ""
    """What a candidate may keep from an earlier session that makes it needless."""
    once_rated: bool = False
    """Whether it is no longer awaited once each of its rows was rated by somebody."""
    of_blocs: bool = False
    """Whether its sections are blocs: a candidate who presents only some of them is asked for nothing else."""
    expected: bool = True
    """Whether it goes out with the first sheets and is awaited. Otherwise it is made for the jury, from what came, and
    nobody owes it."""
    by_cell: bool = False
    """Whether each cell of its versions counts for itself, so that several people may fill a part each."""
    sparse: bool = False
    """Whether it says only what is filled in it, its blank cells leaving what is known as it is."""


class Kind(StrEnum):
    """The kinds of sheet; the value is the word of the reference."""

    GRILLE = "GRILLE"
    TRAVAUX = "TRAVAUX"
    TRANSVERSALE = "TRANSVERSALE"
    ORAL = "ORAL"
    NOTES = "NOTES"
    VALIDATION = "VALIDATION"
    SYNTHESE = "SYNTHESE"
    DELIBERATION = "DELIBERATION"

    @cached_property
    def record(self) -> KindRecord:
        """The properties of every sheet of this kind."""
        return _RECORDS[self]


_RECORDS = {
    Kind.GRILLE: KindRecord(
        title="Grille de compétences",
        noun="grille de compétences",
        workbook="Grille de compétences",
        filled_by=(Role.TUTOR, Role.TRAINER),
        measure=Measure.LEVEL,
        decides=True,
        provisional=True,
        candidate_part=True,
        of_blocs=True,
    ),
    Kind.TRAVAUX: KindRecord(
        title="Travaux évalués",
        noun="travaux évalués",
        workbook="Grille de compétences",
        rank=1,
        filled_by=(Role.TUTOR, Role.TRAINER),
        measure=Measure.LEVEL,
        once_rated=True,
    ),
    Kind.TRANSVERSALE: KindRecord(
        title="Compétences transversales",
        noun="compétences transversales",
        workbook="Grand oral",
        rank=1,
        filled_by=(Role.JUROR,),
        condition=TRANSVERSAL,
        measure=Measure.LEVEL,
        decides=True,
        provisional=True,
    ),
    Kind.ORAL: KindRecord(
        title="Grand oral",
        noun="grand oral",
        workbook="Grand oral",
        filled_by=(Role.JUROR,),
        condition=ORAL,
        measure=Measure.POINTS,
        decides=True,
        provisional=True,
    ),
    Kind.NOTES: KindRecord(
        title="Notes",
        noun="notes",
        workbook="Notes",
        filled_by=(Role.SECRETARIAT,),
        measure=Measure.MARK,
        per_candidate=False,
        per_evaluator=False,
        decides=True,
        by_cell=True,
    ),
    Kind.VALIDATION: KindRecord(
        title="Validation des pièces",
        noun="validation des pièces",
        workbook="Validation",
        filled_by=(Role.REFERENT,),
        measure=Measure.ANSWER,
        per_candidate=False,
        by_cell=True,
    ),
    Kind.SYNTHESE: KindRecord(
        title="Synthèse",
        noun="synthèse de la commission",
        workbook="Synthèse",
        filled_by=(Role.REFERENT, Role.SECRETARIAT),
        measure=Measure.LEVEL,
        of_blocs=True,
        per_evaluator=False,
        decides=True,
        expected=False,
        sparse=True,
    ),
    Kind.DELIBERATION: KindRecord(
        title="Délibération",
        noun="délibération du jury",
        workbook="Délibération",
        filled_by=(Role.JUROR,),
        measure=Measure.DECISION,
        per_candidate=False,
        per_evaluator=False,
        decides=True,
        expected=False,
        sparse=True,
    ),
}


def _workbooks() -> dict[str, tuple[Kind, ...]]:
    found: dict[str, list[Kind]] = {}
    for kind in Kind:
        found.setdefault(kind.record.workbook, []).append(kind)
    return {title: tuple(sorted(kinds, key=lambda kind: kind.record.rank)) for title, kinds in found.items()}


WORKBOOKS = _workbooks()
"""The workbooks that go out, by title, and the sheets they hold in order."""

GUIDE, SYNTHESIS = "Mode d'emploi", "Synthèse"
READ_ONLY = (GUIDE, SYNTHESIS)
"""The sheets that go out to be read only, by title: they ask for nothing and bear no reference."""
