"""The mark that each role gives a bloc, in `Synthèse`: from the levels in `Détail`, or from the total of the oral."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from engine.model import Bloc, Kind, Outcome, Referential, Role, State
from engine.model.marks import LEVEL_INPUT
from engine.model.roles import ROLE_WORDS, heard_formula, rated_formula, worth
from engine.outputs.parts import average_of, oral_rule, role_heading
from engine.outputs.workbook.cells import Value
from engine.outputs.workbook.column import Column
from engine.outputs.workbook.looks import ABSENCE, under_or_absent
from engine.outputs.workbook.people import Drawn, Formula, Look, Spot
from engine.outputs.workbook.places import ORAL, STATE, TOTAL
from engine.outputs.workbook.sources import Span

ROLE_WIDTH = 42  # pixels


def of_roles(bloc: Bloc, referential: Referential, group: str, *, opens: bool) -> dict[str, Drawn]:
    """The columns of the roles that weigh in a bloc, by heading; none for a bloc validated another way."""
    found: dict[str, Drawn] = {}
    rules = ABSENCE if bloc.floor is None else under_or_absent(bloc.floor)
    for role in bloc.weights:
        word = ROLE_WORDS[role]
        column = Column(
            width=ROLE_WIDTH,
            style=("right", "small"),
            number="0.00",
            group=group,
            rotated=True,
            opens=opens and not found,
            rules=rules,
        )
        formula: Formula = partial(_heard, referential) if role is Role.JUROR else partial(_rated, bloc, role)
        found[role_heading(bloc, word)] = Drawn(
            column=column, shown=_shown(bloc, word), look=partial(_grey, bloc, word), formula=formula
        )
    return found


def _shown(bloc: Bloc, word: str) -> Callable[[Outcome], Value]:
    average = average_of(bloc.code)

    def shown(outcome: Outcome) -> Value:
        mark = average(outcome).marks[word]
        return mark.code or mark.value

    return shown


def _grey(bloc: Bloc, word: str, outcome: Outcome) -> Look:
    """Grey where somebody owes something of it."""
    average = average_of(bloc.code)(outcome)
    awaited = average.marks[word].state is State.PENDING
    return ("pending",) if awaited and not average.held and average.state is not State.NOT_PRESENTED else ()


def _heard(referential: Referential, spot: Spot) -> str:
    points = oral_rule(referential).points
    return heard_formula(spot.cell(ORAL, TOTAL), spot.cell(ORAL, STATE), points, worth(referential))


def _rated(bloc: Bloc, role: Role, spot: Spot) -> str:
    """The mark from the levels in `Détail`; none where one cannot be read, or where nobody of the role rated a
    competence."""
    lacking = average_of(bloc.code)(spot.outcome).lacking[ROLE_WORDS[role]]
    spans = [[*_spans(spot, role, competence.code)] for competence in bloc.competences]
    if lacking.to_mend or not all(spans):
        return ""
    cells = [",".join(spot.book.detail.cells(span) for span in each) for each in spans]
    return rated_formula(cells, worth(spot.book.referential))


def _spans(spot: Spot, role: Role, code: str) -> Iterator[Span]:
    """Where the levels of a competence stand that a role gave, or the one that the commission set."""
    if spot.outcome.levels[code].commissioned:
        span = spot.book.sources.spans(spot.rank, Kind.SYNTHESE, LEVEL_INPUT).get(code)
        yield from [span] if span else []
        return
    given = spot.book.sources.levels(spot.rank).get(code, {})
    mine = {person.casefold() for person in spot.outcome.candidate.assigned(role)}
    rows = sorted(span for person, spans in given.items() if person in mine for span in spans)
    yield from _joined(rows)


def _joined(rows: list[Span]) -> list[Span]:
    """Rows that follow each other as one run: the marks of a candidate are all in one sheet."""
    found: list[Span] = []
    for first, last in rows:
        if found and found[-1][1] == first - 1:
            first = found.pop()[0]
        found.append((first, last))
    return found
