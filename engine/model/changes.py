"""What differs between two runs, one change at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from engine.model.anomalies import Anomaly
from engine.model.errors import present
from engine.model.snapshot import Decided, File, Mark, Origin

T = TypeVar("T")


class Turn(StrEnum):
    """What happened to a thing between two runs."""

    NEW = "nouveau"
    CHANGED = "changé"
    GONE = "disparu"


@dataclass(frozen=True)
class Change(Generic[T]):
    """A thing before and after; ``None`` on the side where it was not."""

    before: T | None
    after: T | None

    @property
    def turn(self) -> Turn:
        """Whether it is new, gone or changed."""
        if self.before is None:
            return Turn.NEW
        return Turn.GONE if self.after is None else Turn.CHANGED

    @property
    def thing(self) -> T:
        """The thing itself, as it is now when it still is."""
        return present(self.before if self.after is None else self.after)


class Arrival(StrEnum):
    """What happened to a file of ``retours/``."""

    NEW = "nouveau"
    REWRITTEN = "contenu changé"
    COPIED = "copie"
    RENAMED = "renommé"
    JUDGED = "état changé"
    GONE = "retiré"


@dataclass(frozen=True)
class FileChange(Change[File]):
    """A return before and after; ``known``: its bytes were there already, under a name that still is."""

    known: bool = False

    @property
    def arrival(self) -> Arrival:
        """Whether the file is new, gone, a copy, renamed, rewritten, or in another state."""
        before, after = self.before, self.after
        if after is None:
            return Arrival.GONE
        if before is None:
            return Arrival.COPIED if self.known else Arrival.NEW
        if after.digest and before.digest != after.digest:
            return Arrival.REWRITTEN  # what can no longer be read brings nothing
        return Arrival.JUDGED if before.path == after.path else Arrival.RENAMED

    @property
    def brings(self) -> bool:
        """Whether it brings something that had not been read."""
        return self.arrival in (Arrival.NEW, Arrival.REWRITTEN)


@dataclass(frozen=True, kw_only=True)
class Evolution:
    """What changed since ``since``; ``None``: there is nothing to compare with, and every list is empty.

    ``notes``: what else may explain a change, in words.
    """

    since: Origin | None
    files: tuple[FileChange, ...] = ()
    marks: tuple[Change[Mark], ...] = ()
    decisions: tuple[Change[Decided], ...] = ()
    anomalies: tuple[Change[Anomaly], ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def first(self) -> bool:
        """Whether there was nothing to compare with."""
        return self.since is None

    @property
    def brought(self) -> list[File]:
        """The returns that bring something that had not been read; what they came in is none."""
        files = [change.after for change in self.files if change.brings]
        return [file for file in files if file is not None and not file.holds_returns]

    @property
    def nothing(self) -> bool:
        """Whether nothing changed at all."""
        return not (self.files or self.marks or self.decisions or self.anomalies)

    def marks_that(self, *turns: Turn) -> Iterator[Change[Mark]]:
        """The marks to which this happened."""
        return (change for change in self.marks if change.turn in turns)
