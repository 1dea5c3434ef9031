"""What changed between two runs: nothing invented, nothing missed, whatever was renamed, moved or reworded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.ledger.comparison import Arrival, Change, Decided, File, Mark, Origin, Snapshot, Turn, compare, marks_seen
from engine.ledger.comparison.since import choose, parse
from engine.model.anomalies import Gravity, make
from engine.model.assignments import sheet_key
from engine.model.errors import CohortError
from engine.model.tables import EXCLUDED, MISSING, VALUE
from tests.results import mark as row

ORIGIN = Origin(number=1, made_at=datetime(2025, 6, 1, 2, 0))
SHEET = sheet_key("GRILLE", "C001", "T01")


def level(shown="3", code="1.1", cell="H12", file="a.xlsx"):
    state = EXCLUDED if shown.endswith("(écartée)") else VALUE
    return Mark("GRILLE", "C001", "T01", "niveau", code, shown, file, "Grille", cell, state=state)


def snapshot(*, marks=(), anomalies=(), files=(), **more):
    return Snapshot(origin=ORIGIN, marks={SHEET: tuple(marks)}, anomalies=tuple(anomalies), files=tuple(files), **more)


def fault(code="V03", message="« 4+ » n'est pas clair.", *, file="a.xlsx", cell="H12", **more):
    where = {"candidate": "C001", "evaluator": "T01", "sheet": "Grille", "value": "4+"} | more
    return make(code, message, file=file, cell=cell, **where)


def turns(changes):
    return [change.turn for change in changes]


# ------------------------------------------------------------------------------------------------ marks


def test_a_first_run_has_nothing_to_be_compared_with():
    found = compare(None, snapshot(marks=[level()], anomalies=[fault()], files=[File("a.xlsx", "Accepté")]))
    assert found.first
    assert found.nothing


def test_marks_are_new_changed_or_gone_and_each_says_where():
    before = snapshot(marks=[level("3"), level("2", code="1.2"), level("4", code="2.10")])
    after = snapshot(marks=[level("4"), level("4", code="2.10", cell="H99", file="b.xlsx"), level("1", code="2.9")])
    found = compare(before, after).marks
    assert found == (
        Change(level("3"), level("4")),
        Change(level("2", code="1.2"), None),
        Change(None, level("1", code="2.9")),
    )
    assert turns(found) == [Turn.CHANGED, Turn.GONE, Turn.NEW]


CODES = ("1.1", "1.2", "1.10", "2.1")
GRIDS = st.dictionaries(
    st.sampled_from(["T01", "T02", "F01"]), st.dictionaries(st.sampled_from(CODES), st.sampled_from("123")), max_size=3
)


def of(grid):
    marks = {
        sheet_key("GRILLE", "C001", who): tuple(
            Mark("GRILLE", "C001", who, "niveau", code, shown, f"{who}.xlsx", "Grille", "H1")
            for code, shown in levels.items()
        )
        for who, levels in grid.items()
    }
    return Snapshot(origin=ORIGIN, marks=marks)


@given(GRIDS, GRIDS)
def test_the_changes_are_exactly_what_makes_one_run_of_the_other(one, other):
    before, after = of(one), of(other)
    changes = compare(before, after).marks
    held = {mark.key: mark for marks in before.marks.values() for mark in marks}
    for change in changes:
        assert held.pop(change.thing.key, None) == change.before
        if change.after:
            held[change.after.key] = change.after
    assert held == {mark.key: mark for marks in after.marks.values() for mark in marks}
    assert [Change(change.after, change.before) for change in changes] == list(compare(after, before).marks)
    assert compare(after, after).nothing


@pytest.mark.parametrize(
    ("value", "state", "raw", "shown"),
    [
        (Decimal("2.50"), "value", "2,5", "2,5"),
        (Decimal("3.0"), "value", "3", "3"),
        (date(2025, 4, 5), "value", "05/04/2025", "05/04/2025"),
        ("Oui", "value", "oui", "oui"),
        (None, "NE", "ne", "NE"),
        (None, EXCLUDED, "4+", "« 4+ » (écartée)"),
        (None, EXCLUDED, "", "(écartée)"),
    ],
)
def test_a_mark_is_shown_as_a_person_reads_it(value, state, raw, shown):
    (mark,) = marks_seen([row(value, state, raw=raw)])
    assert mark.shown == shown


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (row(Decimal("2.50"), raw="2,50"), row(Decimal("2.5"), raw="2.5")),
        (row(Decimal("3"), raw="3/5"), row(Decimal("3.0"), raw="3")),
        (row("Oui", raw="oui"), row("Oui", raw="o")),
        (row(None, "NE", raw="ne"), row(None, "NE", raw="NE ")),
    ],
)
def test_the_same_value_typed_in_another_way_is_no_change(one, other):
    assert compare(*(snapshot(marks=marks_seen([each])) for each in (one, other))).nothing


def test_blanks_and_what_closes_a_sheet_are_no_marks():
    closing = [row(date(2025, 6, 2), entry=entry, code="") for entry in ("date", "signature")]
    assert marks_seen([row(None, MISSING, raw=""), *closing]) == ()
    assert len(marks_seen([row(date(2025, 6, 2), kind="TRAVAUX", entry="date", code="RA1")])) == 1


def test_a_refused_sheet_is_told_by_the_marks_it_holds_back_and_by_no_other():
    before = snapshot(marks=[level("3")])
    after = snapshot(marks=[level("(écartée)"), level("(écartée)", code="1.2")])
    assert compare(before, after).marks == (Change(level("3"), level("(écartée)")),)
    assert compare(after, before).marks == (Change(level("(écartée)"), level("3")),)


# ---------------------------------------------------------------------------------------------- returns


def arrivals(before, after):
    changes = compare(snapshot(files=before), snapshot(files=after)).files
    return [(change.arrival, change.thing.path) for change in changes]


A, B = File("a.xlsx", "Accepté", digest="aa"), File("b.xlsx", "Accepté", digest="bb")


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ([A], [A, B], [(Arrival.NEW, "b.xlsx")]),
        ([A], [A._replace(path="été/a.xlsx")], [(Arrival.RENAMED, "été/a.xlsx")]),
        ([A], [A._replace(digest="cc")], [(Arrival.REWRITTEN, "a.xlsx")]),
        ([A], [A._replace(state="Refusé")], [(Arrival.JUDGED, "a.xlsx")]),
        ([A, B], [A], [(Arrival.GONE, "b.xlsx")]),
        ([A], [A, A._replace(path="z.xlsx", state="Remplacé")], [(Arrival.COPIED, "z.xlsx")]),
        (
            [A],
            [A, B._replace(path="x.xlsx", state="Remplacé"), B],
            [(Arrival.NEW, "b.xlsx"), (Arrival.COPIED, "x.xlsx")],
        ),
        (
            [A, B],
            [A._replace(path="b.xlsx"), B._replace(path="a.xlsx")],
            [(Arrival.RENAMED, "a.xlsx"), (Arrival.RENAMED, "b.xlsx")],
        ),
        (
            [A],
            [A._replace(path="a (vieux).xlsx"), B._replace(path="a.xlsx")],
            [(Arrival.RENAMED, "a (vieux).xlsx"), (Arrival.NEW, "a.xlsx")],
        ),
        ([A._replace(digest="")], [A._replace(digest="")], []),
        ([A], [A, File("~$a.xlsx", "Ignoré", digest="ff")], []),
    ],
)
def test_returns_are_known_by_their_bytes(before, after, told):
    assert arrivals(before, after) == told


@given(st.data())
def test_no_renaming_ever_brings_anything_new(data):
    names = data.draw(st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=1))
    files = [File(name, "Accepté", digest=name.upper()) for name in names]
    others = data.draw(st.permutations("abcdefgh"))
    moved = [file._replace(path=path) for file, path in zip(files, others, strict=False)]
    changes = compare(snapshot(files=files), snapshot(files=moved)).files
    assert {change.arrival for change in changes} <= {Arrival.RENAMED}
    assert {(change.before.path, change.after.path) for change in changes} == {
        (file.path, other.path) for file, other in zip(files, moved, strict=True) if file.path != other.path
    }


# -------------------------------------------------------------------------------------------- decisions


def test_decisions_that_moved_and_people_who_come_and_go():
    before = snapshot(decisions=(Decided("C1", "EN ATTENTE", True), Decided("C2", "ADMIS"), Decided("C3", "ADMIS")))
    after = snapshot(
        decisions=(Decided("C1", "PARTIEL", False, ("B1", "B2")), Decided("C2", "ADMIS"), Decided("C4", "SORTI"))
    )
    told = [
        (change.thing.candidate, *(each and each.shown for each in (change.before, change.after)))
        for change in compare(before, after).decisions
    ]
    assert told == [
        ("C1", "EN ATTENTE, provisoire", "PARTIEL (B1, B2)"),
        ("C4", None, "SORTI"),
        ("C3", "ADMIS", None),
    ]


# -------------------------------------------------------------------------------------------- anomalies

MARKED = (level("« 4+ » (écartée)"), level("« x » (écartée)", code="1.2", cell="H13"))


def moved(before, after, *, files=((), ()), marks=(MARKED, MARKED)):
    sides = zip((before, after), files, marks, strict=True)
    one, other = (snapshot(anomalies=found, files=returns, marks=read) for found, returns, read in sides)
    return [(change.turn, change.thing.cell) for change in compare(one, other).anomalies]


@pytest.mark.parametrize(
    "again",
    [
        fault(message="« 4+ » : ce n'est pas un nombre."),
        fault(value="5+"),
        fault(remedy="Autre chose à faire."),
    ],
)
def test_the_same_fault_in_other_words_is_the_same(again):
    assert moved([fault()], [again]) == []


def test_a_fault_follows_its_file():
    here, there = A, A._replace(path="trié/a.xlsx")
    damaged = make("F01", "Fichier endommagé.", file="a.xlsx")
    after = [fault(file="trié/a.xlsx"), replace(damaged, file="trié/a.xlsx")]
    marks = (MARKED, tuple(mark._replace(file="trié/a.xlsx") for mark in MARKED))
    assert moved([fault(), damaged], after, files=([here], [there]), marks=marks) == []


def test_a_fault_follows_its_mark_into_a_new_version_and_another_row():
    newer = [level("« 4+ » (écartée)", cell="H20", file="b.xlsx")]
    assert moved([fault()], [fault(file="b.xlsx", cell="H20")], marks=(MARKED, newer)) == []


def test_one_mended_and_another_new_on_a_sheet_are_two_changes():
    found = moved([fault(cell="H12")], [fault(cell="H13")])
    assert found == [(Turn.NEW, "H13"), (Turn.GONE, "H12")]


def test_what_misses_on_a_sheet_is_one_fault_however_many_cells():
    before, after = fault("V09", cell="H12; H13; H14", value=""), fault("V09", cell="H14", value="")
    assert moved([before], [after]) == []


def test_items_that_no_file_holds_are_told_apart():
    one, other = (make("R01", "Personne n'a évalué.", candidate="C001", value=code) for code in ("1.1", "2.3"))
    assert turns(compare(snapshot(anomalies=[one]), snapshot(anomalies=[other])).anomalies) == [Turn.NEW, Turn.GONE]
    sat, again = (make("R04", "Passé sans la note.", candidate="C001", value=got) for got in ("8", "9"))
    assert compare(snapshot(anomalies=[sat]), snapshot(anomalies=[again])).nothing


def test_a_fault_that_becomes_blocking_is_told():
    before, after = fault("I06", cell=""), fault("I06", cell="", gravity=Gravity.BLOCKING)
    (change,) = compare(snapshot(anomalies=[before]), snapshot(anomalies=[after])).anomalies
    assert (change.turn, change.after.blocking) == (Turn.CHANGED, True)


def test_a_fault_of_a_version_that_no_longer_counts_is_mended():
    before, after = fault(), fault(gravity=Gravity.INFO)
    assert moved([before], [after]) == [(Turn.GONE, "H12")]
    assert moved([before], [after, fault(file="b.xlsx")], marks=(MARKED, [level("« 4+ »", file="b.xlsx")])) == []


def test_as_many_faults_before_as_after_leave_none_out():
    twice = [fault("S04", cell="A9", value="1.1"), fault("S04", cell="A9", value="1.1")]
    assert turns(compare(snapshot(anomalies=twice), snapshot(anomalies=twice[:1])).anomalies) == [Turn.GONE]


# ------------------------------------------------------------------------------------------------ rules


def test_other_rules_are_told():
    before, after = (snapshot(rules={"program": "Programme 1", "referential": words}) for words in ("R 2024", "R 2025"))
    assert compare(before, after).notes == ("R 2025 (auparavant : R 2024)",)


# ---------------------------------------------------------------------------------------- which run


class Run(NamedTuple):
    """A run of the memory."""

    id: int
    made_at: datetime


RUNS = [Run(1, datetime(2025, 6, 1, 2, 0)), Run(2, datetime(2025, 6, 2, 0, 0)), Run(4, datetime(2025, 6, 3, 2, 0))]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (None, 4),
        ("2", 2),
        ("2025-06-03", 2),
        ("02/06/2025", 1),
        ("2025-06-02 00:01", 2),
        ("2025-06-03T02:00", 4),
        ("03/06/2025 01:59", 2),
        ("2030-01-01", 4),
        ("2024-01-01", 1),
    ],
)
def test_a_run_is_chosen_by_its_number_or_by_a_moment(text, number):
    assert choose(RUNS, text and parse(text)).id == number


def test_a_number_of_no_run_is_refused_and_a_first_run_has_none():
    with pytest.raises(CohortError, match="n° 3 : la mémoire va de la n° 1 à la n° 4"):
        choose(RUNS, 3)
    assert choose([], 3) is None


@pytest.mark.parametrize("text", ["", "hier", "2025-13-01", "1.5", "-1", "2025-06-01T2"])
def test_what_is_no_run_is_refused(text):
    with pytest.raises(ValueError, match="attendu"):
        parse(text)
