"""Which acts of a session can be believed, and what is left of a closure whose act cannot.

An act is vouched for by the seal that the cohort's key gives it. Earlier versions sealed without a key, and anybody can
make such a seal again: one is believed only until :data:`UNKEYED_UNTIL`, in a session none of whose acts is keyed yet,
and when all that tells of the act agrees; it is then sealed with the key. Any other act is uncertain: that the session
was closed, or opened again, is known, and not what was frozen. So is a closure of which only the dated copy is left.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from engine.ledger.acts import from_text, is_genuine, is_unkeyed, sealed
from engine.model import Act, ActKind
from engine.model.faults import ZIP_DAMAGE

UNKEYED_UNTIL = datetime(2027, 12, 31)
"""The last day on which an act that was sealed without a key is taken over."""

_SIGNS = 16  # of its seal, that the dated copy shows
_COPY = re.compile(r"resultats (\d{4}-\d\d-\d\d \d\dh\d\d)\.xlsx")


def known(texts: Mapping[int, Sequence[str]], key: bytes | None, copies: Path, now: datetime) -> list[Act]:
    """Every act, the first one first. ``texts``: what tells of each, by its number; ``copies``: the folder of the dated
    copies that closures leave. Without the ``key`` no seal is looked at."""
    read = {number: list(_read(number, texts[number])) for number in sorted(texts)}
    keyed = key is not None and any(is_genuine(act, key) for acts in read.values() for act in acts)
    heir = None if keyed or now > UNKEYED_UNTIL else key
    acts = []
    for number, found in read.items():
        act = _vouched(found, key) or (heir and _taken_over(found, len(texts[number]), heir, copies))
        acts.append(act or _uncertain(number, found, max(_closings(copies), default=now)))
    return [*acts, *_lost(acts, copies)]


def _read(number: int, texts: Iterable[str]) -> Iterator[Act]:
    found = map(from_text, texts)
    return (act for act in found if act is not None and act.number == number)


def _vouched(read: Sequence[Act], key: bytes | None) -> Act | None:
    """The act to which the key gives its seal; without a key, the first one."""
    return next((act for act in read if key is None or is_genuine(act, key)), None)


def _taken_over(read: Sequence[Act], told: int, key: bytes, copies: Path) -> Act | None:
    """An act of an earlier version with which all that tells of it (``told`` texts) agrees, sealed with the key."""
    agreed = (act for act in filter(is_unkeyed, read) if _agrees(act, read, told, copies))
    return next((sealed(act, key) for act in agreed), None)


def _uncertain(number: int, read: Sequence[Act], closed_at: datetime) -> Act:
    """An act that nothing vouches for; one of which nothing is left was a closure, as far as anybody can tell."""
    if read:
        return replace(read[0], certain=False)
    return Act(number=number, kind=ActKind.CLOSE, at=closed_at, certain=False)


def _agrees(act: Act, read: Sequence[Act], told: int, copies: Path) -> bool:
    """Whether nothing contradicts an act: a closure by its dated copy, a reopening by the memory and its file alike."""
    if act.kind is ActKind.REOPEN:
        return told > 1 and all(each == act for each in read) and len(read) == told
    return any(_shows(path, act.seal[:_SIGNS]) for moment, path in _closings(copies).items() if moment == _minute(act))


def _shows(workbook: Path, text: str) -> bool:
    """Whether a workbook of results has a text in one of its cells."""
    try:
        with zipfile.ZipFile(workbook) as package:
            return any(text.encode() in package.read(name) for name in package.namelist() if name.startswith("xl/"))
    except ZIP_DAMAGE:
        return False


def _lost(acts: Sequence[Act], copies: Path) -> Iterator[Act]:
    """The closure that left a dated copy later than every act, if there is one: of it nothing else is known."""
    closed_at = max(_closings(copies), default=None)
    if closed_at is not None and all(_minute(act) < closed_at for act in acts):
        number = acts[-1].number + 1 if acts else 1
        yield Act(number=number, kind=ActKind.CLOSE, at=closed_at, certain=False)


def _minute(act: Act) -> datetime:
    return act.at.replace(second=0, microsecond=0)


def _closings(copies: Path) -> dict[datetime, Path]:
    """The dated copies by the minute of the closure."""
    found = {}
    for path in copies.glob("*.xlsx"):
        match = _COPY.fullmatch(path.name)
        with suppress(ValueError):  # no such day
            if match is not None:
                found[datetime.strptime(match[1], "%Y-%m-%d %Hh%M")] = path
    return found
