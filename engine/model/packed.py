"""The marks of a sheet as few distinct words and a rank for each cell: how they are kept, and how tables take them."""

from __future__ import annotations

from abc import abstractmethod
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import partial
from itertools import chain, compress, repeat
from typing import Any, TypeVar

from engine.model.marks import Mark, Value

T = TypeVar("T")

WIDTH = len(Mark._fields) - 1
"""The cells of a packed mark: all but its file, which comes first, and is the same for all of a sheet."""

_TYPES = ((2**8, "B"), (2**16, "H"))  # how many words one and two bytes tell apart
mark_of = partial(tuple.__new__, Mark)
"""Makes a mark of its cells."""


class Telling(Collection[Mark]):
    """The marks of a sheet, kept in another form than marks, and made again whenever they are looked at."""

    __slots__ = ()

    @abstractmethod
    def told(self, tell: Callable[[Value], T]) -> Iterator[tuple[T, ...]]:
        """Each mark but its file, as ``tell`` tells each of its cells; it is asked once of each of their words."""

    def __contains__(self, mark: object) -> bool:
        return any(each == mark for each in self)

    def __eq__(self, other: object) -> bool:
        """Whether these are the same marks, kept alike or not."""
        return isinstance(other, Collection) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment]  # as a list has none


class Marks(Telling):
    """The marks of a sheet as they were packed, each made again whenever it is looked at: a large cohort holds
    millions of them, most of which are looked at once.

    ``ranks``: of each mark but its ``file``, mark after mark, into ``words``.
    """

    __slots__ = ("file", "ranks", "words")

    def __init__(self, file: str, words: Sequence[Value], ranks: Sequence[int]) -> None:
        """Raises ``ValueError`` or ``ArithmeticError`` for what is no such rank."""
        self.file, self.words = file, words
        self.ranks = array(next((code for count, code in _TYPES if len(words) <= count), "I"), ranks)
        if len(ranks) % WIDTH or max(self.ranks, default=-1) >= len(words):
            raise ValueError("not the ranks of marks")

    def __len__(self) -> int:
        return len(self.ranks) // WIDTH

    def __iter__(self) -> Iterator[Mark]:
        cells = map(self.words.__getitem__, self.ranks)
        return map(mark_of, zip(repeat(self.file), *[cells] * WIDTH, strict=False))

    def told(self, tell: Callable[[Value], T]) -> Iterator[tuple[T, ...]]:
        """See :meth:`Telling.told`."""
        return zip(*[map(list(map(tell, self.words)).__getitem__, self.ranks)] * WIDTH, strict=True)


def kept(marks: Collection[Mark], wanted: Iterable[bool]) -> Collection[Mark]:
    """Those of the marks that are wanted, in their order; packed ones stay packed."""
    if not isinstance(marks, Marks):
        return list(compress(marks, wanted))
    rows = zip(*[iter(marks.ranks)] * WIDTH, strict=True)
    return Marks(marks.file, marks.words, [*chain.from_iterable(compress(rows, wanted))])


def told_alike(marks: Collection[Mark], tell: Callable[[Value], T]) -> Iterator[tuple[T, ...]]:
    """Each mark but its file, as ``tell`` tells each of its cells."""
    if isinstance(marks, Telling):
        return marks.told(tell)
    return zip(*[(tell(value) for mark in marks for value in mark[1:])] * WIDTH, strict=True)


class Words(dict[Any, int]):
    """Distinct values of marks, each with its rank, in the order in which they came; 4 and 4.0 are two."""

    def __init__(self) -> None:
        super().__init__()
        self.known: list[Value] = []

    def __missing__(self, key: Any) -> int:
        self.known.append(key[0] if key.__class__ is tuple else key)
        return self.setdefault(key, len(self))

    def ranks(self, values: Iterable[Value]) -> list[int]:
        """The rank of each value."""
        return [self[(value, str(value)) if isinstance(value, Decimal) else value] for value in values]
