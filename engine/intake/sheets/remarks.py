"""Comments of input cells that say what the cell should: never read as a value, told to the person who can type it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from engine.model.forms import DECLARED, Domain, Nature
from engine.model.texts import bare
from engine.model.values import Reading

_OURS = "Attendu :"  # what the notes of the copies to mend all say
_OUT_OF = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:/|sur)\s*([1-9]\d*)\b", re.IGNORECASE)
_OTHER_FIGURES = re.compile(r"\d+\s*[/:h]\s*\d*(?:/\d+)?|\d+\s*%")
_LETTER = re.compile(r"(?<![\w'’.-])[A-Z](?![\w'’])(?!\.\s*\w)(?!\s+[a-zà-ÿ])")
"""Neither « A » that opens a sentence nor an initial is an answer."""
_ALONE = re.compile(r"\W*([A-Za-z])\W*")
_NUMBER = re.compile(r"(?<![\d.,])\d+(?:[.,]\d+)?(?![\d.,]*\d)")
_WORDS = {"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7, "huit": 8, "neuf": 9, "dix": 10}
_ANSWERS = {"oui": "Oui", "non": "Non"}


def contradicts(comment: str, reading: Reading, domain: Domain) -> bool:
    """Whether a comment says an answer that the cell does not."""
    if _OURS in comment:
        return False
    said = set(_said(comment, domain))
    return bool(said) and reading.value not in said and reading.state not in said


def _said(comment: str, domain: Domain) -> Iterator[Decimal | str]:
    """The answers to this input that stand in a comment."""
    words = re.findall(r"\w+", comment)
    if domain.nature is Nature.YES_NO:
        yield from (_ANSWERS[bare(word)] for word in words if bare(word) in _ANSWERS)
    if domain.nature not in (Nature.NUMBER, Nature.LETTER):
        return
    yield from (state for state in DECLARED if state in domain.states and state in words)
    if domain.nature is Nature.LETTER:
        alone = _ALONE.fullmatch(comment)
        letters = [alone[1].upper()] if alone else _LETTER.findall(comment)
        yield from (letter for letter in letters if letter in domain.choices)
        return
    for number in _numbers(comment, domain):
        if domain.minimum <= number <= domain.maximum:
            yield number
    yield from (Decimal(_WORDS[bare(word)]) for word in words if _WORDS.get(bare(word), -1) in domain.values)


def _numbers(comment: str, domain: Domain) -> Iterator[Decimal]:
    """The numbers of a comment that may be answers: neither dates nor hours, nor out of something else."""
    for number, whole in _OUT_OF.findall(comment):
        if Decimal(whole) == domain.maximum:
            yield Decimal(number.replace(",", "."))
    rest = _OTHER_FIGURES.sub(" ", _OUT_OF.sub(" ", comment))
    yield from (Decimal(number.replace(",", ".")) for number in _NUMBER.findall(rest))
