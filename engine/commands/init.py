"""``init``: a cohort folder, its key, an empty roster."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from engine import referential
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.roster.blank import blank
from engine.workspace import keys, seals
from engine.workspace.cohort import Folder
from engine.workspace.files import holding, write_whole


@dataclass(frozen=True)
class Initialised:
    """A cohort folder, and what was new in it; ``admitted``: its sheets were sealed with another key than the one
    that is given from now on."""

    folder: Folder
    roster: bool
    key: bool
    admitted: bool = False


def initialise(path: Path, name: str) -> Initialised:
    """Make a cohort folder, its key (unless it is given from elsewhere) and an empty roster; never overwrites."""
    certification = referential.load(name, base=Path.cwd())
    folder, given = Folder(path), seals.given_key()
    new_key = given is None and not os.path.lexists(seals.key_path(path))
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
    if folder.roster.exists():
        return Initialised(folder, roster=False, key=new_key, admitted=admitted)
    stored = name if name in referential.shipped() else str(Path(name).resolve())
    write_whole(folder.roster, holding(blank(certification, stored)))
    return Initialised(folder, roster=True, key=new_key, admitted=admitted)


def certifications() -> dict[str, str]:
    """The titles of the certifications that come with the program, by the name of their referential."""
    return {name: referential.load(name, base=Path.cwd()).certification.title for name in referential.shipped()}


def _at_work(folder: Folder) -> bool:
    """Whether sheets were sealed before, as far as anything tells."""
    return keys.is_noted(folder) or any(
        path.is_file() for path in (*folder.outgoing.rglob("*"), *folder.returns.rglob("*"))
    )
