"""The night after a change tells again what stands, without the change: to the last byte what a whole writing gives."""

import shutil
import tempfile
import zlib
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from engine import ledger
from engine.ledger import seal
from engine.model import Kind
from engine.model.errors import CohortError
from engine.outputs import workbook
from engine.workspace import clock
from engine.workspace.cohort import Folder as Places
from tests import cohorts
from tests.nights import DAWN, Nights, date_back
from tests.test_memory import DATES, Folder, events

SPOILED = [
    [("put", "a.xlsx", 0, DATES[0]), ("put", "b.xlsx", 7, DATES[0]), ("put", "d.xlsx", 11, DATES[0])],
    [("put", "a.xlsx", 1, DATES[1]), ("delete", "b.xlsx")],  # R07: what is at its place, and what is gone
    [("put", "b.xlsx", 6, DATES[1])],
]
CONTESTED = [[("delete", "a.xlsx")], [("put", "a.xlsx", 5, DATES[0]), ("put", "b.xlsx", 6, DATES[0])]]
"""Two versions of a grid that nothing orders: neither counts, and their values wait."""


def written(nights):
    """Every file that a consolidation writes but its private ones, by path."""
    root = nights.cohort.path
    places = [path for top in ("resultats", "envois") for path in (root / top).rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in places}


class Spy:
    """How many workbooks were written whole, and how many told again."""

    def __init__(self, monkeypatch):
        self.whole = self.again = 0
        self._watch(monkeypatch, "write", "whole")
        self._watch(monkeypatch, "write_again", "again")

    def _watch(self, monkeypatch, name, told):
        function = getattr(workbook, name)

        def watched(*given, **named):
            found = function(*given, **named)
            setattr(self, told, getattr(self, told) + 1)
            return found

        monkeypatch.setattr(workbook, name, watched)

    def since(self, before=(0, 0)):
        """Both numbers, less those of a moment before."""
        return self.whole - before[0], self.again - before[1]


def both_ways(nights, keep):
    """One night later, twice from the same state: what an incremental run writes, what a full one does, and the report
    of the first."""
    root = nights.cohort.path
    shutil.rmtree(keep, ignore_errors=True)
    shutil.copytree(root, keep)
    report = nights.run(accept_loss=True).report
    told = written(nights)
    for top in (".cohorte", "resultats", "envois"):
        shutil.rmtree(root / top)
        shutil.copytree(keep / top, root / top)
    nights.again(full=True, accept_loss=True)
    return told, written(nights), report


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(events, min_size=1, max_size=4), min_size=2, max_size=3))
@example(SPOILED)
@example(CONTESTED)
def test_whatever_happened_the_night_after_writes_what_a_whole_writing_would(story):
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as monkeypatch:
        cohort = cohorts.make(Path(place) / "cohorte", referential=cohorts.OTHER)
        folder, nights, spy = Folder(cohort), Nights(cohort, monkeypatch), Spy(monkeypatch)
        for day in story:
            for event in day:
                folder.happen(*event)
            told_of = nights.run(accept_loss=True).report
            change = not (told_of.evolution.first or told_of.evolution.nothing) or tells_change(told_of)
            before = spy.since()
            told, whole, report = both_ways(nights, Path(place) / "avant")
            assert spy.since(before) == ((1, 1) if change else (0, 0))
            assert differing(told, whole) == []
            assert not tells_change(report)


def differing(told, whole):
    """The files that are not the same, by path."""
    return sorted(path for path in {*told, *whole} if told.get(path) != whole.get(path))


def tells_change(report):
    return any(anomaly.entry.tells_change for anomaly in report.anomalies)


@pytest.fixture
def nights(tmp_path, monkeypatch):
    """A cohort of which the results that stand tell of a change, and of a value that is gone."""
    cohort = cohorts.make(tmp_path / "cohorte", referential=cohorts.OTHER)
    found = Nights(cohort, monkeypatch)
    date_back(cohort.filled(Kind.ORAL).save("oral.xlsx"))
    date_back(cohort.filled(Kind.GRILLE).save("grille.xlsx"))
    found.run()
    (cohort.returns / "oral.xlsx").unlink()
    found.run(accept_loss=True)
    return found


@pytest.fixture
def spy(nights, monkeypatch):
    return Spy(monkeypatch)


def test_three_nights_after_a_change_the_second_and_the_third_leave_all_as_it_is(nights, spy):
    first = nights.run()
    assert spy.since() == (0, 1)
    assert not nights.opened
    assert not [row for row in first.sheets["Anomalies"] if row["Code"] == "R07"]
    before = written(nights)
    second = nights.run()
    assert spy.since() == (0, 1)
    assert {path: content for path, content in written(nights).items() if "rapport" not in path} == {
        path: content for path, content in before.items() if "rapport" not in path
    }
    assert [each.candidate for each in second.report.decided] == [
        person.id for person in nights.cohort.roster.candidates
    ]
    assert first.report.decided == second.report.decided
    assert any("Rien n'a changé" in remark for remark in second.report.remarks)


def test_the_hour_is_told_again_under_a_name_so_long_that_it_is_folded(nights, spy, tmp_path):
    path = nights.cohort.path / "cohorte.xlsx"
    book = openpyxl.load_workbook(path)
    (name,) = [row[1] for row in book["Session"].iter_rows() if row[0].value == "Cohorte"]
    name.value = "Promotion des Tilleuls et des Acacias de la rive gauche, groupe du soir, " * 3
    book.save(path)
    nights.run()
    (nights.cohort.returns / "grille.xlsx").unlink()
    nights.run(accept_loss=True)
    before = spy.since()
    told, whole, _ = both_ways(nights, tmp_path / "kept")
    assert spy.since(before) == (1, 1)
    assert differing(told, whole) == []


def test_what_was_told_is_kept_as_earlier_results(nights):
    place = Places(nights.cohort.path).results
    told = (place / "resultats.xlsx").read_bytes()
    nights.run()
    assert told in [path.read_bytes() for path in (place / "precedents").iterdir()]


DOUBTS = {
    "the workbook": lambda places: places.results_workbook.write_bytes(places.results_workbook.read_bytes() + b" "),
    "the workbook, taken away": lambda places: places.results_workbook.unlink(),
    "the data": lambda places: (places.data / "decisions.csv").write_text("", encoding="utf-8"),
    "the seal of the memory": lambda places: seal.lift(places.memory),
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_in_any_doubt_all_is_written_whole(doubt, nights, spy):
    DOUBTS[doubt](Places(nights.cohort.path))
    nights.run()
    assert spy.since() == (1, 0)


@pytest.mark.parametrize("how", ["full", "the same hour"])
def test_a_full_night_and_one_at_the_same_hour_are_written_whole(how, nights, spy):
    if how == "full":
        nights.run(full=True)
    else:
        nights.again()
    assert spy.since() == (1, 0)


@pytest.mark.parametrize("kept", [b"", b"rien", zlib.compress(b"[]"), zlib.compress(b'{"anomalies": [], "files": []}')])
def test_what_the_memory_kept_for_it_and_cannot_be_read_is_passed_over(kept, nights, spy, monkeypatch):
    monkeypatch.setattr("engine.ledger.Ledger.retelling", kept or b" ")
    nights.run()
    assert spy.since() == (1, 0)


def test_a_workbook_that_was_not_laid_so_is_written_whole(nights, spy, monkeypatch):
    """As when the program that wrote it laid its members otherwise."""
    monkeypatch.setattr("engine.outputs.workbook.again._ALL", ("xl/workbook.xml", "docProps/core.xml"))
    before = written(nights)
    assert nights.run().report.result is not None
    assert spy.since() == (1, 0)
    assert written(nights).keys() >= before.keys()


def test_a_night_that_cannot_be_told_again_leaves_the_previous_results(nights, monkeypatch):
    before = {path: content for path, content in written(nights).items() if "rapport" not in path}

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(workbook, "write_again", full)
    with pytest.raises(CohortError):
        nights.run()
    assert {path: content for path, content in written(nights).items() if "rapport" not in path} == before
    monkeypatch.undo()
    nights.monkeypatch.setattr("engine.ledger.night.TICK", 0)
    nights.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAWN + 40 * 86_400))
    assert nights.again().report.result is not None


def test_somebody_forgotten_is_not_in_what_is_kept_for_the_next_night(nights):
    with ledger.opened(Places(nights.cohort.path), write=True, now=clock.now()) as past:
        assert b"007" in zlib.decompress(past.retelling)
        past.erase("007", [], {})
        assert past.retelling == b""


def test_returns_that_were_copied_or_got_other_rights_are_opened_one_night_and_no_more(nights):
    nights.run()
    for path in Places(nights.cohort.path).returns.rglob("*.xlsx"):
        path.chmod(0o600)
        path.chmod(0o640)
    for opened in (True, False, False):
        told = nights.run().report
        assert any("Rien n'a changé" in remark for remark in told.remarks)
        assert bool(nights.opened) == opened
