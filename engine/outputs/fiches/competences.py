"""The left block: every bloc, and the level of each of its competences against the minimum."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.model import Bloc, BlocOutcome, Competence, Count, Exam, Level, State, wording
from engine.model.errors import present
from engine.model.rules import worst
from engine.office.styles import ACCENT, BRICK, INK, PANEL, WHITE, printed
from engine.outputs.fiches.looks import (
    FAILED,
    MISSING,
    REACHED,
    STATES,
    alone,
    level_format,
    mark_format,
    mark_look,
    signed,
)
from engine.outputs.fiches.page import Page, Row
from engine.outputs.parts import average_of, shown_level


def competence_rows(page: Page) -> Iterator[Row]:
    """The rows of the block."""
    yield Row(16.5, lambda row: _write_heading(page, row))
    for bloc in page.referential.blocs:
        yield _bloc(page, bloc)
        for competence in bloc.competences:
            yield _competence(page, competence, bloc)
        for exam in page.referential.exams_of(bloc):
            yield _exam(page, bloc, exam)


def _write_heading(page: Page, row: int) -> None:
    layout, strip = page.layout, page.shared.strip
    page.put(row, layout.code, "Blocs et compétences", "heading", text_wrap=False)
    page.put(row, layout.title, None, "heading")
    for index in range(strip.segments):
        reached = strip.heading(index)
        head = None if reached is None else page.referential.scales.level.shown(reached)
        page.put(row, layout.strip + index, head, "heading", "right", text_wrap=False)
    page.put(row, layout.minimum, "Mini", "heading", "center")
    page.put(row, layout.level, "Niveau", "heading", "center")
    page.put(row, layout.state, None, "heading")


def _bloc(page: Page, bloc: Bloc) -> Row:
    """The bloc's own row: how many are required, how many are demonstrated, and what follows; or a mean, its bar."""
    layout, found = page.layout, page.outcome.blocs[bloc.code]
    title = printed(bloc.title)

    def write(row: int) -> None:
        look = {"font_color": ACCENT, "bottom": 1, "bottom_color": ACCENT}
        page.put(row, layout.code, bloc.code, "strong", "text", **look)
        page.put(row, layout.title, title, "strong", "wrap", **look)
        state = {"font_size": 9, "num_format": signed(found.state), **STATES[found.state]} | look
        state["font_color"] = STATES[found.state]["font_color"]
        for column in range(layout.strip + 1, layout.minimum):
            page.put(row, column, None, **look)
        page.put(row, layout.strip, _word(found), **state)
        bar, value, number = _figures(bloc, found)
        page.put(row, layout.minimum, bar, "strong", "center", **look)
        page.put(row, layout.level, value, "strong", "center", num_format=number, **look)
        page.put(row, layout.state, str(found.state), "center", **state | {"num_format": alone(found.state)})

    return Row(max(19.5, page.fitted(title, layout.title, 9, bold=True)), write)


def _figures(bloc: Bloc, found: BlocOutcome) -> tuple[Decimal | int, Decimal | int | None, str]:
    """What a bloc must reach, what it reaches, and the format of that."""
    if isinstance(found, Count):
        return found.required, found.demonstrated, f'0"/{found.total}"'
    bar = present(bloc.at_least)
    return bar, found.value, mark_format(found.best, bar)


def _word(found: BlocOutcome) -> str:
    return "Déjà acquis" if found.held else str(found.state)


def _exam(page: Page, bloc: Bloc, exam: Exam) -> Row:
    """A mark of a mean, before the floor if there is one."""
    layout, average = page.layout, average_of(bloc.code)(page.outcome)
    mark, gate = average.marks[exam.code], average.gates.get(exam.code)
    state = worst([mark.state, *([gate.state] if gate else [])])
    if state is State.PENDING and average.state is State.NOT_PRESENTED:
        state = State.NOT_PRESENTED
    title = printed(f"{exam.title} ({wording.in_mean(exam)})")

    def write(row: int) -> None:
        page.put(row, layout.code, exam.code, "code", "text", "hairline")
        page.put(row, layout.title, title, "small", "wrap", "hairline")
        for column in range(layout.strip, layout.minimum):
            page.put(row, column, None, "hairline")
        page.put(row, layout.minimum, bloc.floor, "figure", "hairline")
        below = bloc.floor is not None and mark.value is not None and mark.value < bloc.floor
        value = mark.value if mark.value is not None else mark.code or None
        number = "@" if mark.value is None else mark_format(mark.value, bloc.floor or mark.value)
        own = {} if exam.code in average.closed and value is None else mark_look(mark, below)  # nothing is awaited
        look = {"bold": True, "num_format": number, **own}
        page.put(row, layout.level, value, "body", "center", "hairline", **look)
        shown = {"font_size": 9, **STATES[state], "num_format": alone(state)}
        page.put(row, layout.state, str(state), "center", "hairline", **shown)

    return Row(page.fitted(title, layout.title, 8), write)


def _competence(page: Page, competence: Competence, bloc: Bloc) -> Row:
    layout, level = page.layout, page.outcome.levels[competence.code]
    asked = page.outcome.blocs[bloc.code].state is not State.NOT_PRESENTED
    title = printed(competence.shown_title)

    def write(row: int) -> None:
        page.put(row, layout.code, competence.code, "code", "text", "hairline")
        page.put(row, layout.title, title, "small", "wrap", "hairline")
        _write_strip(page, row, level)
        write_minimum(page, row, level)
        write_level(page, row, layout.level, level, asked=asked)
        state = state_of(level, asked=asked)
        look = {"font_size": 9, **STATES[state], "num_format": alone(state)}
        page.put(row, layout.state, str(state), "center", "hairline", **look)

    return Row(page.fitted(title, layout.title, 8), write)


def state_of(level: Level, *, asked: bool = True) -> State:
    """Whether a level is demonstrated, as a state; one that is missing waits where it is ``asked``."""
    if level.missing:
        return State.PENDING if asked or level.pending else State.NOT_PRESENTED
    return State.VALIDATED if level.demonstrated else State.FAILED


def write_minimum(page: Page, row: int, level: Level) -> None:
    """The least level that is asked for."""
    minimum = page.referential.scales.level.shown(level.minimum)
    page.put(row, page.layout.minimum, minimum, "figure", "hairline", num_format=level_format(minimum))


def write_level(page: Page, row: int, column: int, level: Level, *, asked: bool = True) -> None:
    """The level itself: bold, underlined and brick under the minimum, grey when there is none."""
    looks = {State.FAILED: FAILED, State.PENDING: MISSING, State.VALIDATED: {"bold": True}, State.NOT_PRESENTED: {}}
    look = looks[state_of(level, asked=asked)]
    shown = shown_level(level, page.referential.scales.level)
    page.put(row, column, shown, "body", "center", "hairline", num_format=level_format(shown), **look)


def _write_strip(page: Page, row: int, level: Level) -> None:
    """Each cell holds how much of it is filled, and a bar draws it; a heavy line stands at the minimum."""
    layout, strip = page.layout, page.shared.strip
    mark = strip.mark(level.minimum)
    for index, share in enumerate(strip.shares(level.value)):
        edge = {"right": 2, "right_color": INK} if index == mark else {"right": 1, "right_color": WHITE}
        page.put(row, layout.strip + index, share or None, num_format=";;;", **TRACK, **edge)
    filled = sum(share > 0 for share in strip.shares(level.value))
    if filled:  # an empty cell would still show a sliver of a bar
        color = BRICK if state_of(level) is State.FAILED else REACHED
        write_bar(page, row, range(layout.strip, layout.strip + filled), Decimal(1), color)


TRACK = {"bg_color": PANEL, "bottom": 5, "bottom_color": WHITE}
"""The cells a bar runs through: pale, and parted from the row below."""


def write_bar(page: Page, row: int, columns: range, full: Decimal, color: str = REACHED) -> None:
    """A bar in each of these cells, as long as its number is a part of ``full``."""
    rule = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_only": True,
        "bar_solid": True,
        "bar_no_border": True,
        "bar_color": color,
        "bar_axis_position": "none",
        "min_type": "num",
        "min_value": 0,
        "max_type": "num",
        "max_value": float(full),
    }
    page.sheet.conditional_format(row, columns[0], row, columns[-1], rule)
