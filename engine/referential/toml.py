""":class:`engine.model.Referential` -> TOML: what the file would hold, what is left out where it is what goes without
saying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal
from typing import Any

import tomli_w

from engine.model import Referential, toml_key
from engine.referential import letters


def dumps(referential: Referential) -> str:
    """The file of a referential: :func:`engine.referential.parse` gives the same one back."""
    return tomli_w.dumps(document(referential))


def document(referential: Referential) -> dict[str, Any]:
    """The referential as a parsed file: texts, whole and decimal numbers, dates, lists and tables."""
    return letters.spelled(_table(referential))


def _table(part: Any) -> dict[str, Any]:
    values = ((each, getattr(part, each.name)) for each in fields(part))
    return {toml_key(each.name): _value(value) for each, value in values if value != _default(each)}


def _default(each: Field[Any]) -> Any:
    return each.default_factory() if each.default_factory is not MISSING else each.default


def _value(value: Any) -> Any:
    if is_dataclass(value):
        return _table(value)
    if isinstance(value, tuple):
        return [_value(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value.normalize()
    return value
