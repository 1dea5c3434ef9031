"""``verify``: deliveries opened and checked, nothing written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.model.errors import CohortError
from engine.outputs import delivery
from engine.outputs.delivery import Checked
from engine.outputs.delivery.manifest import NAME

Passphrase = Callable[[Path], str]
"""The passphrase of an archive, asked for when there is something to open with it."""


@dataclass(frozen=True)
class Verified:
    """What was found of each delivery, in the order in which they were named."""

    deliveries: tuple[Checked, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong with any."""
        return all(each.sound for each in self.deliveries)

    @property
    def shut(self) -> bool:
        """Whether none could be opened."""
        return all(each.opened.shut for each in self.deliveries)


def verify(paths: Iterable[Path], passphrase: Passphrase) -> Verified:
    """Check each delivery that these paths name. Raises :class:`CohortError` when there is none."""
    return Verified(tuple(receive(place, passphrase) for place in places(paths)))


def receive(place: Path, passphrase: Passphrase) -> Checked:
    """One delivery, an archive or a folder where one was extracted, opened and checked."""
    opened = delivery.open_folder(place) if place.is_dir() else delivery.open_archive(place, passphrase)
    return delivery.check(opened)


def places(paths: Iterable[Path]) -> Iterator[Path]:
    """Where deliveries are: the paths themselves, and those that a folder of deliveries holds, each once.

    Raises :class:`CohortError` for a path that is not there, and for a folder without any.
    """
    known = set()
    for path in paths:
        for place in _below(path):
            if place.resolve() not in known:
                known.add(place.resolve())
                yield place


def _below(path: Path) -> list[Path]:
    if not path.exists():
        raise CohortError(f"« {path} » n'existe pas.")
    if not path.is_dir() or (path / NAME).is_file():
        return [path]
    inside = sorted(path.iterdir(), key=lambda each: each.name.casefold())
    found = [each for each in inside if _is_delivery(each)]
    if not found:
        raise CohortError(f"Il n'y a aucune livraison dans « {path} » : ni archive .zip, ni dossier qui en vienne.")
    return found


def _is_delivery(path: Path) -> bool:
    if path.is_dir():
        return (path / NAME).is_file()
    return path.suffix.lower() == ".zip" and not path.name.startswith(".")
