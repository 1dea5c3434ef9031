"""The sheet `Référentiel`: the rules the results rest on, with their version."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.model import ActKind, Referential, Run
from engine.model.texts import counted, day_and_hour
from engine.model.values import and_list, figure
from engine.model.wording import in_mean
from engine.office.styles import printed
from engine.outputs.parts import mean_words, unit_bar
from engine.outputs.workbook.column import Column
from engine.outputs.workbook.frame import Book
from engine.outputs.workbook.grid import Table

Row = tuple[str, str, str, str, Decimal | int | str | None]

_WHOLES = ("Bloc", "Transversales", "Grand oral")
"""The parts that sum up the rows under them."""

_AGGREGATES = {
    "mean": "la moyenne des évaluations",
    "median": "la médiane des évaluations",
    "min": "la plus basse des évaluations",
    "max": "la plus haute des évaluations",
}


_RATED = "niveau compté dans la note de chaque rôle ; le seuil est un repère"


def write_rules(book: Book) -> None:
    """Write the sheet."""
    columns = (
        Column(heading="Partie", width=108, style=("note", "text", "wrap")),
        Column(heading="Code", width=62, style=("note", "bold", "text")),
        Column(heading="Intitulé", width=306, style=("note", "text", "wrap"), stretch=True),
        Column(heading="Règle", width=220, style=("note", "text", "wrap")),
        Column(heading="Seuil", width=60, style=("bold", "center")),
    )
    certification = book.referential.certification
    lines = (
        ((f"Certificateur : {certification.certifier}, niveau {certification.level}", "caption"),),
        ((f"Programme cohorte {book.run.program_version}", "caption"),),
    )
    table = Table(book, "Référentiel", columns, lines=lines)
    for part, code, title, rule, bar in (*_acts(book.run), *_rules(book.referential)):
        looks = {0: ("bold",), 2: ("bold",)} if part in _WHOLES else {}
        table.add((part, code, printed(title), printed(rule), bar), looks)
    table.close()


def _acts(run: Run) -> Iterator[Row]:
    """What was done to the session as a whole, the last act first."""
    for act in reversed(run.acts):
        title = f"{act.kind.capitalize()} du {day_and_hour(act.at)}"
        if not act.certain:
            yield ("Session", f"{act.number}", title, "acte introuvable, ou sans le sceau de la clé", None)
            continue
        if act.kind is ActKind.REOPEN:
            yield ("Session", f"{act.number}", title, f"raison : {act.reason}", None)
            continue
        count = len(act.decisions)
        rule = f"{count} décision{'s figées' if count > 1 else ' figée'}, empreinte {act.seal[:16]}"
        if act.accepted:  # the act holds the list
            rule += f" ; {counted(len(act.accepted), 'point accepté', 'points acceptés')} en l'état"
        yield ("Session", f"{act.number}", title, rule, None)


def _rules(referential: Referential) -> Iterator[Row]:
    yield ("Version", "", referential.certification.version, "version du référentiel inscrite sur chaque fiche", None)
    yield from _blocs(referential)
    yield from _transversal(referential)
    yield from _oral(referential)
    yield from _marks(referential)
    yield from _policy(referential)


def _blocs(referential: Referential) -> Iterator[Row]:
    scale = referential.scales.level
    for bloc in referential.blocs:
        if bloc.at_least is not None:
            yield ("Bloc", bloc.code, bloc.title, mean_words(bloc), bloc.at_least)
            for exam in referential.exams_of(bloc):
                yield ("Épreuve", exam.code, exam.title, in_mean(exam), bloc.floor)
            for competence in bloc.competences:
                yield ("Compétence", competence.code, competence.title, _RATED, competence.minimum)
            continue
        total = len(bloc.competences)
        rule = f"au moins {bloc.required} compétences démontrées sur {total}"
        rule += f", et les obligatoires ({and_list(bloc.mandatory)})" if bloc.mandatory else ""
        yield ("Bloc", bloc.code, bloc.title, rule, bloc.required)
        for competence in bloc.competences:
            rule = f"niveau au moins égal au seuil{' ; obligatoire' if competence.mandatory else ''}"
            yield ("Compétence", competence.code, competence.title, rule, scale.shown(competence.minimum))


def _transversal(referential: Referential) -> Iterator[Row]:
    transversal, scale = referential.transversal, referential.scales.level
    if transversal is None:
        return
    rule = f"au moins {transversal.required} compétences sur {len(transversal.items)} à leur seuil"
    yield ("Transversales", "", "Compétences transversales", rule, transversal.required)
    for item in transversal.items:
        yield ("Transversale", item.code, item.title, "niveau au moins égal au seuil", scale.shown(item.minimum))


def _oral(referential: Referential) -> Iterator[Row]:
    oral = referential.oral
    if oral is None:
        return
    rule = f"total d'au moins {figure(oral.at_least)} points sur {figure(oral.points)}"
    yield ("Grand oral", "", "Grand oral", rule, oral.at_least)
    for item in oral.items:
        yield ("Critère de l'oral", item.code, item.title, f"de 0 à {figure(item.points)} points", None)


def _marks(referential: Referential) -> Iterator[Row]:
    exam = referential.national_exam
    if exam:
        yield ("Examen national", exam.code, exam.title, "note au moins égale au seuil", exam.at_least)
    for unit in referential.units:
        rule = f"moyenne strictement supérieure au seuil : {unit.credits} crédits"
        if unit.requires_report:
            rule += " ; rapport d'activité reconnu conforme par le jury"
        yield ("UE", unit.code, unit.title, rule, unit_bar(referential))


def _policy(referential: Referential) -> Iterator[Row]:
    policy = referential.policy
    part = "Règle retenue"
    if letters := referential.scales.level.ladder:
        order = f"{' > '.join(reversed(letters))}, de la plus haute à la plus basse"
        yield (part, "", "Échelle des niveaux", order, None)
    yield (part, "", "Niveau d'une compétence", _AGGREGATES[policy.competence_from], None)
    if any(bloc.weights for bloc in referential.blocs):
        zero = referential.policy.level_worth_zero or Decimal(0)
        yield (
            part,
            "",
            "Niveau qui vaut la note 0",
            "dans une moyenne de rôles ; le plus haut vaut la plus haute",
            zero,
        )
    if referential.transversal:
        yield (part, "", "Niveau d'une compétence transversale", _AGGREGATES[policy.transversal_from], None)
    if referential.oral:
        yield (part, "", "Total du grand oral", _AGGREGATES[policy.oral_from], None)
        yield (part, "", "Fiches de jury complètes", "nombre minimal pour conclure", policy.minimum_jurors)
        yield (part, "", "Écart entre jurés signalé", "en points, à partir de", policy.divergence_points)
    yield (part, "", "Écart entre évaluateurs signalé", "en niveaux, à partir de", policy.divergence_levels)
    yield (part, "", "Arrondi des moyennes", "décimales gardées, la demie vers le haut", policy.rounding)
    if referential.units:
        needed = "oui" if policy.title_requires_ues else "non : elles donnent seulement leurs crédits"
        yield (part, "", "Les UE conditionnent le titre", needed, None)
