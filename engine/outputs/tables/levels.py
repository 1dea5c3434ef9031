"""The table `niveaux`: the level retained for each competence of each candidate, against its minimum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from engine.model import Kind, Level, Outcome, Referential, State
from engine.model.values import figure
from engine.outputs.parts import shown_level
from engine.outputs.tables.column import Column, Field, Table, Type, read_table

NAME = "niveaux"
CONTENT = "Une ligne par candidat et par compétence, professionnelle ou transversale ; rien pour qui est sorti."


@dataclass(frozen=True, slots=True)
class _Row:
    candidate: str
    kind: Kind
    family: str
    code: str
    level: Level
    asked: bool


def levels(outcomes: Sequence[Outcome], referential: Referential) -> Table:
    """The table."""
    rows = partial(_rows, outcomes, referential)
    return read_table(NAME, CONTENT, _fields(referential), rows)


def _rows(outcomes: Sequence[Outcome], referential: Referential) -> Iterator[_Row]:
    return chain.from_iterable(_rows_of(outcome, referential) for outcome in outcomes)


def _rows_of(outcome: Outcome, referential: Referential) -> Iterator[_Row]:
    candidate = outcome.candidate
    if candidate.dropped_out:
        return
    for bloc in referential.blocs:
        asked = outcome.blocs[bloc.code].state is not State.NOT_PRESENTED
        for one in bloc.competences:
            yield _Row(candidate.id, Kind.GRILLE, bloc.code, one.code, outcome.levels[one.code], asked)
    for domain in referential.transversal.domains if referential.transversal else ():
        for item in domain.items:
            level = outcome.transversal_levels[item.code]
            yield _Row(candidate.id, Kind.TRANSVERSALE, domain.title, item.code, level, not outcome.only_blocs)


def _fields(referential: Referential) -> Iterator[Field[_Row]]:
    scale, policy = referential.scales.level, referential.policy
    kind, unit = Type.NUMBER, f"niveau, de {figure(scale.minimum)} à {figure(scale.maximum)}"
    if scale.letters:
        kind, unit = Type.TEXT, f"lettre : {' > '.join(reversed(scale.ladder))}"
    retained = "Niveau retenu" if scale.letters else "Niveau retenu, arrondi"
    aggregate = (
        f"policy.competence_from = {policy.competence_from} ; policy.transversal_from = {policy.transversal_from}"
    )
    texts = (
        ("Candidat", "Identifiant du candidat.", "registre, feuille Candidats", lambda row: row.candidate),
        ("Nature", "GRILLE (professionnelle) ou TRANSVERSALE.", "référentiel", lambda row: str(row.kind)),
        (
            "Famille",
            "Code du bloc, ou titre du domaine.",
            "bloc.code, transversal.domains.title",
            lambda row: row.family,
        ),
        ("Code", "Code de la compétence.", "référentiel", lambda row: row.code),
    )
    for name, meaning, source, read in texts:
        yield Field(Column(name=name, type=Type.TEXT, meaning=meaning, source=source), read)
    minimum = Column(
        name="Minimum",
        type=kind,
        meaning="Niveau à partir duquel la compétence est démontrée.",
        unit=unit,
        source="minimum de la compétence",
    )
    yield Field(minimum, lambda row: scale.shown(row.level.minimum))
    level = Column(
        name="Niveau",
        type=kind,
        meaning=f"{retained} ; vide si personne n'a noté, ou si une valeur est à corriger.",
        unit=unit,
        source=aggregate if scale.letters else f"{aggregate} ; policy.rounding = {policy.rounding}",
    )
    yield Field(level, lambda row: shown_level(row.level, scale))
    state = Column(
        name="État",
        type=Type.TEXT,
        meaning="Démontrée, Non démontrée, Sans niveau (personne n'a noté) ou À corriger (une valeur est écartée) ; "
        "Non présentée quand le candidat ne présente pas le bloc et que personne n'a noté.",
        source="niveau et minimum",
    )
    yield Field(state, lambda row: _state(row.level, asked=row.asked))


def _state(level: Level, *, asked: bool) -> str:
    if level.pending:
        return "À corriger"
    if level.value is None:
        return "Sans niveau" if asked else "Non présentée"
    return "Démontrée" if level.demonstrated else "Non démontrée"
