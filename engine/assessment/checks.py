"""The rules that look across marks, candidates and jurors: each yields anomalies and decides nothing.

A check takes the same :class:`Evidence` and declares the codes it may emit; :data:`CHECKS` lists them all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter

from engine.assessment.evidence import Evidence
from engine.model import Average, Bloc, Candidate, Kind, Lacking, Outcome, Role, State, wording
from engine.model.anomalies import Anomaly, Gravity, make
from engine.model.errors import present
from engine.model.marks import LEVEL_INPUT, POINTS_INPUT, REPORT_INPUT
from engine.model.outcome import OralOutcome
from engine.model.roles import ROLE_WORDS
from engine.model.tables import LABEL
from engine.model.texts import counted
from engine.model.unfolding import ByCandidate, rows
from engine.model.values import and_list, figure


@dataclass(frozen=True)
class Check:
    """A check, and the codes it may emit."""

    find: Callable[[Evidence], Iterator[Anomaly]]
    codes: tuple[str, ...]

    def __call__(self, evidence: Evidence) -> Iterator[Anomaly]:
        """The anomalies that it finds."""
        return self.find(evidence)


def emits(*codes: str) -> Callable[[Callable[[Evidence], Iterator[Anomaly]]], Check]:
    """Declare the codes a check may emit."""
    return lambda find: Check(find, codes)


def run(evidence: Evidence) -> list[Anomaly]:
    """Every anomaly of every check, in the order of :data:`CHECKS`."""
    return [anomaly for check in CHECKS for anomaly in check(evidence)]


@emits("R01")
def unrated_competences(evidence: Evidence) -> Iterator[Anomaly]:
    """A competence that nobody rated, in a bloc that is not already held; once a grid has come, or nobody has one."""
    for outcome in evidence.present:
        if evidence.untouched(outcome.candidate, Kind.GRILLE):
            continue
        for bloc in evidence.referential.blocs:
            if outcome.blocs[bloc.code].held or not outcome.candidate.presents(bloc.code):
                continue
            for competence in bloc.competences:
                level = outcome.levels[competence.code]
                if level.value is None and not level.pending:
                    message = f"Personne n'a évalué la compétence {competence.code}, {competence.title}."
                    yield make("R01", message, candidate=outcome.candidate.id, value=competence.code)


@emits("R01")
def unrated_by_a_role(evidence: Evidence) -> Iterator[Anomaly]:
    """A competence that no one of a role rated, though others did, where the mark of that role weighs in its bloc; a
    role that nobody has for a candidate."""
    for outcome in evidence.present:
        weighing = [bloc for bloc in evidence.referential.blocs if bloc.weights and _is_awaited(bloc, outcome)]
        for role in (Role.TRAINER, Role.TUTOR):
            blocs = [bloc for bloc in weighing if role in bloc.weights]
            find = _levels_of_a_role if outcome.candidate.assigned(role) else _role_of_nobody
            yield from find(outcome, role, blocs)


def _is_awaited(bloc: Bloc, outcome: Outcome) -> bool:
    return not outcome.blocs[bloc.code].held and outcome.candidate.presents(bloc.code)


def _lacking(outcome: Outcome, role: Role, bloc: Bloc) -> Lacking:
    found = outcome.blocs[bloc.code]
    if not isinstance(found, Average):
        raise TypeError(f"{bloc.code} is validated by its competences.")
    return found.lacking[ROLE_WORDS[role]]


def _role_of_nobody(outcome: Outcome, role: Role, blocs: Sequence[Bloc]) -> Iterator[Anomaly]:
    waiting = (bloc for bloc in blocs if outcome.blocs[bloc.code].state is State.PENDING)
    codes = [bloc.code for bloc in waiting if _lacking(outcome, role, bloc).unrated]
    if codes:
        wait = "ce bloc attend" if len(codes) == 1 else "ces blocs attendent"
        nobody = f"Aucun {role.lower()} n'est désigné au registre"
        message = f"{nobody}, et la note {_OF[role]} a un poids dans {and_list(codes)} : {wait}."
        remedy = f"Inscrivez-le au registre (colonne {_COLUMNS[role]}), ou faites fixer ces niveaux par la commission."
        yield make("R01", message, remedy=remedy, candidate=outcome.candidate.id, value="; ".join(codes))


_OF = {Role.TRAINER: "des formateurs", Role.TUTOR: "du tuteur"}
_COLUMNS = {Role.TRAINER: "Formateurs", Role.TUTOR: "Tuteur"}


def _levels_of_a_role(outcome: Outcome, role: Role, blocs: Sequence[Bloc]) -> Iterator[Anomaly]:
    """Once the role has said something: before, that its grid is awaited says it all."""
    if not any(_lacking(outcome, role, bloc).given for bloc in blocs):
        return
    remedy = f"Demandez ce niveau à un {role.lower()}, ou faites-le fixer par la commission."
    for bloc in blocs:
        titles = {competence.code: competence.title for competence in bloc.competences}
        for code in _lacking(outcome, role, bloc).unrated:
            if outcome.levels[code].value is not None:
                what = f"la compétence {code}, {titles[code]}, et la note {_OF[role]} a un poids dans {bloc.code}"
                message = f"Aucun {role.lower()} n'a évalué {what}."
                yield make("R01", message, remedy=remedy, candidate=outcome.candidate.id, value=code)


def _by(identifier: str, evidence: Evidence) -> str:
    """``par OSMANI Nadia (J01)``."""
    evaluator = evidence.roster.evaluator(identifier)
    return f"par {evaluator.name} ({evaluator.id})" if evaluator else f"par {identifier}"


@emits("R02")
def levels_far_apart(evidence: Evidence) -> Iterator[Anomaly]:
    """Evaluators far apart on one competence, jurors on one transversal competence."""
    limit, scale = evidence.referential.policy.divergence_levels, evidence.referential.scales.level
    for kind in (Kind.GRILLE, Kind.TRANSVERSALE):
        apart = (found for found in _opinions(evidence, kind) if _gap(found[-1]) >= limit)
        for _, candidate, code, opinions in sorted(apart, key=itemgetter(0)):
            shown = {evaluator: wording.level(scale, value) for evaluator, value in opinions.items()}
            said = and_list(f"{value} {_by(evaluator, evidence)}" for evaluator, value in shown.items())
            message = f"Les niveaux de {code} sont très écartés : {said}."
            yield make("R02", message, candidate=candidate, value=code)


@emits("R02")
def oral_totals_far_apart(evidence: Evidence) -> Iterator[Anomaly]:
    """Jurors whose totals are far apart; `ABS` beside points, which leaves the oral pending."""
    policy, oral = evidence.referential.policy, evidence.referential.oral
    for outcome in evidence.present:
        if outcome.oral is None:
            continue
        candidate, totals = outcome.candidate.id, outcome.oral.totals
        if outcome.oral.conflict:
            said = and_list(_by(juror, evidence) for juror in evidence.absent(candidate))
            message = (
                f"Oral : le code ABS, saisi {said}, et d'autres saisies figurent à la fois dans les fiches du jury."
            )
            remedy = "Demandez au jury si le candidat était absent : soit ABS seul, soit des points partout."
            yield make("R02", message, gravity=Gravity.BLOCKING, remedy=remedy, candidate=candidate)
        if _gap(totals) >= policy.divergence_points:
            said = and_list(f"{figure(total)} {_by(juror, evidence)}" for juror, total in totals.items())
            message = f"Les totaux de l'oral, sur {figure(present(oral).points)}, sont très écartés : {said}."
            yield make("R02", message, candidate=candidate)


@emits("R02")
def referents_disagree(evidence: Evidence) -> Iterator[Anomaly]:
    """Two référents who answer differently: `Non` prevails."""
    answers: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in evidence.values(Kind.VALIDATION):
        if row.candidate in evidence.staying:
            answers[row.candidate, row.code][row.evaluator] = row.value
    for (candidate, code), given in answers.items():
        if len(set(given.values())) > 1:
            said = and_list(f"{answer} {_by(evaluator, evidence)}" for evaluator, answer in given.items())
            yield make(
                "R02",
                f"Les référents diffèrent sur {code} : {said} ; « Non » l'emporte.",
                candidate=candidate,
                value=code,
            )


@emits("R03")
def too_few_complete_sheets(evidence: Evidence) -> Iterator[Anomaly]:
    """Not enough complete jurors' sheets, unless the absence of the candidate settled the oral."""
    needed = evidence.referential.policy.minimum_jurors
    for outcome in evidence.present:
        if outcome.oral is None or outcome.oral.held or outcome.oral.state is State.NOT_PRESENTED:
            continue
        if evidence.untouched(outcome.candidate, Kind.ORAL, needed):
            continue
        if not outcome.oral.absent and len(outcome.oral.totals) < needed:
            complete = len(outcome.oral.totals)
            came = counted(complete, "fiche de jury complète", "fiches de jury complètes")
            message = f"Oral : {came}, {counted(needed, 'exigée')}."
            remedy = _more_jurors(outcome.candidate, outcome.oral, needed)
            yield make("R03", message, remedy=remedy, candidate=outcome.candidate.id)


def _more_jurors(candidate: Candidate, oral: OralOutcome, needed: int) -> str:
    """What mends it where the roster names too few jurors; nothing where it names enough."""
    seen = {juror.casefold() for juror in (*candidate.jurors, *oral.totals, *oral.incomplete)}
    if len(seen) >= needed:
        return ""
    short = counted(needed - len(seen), "juré")
    return f"Ajoutez {short} sur la ligne du candidat (colonne Jurés du registre), puis préparez de nouveau les fiches."


@emits("R04")
def oral_without_the_exam(evidence: Evidence) -> Iterator[Anomaly]:
    """The grand oral sat although the national exam is known to be failed."""
    sat = {row.candidate for row in evidence.values(Kind.ORAL, POINTS_INPUT)}
    for outcome in evidence.present:
        if outcome.exam is not None and outcome.exam.state is State.FAILED and outcome.candidate.id in sat:
            exam = present(evidence.referential.national_exam)
            got = outcome.exam.code or figure(present(outcome.exam.value))
            message = f"Le grand oral a été passé avec {exam.code} : {got} ; il faut {figure(exam.at_least)}."
            yield make("R04", message, candidate=outcome.candidate.id, value=got)


@emits("R05")
def report_not_compliant(evidence: Evidence) -> Iterator[Anomaly]:
    """The activity report found not compliant by a juror at least."""
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for row in evidence.values(Kind.ORAL, REPORT_INPUT):
        answers[row.candidate][row.evaluator] = row.value
    for outcome in evidence.present:
        given = answers.get(outcome.candidate.id, {})
        if "Non" not in given.values():
            continue
        said = and_list(f"{answer} ({juror})" for juror, answer in given.items())
        divided = "Oui" in given.values()
        what = "divise le jury" if divided else "n'est pas conforme"
        remedy = _SETTLE if divided else "Si le jury le confirme, il n'y a rien à faire."
        yield make("R05", f"Le rapport d'activité {what} : {said}.", remedy=remedy, candidate=outcome.candidate.id)


_SETTLE = "Faites trancher le jury : un seul Non l'emporte ; le juré qui change d'avis corrige et renvoie sa fiche."


@emits("R06")
def works_rated_zero(evidence: Evidence) -> Iterator[Anomaly]:
    """A work rated 0: the lowest level, which a blank typed as a zero would also give."""
    for row in evidence.values(Kind.TRAVAUX, LEVEL_INPUT):
        if row.value == 0 and row.candidate in evidence.staying:
            where = {"file": row.file, "sheet": row.sheet, "cell": row.cell}
            people = {"candidate": row.candidate, "evaluator": row.evaluator}
            yield make("R06", f"Le travail {row.code} est évalué à 0.", value="0", **where, **people)


@emits("R09")
def after_registration(evidence: Evidence) -> Iterator[Anomaly]:
    """A session dated after the end of the certification's registration."""
    day, end = evidence.roster.session.jury_date, evidence.referential.certification.registration_ends
    if day is not None and end is not None and day > end:
        message = f"Le jury du {day:%d/%m/%Y} est postérieur à la fin d'enregistrement, le {end:%d/%m/%Y}."
        yield make("R09", message, value=f"{day:%d/%m/%Y}")


@emits("R10")
def levels_moved_under_the_commission(evidence: Evidence) -> Iterator[Anomaly]:
    """A level that the commission set beside a computed one that is another since."""
    labels = (evidence.marks["kind"] == Kind.SYNTHESE) & (evidence.marks["state"] == LABEL)
    shown = {(row.candidate, row.code): row.value for row in rows(evidence.marks, labels)}
    levels, scale = {each.candidate.id: each.levels for each in evidence.present}, evidence.referential.scales.level
    for row in evidence.values(Kind.SYNTHESE, LEVEL_INPUT):
        level = levels.get(row.candidate, {}).get(row.code)
        if level is None or level.computed is None or (row.candidate, row.code) not in shown:
            continue
        before, now = _computed(shown[row.candidate, row.code]), _computed(wording.computed(level.computed, scale))
        if before != now:
            message = (
                f"La commission a fixé {row.code} à {_computed(row.value)}, le niveau calculé étant "
                f"{_or_none(before)} ; il est maintenant {_or_none(now)}. Celui de la commission vaut."
            )
            where = {"file": row.file, "sheet": row.sheet, "cell": row.cell}
            yield make("R10", message, candidate=row.candidate, value=f"{before or 'vide'} → {now or 'vide'}", **where)


def _computed(value: Decimal | str | None) -> str:
    """A computed level as a sheet shows it, however a program kept it."""
    return figure(value) if isinstance(value, Decimal) else (value or "").strip().replace(".", ",")


def _or_none(level: str) -> str:
    return level or "inconnu"


CHECKS: tuple[Check, ...] = (
    unrated_competences,
    unrated_by_a_role,
    levels_far_apart,
    oral_totals_far_apart,
    referents_disagree,
    too_few_complete_sheets,
    oral_without_the_exam,
    report_not_compliant,
    works_rated_zero,
    after_registration,
    levels_moved_under_the_commission,
)


def _opinions(evidence: Evidence, kind: Kind) -> Iterator[tuple[int, str, str, dict[str, Decimal]]]:
    """Where a code is first rated for a candidate in the table of marks, who and what that is, then what each said."""
    rank = evidence.referential.scales.level.rank
    rated = ByCandidate(evidence.marks, evidence.chosen(kind, LEVEL_INPUT), ("code", "evaluator", "value"))
    for candidate in evidence.staying:
        said: dict[str, tuple[int, dict[str, Decimal]]] = {}
        for place, (code, evaluator, value) in zip(rated.places(candidate), rated.of(candidate), strict=True):
            level = value if isinstance(value, Decimal) else rank(value)
            said.setdefault(code, (place, {}))[1][evaluator] = level
        yield from ((place, candidate, code, opinions) for code, (place, opinions) in said.items())


def _gap(opinions: Mapping[str, Decimal]) -> Decimal:
    return max(opinions.values()) - min(opinions.values()) if opinions else Decimal(0)
