"""What stops a run: errors of configuration, of the roster, of the file system.

Bad *data* in a return never raises: it becomes an anomaly row. These errors end the command with
exit status 3, nothing written, and the sentence they carry (in French) shown to the user.
"""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def present(thing: T | None) -> T:
    """A thing that is there whenever it is asked for: a part of the referential that a sheet rests on, say."""
    if thing is None:
        raise LookupError("What was asked for is not there.")
    return thing


class EngineError(Exception):
    """A run that cannot start or finish; ``str()`` is one clear sentence in French."""


class ReferentialError(EngineError):
    """The referential file is unreadable or inconsistent; ``problems`` lists every fault, each with its key."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = problems
        lines = "".join(f"\n  - {problem}" for problem in problems)
        super().__init__(f"Le référentiel « {source} » ne peut pas être utilisé :{lines}")


class RosterError(EngineError):
    """The roster has errors; ``problems`` lists every one, each with its sheet and cell."""

    def __init__(self, source: str, problems: list[str]) -> None:
        self.source = source
        self.problems = problems
        lines = "".join(f"\n  - {problem}" for problem in problems)
        super().__init__(f"Le registre « {source} » contient des erreurs à corriger :{lines}")


class CohortError(EngineError):
    """The cohort folder itself cannot be used: no roster, no key, another run in progress..."""


class BusyError(CohortError):
    """Another run is in progress on the same cohort; the sentence says whose."""


class KeyMismatchError(CohortError):
    """The key is not the one that the sheets of the cohort were sealed with."""


class LossError(CohortError):
    """More than half of the returns that counted are gone, and nobody accepted it."""


class UnexpectedError(EngineError):
    """A fault of the program itself, or of the system where none was foreseen; the cause is its ``__cause__``."""
