"""The morning page as a document, before it is shown: a verdict, a few figures, sections of short items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.model.texts import counted


class Tone(StrEnum):
    """How much an item asks of its reader; ``value``: the symbol that says so without colour."""

    PLAIN = "–"
    GOOD = "●"
    WARNING = "▲"
    BAD = "×"


@dataclass(frozen=True)
class Item:
    """One thing to know: what or who, what about it, and where or what to do; ``stands_for``: how many lines of the
    sheet that has them all."""

    head: str
    body: str = ""
    note: str = ""
    tone: Tone = Tone.PLAIN
    stands_for: int = 1


@dataclass(frozen=True)
class Section:
    """One question of the morning: its answer in a sentence, then the few items that matter most."""

    title: str
    lead: str
    items: tuple[Item, ...] = ()
    more: str = ""


@dataclass(frozen=True)
class Figure:
    """One number and what it counts."""

    number: str
    label: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True)
class Page:
    """The whole: ``verdict`` says first whether somebody is needed, ``subject`` says it in a few words."""

    verdict: Item
    subject: str
    captions: tuple[str, ...]
    figures: tuple[Figure, ...]
    sections: tuple[Section, ...]
    closing: tuple[str, ...]


def most(items: Sequence[Item], limit: int, sheet: str) -> tuple[tuple[Item, ...], str]:
    """The first items, and how many more the sheet of that name holds."""
    if len(items) <= limit + 1:  # a line to say that there is one more would take its place
        return tuple(items), ""
    more = counted(sum(item.stands_for for item in items[limit:]), "autre", "autres")
    return tuple(items[:limit]), f"Et {more} : feuille « {sheet} » de resultats.xlsx."
