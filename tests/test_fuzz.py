"""Thousands of returns spoiled at random: none crashes, hangs or is misread. Longer runs: ``python -m tests.fuzz``."""

from __future__ import annotations

import os
from random import Random

import pytest

from tests.fuzz import run
from tests.fuzz.mutate import members, mutate
from tests.fuzz.witness import hear
from tests.spoil.case import FIRST, repacked, replaced

CASES, SEED = 10_000, 2025


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return run.prepare(tmp_path_factory.mktemp("graines"))


@pytest.fixture
def good(folder):
    return next(seed for seed in run.bench(folder).seeds if seed.name == "GRILLE.xlsx")


def test_nothing_crashes_hangs_or_is_misread(folder):
    assert run.run(folder, CASES, SEED) == []


def test_the_witness_agrees_with_the_reader_on_good_returns(folder):
    """Else its testimony would excuse anything."""
    for seed in run.bench(folder).seeds:
        assert len(seed.marks) > 40
        assert sum(map(len, seed.cells.values())) > len(seed.marks)


def test_what_is_done_depends_on_the_seed_alone(folder, good):
    first, second = (mutate(good.content, good.parts, Random("7/3")) for _ in range(2))
    assert first == second
    assert run.spoil(folder, 1, 5)[1:] == run.spoil(folder, 1, 5)[1:] != run.spoil(folder, 2, 5)[1:]


def misread(monkeypatch, change):
    """Let the reader of returns see another workbook than the one that was written."""
    read = run.read_file

    def read_another(path, *rest):
        path.write_bytes(change(path.read_bytes()))
        return read(path, *rest)

    monkeypatch.setattr(run, "read_file", read_another)


text_lost = replaced(rb'(<c r="F12"[^>]*>).*?</c>', rb"\1</c>")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replaced(rb'(<c r="G12"[^>]*><v>)\d', rb"\g<1>2"), "reads Decimal('2') instead of"),
        (text_lost, "lost without a word"),
        (lambda part: text_lost(replaced(rb"<t>1.2</t>", b"<t>9.9</t>")(part)), "lost without a word"),
    ],
    ids=["another value", "a text lost", "a text lost beside a row that is told of"],
)
def test_a_reader_that_misreads_is_caught(folder, good, monkeypatch, change, said):
    """The net has no hole: a value changed or dropped in silence is a failure."""
    monkeypatch.setattr(run, "mutate", lambda content, *_: (content, []))
    numbers = (number for number in range(200) if run.spoil(folder, SEED, number)[0] is good)
    number = next(numbers)
    assert run.try_case(folder, SEED, number) is None
    misread(monkeypatch, lambda content: repacked(content, {FIRST: change}))
    assert said in run.try_case(folder, SEED, number).what


def test_a_case_that_kills_its_worker_is_named(folder, monkeypatch):
    """Its neighbours are tried all the same."""
    failures = run.run(folder, 3, SEED, task=deadly)
    assert [(each.number, "ProcessExpired" in each.what) for each in failures] == [(1, True)]


def deadly(folder, seed, start, count):
    if start <= 1 < start + count:
        os.abort()
    return []


def test_the_witness_says_nothing_of_what_is_doubtful(good):
    twice = repacked(good.content, {FIRST: replaced(rb'<c r="G13"', b'<c r="G12"')})
    assert hear(twice)["Grille de compétences"] is None
    assert hear(twice)["Travaux évalués"] == good.cells["Travaux évalués"]
    assert hear(b"PK") is None
    assert members(good.content).keys() == good.parts.keys()
