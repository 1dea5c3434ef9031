"""The TOML file as parsed: finding its values, whatever else is wrong with it, and naming them for people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Key = tuple[str | int, ...]
"""Where a value stands: ``("bloc", 0, "competences", 3, "minimum")``."""

Problem = tuple[Key, str]
"""A fault: its key, and what is wrong and expected (in French)."""

COMPETENCES = "bloc.*.competences.*"
ITEMS = "transversal.domains.*.items.*"
CRITERIA = "oral.sections.*.items.*"

CODE = re.compile(r"[A-Za-z0-9.]+")
_DIGITS = 6  # of a number, on each side of its point
_TOO_LONG = 30  # digits of a number that is written without an exponent
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def find(document: Any, pattern: str) -> list[tuple[Key, Any]]:
    """The values at a pattern such as ``bloc.*.competences.*.minimum``, ``*`` being every element of a list.

    What is absent or of another shape is passed over: the structure check reports it.
    """
    found: list[tuple[Key, Any]] = [((), document)]
    for step in pattern.split("."):
        found = [child for key, value in found for child in _children(key, value, step)]
    return found


def _children(key: Key, value: Any, step: str) -> list[tuple[Key, Any]]:
    if step == "*":
        return [((*key, rank), item) for rank, item in enumerate(value)] if isinstance(value, list) else []
    return [((*key, step), value[step])] if isinstance(value, dict) and step in value else []


def texts(document: Any, *patterns: str) -> Iterator[tuple[Key, str]]:
    """The texts at these patterns."""
    for pattern in patterns:
        yield from ((key, value) for key, value in find(document, pattern) if isinstance(value, str))


def numbers(document: Any, *patterns: str) -> Iterator[tuple[Key, Decimal]]:
    """The valid numbers at these patterns; the structure check reports the others."""
    for pattern in patterns:
        for key, value in find(document, pattern):
            found = exact(value)
            if found is not None and reasonable(found):
                yield key, found


def number(document: Any, path: str) -> Decimal | None:
    """The valid number at this path, or ``None``."""
    return next((value for _, value in numbers(document, path)), None)


def exact(value: Any) -> Decimal | None:
    """A number of the file, whole or not, as it is written; ``None`` for what is none (``true`` is none)."""
    return Decimal(value) if type(value) in (int, Decimal) else None


def reasonable(number: Decimal) -> bool:
    """Whether it is bounded, so that arithmetic on it stays exact and cheap: six digits before the point, six after."""
    return number.is_finite() and abs(number) < 10**_DIGITS and number == round(number, _DIGITS)


def shown_key(document: Any, key: Key) -> str:
    """A key for people: ``bloc[B1].competences[1.4].minimum``, with the rank (``bloc[n° 2]``) where no code tells."""
    written = ""
    for container, step in _steps(document, key):
        if isinstance(step, int):
            written += f"[{_element(container, step)}]"
        else:
            written += ("." if written else "") + (step if _BARE_KEY.fullmatch(step) else json.dumps(step))
    return written


def place(document: Any, key: Key) -> tuple[int, ...]:
    """A sorting key: the order of the file, what is missing after what is there."""
    return tuple(
        step if isinstance(step, int) else list(container).index(step) if step in container else len(container)
        for container, step in _steps(document, key)
    )


def _steps(document: Any, key: Key) -> Iterator[tuple[Any, str | int]]:
    """Each step of a key with the table or list it is taken in; an empty table stands for one that is absent."""
    value = document
    for step in key:
        yield value, step
        value = value[step] if isinstance(step, int) or step in value else {}
        value = value if isinstance(value, dict | list) else {}


def _element(items: list[Any], rank: int) -> str:
    codes = [item.get("code") if isinstance(item, dict) else None for item in items]
    code = codes[rank]
    if isinstance(code, str) and CODE.fullmatch(code) and codes.count(code) == 1:
        return code
    return f"n° {rank + 1}"


def shown(value: Any) -> str:
    """A value for people, as the file writes it."""
    if isinstance(value, str):
        return f"« {' '.join(value.split())[:60]} »"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and abs(value.adjusted()) < _TOO_LONG else str(value)
    if isinstance(value, list | dict):
        return "une liste" if isinstance(value, list) else "une table"
    return str(value)


def plain(number: Decimal) -> str:
    """A number as the file writes it, without an exponent or idle zeros: ``2.5``, ``36``."""
    return shown(number.normalize())
