"""What was found in a container, within the bounds of all that is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from types import ModuleType

from engine.intake.safety.archive import MAX_INFLATED, megabytes
from engine.intake.safety.refusal import TAKE_OUT, RefusedError
from engine.model.texts import INSIDE

MAX_PIECES = 200
"""Pieces of one container: reading so many workbooks takes some two seconds."""

_DEEPEST = 1  # how many containers a container may lie in
_UNWANTED = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff<>:\"|?*]")
_LONGEST = 120  # signs of a name


@dataclass(frozen=True)
class Piece:
    """Something a container holds. ``sent_ns``: when its message was sent (ns since 1970), 0 for none.

    ``refused``: why it is not opened, if it is not. ``partial``: only the beginning of a large picture was taken.
    """

    name: str
    content: bytes
    sent_ns: int = 0
    refused: RefusedError | None = None
    partial: bool = False


@dataclass
class Contents:
    """The pieces of a container, those of containers in it among them. ``what`` it is: « un message »."""

    what: str = ""
    pieces: list[Piece] = field(default_factory=list)
    _weight: int = 0
    _depth: int = -1
    _kinds: Collection[ModuleType] = ()

    @classmethod
    def begun(cls) -> Contents:
        """Nothing found yet."""
        return cls()

    def open(self, data: bytes, name: str, kinds: Collection[ModuleType], sent_ns: int = 0) -> bool:
        """Take the pieces of a container; whether it is one. ``sent_ns``: when the message that it lies in was sent.

        ``kinds``: modules that each open a kind of container, ``holds(data)`` and ``open_into(contents, data, ...)``.
        """
        kind = next((each for each in kinds if each.holds(data)), None)
        if kind is None:
            return False
        self._kinds = kinds
        self.deeper(kind.WHAT, name, lambda: kind.open_into(self, data, name, sent_ns))
        return True

    def deeper(self, what: str, name: str, opening: Callable[[], None]) -> None:
        """Open a container in those that are open already, unless it lies too deep: then it is only named."""
        if self._depth == _DEEPEST:
            message = f"C'est {what} dans un autre envoi, lui-même joint à un premier : rien n'en est ouvert."
            self.refuse(name, RefusedError("F05", message, remedy=TAKE_OUT))
            return
        self.what = self.what or what
        self._depth += 1
        try:
            opening()
        finally:
            self._depth -= 1

    @property
    def is_message(self) -> bool:
        """Whether the outermost container is a message, which may well hold nothing else than words."""
        return self.what.startswith("un message")

    def take(self, name: str, content: bytes, sent_ns: int, *, partial: bool = False) -> None:
        """Take one piece, or what it holds where it is a container; ``name``: with those of the containers around."""
        self._weight += len(content)
        if self._weight > MAX_INFLATED:
            raise RefusedError(
                "F05",
                f"Une fois ouvert, le contenu pèse plus de {megabytes(MAX_INFLATED)}.",
                remedy=TAKE_OUT,
            )
        try:
            is_container = self.open(content, name, self._kinds, sent_ns)
        except RefusedError as refused:
            self._add(Piece(name, content, sent_ns, refused))
        else:
            if not is_container:
                self._add(Piece(name, content, sent_ns, partial=partial))

    def refuse(self, name: str, refused: RefusedError) -> None:
        """Name a piece that cannot be opened."""
        self._add(Piece(name, b"", 0, refused))

    def _add(self, piece: Piece) -> None:
        if len(self.pieces) == MAX_PIECES:
            raise too_many()
        self.pieces.append(piece)

    def named(self, names: Iterable[str]) -> Contents:
        """The same, its pieces named so."""
        pieces = [replace(piece, name=name) for piece, name in zip(self.pieces, names, strict=True)]
        return replace(self, pieces=pieces)


def too_many() -> RefusedError:
    """The refusal of a container of too many pieces."""
    return RefusedError("F05", f"Cet envoi contient plus de {MAX_PIECES} pièces.", remedy=TAKE_OUT)


def within(container: str, name: str) -> str:
    """The name of a piece of a container that is itself named so below the outermost, ``""`` for the latter."""
    return f"{container}{INSIDE}{name}" if container else name


def clean(name: str, otherwise: str) -> str:
    """The name that a message gives to a piece: one line, no folder, no sign that no file may have."""
    last = re.split(r"[/\\]", name)[-1].replace(INSIDE, " > ")
    kept = _UNWANTED.sub("", last).strip(" .")
    return kept[-_LONGEST:] or otherwise


def unique_names(pieces: Iterable[Piece]) -> list[str]:
    """A name for each piece, in their order; of several that bear the same, the later ones get a number."""
    given: set[str] = set()
    names = []
    for piece in pieces:
        name, rank = piece.name, 2
        while name in given:
            name, rank = f"{piece.name} ({rank})", rank + 1
        given.add(name)
        names.append(name)
    return names
