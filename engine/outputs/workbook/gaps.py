"""The sheet `Écarts`: who rated how, side by side: by competence, by section of the oral and by its total.

Gaps that the checks report come first. Levels and points have different scales: then gaps are ordered by their share
of the scale, so that one list holds both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from heapq import nsmallest
from itertools import chain, count

import pandas as pd

from engine.model import Candidate, Kind, Outcome, Referential, Scale
from engine.model.catalogue import CATALOGUE, Gravity
from engine.model.marks import LEVEL_INPUT, POINTS_INPUT
from engine.model.rules import rank_formula
from engine.model.tables import VALUE
from engine.model.unfolding import ByCandidate
from engine.model.values import figure
from engine.office.styles import printed
from engine.outputs.workbook.column import Column
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.grid import Shape, Table
from engine.outputs.workbook.looks import REPORTED, WIDE_GAP
from engine.outputs.workbook.people import has_left
from engine.outputs.workbook.places import GAPS
from engine.outputs.workbook.tallies import Rows, Tally, tallied

MOST = 1_000
"""Rows shown: beyond the largest gaps, a longer list would hide them."""
PRINTED = 60
"""Rows printed: the largest gaps, on a page or two."""
SHARE, FLAGGED = "Part de l'échelle", "Anomalie"
_CODE = next(code for code, entry in CATALOGUE.items() if entry.tells_gap)
HALF = Decimal("0.5")
"""Of the scale: a gap that is pointed out."""
_NONE = "Aucun écart entre évaluateurs"

CANDIDATE, TUTORS, TRAINERS, JURORS = "Auto-évaluation", "Tuteurs", "Formateurs", "Jurés"
Said = dict[str, Decimal]
"""What was said, by evaluator; the candidate's own level under the empty identifier."""


@dataclass(frozen=True)
class Gap:
    """What several people said of one thing. ``said``: by quality, who said how much; ``scale``: the widest gap there
    could be; ``flagged``: whether an anomaly reports it; ``levels``: the scale of levels."""

    candidate: Candidate
    kind: str
    code: str
    title: str
    scale: Decimal
    said: Mapping[str, Said] = field(default_factory=dict)
    flagged: bool = False
    levels: Scale | None = None

    def shown(self, value: Decimal) -> Decimal | str:
        """An opinion as people read it."""
        return self.levels.shown(value) if self.levels else value

    @cached_property
    def values(self) -> list[Decimal]:
        """Every opinion."""
        return [value for said in self.said.values() for value in said.values()]

    @cached_property
    def width(self) -> Decimal:
        """From the lowest opinion to the highest."""
        return max(self.values) - min(self.values)

    @cached_property
    def share(self) -> Decimal:
        """The same, out of the widest gap there could be."""
        return self.width / self.scale


def gaps(
    marks: pd.DataFrame, outcomes: Sequence[Outcome], referential: Referential, flags: Flags = frozenset()
) -> tuple[int, list[Gap]]:
    """How many gaps there are, and the first :data:`MOST`: those of ``flags`` (candidate, code), then the largest by
    share of their scale, then in the sheets' order."""
    rank = count()
    found = chain(
        _levels(marks, outcomes, referential, flags),
        _transversal(marks, outcomes, referential, flags),
        _oral(marks, outcomes, referential, flags),
    )
    counted = (gap for gap, _ in zip(found, rank, strict=False))
    largest = nsmallest(MOST, counted, key=lambda gap: (not gap.flagged, -gap.share))
    return next(rank), largest


Flags = Set[tuple[str, str]]
"""What an anomaly reports as far apart: candidate and code, an empty one for the oral's total."""


def flags_of(anomalies: pd.DataFrame) -> Flags:
    """The gaps that are reported, from the table of anomalies."""
    told = anomalies[(anomalies["code"] == _CODE) & (anomalies["gravity"] == Gravity.WARNING)]
    return set(zip(told["candidate"].astype(object), told["value"].astype(object), strict=True))


def _levels(marks: pd.DataFrame, outcomes: Sequence[Outcome], referential: Referential, flags: Flags) -> Iterator[Gap]:
    scale = referential.scales.level
    rated = _Opinions(marks, Kind.GRILLE, (LEVEL_INPUT, "auto"), scale)
    for outcome in _present(outcomes):
        person, said = outcome.candidate, rated.about(outcome.candidate)
        for one in referential.competences:
            opinions = said.get(one.code, {})
            if _apart(opinions):
                sides, flagged = _sides(person, opinions), (person.id, one.code) in flags
                yield Gap(person, "Compétence", one.code, one.title, _widest(scale), sides, flagged, scale)


def _transversal(
    marks: pd.DataFrame, outcomes: Sequence[Outcome], referential: Referential, flags: Flags
) -> Iterator[Gap]:
    if referential.transversal is None:
        return
    scale = referential.scales.level
    rated = _Opinions(marks, Kind.TRANSVERSALE, (LEVEL_INPUT,), scale)
    for outcome in _present(outcomes):
        person, said = outcome.candidate, rated.about(outcome.candidate)
        for one in referential.transversal.items:
            opinions = said.get(one.code, {})
            if _apart(opinions):
                flagged = (person.id, one.code) in flags
                sides = {JURORS: opinions}
                yield Gap(person, "Transversale", one.code, one.title, _widest(scale), sides, flagged, scale)


def _apart(said: Said) -> bool:
    """Whether several people said several things."""
    return len(set(said.values())) > 1


def _widest(scale: Scale) -> Decimal:
    return scale.maximum - scale.minimum


def _sides(candidate: Candidate, opinions: Said) -> dict[str, Said]:
    tutors = {identifier.casefold() for identifier in candidate.tutors}
    sides: dict[str, Said] = {CANDIDATE: {}, TUTORS: {}, TRAINERS: {}}
    for evaluator, value in opinions.items():
        side = CANDIDATE if not evaluator else TUTORS if evaluator.casefold() in tutors else TRAINERS
        sides[side][evaluator] = value
    return sides


def _oral(marks: pd.DataFrame, outcomes: Sequence[Outcome], referential: Referential, flags: Flags) -> Iterator[Gap]:
    """The whole and its sections, of which several jurors gave every point."""
    if referential.oral is None:
        return
    given, sections = _Opinions(marks, Kind.ORAL, (POINTS_INPUT,)), referential.oral.sections
    parts = [("Total du grand oral", referential.oral.items, referential.oral.points)]
    parts += [(section.title, section.items, section.points) for section in sections]
    for outcome in _present(outcomes):
        person, points = outcome.candidate, given.about(outcome.candidate)
        for title, items, scale in parts:
            by_item = [points.get(item.code, {}) for item in items]
            jurors = [juror for juror in by_item[0] if all(juror in item for item in by_item)]
            if len(jurors) > 1:
                totals = {juror: sum((item[juror] for item in by_item), Decimal(0)) for juror in jurors}
                flagged = title == parts[0][0] and (person.id, "") in flags
                if _apart(totals):
                    yield Gap(person, "Oral", "", title, scale, {JURORS: totals}, flagged)


def _present(outcomes: Sequence[Outcome]) -> Iterator[Outcome]:
    return (outcome for outcome in outcomes if not has_left(outcome))


class _Opinions:
    """What was given in some inputs of a kind of sheets."""

    def __init__(self, marks: pd.DataFrame, kind: Kind, entries: Sequence[str], scale: Scale | None = None) -> None:
        self._ranks = {letter: scale.rank(letter) for letter in scale.ladder} if scale else {}
        wanted = (marks["kind"] == kind) & (marks["state"] == VALUE) & marks["input"].isin(entries)
        self._given = ByCandidate(marks, wanted, ("code", "evaluator", "input", "value"))

    def about(self, candidate: Candidate) -> Mapping[str, Said]:
        """Code -> evaluator -> value; what the candidate filled is under the empty identifier."""
        found: dict[str, Said] = defaultdict(dict)
        for code, evaluator, entry, value in self._given.of(candidate.id):
            found[code]["" if entry == "auto" else evaluator] = self._ranks.get(value, value)
        return found


# ----------------------------------------------------------------------------------------------- sheet


def write_gaps(book: Book, marks: pd.DataFrame, anomalies: pd.DataFrame) -> int:
    """Write the sheet; how many of its gaps are pointed out."""
    number, shown = gaps(marks, book.outcomes, book.referential, flags_of(anomalies))
    text, said = ("note", "text", "wrap"), ("note", "text", "wrap", "indented")
    sides = (TUTORS, TRAINERS, *((JURORS,) if book.referential.oral or book.referential.transversal else ()))
    columns = (
        Column(heading="Candidat", width=76, style=("small", "text")),
        Column(heading="Nom", width=130, style=("bold", "text", "wrap")),
        Column(heading="Prénom", width=92, style=("text", "wrap")),
        Column(heading="Objet", width=92, style=("note", "text", "indented"), opens=True),
        Column(heading="Code", width=60, style=("note", "bold", "text")),
        Column(heading="Intitulé", width=262, style=text, stretch=True),
        Column(heading=FLAGGED, width=78, style=("note", "text", "center"), rules=REPORTED),
        Column(heading="Écart", width=62, style=("bold", "right")),
        Column(heading=SHARE, width=112, style=("right",), number="0 %", rules=WIDE_GAP),
        Column(heading="Plus bas", width=72, style=("center",)),
        Column(heading="Plus haut", width=76, style=("center",)),
        Column(heading=CANDIDATE, width=112, style=("center",), opens=True),
        *(Column(heading=side, width=112, style=said) for side in sides),
    )
    people = [gap.candidate.id for gap in shown]
    lines = tallied(book, columns, Tally("Candidat", people, (Rows("*", "écart", "écarts"),), _NONE), _how(number))
    table = Table(book, GAPS, columns, lines=lines, shape=Shape(frozen=3))
    for gap in shown:
        person, values, row = gap.candidate, gap.values, table.row + 1
        own = gap.said.get(CANDIDATE, {}).get("")
        facts = (person.id, person.last_name, person.first_name, gap.kind, gap.code, printed(gap.title))
        told = [_told(gap, side) for side in sides]
        lowest, highest = (rank_formula(f"{letter}{row}", gap.levels.ladder if gap.levels else ()) for letter in "JK")
        formulas = {7: f"{highest}-{lowest}", 8: f"H{row}/{gap.scale:f}"}
        links = {0: book.candidate_link(person.id)}
        flag = _CODE if gap.flagged else None
        bounds = [gap.shown(min(values)), gap.shown(max(values)), None if own is None else gap.shown(own)]
        table.add([*facts, flag, gap.width, gap.share, *bounds, *told], {}, formulas, links)
    table.close(printed_rows=PRINTED)
    return sum(gap.flagged or gap.share >= HALF for gap in shown)


def _told(gap: Gap, side: str) -> str:
    """``2 (T01), 3 (T02)``."""
    shown = {evaluator: gap.shown(value) for evaluator, value in gap.said.get(side, {}).items()}
    return ", ".join(
        f"{figure(value) if isinstance(value, Decimal) else value} ({evaluator})" for evaluator, value in shown.items()
    )


def _how(number: int) -> Line:
    """How to read the list, and what it leaves out."""
    order = f" signalé ({_CODE}), ou la moitié de l'échelle      Les signalés d'abord, puis les plus grands"
    cut = f"      Seuls les {MOST} plus grands écarts sur {number} sont ici" if number > MOST else ""
    return (("▲", "strong"), (f"{order}{cut}", "caption"))
