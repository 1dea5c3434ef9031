"""What is decided for each candidate, down to each level and mark."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from engine.model.people import Candidate

if TYPE_CHECKING:
    from engine.model.acts import Act


class State(StrEnum):
    """A condition, three-valued; or one that the candidate does not present, and that nobody waits for."""

    VALIDATED = "Validé"
    FAILED = "Non validé"
    PENDING = "En attente"
    NOT_PRESENTED = "Non présenté"


ASKED = (State.VALIDATED, State.FAILED, State.PENDING)
"""The states of what is presented."""


class Decision(StrEnum):
    """What is decided for a candidate."""

    ADMITTED = "ADMIS"
    PARTIAL = "PARTIEL"
    REFUSED = "AJOURNÉ"
    PENDING = "EN ATTENTE"
    LEFT = "SORTI"


class Authority(StrEnum):
    """Who decided for a candidate."""

    RULES = "Règles"
    JURY = "Jury"


class Ruling(NamedTuple):
    """A decision, and the codes of the blocs acquired with it, in the referential's order."""

    decision: Decision
    acquired: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """``PARTIEL (B1, B3)``; the blocs of a title are all of them, and need no list."""
        listed = self.acquired and self.decision is not Decision.ADMITTED
        return f"{self.decision} ({', '.join(self.acquired)})" if listed else str(self.decision)


COMMISSION = "commission"
"""Who holds back a level that the commission set and that cannot be read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """One item's aggregated value: ``value`` is ``None`` when nobody rated it or when it is pending.

    ``pending`` is true when a blocking anomaly excluded one of the values it would rest on; ``held_back``: the
    evaluators whose value that is. ``computed``: the level without the commission's, where the commission set it.
    """

    value: Decimal | None
    minimum: Decimal
    pending: bool = False
    held_back: tuple[str, ...] = ()
    computed: Level | None = None

    @property
    def commissioned(self) -> bool:
        """Whether the commission set it, or tried to."""
        return self.computed is not None

    @property
    def demonstrated(self) -> bool:
        """Whether the item is known to reach its minimum."""
        return self.value is not None and not self.pending and self.value >= self.minimum

    @property
    def missing(self) -> bool:
        """Whether the item could still be demonstrated once its value is known."""
        return self.pending or self.value is None


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A bloc or the transversal competences: how many are demonstrated, out of how many, and what follows."""

    demonstrated: int
    missing: int
    total: int
    required: int
    state: State
    held: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkOutcome:
    """A mark and its condition. ``value`` is the exact mark; ``code`` is ``ABS`` or ``DISP`` when that was declared;
    ``unreadable`` when a blocking anomaly excluded what was typed; ``held``: validated at an earlier session."""

    value: Decimal | None
    code: str
    state: State
    unreadable: bool = False
    held: bool = False


class Lacking(NamedTuple):
    """What is missing of the mark of a role: the competences that nobody of it rated, those whose level is to be
    mended, and the evaluators who hold them back; ``given``: whether somebody of it rated one."""

    unrated: tuple[str, ...]
    to_mend: tuple[str, ...]
    held_back: tuple[str, ...]
    given: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Average:
    """A bloc validated by a mean: each of its ``marks``, by exam or by role, before the floor of the mean.

    ``value``: the mean, rounded, once every mark is known and counts; ``best``: the highest that it can still be.
    ``gates``: by exam that may be sat only after another, the mark of that other one before its bar. ``lacking``: by
    role whose mark levels make, what is missing of it.
    """

    value: Decimal | None
    best: Decimal
    marks: Mapping[str, MarkOutcome]
    state: State
    gates: Mapping[str, MarkOutcome]
    lacking: Mapping[str, Lacking] = field(default_factory=dict)
    held: bool = False

    @property
    def closed(self) -> frozenset[str]:
        """The exams that may not be sat: their own mark, if there is one, counts for nothing."""
        return frozenset(code for code, mark in self.gates.items() if mark.state is State.FAILED)


BlocOutcome = Count | Average
"""What became of a bloc: a count of competences, or a mean of marks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OralOutcome:
    """The grand oral. ``value`` (points) is the rounded aggregate, only when points settled the state.

    ``absences``: the jurors whose sheet says ``ABS``; ``absent`` when they are enough to settle the oral.
    ``items`` and ``sections`` are means over the complete sheets, for reading only; ``totals`` maps each juror
    whose sheet is complete to the total of that sheet. ``held``: validated at an earlier session.
    """

    value: Decimal | None
    state: State
    absent: bool
    conflict: bool
    items: Mapping[str, Decimal]
    sections: tuple[Decimal | None, ...]
    totals: Mapping[str, Decimal]
    incomplete: tuple[str, ...]
    absences: tuple[str, ...] = ()
    held: bool = False


@dataclass(frozen=True, kw_only=True)
class Frozen:
    """What was decided for a candidate when the session was closed; ``acquired``: codes of the blocs; ``name``:
    theirs, empty where an earlier version did not note it; ``ruled``: what the rules gave then, ``None`` the same."""

    candidate: str
    decision: Decision
    provisional: bool
    acquired: tuple[str, ...]
    credits: int
    name: str = ""
    decided_by: Authority = Authority.RULES
    ruled: Ruling | None = None


HELD = "Décision figée à la clôture"
"""How the first reason starts when a closed session holds a decision that the returns would change."""

BY_JURY = "Décision du jury"
"""How the first reason starts when the jury departs from the rules, or when what it typed is to be mended."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """Everything decided for one candidate; parts the referential leaves out are empty or ``None``.

    ``awaits``: a sheet is still awaited that could move what the rules give; ``provisional``: and so what stands.

    ``frozen``: what stands because the session is closed; ``decision`` and ``credits`` are then its own.
    ``report``: the jury's word on the activity report; ``report_unreadable`` when a blocking anomaly holds it back;
    ``report_by``: the jurors whose answer fails it or holds it back.

    ``ruled``: what the rules give; ``decided_by``: who decided otherwise or alike. ``granted``: the blocs that go with
    the jury's decision, ``motive`` its reason. ``unruled``: what the jury typed cannot be taken, and holds the decision
    back. ``left_out``: the jury's counted sheet says nothing of the candidate.
    """

    candidate: Candidate
    decision: Decision
    provisional: bool
    levels: Mapping[str, Level]
    blocs: Mapping[str, BlocOutcome]
    transversal_levels: Mapping[str, Level]
    transversal: Count | None
    oral: OralOutcome | None
    exam: MarkOutcome | None
    units: Mapping[str, MarkOutcome]
    unit_state: State | None
    report: State | None
    report_unreadable: bool = False
    report_by: tuple[str, ...] = ()
    credits: int
    reasons: tuple[str, ...]
    frozen: Frozen | None = None
    ruled: Ruling | None = None
    decided_by: Authority = Authority.RULES
    granted: tuple[str, ...] | None = None
    motive: str = ""
    unruled: bool = False
    left_out: bool = False
    awaits: bool = False

    @property
    def acquired(self) -> tuple[str, ...]:
        """The codes of the blocs validated or held, in the referential's order; those that the jury granted; the frozen
        ones of a closed session."""
        if self.frozen is not None:
            return self.frozen.acquired
        if self.granted is not None:
            return self.granted
        return self.validated

    @property
    def only_blocs(self) -> bool:
        """Whether the candidate presents some blocs and not the title: another one is neither presented nor held."""
        return any(bloc.state is State.NOT_PRESENTED for bloc in self.blocs.values())

    @property
    def validated(self) -> tuple[str, ...]:
        """The codes of the blocs validated or held, in the referential's order."""
        return tuple(code for code, bloc in self.blocs.items() if bloc.state is State.VALIDATED)

    @property
    def by_rules(self) -> Ruling:
        """The decision that the rules give of what came."""
        return self.ruled or Ruling(self.decision, self.validated)

    @property
    def departs(self) -> bool:
        """Whether the jury decided otherwise than the rules: of the decision, or of its blocs."""
        return self.decided_by is Authority.JURY and (self.decision, self.acquired) != self._ruled_then

    @property
    def _ruled_then(self) -> Ruling:
        """The decision that the rules gave when the jury took its own."""
        return self.frozen.ruled if self.frozen is not None and self.frozen.ruled is not None else self.by_rules

    @property
    def live(self) -> bool:
        """Whether the decision that stands is what the rules give of what came, and follows them."""
        return self.frozen is None and self.decided_by is Authority.RULES and not self.unruled


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a consolidation was made of, for the headings of the results workbook; ``acts``: those on the session."""

    made_at: datetime
    program_version: str
    returns: int = 0
    acts: tuple[Act, ...] = ()

    @property
    def closure(self) -> Act | None:
        """The act that closed the session, while it is closed."""
        last = self.acts[-1] if self.acts else None
        return last if last is not None and last.closes else None


def conditions(outcome: Outcome, *, with_units: bool) -> Iterator[State]:
    """The conditions of the title, in the order of the rules; ``with_units`` follows ``policy.title_requires_ues``."""
    yield from (bloc.state for bloc in outcome.blocs.values())
    if outcome.transversal is not None:
        yield outcome.transversal.state
    if outcome.oral is not None:
        yield outcome.oral.state
    if outcome.exam is not None:
        yield outcome.exam.state
    if with_units and outcome.unit_state is not None:
        yield outcome.unit_state
