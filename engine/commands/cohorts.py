"""Opening a cohort, making one, and the key that seals its sheets."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine import referential, roster
from engine.commands.rosters import read_roster
from engine.model.errors import CohortError
from engine.model.faults import reason
from engine.workspace import keys, seals
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import walk, write_whole

DEFAULT = "cgco_rncp34465"
"""The referential of a cohort that names none."""

SAMPLE = Path(__file__).resolve().parents[2] / "sample_data"


def open_cohort(path: Path) -> Cohort:
    """The cohort of a folder, roster and referential read and checked against each other."""
    folder = Folder(path)
    folder.require()
    load = lru_cache(maxsize=1)(lambda name: referential.load(name, base=path))
    people = read_roster(folder.roster, load)
    return Cohort(folder, people, roster.stated(load(people.session.referential), people.statements))


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
        elif admitted:
            keys.note(folder, given)
        elif given is None:
            seals.read_key(path)  # sees that the one that is there is one
    except OSError as fault:
        raise CohortError(f"Le dossier « {path} » ne peut pas être préparé : {reason(fault)}.") from fault
    if folder.roster.exists():
        return Initialised(folder, roster=False, key=new_key, admitted=admitted)
    stored = name if name in referential.shipped() else str(Path(name).resolve())
    write_whole(folder.roster, lambda target: target.write_bytes(roster.blank(certification, stored)))
    return Initialised(folder, roster=True, key=new_key, admitted=admitted)


def _at_work(folder: Folder) -> bool:
    """Whether sheets were sealed before, as far as anything tells."""
    return keys.is_noted(folder) or any(
        path.is_file() for path in (*folder.outgoing.rglob("*"), *folder.returns.rglob("*"))
    )


def require_candidates(opened: Cohort, only: Iterable[str]) -> None:
    """Raise :class:`CohortError` when an identifier is no candidate's."""
    unknown = [identifier for identifier in only if opened.roster.candidate(identifier) is None]
    if unknown:
        raise CohortError(f"Candidat inconnu au registre : {', '.join(unknown)}.")


def key_of(folder: Folder, key_file: Path | None) -> bytes:
    """The key that seals the sheets of a cohort: the one that is given, or the folder's own.

    Raises :class:`engine.model.errors.KeyMismatchError` when they were sealed with another one.
    """
    key = seals.given_key(key_file) or seals.read_key(folder.path)
    keys.require(folder, key)
    return key


def issuing_key(folder: Folder, key_file: Path | None) -> bytes:
    """The same for sheets to issue; made only as long as nothing was issued, for another key would disown what was."""
    key = seals.given_key(key_file)
    issued = keys.is_noted(folder) or any(path.suffix == ".xlsx" for path in walk(folder.outgoing))
    if key is None and not issued:
        return seals.make_key(folder.path)
    return key_of(folder, key_file)


def prepare_demo(path: Path) -> None:
    """Copy the sample cohort to a folder; a folder that already holds it is used again."""
    if not SAMPLE.is_dir():
        raise CohortError("Les données d'exemple manquent : lancez « demo » depuis le dossier du projet.")
    if _holds_sample(path):
        return
    if path.exists():
        raise CohortError(f"« {path} » existe déjà et contient autre chose : choisissez un autre dossier.")
    try:
        shutil.copytree(SAMPLE, path)
        Folder(path).make()
        Folder(path).close_private()
    except OSError as fault:
        raise CohortError(f"« {path} » ne peut pas être écrit : {reason(fault)}.") from fault


def _holds_sample(path: Path) -> bool:
    copy, original = Folder(path).roster, Folder(SAMPLE).roster
    return copy.is_file() and copy.read_bytes() == original.read_bytes()
