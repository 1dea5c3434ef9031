"""The column `Noms`, beside the identifiers of the sheets that tell what happened; it stands in the workbook alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from engine.model import Candidate, Evaluator, Roster
from engine.outputs.tables.column import Column, text

NAMES = text("Noms", "Le nom du candidat, puis celui de l'évaluateur ; rien de qui n'est pas au registre.", "registre")

_BETWEEN = "; "  # identifiers in a cell
_SHOWN = 3  # people of a kind: a return may hold the sheets of a whole cohort


def with_names(described: Mapping[str, Column]) -> dict[str, Column]:
    """The same columns, that of the names after both identifiers."""
    return dict(_with_names(described))


def _with_names(described: Mapping[str, Column]) -> Iterator[tuple[str, Column]]:
    for key, column in described.items():
        yield key, column
        if key == "evaluator":
            yield "names", NAMES


def names(roster: Roster, candidates: str, evaluators: str) -> str:
    """Who these identifiers name, each cell's in a line of its own."""
    found = (
        _shown(map(roster.candidate, candidates.split(_BETWEEN))),
        _shown(map(roster.evaluator, evaluators.split(_BETWEEN))),
    )
    return "\n".join(filter(None, found))


def _shown(people: Iterable[Candidate | Evaluator | None]) -> str:
    known = [person.name for person in people if person]
    others = len(known) - _SHOWN
    return " ; ".join(known if others < 2 else [*known[:_SHOWN], f"et {others} autres"])
