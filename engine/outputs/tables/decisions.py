"""The table `decisions`: one row per candidate, the columns of the sheet `Synthèse` and what they leave untyped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from engine.model import Authority, Bloc, Count, Decision, MarkOutcome, Outcome, Referential, Role, State
from engine.model.errors import present
from engine.model.forms import ABSENT, EXEMPT
from engine.model.roles import ROLE_WORDS, worth
from engine.model.values import and_list, figure
from engine.outputs.parts import (
    average_of,
    counted_of,
    exam_of,
    mark_scale,
    oral_of,
    oral_rule,
    role_heading,
    transversal_of,
    unit_bar,
    unit_of,
    weights_words,
)
from engine.outputs.tables.column import Column, Field, Table, Type, Value, read_table, text

NAME = "decisions"
CONTENT = "Une ligne par candidat, dans l'ordre du registre."
_ROSTER = "registre, feuille Candidats"
_RULES = "règles de décision"
_STATES = ", ".join(State)


def decisions(outcomes: Sequence[Outcome], referential: Referential) -> Table:
    """The table; what follows the decision of a candidate who left is empty."""
    return read_table(NAME, CONTENT, fields(referential), lambda: outcomes)


def fields(referential: Referential) -> Iterator[Field[Outcome]]:
    """Its columns: one that is added here stands in `Synthèse`, in the data and in the dictionary."""
    yield from _head()
    for bloc in referential.blocs:
        title = f"bloc {bloc.code} ({bloc.title})"
        if bloc.at_least is None:
            source = f"bloc {bloc.code} : required = {bloc.required}"
            source += f" ; mandatory : {and_list(bloc.mandatory)}" if bloc.mandatory else ""
            yield from _count(bloc.code, title, source, len(bloc.competences), counted_of(bloc.code))
        else:
            yield from _average(bloc, title, referential)
    transversal = referential.transversal
    if transversal:
        source = f"transversal.required = {transversal.required}"
        total = len(transversal.items)
        yield from _count("Transversales", "compétences transversales", source, total, transversal_of)
    if referential.oral:
        yield from _oral(referential)
    yield from _marks(referential)
    reasons = "Ce qui manque ou n'est pas validé, en toutes lettres."
    yield Field(text("Motifs", reasons, _RULES), lambda outcome: " ".join(outcome.reasons))


def _head() -> Iterator[Field[Outcome]]:
    yield Field(text("Identifiant", "Identifiant du candidat.", _ROSTER), lambda outcome: outcome.candidate.id)
    yield Field(text("Nom", "Nom du candidat.", _ROSTER), lambda outcome: outcome.candidate.last_name)
    yield Field(text("Prénom", "Prénom du candidat.", _ROSTER), lambda outcome: outcome.candidate.first_name)
    words = f"Décision : {', '.join(Decision)}."
    yield Field(text("Décision", words, _RULES), lambda outcome: str(outcome.decision))
    meaning = "Oui tant qu'une grille ou une fiche de jury attendue manque : une moyenne peut encore changer."
    provisional = Column(name="Provisoire", type=Type.YES_NO, meaning=meaning, source="fiches attendues et reçues")
    yield Field(provisional, _unless_left(lambda outcome: outcome.provisional))
    meaning = "Codes des blocs validés ou déjà acquis, séparés par « ; »."
    yield Field(text("Blocs acquis", meaning, _RULES), _unless_left(lambda outcome: "; ".join(outcome.acquired)))
    meaning = "Décision que donnent les règles, qui est celle du candidat tant que le jury n'en décide pas autrement."
    yield Field(text("Décision calculée", meaning, _RULES), lambda outcome: str(outcome.by_rules.decision))
    meaning = f"Qui a décidé : {' ou '.join(Authority)}."
    yield Field(text("Décidé par", meaning, "fiche DELIBERATION signée"), lambda outcome: str(outcome.decided_by))


def _unless_left(read: Callable[[Outcome], Value]) -> Callable[[Outcome], Value]:
    return lambda outcome: None if outcome.decision is Decision.LEFT else read(outcome)


def _count(
    name: str, title: str, source: str, total: int, count: Callable[[Outcome], Count]
) -> Iterator[Field[Outcome]]:
    column = Column(
        name=name,
        type=Type.WHOLE,
        meaning=f"Compétences démontrées dans la session, {title}.",
        unit=f"compétences, sur {total}",
        source=source,
    )
    yield Field(column, _unless_left(lambda outcome: count(outcome).demonstrated))
    yield _state(name, title, source, lambda outcome: count(outcome).state)


def _average(bloc: Bloc, title: str, referential: Referential) -> Iterator[Field[Outcome]]:
    floor = "" if bloc.floor is None else f" ; floor = {figure(bloc.floor)}"
    source = f"bloc {bloc.code} : at_least = {figure(present(bloc.at_least))}{floor}"
    exams = ", ".join(f"{exam.code} (coefficient {figure(exam.coefficient)})" for exam in referential.exams_of(bloc))
    what = f"Moyenne des épreuves, {title} : {exams}"
    if bloc.weights:
        what = f"Moyenne des rôles, {title} : {weights_words(bloc)}"
        yield from _roles(bloc, title, referential)
    column = Column(
        name=bloc.code,
        type=Type.NUMBER,
        meaning=f"{what} ; vide tant qu'une note n'est pas un nombre.",
        unit=f"note, sur {figure(mark_scale(referential).maximum)}",
        source=f"{source} ; policy.rounding = {referential.policy.rounding}",
    )
    average = average_of(bloc.code)
    yield Field(column, _unless_left(lambda outcome: average(outcome).value))
    yield _state(bloc.code, title, source, lambda outcome: average(outcome).state)


def _roles(bloc: Bloc, title: str, referential: Referential) -> Iterator[Field[Outcome]]:
    """The mark of each role in a mean of roles."""
    scale = worth(referential)
    for role, weight in bloc.weights.items():
        word, levels = ROLE_WORDS[role], role is not Role.JUROR
        of = f"niveaux de chaque compétence, {figure(scale.zero)} valant 0" if levels else "total retenu du grand oral"
        column = Column(
            name=role_heading(bloc, word),
            type=Type.NUMBER,
            meaning=f"Note, {word}, {title} : {of} ; vide tant qu'il en manque.",
            unit=f"note, sur {figure(scale.mark)}",
            source=f"poids de {figure(weight)} % ; policy.rounding = {scale.rounding}",
        )
        yield Field(column, _unless_left(_role_mark(bloc, word)))
        if not levels:
            declared = text(f"{column.name} code", f"{ABSENT} (absent) à la place de la note.", "fiches ORAL")
            yield Field(declared, _unless_left(_role_code(bloc, word)), in_sheet=False)


def _role_mark(bloc: Bloc, word: str) -> Callable[[Outcome], Value]:
    average = average_of(bloc.code)
    return lambda outcome: average(outcome).marks[word].value


def _role_code(bloc: Bloc, word: str) -> Callable[[Outcome], Value]:
    average = average_of(bloc.code)
    return lambda outcome: average(outcome).marks[word].code


def _state(name: str, title: str, source: str, state: Callable[[Outcome], State]) -> Field[Outcome]:
    column = text(f"{name} état", f"État de la condition, {title} : {_STATES}.", source)
    return Field(column, _unless_left(lambda outcome: str(state(outcome))))


def _oral(referential: Referential) -> Iterator[Field[Outcome]]:
    oral, policy = oral_rule(referential), referential.policy
    source = f"oral.at_least = {figure(oral.at_least)} ; policy.minimum_jurors = {policy.minimum_jurors}"
    column = Column(
        name="Oral",
        type=Type.NUMBER,
        meaning=f"Total retenu du grand oral ({_AGGREGATES[policy.oral_from]} des fiches complètes), "
        "vide tant que les points ne l'ont pas arrêté.",
        unit=f"points, sur {figure(oral.points)}",
        source=f"{source} ; policy.oral_from = {policy.oral_from}",
    )
    yield Field(column, _unless_left(lambda outcome: oral_of(outcome).value))
    yield _state("Oral", "grand oral", source, lambda outcome: oral_of(outcome).state)


_AGGREGATES = {"mean": "moyenne", "median": "médiane", "min": "minimum", "max": "maximum"}


def _marks(referential: Referential) -> Iterator[Field[Outcome]]:
    exam = referential.national_exam
    if exam:
        source = f"national_exam.at_least = {figure(exam.at_least)}"
        yield from _mark(referential, exam.code, exam.title, source, exam_of)
    if not referential.units:
        return
    rule = f"ue_rule.above = {figure(unit_bar(referential))}"
    for unit in referential.units:
        source = f"{rule} ; requires_report" if unit.requires_report else rule
        found = _mark(referential, unit.code, unit.title, source, unit_of(unit.code))
        yield from (field if field.column.name == unit.code else replace(field, in_sheet=False) for field in found)
    yield _state("UE", "toutes les unités d'enseignement", rule, lambda outcome: present(outcome.unit_state))
    total = sum(unit.credits for unit in referential.units)
    credits = Column(
        name="Crédits",
        type=Type.WHOLE,
        meaning="Crédits accordés, unité par unité, pour celles qui sont validées.",
        unit=f"crédits, sur {total}",
        source="ue.credits",
    )
    yield Field(credits, _unless_left(lambda outcome: outcome.credits))


def _mark(
    referential: Referential, code: str, title: str, source: str, mark: Callable[[Outcome], MarkOutcome]
) -> Iterator[Field[Outcome]]:
    scale = referential.scales.mark
    column = Column(
        name=code,
        type=Type.NUMBER,
        meaning=f"Note obtenue, {title} ; vide si elle manque ou si elle est remplacée par un code.",
        unit=f"note, sur {figure(scale.maximum)}" if scale else "note",
        source=source,
    )
    yield Field(column, _unless_left(lambda outcome: mark(outcome).value))
    declared = text(f"{code} code", f"{ABSENT} (absent) ou {EXEMPT} (dispensé) à la place de la note.", "fiche NOTES")
    yield Field(declared, _unless_left(lambda outcome: mark(outcome).code), in_sheet=False)
    yield _state(code, title, source, lambda outcome: mark(outcome).state)
