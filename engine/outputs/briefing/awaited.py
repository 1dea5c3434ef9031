"""Who is awaited: the sheets that have not come or were refused, by who should send them."""

from __future__ import annotations

from collections import defaultdict

from engine.model.expected import Expected, Receipt
from engine.model.texts import bare, counted
from engine.outputs.briefing.facts import Facts, sheet_title
from engine.outputs.briefing.page import Item, Section, Tone, most

_MOST, _MOST_PEOPLE = 6, 4


def awaited(facts: Facts) -> Section:
    """The section `Qui est encore attendu`."""
    title, late = "Qui est encore attendu", not_received(facts)
    lead = f"{facts.owed.words[:1].upper()}{facts.owed.words[1:]}. {facts.owed.next_step}".strip()
    if not late:
        return Section(title, lead)
    people: dict[str, list[Expected]] = defaultdict(list)
    for item in late:
        evaluator = item.assignment.evaluator
        people[evaluator.id if evaluator else ""].append(item)
    ranked = sorted(people.items(), key=lambda entry: (-len(entry[1]), bare(facts.evaluator(entry[0]))))
    items, more = most([_item(facts, who, sheets) for who, sheets in ranked], _MOST, "Manquants")
    return Section(title, lead, items, more)


def not_received(facts: Facts) -> list[Expected]:
    """The expected sheets that have not come, or cannot be used."""
    return [item for item in facts.expected if item.receipt is not Receipt.RECEIVED]


def _item(facts: Facts, who: str, sheets: list[Expected]) -> Item:
    refused = sum(item.receipt is Receipt.REFUSED for item in sheets)
    head = f"{facts.evaluator(who)} : {counted(len(sheets), 'fiche', 'fiches')}"
    head += f", dont {counted(refused, 'refusée', 'refusées')}" if refused else ""
    kinds: dict[str, list[str]] = defaultdict(list)
    for item in sheets:
        candidate = item.assignment.candidate
        kinds[sheet_title(item.assignment.kind)].append(facts.candidate(candidate.id) if candidate else "")
    told = (f"{kind} : {_names(names)}" if any(names) else kind for kind, names in kinds.items())
    return Item(head, " ; ".join(told), tone=Tone.BAD if refused else Tone.PLAIN)


def _names(names: list[str]) -> str:
    others = len(names) - _MOST_PEOPLE
    shown = ", ".join(names[:_MOST_PEOPLE])
    return f"{shown} et {counted(others, 'autre', 'autres')}" if others > 0 else shown
