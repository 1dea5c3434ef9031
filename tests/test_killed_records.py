"""Killed before its record is there, a closure is taken up again by the next command that closes: the record, the
attestations and the list of the holders are then those that it would have left."""

from __future__ import annotations

import hashlib
import os

import pypdf
import pytest

from engine.workspace.cohort import Folder
from tests import juries
from tests.killing import copied, touches_of

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are copied as POSIX does")


def papers(path):
    """The papers that stand, by name."""
    folder = Folder(path)
    return {each.name: each.read_bytes() for each in (folder.record, folder.holders, *folder.attestations.glob("*"))}


def test_the_next_closure_writes_the_record_that_was_cut_short(server, tmp_path):
    sitting = juries.make(tmp_path / "promotion")
    sitting.deliberate({"C05": {"Décision": "ADMIS", "Motif": "Panne de projection"}})
    assert server.run(sitting.path, command="night") == 1
    whole = copied(sitting.path, tmp_path / "entière")
    assert server.run(whole, command="close") == 0
    expected = papers(whole)
    assert len(expected) == 12
    touches = touches_of(whole)
    written = [rank for rank, what in enumerate(touches, start=1) if "/resultats/jury" in what]
    for at in (written[0], written[len(written) // 2], written[-1]):
        folder = copied(sitting.path, tmp_path / str(at))
        assert server.run(folder, at, command="close") == -9, touches[at - 1]
        assert not Folder(folder).record.exists() or at == written[-1], touches[at - 1]
        if at != written[-1]:
            assert server.run(folder, command="night") == 1
        stood = Folder(folder).record.exists()
        assert server.run(folder, command="close") == (3 if stood else 0), touches[at - 1]
        found = papers(folder)
        assert found.keys() == expected.keys()
        assert {name: found[name] for name in found if name.startswith("C")} == {
            name: expected[name] for name in expected if name.startswith("C")
        }
        (copy,) = (folder / "resultats" / "clotures").glob("*.xlsx")
        told = "".join(page.extract_text() for page in pypdf.PdfReader(Folder(folder).record).pages)
        assert hashlib.sha256(copy.read_bytes()).hexdigest() in told
        assert Folder(folder).leftovers() == []
