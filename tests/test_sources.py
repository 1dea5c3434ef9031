"""The order of the marks in `Détail`, whatever there is of them."""

import random
from decimal import Decimal
from types import SimpleNamespace

import pytest

from engine.model import Kind
from engine.model.tables import MARKS, table
from engine.outputs.workbook import sources
from engine.outputs.workbook.sources import Sources
from tests.results import certification

PEOPLE = [f"C{rank:03}" for rank in range(300)]
INPUTS = {Kind.GRILLE: ("niveau", "1.1"), Kind.ORAL: ("points", "1"), Kind.NOTES: ("UE1", "UE1")}


def marks(people, seed):
    """Some marks of these people and of a stranger, in no order."""
    draw = random.Random(seed)
    rows = []
    for person in [*people, "INCONNU"]:
        for kind in draw.choices(list(INPUTS), k=draw.randrange(4)):
            entry, code = INPUTS[kind]
            where = (f"{person}.xlsx", "S", f"A{draw.randrange(9)}")
            state = draw.choice(["value", "ABS", "missing", "excluded"])
            rows.append((*where, str(kind), person, draw.choice(["J1", "J2"]), entry, code, "4", Decimal(4), state))
    draw.shuffle(rows)
    return table(MARKS, rows)


def made(found, people):
    outcomes = [SimpleNamespace(candidate=SimpleNamespace(id=person)) for person in people]
    roster = SimpleNamespace(evaluators=[SimpleNamespace(id=name) for name in ("J2", "J1")])
    return Sources(found, outcomes, roster, certification())


@pytest.mark.parametrize("seed", range(3))
def test_marks_are_sorted_alike_however_many_people_are_sorted_together(monkeypatch, seed):
    found = marks(PEOPLE, seed)
    monkeypatch.setattr(sources, "_SORTED", 10_000)
    whole = made(found, PEOPLE)
    monkeypatch.setattr(sources, "_SORTED", 7)
    parted = made(found, PEOPLE)
    for name in ("file", "kind", "candidate", "evaluator", "cell"):
        assert list(parted.marks.each(name)) == list(whole.marks.each(name))
    assert len(whole.marks) == (found["state"].isin(["value", "ABS"])).sum()


@pytest.mark.parametrize("people", [[], PEOPLE[:1], PEOPLE[:33], PEOPLE])
def test_the_marks_of_each_stand_together_and_those_of_strangers_last(people):
    found = made(marks(people, len(people)), people)
    told = list(found.marks.each("candidate"))
    end = 0
    for rank, person in enumerate(people):
        block = found.block(rank)
        assert told.count(person) == (block[1] - block[0] + 1 if block else 0)
        if block:
            assert block[0] == end
            assert set(told[block[0] : block[1] + 1]) == {person}
            end = block[1] + 1
    assert set(told[end:]) <= {"INCONNU"}
