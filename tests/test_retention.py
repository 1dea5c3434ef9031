"""What is older than the retention goes; what counts, and what the session decided, stays."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import datetime

import pytest

from engine.commands import purge as purging
from engine.commands.close import close
from engine.commands.consolidate import consolidate
from engine.commands.history import history
from engine.commands.options import Options
from engine.commands.purge import retention
from engine.model import Kind, spans
from engine.model.errors import CohortError, RosterError
from tests import cohorts
from tests.nights import DAWN, DAY, again, first

ORAL = Kind.ORAL
MONTH = spans.Span(months=1)


@pytest.fixture(scope="module")
def four_nights(tmp_path_factory):
    """A sheet that was replaced on the second night, another that went on the third, and a long time since."""
    with pytest.MonkeyPatch.context() as patch:
        return gone_through(first(tmp_path_factory.mktemp("nuits"), patch))


def gone_through(nights):
    """The cohort, four nights later."""
    for number, (name, points) in enumerate((("oral.xlsx", 1), ("oral.xlsx", 0.5), ("autre.xlsx", 7)), start=1):
        book = nights.cohort.filled(ORAL, evaluator="J01" if name == "oral.xlsx" else "J02")
        book.put(ORAL, "points", "P1", points)
        moment = datetime.fromtimestamp(DAWN + number * 60)
        cohorts.date(book.save(name), moment, moment)
        nights.run()
    (nights.cohort.returns / "autre.xlsx").unlink()
    nights.run()
    return nights.cohort.path


@pytest.fixture
def nights(four_nights, tmp_path, monkeypatch):
    """The same, for one test alone."""
    return again(four_nights, tmp_path / "cohorte", monkeypatch, number=4)


def later(nights, days):
    """So many days after the first night."""
    nights.number = days
    nights.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAWN + days * DAY))


def purge(nights, span=MONTH, **options):
    return purging.purge(nights.cohort.path, span, **options)


def archived(nights):
    return {path.stem for path in (nights.private() / "archive").glob("??/*.gz")}


def test_what_ended_before_the_limit_goes_and_what_counts_stays(nights):
    versions = history(nights.cohort.path, "007").versions
    assert len(archived(nights)) == 3
    later(nights, 20)
    assert purge(nights).archive == 0
    later(nights, 60)
    done = purge(nights)
    assert (done.archive, done.stuck) == (2, ())
    assert done.rows > 20
    (kept,) = {version.digest for version in versions if version.stays[-1].until is None}
    assert archived(nights) == {kept}
    left = history(nights.cohort.path, "007").versions
    assert {version.digest for version in left} == {kept}
    assert [mark for version in left for mark in version.marks] == [
        mark for version in versions if version.digest == kept for mark in version.marks
    ]
    incremental, full = nights.twice()
    assert incremental == full
    assert nights.run().codes == set()


def test_nothing_is_compared_with_a_run_of_which_something_went(nights):
    later(nights, 60)
    asked = Options(workers=1, dry_run=True, since=2)
    assert all(each.before for each in consolidate(nights.cohort.path, asked).evolution.files)
    purge(nights)
    with pytest.raises(CohortError, match="n° 2 : la mémoire va de la n° 4 à la n° 4"):
        consolidate(nights.cohort.path, asked)
    left = consolidate(nights.cohort.path, replace(asked, since=datetime(2020, 1, 1))).evolution
    assert (left.since.number, left.nothing) == (4, True)


def test_a_dry_run_tells_the_same_and_removes_nothing(nights):
    later(nights, 60)
    before = {path: path.read_bytes() for path in nights.cohort.path.rglob("*") if path.is_file()}
    told = purge(nights, dry_run=True)
    assert {path: path.read_bytes() for path in nights.cohort.path.rglob("*") if path.is_file()} == before
    done = purge(nights)
    assert (told.archive, told.files) == (done.archive, done.files)


def test_copies_and_what_was_replaced_go_by_their_date(nights):
    folder = nights.cohort.path
    old = [
        folder / "resultats" / "precedents" / "resultats 2025-06-01 02h10.xlsx",
        folder / "resultats" / "restaures" / "oral.xlsx",
        folder / "envois" / "anciens" / "jurys" / "J01" / "oral.xlsx",
        folder / "envois" / "relances" / "anciens" / "J01.eml",
        folder / ".cohorte" / "memoire 2025-06-01 02h10 abîmée.sqlite",
    ]
    kept = [
        folder / "resultats" / "clotures" / "resultats 2025-06-01 02h10.xlsx",
        folder / "resultats" / "notes du secrétariat.xlsx",
        folder / "envois" / "jurys" / "J09" / "oral.xlsx",
        folder / "retours" / "anciens" / "oral.txt",
    ]
    for path in (*old, *kept):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")
        os.utime(path, (DAWN, DAWN))
    recent = shutil.copyfile(old[0], old[0].with_name("resultats 2025-08-01 02h10.xlsx"))
    os.utime(recent, (DAWN + 59 * DAY, DAWN + 59 * DAY))
    later(nights, 60)
    purge(nights)
    assert [path for path in old if path.exists()] == []
    assert [path for path in (*kept, recent) if not path.exists()] == []


def test_a_clock_that_went_back_purges_nothing(nights):
    before = archived(nights)
    nights.monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAWN - 40 * DAY))
    with pytest.raises(CohortError, match="horloge"):
        purge(nights)
    assert archived(nights) == before


def test_a_session_closed_longer_ago_is_told_and_its_decisions_stay(nights):
    close(nights.cohort.path, accept_provisional=True)
    later(nights, 90)
    done = purge(nights)
    assert done.closed_at is not None
    assert list((nights.private() / "actes").iterdir())
    assert list((nights.cohort.path / "resultats" / "clotures").iterdir())
    assert any("Session close" in remark for remark in nights.run().report.remarks)


def kept_for(table, text):
    return f"{table.rstrip()}\nConservation | {text}\n" if table.lstrip().startswith("Champ") else table


def test_the_roster_says_how_long(nights):
    assert retention(nights.cohort.path) is None
    nights.cohort.enrol(lambda table: kept_for(table, "18 mois"))
    assert retention(nights.cohort.path) == spans.Span(months=18)
    with pytest.raises(RosterError, match="24 mois"):
        nights.cohort.enrol(lambda table: kept_for(table, "longtemps"))


def test_months_end_on_the_last_day_there_is():
    assert spans.Span(months=1).before(datetime(2026, 3, 31, 5)) == datetime(2026, 2, 28, 5)
    assert spans.Span(months=24).before(datetime(2024, 2, 29)) == datetime(2022, 2, 28)
    assert spans.Span(days=1).before(datetime(2026, 1, 1)) == datetime(2025, 12, 31)


# ------------------------------------------------------------------------------------------- spans


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("24 mois", spans.Span(months=24)),
        ("2 ans", spans.Span(months=24)),
        ("1 année", spans.Span(months=12)),
        ("90j", spans.Span(days=90)),
        ("06m", spans.Span(months=6)),
        ("1 JOUR", spans.Span(days=1)),
    ],
)
def test_a_span_is_read_as_people_write_it(text, span):
    assert spans.parse(text) == span


@pytest.mark.parametrize("text", ["", "24", "0 mois", "-3 mois", "2,5 ans", "deux ans", "1h", "999999 j"])
def test_what_is_no_span_is_told(text):
    with pytest.raises(ValueError, match="24 mois"):
        spans.parse(text)
