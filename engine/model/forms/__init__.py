"""The one description of each sheet: what is written by the templates is what the intake reads back.

A :class:`Form` is built from the referential (and, for NOTES and VALIDATION, from the candidates). It lists
the sheet's columns by heading, its rows by code, and for each input cell a :class:`Domain`: what may be typed
there. Values are located by code row and heading column, never by address, so that inserted or moved rows
and columns change nothing. Pure: no I/O, nothing about colours or files.

The parts of a form are in :mod:`.form`, what each kind holds in a module per family of kinds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from engine.model.certification import Referential
from engine.model.forms import competences, jury, oral, people
from engine.model.forms.form import (
    ABSENT,
    CANDIDATE_INPUTS,
    CANDIDATE_SHARE,
    DATE,
    DECLARED,
    EXEMPT,
    NOT_ASSESSED,
    TEXT,
    TICK,
    YES_NO,
    Domain,
    Form,
    Input,
    Label,
    Nature,
    Row,
    Section,
    Shown,
)
from engine.model.forms.parts import Asked
from engine.model.forms.people import PLAGIARISM
from engine.model.kinds import Kind
from engine.model.people import Candidate

__all__ = [
    "ABSENT",
    "CANDIDATE_INPUTS",
    "CANDIDATE_SHARE",
    "DATE",
    "DECLARED",
    "EXEMPT",
    "IDENTITIES",
    "NOT_ASSESSED",
    "PLAGIARISM",
    "TEXT",
    "TICK",
    "YES_NO",
    "Domain",
    "Form",
    "Input",
    "Label",
    "Nature",
    "Row",
    "Section",
    "Shown",
    "available",
    "blank_identities",
    "build",
    "build_unassigned",
]

_NOTHING: Mapping[tuple[str, str], Shown] = {}


def build(
    referential: Referential,
    kind: Kind,
    *,
    candidates: Iterable[Candidate] = (),
    candidate_columns: bool = False,
    issued: Mapping[tuple[str, str], Shown] = _NOTHING,
) -> Form | None:
    """The form of a kind, or ``None`` when the referential leaves its part out.

    ``candidates`` are the rows of NOTES, VALIDATION and DELIBERATION; ``candidate_columns`` adds the candidate's own
    columns to GRILLE; ``issued``: what holds on the day of issue, by code of the row and heading.
    """
    return _BUILDERS[kind](referential, Asked(tuple(candidates), candidate_columns, issued))


def build_unassigned(referential: Referential, kind: Kind, *, candidate_columns: bool = False) -> Form | None:
    """The form of a sheet that is nobody's yet: it also has inputs that take the identifiers."""
    form = build(referential, kind, candidate_columns=candidate_columns)
    if form is None:
        return None
    identities = tuple(
        Input(name, label=label, beside=True)
        for name, label in (("candidat", "Identifiant du candidat"), ("evaluateur", "Votre identifiant"))
        if name in blank_identities(kind)
    )
    return replace(form, singles=identities + form.singles)


def blank_identities(kind: Kind) -> tuple[str, ...]:
    """The identities a blank sheet of this kind asks for."""
    record = kind.record
    asked = {"candidat": record.per_candidate, "evaluateur": record.per_evaluator}
    return tuple(name for name, needed in asked.items() if needed)


IDENTITIES = frozenset({"candidat", "evaluateur"})
"""The single inputs of a blank sheet that say whom it concerns: in the header, the others being below the table."""


def available(referential: Referential) -> tuple[Kind, ...]:
    """The kinds of sheet this referential calls for."""
    return tuple(kind for kind in Kind if build(referential, kind) is not None)


_BUILDERS: Mapping[Kind, Callable[[Referential, Asked], Form | None]] = {
    Kind.GRILLE: competences.grille,
    Kind.TRAVAUX: competences.travaux,
    Kind.TRANSVERSALE: competences.transversale,
    Kind.ORAL: oral.grand_oral,
    Kind.NOTES: people.notes,
    Kind.VALIDATION: people.validation,
    Kind.SYNTHESE: jury.synthese,
    Kind.DELIBERATION: jury.deliberation,
}
