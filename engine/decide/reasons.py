"""Why: one plain French sentence per condition that fails or waits, with the figure and the bar."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from engine.forms import ABSENT
from engine.model import Count, Level, Mark, OralOutcome, Outcome, Referential, State, Unit
from engine.values import and_list, figure

_FEW = 4  # codes that are worth naming even when none is missing from the list


def explain(outcome: Outcome, referential: Referential, awaited: Sequence[str]) -> tuple[str, ...]:
    """The sentences of the column `Motifs`, in the order of the rules."""
    if outcome.candidate.dropped_out:
        return ("Abandon inscrit au registre.",)
    return tuple(_sentences(outcome, referential, awaited))


def _sentences(outcome: Outcome, referential: Referential, awaited: Sequence[str]) -> Iterator[str]:
    for bloc in referential.blocs:
        codes = [competence.code for competence in bloc.competences]
        yield from _bloc(bloc.code, outcome.blocs[bloc.code], {code: outcome.levels[code] for code in codes})
    if outcome.transversal is not None:
        yield from _count("Transversales", outcome.transversal, outcome.transversal_levels)
    if outcome.oral is not None:
        yield from _oral(outcome.oral, referential)
    exam = referential.national_exam
    if outcome.exam is not None:
        yield from _mark(exam.code, outcome.exam, f"il faut {figure(exam.at_least)}")
    for unit in referential.units:
        report = _report(outcome) if unit.requires_report else ""
        yield from _unit(unit, outcome.units[unit.code], report, referential.unit_rule.above)
    if awaited:
        yield f"Provisoire, en attente de : {and_list(awaited)}."


def _bloc(code: str, bloc: Count, levels: Mapping[str, Level]) -> Iterator[str]:
    if bloc.held:
        yield f"{code} : déjà acquis à une session antérieure."
    else:
        yield from _count(code, bloc, levels)


def _count(name: str, found: Count, levels: Mapping[str, Level]) -> Iterator[str]:
    if found.state is State.VALIDATED:
        return
    text = f"{name} : {_counted(found.demonstrated, 'démontrée')}, {_counted(found.required, 'requise')}"
    if found.state is State.PENDING:
        unrated = [code for code, level in levels.items() if level.value is None and not level.pending]
        unreadable = [code for code, level in levels.items() if level.pending]
        text += _these(unrated, len(levels), "sans niveau", "aucun niveau saisi")
        text += _these(unreadable, len(levels), "à corriger", "tous les niveaux à corriger")
    yield f"{text}."


def _these(codes: Sequence[str], total: int, what: str, all_of_them: str) -> str:
    """Which items wait, by their codes; a long list of them all says nothing more than its sum."""
    if not codes:
        return ""
    return f" ; {all_of_them}" if len(codes) == total > _FEW else f" ; {and_list(codes)} {what}"


def _oral(oral: OralOutcome, referential: Referential) -> Iterator[str]:
    rule = referential.oral
    if oral.absent:
        yield "Oral : absence."
    elif oral.state is State.FAILED:
        yield f"Oral : {_mark_figure(oral.value)}/{figure(rule.points)}, il faut {figure(rule.at_least)}."
    elif oral.state is State.PENDING:
        yield f"Oral : {' ; '.join(_oral_awaited(oral, referential.policy.minimum_jurors))}."


def _oral_awaited(oral: OralOutcome, needed: int) -> Iterator[str]:
    """What the jury has given so far, out of what is needed, and whose sheets hold the oral back."""
    asked = _counted(needed, "exigée")
    held_back = oral.incomplete
    if oral.conflict:
        yield "ABS et autres saisies à la fois"
    elif oral.absences:
        yield f"ABS sur {_counted(len(oral.absences), 'fiche')}, {asked}"
        held_back = [juror for juror in oral.incomplete if juror not in oral.absences]
    else:
        yield f"{_counted(len(oral.totals), 'fiche')} {_plural('complète', len(oral.totals))}, {asked}"
    if held_back:
        yield f"à compléter ou à corriger : {and_list(held_back)}"


def _counted(number: int, word: str) -> str:
    return f"{number} {_plural(word, number)}"


def _plural(word: str, number: int) -> str:
    return word if number < 2 else f"{word}s"  # in French, zero is singular


def _mark(code: str, mark: Mark, bar: str) -> Iterator[str]:
    if mark.state is State.PENDING:
        yield f"{code} : {_unknown(mark)}."
    elif mark.code == ABSENT:
        yield f"{code} : absence."
    elif mark.state is State.FAILED:
        yield f"{code} : {_mark_figure(mark.value)}, {bar}."


def _unknown(mark: Mark) -> str:
    return "note à corriger" if mark.unreadable else "note attendue"


def _report(outcome: Outcome) -> str:
    """Why the activity report holds a UE back; nothing when it does not."""
    if outcome.report is State.FAILED:
        return "rapport d'activité non conforme"
    if outcome.report is State.PENDING:
        unreadable = "rapport d'activité : réponse d'un juré à corriger"
        return unreadable if outcome.report_unreadable else "rapport d'activité à apprécier par le jury"
    return ""


def _unit(unit: Unit, mark: Mark, report: str, above: Decimal) -> Iterator[str]:
    """A UE fails or waits by its mark, by the report, or by both: each cause is told."""
    if mark.state is State.VALIDATED:
        return
    causes = []
    if mark.code == ABSENT:
        causes.append("absence")
    elif mark.value is None and not mark.code:
        causes.append(_unknown(mark))
    elif mark.value is not None and mark.value <= above:
        causes.append(f"{_mark_figure(mark.value)}, il faut plus de {figure(above)}")
    if report:
        causes.append(report)
    lost = f" ({_counted(unit.credits, 'crédit')} non {_plural('accordé', unit.credits)})"
    yield f"{unit.code} : {', '.join(causes)}{lost if mark.state is State.FAILED else ''}."


def _mark_figure(number: Decimal) -> str:
    """A mark with two decimals at least: 10,00; 9,999 stays 9,999."""
    whole, _, decimals = figure(number).partition(",")
    return f"{whole},{decimals.ljust(2, '0')}"
