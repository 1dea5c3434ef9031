"""What the jury's papers tell of somebody: those that are owed to the certifier stay, the others are made again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.model import Act
from engine.workspace import published
from engine.workspace.cohort import Folder
from engine.workspace.files import ARCHIVE, walk


def owed(folder: Folder, candidate: str, acts: Iterable[Act]) -> Iterator[Path]:
    """The records, attestations, lists of holders and deliveries that name somebody whose decision was frozen."""
    if not any(candidate.casefold() in act.by_candidate for act in acts):
        return
    for path in sorted(walk(folder.jury)):
        if path.name.startswith(folder.draft_record.stem):
            continue
        whose = path.stem.casefold().split(" (")[0]
        if path.parent.name != folder.attestations.name or whose == candidate.casefold():
            yield path
    yield from sorted(path for path in walk(folder.deliveries) if path.suffix == ".zip")


def remade(folder: Folder) -> Iterator[Path]:
    """What names everybody, and is made again by the next ``jury``: the draft of the record, the planning, the
    convocations, and those that they replaced."""
    aside = folder.outgoing / ARCHIVE
    for place in (folder.convocations, aside / folder.convocations.name):
        yield from sorted(path for path in walk(place) if path.suffix in (".eml", ".ics"))
    for place in (folder.planning.parent, aside / folder.planning.parent.name):
        yield from sorted(path for path in walk(place) if path.name.startswith(folder.planning.stem))
    yield from sorted(path for path in walk(folder.jury) if path.name.startswith(folder.draft_record.stem))


def unpublish(folder: Folder, candidate: str) -> None:
    """Remember no longer when somebody was to be heard. Raises :class:`CohortError` when the disk does not let it."""
    known = published.read(folder)
    if known is not None:
        published.write(folder, known.without(candidate))
