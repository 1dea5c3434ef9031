"""The folder that was opened: a cohort, or a folder that holds some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.commands.init import Initialised, initialise
from engine.model.errors import CohortError
from engine.workspace.cohort import Folder, cohorts_in
from engine.workspace.files import safe_name


@dataclass(frozen=True)
class Place:
    """A cohort folder, a folder of cohorts, or one that is still to be made."""

    path: Path

    @property
    def is_cohort(self) -> bool:
        """Whether it is itself a cohort."""
        return Folder(self.path).roster.is_file()

    def require_roster(self) -> None:
        """Raise :class:`CohortError` where a cohort has lost its roster: another one is not to be made in it."""
        if Folder(self.path).has_lost_its_roster:
            Folder(self.path).require()

    @property
    def may_become_one(self) -> bool:
        """Whether a cohort may be made in the folder itself: it is empty, or not there."""
        return not self.path.exists() or (self.path.is_dir() and not any(self.path.iterdir()))

    def cohorts(self) -> dict[str, Folder]:
        """The cohorts, by the name that stands in addresses: only what is listed here can be asked for."""
        if self.is_cohort:
            return {_name(self.path): Folder(self.path)}
        if not self.path.is_dir():
            return {}
        return {each.path.name: each for each in cohorts_in(self.path) if _addressable(each.path.name)}

    def make(
        self, name: str, referential: str | None, sessions: Sequence[Path] = (), key_file: Path | None = None
    ) -> tuple[str, Initialised]:
        """Make a cohort in a folder of this name, in the place itself without one, with what ``sessions`` (of this key,
        where it is kept elsewhere) leave; its name in addresses, and what was made.

        Raises :class:`CohortError` for a name that no folder can bear.
        """
        self.require_roster()
        wanted = " ".join(name.split())
        if not wanted:
            if not self.may_become_one:
                raise CohortError("Donnez un nom à la cohorte.")
            return _name(self.path), initialise(self.path, referential, sessions, key_file)
        if wanted != safe_name(wanted) or wanted.startswith((".", "~")) or wanted.endswith("."):
            raise CohortError(
                f"« {wanted} » ne peut pas être le nom d'un dossier : ni < > : \" / \\ | ? *, ni point au début "
                "ou à la fin, 100 signes au plus."
            )
        return wanted, initialise(self.path / wanted, referential, sessions, key_file)


def _name(path: Path) -> str:
    name = path.absolute().name
    return name if _addressable(name) else "cohorte"


def _addressable(name: str) -> bool:
    """Whether an address can hold this name."""
    return bool(name) and not name.startswith(".") and name == name.encode("utf-8", "replace").decode()
