"""``verify``: deliveries opened and checked, nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.outputs import delivery
from engine.outputs.delivery import Checked, Fault, Nature, Opened
from engine.outputs.delivery.manifest import NAME

Passphrase = Callable[[Path], str]
"""The passphrase of an archive, asked for when there is something to open with it; empty when nobody gives one."""

MAY_HOLD_ONE = frozenset({".eml", ".msg", ".7z", ".rar", ".part", ".crdownload"})
"""How the names end of what a delivery comes in, or is while it is still coming: told rather than passed over."""


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
    if place.suffix.lower() in MAY_HOLD_ONE and not place.is_dir():
        fault = Fault(Nature.NOT_ARCHIVE, detail="sortez-en l'archive, ou attendez qu'elle soit arrivée")
        return delivery.check(Opened(place, faults=[fault]))
    opened = delivery.open_folder(place) if place.is_dir() else delivery.open_archive(place, passphrase)
    return delivery.check(opened)


def places(paths: Iterable[Path]) -> Iterator[Path]:
    """Where deliveries are: the paths themselves, and those that a folder holds, at whatever depth, each once.

    Raises :class:`CohortError` for a path that is not there, and for a folder without any.
    """
    known = set()
    for path in paths:
        for place in _named(path):
            if place.resolve() not in known:
                known.add(place.resolve())
                yield place


def _named(path: Path) -> list[Path]:
    if not path.exists():
        raise CohortError(f"« {path} » n'existe pas.")
    if not path.is_dir() or _is_extracted(path):
        return [path]
    found = list(_below(path))
    if not found:
        raise CohortError(f"Il n'y a aucune livraison dans « {path} » : ni archive .zip, ni dossier qui en vienne.")
    return found


def _below(folder: Path) -> Iterator[Path]:
    """The deliveries of a folder and of the folders in it: a certifier puts those of each centre apart."""
    waiting = _listed(folder)
    while waiting:
        path = waiting.pop()
        if not path.is_dir():
            ending = path.suffix.lower()
            beside = path.with_suffix("") if path.stem.lower().endswith(".zip") else path.with_suffix(".zip")
            if ending == ".zip" or (ending in MAY_HOLD_ONE and not beside.exists()):  # a draft lies beside its own
                yield path
        elif _is_extracted(path):
            yield path
        elif not path.is_symlink():
            waiting += _listed(path)


def _listed(folder: Path) -> list[Path]:
    """The last first, as they are taken from the end."""
    try:
        inside = [each for each in folder.iterdir() if not each.name.startswith(".")]
    except OSError as fault:
        raise CohortError(f"« {folder} » ne peut pas être lu : {reason(fault)}.") from fault
    return sorted(inside, key=lambda each: (each.name.casefold(), each.name), reverse=True)


def _is_extracted(folder: Path) -> bool:
    """Whether a delivery was extracted there, be it without its manifest."""
    return any((folder / name).is_file() for name in (NAME, delivery.DELIBERATION))


def names(places: Sequence[Path]) -> list[str]:
    """How to call each: by its name, and as many of its folders as tell it from the others.

    Two centres may well give one name to what they deliver on one day.
    """
    parts = [place.absolute().parts for place in places]
    known = Counter(end for each in parts for end in _ends(each))
    told = (next((end for end in _ends(each) if known[end] == 1), each) for each in parts)
    return ["/".join(each) for each in told]


def _ends(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    return (parts[-depth:] for depth in range(1, len(parts) + 1))
