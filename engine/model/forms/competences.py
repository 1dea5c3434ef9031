"""The sheets that rate competences and works, one per candidate and evaluator: GRILLE, TRAVAUX, TRANSVERSALE."""

from __future__ import annotations

from engine.model.certification import Competence, Referential
from engine.model.forms.form import DATE, NOT_ASSESSED, TICK, Form, Input, Label, Row, Section, Shown
from engine.model.forms.parts import CLOSING, Asked, on
from engine.model.kinds import Kind
from engine.model.marks import LEVEL_INPUT
from engine.model.parts import Scale


def grille(referential: Referential, asked: Asked) -> Form:
    """GRILLE: a section per bloc, a row per competence."""
    scale = referential.scales.level
    level = on(scale, NOT_ASSESSED)
    minima = referential.policy.show_minima_to_evaluators
    columns: list[Label | Input] = [Label("Code"), Label("Compétence")]
    if minima:
        columns.append(Label("Mini", names_row=False))
    columns.append(Label("Éléments de preuve"))
    if asked.candidate_columns:
        columns += [
            Input("auto", "Auto-évaluation", domain=level),
            Input("preuve", "Preuve", domain=TICK),
            Input("experience", "Expérience"),
        ]
    columns.append(Input(LEVEL_INPUT, "Niveau", decides=True, expected=True, blocks=True, domain=level))
    sections = tuple(
        Section(
            bloc.title,
            tuple(_competence(competence, scale, minima=minima) for competence in bloc.competences),
            code=bloc.code,
            required=None if bloc.weights else bloc.required,
        )
        for bloc in referential.rated_blocs
    )
    return Form(Kind.GRILLE, "Code", tuple(columns), sections, CLOSING)


def _competence(competence: Competence, scale: Scale, *, minima: bool) -> Row:
    labels: dict[str, Shown | tuple[str, ...]] = {
        "Compétence": competence.shown_title if minima else competence.title,
        "Éléments de preuve": tuple(competence.evidence),
    }
    if minima:
        labels["Mini"] = scale.shown(competence.minimum)
    return Row(competence.code, labels, statement=competence.statement, mandatory=competence.mandatory)


def travaux(referential: Referential, _asked: Asked) -> Form | None:
    """TRAVAUX: a section per file of works, a row per work."""
    if not referential.works or referential.scales.work is None:
        return None
    level = on(referential.scales.work, NOT_ASSESSED)
    columns = (
        Label("Code"),
        Label("Travail"),
        Input("sujet", "Sujet"),
        Input("apport", "Apport"),
        Input(LEVEL_INPUT, "Niveau", expected=True, blocks=True, domain=level),
        Input("date", "Date", domain=DATE),
    )
    titles = referential.sources or {}
    files = dict.fromkeys(work.file or "" for work in referential.works)
    sections = tuple(
        Section(
            titles.get(file, file or Kind.TRAVAUX.record.title),
            tuple(Row(work.code, {"Travail": work.title}) for work in referential.works if (work.file or "") == file),
        )
        for file in files
    )
    return Form(Kind.TRAVAUX, "Code", columns, sections, CLOSING)


def transversale(referential: Referential, _asked: Asked) -> Form | None:
    """TRANSVERSALE: a section per domain, a row per transversal competence."""
    if referential.transversal is None:
        return None
    scale = referential.scales.level
    level = on(scale, NOT_ASSESSED)
    columns = (
        Label("Code"),
        Label("Compétence"),
        Label("Mini", names_row=False),
        Input(LEVEL_INPUT, "Niveau", decides=True, expected=True, blocks=True, domain=level),
    )
    sections = tuple(
        Section(
            domain.title,
            tuple(
                Row(item.code, {"Compétence": item.title, "Mini": scale.shown(item.minimum)}) for item in domain.items
            ),
        )
        for domain in referential.transversal.domains
    )
    return Form(Kind.TRANSVERSALE, "Code", columns, sections, CLOSING)
