"""Missing keys, unknown keys, wrong types: pydantic finds them in the model's dataclasses, we say it in French."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from engine.model import Referential, toml_key
from engine.referential.document import Key, Problem, shown

_EXPECTED = {
    str: "un texte entre guillemets",
    int: "un nombre entier",
    Decimal: "un nombre",
    bool: "true ou false",
    date: "une date, par exemple 2025-03-02",
}
_NOT_REASONABLE = "le nombre doit tenir en 12 chiffres, dont 6 au plus après le point"


def validate(document: dict[str, Any]) -> tuple[Referential | None, list[Problem]]:
    """The referential, or ``None`` and everything that is missing, unknown or of a wrong type."""
    try:
        return _adapter().validate_python(document), []
    except ValidationError as faults:
        found = faults.errors(include_url=False, include_context=False)
        return None, [(fault["loc"], _message(fault["type"], fault["loc"], fault["input"])) for fault in found]


@cache
def _adapter() -> TypeAdapter[Referential]:
    return TypeAdapter(Referential)


def _message(fault: str, key: Key, value: Any) -> str:
    if fault == "unexpected_keyword_argument":
        return f"clé inconnue ; les clés admises ici sont {', '.join(keys(_hint(key[:-1])))}"
    if fault == "missing":
        return f"clé manquante : on attend {expected(key)}"
    if fault.startswith(("decimal_", "finite_")):
        return f"{_NOT_REASONABLE}, et non {shown(value)}"
    return f"on attend {expected(key)}, et non {shown(value)}"


# ------------------------------------------------------------------------- what the model's dataclasses ask for


def keys(part: type) -> dict[str, tuple[Any, bool]]:
    """The keys of a part of the referential: the type of each (``None`` aside), and whether it is required."""
    hints = get_type_hints(part)
    return {
        toml_key(field.name): (
            _without_none(hints[field.name]),
            field.default is MISSING and field.default_factory is MISSING,
        )
        for field in fields(part)
    }


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
