"""The sheet `Cas limites`: whoever stands within a set margin of a bar, on either side of it.

One step of the scale would turn a condition that rests on a count (a bloc, the transversal competences): it is near
its bar when one item more, or one less, would change its state; so does a mandatory competence within a step of its
minimum, where the bloc hangs on it. Points and marks are near theirs within a fortieth
of their scale: 1,5 of 60 points, half a mark of 20. A condition that waits has no figure to compare, and a UE that
the activity report holds back does not hang on its mark: neither is listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.model import (
    Average,
    Bloc,
    Count,
    Decision,
    Level,
    Outcome,
    Referential,
    Scale,
    State,
    Unit,
    conditions,
    wording,
)
from engine.model.errors import present
from engine.model.rules import rank_formula
from engine.model.texts import counted
from engine.model.values import and_list, figure
from engine.office.styles import printed
from engine.outputs.parts import mark_scale, oral_rule, role_heading, unit_bar
from engine.outputs.workbook.column import Column
from engine.outputs.workbook.frame import Book, Line
from engine.outputs.workbook.grid import Shape, Table
from engine.outputs.workbook.looks import DECISIONS_BESIDE, PROVISIONAL, STATE_WORDS
from engine.outputs.workbook.people import has_left
from engine.outputs.workbook.places import COMPETENCES, NEAR, NOTES, SUMMARY, state_of
from engine.outputs.workbook.tallies import Rows, Tally, tallied
from engine.outputs.workbook.verdict import ORAL_STATE, TRANSVERSAL_STATE

SHARE = Decimal(1) / 40
"""Of the scale of points or of marks: how far from the bar is still near."""
_DECIMALS = 9
"""Of a margin: more than any mark has, and few enough for every program to subtract alike."""

_TITLE = "le titre"
_NOT_ENOUGH = "pas le titre à lui seul"


@dataclass(frozen=True)
class NearCase:
    """One condition of a candidate near its bar. ``unit``: what ``value`` and ``bar`` count; ``stake``: what hangs on
    it; ``deciding``: the levels that one step would turn; ``bloc``: whose mandatory competence it is,
    or whose single mark."""

    outcome: Outcome
    condition: str
    value: Decimal | int
    bar: Decimal | int
    unit: str
    state: State
    stake: str
    deciding: str = ""
    bloc: str = ""

    @property
    def margin(self) -> Decimal | int:
        """From the bar to the value: negative under the bar."""
        return self.value - self.bar


def near_cases(outcomes: Sequence[Outcome], referential: Referential) -> Iterator[NearCase]:
    """Every near case, candidate by candidate, in the order of the rules; nobody who left."""
    for outcome in outcomes:
        if not has_left(outcome):
            yield from _blocs(outcome, referential)
            yield from _transversal(outcome, referential)
            yield from _oral(outcome, referential)
            yield from _exam(outcome, referential)
            yield from _units(outcome, referential)


def _blocs(outcome: Outcome, referential: Referential) -> Iterator[NearCase]:
    for bloc in referential.blocs:
        count = outcome.blocs[bloc.code]
        if count.state is State.NOT_PRESENTED:
            continue
        if isinstance(count, Average):
            yield from _average(outcome, bloc, count, referential)
        elif not count.held:
            levels = {each.code: outcome.levels[each.code] for each in bloc.competences}
            lost = [code for code in bloc.mandatory if not levels[code].demonstrated]
            if not lost:
                yield from _counted(outcome, bloc.code, count, levels, referential)
            if count.state is State.VALIDATED:
                yield from _mandatory(outcome, bloc, bloc.mandatory, referential)
            elif count.state is State.FAILED and len(lost) == 1 and count.demonstrated >= count.required - 1:
                yield from _mandatory(outcome, bloc, lost, referential)


def _mandatory(outcome: Outcome, bloc: Bloc, codes: Sequence[str], referential: Referential) -> Iterator[NearCase]:
    """The mandatory competences without each of which the bloc would turn the other way, within a step of their bar."""
    state, step = outcome.blocs[bloc.code].state, _step(referential.scales.level)
    stake = ", ".join(filter(None, (f"le bloc {bloc.code}", _title(outcome, state, referential))))
    for code in codes:
        value, bar = outcome.levels[code].value, outcome.levels[code].minimum
        if value is not None and -step <= value - bar < step:
            yield NearCase(outcome, code, value, bar, "niveau", state, stake, "compétence obligatoire", bloc.code)


def _average(outcome: Outcome, bloc: Bloc, average: Average, referential: Referential) -> Iterator[NearCase]:
    """A mean near its bar, unless a mark under the floor fails the bloc whatever the mean is; a mark near the floor, or
    near what opens an exam, where the bloc hangs on it alone."""
    if average.held or any(mark.value is None for mark in average.marks.values()):
        return
    bar = present(bloc.at_least)
    stake = ", ".join(filter(None, (f"le bloc {bloc.code}", _title(outcome, average.state, referential))))
    bars = [*_single_bars(bloc, average, referential)]
    short = [one for one in bars if one[1] < one[2]]
    for code, mark, single, why in bars if average.state is State.VALIDATED else short:
        if abs(mark - single) <= mark_margin(referential) and len(short) <= 1 and average.best >= bar:
            unit = _out_of(referential)
            yield NearCase(outcome, code, mark, single, unit, average.state, stake, why, bloc.code)
    if average.value is not None and not short and abs(average.value - bar) <= mark_margin(referential):
        given = {code: figure(mark.value) for code, mark in average.marks.items() if mark.value is not None}
        marks = ", ".join(f"{code} ({mark})" for code, mark in given.items())
        unit = _out_of(referential)
        yield NearCase(outcome, bloc.code, average.value, bar, unit, average.state, stake, marks)


def _single_bars(bloc: Bloc, average: Average, referential: Referential) -> Iterator[tuple[str, Decimal, Decimal, str]]:
    """The bars of single marks: the code, the mark, its bar, what it is for."""
    for code, mark in average.marks.items():
        if bloc.floor is not None and mark.value is not None:
            name = role_heading(bloc, code) if bloc.weights else code
            yield name, mark.value, bloc.floor, "note plancher"
    for exam in referential.exams_of(bloc):
        before = average.gates.get(exam.code)
        if before is not None and before.value is not None and exam.after is not None:
            yield exam.after, before.value, present(exam.after_at_least), f"ouvre {exam.code}"


def _transversal(outcome: Outcome, referential: Referential) -> Iterator[NearCase]:
    if outcome.transversal is not None and not outcome.transversal.held:
        yield from _counted(outcome, "Transversales", outcome.transversal, outcome.transversal_levels, referential)


def _counted(
    outcome: Outcome, name: str, count: Count, levels: Mapping[str, Level], referential: Referential
) -> Iterator[NearCase]:
    waits = count.state in (State.PENDING, State.NOT_PRESENTED)
    if waits or count.demonstrated not in (count.required, count.required - 1):
        return
    bloc = f"le bloc {name}" if name in outcome.blocs else ""
    stake = ", ".join(filter(None, (bloc, _title(outcome, count.state, referential))))
    deciding = _deciding(levels, count.state, referential.scales.level)
    yield NearCase(outcome, name, count.demonstrated, count.required, "compétences", count.state, stake, deciding)


def _step(scale: Scale) -> Decimal:
    """The step of a scale; where it has none, what is near in points or marks."""
    return scale.step or (scale.maximum - scale.minimum) * SHARE


def _deciding(levels: Mapping[str, Level], state: State, scale: Scale) -> str:
    """The levels that one step would turn the other way, nearest first: ``2.4 (2,50 pour 3)``."""
    reached, step = state is State.VALIDATED, _step(scale)
    known = {code: level.value for code, level in levels.items() if level.value is not None}
    gaps = {code: known[code] - levels[code].minimum for code in known if levels[code].demonstrated is reached}
    near = sorted((code for code, gap in gaps.items() if -step <= gap < step), key=lambda code: abs(gaps[code]))
    told = {code: (wording.level(scale, known[code]), wording.level(scale, levels[code].minimum)) for code in near}
    return ", ".join(f"{code} ({level} pour {minimum})" for code, (level, minimum) in told.items())


def _oral(outcome: Outcome, referential: Referential) -> Iterator[NearCase]:
    oral, rule = outcome.oral, referential.oral
    if oral is None or rule is None or oral.value is None:
        return
    if abs(oral.value - rule.at_least) <= oral_margin(referential):
        totals = ", ".join(f"{juror} ({figure(total)})" for juror, total in oral.totals.items())
        stake = _title(outcome, oral.state, referential)
        unit = f"points sur {figure(rule.points)}"
        yield NearCase(outcome, "Oral", oral.value, rule.at_least, unit, oral.state, stake, totals)


def _exam(outcome: Outcome, referential: Referential) -> Iterator[NearCase]:
    mark, exam = outcome.exam, referential.national_exam
    if mark is None or exam is None or mark.value is None or mark.held:
        return
    if abs(mark.value - exam.at_least) <= mark_margin(referential):
        stake = _title(outcome, mark.state, referential)
        yield NearCase(outcome, exam.code, mark.value, exam.at_least, _out_of(referential), mark.state, stake)


def _units(outcome: Outcome, referential: Referential) -> Iterator[NearCase]:
    for unit in referential.units:
        mark, bar = outcome.units[unit.code], unit_bar(referential)
        hangs_on_mark = not unit.requires_report or outcome.report is State.VALIDATED
        if (
            mark.value is not None
            and not mark.held
            and hangs_on_mark
            and abs(mark.value - bar) <= mark_margin(referential)
        ):
            stake = _unit_stake(outcome, unit, mark.state, referential)
            yield NearCase(outcome, unit.code, mark.value, bar, _out_of(referential), mark.state, stake)


def _unit_stake(outcome: Outcome, unit: Unit, state: State, referential: Referential) -> str:
    credits = counted(unit.credits, "crédit")
    others_failing = sum(mark.state is not State.VALIDATED for mark in outcome.units.values()) - 1
    if not referential.policy.title_requires_ues or (state is State.FAILED and others_failing):
        return credits
    return ", ".join(filter(None, (credits, _title(outcome, state, referential))))


def _title(outcome: Outcome, state: State, referential: Referential) -> str:
    """Whether the title hangs on a condition: it would be lost without it, or lacks it alone."""
    if state is State.VALIDATED:
        return _TITLE if outcome.decision is Decision.ADMITTED else ""
    states = conditions(outcome, with_units=referential.policy.title_requires_ues)
    return _TITLE if sum(each is not State.VALIDATED for each in states) == 1 else _NOT_ENOUGH


def oral_margin(referential: Referential) -> Decimal:
    """How many points from its bar an oral is near it."""
    return oral_rule(referential).points * SHARE


def mark_margin(referential: Referential) -> Decimal:
    """How far from its bar a mark is near it."""
    scale = mark_scale(referential)
    return (scale.maximum - scale.minimum) * SHARE


def _out_of(referential: Referential) -> str:
    return f"sur {figure(mark_scale(referential).maximum)}"


# ----------------------------------------------------------------------------------------------- sheet


def write_near(book: Book) -> int:
    """Write the sheet; how many cases it has."""
    cases = list(near_cases(book.outcomes, book.referential))
    text = ("note", "text", "wrap", "indented")
    columns = (
        Column(heading="Candidat", width=76, style=("small", "text")),
        Column(heading="Nom", width=130, style=("bold", "text", "wrap")),
        Column(heading="Prénom", width=92, style=("text", "wrap")),
        Column(heading="Décision", width=150, style=("bold", "text", "indented"), rules=DECISIONS_BESIDE),
        Column(heading="Provisoire", width=90, style=("small", "center"), rules=PROVISIONAL),
        Column(heading="Condition", width=102, style=("bold", "text", "indented"), opens=True),
        Column(heading="Valeur", width=64, style=("right",), number="0.00"),
        Column(heading="Seuil", width=64, style=("right",), number="0.00"),
        Column(heading="Marge", width=68, style=("right", "bold"), number="0.00"),
        Column(heading="Unité", width=100, style=("small", "text", "indented")),
        Column(heading="État", width=104, style=("note", "text"), rules=STATE_WORDS),
        Column(heading="Enjeu", width=150, style=text),
        Column(heading="Ce qui en décide", width=250, style=text, stretch=True),
    )
    kinds = (Rows("*", "condition près de son seuil", "conditions près de leur seuil"),)
    people = [case.outcome.candidate.id for case in cases]
    lines = tallied(book, columns, Tally("Candidat", people, kinds, "Aucun cas limite"), _margins(book.referential))
    table = Table(book, NEAR, columns, lines=lines, shape=Shape(frozen=3))
    for case in cases:
        person = case.outcome.candidate
        decided = (case.outcome.decision, "Oui" if case.outcome.provisional else "Non")
        values = (person.id, person.last_name, person.first_name, *decided, case.condition)
        facts = (case.unit, case.state, printed(case.stake), printed(case.deciding))
        shown, bar = _shown(book, case)
        looks = ("whole",) if isinstance(case.value, int) else ("exact",)
        whole = isinstance(case.value, int) or isinstance(shown, str)
        signed = ("signed_whole",) if whole else ("signed",)
        table.add(
            [*values, shown, bar, round(Decimal(case.value) - case.bar, _DECIMALS), *facts],
            {6: looks, 7: looks, 8: signed},
            _formulas(book, case, table.row + 1),
            {0: book.candidate_link(person.id)},
        )
    table.close()
    return len(cases)


def _is_letter(book: Book, case: NearCase) -> bool:
    """Whether its figures are levels on a scale of letters."""
    return case.condition in case.outcome.levels and bool(book.referential.scales.level.letters)


def _shown(book: Book, case: NearCase) -> tuple[Decimal | int | str, Decimal | int | str]:
    """The value and the bar as people read them."""
    if not _is_letter(book, case):
        return case.value, case.bar
    scale = book.referential.scales.level
    return scale.shown(Decimal(case.value)), scale.shown(Decimal(case.bar))


def _formulas(book: Book, case: NearCase, row: int) -> dict[int, str]:
    """Decision, figure and state are those of the other sheets; the margin is between the cells beside it."""
    rank, name = book.ranks[case.outcome.candidate.id], case.condition
    states = {"Transversales": TRANSVERSAL_STATE, "Oral": ORAL_STATE}
    is_unit = name in case.outcome.units
    if case.bloc:
        sheet = COMPETENCES if name in case.outcome.levels else SUMMARY if " " in name else NOTES
        figure_of, state = book.places[sheet].cell(name, rank), state_of(case.bloc)
    else:
        figure_of = book.places[SUMMARY].cell(f"note de {name}" if is_unit else name, rank)
        state = states.get(name, state_of(name))
    margin = f'IF(ISNUMBER(G{row}),ROUND(G{row}-H{row},{_DECIMALS}),"")'
    if _is_letter(book, case):
        value, bar = (rank_formula(f"{letter}{row}", book.letters) for letter in "GH")
        margin = f'IF({value}>0,{value}-{bar},"")'
    return {
        3: book.places[SUMMARY].cell("Décision", rank),
        4: book.places[SUMMARY].cell("Provisoire", rank),
        6: figure_of,
        8: margin,
        10: book.places[NOTES if is_unit else SUMMARY].cell(state, rank),
    }


def _margins(referential: Referential) -> Line:
    """How near is near, in words."""
    counted_blocs = any(bloc.at_least is None for bloc in referential.blocs)
    margins = ["une compétence de plus ou de moins pour un bloc"] if counted_blocs else []
    if referential.transversal:
        several = "un bloc ou les transversales" if counted_blocs else "les transversales"
        margins = [f"une compétence de plus ou de moins pour {several}"]
    if referential.oral:
        margins.append(f"{figure(oral_margin(referential))} point à l'oral")
    marked = [bloc.code for bloc in referential.blocs if bloc.at_least is not None]
    marked += [referential.national_exam.code] if referential.national_exam else []
    marked += ["UE"] if referential.units else []
    if marked:
        margins.append(f"{figure(mark_margin(referential))} point de note ({and_list(marked)})")
    return ((f"Marges : {', '.join(margins)}. Les conditions en attente n'y figurent pas.", "caption"),)
