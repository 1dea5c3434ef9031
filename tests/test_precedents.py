"""The results of the nights before: which are kept, under which name, and what is never removed."""

import os
from datetime import datetime, timedelta

import pytest

from engine.workspace import precedents

NOW = datetime(2025, 6, 30, 2, 10)


@pytest.fixture
def results(tmp_path):
    """Writes results as they stood on a day; their path."""

    def write(text, date):
        path = tmp_path / "resultats" / "resultats.xlsx"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (date.timestamp(), date.timestamp()))
        return path

    return write


def kept(path):
    folder = path.parent / precedents.FOLDER
    return {each.name: each.read_text(encoding="utf-8") for each in sorted(folder.iterdir())} if folder.exists() else {}


def test_a_copy_bears_the_date_of_the_results_it_keeps(results):
    path = results("hier", NOW)
    precedents.keep(path)
    assert kept(path) == {"resultats 2025-06-30 02h10.xlsx": "hier"}
    assert path.read_text(encoding="utf-8") == "hier"


def test_the_same_results_are_kept_once_and_others_of_the_same_minute_beside_them(results):
    for text in ("un", "un", "deux", "un", "deux"):
        precedents.keep(path := results(text, NOW))
    assert kept(path) == {"resultats 2025-06-30 02h10.xlsx": "un", "resultats 2025-06-30 02h10 (2).xlsx": "deux"}


def test_before_the_first_results_there_is_nothing_to_keep(tmp_path):
    precedents.keep(tmp_path / "resultats.xlsx")
    precedents.prune(tmp_path / "resultats.xlsx", 1, NOW)
    assert list(tmp_path.iterdir()) == []


def test_the_oldest_are_pruned_and_only_ours(results):
    for day in range(20):
        precedents.keep(path := results(str(day), NOW - timedelta(days=20 - day)))
    names = "resultats 2020-01-01 02h10 signé.xlsx", "resultats 2020.xlsx", "resultats 2020-01-01 02h10.ods", "note.txt"
    for name in names:
        (path.parent / precedents.FOLDER / name).write_text("à moi", encoding="utf-8")
    (path.parent / "resultats 2020-01-01 02h10.xlsx").write_text("à côté", encoding="utf-8")
    precedents.prune(path, 14, NOW)
    left = kept(path)
    assert {name for name, text in left.items() if text == "à moi"} == set(names)
    assert [text for text in left.values() if text != "à moi"] == [str(day) for day in range(6, 20)]
    assert (path.parent / "resultats 2020-01-01 02h10.xlsx").exists()


def test_within_one_minute_the_later_one_is_younger(results):
    for rank in range(11):
        precedents.keep(path := results(str(rank), NOW))
    precedents.prune(path, 2, NOW)
    assert sorted(kept(path).values()) == ["10", "9"]


def test_what_is_dated_after_today_takes_the_place_of_nothing(results):
    """The clock ran a year ahead for some nights: neither those results nor the true ones are lost."""
    for day in range(3):
        precedents.keep(path := results(f"vrai {day}", NOW - timedelta(days=3 - day)))
        precedents.keep(path := results(f"rêvé {day}", NOW + timedelta(days=365 + day)))
    precedents.prune(path, 2, NOW)
    assert sorted(kept(path).values()) == ["rêvé 0", "rêvé 1", "rêvé 2", "vrai 1", "vrai 2"]
    assert len(precedents.after(path, NOW)) == 3


def test_results_written_under_a_dated_name_join_the_others(results):
    path = results("ouvert", NOW)
    (path.parent / "resultats 2025-06-29 02h10.xlsx").write_text("daté", encoding="utf-8")
    (path.parent / "resultats de juin.xlsx").write_text("à moi", encoding="utf-8")
    data = path.with_name("notes.csv")
    held, old = data.with_name("notes 2025-06-29 02h10.csv"), data.with_name("decisions 2025-06-29 02h10.csv")
    for each in (data, held, old):
        each.touch()
    decisions = path.with_name("decisions.csv")
    precedents.tidy(path, {data: held, decisions: decisions, path: path}, 14, NOW)
    assert not old.exists()
    for each in (data, held):
        each.unlink()  # held still: it has no other
    assert kept(path) == {"resultats 2025-06-29 02h10.xlsx": "daté"}
    assert {each.name for each in path.parent.iterdir()} == {"resultats.xlsx", "resultats de juin.xlsx", "precedents"}
