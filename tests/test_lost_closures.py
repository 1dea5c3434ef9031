"""What was frozen cannot be found, or nothing vouches for it: everybody is pending and told; reopening is the way out.

Acts of earlier versions, which were sealed without a key, are taken over as long as nothing contradicts them.
"""

import hashlib
import secrets
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from engine.commands.close import close
from engine.commands.init import initialise
from engine.commands.reopen import reopen
from engine.ledger import acts as acts_of
from engine.ledger import vouching
from engine.model import ActKind
from engine.model.errors import KeyMismatchError
from engine.workspace.cohort import Folder
from engine.workspace.seals import read_key
from tests.test_sessions import acts, looked_at, nights, returned, spoil  # noqa: F401 - fixtures


@pytest.fixture
def closed(nights):  # noqa: F811
    close(nights.cohort.path)
    return nights


def forget_memory(nights):  # noqa: F811
    for path in nights.private().glob("memoire*"):
        path.unlink()


def require_lost(night):
    """Nothing of what was frozen is believed, which is told once; nobody is decided by the rules instead."""
    assert {night.summary(who)["Décision"] for who in ("007", "C02", "C03", "C04")} == {"EN ATTENTE"}
    told = [row for row in night.anomalies("R08") if not row["Candidat"]]
    assert [(row["Gravité"], "introuvable" in row["Message"]) for row in told] == [("bloquante", True)]
    assert night.report.needs_a_person


def require_way_out(nights, decision):  # noqa: F811
    """Opened again, the session is decided by the rules; closed again, it stays so when its memory is lost."""
    reopen(nights.cohort.path, "Actes perdus, comparés à la copie")
    night = nights.run()
    assert "R08" not in night.codes
    assert night.summary("007")["Décision"] == decision
    nights.run()
    close(nights.cohort.path, accept_provisional=True)
    forget_memory(nights)
    night = nights.run()
    assert night.summary("007")["Décision"] == decision
    assert "R08" not in night.codes


def rewrite(nights, change):  # noqa: F811
    """Change the only act where the memory and its file keep it."""
    (path,) = acts(nights)
    text = acts_of.as_text(change(acts_of.from_text(path.read_text(encoding="utf-8"))))
    path.write_text(text, encoding="utf-8")
    (nights.private() / "memoire.sha256").unlink(missing_ok=True)
    with closing(sqlite3.connect(nights.private() / "memoire.sqlite")) as base:
        base.execute("UPDATE acts SET body = ?", (text,))
        base.commit()


def unkeyed(act):
    """The act as earlier versions sealed it, and as anybody can."""
    return replace(act, seal=acts_of._content(act))


def favoured(act):
    """Everybody admitted."""
    return replace(act, decisions=tuple(replace(each, decision=act.decisions[0].decision) for each in act.decisions))


def show(nights, seal):  # noqa: F811
    """Have the dated copy show a seal, as it would had the act borne it then."""
    (copy,) = (nights.cohort.path / "resultats" / "clotures").iterdir()
    (path,) = acts(nights)
    mine = acts_of.from_text(path.read_text(encoding="utf-8")).seal[:16]
    with ZipFile(copy) as package:
        members = {name: package.read(name) for name in package.namelist()}
    with ZipFile(copy, "w", ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content.replace(mine.encode(), seal[:16].encode()))


def test_a_copy_left_without_its_act_and_memory_tells_that_the_session_was_closed(closed):
    forget_memory(closed)
    shutil.rmtree(closed.private() / "actes")
    spoil(closed, 0)
    require_lost(closed.run())
    require_lost(closed.run())  # every night
    (copy,) = (closed.cohort.path / "resultats" / "clotures").iterdir()
    assert copy.exists()
    require_way_out(closed, "AJOURNÉ")


def test_an_act_spoiled_in_both_places_is_told_and_can_be_left_behind(closed):
    (act,) = acts(closed)
    whole = act.read_text(encoding="utf-8")
    forget_memory(closed)
    for text in ("", "{", whole.replace("ADMIS", "AJOURNÉ"), whole.replace("clôture", "réouverture")):
        act.write_text(text, encoding="utf-8")
        require_lost(closed.run())
        assert act.read_text(encoding="utf-8") == text  # never sealed over
    require_way_out(closed, "ADMIS")


def test_who_has_no_key_cannot_seal_an_act_again(closed):
    rewrite(closed, lambda act: unkeyed(favoured(act)))
    require_lost(closed.run())
    rewrite(closed, lambda act: acts_of.sealed(favoured(act), secrets.token_bytes(32)))
    require_lost(closed.run())


def test_an_act_sealed_without_a_key_is_taken_over_while_its_copy_agrees(closed):
    (path,) = acts(closed)
    old = unkeyed(acts_of.from_text(path.read_text(encoding="utf-8")))
    show(closed, old.seal)
    rewrite(closed, lambda _: old)
    spoil(closed, 0)
    assert closed.run(dry_run=True).report.outcomes[0].decision == "ADMIS"
    assert acts_of.from_text(path.read_text(encoding="utf-8")) == old  # who only looks writes nothing
    assert closed.run().summary("007")["Décision"] == "ADMIS"
    taken = acts_of.from_text(path.read_text(encoding="utf-8"))
    assert (taken.decisions, taken.seal == old.seal) == (old.decisions, False)
    assert acts_of.is_genuine(taken, read_key(closed.cohort.path))
    (copy,) = (closed.cohort.path / "resultats" / "clotures").iterdir()
    copy.unlink()
    assert closed.run().summary("007")["Décision"] == "ADMIS"  # it is keyed now
    rewrite(closed, lambda _: old)
    require_lost(closed.run())  # and without a copy the old form is nothing


def test_the_old_form_is_not_believed_for_ever_nor_beside_a_keyed_act(closed):
    (path,) = acts(closed)
    act = acts_of.from_text(path.read_text(encoding="utf-8"))
    old = unkeyed(act)
    show(closed, old.seal)
    copies = closed.cohort.path / "resultats" / "clotures"
    key = read_key(closed.cohort.path)

    def certain(texts, now):
        return [each.certain for each in vouching.known(texts, key, copies, now)]

    last = vouching.UNKEYED_UNTIL
    assert certain({1: [acts_of.as_text(old)]}, last) == [True]
    assert certain({1: [acts_of.as_text(old)]}, last.replace(year=last.year + 1)) == [False]
    keyed = acts_of.sealed(replace(act, number=2, kind=ActKind.REOPEN), key)
    assert certain({1: [acts_of.as_text(old)], 2: [acts_of.as_text(keyed)]}, last) == [False, True]
    assert certain({1: [acts_of.as_text(act)], 2: [acts_of.as_text(keyed)]}, last) == [True, True]


def test_an_old_reopening_is_believed_when_memory_and_file_say_the_same(tmp_path):
    key = hashlib.sha256(b"key").digest()
    act = acts_of.Act(number=1, kind=ActKind.REOPEN, at=datetime(2026, 1, 1), reason="recours")
    text, other = acts_of.as_text(unkeyed(act)), acts_of.as_text(unkeyed(replace(act, reason="autre")))
    for texts, certain in (([text, text], True), ([text], False), ([text, other], False), ([text, "{"], False)):
        (found,) = vouching.known({1: texts}, key, tmp_path, datetime(2026, 2, 1))
        assert found.certain is certain, texts


def test_under_another_key_nothing_that_was_frozen_is_believed_until_the_session_is_opened_again(closed):
    own = closed.private() / "cle"
    kept = own.read_bytes()
    own.write_text(secrets.token_hex(32), encoding="ascii")
    with pytest.raises(KeyMismatchError):
        reopen(closed.cohort.path, "sans la clé")
    with pytest.raises(KeyMismatchError):
        close(closed.cohort.path)
    (closed.private() / "empreinte").unlink()
    own.unlink()
    initialise(closed.cohort.path, "cgco_rncp34465")
    night = closed.run(accept_loss=True)
    require_lost(night)
    own.write_bytes(kept)  # found again
    (closed.private() / "empreinte").unlink()
    assert closed.run(accept_loss=True).summary("007")["Décision"] == "ADMIS"


def test_closing_again_finishes_a_closure_that_left_no_copy(closed):
    folder = Folder(closed.cohort.path)
    (copy,) = (folder.results / "clotures").iterdir()
    copy.unlink()
    again = close(folder.path)
    assert (again.copy, len(acts(closed))) == (copy, 1)
    assert copy.read_bytes() == folder.results_workbook.read_bytes()


def test_what_was_accepted_of_a_return_of_a_like_name_is_not_forgotten():
    lines = ("F02, C02/fiche1.xlsx : endommagé.", "F02, 1.xlsx : endommagé.", "F02, 1.xlsx › a.xlsx : endommagé.")
    returns = {"1.xlsx": "aa", "C02/fiche1.xlsx": "bb"}
    act = acts_of.Act(number=1, kind=ActKind.CLOSE, at=datetime(2026, 1, 1), accepted=lines, returns=returns)
    assert acts_of.without(act, "007", {"aa"}, {}).accepted == lines[:1]
