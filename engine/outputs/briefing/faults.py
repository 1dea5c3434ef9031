"""What is wrong: what blocks, first of all what is new; what was mended."""

from __future__ import annotations

from collections import Counter, defaultdict

from engine.model.anomalies import CATALOGUE, UNFINISHED, Anomaly, Gravity
from engine.model.changes import Turn
from engine.model.texts import counted
from engine.model.values import clip
from engine.outputs.briefing.facts import Facts
from engine.outputs.briefing.page import Item, Section, Tone, most

_MOST, _MOST_MENDED = 6, 4
_LONGEST = 180  # signs of a message on the page; the sheet Anomalies has it whole
_CELLS = 6
_NAMES = {
    Gravity.BLOCKING: ("anomalie bloquante", "anomalies bloquantes"),
    Gravity.WARNING: ("avertissement", "avertissements"),
}


def faults(facts: Facts) -> Section:
    """The section `Ce qui ne va pas`."""
    counts = Counter(anomaly.gravity for anomaly in facts.anomalies if not anomaly.unfinished)
    parts = [counted(counts[gravity], *words) for gravity, words in _NAMES.items() if counts[gravity]]
    if unfinished := sum(anomaly.unfinished for anomaly in facts.anomalies):
        parts.append(f"{counted(unfinished, *UNFINISHED)}, ce qui est normal en cours de session")
    lead = f"{', '.join(parts)}." if parts else "Aucune anomalie bloquante, aucun avertissement."
    items, more = most(_blocking(facts), _MOST, "Anomalies")
    told = [Item(trouble[:1].upper() + trouble[1:], tone=Tone.BAD) for trouble in facts.troubles]
    told += [Item(notice, tone=Tone.WARNING) for notice in facts.notices]
    return Section("Ce qui ne va pas", f"{lead}{_moved(facts)}", (*told, *items, *_mended(facts)), more)


def _moved(facts: Facts) -> str:
    """« Depuis : 2 apparues, 5 levées, 1 devenue bloquante. »"""
    changes = facts.evolution.anomalies
    turns = Counter(change.turn for change in changes)
    worse = sum(change.turn is Turn.CHANGED and change.thing.blocking for change in changes)
    parts = [counted(turns[Turn.NEW], "apparue", "apparues")] if turns[Turn.NEW] else []
    parts += [counted(turns[Turn.GONE], "levée", "levées")] if turns[Turn.GONE] else []
    parts += [counted(worse, "devenue bloquante", "devenues bloquantes")] if worse else []
    if parts:
        return f" Depuis : {', '.join(parts)}."
    return "" if facts.evolution.first else " Rien de nouveau depuis."


def _blocking(facts: Facts) -> list[Item]:
    """One item for all the cells of a sheet that have the same fault; new ones first."""
    new = {id(change.after) for change in facts.evolution.anomalies}
    groups: dict[tuple[bool, *tuple[str, ...]], list[Anomaly]] = defaultdict(list)
    for anomaly in facts.blocking:
        key = (id(anomaly) in new, anomaly.code, anomaly.file, anomaly.sheet, anomaly.candidate, anomaly.remedy)
        groups[key].append(anomaly)
    return [_item(facts, group, key[0]) for key, group in groups.items()]


def _item(facts: Facts, group: list[Anomaly], new: bool) -> Item:
    first, others = group[0], len(group) - 1
    who = [facts.candidate(first.candidate)] if first.candidate else []
    who += [facts.evaluator(first.evaluator)] if first.evaluator else []
    head = f"{first.code} {CATALOGUE[first.code].title}{' (nouvelle)' if new else ''}"
    message = clip(first.message, _LONGEST) + (
        f" Et {counted(others, 'autre', 'autres')} du même genre." * bool(others)
    )
    place = ", ".join(part for part in (first.file, first.sheet, _cells(group)) if part)
    told = f"{' · '.join(who)} : {message}" if who else message
    return Item(head, told, " – ".join(part for part in (place, first.remedy) if part), Tone.BAD, len(group))


def _cells(group: list[Anomaly]) -> str:
    cells = [cell.strip() for anomaly in group for cell in anomaly.cell.split(";") if cell.strip()]
    return ", ".join(cells[:_CELLS]) + ("…" if len(cells) > _CELLS else "")


def _mended(facts: Facts) -> tuple[Item, ...]:
    """The anomalies that blocked and no longer do, by kind of fault."""
    gone = Counter(
        change.thing.code for change in facts.evolution.anomalies if change.turn is Turn.GONE and change.thing.blocking
    )
    told = [
        f"{code} {CATALOGUE[code].title}" + (f" × {number}" if number > 1 else "")
        for code, number in gone.most_common(_MOST_MENDED)
    ]
    others = len(gone) - len(told)
    told += [f"{counted(others, 'autre code', 'autres codes')}"] if others else []
    what = counted(gone.total(), "anomalie bloquante levée", "anomalies bloquantes levées")
    return (Item(what, " ; ".join(told), tone=Tone.GOOD),) if gone else ()
