"""``init``: a cohort folder, its key, a roster: empty, or with the candidates that other sessions leave."""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from engine import REFERENTIAL, referential
from engine.model.carrying import Carrying
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.roster.blank import blank, carried
from engine.workspace import keys, seals
from engine.workspace.cohort import Folder
from engine.workspace.files import deliver, holding, write_whole


@dataclass(frozen=True)
class Initialised:
    """A cohort folder, and what was new in it; ``admitted``: its sheets were sealed with another key than the one
    that is given from now on. ``carrying``: what other sessions left, ``None`` when none was named; ``rows``: where it
    is to be pasted from, for a folder that had a roster."""

    folder: Folder
    roster: bool
    key: bool
    admitted: bool = False
    carrying: Carrying | None = None
    rows: Path | None = None

    @property
    def needs_a_person(self) -> bool:
        """Whether the exit status is 1: something of what was left did not come as it stood."""
        return self.carrying is not None and bool(self.carrying.faults)


def initialise(
    path: Path, name: str | None = None, sessions: Sequence[Path] = (), key_file: Path | None = None
) -> Initialised:
    """Make a cohort folder, its key (unless it is given from elsewhere) and a roster; never overwrites.

    ``sessions``: the closed ones whose candidates without the title come along, in the new roster, or beside one that
    is there; ``key_file``: their key, where it is kept elsewhere. Raises :class:`CohortError`, nothing written, as
    :func:`engine.commands.session.carrying.gather` does.
    """
    folder, carrying = Folder(path), None
    if sessions:
        from engine.commands.session.carrying import gather

        carrying, name = gather(folder, sessions, name, key_file)
    made = _make(folder, name or REFERENTIAL, carrying)
    if carrying is None or made.roster or not carrying.candidates:
        return replace(made, carrying=carrying)
    deliver(path, [(folder.carried, carried(carrying))], ())
    _close(folder.carried)
    return replace(made, carrying=carrying, rows=folder.carried)


def _make(folder: Folder, name: str, carrying: Carrying | None) -> Initialised:
    path, given = folder.path, seals.given_key()
    there = folder.roster.exists()
    certification = referential.load(name, base=path if there and carrying else Path.cwd())
    new_key = given is None and seals.is_missing(seals.key_path(path))
    admitted = given is not None and keys.is_known(folder, given) is False
    try:
        folder.make()
        if new_key:
            key = seals.make_key(path)
            if _at_work(folder):  # instead of one that was lost
                keys.note(folder, key)
        elif admitted and given is not None:
            keys.note(folder, given)
        elif given is None:
            seals.read_key(path)  # sees that the one that is there is one
    except OSError as fault:
        raise CohortError(f"Le dossier « {path} » ne peut pas être préparé : {reason(fault)}.") from fault
    if there:
        return Initialised(folder, roster=False, key=new_key, admitted=admitted)
    stored = name if name in referential.shipped() else str(Path(name).resolve())
    carries = carrying if carrying is not None and carrying.candidates else None
    write_whole(folder.roster, holding(blank(certification, stored, carries)))
    _close(folder.roster)
    return Initialised(folder, roster=True, key=new_key, admitted=admitted)


def _close(path: Path) -> None:
    """Let nobody but its owner and their group have a file that names people: its folder may be open to all."""
    path.chmod(path.stat().st_mode & ~stat.S_IRWXO)


def certifications() -> dict[str, str]:
    """The titles of the certifications that come with the program, by the name of their referential."""
    return {name: referential.load(name, base=Path.cwd()).certification.title for name in referential.shipped()}


def _at_work(folder: Folder) -> bool:
    """Whether sheets were sealed before, as far as anything tells."""
    return keys.is_noted(folder) or any(
        path.is_file() for path in (*folder.outgoing.rglob("*"), *folder.returns.rglob("*"))
    )
