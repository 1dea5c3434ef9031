"""Opening a cohort, and the key that seals its sheets."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from engine import referential, roster
from engine.commands.rosters import read_roster
from engine.model import Roster
from engine.model.errors import CohortError
from engine.model.texts import bare
from engine.workspace import keys, seals
from engine.workspace.cohort import Cohort, Folder
from engine.workspace.files import walk


def open_cohort(path: Path) -> Cohort:
    """The cohort of a folder, roster and referential read and checked against each other."""
    folder = Folder(path)
    folder.require()
    load = lru_cache(maxsize=1)(lambda name: referential.load(name, base=path))
    people = read_roster(folder.roster, load)
    return Cohort(folder, people, roster.stated(load(people.session.referential), people.statements))


def require_candidates(opened: Cohort, only: Iterable[str]) -> None:
    """Raise :class:`CohortError` when an identifier is no candidate's."""
    unknown = [identifier for identifier in only if opened.roster.candidate(identifier) is None]
    if unknown:
        raise CohortError(f"Candidat inconnu au registre : {', '.join(unknown)}{called(opened.roster, *unknown)}.")


def called(roster: Roster, *names: str) -> str:
    """The end of a sentence that finds no identifier: who is called so, where names were given; else nothing."""
    wanted = [words for name in names if (words := set(bare(name).split()))]
    people = [
        person for person in roster.candidates if any(set(bare(person.name).split()) >= words for words in wanted)
    ]
    return "".join(f" ; {person.name} est {person.id}" for person in people)


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
