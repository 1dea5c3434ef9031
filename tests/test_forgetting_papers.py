"""Somebody taken out after the jury: what is owed to the certifier stays and is listed, the rest forgets them."""

from __future__ import annotations

import re
import shutil
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest

from engine.commands.close import last_act
from engine.commands.cohorts import open_cohort
from engine.commands.deliver import deliver
from engine.commands.forget import forget, papers
from engine.commands.jury import jury
from engine.commands.reopen import reopen
from engine.commands.restore import restore
from engine.model.carrying import Carried, Carrying
from engine.roster import blank
from engine.terminal import privacy
from engine.workspace.cohort import Folder
from tests import juries
from tests.test_jury import enrol


@pytest.fixture
def closed(tmp_path):
    """A closed session, delivered."""
    sitting = juries.make_closed(tmp_path / "promotion")
    deliver(sitting.path)
    return Folder(sitting.path)


def people(folder):
    return open_cohort(folder.path).roster.candidates


def mend(folder, told):
    """What the command asks people to do by hand."""
    for line in told:
        asked = re.match(r"(Supprimez|Ouvrez|Remplacez) (.+?)(\.$|, qui porte son nom| par sa copie)", line)
        if asked and asked[1] == "Remplacez":
            copy = folder.redacted / Path(asked[2]).relative_to(folder.returns.name)
            shutil.move(copy, folder.path / asked[2])
        elif asked:
            (folder.path / asked[2]).unlink()
    book = openpyxl.load_workbook(folder.roster)
    people = book["Candidats"]
    people.delete_rows(next(row for row in range(2, people.max_row + 1) if people.cell(row, 1).value == "C05"))
    book.save(folder.roster)


def test_what_is_owed_to_the_certifier_is_listed_and_stays(closed):
    (delivery,) = closed.deliveries.glob("*.zip")
    owed = [closed.record, closed.attestations / "C05.pdf", closed.holders, delivery]
    before = {path: path.read_bytes() for path in owed}
    first = forget(closed.path, "C05")
    assert set(first.owed) == set(owed)
    assert not first.done
    mend(closed, first.first)
    done = forget(closed.path, "C05")
    assert (done.first, done.left, set(done.owed)) == ((), (), set(owed))
    assert not done.done
    assert {path: path.read_bytes() for path in owed} == before
    told = list(privacy.forgotten(done))
    assert any("dus au certificateur" in line for line in told)
    assert any("C05.pdf" in line for line in told)
    assert not any("C04.pdf" in line for line in told)


@pytest.mark.parametrize(
    ("reason", "left"),
    [
        ("Note de FABRE Joséphine (C05)", "Note de … (…)"),
        ("Joséphine  Fabre, et Mme Fabre", "…, et Mme …"),
        ("Le Fabreau de C050", "Le Fabreau de C050"),
    ],
)
def test_the_reason_of_a_reopening_forgets_their_name(closed, reason, left):
    reopen(closed.path, reason)
    mend(closed, forget(closed.path, "C05").first)
    forget(closed.path, "C05")
    act = last_act(closed)
    assert (act.reason, act.certain) == (left, True)


def test_the_planning_and_what_was_told_of_it_forget_them(tmp_path):
    sitting = juries.make(tmp_path / "promotion")
    enrol(sitting.path)
    jury(sitting.path)
    folder = Folder(sitting.path)
    assert "C05" in folder.published.read_text(encoding="utf-8")
    papers.unpublish(folder, "c05")
    assert "C05" not in folder.published.read_text(encoding="utf-8")
    assert "C04" in folder.published.read_text(encoding="utf-8")
    gone = list(papers.remade(folder))
    assert {folder.planning, folder.draft_record} <= set(gone)
    assert {path.suffix for path in gone if path.parent == folder.convocations} == {".eml", ".ics"}
    assert list(papers.owed(folder, "C05", ())) == []


def test_rows_to_be_pasted_and_a_return_given_back_forget_them_and_keep_the_others(tmp_path):
    sitting, folder = juries.make(tmp_path / "promotion"), Folder(tmp_path / "promotion")
    kept = (Carried(identifier=each.id, candidate=each, undecided={}, origin="Juin") for each in people(folder))
    rows = blank.carried(Carrying(candidates=tuple(kept)))
    for path in (folder.carried, folder.path / "anciens" / folder.carried.name):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(rows)
    restore(sitting.path, sha256(next(folder.returns.rglob("Notes*.ods")).read_bytes()).hexdigest())
    mend(folder, forget(folder.path, "C05").first)
    assert forget(folder.path, "C05").done
    left = [row[0].value for row in openpyxl.load_workbook(folder.carried)["Candidats"].iter_rows(min_row=2)]
    assert sorted(filter(None, left)) == [each.id for each in people(folder)]
    assert "C05" not in left
    assert not list(folder.path.glob("anciens/*"))
    assert not list(folder.results.glob("restaures/*"))
