"""Somebody taken out after the jury: what is owed to the certifier stays and is listed, the rest forgets them."""

from __future__ import annotations

import pytest

from engine.commands.close import close
from engine.commands.forget import forget, papers
from engine.commands.jury import jury
from engine.terminal import privacy
from engine.workspace.cohort import Folder
from tests import juries
from tests.test_jury import enrol


@pytest.fixture
def closed(tmp_path):
    """A closed session whose jury had a planning."""
    sitting = juries.make(tmp_path / "promotion")
    enrol(sitting.path)
    jury(sitting.path)
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": "Panne de projection"}})
    close(sitting.path, accept_provisional=True)
    return Folder(sitting.path)


def test_what_is_owed_to_the_certifier_is_listed_and_stays(closed):
    done = forget(closed.path, "C05")
    assert {path.name for path in done.owed} == {"Procès-verbal.pdf", "C05.pdf", "titulaires.csv"}
    assert not done.done
    told = list(privacy.forgotten(done))
    assert any("dus au certificateur" in line for line in told)
    assert any("C05.pdf" in line for line in told)
    assert not any("C04.pdf" in line for line in told)


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
