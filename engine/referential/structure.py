"""Missing keys, unknown keys, wrong types: a parsed file against the model's dataclasses, every fault at once.

By our own hand: what a validation library does here takes thirty lines, and loading one cost each command more than
everything else that it reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from engine.model import Referential, toml_key
from engine.model.parts import UNLESS
from engine.referential.document import Key, Problem, exact, reasonable, shown

_EXPECTED = {
    str: "un texte entre guillemets",
    int: "un nombre entier",
    Decimal: "un nombre",
    bool: "true ou false",
    date: "une date, par exemple 2025-03-02",
}
_NOT_REASONABLE = "le nombre doit tenir en 12 chiffres, dont 6 au plus après le point"
_NOT_A_COUNT = "on attend un nombre entier d'au plus 6 chiffres"


def validate(document: dict[str, Any]) -> tuple[Referential | None, list[Problem]]:
    """The referential, or ``None`` and everything that is missing, unknown or of a wrong type."""
    problems: list[Problem] = []
    made: Referential = _part(Referential, document, (), problems)
    return (None if problems else made), problems


def _value(hint: Any, value: Any, key: Key, problems: list[Problem]) -> Any:
    """A value as the model holds it; what it is not is told, and something else is given back."""
    if isinstance(value, dict) and is_dataclass(hint):
        return _part(hint, value, key, problems)
    if isinstance(value, dict) and get_origin(hint) is Mapping:
        return {word: _value(_inside(hint), text, (*key, word), problems) for word, text in value.items()}
    if isinstance(value, list) and get_origin(hint) is tuple:
        return tuple(_value(_inside(hint), each, (*key, rank), problems) for rank, each in enumerate(value))
    if hint is Decimal and (number := exact(value)) is not None:
        if not reasonable(number):
            problems.append((key, f"{_NOT_REASONABLE}, et non {shown(value)}"))
        return number
    if hint is int and type(value) is int and not reasonable(Decimal(value)):
        problems.append((key, f"{_NOT_A_COUNT}, et non {shown(value)}"))
        return value
    if hint is not Decimal and type(value) is hint:  # not isinstance: true is an int, a date-time a date
        return value
    if get_origin(hint) is not Literal or value not in get_args(hint):
        problems.append((key, f"on attend {expected(key)}, et non {shown(value)}"))
    return value


def _part(part: Any, table: dict[str, Any], key: Key, problems: list[Problem]) -> Any:
    """A part of the model from its table; ``None`` as soon as anything in the file is wrong."""
    known = _fields(part)
    for name in table:
        if name not in known:
            problems.append(((*key, name), f"clé inconnue ; les clés admises ici sont {', '.join(known)}"))
    values = {}
    for name, (each, hint) in known.items():
        if name in table:
            values[each.name] = _value(hint, table[name], (*key, name), problems)
        elif _is_required(each):
            problems.append(((*key, name), f"clé manquante : on attend {expected((*key, name))}"))
    return None if problems else part(**values)


# ------------------------------------------------------------------------- what the model's dataclasses ask for


def keys(part: type) -> dict[str, tuple[Any, bool]]:
    """The keys of a part of the referential: the type of each (``None`` aside), and whether it is always required."""
    return {
        key: (hint, _is_required(each) and UNLESS not in each.metadata) for key, (each, hint) in _fields(part).items()
    }


@cache
def _fields(part: type) -> dict[str, tuple[Field[Any], Any]]:
    """The field that each key of a part is kept in, with its type (``None`` aside)."""
    hints = get_type_hints(part)
    return {toml_key(each.name): (each, _without_none(hints[each.name])) for each in fields(part)}


def _is_required(each: Field[Any]) -> bool:
    return each.default is MISSING and each.default_factory is MISSING


def expected(key: Key) -> str:
    """What the file should hold at this key, in French."""
    hint = _hint(key)
    if hint in _EXPECTED:
        return _EXPECTED[hint]
    if get_origin(hint) is Literal:
        return "l'un de ces mots : " + ", ".join(f'"{word}"' for word in get_args(hint))
    if get_origin(hint) is not tuple:
        return "une table"
    if is_dataclass(_inside(hint)):
        return f"une liste de tables [[{'.'.join(step for step in key if isinstance(step, str))}]]"
    return "une liste de textes"


def _hint(key: Key) -> Any:
    hint: Any = Referential
    for step in key:
        hint = keys(hint)[str(step)][0] if isinstance(hint, type) and is_dataclass(hint) else _inside(hint)
    return hint


def _inside(hint: Any) -> Any:
    """The type of the elements of a list, of the values of a table of labels."""
    first, last = get_args(hint)
    return last if get_origin(hint) is Mapping else first


def _without_none(hint: Any) -> Any:
    kept = [kind for kind in get_args(hint) if kind is not NoneType]
    return kept[0] if NoneType in get_args(hint) else hint
