"""The sheets of the workbook and their columns, derived from the dataclasses of :class:`engine.model.Referential`.

=================  =======================================  ==========================================
shape              in the model                             in the workbook
=================  =======================================  ==========================================
``TABLE``          a part (``policy``)                      one row
``TABLES``         a part made of parts only (``scales``)   a row each, named in the first column
``LIST``           a tuple of parts (``bloc``)              a row each, in their order
``WORDS``          a mapping of texts (``labels``)          a row each: a value and its wording
=================  =======================================  ==========================================

What belongs to one element of a list or of a table of tables says in its first column to which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass, replace
from enum import Enum
from functools import cache
from typing import Any, get_args, get_origin

from engine.model import Referential
from engine.referential.structure import keys

VALUE, LABEL = "value", "label"
"""The columns of a sheet of words."""


class Shape(Enum):
    """How a part of the file stands in its sheet."""

    TABLE = "table"
    TABLES = "tables"
    LIST = "list"
    WORDS = "words"


@dataclass(frozen=True)
class Sheet:
    """One part of the file, ``path`` its keys; ``columns``: the type of what stands under each key.

    ``owner``: the sheet whose rows its own rows belong to; ``None`` when they belong to the whole. ``members``: the
    names of the tables of a table of tables; ``required``: the keys that no row goes without.
    """

    path: tuple[str, ...]
    shape: Shape
    columns: Mapping[str, Any]
    owner: Sheet | None = None
    members: tuple[str, ...] = ()
    required: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Its name in the workbook: ``bloc.competences``."""
        return ".".join(self.path)

    @property
    def key(self) -> str:
        """Its key in the part it belongs to: ``competences``."""
        return self.path[-1]

    @property
    def link(self) -> str | None:
        """The heading of the column that says to which element a row belongs, or which table it is."""
        if self.owner is not None:
            return self.owner.key
        return self.key if self.shape is Shape.TABLES else None

    @property
    def headings(self) -> tuple[str, ...]:
        """Every heading, in the order of the sheet."""
        return (*((self.link,) if self.link else ()), *self.columns)


@cache
def sheets() -> tuple[Sheet, ...]:
    """Every sheet, a part before what belongs to it."""
    return tuple(_within(Referential, (), None))


def _within(part: type, path: tuple[str, ...], owner: Sheet | None) -> Iterator[Sheet]:
    for key, (hint, _) in keys(part).items():
        inside = _element(hint)
        if isinstance(hint, type) and is_dataclass(hint):
            yield from _table(hint, (*path, key))
        elif isinstance(inside, type) and is_dataclass(inside):
            sheet = _sheet(inside, (*path, key), Shape.LIST, owner)
            yield sheet
            yield from _within(inside, sheet.path, sheet)
        elif get_origin(hint) is Mapping:
            words = {VALUE: str, LABEL: str}
            yield Sheet((*path, key), Shape.WORDS, words, owner, required=frozenset(words))


def _table(part: type, path: tuple[str, ...]) -> Iterator[Sheet]:
    members = [hint for hint, _ in keys(part).values() if isinstance(hint, type) and is_dataclass(hint)]
    if len(members) == len(keys(part)):
        member = members[0]
        sheet = replace(_sheet(member, path, Shape.TABLES, None), members=tuple(keys(part)))
        yield sheet
        yield from _within(member, path, sheet)
        return
    yield _sheet(part, path, Shape.TABLE, None)
    yield from _within(part, path, None)


def _sheet(part: type, path: tuple[str, ...], shape: Shape, owner: Sheet | None) -> Sheet:
    columns = {key: hint for key, (hint, _) in keys(part).items() if _in_a_cell(hint)}
    required = frozenset(key for key, (_, required) in keys(part).items() if required and key in columns)
    return Sheet(path, shape, columns, owner, required=required)


def _in_a_cell(hint: Any) -> bool:
    inside = _element(hint)
    return not is_dataclass(hint) and get_origin(hint) is not Mapping and not (inside and is_dataclass(inside))


def _element(hint: Any) -> Any:
    """The type of the elements of a list, ``None`` for what is none."""
    return get_args(hint)[0] if is_list(hint) else None


def is_list(hint: Any) -> bool:
    """Whether several values stand under one key."""
    return get_origin(hint) is tuple
