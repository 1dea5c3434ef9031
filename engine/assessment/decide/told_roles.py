"""Why a bloc validated by a mean of roles fails or waits: the sum as anybody can do it again, or who owes what."""

from __future__ import annotations

from collections.abc import Iterator

from engine.assessment.decide.asked import Named, People
from engine.assessment.decide.figures import mark_figure, shortfall
from engine.model import Average, Bloc, MarkOutcome, OralOutcome, Outcome, Role, State
from engine.model.errors import present
from engine.model.forms import ABSENT
from engine.model.roles import ROLE_WORDS
from engine.model.values import and_list, figure


def told_roles(bloc: Bloc, found: Average, outcome: Outcome, people: People) -> Iterator[str]:
    """One sentence; nothing of a bloc that is validated. Where nobody is named, the mark of a role is not told: it may
    be that of one person."""
    if found.state is State.FAILED:
        yield f"{bloc.code} : {' ; '.join(_against(bloc, found, named=isinstance(people, Named)))}."
    elif found.state is State.PENDING:
        yield f"{bloc.code} : {' ; '.join(_awaited(bloc, found, outcome, people))}."


def _against(bloc: Bloc, found: Average, *, named: bool) -> Iterator[str]:
    for word, mark in found.marks.items():
        if mark.code == ABSENT:
            yield "absence au grand oral"
        elif bloc.floor is not None and mark.value is not None and mark.value < bloc.floor:
            told = f"{word} à {mark_figure(mark.value)}" if named else f"{word} sous la note plancher"
            lacks = f", {shortfall(mark.value, bloc.floor)}" if named else ""
            yield f"{told}, il faut au moins {figure(bloc.floor)}{lacks}"
    bar = present(bloc.at_least)
    if found.best < bar:
        known = "de" if found.value is not None else "d'au plus"
        total = f" ({_sum(bloc, found)})" if named else ""
        yield f"moyenne {known} {mark_figure(found.best)}{total}, il faut {figure(bar)}, {shortfall(found.best, bar)}"


def _sum(bloc: Bloc, found: Average) -> str:
    """``formateurs 12,67 × 30 %, tuteur 9,00 × 20 %, jury à venir × 50 %``."""
    weights = {ROLE_WORDS[role]: weight for role, weight in bloc.weights.items()}
    return ", ".join(f"{word} {_shown(mark)} × {figure(weights[word])} %" for word, mark in found.marks.items())


def _shown(mark: MarkOutcome) -> str:
    return "à venir" if mark.value is None else mark_figure(mark.value)


def _awaited(bloc: Bloc, found: Average, outcome: Outcome, people: People) -> Iterator[str]:
    for role in bloc.weights:
        word = ROLE_WORDS[role]
        if found.marks[word].value is not None:
            continue
        if role is Role.JUROR:
            yield f"{word}, {_oral(present(outcome.oral))}"
        else:
            yield f"{word}, {_levels(bloc, found, word, people, outcome.candidate.assigned(role))}"


def _oral(oral: OralOutcome) -> str:
    if oral.held:
        return "oral conservé d'une session antérieure, sans sa note : la délibération du jury en décide"
    return "note du grand oral attendue"


def _levels(bloc: Bloc, found: Average, word: str, people: People, assigned: tuple[str, ...]) -> str:
    """Which levels of a role are missing, and who is asked for them."""
    lacking, parts = found.lacking[word], []
    whom = people.raters(assigned) if assigned else "personne n'est désigné au registre"
    if lacking.unrated and len(lacking.unrated) == len(bloc.competences):
        parts.append(f"aucun niveau saisi ({whom})")
    elif lacking.unrated:
        number = "1 niveau" if len(lacking.unrated) == 1 else f"{len(lacking.unrated)} niveaux"
        parts.append(f"il manque {number} : {and_list(lacking.unrated)} ({whom})")
    if lacking.to_mend:
        parts.append(f"à corriger : {and_list(lacking.to_mend)} ({people.raters(lacking.held_back)})")
    return ", ".join(parts)
