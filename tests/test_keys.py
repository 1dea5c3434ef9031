"""The key of another cohort is one refusal, nothing touched; a forged sheet is a forged one; a lost key is changed."""

from __future__ import annotations

import secrets
import shutil
import stat
import sys
from pathlib import Path

import pytest

from engine.commands.check import check
from engine.commands.codes import codes
from engine.commands.consolidate import consolidate
from engine.commands.fiches import write_fiches
from engine.commands.init import initialise
from engine.commands.options import Options
from engine.commands.status import status
from engine.commands.templates import issue
from engine.model import Kind
from engine.model.errors import CohortError, KeyMismatchError
from engine.workspace import keys, seals
from engine.workspace.cohort import Folder
from tests import cohorts

PEOPLE = ("007", "C02", "C03")


@pytest.fixture(scope="module")
def consolidated(tmp_path_factory):
    """A cohort with three returns, consolidated once."""
    made = cohorts.make(tmp_path_factory.mktemp("avant") / "cohorte", referential=cohorts.OTHER)
    for candidate in PEOPLE:
        made.filled(Kind.ORAL, candidate).save(f"{candidate}.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv(seals.VARIABLE, raising=False)
        made.consolidate()
    return made.path


@pytest.fixture
def cohort(consolidated, tmp_path, monkeypatch):
    """The same, for one test alone."""
    monkeypatch.delenv(seals.VARIABLE, raising=False)
    return cohorts.Cohort(Path(shutil.copytree(consolidated, tmp_path / "cohorte")))


def tree(folder):
    return {
        path: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".cohorte" not in path.parts and path.stem != "rapport"
    }


def replace_key(cohort):
    """The key of another cohort, where that of this one was."""
    seals.key_path(cohort.path).write_text(secrets.token_hex(32), encoding="ascii")


def given_file(cohort, folder):
    path = folder / "autre.cle"
    path.write_text(secrets.token_hex(32), encoding="ascii")
    return path


COMMANDS = {
    "consolidate": lambda path, **key: consolidate(path, Options(**key)),
    "status": lambda path, **key: status(path, **key),
    "check": lambda path, **key: check([path], **key),
    "templates": lambda path, **key: issue(path, **key),
    "codes": lambda path, **key: codes(path, **key),
    "fiches": lambda path, **key: write_fiches(path, **key),
}


@pytest.mark.parametrize("way", ["folder", "file", "variable"])
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_another_key_is_one_refusal_and_nothing_is_touched(cohort, tmp_path, monkeypatch, command, way):
    named = {}
    if way == "folder":
        replace_key(cohort)
    elif way == "file":
        named["key_file"] = given_file(cohort, tmp_path)
    else:
        monkeypatch.setenv(seals.VARIABLE, secrets.token_hex(32))
    before = tree(cohort.path)
    with pytest.raises(KeyMismatchError, match=r"docs/cle\.md"):
        command(cohort.path, **named)
    assert tree(cohort.path) == before


@pytest.mark.parametrize("known", ["envois", "retours"])
def test_without_a_fingerprint_what_was_sent_or_came_back_tells(cohort, known):
    folder = Folder(cohort.path)
    folder.key_fingerprint.unlink()
    if known == "retours":
        shutil.rmtree(folder.outgoing)
    replace_key(cohort)
    drafts = [path.read_bytes() for path in folder.drafts()]
    for _ in range(2):
        with pytest.raises(KeyMismatchError):
            cohort.consolidate()
        with pytest.raises(KeyMismatchError):
            check([cohort.path])
    assert [path.read_bytes() for path in folder.drafts()] == drafts


def test_the_right_key_is_noted_again_and_never_a_wrong_one(cohort):
    folder = Folder(cohort.path)
    noted = folder.key_fingerprint.read_bytes()
    folder.key_fingerprint.unlink()
    consolidate(cohort.path, Options(full=True))
    assert not folder.key_fingerprint.exists() or folder.key_fingerprint.read_bytes() == noted
    cohort.filled(Kind.ORAL, "007", "J02").save("nouveau.xlsx")
    cohort.consolidate()
    assert folder.key_fingerprint.read_bytes() == noted
    assert seals.key_path(cohort.path).read_text().strip().encode() not in noted


def test_forged_sheets_are_told_one_by_one(tmp_path):
    cohort = cohorts.make(tmp_path / "cohorte", referential=cohorts.OTHER)
    for candidate in PEOPLE:
        book = cohort.filled(Kind.ORAL, candidate)
        for kind in book.kinds:
            cell = next(cell for line in book.sheet(kind).iter_rows() for cell in line if is_reference(cell.value))
            cell.value = f"{cell.value.rpartition('/')[0]}/ABCD-EFGH"
        book.save(f"{candidate}.xlsx")
    assert len(cohort.consolidate().anomalies("I03")) >= len(PEOPLE)


def is_reference(value):
    return isinstance(value, str) and seals.parse(value) is not None


def test_a_single_strange_sheet_in_a_new_folder_is_a_forged_one(cohort):
    folder = Folder(cohort.path)
    folder.key_fingerprint.unlink()
    shutil.rmtree(folder.outgoing)
    for path in sorted(folder.returns.iterdir())[1:]:
        path.unlink()
    replace_key(cohort)
    shutil.rmtree(folder.archive)
    folder.memory.unlink()
    assert cohort.consolidate().anomalies("I03")
    assert not folder.key_fingerprint.exists()


def test_a_lost_key_is_changed_for_another_knowingly(cohort, monkeypatch):
    seals.key_path(cohort.path).unlink()
    with pytest.raises(CohortError, match="manque"):
        cohort.consolidate()
    assert initialise(cohort.path, cohorts.OTHER).key
    assert cohort.consolidate().anomalies("I03")
    issue(cohort.path)
    cohort.filled(Kind.ORAL, "007", "J02").save("nouveau.xlsx")
    assert cohort.consolidate().states["nouveau.xlsx"] != "Refusé"
    monkeypatch.setenv(seals.VARIABLE, secrets.token_hex(32))
    made = initialise(cohort.path, cohorts.OTHER)
    assert (made.key, made.admitted) == (False, True)
    assert cohort.consolidate().anomalies("I03")


@pytest.mark.skipif(sys.platform == "win32", reason="modes are those of POSIX")
def test_the_fingerprint_is_for_the_owner_only(cohort):
    assert stat.S_IMODE(Folder(cohort.path).key_fingerprint.stat().st_mode) == 0o600


def test_fingerprints_tell_keys_apart():
    one, other = secrets.token_bytes(32), secrets.token_bytes(32)
    assert keys.fingerprint(one) == keys.fingerprint(one) != keys.fingerprint(other)


def test_a_key_may_be_put_in_a_new_folder_until_something_is_sealed(tmp_path):
    folder = tmp_path / "neuve"
    initialise(folder, cohorts.OTHER)
    key = secrets.token_hex(32)
    seals.key_path(folder).write_text(key, encoding="ascii")
    shutil.copyfile(
        cohorts.make(tmp_path / "modèle", referential=cohorts.OTHER).path / "cohorte.xlsx", folder / "cohorte.xlsx"
    )
    issue(folder)
    assert keys.is_known(Folder(folder), bytes.fromhex(key))
