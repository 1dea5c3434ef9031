"""Killed at any moment, a closure or a reopening leaves the session closed or open, and the next command goes on.

Before every write the command is killed once; what comes after it is in turn a night, the same command again, and the
other one. Whatever was frozen is what the returns gave, and a closure has its dated copy.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from engine.workspace.cohort import Folder
from tests import cohorts
from tests.killing import copied, touches_of
from tests.nights import date_back
from tests.read_results import Results
from tests.readings import GRILLE, NOTES, ORAL

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied as POSIX does")


@pytest.fixture(scope="module")
def open_session(tmp_path_factory, server):
    """A session of which one candidate is admitted, looked at once."""
    cohort = cohorts.make(tmp_path_factory.mktemp("ouverte") / "cohorte", referential=cohorts.OTHER)
    person = cohort.roster.candidate("007")
    for kind, people in ((GRILLE, person.tutors + person.trainers), (ORAL, person.jurors)):
        for evaluator in people:
            date_back(cohort.filled(kind, "007", evaluator).save(f"{kind}-{evaluator}.xlsx"))
    date_back(cohort.filled(NOTES).save("notes.xlsx"))
    assert server.run(cohort.path, command="night") == 0
    return cohort.path


@pytest.fixture(scope="module")
def closed_session(open_session, tmp_path_factory, server):
    folder = copied(open_session, tmp_path_factory.mktemp("close"))
    assert server.run(folder, command="close") == 0
    assert len(acts(folder)) == len(copies(folder)) == 1
    return folder


def acts(folder: Path) -> list[dict]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / ".cohorte/actes").glob("*.json"))]


def copies(folder: Path) -> list[Path]:
    return sorted((folder / "resultats" / "clotures").glob("*.xlsx"))


def decisions(folder: Path) -> dict[str, str]:
    rows = Results(Folder(folder).results_workbook, None).sheets["Synthèse"]
    return {row["Identifiant"]: row["Décision"] for row in rows}


def require_whole(folder: Path, kinds: list[str], story: str) -> None:
    """The acts are of these kinds, each closure froze what the returns gave and has its copy; nothing is left over."""
    found = acts(folder)
    assert [act["kind"] for act in found] == kinds, story
    assert decisions(folder) == {"007": "ADMIS", "C02": "EN ATTENTE", "C03": "EN ATTENTE", "C04": "SORTI"}, story
    for act in found:
        if act["kind"] == "clôture":
            assert {who: word for who, word, *_ in act["decisions"]} == decisions(folder), story
    untold = sum("n'a pas laissé de copie datée" in act["reason"] for act in found)
    assert len(copies(folder)) + untold == kinds.count("clôture"), story
    assert Folder(folder).leftovers() == [], story
    assert not [
        row for row in Results(Folder(folder).results_workbook, None).sheets["Anomalies"] if row["Code"] == "R08"
    ]


WRITES = re.compile(r"BEGIN|COMMIT|INSERT|DELETE|UPDATE|os\.rename|memoire\.sha256|/actes|/clotures|verrou")
"""The touches after which something else stands than before."""


def killed(server, before: Path, whole: Path, place: Path, command: str) -> Iterator[tuple[Path, int, str]]:
    """Each (folder, rank, story): the command killed at every write of its own, one folder after the other.

    ``whole``: the folder on which the same command, of which nothing else is left, was not killed.
    """
    touches = touches_of(whole)
    writes = [touch for touch, what in enumerate(touches, start=1) if WRITES.search(what)]
    assert len(writes) > (10 if command == "reopen" else 30), touches
    for rank, touch in enumerate(writes):
        folder = copied(before, place / str(touch))
        assert server.run(folder, touch, command=command) == -9
        yield folder, rank, f"{command} killed before {touches[touch - 1]} ({touch})"
        shutil.rmtree(folder.parent)


def test_a_closure_killed_anywhere_is_whole_or_none_at_the_next_command(server, open_session, closed_session, tmp_path):
    followed = set()
    for folder, rank, story in killed(server, open_session, closed_session, tmp_path, "close"):
        stands, complete = number_of_acts(folder) == 1, bool(copies(folder))
        if rank % 3 == 0:
            assert server.run(folder, command="night") == 0, story
            require_whole(folder, ["clôture"] * stands, story)
        elif rank % 3 == 1:
            assert server.run(folder, command="close") == (3 if complete else 0), story
            require_whole(folder, ["clôture"], story)
        else:
            assert server.run(folder, command="reopen") == (0 if stands else 3), story
            assert server.run(folder, command="night") == 0, story
            require_whole(folder, ["clôture", "réouverture"] * stands, story)
        followed.add((stands, complete, rank % 3))
    assert {(True, False), (False, False)} <= {each[:2] for each in followed}


def number_of_acts(folder: Path) -> int:
    """How many acts stand, in their files or in the memory alone; looked at in a copy, so that nothing is settled."""
    place = folder.with_name("memoire")
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(folder / ".cohorte", place)
    with closing(sqlite3.connect(place / "memoire.sqlite")) as base:
        (rows,) = base.execute("SELECT count(*) FROM acts").fetchone()
    return max(rows, len(acts(folder)))


def test_a_reopening_killed_anywhere_is_done_or_not_at_the_next_command(server, closed_session, tmp_path):
    whole = copied(closed_session, tmp_path / "rouverte")
    assert server.run(whole, command="reopen") == 0
    for folder, rank, story in killed(server, closed_session, whole, tmp_path, "reopen"):
        reopened = number_of_acts(folder) == 2
        kinds = ["clôture"] + ["réouverture"] * reopened
        if rank % 3 == 1:
            assert server.run(folder, command="reopen") == (3 if reopened else 0), story
            kinds = ["clôture", "réouverture"]
        elif rank % 3 == 2:
            assert server.run(folder, command="close") == (0 if reopened else 3), story
            kinds += ["clôture"] * reopened
        assert server.run(folder, command="night") == 0, story
        require_whole(folder, kinds, story)
