"""The list of the holders, as the certifier takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from engine.model import Outcome, Referential, Roster
from engine.outputs.record.attestations import holders
from engine.outputs.tables.column import Column, Field, Table, Type, Value, read_table

NAME = "titulaires"
CONTENT = "Une ligne par candidat ADMIS ou PARTIEL, dans l'ordre du registre."


def titulaires(outcomes: Sequence[Outcome], roster: Roster, referential: Referential) -> Table:
    """The table."""
    return read_table(NAME, CONTENT, _fields(roster, referential), lambda: holders(outcomes))


def _fields(roster: Roster, referential: Referential) -> Iterator[Field[Outcome]]:
    session, certification = roster.session, referential.certification
    yield _text("Identifiant", lambda outcome: outcome.candidate.id)
    yield _text("Nom", lambda outcome: outcome.candidate.last_name)
    yield _text("Prénom", lambda outcome: outcome.candidate.first_name)
    yield _text("Décision", lambda outcome: str(outcome.decision))
    yield _text("Blocs acquis", lambda outcome: "; ".join(outcome.acquired))
    yield _field("Date du jury", Type.DATE, lambda _: session.jury_date)
    yield _text("Centre", lambda _: session.centre)
    yield _text("Session", lambda _: session.session)
    yield _text("Certification", lambda _: certification.code)
    yield _text("Intitulé", lambda _: certification.title)
    yield _field("Niveau", Type.WHOLE, lambda _: certification.level)
    yield _text("NSF", lambda _: "; ".join(certification.nsf))


def _text(name: str, read: Callable[[Outcome], Value]) -> Field[Outcome]:
    return _field(name, Type.TEXT, read)


def _field(name: str, kind: Type, read: Callable[[Outcome], Value]) -> Field[Outcome]:
    return Field(Column(name=name, type=kind, meaning=name, source="registre et référentiel"), read)
