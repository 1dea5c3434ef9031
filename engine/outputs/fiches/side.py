"""The right block: the grand oral by section, the marks and the credits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.model import Decision, MarkOutcome, OralOutcome, State, Unit
from engine.model.values import figure
from engine.office.styles import ACCENT, HAIRLINE, printed
from engine.outputs.fiches.competences import TRACK, write_bar
from engine.outputs.fiches.looks import FAILED, MISSING, STATES, Look, mark_format, mark_look, signed
from engine.outputs.fiches.page import Page, Row, Value
from engine.outputs.parts import exam_of, oral_of, oral_rule, unit_bar

GAP = Row(9, lambda _: None)
"""A row between two parts."""
_LINE = {"bottom": 1, "bottom_color": HAIRLINE}


def side_rows(page: Page) -> Iterator[Row]:
    """The rows of the block; a part that the referential leaves out has none."""
    parts = [rows for rows in (list(_oral(page)), list(_marks(page))) if rows]
    for rank, rows in enumerate(parts):
        if rank:
            yield GAP
        yield from rows


def heading(page: Page, title: str, *figures: str) -> Row:
    """The heading of a part of the block, and of its columns of figures."""

    def write(row: int) -> None:
        page.put(row, page.layout.right, printed(title), "heading")
        for offset in range(1, page.layout.last - page.layout.right + 1):
            text = figures[offset - 1] if offset <= len(figures) else None
            page.put(row, page.layout.right + offset, text, "heading", "center")

    return Row(max(16.5, page.fitted(title, page.layout.right, 8, bold=True)), write)


def _titled(code: str, title: str) -> str:
    return printed(f"{code}  {title}" if code else title)


def _write_title(page: Page, row: int, code: str, title: str) -> None:
    """The code in bold, then the title."""
    column = page.layout.right
    if not code:
        page.put(row, column, printed(title), "small", "wrap", "hairline")
        return
    look = page.styles("small", "wrap", "hairline")
    page.sheet.write_rich_string(
        row, column, page.styles("code"), code, page.styles("small"), f"  {printed(title)}", look
    )


# -------------------------------------------------------------------------------------------------- oral


def _oral(page: Page) -> Iterator[Row]:
    rule, found = page.referential.oral, page.outcome.oral
    if rule is None or found is None:
        return
    yield heading(page, "Grand oral", "Barème", "Points")
    settled = found.value is not None  # until then, a section may hold one juror's points alone
    for section, mean in zip(rule.sections, found.sections, strict=True):
        yield _section(page, section.title, section.points, mean if settled else None)
    yield _total(page, found)


def _awaited(state: State) -> Look:
    """The look of what is missing, where somebody owes it."""
    return {} if state is State.NOT_PRESENTED else MISSING


def _section(page: Page, title: str, points: Decimal, mean: Decimal | None) -> Row:
    first = page.layout.right

    def write(row: int) -> None:
        _write_title(page, row, "", title)
        page.put(row, first + 1, points, "figure", "hairline", num_format="0.##" if points % 1 else "0")
        look = _awaited(oral_of(page.outcome).state) if mean is None else {"bold": True}
        page.put(row, first + 2, mean, "body", "center", "hairline", num_format="0.00", **look)
        page.put(row, first + 3, mean or None, num_format=";;;", **TRACK)
        if mean:
            write_bar(page, row, range(first + 3, first + 4), points)

    return Row(page.fitted(printed(title), first, 8), write)


def _total(page: Page, found: OralOutcome) -> Row:
    rule, policy, first = oral_rule(page.referential), page.referential.policy, page.layout.right
    points = f"0.{'0' * policy.rounding}" if policy.rounding else "0"

    def write(row: int) -> None:
        page.put(row, first, printed(f"Total sur {figure(rule.points)}"), "strong", top=1, top_color=ACCENT)
        bar = f"≥ {figure(rule.at_least)}"
        page.put(row, first + 1, bar, "figure", top=1, top_color=ACCENT)
        value: Value = "ABS" if found.absent else found.value
        blank = _awaited(found.state)
        look = FAILED if found.state is State.FAILED else blank if value is None else {"bold": True}
        page.put(row, first + 2, value, "body", "center", num_format=points, top=1, top_color=ACCENT, **look)
        _write_state(page, row, found.state, top=1, top_color=ACCENT)

    return Row(16.5, write)


def _write_state(page: Page, row: int, state: State, **edge: Any) -> None:
    """The state of a condition, in words behind its symbol, in the last column."""
    look = {"font_size": 8, "num_format": signed(state), "align": "right", "shrink": True, **STATES[state], **edge}
    page.put(row, page.layout.last, str(state), **look)


# ------------------------------------------------------------------------------------------------- marks


def _marks(page: Page) -> Iterator[Row]:
    referential, outcome = page.referential, page.outcome
    exam = referential.national_exam
    if exam is None and not referential.units:
        return
    scale = referential.scales.mark
    out_of = f", sur {figure(scale.maximum)}" if scale else ""
    yield heading(page, f"Notes{out_of}", "Seuil", "Note", "Crédits" if referential.units else "")
    if exam is not None:
        mark = exam_of(outcome)
        below = mark.value is not None and mark.value < exam.at_least
        bar = f"≥ {figure(exam.at_least)}"
        yield _mark(page, _Marked(exam.code, exam.title, bar, exam.at_least, below), mark)
    for unit in referential.units:
        yield _unit(page, unit)
    if referential.units and page.outcome.decision is not Decision.LEFT:
        yield _credits(page)


def _unit(page: Page, unit: Unit) -> Row:
    above, mark = unit_bar(page.referential), page.outcome.units[unit.code]
    below = mark.value is not None and mark.value <= above
    told = f"> {figure(above)}"
    return _mark(page, _Marked(unit.code, unit.title, told, above, below, unit.credits), mark)


@dataclass(frozen=True)
class _Marked:
    """What a mark is given for: an exam, or a unit with its credits; its bar, as it is told too, and whether the mark
    is ``below`` it."""

    code: str
    title: str
    wanted: str
    bar: Decimal
    below: bool
    credits: int | None = None


def _mark(page: Page, work: _Marked, mark: MarkOutcome) -> Row:
    first, credits = page.layout.right, work.credits

    def write(row: int) -> None:
        _write_title(page, row, work.code, work.title)
        page.put(row, first + 1, work.wanted, "figure", "hairline")
        value: Value = mark.value if mark.value is not None else mark.code or None
        number = mark_format(mark.value, work.bar) if mark.value is not None else "@"
        look = {"bold": True, "shrink": True, "num_format": number, **mark_look(mark, work.below)}
        page.put(row, first + 2, value, "body", "center", "hairline", **look)
        if credits is None or page.outcome.decision is Decision.LEFT:
            _write_state(page, row, mark.state, **_LINE)
            return
        granted = credits if mark.state is State.VALIDATED else None if mark.state is State.PENDING else 0
        sign = signed(mark.state).removeprefix(";;;").removesuffix("@")
        state = {"font_size": 8, "align": "right", **STATES[mark.state], "num_format": f'{sign}0"/{credits}"'}
        page.put(row, first + 3, "" if granted is None else granted, "hairline", **state)
        if granted is None:
            _write_state(page, row, mark.state, **_LINE)

    return Row(page.fitted(_titled(work.code, work.title), first, 8), write)


def _credits(page: Page) -> Row:
    first, total = page.layout.right, sum(unit.credits for unit in page.referential.units)

    def write(row: int) -> None:
        edge = {"top": 1, "top_color": ACCENT}
        page.put(row, first, "Crédits accordés", "strong", **edge)
        page.put(row, first + 1, None, **edge)
        page.put(row, first + 2, None, **edge)
        page.put(row, first + 3, page.outcome.credits, "strong", "right", num_format=f'0"/{total}"', **edge)

    return Row(16.5, write)
