"""Whether a name that a sheet shows is that of a person: theirs, a part of it, or somebody else's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import Enum

from engine.model.texts import bare, fold

_WORD = re.compile(r"[^\W_]+")
_PARTICLES = frozenset({"de", "d", "du", "des", "la", "le", "l", "les", "van", "von", "der", "den", "el", "al", "ben"})
_PARTICLES |= {"bin", "da", "do", "dos", "di", "m", "mme", "mlle", "mr"}
"""What many names share, and titles: nobody is known by them."""

_BRACKETS = re.compile(r"\(([^()]*)\)")
_ENDING = re.compile(r"\s*\([^()]*\)[^()]*$")
"""What is shown after a name: the identifier, and sometimes the role."""


class Likeness(Enum):
    """What a name that is shown says of the person it should name."""

    SAME = "same"
    PART = "part"  # a married name, a first name left out, a slip of the keyboard
    OTHER = "other"  # somebody else


def same_name(one: str, other: str) -> bool:
    """Whether two writings name the same person; the order of the words does not count."""
    return sorted(fold(one).split()) == sorted(fold(other).split())


def likeness(shown: str, name: str, others: Iterable[str]) -> Likeness:
    """What ``shown`` says of the person called ``name``, ``others`` being the names of the other people."""
    if same_name(shown, name):
        return Likeness.SAME
    seen, own = _words(shown), _words(name)
    if not seen or own <= seen:
        return Likeness.PART
    common = len(own & seen)
    if not common or any(other <= seen or len(other & seen) > common for other in map(_words, others) if other):
        return Likeness.OTHER
    return Likeness.PART


def header_likeness(shown: str, name: str, identifier: str, people: Iterable[tuple[str, str]]) -> Likeness:
    """The same for a header, which shows an identifier in brackets after the name, and sometimes a role.

    ``people`` are the identifiers and names of everybody who may stand there.
    """
    own, told, texts = identifier.casefold(), _bracketed(shown) - _bracketed(name), (shown, _ENDING.sub("", shown))
    if fold(shown) == own:
        return Likeness.PART  # the identifier alone says who it is
    if names_in_full(shown, name, identifier):
        return Likeness.SAME  # as nearly every sheet: nobody else need be looked at
    others = [(other, called) for other, called in people if other.casefold() != own]
    if told & {other.casefold() for other, _ in others}:
        return Likeness.OTHER
    names = [called for _, called in others]
    found = [likeness(text, name, names) for text in texts]
    return Likeness.SAME if Likeness.SAME in found else found[-1]


def names_in_full(shown: str, name: str, identifier: str) -> bool:
    """Whether a text of a header is the whole name of a person, with no other identifier in brackets than theirs."""
    told = _bracketed(shown) - _bracketed(name)
    return told <= {identifier.casefold()} and any(same_name(text, name) for text in (shown, _ENDING.sub("", shown)))


def _bracketed(name: str) -> set[str]:
    return {each.strip().casefold() for each in _BRACKETS.findall(name)}


def _words(name: str) -> frozenset[str]:
    words = frozenset(_WORD.findall(bare(name)))
    return words - _PARTICLES or words
