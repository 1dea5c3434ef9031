"""Why: one plain French sentence per condition that fails or waits: the figure, the bar, the margin, and who is asked.

A margin is what separates the figure that was compared from its bar, exactly: it never contradicts the state. A UE
must be above its bar, so that no amount can be said to lack to a mark at the bar: it is told as such.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from engine.assessment.decide.asked import SECRETARIAT, Named, People, Unnamed
from engine.assessment.decide.figures import mark_figure, shortfall
from engine.assessment.decide.told_roles import told_roles
from engine.model import (
    Average,
    Bloc,
    Candidate,
    Count,
    Exam,
    Level,
    MarkOutcome,
    OralOutcome,
    Outcome,
    Referential,
    State,
    Unit,
)
from engine.model.errors import present
from engine.model.forms import ABSENT
from engine.model.texts import counted, plural
from engine.model.values import and_list, figure

Ask = Callable[..., str]
"""Names the people who could settle an item: all of them, or only those of some identifiers."""


def explain(
    outcome: Outcome, referential: Referential, awaited: Sequence[str], *, named: bool = True
) -> tuple[str, ...]:
    """The sentences of the column `Motifs`, in the order of the rules; unless ``named``, no evaluator is."""
    if outcome.candidate.dropped_out:
        return ("Abandon inscrit au registre.",)
    people = Named(outcome.candidate) if named else Unnamed()
    return tuple(_sentences(outcome, referential, awaited, people))


def _sentences(outcome: Outcome, referential: Referential, awaited: Sequence[str], people: People) -> Iterator[str]:
    yield from _presented(outcome)
    yield from _blocs(outcome, referential, people)
    yield from _kept(outcome, referential)
    if outcome.transversal is not None:
        yield from _count("Transversales", outcome.transversal, outcome.transversal_levels, people.jurors)
    if outcome.oral is not None:
        yield from _oral(outcome.oral, outcome.candidate, referential, people)
    if outcome.exam is not None:
        yield from _exam(outcome.exam, referential)
    if outcome.units:
        yield from _units(outcome, referential, people)
    if awaited:
        yield f"Provisoire, en attente de : {and_list(awaited)}."


def _kept(outcome: Outcome, referential: Referential) -> Iterator[str]:
    """One sentence for all that is held from an earlier session, beside blocs."""
    parts = (
        ("Transversales", outcome.transversal),
        ("Oral", outcome.oral),
        (referential.national_exam.code if referential.national_exam else "", outcome.exam),
        *outcome.units.items(),
    )
    held = [name for name, part in parts if part is not None and part.held]
    if held:
        yield f"{and_list(held)} : validation conservée d'une session antérieure."


def _presented(outcome: Outcome) -> Iterator[str]:
    """Which blocs are not presented, so that the title is not given; and those in which somebody rated all the same."""
    others = [code for code, count in outcome.blocs.items() if count.state is State.NOT_PRESENTED]
    if others:
        rated = [code for code in others if _came(outcome.blocs[code])]
        told = f", des évaluations y ont pourtant été saisies ({and_list(rated)})" if rated else ""
        yield f"{plural(len(others), 'Bloc non présenté', 'Blocs non présentés')} : {and_list(others)}{told}."


def _came(bloc: Count | Average) -> bool:
    """Whether something is known of what the bloc rests on."""
    if isinstance(bloc, Count):
        return bloc.missing < bloc.total
    if bloc.lacking:  # what the jury gives is not about this bloc alone
        return any(lacking.given for lacking in bloc.lacking.values())
    return any(mark.value is not None or mark.code for mark in bloc.marks.values())


# ------------------------------------------------------------------------------- blocs and transversal


def _blocs(outcome: Outcome, referential: Referential, people: People) -> Iterator[str]:
    """Bloc by bloc; those of which every level is unknown for the same cause share one sentence."""
    ask = people.raters
    levels = {
        bloc.code: {each.code: outcome.levels[each.code] for each in bloc.competences}
        for bloc in referential.rated_blocs
    }
    mandatory = {bloc.code: bloc.mandatory for bloc in referential.blocs}
    counts = {code: found for code, found in outcome.blocs.items() if isinstance(found, Count)}
    pending = [code for code, count in counts.items() if count.state is State.PENDING]
    causes = {code: _cause_of_all(levels[code].values(), ask) for code in pending}
    for code, found in outcome.blocs.items():
        cause = causes.get(code, "")
        alike = [other for other in causes if causes[other] == cause] if cause else []
        if found.held:
            yield f"{code} : déjà acquis à une session antérieure."
        elif found.state is State.NOT_PRESENTED:
            continue  # told of with the others
        elif isinstance(found, Average):
            bloc = next(bloc for bloc in referential.blocs if bloc.code == code)
            by_roles = told_roles(bloc, found, outcome, people)
            yield from by_roles if bloc.weights else _average(bloc, found, referential)
        elif not cause:
            yield from _count(code, found, levels[code], ask, mandatory[code])
        elif code == alike[0]:
            yield _unknown(alike, [counts[one].required for one in alike], cause)


def _cause_of_all(levels: Collection[Level], ask: Ask) -> str:
    """Why not one of these levels is known, and who is asked; nothing when that is not so, or for several causes."""
    if all(level.pending for level in levels):
        return f"tous les niveaux à corriger ({ask(_holders(levels))})"
    if all(level.missing and not level.pending for level in levels):
        return f"aucun niveau saisi ({ask()})"
    return ""


def _holders(levels: Collection[Level]) -> list[str]:
    return list(dict.fromkeys(one for level in levels for one in level.held_back))


def _unknown(names: Sequence[str], bars: Sequence[int], cause: str) -> str:
    return f"{and_list(names)} : {cause} ; {and_list(map(str, bars))} {plural(max(bars), 'requise')}."


def _count(
    name: str, found: Count, levels: Mapping[str, Level], ask: Ask, mandatory: Collection[str] = ()
) -> Iterator[str]:
    if found.state in (State.VALIDATED, State.NOT_PRESENTED):
        return
    if found.state is State.PENDING and (cause := _cause_of_all(levels.values(), ask)):
        yield _unknown([name], [found.required], cause)
        return
    short = found.required - found.demonstrated
    text = f"{name} : {counted(found.demonstrated, 'démontrée')}, {counted(found.required, 'requise')}"
    open_ones = {code: levels[code] for code in mandatory if levels[code].missing}
    if found.state is State.PENDING:
        text += f", il en faut encore {short}" if short > 0 else ""
        text += _mandatory(open_ones, "à connaître")
        yield f"{text}{''.join(_settling(levels if short > 0 else open_ones, ask))}."
        return
    if short > found.missing:
        text += f", il en manque {short}"
        left = "1 seul niveau reste" if found.missing == 1 else f"{found.missing} niveaux seulement restent"
        text += f" et {left} à connaître" if found.missing else ""
    lost = [code for code in mandatory if not levels[code].missing and not levels[code].demonstrated]
    yield f"{text}{_mandatory(lost, plural(len(lost), 'non démontrée', 'non démontrées'))}."


def _mandatory(codes: Collection[str], why: str) -> str:
    """``, obligatoires non démontrées : 1.2 et 1.4``; nothing for no code."""
    return f", {plural(len(codes), 'obligatoire')} {why} : {and_list(codes)}" if codes else ""


def _average(bloc: Bloc, found: Average, referential: Referential) -> Iterator[str]:
    """A mean: what fails it, mark by mark, or the marks it waits for."""
    exams = {exam.code: exam for exam in referential.exams_of(bloc)}
    if found.state is State.FAILED:
        yield f"{bloc.code} : {' ; '.join(_against(bloc, exams, found))}."
    elif found.state is State.PENDING:
        yield f"{bloc.code} : {' ; '.join(_awaited_marks(exams, found))}."


def _against(bloc: Bloc, exams: Mapping[str, Exam], found: Average) -> Iterator[str]:
    absences = [code for code, mark in found.marks.items() if mark.code == ABSENT]
    if absences:
        yield f"absence à {and_list(absences)}"
    for code, mark in found.gates.items():
        if code in found.closed:
            yield f"{_closed(exams[code], mark)}{_in_vain(found.marks[code])}"
    for code, mark in found.marks.items():
        if code not in found.closed and bloc.floor is not None and mark.value is not None and mark.value < bloc.floor:
            floor = figure(bloc.floor)
            yield f"{code} à {mark_figure(mark.value)}, il faut au moins {floor}, {shortfall(mark.value, bloc.floor)}"
    bar = present(bloc.at_least)
    if found.best < bar and not found.closed:
        known = "de" if found.value is not None else "d'au plus"
        yield f"moyenne {known} {mark_figure(found.best)}, il faut {figure(bar)}, {shortfall(found.best, bar)}"


def _closed(exam: Exam, before: MarkOutcome) -> str:
    """Why an exam may not be sat."""
    if before.value is None:
        return f"{exam.code} non ouverte, absence à {exam.after}"
    bar = present(exam.after_at_least)
    lacks = (
        f"{exam.after} à {mark_figure(before.value)}, il faut au moins {figure(bar)}, {shortfall(before.value, bar)}"
    )
    return f"{exam.code} non ouverte, {lacks}"


def _in_vain(mark: MarkOutcome) -> str:
    """The mark of an exam that may not be sat, which counts for nothing."""
    return f" ; sa note de {mark_figure(mark.value)} ne compte pas" if mark.value is not None else ""


def _awaited_marks(exams: Mapping[str, Exam], found: Average) -> Iterator[str]:
    unknown = {code: mark for code, mark in found.marks.items() if mark.value is None}
    before = {present(exams[code].after): mark for code, mark in found.gates.items() if mark.state is State.PENDING}
    unknown = before | unknown
    for unreadable in (False, True):
        alike = [code for code, mark in unknown.items() if mark.unreadable is unreadable]
        if alike:
            yield f"{and_list(alike)}, {_awaited_mark(unknown[alike[0]], len(alike))}"


def _settling(levels: Mapping[str, Level], ask: Ask) -> Iterator[str]:
    """Which levels would settle the count, and who is asked for them."""
    unrated = [code for code, level in levels.items() if level.missing and not level.pending]
    to_mend = [code for code, level in levels.items() if level.pending]
    if unrated:
        number = f"{len(unrated)} {'niveau' if len(unrated) == 1 else 'niveaux'}"
        yield f" ; il manque {number} : {and_list(unrated)} ({ask()})"
    if to_mend:
        yield f" ; à corriger : {and_list(to_mend)} ({ask(_holders(levels.values()))})"


# ------------------------------------------------------------------------------------------------ oral


def _oral(oral: OralOutcome, candidate: Candidate, referential: Referential, people: People) -> Iterator[str]:
    rule, needed = present(referential.oral), referential.policy.minimum_jurors
    if oral.absent:
        yield f"Oral : absence ({people.jurors(oral.absences)})."
    elif oral.state is State.FAILED:
        total = present(oral.value)
        out_of = f"{mark_figure(total)}/{figure(rule.points)}"
        yield f"Oral : {out_of}, il faut {figure(rule.at_least)}, {shortfall(total, rule.at_least)}."
    elif oral.state is State.PENDING:
        yield f"Oral : {' ; '.join(_oral_awaited(oral, candidate, needed, people))}."


def _oral_awaited(oral: OralOutcome, candidate: Candidate, needed: int, people: People) -> Iterator[str]:
    """The sheets of the jury so far, how many are needed, and whose would settle the oral."""
    asked = counted(needed, "exigée")
    held_back = oral.incomplete
    if oral.conflict:
        yield "ABS et autres saisies à la fois"
    elif oral.absences:
        yield f"ABS sur {counted(len(oral.absences), 'fiche')}, {asked}"
        held_back = tuple(juror for juror in oral.incomplete if juror not in oral.absences)
    else:
        yield f"{counted(len(oral.totals), 'fiche')} {plural(len(oral.totals), 'complète')}, {asked}"
    if held_back:
        yield f"à compléter ou à corriger : {people.jurors(held_back)}"
    seen = {juror.casefold() for juror in (*oral.totals, *oral.incomplete)}
    if len(seen) < needed:
        yield f"{counted(needed - len(seen), 'fiche')} à recevoir ({_awaited_jurors(candidate, seen, needed, people)})"


def _awaited_jurors(candidate: Candidate, seen: Collection[str], needed: int, people: People) -> str:
    """The jurors who have given nothing yet, and how many the roster would still have to name."""
    silent = [juror for juror in candidate.jurors if juror.casefold() not in seen]
    short = needed - len(seen) - len(silent)
    named = [people.jurors(silent)] if silent else []
    return ", ".join([*named, *([f"{counted(short, 'juré')} à désigner au registre"] if short > 0 else [])])


# ----------------------------------------------------------------------------------------------- marks


def _exam(mark: MarkOutcome, referential: Referential) -> Iterator[str]:
    exam = present(referential.national_exam)
    if mark.state is State.PENDING:
        yield f"{exam.code} : {_awaited_mark(mark)}."
    elif mark.code == ABSENT:
        yield f"{exam.code} : absence."
    elif mark.state is State.FAILED:
        got, bar = present(mark.value), exam.at_least
        yield f"{exam.code} : {mark_figure(got)}, il faut {figure(bar)}, {shortfall(got, bar)}."


def _awaited_mark(mark: MarkOutcome, number: int = 1) -> str:
    state = "à corriger" if mark.unreadable else plural(number, "attendue")
    return f"{plural(number, 'note')} {state} ({SECRETARIAT})"


def _units(outcome: Outcome, referential: Referential, people: People) -> Iterator[str]:
    """UE by UE; those that only wait for their mark share one sentence."""
    report, told = _report(outcome, people), set()
    for unit in referential.units:
        mark, held_back = outcome.units[unit.code], report if unit.requires_report else ""
        if not _is_unknown(mark) or held_back:
            yield from _unit(unit, mark, held_back, present(referential.unit_rule).above)
        elif mark.unreadable not in told:
            told.add(mark.unreadable)
            alike = [
                other.code
                for other in referential.units
                if _is_unknown(outcome.units[other.code])
                and outcome.units[other.code].unreadable == mark.unreadable
                and not (other.requires_report and report)
            ]
            yield f"{and_list(alike)} : {_awaited_mark(mark, len(alike))}."


def _is_unknown(mark: MarkOutcome) -> bool:
    return mark.value is None and not mark.code and mark.state is not State.NOT_PRESENTED


def _unit(unit: Unit, mark: MarkOutcome, report: str, above: Decimal) -> Iterator[str]:
    """A UE fails or waits by its mark, by the report, or by both: each cause is told."""
    if mark.state in (State.VALIDATED, State.NOT_PRESENTED):
        return
    causes = []
    if mark.code == ABSENT:
        causes.append("absence")
    elif _is_unknown(mark):
        causes.append(_awaited_mark(mark))
    elif mark.value is not None and mark.value <= above:
        short = "la note est juste au seuil" if mark.value == above else shortfall(mark.value, above, "plus de ")
        causes.append(f"{mark_figure(mark.value)}, il faut plus de {figure(above)}, {short}")
    if report:
        causes.append(report)
    if mark.state is State.FAILED:
        causes.append(f"{counted(unit.credits, 'crédit')} non {plural(unit.credits, 'accordé')}")
    yield f"{unit.code} : {' ; '.join(causes)}."


def _report(outcome: Outcome, people: People) -> str:
    """Why the activity report holds a UE back; nothing when it does not."""
    if outcome.report is State.FAILED:
        return f"rapport d'activité non conforme ({people.jurors(outcome.report_by)})"
    if outcome.report is State.PENDING and outcome.report_unreadable:
        return f"rapport d'activité, réponse à corriger ({people.jurors(outcome.report_by)})"
    return f"rapport d'activité à apprécier ({people.jurors()})" if outcome.report is State.PENDING else ""
