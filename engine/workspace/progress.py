"""How far a long piece of work is, and how long the rest will take, for whoever watches."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from time import monotonic

_SOON = 3
"""Seconds: an estimate is of no use to whoever waits for less, and the first ones say nothing yet."""


class Progress:
    """Is told how far a piece of work is; this one tells nobody."""

    def expect(self, count: int, about: str) -> None:
        """So many more are to be done, of what ``about`` says: « retours lus »."""

    def advance(self, count: int) -> None:
        """So many more of them are done."""


SILENT = Progress()
"""Nobody watches."""


@dataclass
class Count(Progress):
    """How many of how many are ``done``; ``total``: 0 as long as nobody knows. ``begun``: when, in seconds."""

    about: str = ""
    total: int = 0
    done: int = 0
    begun: float = 0

    def expect(self, count: int, about: str) -> None:
        """Count these too; what is counted otherwise begins anew."""
        if about != self.about:
            self.about, self.total, self.done, self.begun = about, 0, 0, monotonic()
        self.total += count

    def advance(self, count: int) -> None:
        """So many more are done."""
        self.done += count

    @property
    def left(self) -> str:
        """``, encore 40 s environ``, as things went so far; nothing where they end soon."""
        seconds = (monotonic() - self.begun) * (self.total / self.done - 1) if self.done else 0.0
        if seconds < _SOON:
            return ""
        return f", encore {ceil(seconds)} s environ" if seconds < 100 else f", encore {ceil(seconds / 60)} min environ"
