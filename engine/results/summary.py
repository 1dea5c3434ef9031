"""The sheet `Synthèse`: one row per candidate, from the decision to its reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal

from engine.model import Count, Decision, Mark, Outcome, Referential, State, Unit
from engine.results.column import Column, first_fitting
from engine.results.figures import mark_look, points_format, required, shown_mark
from engine.results.frame import Book, Line, Value
from engine.results.looks import COUNTED, DECISIONS, PROVISIONAL, STATES, below_or_absent
from engine.results.people import Field, Look, has_left, identity, unless_left, write_people
from engine.styles import printed
from engine.values import and_list, figure

NAME = "Synthèse"
_STATE_WIDTH = 23  # pixels: a symbol

_COUNTED_AS = {
    Decision.ADMITTED: ("admis", "admis"),
    Decision.PARTIAL: ("partiel", "partiels"),
    Decision.REFUSED: ("ajourné", "ajournés"),
    Decision.PENDING: ("en attente", "en attente"),
    Decision.LEFT: ("sorti", "sortis"),
}


def write_summary(book: Book) -> None:
    """Write the sheet."""
    fields = [*_head(book), *_conditions(book.referential), *_tail(book.referential)]
    write_people(book, NAME, fields, lines=(_counts(book), _legend()))


def _counts(book: Book) -> Line:
    found = Counter(outcome.decision for outcome in book.outcomes)
    total = len(book.outcomes)
    line = [(str(total), "strong"), (f" candidat{'s' if total > 1 else ''}", "caption")]
    for decision, (one, several) in _COUNTED_AS.items():
        if number := found[decision]:
            line += [(f"      {number}", "strong"), (f" {several if number > 1 else one}", "caption")]
    return line


def _legend() -> Line:
    return (
        ("●", "good"),
        (" validé      ", "caption"),
        ("×", "bad"),
        (" non validé      ○ en attente      ", "caption"),
        ("9,50", "bad_figure"),
        (" sous le seuil      Case grise : valeur manquante      Provisoire : une fiche attendue manque", "caption"),
    )


def _head(book: Book) -> Iterator[Field]:
    yield from identity(book, rotated=True)
    decision = Column(heading="Décision", width=108, style=("bold", "text", "indented"), rules=DECISIONS)
    yield Field(decision, lambda outcome: outcome.decision)
    provisional = Column(heading="Provisoire", width=30, style=("center", "small"), rotated=True, rules=PROVISIONAL)
    yield Field(provisional, unless_left(lambda outcome: "Oui" if outcome.provisional else "Non"))
    acquired = Column(heading="Blocs acquis", width=53, style=("small", "text", "wrap"), rotated=True)
    yield Field(acquired, unless_left(lambda outcome: "; ".join(outcome.acquired)))


def _conditions(referential: Referential) -> Iterator[Field]:
    yield from _blocs(referential)
    transversal, oral, exam = referential.transversal, referential.oral, referential.national_exam
    if transversal:
        group = (required(transversal.required), f"≥ {transversal.required}")
        yield from _count("Transversales", len(transversal.items), group, lambda outcome: outcome.transversal)
    if oral:
        column = _figures("Oral", 42, points_format(referential), (f"≥ {figure(oral.at_least)}",))
        yield from _pair(column, lambda outcome: outcome.oral.value, lambda outcome: outcome.oral.state)
    if exam:
        column = _figures(exam.code, 42, "0.00", (f"≥ {figure(exam.at_least)}",))
        yield from _pair(
            column,
            lambda outcome: shown_mark(outcome.exam),
            lambda outcome: outcome.exam.state,
            lambda outcome: mark_look(outcome.exam, exam.at_least),
        )
    if referential.units:
        yield from _units(referential)


def _blocs(referential: Referential) -> Iterator[Field]:
    *firsts, last = [bloc.required for bloc in referential.blocs]
    needs = and_list([*(str(number) for number in firsts), required(last)])
    widths = [(30 if len(bloc.competences) < 10 else 38) + _STATE_WIDTH for bloc in referential.blocs]
    group = first_fitting(
        [printed(f"Blocs : {needs}"), needs, f"≥ {and_list([*map(str, firsts), str(last)])}"], sum(widths)
    )
    for rank, bloc in enumerate(referential.blocs):
        yield from _count(
            bloc.code,
            len(bloc.competences),
            (group,),
            lambda outcome, code=bloc.code: outcome.blocs[code],
            opens=not rank,
        )


def _count(
    heading: str, total: int, groups: tuple[str, ...], count: Callable[[Outcome], Count], *, opens: bool = True
) -> Iterator[Field]:
    column = _figures(heading, 30 if total < 10 else 38, f'0"/{total}"', groups, opens=opens)
    yield from _pair(column, lambda outcome: count(outcome).demonstrated, lambda outcome: count(outcome).state)


def _figures(heading: str, width: int, number: str, groups: tuple[str, ...], *, opens: bool = True) -> Column:
    return Column(
        heading=heading,
        width=width,
        style=("right",),
        number=number,
        group=first_fitting(groups, width + _STATE_WIDTH),
        rotated=True,
        opens=opens,
        rules=COUNTED,
    )


def _pair(
    column: Column,
    value: Callable[[Outcome], Value],
    state: Callable[[Outcome], State],
    look: Callable[[Outcome], Look] = lambda _: (),
) -> Iterator[Field]:
    """A figure, and the state of its condition beside it."""
    yield Field(column, unless_left(value), lambda outcome: () if has_left(outcome) else look(outcome))
    yield Field(_state(f"{column.heading} état", column.group), unless_left(state))


def _state(heading: str, group: str) -> Column:
    return Column(
        heading=heading, width=_STATE_WIDTH, style=("center", "text"), group=group, rotated=True, rules=STATES
    )


def _units(referential: Referential) -> Iterator[Field]:
    bar = figure(referential.unit_rule.above)
    width = 38 * len(referential.units) + _STATE_WIDTH
    names = (f"Unités d'enseignement : plus de {bar}", f"UE : plus de {bar}", f"> {bar}")
    group = first_fitting([printed(name) for name in names], width)
    for rank, unit in enumerate(referential.units):
        column = Column(
            heading=unit.code,
            width=38,
            style=("right",),
            number="0.00",
            group=group,
            rotated=True,
            opens=not rank,
            rules=below_or_absent(referential.unit_rule.above),
        )
        yield _unit(column, unit, referential)
    yield Field(_state("UE état", group), unless_left(lambda outcome: outcome.unit_state))


def _unit(column: Column, unit: Unit, referential: Referential) -> Field:
    bar = referential.unit_rule.above

    def look(outcome: Outcome) -> Look:
        return () if has_left(outcome) else _unit_look(outcome.units[unit.code], bar)

    return Field(column, unless_left(lambda outcome: shown_mark(outcome.units[unit.code])), look)


def _unit_look(mark: Mark, bar: Decimal) -> Look:
    """What the mark alone does not tell: missing, or above the bar and yet held back by the activity report."""
    precision = mark_look(mark, bar)
    if mark.value is None or mark.value <= bar:
        return (*precision, "pending") if mark.state is State.PENDING else precision
    return precision + {State.FAILED: ("failed",), State.PENDING: ("pending",)}.get(mark.state, ())


def _tail(referential: Referential) -> Iterator[Field]:
    if referential.units:
        total = sum(unit.credits for unit in referential.units)
        credits = Column(
            heading="Crédits", width=32, style=("bold", "center"), group=f"/ {total}", rotated=True, opens=True
        )
        yield Field(credits, unless_left(lambda outcome: outcome.credits))
    reasons = Column(heading="Motifs", width=270, style=("note", "text", "wrap", "indented"), opens=True, stretch=True)
    yield Field(
        reasons,
        lambda outcome: printed(" ".join(outcome.reasons)),
        lambda outcome: ("departed",) if has_left(outcome) else (),
    )
