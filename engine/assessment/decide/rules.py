"""What was read to what the rules judge (:mod:`engine.model.rules`): levels, counts, points, marks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from engine.assessment.decide.evidence import Cell
from engine.model import Average, Count, Level, MarkOutcome, Oral, OralOutcome, Policy, State
from engine.model.forms import ABSENT, EXEMPT
from engine.model.outcome import COMMISSION
from engine.model.rules import (
    MeanRule,
    aggregate,
    answered,
    averaged,
    best_mean,
    judged,
    mean,
    settled,
    weighted,
    with_mandatory,
    worst,
)
from engine.model.tables import EXCLUDED, MISSING, VALUE


def level_of(cells: Collection[Cell], minimum: Decimal, how: str, rounding: int) -> Level:
    """The level of one item from what each evaluator said; declared NE and blanks do not count."""
    held_back = tuple(dict.fromkeys(cell.evaluator for cell in cells if cell.state == EXCLUDED))
    if held_back:
        return Level(value=None, minimum=minimum, pending=True, held_back=held_back)
    values = [cell.number for cell in cells if cell.state == VALUE]
    return _level(str(aggregate(values, how, rounding)) if values else "", str(minimum))


@lru_cache(maxsize=4096)
def _level(value: str, minimum: str) -> Level:
    """One object for all levels that are alike: a large cohort has few different ones."""
    return Level(value=Decimal(value) if value else None, minimum=Decimal(minimum))


def set_by(commission: Cell | None, computed: Level) -> Level:
    """The level that the commission set, whatever the evaluators said; the computed one where it set none.

    What it typed and cannot be read holds the level back, as any other."""
    if commission is None or commission.state not in (VALUE, EXCLUDED):
        return computed
    minimum = computed.minimum
    if isinstance(commission.value, Decimal):
        return Level(value=commission.value, minimum=minimum, computed=computed)
    return Level(value=None, minimum=minimum, pending=True, held_back=(COMMISSION,), computed=computed)


def count(levels: Iterable[Level], required: int, *, mandatory: Iterable[Level] = (), held: bool = False) -> Count:
    """A bloc, or the transversal competences: settled only when the missing items can no longer change it."""
    known = list(levels)
    demonstrated = sum(level.demonstrated for level in known)
    missing = sum(level.missing for level in known)
    reached = [None if level.missing else level.demonstrated for level in mandatory]
    state = State.VALIDATED if held else with_mandatory(settled(demonstrated, missing, required), reached)
    return Count(
        demonstrated=demonstrated, missing=missing, total=len(known), required=required, state=state, held=held
    )


def judge_oral(
    sheets: Mapping[str, Mapping[str, Cell]], oral: Oral, policy: Policy, *, held: bool = False
) -> OralOutcome:
    """The grand oral from the jurors' sheets. It is never bounded: any doubt leaves it pending; unless it is already
    ``held``, whatever these say."""
    codes = [item.code for item in oral.items]
    totals = {juror: _total(cells, codes) for juror, cells in sheets.items() if _complete(cells, codes)}
    incomplete = tuple(juror for juror, cells in sheets.items() if juror not in totals and _started(cells))
    absences = tuple(juror for juror, cells in sheets.items() if any(cell.state == ABSENT for cell in cells.values()))
    others = [cell for cells in sheets.values() for cell in cells.values() if cell.state in (VALUE, EXCLUDED)]
    absent = len(absences) >= policy.minimum_jurors and not others
    value, state = None, State.PENDING
    if held:
        state = State.VALIDATED
    elif absent:
        state = State.FAILED
    elif len(totals) >= policy.minimum_jurors and not incomplete:
        value = aggregate(totals.values(), policy.oral_from, policy.rounding)
        state = State.VALIDATED if value >= oral.at_least else State.FAILED
    return OralOutcome(
        value=value,
        state=state,
        absent=absent,
        absences=absences,
        conflict=not held and bool(absences) and any(cell.located for cell in others),
        items=_item_means([sheets[juror] for juror in totals], codes),
        sections=_section_means([sheets[juror] for juror in totals], oral),
        totals=totals,
        incomplete=incomplete,
        held=held,
    )


def _complete(cells: Mapping[str, Cell], codes: Collection[str]) -> bool:
    return all(code in cells and cells[code].state == VALUE for code in codes)


def _started(cells: Mapping[str, Cell]) -> bool:
    return any(cell.state != MISSING for cell in cells.values())


def _total(cells: Mapping[str, Cell], codes: Collection[str]) -> Decimal:
    return sum((cells[code].number for code in codes), Decimal(0))


def _mean(points: Collection[Decimal]) -> Decimal:
    return _number(str(mean(points)))


@lru_cache(maxsize=4096)
def _number(text: str) -> Decimal:
    """One object for all numbers that are written alike, as for levels."""
    return Decimal(text)


def _item_means(sheets: list[Mapping[str, Cell]], codes: list[str]) -> dict[str, Decimal]:
    return {code: _mean([cells[code].number for cells in sheets]) for code in codes} if sheets else {}


def _section_means(sheets: list[Mapping[str, Cell]], oral: Oral) -> tuple[Decimal | None, ...]:
    if not sheets:
        return (None,) * len(oral.sections)
    codes = [[item.code for item in section.items] for section in oral.sections]
    return tuple(_mean([_total(cells, section) for cells in sheets]) for section in codes)


def judge_report(answers: Collection[Cell]) -> State:
    """The activity report: any juror's `Non` fails it, an unreadable answer or none at all leaves it pending."""
    if any(cell.state == EXCLUDED for cell in answers):
        return State.PENDING
    return answered({cell.value for cell in answers if cell.state == VALUE})


def against_report(answers: Collection[Cell]) -> tuple[str, ...]:
    """The jurors who hold the activity report back: by an unreadable answer, or else by a `Non`."""
    unreadable = [cell.evaluator for cell in answers if cell.state == EXCLUDED]
    return tuple(dict.fromkeys(unreadable or [cell.evaluator for cell in answers if cell.value == "Non"]))


def judge_exam(cell: Cell, at_least: Decimal, *, held: bool = False) -> MarkOutcome:
    """The national exam: at least the bar, or already ``held``."""
    mark = _mark(cell, lambda mark: mark >= at_least)
    return _kept(mark) if held else mark


def judge_unit(cell: Cell, above: Decimal, report: State, *, held: bool = False) -> MarkOutcome:
    """A UE: strictly above the bar, and the report found compliant where the UE requires it; or already ``held``."""
    mark = _mark(cell, lambda mark: mark > above)
    return _kept(mark) if held else replace(mark, state=worst((mark.state, report)))


def judge_mean(notes: Mapping[str, Cell], rule: MeanRule, *, held: bool = False) -> Average:
    """A bloc validated by the mean of its exams, or already ``held``."""
    marks = {code: _mark(notes.get(code, Cell()), rule.bears) for code in rule.codes}
    gates = {gate.code: _mark(notes.get(gate.before, Cell()), gate.opens) for gate in rule.gates}
    given, before = _given(marks), _given(gates)
    known = [mark for mark in given if isinstance(mark, Decimal)]
    counts = len(known) == len(given) and all(mark.state is State.VALIDATED for mark in gates.values())
    return Average(
        value=weighted(known, rule) if counts else None,
        best=best_mean(given, rule),
        marks=marks,
        gates=gates,
        state=State.VALIDATED if held else averaged(given, rule, before),
        held=held,
    )


def _given(marks: Mapping[str, MarkOutcome]) -> list[Decimal | str | None]:
    return [mark.value if mark.value is not None else mark.code or None for mark in marks.values()]


def _kept(mark: MarkOutcome) -> MarkOutcome:
    """The mark of a condition that was validated at an earlier session."""
    return replace(mark, state=State.VALIDATED, held=True)


def _mark(cell: Cell, passes: Callable[[Decimal], bool]) -> MarkOutcome:
    """The outcome of a mark; one that cannot be read waits."""
    code = cell.state if cell.state in (ABSENT, EXEMPT) else ""
    value = cell.number if cell.state == VALUE else None
    state = judged(code or value, passes)
    return MarkOutcome(value=value, code=code, state=state, unreadable=cell.state == EXCLUDED)
