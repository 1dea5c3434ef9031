"""What changed: decisions that moved, marks that were changed or vanished, how many came."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from engine.model.changes import Change, Turn
from engine.model.snapshot import Decided, Mark
from engine.model.texts import counted
from engine.model.values import clip
from engine.outputs.briefing.facts import Facts, sheet_title
from engine.outputs.briefing.page import Item, Section, Tone, most

_MOST, _MOST_SENDERS, _MOST_CELLS = 8, 4, 4
_LONGEST = 60  # signs of a value on the page; the sheet Évolution has it whole
_NONE = "rien"


def moves(facts: Facts) -> Section:
    """The section `Ce qui a changé`."""
    title, evolution = "Ce qui a changé", facts.evolution
    if evolution.first:
        return Section(title, f"Rien à comparer encore. Décisions : {_decided(facts)}.")
    notes = [Item("Règles ou programme changés", note, tone=Tone.WARNING) for note in evolution.notes]
    decisions = [_decision(facts, change) for change in sorted(evolution.decisions, key=_shaded)]
    items, more = most([*notes, *decisions, *_new(facts), *_marks(facts)], _MOST, "Évolution")
    return Section(title, " ".join(_lead(facts)), items, more)


def _lead(facts: Facts) -> Iterator[str]:
    evolution = facts.evolution
    turns = Counter(change.turn for change in evolution.marks)
    shaded = sum(map(_shaded, evolution.decisions))
    moved = len(evolution.decisions) - shaded
    parts = [counted(moved, "décision a bougé", "décisions ont bougé")] if moved else []
    parts += [counted(shaded, "décision nuancée", "décisions nuancées")] if shaded else []
    words = {
        Turn.NEW: ("valeur nouvelle", "valeurs nouvelles"),
        Turn.CHANGED: ("valeur changée", "valeurs changées"),
        Turn.GONE: ("valeur disparue", "valeurs disparues"),
    }
    parts += [counted(turns[turn], *words[turn]) for turn in Turn if turns[turn]]
    yield f"{', '.join(parts)}." if parts else "Aucune décision, aucune valeur."
    yield f"Décisions : {_decided(facts)}."


def _decided(facts: Facts) -> str:
    counts = Counter(str(each.decision) for each in facts.decided)
    unsure = Counter(str(each.decision) for each in facts.decided if each.provisional)
    told = [f"{number} {word}{_provisional(unsure[word])}" for word, number in counts.most_common()]
    return ", ".join(told) or "aucune"


def _provisional(number: int) -> str:
    return f" ({counted(number, 'provisoire', 'provisoires')})" if number else ""


def _shaded(change: Change[Decided]) -> bool:
    """Whether the decision stays, and only its blocs or its provisional character changed."""
    return bool(change.before and change.after and change.before.decision == change.after.decision)


def _decision(facts: Facts, change: Change[Decided]) -> Item:
    before, after = (each.shown if each else "absent du registre" for each in (change.before, change.after))
    tones = {"ADMIS": Tone.GOOD, "AJOURNÉ": Tone.BAD}
    tone = tones.get(change.thing.decision, Tone.PLAIN) if change.after and not _shaded(change) else Tone.PLAIN
    return Item(facts.candidate(change.thing.candidate), f"{before} → {after}", tone=tone)


def _new(facts: Facts) -> tuple[Item, ...]:
    """How many new marks came, by evaluator; the sheet lists them."""
    counts = Counter(change.thing.evaluator for change in facts.evolution.marks_that(Turn.NEW))
    if not counts:
        return ()
    told = [f"{facts.evaluator(sender)} : {number}" for sender, number in counts.most_common(_MOST_SENDERS)]
    others = len(counts) - len(told)
    told += [f"et {counted(others, 'autre personne', 'autres personnes')}"] if others else []
    return (Item(counted(counts.total(), "valeur nouvelle", "valeurs nouvelles"), " ; ".join(told)),)


def _marks(facts: Facts) -> Iterator[Item]:
    """One item for all the marks of a sheet that were changed or vanished: ``1.1 niveau : 3 → 4``."""
    sheets: dict[tuple[str, ...], list[Change[Mark]]] = defaultdict(list)
    for change in facts.evolution.marks_that(Turn.CHANGED, Turn.GONE):
        mark = change.thing
        sheets[mark.kind, mark.candidate, mark.evaluator, mark.file, mark.sheet].append(change)
    for (kind, candidate, evaluator, *place), changes in sheets.items():
        people = [facts.candidate(candidate)] if candidate else []
        people += [f"par {facts.evaluator(evaluator)}"] if evaluator else []
        told = [text for turn in (Turn.CHANGED, Turn.GONE) for text in _told(changes, turn)]
        head = ", ".join([sheet_title(kind), *people])
        yield Item(head, " ; ".join(told), ", ".join(filter(None, place)), Tone.WARNING)


def _told(changes: Iterable[Change[Mark]], turn: Turn) -> list[str]:
    """The marks of a sheet to which this happened, one by one when they are few; a lost sheet is only counted."""
    told = [_move(change) for change in changes if change.turn is turn]
    others = len(told) - _MOST_CELLS
    if others <= 0:
        return told
    if turn is Turn.GONE:
        return [f"{len(told)} valeurs disparues"]
    return [*told[:_MOST_CELLS], f"et {counted(others, 'autre', 'autres')}"]


def _move(change: Change[Mark]) -> str:
    mark = change.thing
    before, after = (clip(each.shown, _LONGEST) if each else _NONE for each in (change.before, change.after))
    return f"{' '.join(dict.fromkeys(filter(None, (mark.code, mark.input))))} : {before} → {after}"
