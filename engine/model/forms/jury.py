"""The sheets made for the jury from what came: SYNTHESE, a commission's levels; DELIBERATION, the jury's decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.model.certification import Competence, Referential
from engine.model.forms.form import NOT_ASSESSED, Domain, Form, Input, Label, Nature, Row, Section, Shown
from engine.model.forms.parts import CLOSING, Asked, on
from engine.model.forms.people import PEOPLE, people
from engine.model.kinds import Kind
from engine.model.marks import LEVEL_INPUT
from engine.model.outcome import Decision
from engine.model.parts import Scale

COMPUTED, PROPOSED, PROPOSED_BLOCS = "Calculé", "Proposé", "Blocs proposés"
"""The headings of what is shown as of the day of issue."""

DECISIONS = (Decision.ADMITTED, Decision.PARTIAL, Decision.REFUSED, Decision.PENDING)
"""What a jury may decide; who has left is the roster's to say."""


def synthese(referential: Referential, asked: Asked) -> Form:
    """SYNTHESE: the competences as GRILLE lists them, each with its minimum and its computed level."""
    scale = referential.scales.level
    level = on(scale, NOT_ASSESSED)
    columns = (
        Label("Code"),
        Label("Compétence"),
        Label("Mini", names_row=False),
        Label(COMPUTED, as_of_issue="calcule"),
        Input(LEVEL_INPUT, "Niveau", decides=True, blocks=True, domain=level),
    )
    sections = tuple(
        Section(
            bloc.title,
            tuple(_competence(competence, scale, asked.issued) for competence in bloc.competences),
            code=bloc.code,
            required=None if bloc.weights else bloc.required,
        )
        for bloc in referential.rated_blocs
    )
    reason = Input("motif", label="Motif de la commission")
    return Form(Kind.SYNTHESE, "Code", columns, sections, (reason, *CLOSING))


def _competence(competence: Competence, scale: Scale, issued: Mapping[tuple[str, str], Shown]) -> Row:
    computed = issued.get((competence.code, COMPUTED), "")
    labels: dict[str, Shown | tuple[str, ...]] = {
        "Compétence": competence.shown_title,
        "Mini": scale.shown(competence.minimum),
        COMPUTED: computed,
    }
    return Row(competence.code, labels, statement=competence.statement, mandatory=competence.mandatory)


_SIGNATURES = (
    CLOSING[0],
    replace(
        CLOSING[1],
        label="Signature du président (sans elle, cette feuille n'est qu'un projet)",
        required_label="Codes personnels du président et des membres (sans eux, cette feuille n'est qu'un projet)",
    ),
)


def deliberation(referential: Referential, asked: Asked) -> Form:
    """DELIBERATION: what the rules propose for each candidate, and what the jury decides."""
    blocs = Domain(Nature.CODES, choices=tuple(bloc.code for bloc in referential.blocs))
    columns = (
        *PEOPLE,
        Label(PROPOSED, as_of_issue="propose"),
        Label(PROPOSED_BLOCS, as_of_issue="blocs_proposes"),
        Input("decision", "Décision", decides=True, blocks=True, domain=Domain(Nature.CHOICE, choices=DECISIONS)),
        Input("blocs", "Blocs", decides=True, blocks=True, domain=blocs),
        Input("motif", "Motif"),
    )
    singles = (
        Input("president", label="Président du jury (son identifiant)"),
        Input("membres", label="Membres présents (leurs identifiants, séparés par « ; »)"),
        Input("incidents", label="Incidents, s'il y en eut"),
        *_SIGNATURES,
    )
    rows = people(asked.candidates, asked.issued, (PROPOSED, PROPOSED_BLOCS))
    return Form(Kind.DELIBERATION, "Identifiant", columns, rows, singles)
