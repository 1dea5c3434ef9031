"""How texts are compared: by what a person reads, not by how a program encoded it."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import lru_cache
from itertools import filterfalse

INSIDE = " › "
"""Stands between a message or an archive and what it holds, where both are named: ``message.eml › pièce.xlsx``."""

_CONTAINERS = (".eml", ".emlx", ".msg", ".zip")


def container_of(path: str) -> str:
    """The message or archive that a piece named so lies in, ``""`` for a file: its own name may hold the same sign."""
    container, sign, _ = path.partition(INSIDE)
    return container if sign and container.lower().endswith(_CONTAINERS) else ""


_SAME = str.maketrans(
    {"’": "'", "‘": "'", "ʼ": "'", "′": "'", "‐": "-", "‑": "-", "–": "-", "−": "-", "\u00ad": None, "\u200b": None}
)
_OTHER = re.compile(f"[{''.join(map(chr, _SAME))}]")
"""Those signs: most texts have none, which is told much faster than they are translated."""

_TIGHT = re.compile(r"\s+(?=[:;?!»])|(?<=«)\s+")


@lru_cache(maxsize=8192)
def fold(text: str) -> str:
    """A text reduced to what two writings of it share: NFC, no case, single spaces, one apostrophe, one hyphen."""
    plain = unicodedata.normalize("NFC", text)
    if _OTHER.search(plain):
        plain = plain.translate(_SAME)
    return _TIGHT.sub("", " ".join(plain.casefold().split()))


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """The same without accents: for headings and words that the program chose itself."""
    split = unicodedata.normalize("NFD", fold(text))
    return split if split.isascii() else "".join(filterfalse(unicodedata.combining, split))


def identifying(identifier: str) -> re.Pattern[str]:
    """What finds an identifier as our sentences give it, ``NOM Prénom (C05)``. ``fiche (1).xlsx``, as browsers call
    what they download twice, and ``fiche.xlsx (2)`` give none."""
    return re.compile(rf"(?<!\.xls[xm])(?<!\.ods)\s\({re.escape(identifier)}\)(?!\.\w)", re.IGNORECASE)


_ORDERS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def visible(text: str, keep: str = "") -> str:
    """A text none of whose signs commands whoever shows it: control characters, direction marks and lone surrogates,
    but those to ``keep``, are written out, ``<U+202E>``."""
    return _ORDERS.sub(lambda sign: sign[0] if sign[0] in keep else f"<U+{ord(sign[0]):04X}>", text)


def plural(count: int, one: str, several: str = "") -> str:
    """``fiche`` for 0 or 1, ``fiches`` for more; ``several``: what is said then, unless it is ``one`` with an s."""
    return (several or f"{one}s") if count > 1 else one


def counted(count: int, one: str, several: str = "") -> str:
    """``1 fiche``, ``2 fiches``, ``12 000 fiches``."""
    return f"{count:,} ".replace(",", "\u202f") + plural(count, one, several)


def of(name: str) -> str:
    """``de BENALI Karim``, ``d'ABADIE Léa``: a name after the preposition."""
    return f"d'{name}" if bare(name)[:1] in tuple("aeiouy") else f"de {name}"


def day_and_hour(moment: datetime) -> str:
    """``24/11/2026 à 03 h 00``."""
    return f"{moment:%d/%m/%Y} à {moment:%H\u00a0h\u00a0%M}"


@lru_cache(maxsize=8192)
def address(place: tuple[int, int]) -> str:
    """How spreadsheet programs call a cell, given its row and column, from 0: ``(11, 7)`` is ``H12``."""
    row, column = place
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
