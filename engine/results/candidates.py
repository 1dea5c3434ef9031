"""The sheet `Candidats`: the roster as it was read, and whether what is said of each candidate stands in place."""

from __future__ import annotations

from collections.abc import Iterator

from engine.results.column import Column, first_fitting
from engine.results.frame import Book, Line
from engine.results.looks import NEGATIVE
from engine.results.people import Field, People, Spot, identity
from engine.results.places import CANDIDATES, COMPETENCES, IN_PLACE, NOTES, ORAL, TRANSVERSAL

_LINES: tuple[Line, ...] = (
    (("Le registre tel qu'il a été lu", "caption"),),
    (("« Lignes en place » : Non quand un tri a séparé le candidat des valeurs qui le concernent.", "caption"),),
)
_BLOC, _PEOPLE = 34, 120  # pixels


def candidates(book: Book) -> People:
    """The sheet."""
    return People(CANDIDATES, [*identity(book), *_registered(book), _in_place()], lines=_LINES)


def _registered(book: Book) -> Iterator[Field]:
    status = Column(heading="Statut", width=72, style=("note", "text"))
    yield Field(status, lambda outcome: "Abandon" if outcome.candidate.dropped_out else "Inscrit")
    blocs = book.referential.blocs
    group = first_fitting(("Blocs déjà acquis", "Déjà acquis", "Acquis"), _BLOC * len(blocs))
    for rank, bloc in enumerate(blocs):
        column = Column(heading=bloc.code, width=_BLOC, style=("note", "text", "center"), group=group, opens=not rank)
        yield Field(column, lambda outcome, code=bloc.code: "Oui" if outcome.blocs[code].held else None)
    readers = {
        "Tuteur": lambda outcome: outcome.candidate.tutors,
        "Formateurs": lambda outcome: outcome.candidate.trainers,
        "Jurés": lambda outcome: outcome.candidate.jurors,
    }
    for rank, (heading, reader) in enumerate(readers.items()):
        column = Column(heading=heading, width=_PEOPLE, style=("note", "text", "wrap", "indented"), opens=not rank)
        yield Field(column, lambda outcome, reader=reader: "; ".join(reader(outcome)))


def _in_place() -> Field:
    column = Column(heading="Lignes en place", width=104, style=("note", "text", "center"), opens=True, rules=NEGATIVE)

    def formula(spot: Spot) -> str:
        """Each sheet that the decision rests on has the same identifier; the candidate's marks follow each other."""
        sheets = [name for name in (COMPETENCES, TRANSVERSAL, ORAL, NOTES) if name in spot.book.places]
        same = [f"{spot.cell(name, 'Identifiant')}={spot.here('Identifiant')}" for name in sheets]
        block = spot.book.sources.block(spot.rank)
        marks = [spot.book.detail.in_place(block)] if block else []
        return f'IF(AND({",".join(same + marks)}),"Oui","Non")'

    return Field(column, lambda _: "Oui", formula=formula, key=IN_PLACE)
