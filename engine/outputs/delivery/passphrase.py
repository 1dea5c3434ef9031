"""The passphrase of a delivery: six groups of four signs without look-alikes, 120 bits, told by another channel."""

from __future__ import annotations

import re
import secrets

from engine.model.errors import CohortError
from engine.workspace.seals import ALPHABET

_GROUPS, _SIGNS = 6, 4
SHORTEST = 20  # signs of one that is given


def make() -> str:
    """A new one: ``K7M4-9QXT-...``."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(_SIGNS)) for _ in range(_GROUPS))


def given(text: str) -> str:
    """One that somebody chose. Raises :class:`CohortError` when it is too short, or cannot be typed everywhere."""
    phrase = text.strip()
    if len(phrase) < SHORTEST:
        raise CohortError(f"Le mot de passe a {len(phrase)} signes : il en faut {SHORTEST} au moins.")
    if not phrase.isascii() or not phrase.isprintable():
        raise CohortError("Le mot de passe n'admet que des lettres sans accent, des chiffres et des signes usuels.")
    return phrase


def readings(text: str) -> tuple[str, ...]:
    """What somebody may have typed: ours, whatever parts its groups and in small letters too, and then the text as it
    is, for one that somebody chose may have the signs of ours."""
    chosen = text.strip()
    signs = re.sub(r"[\s\u2010-\u2015-]", "", text).upper()
    if len(signs) != _GROUPS * _SIGNS or not set(signs) <= set(ALPHABET):
        return (chosen,)
    ours = "-".join(signs[rank : rank + _SIGNS] for rank in range(0, len(signs), _SIGNS))
    return tuple(dict.fromkeys((ours, chosen)))
