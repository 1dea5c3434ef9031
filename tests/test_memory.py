"""Whatever happens to the returns between two nights, an incremental run and a full one give the same workbook."""

import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine.model import Kind
from tests import cohorts
from tests.nights import DAWN, Nights, date_back

ORAL, GRILLE, NOTES = Kind.ORAL, Kind.GRILLE, Kind.NOTES
NAMES = ["a.xlsx", "b.xlsx", "tuteurs/c.xlsx", "d.xlsx", "~$a.xlsx"]
DATES = [DAWN - 500_000, DAWN - 400_000, DAWN - 300_000]


@cache
def contents() -> list[bytes]:
    """What a return may hold: versions of the same sheets, shared ones, spoiled ones, and what is no return."""
    with tempfile.TemporaryDirectory() as place:
        cohort = cohorts.make(Path(place) / "cohorte", referential=cohorts.OTHER)
        first, second, *_ = (row.code for row in cohort.referential.oral.items)
        made = [_book(cohort, ORAL, {("points", first): 1, ("points", second): typed}) for typed in (0, 1, None, "un")]
        made += [_book(cohort, ORAL, {("points", first): "ABS"}, "C02")]
        made += [_book(cohort, GRILLE, {("niveau", "A.1"): level}) for level in (1, 2, 9)]
        made += [_book(cohort, NOTES, {("EN", "C02"): mark}) for mark in (61, 63)]
        made += [cohort.issued(ORAL).read_bytes(), made[0][: len(made[0]) // 2], b"%PDF-1.7", b""]
        return made


def _book(cohort, kind, typed, candidate="007"):
    book = cohort.filled(kind, candidate)
    for (entry, code), value in typed.items():
        book.put(kind, entry, *(("", value, code) if kind is NOTES else (code, value)))
    return book.save().read_bytes()


name, when = st.sampled_from(NAMES), st.sampled_from(DATES)
events = st.one_of(
    st.tuples(st.just("put"), name, st.integers(0, 13), when),
    st.tuples(st.just("put"), name, st.integers(0, 13), when),
    st.tuples(st.just("touch"), name, when),
    st.tuples(st.just("rename"), name, name),
    st.tuples(st.just("delete"), name),
    st.tuples(st.just("restore"), name),
    st.tuples(st.just("enrol"), st.booleans()),
)


class Folder:
    """The returns of a cohort, and what happens to them."""

    def __init__(self, cohort):
        self.cohort, self.gone = cohort, {}

    def happen(self, what, *details):
        getattr(self, what)(*details)

    def put(self, name, rank, when):
        date_back(self.cohort.write(name, contents()[rank]), when)

    def touch(self, name, when):
        if (path := self.cohort.returns / name).exists():
            date_back(path, when)

    def rename(self, name, other):
        if (path := self.cohort.returns / name).exists():
            target = self.cohort.returns / other
            target.parent.mkdir(exist_ok=True)
            path.replace(target)

    def delete(self, name):
        if (path := self.cohort.returns / name).exists():
            self.gone[name] = path.read_bytes(), int(path.stat().st_mtime)
            path.unlink()

    def restore(self, name):
        if name in self.gone:
            content, when = self.gone[name]
            date_back(self.cohort.write(name, content), when)

    def enrol(self, other):
        self.cohort.enrol(lambda table: table.replace("Éloïse", "Élodie").replace("J01;J02", "J02") if other else table)


STORY = [
    [("put", "a.xlsx", 0, DATES[0])],
    [("enrol", True)],
    [("rename", "a.xlsx", "d.xlsx"), ("put", "a.xlsx", 1, DATES[0])],
    [("enrol", False)],
]


@settings(max_examples=7, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(events, min_size=1, max_size=5), min_size=2, max_size=4))
@example(STORY)
def test_an_incremental_run_and_a_full_one_give_the_same_workbook(story):
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as monkeypatch:
        cohort = cohorts.make(Path(place) / "cohorte", referential=cohorts.OTHER)
        folder, nights = Folder(cohort), Nights(cohort, monkeypatch)
        for day in story:
            for event in day:
                folder.happen(*event)
            incremental, full = nights.twice()
            assert incremental == full
